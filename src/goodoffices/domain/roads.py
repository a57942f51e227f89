"""A road graph and a table of travel between places, as files hold them."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Roads as edges between nodes; every edge can be driven from `tail` to `head`.

    Attributes
    ----------
    lon, lat
        Of each node, degrees.
    tail, head
        Node numbers of each edge.
    km
        Length of each edge.
    kmh
        Speed allowed on each edge; infinite where none is given.
    names
        Numbers of the edges that a closure's name stands for.
    hours
        Hours of the day at which a road is closed, by its name: pairs of minutes after midnight, the second beyond
        1440 if it is closed over midnight.
    """

    lon: array[float]
    lat: array[float]
    tail: array[int]
    head: array[int]
    km: array[float]
    kmh: array[float]
    names: Mapping[str, tuple[int, ...]]
    hours: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TravelTable:
    """Travel between named places; what is absent cannot be driven.

    Attributes
    ----------
    is_km
        Whether the values are km (else minutes).
    values
        By (from, to).
    """

    is_km: bool
    values: Mapping[tuple[str, str], float]
