"""What the room has to tell on Today: candidates that wait for the board, gaps of custody, families to sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max, Min

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.remains.models import Finding
from goodoffices.desk.remains.selectors import board, cases
from goodoffices.desk.remains.selectors.standing import reopenings

PART = "desk_remains"
RECENT = dt.timedelta(days=14)


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell a role what waits for it in this room, and a side what changed of its own."""
    if viewer.role is Role.FORENSIC:
        yield from _board(viewer)
        yield from _lists(viewer)
    if viewer.role is Role.SIDE:
        yield from _to_tell(viewer)
    if viewer.role in {Role.FORENSIC, Role.SIDE}:
        yield from _changed(viewer, now)


def _board(viewer: Viewer) -> Iterator[Notice]:
    waiting = board.waiting(viewer)
    if count := waiting.count():
        since = waiting.aggregate(at=Min("search__done_at"))["at"]
        yield Notice(Column.WAITS, PART, "notice_board", "/remains/board", since, {"n": count})
    if split := board.disagreements(viewer):
        yield Notice(
            Column.WAITS, PART, "notice_split", "/remains/board", min(one.at for one in split), {"n": len(split)}
        )


def _lists(viewer: Viewer) -> Iterator[Notice]:
    gaps = cases.gaps(viewer)
    if count := gaps.count():
        yield Notice(Column.WAITS, PART, "notice_gap", "/remains/gaps", None, {"n": count})
    if count := board.to_sample(viewer).values("family").distinct().count():
        yield Notice(Column.WAITS, PART, "notice_sample", "/remains/board", None, {"n": count})


def _changed(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    mine = cases.mine(viewer, now)
    fresh = reopenings(kind="case", since=now - RECENT).filter(object__in=mine.values("id"))
    if count := fresh.values("object").distinct().count():
        at = fresh.aggregate(at=Max("at"))["at"]
        yield Notice(Column.CHANGED, PART, "notice_reopened", "/remains/cases?reopened=1", at, {"n": count})


def _to_tell(viewer: Viewer) -> Iterator[Notice]:
    found = Finding.objects.filter(kind="identified", case__owner=viewer.party, case__state="identified")
    if count := found.values("case").distinct().count():
        at = found.aggregate(at=Min("at"))["at"]
        yield Notice(Column.WAITS, PART, "notice_tell", "/remains/cases?state=identified", at, {"n": count})
