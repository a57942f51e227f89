"""What the pages of an exchange show: terms in words, parts of a plan, the audit as ticks, a clash, people."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from django.utils.safestring import SafeString, mark_safe

from goodoffices.desk.access import Viewer
from goodoffices.desk.exchange import legs, selectors
from goodoffices.desk.exchange.models import Exchange, Menu, Plan
from goodoffices.desk.exchange.records import plan_of
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.plan import Plan as PlanNoun
from goodoffices.domain.ranks import rank_of
from goodoffices.domain.terms import Terms, group_name
from goodoffices.formats.exchange_menu import MenuLike, name_of, scatter
from goodoffices.formats.exchange_page import PriceLike, plan_parts
from goodoffices.formats.exchange_words import clash_reason, criterion, heading, reason, values
from goodoffices.formats.words import Language, Words

PART = "desk_exchange"
_SEEN = {"side", "count", "gap", "criterion", "after", "leg", "reason", "heading", "category"}
"""Of a finding what every reader of the plan may see; a reference of a person never."""
NAMES = ("surname", "given_name", "patronymic", "full_name")
SHOWN = ("birth_date", "rank", "held_at")


def terms_lines(terms: Terms, names: dict[str, str], language: str) -> list[tuple[str, str]]:
    """Say every term in words: what it is about, and what it says."""
    own, said = Words(PART, Language(language)), Words("exchange", Language(language))
    lines = [(own("t_on"), own.date(terms.on))]
    lines += [(own("t_minimum"), own("t_side", side=names[s], n=n)) for s, n in terms.minimum.items() if n]
    lines.append((own("t_balance"), _balance(terms, names, own)))
    lines += [(own("t_all"), criterion(name, said)) for name in terms.all_for_all]
    lines += [(own("t_ranks"), _group(group_name(group), said)) for group in terms.rank_groups]
    lines += [(own("t_civilians"), own("t_side", side=names[s], n=n)) for s, n in terms.civilians.items() if n]
    if terms.retained_apart:
        lines.append((own("t_retained"), own("t_retained_own")))
    order = [f"{number}. {criterion(name, said)}" for number, name in enumerate((*terms.order, "most_people"), 1)]
    lines.append((own("t_order"), "; ".join(order)))
    if terms.legs.seats is not None:
        lines.append((own("t_seats"), " · ".join(map(str, terms.legs.seats))))
    if terms.legs.per_site is not None:
        lines.append((own("t_per_site"), str(terms.legs.per_site)))
    if terms.leg_balanced:
        lines.append((own("t_balanced"), own("t_balanced_yes")))
    for side, least in terms.gain.minimum.items():
        lines.append((own("t_gain"), own("t_side", side=names[side], n=least)))
    lines.append((own("t_lottery"), own("t_lottery_yes" if terms.lottery else "t_lottery_no")))
    return lines


def _balance(terms: Terms, names: dict[str, str], own: Words) -> str:
    if terms.ratio is None:
        return own("choice_balance_free")
    if terms.ratio == (1, 1):
        return own("choice_balance_equal")
    return " : ".join(f"{names[side]} {n}" for side, n in zip(terms.sides, terms.ratio, strict=True))


def _group(name: str, said: Words) -> str:
    return ", ".join(said(f"rank_{rank}") for rank in name.split("+"))


def safe(html: str) -> SafeString:
    """Pass on what `formats.page` has escaped."""
    return mark_safe(html)  # noqa: S308  built by `formats.page.tag`, which escapes


def plan_shown(row: Plan, language: str) -> dict[str, Any]:
    """Give the parts of a plan that every reader of the exchange sees: counts, never a person."""
    if row.kind == "infeasible":
        return {"clash": _clash(row, language)}
    plan = plan_of(row)
    prices = [cast("PriceLike", SimpleNamespace(**price)) for price in row.shown["prices"]]
    parts = plan_parts(plan, prices=prices, language=Language(language))
    return {
        "plan": plan,
        "parts": {name: safe(html) for name, html in parts.items()},
        "ticks": ticks(row.shown["verdict"], language),
        "legs": [
            {"number": leg.number, "counts": [(side, len(refs)) for side, refs in leg.release.items()]}
            for leg in plan.legs
        ],
    }


def ticks(verdict: dict[str, Any], language: str) -> dict[str, Any]:
    """Say a verdict of the audit in words; references of persons never."""
    words = Words("exchange", Language(language))

    def said(prefix: str, found: dict[str, Any]) -> str:
        key = f"{prefix}_{str(found['code']).removesuffix('_more')}"
        shown = {name: value for name, value in found.items() if name in _SEEN}
        return f"{words(key) if words.has(key) else found['code']}{values(shown, words)}"

    unchecked = [f"{said('a', one)} · {words('y_' + str(one.get('why', 'needs_both')), side=one.get('side', ''))}"
                 for one in verdict["unchecked"]]  # fmt: skip
    return {
        "holds": verdict["holds"],
        "violations": [said("a", one) for one in verdict["violations"]],
        "warnings": [said("w", one) for one in verdict["warnings"]],
        "passed": [said("a", one) for one in verdict["passed"]],
        "unchecked": unchecked,
    }


def _clash(row: Plan, language: str) -> list[dict[str, str]]:
    """Put the clashing terms beside each other: what each says, why, and what it alone would have to give."""
    own, words = Words(PART, Language(language)), Words("exchange", Language(language))
    tree = row.shown["clash"]
    reasons = {str(found.get("path", "")): found for found in tree["reasons"]}
    gives = {str(found["path"]): found for found in row.shown.get("reliefs", [])}
    cards = []
    for path in tree["infeasible"]:
        found, give = reasons.get(path), gives.get(path, {"how": "unknown"})
        told = {name: value for name, value in give.items() if name in {"from", "to"}}
        why = clash_reason(found, words) if found else ""
        cards.append({"path": path, "name": own(_term(path)), "why": why, "give": own(f"give_{give['how']}", **told)})
    return cards


def _term(path: str) -> str:
    """Give the key of a term's name: `numbers.minimum.A` is `p_numbers_minimum`."""
    name = path.split("[", maxsplit=1)[0]
    name = name.rpartition(".")[0] if ".minimum." in name else name
    return f"p_{name.replace('.', '_')}"


def menu_shown(menu: Menu, language: str) -> dict[str, Any]:
    """Give the menu: the scatter, its points by name with their plans, what another first priority would give."""
    words, tree = Words("exchange", Language(language)), menu.found
    sides = (tree["sides"][0], tree["sides"][1])
    options = [SimpleNamespace(gain=tuple(one["gain"]), names=tuple(one["names"])) for one in tree["options"]]
    noun = SimpleNamespace(
        options=options,
        priority=tuple(tree["priority"]),
        variants=[(name, tuple(point)) for name, point in tree["variants"]],
        is_nash_proven=tree["nash_proven"],
    )
    points = [
        {
            "number": number,
            "plan": one["plan"],
            "names": "; ".join(name_of(name, words) for name in one["names"]),
            "gain": one["gain"],
        }
        for number, one in enumerate(tree["options"], 1)
    ]
    variants = [(words("o_own"), tree["priority"])]
    variants += [(criterion(name, words), point) for name, point in tree["variants"]]
    return {
        "scatter": safe(scatter(cast("MenuLike", noun), sides, words)),
        "points": points,
        "sides": sides,
        "variants": variants,
        "one": len(points) == 1,
    }


def compared(rows: list[Plan], sides: list[str], language: str) -> dict[str, Any]:
    """Put plans beside each other: for each side what it releases, who returns to it, and every criterion."""
    words, own = Words("exchange", Language(language)), Words(PART, Language(language))
    plans = [plan_of(row) for row in rows]
    lines: list[tuple[str, list[int | None]]] = []
    for side in sides:
        lines.append((words("releases", side=side), [_released(plan, side) for plan in plans]))
        for name in sorted({name for plan in plans for name in _headings(plan, side)}):
            found = [_headings(plan, side)[name] for plan in plans]
            lines.append((f"{side}: {heading(name, words)}", list(found)))
    for side, other in ((sides[0], sides[1]), (sides[1], sides[0])):
        lines.append((own("returns_to", side=side), [_released(plan, other) for plan in plans]))
    names = list(dict.fromkeys(one.criterion for plan in plans for one in plan.objective if one.criterion != "lottery"))
    for name in names:
        reached = [{one.criterion: one.value for one in plan.objective}.get(name) for plan in plans]
        lines.append((criterion(name, words), list(reached)))
    return {"rows": rows, "lines": lines}


def _released(plan: PlanNoun, side: str) -> int:
    return sum(len(leg.release.get(side, ())) for leg in plan.legs)


def _headings(plan: PlanNoun, side: str) -> Counter[str]:
    return Counter(name for leg in plan.legs for name in leg.heading.get(side, {}).values())


def leg_shown(viewer: Viewer, exchange: Exchange, row: Plan, number: int, now: Any) -> dict[str, Any]:
    """Give one leg: whom the viewer may see by reference and name, the rest by number.

    Raises
    ------
    NotYoursError
        If there is no such leg.
    """
    words = Words("exchange", Language(viewer.language))
    plan = plan_of(row)
    leg = next((leg for leg in plan.legs if leg.number == number), None)
    if leg is None:
        raise NotYoursError("no such leg")
    halves = []
    for holding in exchange.holdings.select_related("party", "version__list").order_by("party"):
        side, count = holding.party_id, len(leg.release.get(holding.party_id, ()))
        seen = selectors.half_of(viewer, row, side, now)
        people = None
        if seen is not None:
            half, fields = seen
            going = [(place, ref, name) for at, place, ref, name in half.people["going"] if at == number]
            lines = selectors.lines_of(holding, [ref for _, ref, _ in going], fields)
            numbers = legs.numbers_of(row, number, side)
            people = [
                _person(numbers[place - 1], ref, heading(name, words), lines.get(ref, {}), words)
                for place, ref, name in going
            ]
        halves.append({"holding": holding, "count": count, "people": people, "own": viewer.party == side})
    return {"leg": leg, "halves": sorted(halves, key=lambda half: not half["own"]), "last": len(plan.legs)}


def _person(number: str, ref: str, said: str, fields: dict[str, str], words: Words) -> dict[str, Any]:
    name = fields.get("full_name") or " ".join(fields[part] for part in NAMES[:3] if part in fields)
    rank = rank_of(fields.get("rank", ""))
    told = fields if rank is None else {**fields, "rank": words(f"rank_{rank.value}")}
    return {
        "number": number,
        "ref": ref,
        "heading": said,
        "name": name,
        "cells": [(key, told.get(key, "")) for key in SHOWN],
    }


def stays_shown(viewer: Viewer, exchange: Exchange, row: Plan, now: Any) -> list[dict[str, Any]]:
    """Give who of the viewer's own list stays and why, and what a repair changed.

    Raises
    ------
    NotYoursError
        If no half of the plan is the viewer's to see.
    """
    words = Words("exchange", Language(viewer.language))
    found = []
    for holding in exchange.holdings.select_related("party", "version__list").order_by("party"):
        seen = selectors.half_of(viewer, row, holding.party_id, now)
        if seen is None:
            continue
        half, fields = seen
        refs = [ref for ref, _ in half.people["stays"]]
        changed = [ref for ref, _, _ in half.people["changes"]]
        lines = selectors.lines_of(holding, refs + changed, fields)
        people = [_person("", ref, reason(why, words), lines.get(ref, {}), words) for ref, why in half.people["stays"]]
        moved = [
            {"person": _person("", ref, "", lines.get(ref, {}), words), "before": before, "after": after}
            for ref, before, after in half.people["changes"]
        ]
        found.append({"holding": holding, "people": people, "moved": moved, "count": len(refs) + len(changed)})
    if not found:
        raise NotYoursError("nobody here is the viewer's")
    return found
