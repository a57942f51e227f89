"""What the handover has to tell on Today: conditions that wait, days that come, files and acts that are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Viewer, may, may_ever
from goodoffices.desk.handover.legs import CHANGED, GONE, may_prepare, standing_of, unprepared
from goodoffices.desk.handover.models import UNSET, Transfer
from goodoffices.desk.handover.records import leg_of, proposed, standing
from goodoffices.desk.handover.selectors import role_of, the_day, thing_of, transfers
from goodoffices.desk.notices import Column, Notice
from goodoffices.domain.handover import Say
from goodoffices.domain.process import Role

_PART = "desk_handover"
_AHEAD = dt.timedelta(days=14)
_SINCE = dt.timedelta(days=7)


def notices(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell a viewer what waits, falls due and changed at the handovers."""
    if not viewer.user or not may_ever(viewer, "read", "transfer"):
        return
    for transfer in transfers(viewer):
        yield from _waits(viewer, transfer, now)
        yield from _comes(viewer, transfer, now)
        yield from _stale(viewer, transfer)
    if may_prepare(viewer):
        yield from _unprepared()


def _stale(viewer: Viewer, transfer: Transfer) -> Iterator[Notice]:
    """Tell the desk to renew a manifest that is no longer the plan's, and the sides that it does not hold."""
    how = None if leg_of(transfer) is None else standing_of(transfer)
    if how is None or not how.is_stale:
        return
    column = Column.WAITS if may_prepare(viewer) and how.word in {CHANGED, GONE} else Column.CHANGED
    yield Notice(column, _PART, "notice_stale", f"/transfers/{transfer.code}", transfer.at, {"code": transfer.code})


def _unprepared() -> Iterator[Notice]:
    """Tell the desk which legs of signed plans have no transfer yet."""
    for exchange, plan, legs in unprepared():
        values: dict[str, object] = {"title": exchange.title, "n": len(legs)}
        address = f"/exchange/{exchange.id}/leg/{legs[0]}"
        yield Notice(Column.WAITS, _PART, "notice_leg", address, plan.at, values)


def _waits(viewer: Viewer, transfer: Transfer, now: dt.datetime) -> Iterator[Notice]:
    address, values = f"/transfers/{transfer.code}", {"code": transfer.code}
    role = role_of(viewer, transfer)
    is_side = role in {Role.GIVER, Role.RECEIVER}
    if (
        is_side
        and transfer.state in UNSET
        and transfer.state != "aborted"
        and may(viewer, "confirm", thing_of(transfer))
    ):
        said = {condition for party, condition in standing(transfer, transfer.sayings.all()) if party == viewer.party}
        waiting = sum(value is not None and condition not in said for condition, value in proposed(transfer).items())
        if waiting:
            yield Notice(Column.WAITS, _PART, "notice_conditions", address, transfer.at, {**values, "n": waiting})
    if transfer.day is None or role is None or transfer.starts_at is None or transfer.starts_at > now:
        return
    if transfer.state in {"closed", "aborted", "postponed"} or (the := the_day(transfer)) is None:
        return
    page = f"{address}/day"
    if not any(one.role == role for one in the.files):
        yield Notice(Column.WAITS, _PART, "notice_file", page, transfer.starts_at, dict(values))
    elif not the.merged.live(role, Say.ACT_SIGNED):
        yield Notice(Column.WAITS, _PART, "notice_act", page, transfer.starts_at, dict(values))
    if role is Role.RECEIVER and transfer.state in {"handed_over", "partial"}:
        yield Notice(Column.WAITS, _PART, "notice_receipt", page, transfer.starts_at, dict(values))
    if role is Role.NEUTRAL and the.merged.conflicts:
        n = len(the.merged.conflicts)
        yield Notice(Column.WAITS, _PART, "notice_conflict", page, transfer.starts_at, {**values, "n": n})


def _comes(viewer: Viewer, transfer: Transfer, now: dt.datetime) -> Iterator[Notice]:
    del viewer
    values: dict[str, object] = {"code": transfer.code}
    starts = transfer.starts_at
    if starts is not None and now - dt.timedelta(hours=12) <= starts <= now + _AHEAD and transfer.state != "aborted":
        key = "notice_day_open" if transfer.state in UNSET else "notice_day"
        yield Notice(Column.DUE, _PART, key, f"/transfers/{transfer.code}/day", starts, values, transfer.zone)
    last = max(transfer.events.all(), key=lambda event: event.at, default=None)
    if last is not None and last.at > now - _SINCE:
        yield Notice(Column.CHANGED, _PART, f"notice_{last.kind}", f"/transfers/{transfer.code}", last.at, values)
