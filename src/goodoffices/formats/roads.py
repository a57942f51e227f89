"""Roads and travel tables: GraphML, GeoJSON lines with speeds, and matrices in CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import math
import re
import xml.etree.ElementTree as ET
from array import array
from collections.abc import Mapping

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.roads import RoadGraph, TravelTable

_EARTH_KM = 6371.0088
_MOST_FAULTS = 50
_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-\u2013]\s*([01]?\d|2[0-4]):([0-5]\d)")
_DEGREES = 6
"""Decimals to which the ends of GeoJSON lines are joined: 0.1 m."""


class _Builder:
    """Collects nodes and edges."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.number: dict[str, int] = {}
        self.lon, self.lat = array("d"), array("d")
        self.tail, self.head = array("q"), array("q")
        self.km, self.kmh = array("d"), array("d")
        self.names: dict[str, list[int]] = {}
        self.faults: list[Fault] = []
        self.hours: dict[str, tuple[tuple[int, int], ...]] = {}
        self.open: set[str] = set()

    def node(self, name: str, lon: float, lat: float) -> int:
        if name not in self.number:
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise InputError(
                    Fault(
                        self.file,
                        "node",
                        name.replace("\n", " "),
                        f"{lon:g}, {lat:g}",
                        "lon -180 to 180, lat -90 to 90",
                    )
                )
            self.number[name] = len(self.lon)
            self.lon.append(lon)
            self.lat.append(lat)
        return self.number[name]

    def edge(self, ends: tuple[str, str], km: float, kmh: float, labels: tuple[str, ...]) -> None:
        if not (math.isfinite(km) and km >= 0 and kmh > 0):
            raise InputError(
                Fault(
                    self.file,
                    "edge",
                    " - ".join(ends),
                    f"{km:g} km at {kmh:g} km/h",
                    "a length of at least 0 and a speed above 0",
                )
            )
        for label in (*labels, "\n".join(sorted(ends))):
            self.names.setdefault(label, []).append(len(self.tail))
        self.tail.append(self.number[ends[0]])
        self.head.append(self.number[ends[1]])
        self.km.append(km)
        self.kmh.append(kmh)

    def note(self, error: InputError) -> None:
        """Keep what is wrong with one road and go on.

        Raises
        ------
        InputError
            With all of them, once there are too many to go on.
        """
        self.faults += error.faults
        if len(self.faults) >= _MOST_FAULTS:
            raise InputError(*self.faults[:_MOST_FAULTS])

    def close(self, text: object, labels: tuple[str, ...], place: str) -> None:
        """Note at which hours of the day a road is closed: by the first of its names, which no open road may bear.

        Raises
        ------
        InputError
            If they are no hours, or the road has no name to close it by.
        """
        if text in (None, "", False):
            self.open.update(labels)
            return
        spans = [_HOURS.fullmatch(part.strip()) for part in re.split("[,;]", str(text))]
        if not labels or not all(spans):
            found, expected = (str(text)[:60], "hours such as 21:00-05:00") if labels else ("nothing", "its id or name")
            raise InputError(Fault(self.file, place, "closed" if labels else "id", found, expected))
        pairs = tuple(_minutes(span.groups()) for span in spans if span)
        if self.hours.setdefault(labels[0], pairs) != pairs:
            raise InputError(
                Fault(self.file, place, "closed", str(text)[:60], f"the same hours on all of {labels[0]!r}")
            )

    def graph(self) -> RoadGraph:
        for label in sorted(self.open & set(self.hours)):
            expected = "an id of its own for what is closed at hours"
            self.faults.append(Fault(self.file, "", "closed", f"{label!r} on open and on closed roads", expected))
        if self.faults:
            raise InputError(*self.faults[:_MOST_FAULTS])
        if not self.tail:
            raise InputError(Fault(self.file, "", "", "no roads", "at least one edge"))
        names = {name: tuple(edges) for name, edges in self.names.items()}
        return RoadGraph(self.lon, self.lat, self.tail, self.head, self.km, self.kmh, names, self.hours)


def _minutes(found: tuple[str, ...]) -> tuple[int, int]:
    first, last = 60 * int(found[0]) + int(found[1]), 60 * int(found[2]) + int(found[3])
    return first, last if last > first else last + 1440


def read_travel(data: bytes, *, file: str) -> RoadGraph | TravelTable:
    """Read a travel file by its ending: .csv, .graphml, .xml, .geojson or .json.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name.

    Returns
    -------
    RoadGraph | TravelTable
        A graph, or a matrix.

    Raises
    ------
    InputError
        If the bytes are not in the form that the name promises.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Fault(file, f"byte {error.start}", "", "no UTF-8", "UTF-8")) from error
    ending = file.lower().rsplit(".", 1)[-1]
    if ending == "csv":
        return _matrix(text, file)
    if ending in {"graphml", "xml"}:
        return _graphml(text, file)
    if ending in {"geojson", "json"}:
        return _geojson(text, file)
    raise InputError(Fault(file, "", "", f"ending .{ending}", ".csv, .graphml or .geojson"))


def _number(text: str, file: str, place: str, field: str = "") -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise InputError(Fault(file, place, field, repr(text[:40]), "a number of at least 0"))
    return value


def _matrix(text: str, file: str) -> TravelTable:
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(Fault(file, "", "", str(error), "a table in CSV")) from error
    head = [cell.strip() for cell in rows[0]] if rows else []
    is_long = head[:2] == ["from", "to"] and len(head) == 3
    unit = head[2] if is_long else (head[0] if head else "nothing")
    if unit not in {"minutes", "km"}:
        expected = "`from,to,minutes` or `from,to,km`; or a square whose first cell is minutes or km"
        raise InputError(Fault(file, "line 1", "", ",".join(head)[:60] or "nothing", expected))
    values: dict[tuple[str, str], float] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[1:], 2):
        try:
            values.update(_row(row, head, (file, f"line {line}"), is_long=is_long))
        except InputError as error:
            faults += error.faults
            if len(faults) >= _MOST_FAULTS:
                break
    if faults:
        raise InputError(*faults)
    return TravelTable(unit == "km", values)


def _row(row: list[str], head: list[str], place: tuple[str, str], *, is_long: bool) -> dict[tuple[str, str], float]:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(head):
        raise InputError(Fault(*place, "", f"{len(cells)} cells", f"{len(head)} cells"))
    if is_long:
        return {(cells[0], cells[1]): _number(cells[2], *place, head[2])} if cells[2] else {}
    pairs = zip(head[1:], cells[1:], strict=True)
    return {(cells[0], to): _number(cell, *place, to) for to, cell in pairs if cell}


def _graphml(text: str, file: str) -> RoadGraph:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(Fault(file, "", "", "a document type", "GraphML without one"))
    try:
        root = ET.fromstring(text)  # noqa: S314 -- entities were refused above
    except ET.ParseError as error:
        raise InputError(Fault(file, f"line {error.position[0]}", "", "no XML", "GraphML")) from error
    names = {key.get("id"): key.get("attr.name") for key in root.findall(".//{*}key")}
    built = _Builder(file)
    for node in root.findall(".//{*}node"):
        try:
            _graphml_node(built, node, names)
        except InputError as error:
            built.note(error)
            built.node(node.get("id", ""), 0, 0)  # so that its roads are not faulted too
    graph = root.find("{*}graph")
    directed = graph is not None and graph.get("edgedefault") == "directed"
    for edge in root.findall(".//{*}edge"):
        try:
            _graphml_edge(built, edge, names, directed=directed)
        except InputError as error:
            built.note(error)
    return built.graph()


def _graphml_node(built: _Builder, node: ET.Element, names: Mapping[str | None, str | None]) -> None:
    known, name = _attributes(node, names), node.get("id", "")
    place = [known.get("x", known.get("lon")), known.get("y", known.get("lat"))]
    if place[0] is None or place[1] is None:
        raise InputError(Fault(built.file, f"node {name}", "x, y", "nothing", "its longitude and latitude"))
    lon, lat = (_signed(text, built.file, f"node {name}", key) for text, key in zip(place, "xy", strict=True))
    built.node(name, lon, lat)


def _graphml_edge(built: _Builder, edge: ET.Element, names: Mapping[str | None, str | None], *, directed: bool) -> None:
    known, ends = _attributes(edge, names), (edge.get("source", ""), edge.get("target", ""))
    place = "edge " + " - ".join(ends)
    for end in ends:
        if end not in built.number:
            raise InputError(Fault(built.file, place, "", f"an end {end!r}", "nodes of the graph"))
    length = known.get("km") or known.get("length")
    if length is None:
        raise InputError(Fault(built.file, place, "km", "nothing", "its length: `km`, or `length` in metres"))
    km = _number(length, built.file, place, "km" if known.get("km") else "length") / (1 if known.get("km") else 1000)
    speed = known.get("speed_kmh") or known.get("maxspeed")
    kmh = _number(speed, built.file, place, "speed_kmh") if speed else math.inf
    labels = tuple(one for one in (edge.get("id"), known.get("id"), known.get("name")) if one)
    built.close(known.get("closed"), labels, place)
    built.edge(ends, km, kmh, labels)
    if not directed:
        built.edge((ends[1], ends[0]), km, kmh, labels)


def _attributes(element: ET.Element, names: Mapping[str | None, str | None]) -> dict[str, str]:
    return {str(names.get(one.get("key"))): one.text or "" for one in element.findall("{*}data")}


def _signed(text: str | None, file: str, place: str, field: str) -> float:
    text = text or ""
    return -_number(text[1:], file, place, field) if text.startswith("-") else _number(text, file, place, field)


def _geojson(text: str, file: str) -> RoadGraph:
    try:
        document = json.loads(text)
        features = document["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(Fault(file, "", "", "no feature collection", "GeoJSON with lines")) from error
    built = _Builder(file)
    for number, feature in enumerate(features):
        try:
            _geojson_feature(built, feature, f"features[{number}]")
        except InputError as error:
            built.note(InputError(*(dataclasses.replace(one, place=f"features[{number}]") for one in error.faults)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
            place = f"features[{number}]"
            built.note(InputError(Fault(file, place, "geometry", "no line of positions", "a line with coordinates")))
    return built.graph()


def _geojson_feature(built: _Builder, feature: Mapping[str, object], place: str) -> None:
    shape, known = feature["geometry"], feature.get("properties") or {}
    if not isinstance(shape, dict) or not isinstance(known, dict):
        raise TypeError("found no geometry, expected one")
    if shape["type"] not in {"LineString", "MultiLineString"}:
        return
    lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
    speed = known.get("speed_kmh") or known.get("maxspeed")
    kmh = _number(str(speed), built.file, place, "speed_kmh") if speed else math.inf
    labels = tuple(str(one) for one in (feature.get("id"), known.get("id"), known.get("name")) if one)
    built.close(known.get("closed"), labels, place)
    for line in lines:
        for first, second in itertools.pairwise(line):
            ends = (_corner(first), _corner(second))
            built.node(ends[0], float(first[0]), float(first[1]))
            built.node(ends[1], float(second[0]), float(second[1]))
            km = _crow_km((first[0], first[1]), (second[0], second[1]))
            built.edge(ends, km, kmh, labels)
            if known.get("oneway") not in {True, "yes"}:
                built.edge((ends[1], ends[0]), km, kmh, labels)


def _corner(point: list[float]) -> str:
    return f"{round(point[0], _DEGREES) + 0.0:.6f},{round(point[1], _DEGREES) + 0.0:.6f}"


def _crow_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    lat, there = math.radians(one[1]), math.radians(other[1])
    half = math.sin((there - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(there) * math.sin(math.radians(other[0] - one[0]) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
