"""What Today is told of pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.pairs.selectors import questions, waiting_count

_PART = "desk_pairs"


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell the neutral of pairs that wait, a side of what it is asked and of what was acknowledged to it."""
    if viewer.role is Role.SIDE:
        found = questions(viewer)
        asked = sum(1 for one in found if one["is_holder"] and not one["pair"].answer)
        told = sum(1 for one in found if not one["is_holder"])
        if asked:
            yield Notice(Column.WAITS, _PART, "waits_reply", "/pairs", None, {"n": asked})
        if told:
            yield Notice(Column.CHANGED, _PART, "acknowledged_to_you", "/pairs", None, {"n": told})
    elif viewer.role in {Role.HUMANITARIAN, Role.FORENSIC}:
        count, since = waiting_count(viewer, now)
        if count:
            yield Notice(Column.WAITS, _PART, "waits_review", "/pairs", since, {"n": count})
