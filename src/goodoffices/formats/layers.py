"""Layers of the user's own for a map: points, lines and areas from GeoJSON, read strictly."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import Fault, InputError

MOST_SHAPES, MOST_POINTS, MOST_LETTERS = 2_000, 20_000, 60
_FARTHEST = 1e6
"""As a window's coordinates: degrees, or kilometres on a plane."""
_MOST_FAULTS = 50

Point = tuple[float, float]


class Kind(StrEnum):
    """What a shape is; nothing else is taken."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing of a layer.

    Attributes
    ----------
    kind
        Point, line, or area.
    parts
        Each a sequence of (lon, lat): the point alone, a line, or a ring of an area.
    name
        Empty if it has none.
    """

    kind: Kind
    parts: tuple[tuple[Point, ...], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Shapes drawn below everything else of a map.

    Attributes
    ----------
    shapes
        In the order of the file.
    name
        As the user called it.
    """

    shapes: tuple[Shape, ...]
    name: str = ""

    @property
    def points(self) -> int:
        """Number of positions in all shapes."""
        return sum(len(part) for shape in self.shapes for part in shape.parts)


_KINDS: Mapping[str, tuple[Kind, int, int]] = {
    "Point": (Kind.POINT, 0, 1), "MultiPoint": (Kind.POINT, 1, 1), "LineString": (Kind.LINE, 1, 2),
    "MultiLineString": (Kind.LINE, 2, 2), "Polygon": (Kind.AREA, 2, 4), "MultiPolygon": (Kind.AREA, 3, 4),
}  # fmt: skip
"""GeoJSON's name to kind, how deep its positions lie, and how many positions one part has at least."""


def read_layer(data: bytes, *, file: str) -> Layer:
    """Read points, lines and polygons from GeoJSON.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        With every fault, by feature: another geometry, a position that is none, more than is taken.
    """
    faults: list[Fault] = []
    shapes: list[Shape] = []
    for place, feature in _features(data, file):
        try:
            shapes.append(_shape(feature, file, place))
        except InputError as error:
            faults += error.faults
        if len(faults) >= _MOST_FAULTS:
            break
    if len(shapes) > MOST_SHAPES:
        faults.append(Fault(file, "", "features", f"{len(shapes)}", f"at most {MOST_SHAPES}"))
    layer = Layer(tuple(shapes))
    if layer.points > MOST_POINTS:
        faults.append(Fault(file, "", "coordinates", f"{layer.points} positions", f"at most {MOST_POINTS}"))
    if not shapes and not faults:
        faults.append(Fault(file, "", "features", "none", "at least one point, line or polygon"))
    if faults:
        raise InputError(*faults)
    return layer


def _features(data: bytes, file: str) -> Iterator[tuple[str, object]]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(Fault(file, f"byte {error.start}", "", "no UTF-8", "GeoJSON in UTF-8")) from error
    except json.JSONDecodeError as error:
        raise InputError(Fault(file, f"line {error.lineno}", "", "no JSON", "GeoJSON")) from error
    except (RecursionError, ValueError) as error:
        raise InputError(Fault(file, "", "", "JSON nested too deep, or too long a number", "GeoJSON")) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        yield "feature", document
    elif kind in _KINDS:
        yield "geometry", {"geometry": document}
    elif kind == "FeatureCollection" and isinstance(document.get("features"), list):
        yield from ((f"features[{k}]", feature) for k, feature in enumerate(document["features"]))
    else:
        raise InputError(Fault(file, "", "type", _text(kind), "a FeatureCollection of points, lines and polygons"))


def _shape(feature: object, file: str, place: str) -> Shape:
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    known = feature.get("properties") if isinstance(feature, dict) else None
    name = known.get("name") if isinstance(known, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or not isinstance(kind, str) or kind not in _KINDS:
        found = "no geometry" if shape is None else _text(kind)
        raise InputError(Fault(file, place, "geometry.type", found, ", ".join(_KINDS)))
    what, depth, least = _KINDS[kind]
    parts = [
        tuple(_position(one, file, place) for one in part)
        for part in _parts(shape.get("coordinates"), depth, file, place)
    ]
    for part in parts:
        if len(part) < least:
            raise InputError(Fault(file, place, "coordinates", f"{len(part)} positions", f"at least {least}"))
    if not parts:
        raise InputError(Fault(file, place, "coordinates", "none", "at least one position"))
    if what is Kind.AREA and any(part[0] != part[-1] for part in parts):
        raise InputError(Fault(file, place, "coordinates", "an open ring", "a ring that ends where it begins"))
    return Shape(what, tuple(parts), _name(name))


def _parts(value: object, depth: int, file: str, place: str) -> Iterator[Sequence[object]]:
    """Give the sequences of positions that lie at a depth.

    Raises
    ------
    InputError
        If something else than a list stands where one must.
    """
    if depth == 0:
        yield [value]
        return
    if not isinstance(value, list):
        raise InputError(Fault(file, place, "coordinates", _text(value), "a list"))
    if depth == 1:
        yield value
        return
    for one in value:
        yield from _parts(one, depth - 1, file, place)


def _position(value: object, file: str, place: str) -> Point:
    if isinstance(value, list) and 2 <= len(value) <= 4 and all(_is_number(one) for one in value[:2]):
        return float(value[0]), float(value[1])
    raise InputError(Fault(file, place, "coordinates", _text(value), "a position: longitude, then latitude"))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= _FARTHEST if isinstance(value, float) else abs(value) <= _FARTHEST


def _name(value: object) -> str:
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return "".join(letter for letter in text if letter.isprintable())[:MOST_LETTERS].strip()


def _text(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)[:60]
