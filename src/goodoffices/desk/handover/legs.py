"""The transfers of a plan's legs: which leg a transfer is of, and whether its manifest is still that of the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from goodoffices.desk.access import Role as Post
from goodoffices.desk.access import Viewer, may
from goodoffices.desk.exchange import legs as exchange_legs
from goodoffices.desk.exchange import selectors as exchange_selectors
from goodoffices.desk.exchange.legs import LegHalf, Returning
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.handover.models import LegOf, Transfer
from goodoffices.desk.handover.records import leg_of
from goodoffices.desk.handover.selectors import OVER, role_of, thing_of, transfer_of
from goodoffices.domain.errors import NotYoursError, TransitionError
from goodoffices.domain.process import Role

FRESH, CHANGED, UNSIGNED, NO_PLAN, GONE = "fresh", "changed", "unsigned", "no_plan", "gone"
"""What a transfer's manifest is to the plan that stands now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the leg since its transfer was prepared.

    Attributes
    ----------
    word
        `fresh`; `changed`: a later signed plan has others in this leg; `unsigned`: a later plan has, and waits for
        signatures; `no_plan`: no plan stands; `gone`: nobody goes in this leg any more.
    plan
        Number of the plan that stands, None if there is none.
    half
        The leg as it stands, if its manifest can be renewed from it.
    """

    word: str
    plan: int | None = None
    half: LegHalf | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the manifest is no longer that of the plan."""
        return self.word != FRESH


def standing_of(transfer: Transfer) -> Standing | None:
    """Compare a transfer's manifest with the plan that stands; None if it is of no leg, or its day is counted."""
    leg = leg_of(transfer)
    if leg is None or transfer.state in OVER or _is_counted(transfer):
        return None
    plan = exchange_selectors.standing(leg.exchange)
    if plan is None or plan.kind == "infeasible" or exchange_selectors.is_stale(plan):
        return Standing(NO_PLAN)
    if plan.id == leg.plan_id:
        return Standing(FRESH, plan.number)
    half = _half(plan_halves(plan, leg.number), leg.party_id)
    if half is not None and half.numbers == tuple(one["number"] for one in transfer.items):
        return Standing(FRESH, plan.number)
    if not exchange_selectors.is_agreed(plan):
        return Standing(UNSIGNED, plan.number)
    return Standing(GONE, plan.number) if half is None else Standing(CHANGED, plan.number, half)


def is_stale(transfer: Transfer) -> bool:
    """Whether a transfer's manifest is no longer that of the plan."""
    how = standing_of(transfer)
    return how is not None and how.is_stale


def list_current(transfer: Transfer) -> None:
    """Refuse what would rest on a manifest that is no longer the plan's.

    Raises
    ------
    TransitionError
        If a later plan stands, or none.
    """
    if is_stale(transfer):
        raise TransitionError("the plan has changed since this manifest was made: it is renewed first")


def _is_counted(transfer: Transfer) -> bool:
    return transfer.day is not None and transfer.day.files.exists()


def plan_halves(plan: Plan, number: int) -> list[LegHalf]:
    """Give the halves of a leg; none if the plan has no such leg."""
    try:
        return exchange_legs.halves_of(plan, number)
    except NotYoursError:
        return []


def _half(halves: list[LegHalf], giver: str) -> LegHalf | None:
    return next((half for half in halves if half.giver == giver), None)


def of_leg(exchange: Exchange, number: int) -> dict[str, LegOf]:
    """Give the live transfer of each direction of a leg: the last one, unless it was called off."""
    rows = LegOf.objects.filter(exchange=exchange, number=number).select_related("transfer").order_by("turn")
    last = {row.party_id: row for row in rows}
    return {party: row for party, row in last.items() if row.transfer.state != "aborted"}


def told(viewer: Viewer, exchange: Exchange, number: int, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """Tell the page of a leg which transfers it has: code, state, whether the manifest still holds, the slips."""
    del now
    found: dict[str, dict[str, Any]] = {}
    for party, row in of_leg(exchange, number).items():
        try:
            transfer = transfer_of(viewer, row.transfer.code)
        except NotYoursError:
            continue
        how = standing_of(transfer)
        slips = role_of(viewer, transfer) in {Role.GIVER, Role.NEUTRAL} and not (how and how.is_stale)
        found[party] = {
            "code": transfer.code, "state": transfer.state, "stale": how.word if how and how.is_stale else "",
            "slips": slips,
        }  # fmt: skip
    return found


def unprepared() -> list[tuple[Exchange, Plan, list[int]]]:
    """Give the signed plans with the legs of which a direction has no live transfer."""
    found = []
    there = {
        (row.exchange_id, row.number, row.party_id)
        for row in LegOf.objects.exclude(transfer__state="aborted")
    }  # fmt: skip
    for exchange in Exchange.objects.order_by("at"):
        plan = exchange_legs.agreed_plan(exchange)
        if plan is None:
            continue
        lacking = [leg for leg, giver in exchange_legs.directions(plan) if (exchange.id, leg, giver) not in there]
        if lacking:
            found.append((exchange, plan, sorted(set(lacking))))
    return found


def may_prepare(viewer: Viewer) -> bool:
    """Whether the viewer prepares handovers."""
    return may(viewer, "write", thing_of(Transfer()))


def returning(viewer: Viewer, transfer: Transfer) -> list[Returning]:
    """Give who of the receiver's own sought list comes with this transfer, for the receiver alone."""
    leg = leg_of(transfer)
    if leg is None or viewer.role is not Post.SIDE or viewer.party != transfer.receiver_id:
        return []
    half = _half(plan_halves(leg.plan, leg.number), leg.party_id)
    return [] if half is None else exchange_legs.returning(viewer, half)
