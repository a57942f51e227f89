"""Rules about persons and numbers: who may go, under which heading, how many, in which leg."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from goodoffices.domain.canonical import Json
from goodoffices.engines.audit.exchange_people import CIVILIAN, EVERYONE, PRISONER, Held, Person
from goodoffices.engines.audit.exchange_plan import Going, Paper
from goodoffices.engines.audit.exchange_rules import Rules

Found = tuple[str, dict[str, Json]]


def persons(rules: Rules, paper: Paper, held: Mapping[str, Held], going: Going) -> Iterator[Found]:
    """Check everyone who goes: allowed to, and under the right heading."""
    del rules
    twins = Counter(ref for refs in going.leg.values() for ref in refs)
    for number, leg in enumerate(going.legs, 1):
        named: set[str] = set()
        for side, people in leg.items():
            for person in people:
                if person.why:
                    yield "eligible", {"leg": number, "side": side, "ref": person.ref, "reason": person.why}
                key = f"{side}:{person.ref}" if twins[person.ref] > 1 else person.ref
                named.add(key)
                said = paper.headings[number - 1].get(key, "")
                if said != person.heading and not person.why:
                    yield (
                        "heading",
                        {"leg": number, "side": side, "ref": person.ref, "found": said, "expected": person.heading},
                    )
        for key in sorted(set(paper.headings[number - 1]) - named):
            yield "heading", {"leg": number, "ref": key, "found": "a heading", "expected": "nobody of that name"}
    del held


def numbers(rules: Rules, going: Going) -> Iterator[Found]:
    """Check minimum, balance, ranks, civilians and gains in total."""
    kinds = {side: Counter(person.kind for person in going.all(side)) for side in rules.sides}
    for side in rules.sides:
        prisoners = kinds[side][PRISONER] + kinds[side][EVERYONE]
        if prisoners < rules.minimum.get(side, 0):
            yield "minimum", {"side": side, "found": prisoners, "expected": rules.minimum[side]}
        if kinds[side][CIVILIAN] < rules.civilians.get(side, 0):
            yield "civilians", {"side": side, "found": kinds[side][CIVILIAN], "expected": rules.civilians[side]}
    first, second = rules.sides
    one, other = kinds[first][PRISONER], kinds[second][PRISONER]
    if rules.ratio is not None and one * rules.ratio[1] != other * rules.ratio[0]:
        yield "balance", {first: one, second: other, "expected": f"{rules.ratio[0]}:{rules.ratio[1]}"}
    for place, group in enumerate(rules.groups):
        counts = [sum(person.group == place for person in going.all(side)) for side in rules.sides]
        if counts[0] != counts[1]:
            yield "rank_balance", {"group": "+".join(group), first: counts[0], second: counts[1]}
    for side, least in rules.gain_minimum.items():
        found = gain(rules, going, side)
        if found < least:
            yield "gain", {"side": side, "found": found, "expected": least}


def gain(rules: Rules, going: Going, side: str) -> int:
    """Count a side's own people who return, each 1 plus the weights that terms give."""
    other = rules.sides[1 - rules.sides.index(side)]
    names = (*rules.order, *rules.extra)
    weights = [rules.weights.get(side, {}).get(name, 0) for name in names]
    return sum(
        1 + sum(weight * mark for weight, mark in zip(weights, person.marks, strict=True))
        for person in going.all(other)
    )


def legs(rules: Rules, going: Going) -> Iterator[Found]:
    """Check number of legs, seats, places of detention, and the balance of each leg."""
    if len(going.legs) != rules.legs:
        yield "legs", {"found": len(going.legs), "expected": rules.legs}
        return
    for number, leg in enumerate(going.legs, 1):
        for side in rules.sides:
            people = leg[side]
            if rules.seats is not None and len(people) > rules.seats[number - 1]:
                yield "seats", {"leg": number, "side": side, "found": len(people), "expected": rules.seats[number - 1]}
            if rules.per_site is not None:
                for site, count in sorted(Counter(person.site for person in people).items()):
                    if count > rules.per_site:
                        found: dict[str, Json] = {"leg": number, "side": side, "site": site, "found": count}
                        yield "per_site", {**found, "expected": rules.per_site}
        if rules.leg_by_leg and rules.ratio is not None:
            one, other = (sum(person.kind == PRISONER for person in leg[side]) for side in rules.sides)
            if one * rules.ratio[1] != other * rules.ratio[0]:
                yield "balance_leg", {"leg": number, rules.sides[0]: one, rules.sides[1]: other}


def everyone(held: Held, going: Going) -> Iterator[Found]:
    """Check that all for all is complete."""
    for person in held.people.values():
        if person.kind == EVERYONE and not person.why and person.ref not in going.leg[held.side]:
            yield "all_for_all", {"side": held.side, "ref": person.ref, "heading": person.heading}


def families(held: Held, going: Going, *, whole: bool) -> Iterator[Found]:
    """Check that families go in one leg or not at all; `whole`: the full list of the holder is known."""
    leg = going.leg[held.side]
    for unit in held.units:
        if len(unit) > 1:
            numbers_ = {leg.get(person.ref, 0) for person in unit}
            if len(numbers_) > 1:
                found: list[Json] = [int(number) for number in sorted(numbers_)]
                yield "family", {"side": held.side, "ref": unit[0].ref, "legs": found}
    if whole:
        for ref in sorted(held.kept & set(leg)):
            yield "family", {"side": held.side, "ref": ref, "expected": "stays: someone of the family cannot go"}


def left_out(held: Held, paper: Paper, going: Going) -> Iterator[Found]:
    """Check that everyone who stays is counted once, under the right reason."""
    counts = Counter(
        person.why or ("family" if person.ref in held.kept else "not_chosen")
        for person in held.people.values()
        if person.ref not in going.leg[held.side]
    )
    said = {reason: count for reason, count in paper.left_out.get(held.side, {}).items() if count}
    for reason in sorted(set(said) | set(counts)):
        if said.get(reason, 0) != counts[reason]:
            yield (
                "left_out",
                {"side": held.side, "reason": reason, "found": said.get(reason, 0), "expected": counts[reason]},
            )


def law(rules: Rules, held: Held, going: Going) -> Iterator[Found]:
    """Warn where terms or lists go against the law, whatever was agreed."""
    side = held.side
    people: list[Person] = list(held.people.values())
    badly = [person for person in people if person.badly]
    kept = sum(person.why == "withheld" for person in badly)
    if kept:
        yield "law_wounded_withheld", {"side": side, "count": kept, "law": "GC III 109"}
    bargained = sum(person.kind == PRISONER and not person.why for person in badly)
    if bargained and rules.ratio is not None:
        yield "law_wounded_in_balance", {"side": side, "count": bargained, "law": "GC III 109"}
    stay = sum(not person.why and person.ref not in going.leg[side] for person in badly)
    if stay:
        yield "law_wounded_stay", {"side": side, "count": stay, "law": "GC III 109"}
    medics = sum(
        person.kind in {PRISONER, EVERYONE} and person.category in {"medical", "chaplain"} for person in people
    )
    if medics:
        yield "law_retained_as_prisoners", {"side": side, "count": medics, "law": "GC III 33, GC I 28"}
    children = sum(person.category == "child" for person in people)
    if children:
        yield "law_child", {"side": side, "count": children, "law": "GC IV 24, 50; AP I 77, 78"}
    judged = sum(person.why == "status:judicial_hold" for person in people)
    if judged:
        yield "law_judicial", {"side": side, "count": judged, "law": "GC III 115, 119"}


def law_of_terms(rules: Rules) -> Iterator[Found]:
    """Warn where the terms alone go against the law."""
    least = {rules.civilians.get(side, 0) for side in rules.sides}
    if len(least) == 1 and 0 not in least:
        yield "law_civilians_in_balance", {"count": least.pop(), "law": "GC IV 49, 132-135"}
    if rules.own_heading:
        yield "retained_apart", {"law": "GC III 33"}
