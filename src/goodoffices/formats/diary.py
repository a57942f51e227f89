"""Sittings and deadlines as a calendar file (ICS)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a diary.

    Attributes
    ----------
    uid
        Stable, so that a later file replaces the entry.
    start, stop
        With zones; equal for a deadline.
    title
        Without personal data: calendars travel.
    place
        May be empty.
    note
        What stands below the title, such as the moment by other clocks; may be empty.
    """

    uid: str
    start: dt.datetime
    stop: dt.datetime
    title: str
    place: str = ""
    note: str = ""


def diary_ics(dates: Iterable[Date], *, now: dt.datetime) -> bytes:
    """Write dates as ICS in UTC, which every calendar shows in its reader's own time.

    Parameters
    ----------
    dates
        In any order; written by start.
    now
        When the file was made, with a zone.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If a time has no zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Good Offices//talks//EN")
    calendar.add("version", "2.0")
    for date in sorted(dates, key=lambda entry: (entry.start, entry.uid)):
        if date.start.tzinfo is None or date.stop.tzinfo is None:
            raise ValueError(f"{date.uid}: found a time without zone, expected one")
        event = Event()
        event.add("uid", date.uid)
        event.add("dtstamp", now.astimezone(dt.UTC))
        event.add("dtstart", date.start.astimezone(dt.UTC))
        event.add("dtend", date.stop.astimezone(dt.UTC))
        event.add("summary", date.title)
        if date.place:
            event.add("location", date.place)
        if date.note:
            event.add("description", date.note)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
