"""Travel times for the audit of a ceasefire plan, read and computed anew with the standard library alone."""

from __future__ import annotations

import csv
import datetime as dt
import heapq
import io
import itertools
import json
import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

_RADIUS_KM = 6371.0088
_GRACE = 1e-9


@dataclass(slots=True)
class Ways:
    """Travel between the places of one window.

    Attributes
    ----------
    places
        Coordinates by identifier.
    metric, detour
        As the window says; `matrix` and `roads` for a file.
    table
        Minutes or km by pair.
    roads
        Edges by node: (head, km, kmh, names).
    nodes
        Coordinates of the road graph's nodes.
    closed
        Names of what is closed, from, until.
    """

    places: dict[str, tuple[float, float]]
    metric: str
    detour: float = 1.0
    table: dict[tuple[str, str], float] = field(default_factory=dict)
    roads: dict[str, list[tuple[str, float, float, tuple[str, ...]]]] = field(default_factory=dict)
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    closed: list[tuple[frozenset[str], dt.datetime, dt.datetime]] = field(default_factory=list)
    snapped: dict[str, str] = field(default_factory=dict)

    def earliest(self, team: dict, here: str, there: str, ready: dt.datetime) -> dt.datetime:  # type: ignore[type-arg]
        """Give the earliest arrival of a team that is ready at `here`; waiting where a road is closed is allowed."""
        if here == there:
            return ready
        if self.metric == "roads":
            return self._by_road(team, here, there, ready)
        minutes = self._direct(team, here, there)
        leave = ready
        for _ in range(len(self.closed) + 1):
            arrive = leave + dt.timedelta(minutes=minutes)
            blocked = [
                stop
                for names, start, stop in self.closed
                if names == frozenset((here, there)) and start < arrive and stop > leave
            ]
            if not blocked:
                return arrive
            leave = max(blocked)
        return leave + dt.timedelta(minutes=minutes)

    def latest(self, team: dict, here: str, there: str, at: dt.datetime, ready: dt.datetime) -> dt.datetime:  # type: ignore[type-arg]
        """Give the latest whole minute at which a team can leave `here` and be at `there` in time; at least `ready`."""
        low, high = 0, max(0, int((at - ready).total_seconds() // 60))
        while low < high:
            middle = (low + high + 1) // 2
            if self.earliest(team, here, there, ready + dt.timedelta(minutes=middle)) <= at:
                low = middle
            else:
                high = middle - 1
        return ready + dt.timedelta(minutes=low)

    def _direct(self, team: dict, here: str, there: str) -> int:  # type: ignore[type-arg]
        if self.metric in {"matrix_minutes", "matrix_km"}:
            if (here, there) not in self.table:
                raise LookupError
            value = self.table[here, there]
            minutes = value if self.metric == "matrix_minutes" else 60 * value / team["speed_kmh"]
        else:
            apart = _plane if self.metric == "plane" else _crow
            minutes = 60 * self.detour * apart(self.places[here], self.places[there]) / team["speed_kmh"]
        return math.ceil(minutes - _GRACE)

    def _by_road(self, team: dict, here: str, there: str, ready: dt.datetime) -> dt.datetime:  # type: ignore[type-arg]
        """Search the graph in time: an edge is entered only if it stays open until its end is reached.

        Raises
        ------
        LookupError
            If no way leads there.
        """
        source, target = self._snap(here), self._snap(there)
        best = {source: 0.0}
        heap = [(0.0, source)]
        while heap:
            gone, node = heapq.heappop(heap)
            if node == target:
                return ready + dt.timedelta(minutes=math.ceil(gone - _GRACE))
            if gone > best.get(node, math.inf):
                continue
            for head, km, kmh, names in self.roads.get(node, []):
                minutes = 60 * km / min(kmh, team["speed_kmh"])
                at = self._past_closures(names, ready, gone, minutes)
                if at < best.get(head, math.inf):
                    best[head] = at
                    heapq.heappush(heap, (at, head))
        raise LookupError

    def _past_closures(self, names: tuple[str, ...], ready: dt.datetime, gone: float, minutes: float) -> float:
        for _ in range(len(self.closed) + 1):
            waits = [
                (stop - ready).total_seconds() / 60
                for closed, start, stop in self.closed
                if not closed.isdisjoint(names)
                and (start - ready).total_seconds() / 60 < gone + minutes
                and (stop - ready).total_seconds() / 60 > gone
            ]
            if not waits:
                break
            gone = max(waits)
        return gone + minutes

    def _snap(self, name: str) -> str:
        if name not in self.snapped:
            place = self.places[name]
            self.snapped[name] = min(self.nodes, key=lambda node: (_crow(place, self.nodes[node]), node))
        return self.snapped[name]


def ways_from(window: bytes, travel: bytes | None, state: bytes | None = None) -> Ways:
    """Read from a window, and the file it names, how its places are joined.

    Raises
    ------
    ValueError
        If the window names a file and none is given, or the file is no matrix, GraphML or GeoJSON.
    """
    document = json.loads(window)
    places = {one["id"]: (one["lon"], one["lat"]) for one in [*document["crossings"], *document["sites"]]}
    how = document.get("travel", {"metric": "crow", "detour": 1.35})
    rows = (how.get("closed") if isinstance(how, dict) else None) or document.get("closed", [])
    rows = [*rows, *(json.loads(state).get("closed", []) if state else [])]
    name = how if isinstance(how, str) else how.get("file", "")
    in_graph = bool(name) and not name.lower().endswith(".csv")
    closed = [(_names(row["edge"], in_graph=in_graph), _time(row["from"]), _time(row["to"])) for row in rows]
    if isinstance(how, dict) and "file" not in how:
        return Ways(places, how["metric"], how.get("detour", 1.0), closed=closed)
    if travel is None:
        raise ValueError("found no travel file, expected the one that the window names")
    text = travel.decode("utf-8-sig")
    if name.lower().endswith(".csv"):
        metric, table = _matrix(text)
        return Ways(places, metric, table=table, closed=closed)
    ways = Ways(places, "roads", closed=closed)
    if text.lstrip().startswith("<"):
        _graphml(text, ways)
    else:
        _geojson(json.loads(text), ways)
    return ways


def _names(edge: str | list[str], *, in_graph: bool) -> frozenset[str]:
    """Name what is closed: an edge, or the pair of its ends in either direction."""
    if isinstance(edge, str):
        return frozenset((edge,))
    if in_graph:
        return frozenset(("\n".join(sorted(edge)) if len(edge) == 2 else edge[0],))
    return frozenset(edge)


def _matrix(text: str) -> tuple[str, dict[tuple[str, str], float]]:
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    head = [cell.strip() for cell in rows[0]]
    if head[:2] == ["from", "to"]:
        unit = head[2]
        table = {(row[0].strip(), row[1].strip()): float(row[2]) for row in rows[1:] if row[2].strip()}
    else:
        unit = head[0]
        table = {
            (row[0].strip(), to): float(cell)
            for row in rows[1:]
            for to, cell in zip(head[1:], row[1:], strict=True)
            if cell.strip()
        }
    if unit not in {"minutes", "km"}:
        raise ValueError(f"found unit {unit!r} in the matrix, expected minutes or km")
    return f"matrix_{unit}", table


def _graphml(text: str, ways: Ways) -> None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("found a document type in the GraphML, expected none")
    root = ET.fromstring(text)  # noqa: S314 -- entities were refused above
    names = {key.get("id"): key.get("attr.name") for key in root.findall(".//{*}key")}

    def attributes(element: ET.Element) -> dict[str, str]:
        return {str(names.get(one.get("key"))): one.text or "" for one in element.findall("{*}data")}

    graph = root.find("{*}graph")
    directed = graph is not None and graph.get("edgedefault") == "directed"
    for node in root.findall(".//{*}node"):
        known = attributes(node)
        lon, lat = known.get("x", known.get("lon", "")), known.get("y", known.get("lat", ""))
        ways.nodes[node.get("id", "")] = (float(lon), float(lat))
    for edge in root.findall(".//{*}edge"):
        known = attributes(edge)
        tail, head = edge.get("source", ""), edge.get("target", "")
        km = float(known["km"]) if "km" in known else float(known["length"]) / 1000
        kmh = float(known.get("speed_kmh") or known.get("maxspeed") or math.inf)
        labels = tuple(filter(None, (edge.get("id"), known.get("id"), known.get("name"))))
        _add(ways, (tail, head), (km, kmh), labels)
        if not directed:
            _add(ways, (head, tail), (km, kmh), labels)


def _geojson(document: dict, ways: Ways) -> None:  # type: ignore[type-arg]
    for feature in document["features"]:
        shape, known = feature["geometry"], feature.get("properties") or {}
        if shape["type"] not in {"LineString", "MultiLineString"}:
            continue
        lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
        kmh = float(known.get("speed_kmh") or known.get("maxspeed") or math.inf)
        labels = tuple(str(one) for one in (feature.get("id"), known.get("id"), known.get("name")) if one)
        for line in lines:
            for first, second in itertools.pairwise(line):
                ends = [f"{round(x, 6) + 0.0:.6f},{round(y, 6) + 0.0:.6f}" for x, y, *_ in (first, second)]
                for end, point in zip(ends, (first, second), strict=True):
                    ways.nodes[end] = (point[0], point[1])
                km = _crow((first[0], first[1]), (second[0], second[1]))
                _add(ways, (ends[0], ends[1]), (km, kmh), labels)
                if known.get("oneway") not in {True, "yes"}:
                    _add(ways, (ends[1], ends[0]), (km, kmh), labels)


def _add(ways: Ways, ends: tuple[str, str], length: tuple[float, float], labels: tuple[str, ...]) -> None:
    pair = "\n".join(sorted(ends))
    ways.roads.setdefault(ends[0], []).append((ends[1], *length, (*labels, pair)))


def _crow(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the great-circle distance in km through the chord, not the haversine: another formula than the planner's."""
    a, b = (_unit(point) for point in (one, other))
    chord = math.dist(a, b)
    return 2 * _RADIUS_KM * math.asin(min(1.0, chord / 2))


def _unit(point: tuple[float, float]) -> tuple[float, float, float]:
    lon, lat = math.radians(point[0]), math.radians(point[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _plane(one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1])


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
