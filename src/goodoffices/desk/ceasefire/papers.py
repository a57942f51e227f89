"""What a ceasefire prints for everybody: the form of an incident, filled or blank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.ceasefire import selectors
from goodoffices.desk.ceasefire.models import Ceasefire, Incident
from goodoffices.desk.daypapers import Asked, DayPaper
from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.selectors import process
from goodoffices.formats.print.frame import Frame, Place, Sheet
from goodoffices.formats.print.incident import IncidentForm, IncidentKind, incident_sheet
from goodoffices.formats.words import Language


def form_of(
    found: Ceasefire, row: Incident | None, viewer: Viewer, *, language: Language, at: dt.datetime
) -> IncidentForm:
    """Give the form of an incident; of none, a blank one under the next number."""
    zones = list(dict.fromkeys([viewer.zone, found.zone]))
    places = tuple(Place(city(zone, language), zone) for zone in zones)
    number = row.number if row else found.incidents.count() + 1
    said = row.told if row else {}
    return IncidentForm(
        Frame(told(process().title, language), str(number), at, places), number, found.title,
        IncidentKind(row.kind) if row else None, row.happened_at if row else None,
        said.get("place", ""), said.get("team", ""), said.get("told", ""),
    )  # fmt: skip


def of_day(asked: Asked) -> Iterator[DayPaper]:
    """Give a blank form for each window that both sides have agreed and that has an hour on the day."""
    if not may(asked.viewer, "make", Thing(selectors.INCIDENT)):
        return
    for found in selectors.ceasefires(asked.viewer):
        zone = ZoneInfo(found.zone)
        first, last = (moment.astimezone(zone).date() for moment in (found.starts_at, found.ends_at))
        if found.state in _AHEAD and first <= asked.date <= last:
            form = form_of(found, None, asked.viewer, language=asked.language, at=asked.at)
            sheet = incident_sheet(form, asked.language)
            yield DayPaper(f"{sheet.name}: {told(found.title, asked.language)}", partial(_same, sheet))


def _same(sheet: Sheet) -> Sheet:
    return sheet


_AHEAD = ("window_agreed", "assured", *selectors.RUNNING)
