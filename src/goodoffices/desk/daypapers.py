"""The papers of a day: each room gives those it has, the pack prints them all.

A room registers a function in its `AppConfig.ready`; it takes the viewer, the day, the language and the moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from goodoffices.desk.access import Viewer
from goodoffices.formats.pack import Paper
from goodoffices.formats.print.frame import Sheet
from goodoffices.formats.words import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which day papers are wanted, by whom and in what words.

    Attributes
    ----------
    viewer
        Who prints; a room gives what it would show him.
    date
        The day, by the clock of each place.
    language
        Of the papers.
    at
        When they are printed.
    """

    viewer: Viewer
    date: dt.date
    language: Language
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class DayPaper:
    """One paper of a day.

    Attributes
    ----------
    title
        In the language asked for.
    make
        Lays it out, or writes the file.
    is_file
        Whether it is a file of its own, which a pack as one PDF cannot take in.
    """

    title: str
    make: Callable[[], Sheet | Paper]
    is_file: bool = False


Giver = Callable[[Asked], Iterable[DayPaper]]
_GIVERS: dict[str, Giver] = {}


def give(room: str, giver: Giver) -> None:
    """Register what a room has to print of a day."""
    _GIVERS[room] = giver


def of_day(asked: Asked) -> list[DayPaper]:
    """Collect the papers of every room, in the order of the rooms' names."""
    return [paper for room in sorted(_GIVERS) for paper in _GIVERS[room](asked)]
