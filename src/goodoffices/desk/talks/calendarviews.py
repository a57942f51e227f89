"""The calendar file: sittings, and whatever falls due for the viewer, by the clock of every capital."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.templatetags.desk import by_clock, say
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import guard, viewer_of
from goodoffices.desk.notices import Column, gather
from goodoffices.desk.parties.selectors import capitals
from goodoffices.desk.talks import selectors
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.views import PART
from goodoffices.domain.canonical import sha256_hex
from goodoffices.formats.diary import Date, diary_ics


@guard("forum", "read")
def calendar(request: HttpRequest) -> HttpResponse:
    """Give sittings and whatever falls due for the viewer, of every room, as a calendar file."""
    viewer, now = viewer_of(request), timezone.now()
    dates = [*_sittings(viewer), *_owed(viewer), *(_due(viewer, now) if viewer.user else ())]
    dates = [replace(date, note=_clocks(date.start, viewer.language)) for date in dates]
    answer = HttpResponse(diary_ics(dates, now=now), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="goodoffices.ics"'
    return answer


def _sittings(viewer: Viewer) -> Iterator[Date]:
    for found in selectors.forums(viewer, "sittings"):
        for s in found.sittings.all():
            if s.state in {"closed", "minuted"}:
                continue
            title = f"{told(found.title, viewer.language)} ({s.number})"
            yield Date(f"{s.id}@goodoffices", s.starts_at, s.ends_at, title, s.place)


def _owed(viewer: Viewer) -> Iterator[Date]:
    for item in selectors.commitments(viewer):
        yield from _dates(item, viewer.language)


def _dates(item: Commitment, language: str) -> Iterator[Date]:
    """Give when a commitment came into force, and when it falls due with the state it is in."""
    words = {"code": item.code, "title": told(item.title, language)}
    if item.in_force_at is not None and item.state == "in_force":
        title = say(PART, language, "diary_in_force", **words)
        yield Date(f"{item.id}-in-force@goodoffices", item.in_force_at, item.in_force_at, title)
    if item.due is not None and item.state != "withdrawn":
        at = dt.datetime.combine(item.due, dt.time(12), tzinfo=dt.UTC)
        title = say(PART, language, "diary_due", **words, state=say(PART, language, f"owed_{item.state}"))
        yield Date(f"{item.id}@goodoffices", at, at, title)


def _due(viewer: Viewer, now: dt.datetime) -> Iterator[Date]:
    """Give what Today tells of the days ahead, but what stands in the calendar by itself."""
    for notice in gather(viewer, now)[Column.DUE]:
        if notice.at is None or notice.key in {"notice_sitting", "notice_due"}:
            continue
        values = {
            key: told(one, viewer.language) if isinstance(one, str) else one for key, one in notice.values.items()
        }
        name = notice.key.removesuffix("_open")  # what was proposed and is then set stays one entry
        key = sha256_hex(f"{notice.part} {name} {notice.address}".encode())[:16]
        title = say(notice.part, viewer.language, notice.key, **values)
        yield Date(f"{key}@goodoffices", notice.at, notice.at, title)


def _clocks(moment: dt.datetime, language: str) -> str:
    """Write a moment by the clock of every capital, a line each."""
    zones = dict.fromkeys(capitals().values())
    return "\n".join(by_clock(moment.astimezone(ZoneInfo(zone)), language) for zone in zones)
