"""Rules about order: commitments, seed, tickets, and nobody passed over."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from goodoffices.engines.audit.exchange_counts import Found
from goodoffices.engines.audit.exchange_people import EVERYONE, PRISONER, Held, Person
from goodoffices.engines.audit.exchange_plan import Going, Paper
from goodoffices.engines.audit.exchange_rules import Rules

Ticket = Callable[[str], bytes]
Unit = tuple[Person, ...]
Kind = tuple[tuple[str, str, int, str, tuple[int, ...]], ...]


def commitments(rules: Rules) -> Iterator[Found]:
    """Check that each reveal fits its commitment."""
    for side in rules.sides if rules.commit is not None and rules.reveal is not None else ():
        commit, reveal = (table.get(side) for table in (rules.commit or {}, rules.reveal or {}))
        if commit is None or reveal is None or hashlib.sha256(reveal.encode()).hexdigest() != commit.lower():
            yield "commit", {"side": side}


def seed_of(rules: Rules, paper: Paper) -> bytes | None:
    """Compute the seed from both lists and both reveals; None without a lottery."""
    if rules.reveal is None:
        return None
    lines = sorted(f"{paper.lists_sha256.get(side, '')} {text}".encode() for side, text in rules.reveal.items())
    return hashlib.sha256(b"\n".join(lines)).digest()


def ticket_of(seed: bytes | None) -> Ticket:
    """Give the function from a reference to its ticket."""
    if seed is None:
        return lambda ref: ref.encode()
    return lambda ref: hmac.digest(seed, ref.encode(), "sha256")


def order(paper: Paper, held: Sequence[Held], tickets: Mapping[str, Mapping[str, bytes]]) -> Iterator[Found]:
    """Check the hash of the order of everyone eligible."""
    digest = hashlib.sha256()
    for listed in held:
        mine = tickets[listed.side]
        digest.update("".join(f"{ref}\n" for ref in sorted(mine, key=lambda ref: (mine[ref], ref))).encode())
    if digest.hexdigest() != paper.order_sha256:
        yield "order_sha256", {"found": paper.order_sha256, "expected": digest.hexdigest()}


def like(unit: Unit) -> Kind:
    """Give what the terms see of a unit; units alike differ by ticket alone."""
    if len(unit) == 1:
        one = unit[0]
        return ((one.kind, one.heading, one.group, one.site, one.marks),)
    return tuple(sorted((one.kind, one.heading, one.group, one.site, one.marks) for one in unit))


def classes(held: Held, tickets: Mapping[str, bytes]) -> dict[Kind, list[tuple[bytes, str, Unit]]]:
    """Gather units that are alike, each class in the order of tickets."""
    found: defaultdict[Kind, list[tuple[bytes, str, Unit]]] = defaultdict(list)
    for unit in held.units:
        first = (tickets[unit[0].ref], unit[0].ref)
        if len(unit) > 1:
            first = min((tickets[person.ref], person.ref) for person in unit)
        found[like(unit)].append((*first, unit))
    for units in found.values():
        units.sort(key=lambda entry: entry[:2])
    return dict(found)


def prefixes(
    held: Held, alike: Mapping[Kind, list[tuple[bytes, str, Unit]]], going: Going, *, after: int
) -> Iterator[Found]:
    """Check that within a class earlier tickets go first, and in earlier legs.

    After a repair (`after` is at least 0) the legs that were done are as they were, and places that
    became free were filled where they were: then only who goes at all must follow the tickets.
    """
    leg = going.leg[held.side]
    for units in alike.values():
        entries = [(ref, leg.get(unit[0].ref, 0)) for _, ref, unit in units]
        if after >= 0:
            entries = [(ref, int(number > 0)) for ref, number in entries if not 0 < number <= after]
        last = 0
        for ref, number in entries:
            if number and (last < 0 or number < last):
                yield "passed_over", {"side": held.side, "ref": ref, "leg": number}
                break
            last = number or -1


def envy(held: Held, rules: Rules, going: Going) -> Iterator[Found]:
    """Check that nobody was passed over by someone of the same place whom the priorities rank lower."""
    if rules.gain_minimum:
        return
    leg = going.leg[held.side]
    wide = len(rules.order)
    worst: dict[tuple[str, str, int], tuple[int, ...]] = {}
    singles = [unit[0] for unit in held.units if len(unit) == 1 and unit[0].kind != EVERYONE]
    for person in singles:
        key = (person.kind, person.site, person.group)
        if person.ref in leg:
            worst[key] = min(worst.get(key, person.marks[:wide]), person.marks[:wide])
    for person in singles:
        key = (person.kind, person.site, person.group)
        if person.ref not in leg and key in worst and person.marks[:wide] > worst[key]:
            yield "envy", {"side": held.side, "ref": person.ref, "site": person.site}


def earlier(held: Held, rules: Rules, going: Going) -> Iterator[Found]:
    """Check that of one place and heading those whom the priorities rank higher travel earlier."""
    leg = going.leg[held.side]
    wide = len(rules.order)
    best: defaultdict[tuple[str, str], dict[int, tuple[int, ...]]] = defaultdict(dict)
    singles = [unit[0] for unit in held.units if len(unit) == 1 and unit[0].ref in leg]
    for person in singles:
        found = best[person.kind, person.site]
        number = leg[person.ref]
        found[number] = max(found.get(number, person.marks[:wide]), person.marks[:wide])
    for person in singles:
        later = [marks for number, marks in best[person.kind, person.site].items() if number > leg[person.ref]]
        if later and max(later) > person.marks[:wide]:
            yield "later_leg", {"side": held.side, "ref": person.ref, "leg": leg[person.ref]}


def unfilled(rules: Rules, held: Mapping[str, Held], going: Going) -> Iterator[Found]:
    """Check that no earlier leg has room for someone who travels later without need."""
    movable: dict[str, set[str]] = {
        side: {unit[0].ref for unit in listed.units if len(unit) == 1} for side, listed in held.items()
    }
    for number in range(1, len(going.legs)):
        open_ = {side: _room(rules, going, side, number) for side in rules.sides}
        for later in range(number + 1, len(going.legs) + 1):
            could = {
                side: {
                    person.kind
                    for person in going.legs[later - 1][side]
                    if person.ref in movable[side] and open_[side](person)
                }
                for side in rules.sides
            }
            free = {side: kinds - {PRISONER} if rules.leg_by_leg else kinds for side, kinds in could.items()}
            for side, kinds in free.items():
                if kinds:
                    yield "unfilled", {"side": side, "leg": number, "later": later}
            if rules.ratio == (1, 1) and all(PRISONER in kinds for kinds in could.values()) and rules.leg_by_leg:
                yield "unfilled", {"leg": number, "later": later}


def _room(rules: Rules, going: Going, side: str, number: int) -> Callable[[Person], bool]:
    here = going.legs[number - 1][side]
    seat = rules.seats is None or len(here) < rules.seats[number - 1]
    crowd: defaultdict[str, int] = defaultdict(int)
    for one in here:
        crowd[one.site] += 1
    most = len(here) + 1 if rules.per_site is None else rules.per_site
    return lambda person: seat and crowd[person.site] < most
