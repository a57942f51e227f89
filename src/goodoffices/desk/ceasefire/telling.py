"""What ceasefires have to tell on Today: words that wait, windows that begin and end, incidents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Thing, Viewer, may, may_ever
from goodoffices.desk.ceasefire import selectors
from goodoffices.desk.ceasefire.models import Ceasefire
from goodoffices.desk.ceasefire.services import events_of
from goodoffices.desk.notices import Column, Notice

_PART = "desk_ceasefire"
_NEW = dt.timedelta(days=7)


def notices(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell a viewer what waits, falls due and changed in ceasefires."""
    if not viewer.user or not may_ever(viewer, "read", selectors.WINDOW):
        return
    for found in selectors.ceasefires(viewer):
        yield from _of_window(viewer, found, now)
        if may_ever(viewer, "read", selectors.INCIDENT):
            yield from _of_incidents(viewer, found, now)


def _of_window(viewer: Viewer, found: Ceasefire, now: dt.datetime) -> Iterator[Notice]:
    address, values = f"/ceasefire/{found.id}", {"title": found.title}
    offer = selectors.latest_offer(found)
    if may(viewer, "assure", Thing(selectors.WINDOW)):
        pending = found.state == "proposed" or (found.state == "open" and offer.extends)
        if pending and viewer.party not in selectors.given(offer, "agree"):
            yield Notice(Column.WAITS, _PART, "notice_agree", address, offer.at, {**values}, found.zone)
        if found.state == "window_agreed" and viewer.party not in selectors.given(offer, "assure"):
            yield Notice(Column.WAITS, _PART, "notice_assure", address, offer.at, {**values}, found.zone)
    if found.state in {"window_agreed", "assured", "open", "extended"}:
        key, at = ("notice_begins", found.starts_at) if now < found.starts_at else ("notice_ends", found.ends_at)
        if at > now:
            yield Notice(Column.DUE, _PART, key, address, at, {**values}, found.zone)
    plans = may(viewer, "plan", Thing(selectors.PLAN, viewer.party)) and found.state in {"window_agreed", "assured"}
    if plans and not found.plans.filter(party=viewer.party).exists():
        yield Notice(Column.WAITS, _PART, "notice_plan", f"{address}/plan", offer.at, {**values}, found.zone)


def _of_incidents(viewer: Viewer, found: Ceasefire, now: dt.datetime) -> Iterator[Notice]:
    for row in selectors.incidents(viewer, found):
        address = f"/ceasefire/{found.id}/incidents/{row.id}"
        values: dict[str, object] = {"title": found.title, "number": row.number}
        thing = selectors.incident_thing(row)
        waits = {
            event
            for event in events_of(row)
            if event in {"notify", "acknowledge", "verify", "find"} and may(viewer, selectors.VERBS[event], thing)
        }
        if waits:
            yield Notice(Column.WAITS, _PART, "notice_incident", address, row.at, values, found.zone)
        elif now - row.at < _NEW:
            yield Notice(Column.CHANGED, _PART, "notice_incident_new", address, row.at, values, found.zone)
