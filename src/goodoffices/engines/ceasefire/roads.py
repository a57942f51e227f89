"""Travel times over a road graph: points snapped to their nearest node, shortest times by Dijkstra's algorithm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.roads import RoadGraph
from goodoffices.domain.window import Closure, Window
from goodoffices.engines.ceasefire.arrays import Floats, Ints
from goodoffices.engines.ceasefire.travel import EARTH_KM, TravelTimes, periods, speeds, unions, whole_minutes

SNAP_KM = 5.0
"""Farthest that a crossing or site may lie from its nearest node; an assumption."""

_BLOCK = 50
"""Sources of one pass, so that the distances to all nodes never fill the memory."""


@dataclass(frozen=True, slots=True)
class Snap:
    """Where a window's points lie on the graph.

    Attributes
    ----------
    node
        Node of each point.
    km
        Distance to it.
    """

    node: Ints
    km: Floats


def snap(window: Window, graph: RoadGraph) -> Snap:
    """Find the nearest node of every crossing and site.

    Raises
    ------
    InputError
        If one lies farther than `SNAP_KM` from every node.
    """
    from scipy.spatial import cKDTree

    points = _unit([one.lon for one in window.points], [one.lat for one in window.points])
    chord, node = cKDTree(_unit(graph.lon, graph.lat)).query(points)
    km = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.asarray(chord) / 2))
    faults = [
        Fault(
            window.travel.file,
            "",
            one.id,
            f"{away:.1f} km from the nearest road",
            f"at most {SNAP_KM:g} km (swapped coordinates?)",
        )
        for one, away in zip(window.points, km, strict=True)
        if away > SNAP_KM
    ]
    if faults:
        raise InputError(*faults)
    return Snap(np.asarray(node, np.int32), np.asarray(km, float))


def fit(window: Window, graph: RoadGraph) -> Snap:
    """Find whether a graph serves a window: every closure names a road of it, every point lies near one.

    Raises
    ------
    InputError
        With every point that does not, or every closure.
    """
    _check_closures(window, graph)
    return snap(window, graph)


def road_times(window: Window, graph: RoadGraph) -> TravelTimes:
    """Find travel times of a window over a road graph, one table for each team speed and each set of closed roads.

    Raises
    ------
    InputError
        If a point lies far from every road, or a closure names a road that the graph has not.
    """
    at = fit(window, graph)
    paces, pace = speeds(window)
    cuts, closed = periods(window)

    def times(active: Sequence[Closure]) -> Ints:
        shut = np.zeros(len(graph.tail), bool)
        for closure in active:
            shut[list(_edges(graph, closure))] = True
        return np.stack([whole_minutes(shortest(graph, at.node, speed=speed, shut=shut)) for speed in paces])

    return TravelTimes(unions(cuts, closed, times), cuts, pace)


def shortest(graph: RoadGraph, nodes: Ints, *, speed: float, shut: npt.NDArray[np.bool_] | None = None) -> Floats:
    """Find the minutes between nodes at a team's speed.

    Parameters
    ----------
    graph
        The roads.
    nodes
        Nodes to travel between, shape (n,).
    speed
        Of the team, km/h; the road's own limit holds where it is lower.
    shut
        Edges that are closed, shape (edges,).

    Returns
    -------
    Floats
        Shape (n, n); infinite where no way leads.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    size = len(graph.lon)
    tail, head = np.frombuffer(graph.tail, np.int64), np.frombuffer(graph.head, np.int64)
    minutes = 60 * np.frombuffer(graph.km) / np.minimum(np.frombuffer(graph.kmh), speed)
    minutes = np.maximum(minutes, 1e-9)
    open_ = np.ones(tail.size, bool) if shut is None else ~shut
    tail, head, minutes = tail[open_], head[open_], minutes[open_]
    order = np.lexsort((minutes, head, tail))
    first = np.r_[True, (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)] if order.size else np.zeros(0, bool)
    keep = order[first]
    table = csr_array((minutes[keep], (tail[keep], head[keep])), shape=(size, size))
    found = np.empty((nodes.size, nodes.size))
    for start in range(0, nodes.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        found[block] = dijkstra(table, indices=nodes[block])[:, nodes]
    return found


def _check_closures(window: Window, graph: RoadGraph) -> None:
    faults = [
        Fault(
            window.travel.file,
            "closed",
            " ".join(closure.edge),
            "no such road",
            "the name of a road, or the two ends of an edge",
        )
        for closure in window.closed
        if not _edges(graph, closure)
    ]
    if faults:
        raise InputError(*faults)


def _edges(graph: RoadGraph, closure: Closure) -> tuple[int, ...]:
    name = closure.edge[0] if len(closure.edge) == 1 else "\n".join(sorted(closure.edge))
    return graph.names.get(name, ())


def _unit(lon: Sequence[float], lat: Sequence[float]) -> Floats:
    east, north = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))
