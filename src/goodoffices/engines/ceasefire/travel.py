"""Travel minutes between all points of a window: great circle, plane or matrix, with closures by the hour."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.domain.window import Closure, Metric, Window, minutes_between
from goodoffices.engines.ceasefire.arrays import FAR, Ints

EARTH_KM = 6371.0088
"""Mean earth radius (IUGG), km; fixed by the contract."""

_SLACK = 1e-9
"""Minutes by which a product of floats may pass a whole minute before it counts as the next."""


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Travel minutes by speed, period of closures and pair of points.

    Attributes
    ----------
    minutes
        Shape (speeds, unions of periods, points, points); FAR where there is no way. Points: crossings, then sites.
    cuts
        Minutes from the window's start at which the set of closed roads changes.
    pace
        Index of each team's speed.
    """

    minutes: Ints
    cuts: Ints
    pace: Ints


def great_circle_km(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Give all distances between points in km by the haversine formula.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).
    """
    east, north = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    half = np.sin((north[:, None] - north) / 2) ** 2
    half += np.cos(north)[:, None] * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def plane_km(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Give all distances between points in a plane, km."""
    east, north = np.asarray(lon, float), np.asarray(lat, float)
    return np.hypot(east[:, None] - east, north[:, None] - north)


def whole_minutes(minutes: npt.NDArray[np.float64]) -> Ints:
    """Round travel minutes up; infinite ones become FAR."""
    up = np.ceil(np.minimum(minutes, float(FAR)) - _SLACK)
    return np.clip(up, 0, FAR).astype(np.int32)


def speeds(window: Window) -> tuple[list[float], Ints]:
    """Give the different team speeds, ascending, and which one each team has."""
    found = sorted({team.speed_kmh for team in window.teams})
    return found, np.array([found.index(team.speed_kmh) for team in window.teams], np.int32)


def straight_times(window: Window) -> TravelTimes:
    """Find travel times of a window without a travel file."""
    lon, lat = [point.lon for point in window.points], [point.lat for point in window.points]
    km = plane_km(lon, lat) if window.travel.metric is Metric.PLANE else great_circle_km(lon, lat)
    paces, pace = speeds(window)
    one = np.stack([whole_minutes(60 * window.travel.detour * km / speed) for speed in paces])
    return with_closed_pairs(window, one, pace)


def matrix_times(window: Window, matrix: npt.NDArray[np.float64], *, is_km: bool) -> TravelTimes:
    """Find travel times of a window from a matrix of minutes or km between its points.

    Parameters
    ----------
    window
        Its crossings and sites index the matrix, in this order.
    matrix
        Shape (points, points); infinite where there is no way.
    is_km
        Whether the matrix is in km, to be driven at each team's speed.
    """
    paces, pace = speeds(window)
    one = np.stack([whole_minutes(60 * matrix / speed if is_km else matrix) for speed in paces])
    return with_closed_pairs(window, one, pace)


def with_closed_pairs(window: Window, one: Ints, pace: Ints) -> TravelTimes:
    """Close direct ways between two points for some hours; a detour through a third point is not sought."""
    cuts, closed = periods(window)
    index = {point.id: number for number, point in enumerate(window.points)}

    def shut(active: Sequence[Closure]) -> Ints:
        times = one.copy()
        for closure in active:
            a, b = (index[end] for end in closure.edge)
            times[:, a, b] = times[:, b, a] = FAR
        return times

    return TravelTimes(unions(cuts, closed, shut), cuts, pace)


def periods(window: Window) -> tuple[Ints, list[list[Closure]]]:
    """Cut the window where a closure begins or ends; give the cuts and what is closed in each period."""
    last = window.minutes
    spans = [
        (minutes_between(window.start, one.start), -minutes_between(one.end, window.start)) for one in window.closed
    ]
    cuts = sorted({edge for span in spans for edge in span if 0 < edge < last})
    edges = [0, *cuts, last]
    closed = [
        [closure for closure, (start, stop) in zip(window.closed, spans, strict=True) if start < after and stop > at]
        for at, after in itertools.pairwise(edges)
    ]
    return np.array(cuts, np.int32), closed


def unions(cuts: Ints, closed: list[list[Closure]], times: Callable[[Sequence[Closure]], Ints]) -> Ints:
    """Stack the times under what is closed at any moment of periods a to b, for all a <= b."""
    count = cuts.size + 1
    known: dict[tuple[Closure, ...], Ints] = {}
    stack: list[Ints] = []
    for a in range(count):
        for b in range(count):
            active = tuple(dict.fromkeys(one for period in closed[a : max(a, b) + 1] for one in period))
            if active not in known:
                known[active] = times(active)
            stack.append(known[active])
    return np.ascontiguousarray(np.stack(stack, axis=1))


def far_from_everything(window: Window) -> list[tuple[str, float]]:
    """Name points that no team of the window could come to and go from, with their distance in km.

    The straight line is used, whatever the travel file says.
    """
    lon, lat = [point.lon for point in window.points], [point.lat for point in window.points]
    km = plane_km(lon, lat) if window.travel.metric is Metric.PLANE else great_circle_km(lon, lat)
    fastest = max((team.speed_kmh for team in window.teams), default=0.0)
    reach = fastest * window.minutes / 60 / 2
    nearest = km[: len(window.crossings)].min(axis=0)
    return [
        (point.id, float(away))
        for point, away in zip(window.points, nearest, strict=True)
        if math.isfinite(away) and away > reach
    ]
