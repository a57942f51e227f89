"""Reads of Today: what waits, falls due, changed; what a party has done; the ten steps of the guided walk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max

from goodoffices.desk.access import Viewer
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.notices import Column, Notice, gather
from goodoffices.desk.parties.models import Once, User

Columns = dict[Column, list[Notice]]


KEPT = dt.timedelta(seconds=0 if settings.MODE == "test" else 10)
"""How long what was gathered is shown again, if nothing was written since."""
_MOST = 500
_GATHERED: dict[tuple[str, Viewer], tuple[object, dt.datetime, Columns]] = {}


def notices(viewer: Viewer, now: dt.datetime, since: dt.datetime) -> Columns:
    """Give what waits and falls due, and what changed since the last visit."""
    found = _gathered(viewer, now)
    changed = [notice for notice in found[Column.CHANGED] if notice.at is None or notice.at >= since]
    return {**found, Column.CHANGED: changed}


def _gathered(viewer: Viewer, now: dt.datetime) -> Columns:
    """Gather, or give again what was gathered a few seconds ago for the same viewer, unless something was written."""
    if not KEPT:
        return gather(viewer, now)
    place, mark = (str(settings.WORKSPACE), viewer), _mark()
    before = _GATHERED.get(place)
    if before is not None and before[0] == mark and dt.timedelta(0) <= now - before[1] < KEPT:
        return before[2]
    found = gather(viewer, now)
    if len(_GATHERED) >= _MOST:
        _GATHERED.clear()
    _GATHERED[place] = mark, now, found
    return found


def _mark() -> object:
    """Give what changes with every form taken, every entry of the record, every job asked or ended."""
    forms = Once.objects.aggregate(last=Max("id"))
    said = Statement.objects.aggregate(last=Max("number"), logged=Max("index"))
    jobs = Job.objects.aggregate(number=Count("id"), ended=Max("ended_at"))
    return forms, said, jobs


def done_by_party(viewer: Viewer, number: int) -> Page[Statement]:
    """Give what members of the viewer's own party have written to the record, latest first, fifty a page."""
    found = Statement.objects.filter(by__party=viewer.party).defer("content").select_related("by").order_by("-number")
    return Paginator(found, 50).get_page(number)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the guided walk.

    Attributes
    ----------
    key
        Of its words: `step_KEY` and `step_KEY_text`.
    username
        Demo member who does it; empty for the public.
    address
        Page where it is done.
    """

    key: str
    username: str
    address: str


def walk() -> list[Step]:
    """Give the way from round to result in ten steps, with the demo's members."""
    sides = sorted(
        User.objects.filter(role="side", username__endswith="-1").values_list("username", flat=True), reverse=True
    )
    planner = User.objects.filter(role="planner").order_by("username").values_list("username", flat=True).last() or ""
    one, other = [*sides, "", ""][:2]
    return [
        Step("round", "secretariat-1", "/talks"),
        Step("text", one, "/talks/r3/text"),
        Step("commitment", "secretariat-1", "/commitments"),
        Step("lists", other, "/lists"),
        Step("pairs", "humanitarian-1", "/pairs"),
        Step("exchange", "humanitarian-1", "/exchange"),
        Step("ceasefire", planner, "/ceasefire"),
        Step("remains", "forensic-1", "/remains"),
        Step("transfer", one, "/transfers"),
        Step("results", "", "/results"),
    ]
