"""A ceasefire window: crossings, teams, sites, and what is known of the roads between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, both ends zoned.

    Attributes
    ----------
    start
        First instant.
    end
        Last instant; later than `start`.
    """

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Crossing:
    """A point where teams start, unload and end.

    Attributes
    ----------
    id
        Unique among crossings and sites.
    lon, lat
        Degrees, or km east and north under the metric `plane`.
    turnaround_minutes
        From arrival until the team can go out again.
    """

    id: str
    lon: float
    lat: float
    turnaround_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A vehicle with its crew.

    Attributes
    ----------
    id
        Unique among teams.
    kind
        As the window names it: ambulance, truck, demining.
    crossing
        Where it starts.
    speed_kmh
        On the road.
    wounded, bodies
        How many it can carry at once.
    shift_hours
        From its first departure to its last return.
    side
        Whose team it is; empty for the neutral's.
    """

    id: str
    kind: str
    crossing: str
    speed_kmh: float
    wounded: int
    bodies: int
    shift_hours: float
    side: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where there are wounded or bodies, or work to do.

    Attributes
    ----------
    id
        Unique among crossings and sites.
    lon, lat
        Degrees, or km east and north under the metric `plane`.
    wounded, bodies
        How many are there; none of either is work alone.
    minutes_fixed, minutes_each
        A visit's length: fixed, and for each person or body taken.
    open
        When it may be visited; empty means the whole window.
    after
        Sites whose visits must all have ended before.
    needs
        Kinds of team that can serve it; empty means every kind.
    side
        Whose side it lies on; empty where it is neither's.
    """

    id: str
    lon: float
    lat: float
    wounded: int
    bodies: int
    minutes_fixed: float = 0
    minutes_each: float = 0
    open: tuple[Interval, ...] = ()
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    side: str = ""

    @property
    def is_work(self) -> bool:
        """Whether nobody is to be taken from here."""
        return self.wounded + self.bodies == 0


@dataclass(frozen=True, slots=True)
class Closure:
    """A road that is closed for some hours.

    Attributes
    ----------
    edge
        Name of an edge of the road graph, or its two ends; between points of the window without a graph.
    start, end
        Closed from, until.
    """

    edge: tuple[str, ...]
    start: dt.datetime
    end: dt.datetime


class Metric(StrEnum):
    """Where travel times come from."""

    CROW = "crow"
    PLANE = "plane"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Travel:
    """How travel minutes are found.

    Attributes
    ----------
    metric
        Great circle, plane, or a file.
    detour
        Length of the road over the length of the straight line; 1 for a file.
    file
        Name of the matrix or road graph, relative to the window's file; empty without one.
    """

    metric: Metric
    detour: float = 1.0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """An agreed window with all that is needed to plan it.

    Attributes
    ----------
    start, end
        The ceasefire, zoned.
    margin_minutes
        Reserve before the end: teams are planned back by then.
    crossings, teams, sites
        In the order of the file.
    travel
        How travel minutes are found.
    closed
        Roads closed for some hours.
    zone
        IANA name of the place's time zone; empty means the offset of `start`.
    """

    start: dt.datetime
    end: dt.datetime
    margin_minutes: int
    crossings: tuple[Crossing, ...]
    teams: tuple[Team, ...]
    sites: tuple[Site, ...]
    travel: Travel
    closed: tuple[Closure, ...] = ()
    zone: str = ""

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end."""
        return minutes_between(self.start, self.end)

    @property
    def points(self) -> tuple[Crossing | Site, ...]:
        """Crossings, then sites."""
        return (*self.crossings, *self.sites)


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Count the whole minutes between two zoned instants, whatever their zones; rounded down."""
    return int((end - start.astimezone(dt.UTC)).total_seconds() // 60)
