"""Writes of Today."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.access import Viewer
from goodoffices.desk.today.models import Visit

PAUSE = dt.timedelta(minutes=30)
"""Who was away for so long begins a new visit."""
SELDOM = dt.timedelta(minutes=1)
"""How often it is noted that a member is still here."""
DIGEST = dt.timedelta(days=1)
"""A digest looks back so far."""
_FIRST = dt.timedelta(days=14)


def visit_note(*, by: Viewer, at: dt.datetime) -> Visit:
    """Note that a member is here and give the visit, with when the one before it ended."""
    visit = Visit.objects.filter(user_id=by.user).first()
    if visit is None:
        return Visit.objects.create(user_id=by.user, since=at - _FIRST, seen_at=at, is_first=True)
    if at - visit.seen_at > PAUSE:
        visit.since, visit.is_first = visit.seen_at, False
    if at - visit.seen_at > SELDOM:  # a read stays a read
        visit.seen_at = at
        visit.save()
    return visit
