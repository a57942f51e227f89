"""What waits, falls due and changed: each room tells, Today shows.

A room registers a function in its `AppConfig.ready`; the function takes the viewer and the moment and gives notices.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from goodoffices.desk.access import Viewer
from goodoffices.desk.sealed import is_of_erased


class Column(StrEnum):
    """Where a notice stands on Today."""

    WAITS = "waits"
    DUE = "due"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of Today.

    Attributes
    ----------
    column
        Waits, due or changed.
    part, key, values
        The words: table, key, and what fills them (no person's field).
    address
        Page it leads to.
    at
        Since when it waits, when it falls due, when it changed; aware.
    place_zone
        Zone of the place, where it differs from the reader's.
    """

    column: Column
    part: str
    key: str
    address: str
    at: dt.datetime | None = None
    values: dict[str, object] = field(default_factory=dict)
    place_zone: str = ""


Teller = Callable[[Viewer, dt.datetime], Iterable[Notice]]
_TELLERS: dict[str, Teller] = {}


def tell(room: str, teller: Teller) -> None:
    """Register what a room has to tell."""
    _TELLERS[room] = teller


def gather(viewer: Viewer, now: dt.datetime) -> dict[Column, list[Notice]]:
    """Collect every room's notices; the oldest waiting first, the nearest due first, the latest change first."""
    found = [notice for room in sorted(_TELLERS) for notice in _told(_TELLERS[room], viewer, now)]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    columns = {column: [notice for notice in found if notice.column is column] for column in Column}
    for column, notices in columns.items():
        notices.sort(key=lambda notice: notice.at or far, reverse=column is Column.CHANGED)
    return columns


def _told(teller: Teller, viewer: Viewer, now: dt.datetime) -> list[Notice]:
    """Ask one room; what it has to tell of something that was erased nobody waits for."""
    try:
        return list(teller(viewer, now))
    except Exception as error:
        if is_of_erased(error):
            return []
        raise
