"""The legs of a plan by number: what a handover is prepared from, and who tells how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from goodoffices.desk.access import Role, Thing, Viewer, may, require
from goodoffices.desk.exchange import selectors
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.exchange.records import plan_of
from goodoffices.desk.keys import ring
from goodoffices.desk.lists.models import Record
from goodoffices.desk.pairs.models import Pair
from goodoffices.desk.pairs.selectors import parties_of, thing_of
from goodoffices.desk.parties.selectors import sides
from goodoffices.domain.commitment import Moved
from goodoffices.domain.errors import NotYoursError

_NAMES = ("surname", "given_name", "patronymic")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LegLine:
    """One person of a leg.

    Attributes
    ----------
    number
        On every manifest and slip: plan, side, leg, place. Another plan of the leg gives other numbers.
    ref
        The holder's reference; for the holder, and the neutral as far as it is released.
    heading
        Under which the person goes.
    """

    number: str
    ref: str
    heading: str


@dataclass(frozen=True, slots=True)
class LegHalf:
    """Whom one side hands over in one leg.

    Attributes
    ----------
    plan
        The plan that stands.
    leg
        Number of the leg.
    giver, receiver
        Codes of the sides.
    lines
        In the order of the manifest.
    """

    plan: Plan
    leg: int
    giver: str
    receiver: str
    lines: tuple[LegLine, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Give the manifest by number."""
        return tuple(line.number for line in self.lines)

    @property
    def category(self) -> str:
        """Give in one word who goes: everybody's heading where it is the same, else of whom it is made up."""
        headings = {line.heading for line in self.lines}
        if len(headings) == 1 and (name := headings.copy().pop().partition(":")[2]) in set(Moved):
            return name
        if "civilian" not in headings:
            return Moved.PRISONER_OF_WAR.value
        return Moved.CIVILIAN.value if headings == {"civilian"} else Moved.MIXED.value


def halves_of(row: Plan, leg: int) -> list[LegHalf]:
    """Give both halves of a leg by number; a half in which nobody goes is left out.

    Raises
    ------
    NotYoursError
        If the plan has no such leg.
    """
    codes = [side.code for side in sides()]
    found = next((one for one in plan_of(row).legs if one.number == leg), None)
    if found is None:
        raise NotYoursError("no such leg")
    halves = []
    for giver in codes:
        refs, number = found.release.get(giver, ()), _since(row, leg, giver)
        lines = tuple(
            LegLine(number_of(number, giver, leg, place), ref, found.heading[giver][ref])
            for place, ref in enumerate(refs, 1)
        )
        if lines:
            halves.append(LegHalf(row, leg, giver, next(code for code in codes if code != giver), lines))
    return halves


def numbers_of(row: Plan, leg: int, party: str) -> tuple[str, ...]:
    """Give the manifest of one side's half of a leg by number; empty if nobody goes."""
    return next((half.numbers for half in halves_of(row, leg) if half.giver == party), ())


def number_of(plan: int, party: str, leg: int, place: int) -> str:
    """Give what stands on a slip and a manifest instead of a name."""
    return f"{plan}-{party}-{leg}-{place:04d}"


def _since(row: Plan, leg: int, party: str) -> int:
    """Give the number of the plan in which this half of the leg first stood as it stands now."""
    return _whence(row.id, leg, party)


@lru_cache(maxsize=512)
def _whence(key: str, leg: int, party: str) -> int:
    """Follow the repairs back; plans are never edited, so the answer holds."""
    row = Plan.objects.select_related("before").get(id=key)
    before = row.before
    if before is None or before.body is None or _release(row, leg, party) != _release(before, leg, party):
        return row.number
    return _whence(before.id, leg, party)


def _release(row: Plan, leg: int, party: str) -> tuple[tuple[str, str], ...]:
    found = next((one for one in plan_of(row).legs if one.number == leg), None)
    if found is None:
        return ()
    return tuple((ref, found.heading[party][ref]) for ref in found.release.get(party, ()))


def directions(row: Plan) -> list[tuple[int, str]]:
    """Give each leg and side that hands over somebody in it."""
    return list(_directions(row.id))


@lru_cache(maxsize=128)
def _directions(key: str) -> tuple[tuple[int, str], ...]:
    plan = plan_of(Plan.objects.get(id=key))
    return tuple((leg.number, side) for leg in plan.legs for side, refs in leg.release.items() if refs)


def agreed_plan(exchange: Exchange) -> Plan | None:
    """Give the plan that stands if both sides have signed it and the terms are still those it answers."""
    plan = selectors.standing(exchange)
    if plan is None or plan.kind == "infeasible" or selectors.is_stale(plan) or not selectors.is_agreed(plan):
        return None
    return plan


@dataclass(frozen=True, slots=True)
class Returning:
    """One of the viewer's own people who returns in a leg, as the viewer's own list of sought persons knows him.

    Attributes
    ----------
    number
        On the manifest.
    ref, name
        Of the viewer's own record.
    """

    number: str
    ref: str
    name: str


def returning(viewer: Viewer, half: LegHalf) -> list[Returning]:
    """Give who of the viewer's own sought list returns here, as far as the holder has answered for the pair.

    Of others who return nothing but their number is known: before the holder's answer the seeker sees nothing.
    """
    if viewer.role is not Role.SIDE or viewer.party != half.receiver:
        return []
    require(viewer, "read", Thing(selectors.PEOPLE, viewer.party))
    holding = half.plan.exchange.holdings.select_related("version__list").get(party=half.giver)
    blind = ring().blind
    marks = {blind(half.giver, line.ref, purpose="ref"): line.number for line in half.lines}
    keys = list(marks)
    found: dict[str, Returning] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = Record.objects.filter(version__list=holding.version.list_id, blind_ref__in=keys[start : start + _CHUNK])
        held = {key: marks[bytes(mark)] for key, mark in rows.values_list("id", "blind_ref")}
        found |= _linked(viewer, held)
    places = {line.number: place for place, line in enumerate(half.lines)}
    return sorted(found.values(), key=lambda one: places[one.number])


def _linked(viewer: Viewer, held: dict[str, str]) -> dict[str, Returning]:
    chosen = Pair.objects.filter(state="same", answer="held", run__is_done=True).exclude(carried__run__is_done=True)
    chosen = chosen.select_related("run__left__list", "run__right__list", "left", "right")
    pairs = [*chosen.filter(left__in=held), *chosen.filter(right__in=held)]
    found = {}
    for pair in pairs:
        if parties_of(pair.run)[1] != viewer.party or not may(viewer, "read", thing_of(pair)):
            continue
        its, own = (pair.left, pair.right) if pair.left_id in held else (pair.right, pair.left)
        name = own.fields.get("full_name") or " ".join(own.fields[part] for part in _NAMES if part in own.fields)
        found[held[its.id]] = Returning(held[its.id], str(own.fields.get("ref", "")), name)
    return found


Teller = Callable[[Viewer, Exchange, int, dt.datetime], dict[str, dict[str, Any]]]
"""Gives, for a leg, side that hands over to what its handover is: address, code, state, what is to be known of it."""

_TELLERS: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Register who tells how far the handover of a leg has come; a room further up does it in its `ready`."""
    _TELLERS.append(teller)


def handovers(viewer: Viewer, exchange: Exchange, leg: int, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """Give, side by side, the handover that was prepared from a leg."""
    found: dict[str, dict[str, Any]] = {}
    for teller in _TELLERS:
        found |= teller(viewer, exchange, leg, now)
    return found
