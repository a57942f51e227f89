"""Draws layers of the user's own: cut to the sheet, thinned to what an eye can tell apart, names beside points."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

from goodoffices.formats.layers import Kind, Layer, Point, Shape
from goodoffices.formats.page import Html, tag

MOST_DRAWN = 5_000
"""Positions of all layers of one map; beyond it they are thinned further, so that a page stays small."""
_MOST_NAMES = 120
_LEAST_PX = 0.6

Place = Callable[[float, float], Point]
Sheet = tuple[float, float]
Cut = tuple[Shape, list[list[Point]]]


def draw_layers(layers: Sequence[Layer], place: Place, sheet: Sheet) -> list[Html]:
    """Draw every layer, the first lowest: areas, then lines, then points.

    Parameters
    ----------
    layers
        The user's own.
    place
        From (lon, lat) to the sheet.
    sheet
        Its width and height.
    """
    cut, tolerance = _cut(layers, place, sheet), _LEAST_PX
    drawn = _thinned(cut, tolerance)
    while sum(len(part) for _, parts in drawn for part in parts) > MOST_DRAWN and tolerance < max(sheet):
        tolerance *= 2
        drawn = _thinned(cut, tolerance)
    order = {Kind.AREA: 0, Kind.LINE: 1, Kind.POINT: 2}
    drawn.sort(key=lambda one: order[one[0].kind])
    names = iter(range(_MOST_NAMES))
    return [_drawn(shape, parts, names) for shape, parts in drawn]


def is_on(layer: Layer, place: Place, sheet: Sheet) -> int:
    """Count the shapes of a layer of which something lies on the sheet."""
    return len(_cut([layer], place, sheet))


def _cut(layers: Sequence[Layer], place: Place, sheet: Sheet) -> list[Cut]:
    found: list[Cut] = []
    for shape in (one for layer in layers for one in layer.shapes):
        parts: list[list[Point]] = []
        for part in shape.parts:
            at = [place(*point) for point in part]
            if shape.kind is Kind.POINT:
                parts += [[point] for point in at if 0 <= point[0] <= sheet[0] and 0 <= point[1] <= sheet[1]]
            elif shape.kind is Kind.AREA:
                ring = _inside(at, sheet)
                parts += [ring] if len(ring) > 2 else []
            else:
                parts += _runs(at, sheet)
        if parts:
            found.append((shape, parts))
    return found


def _thinned(cut: list[Cut], tolerance: float) -> list[Cut]:
    return [(shape, [thin(part, tolerance) for part in parts]) for shape, parts in cut]


def thin(line: list[Point], tolerance: float) -> list[Point]:
    """Leave out every point nearer than a tolerance to the last one kept; the ends stay."""
    kept = line[:1]
    for point in line[1:-1]:
        if math.dist(point, kept[-1]) >= tolerance:
            kept.append(point)
    return kept + line[1:][-1:]


def _drawn(shape: Shape, parts: list[list[Point]], names: Iterator[int]) -> Html:
    title = tag("title", shape.name) if shape.name else ""
    if shape.kind is Kind.POINT:
        dots = [tag("circle", title, cx=f"{x:.1f}", cy=f"{y:.1f}", r="3", class_="m-mark") for ((x, y),) in parts]
        x, y = parts[0][0]
        is_named = shape.name and next(names, None) is not None
        label = tag("text", shape.name, x=f"{x + 6:.1f}", y=f"{y - 5:.1f}", class_="m-label") if is_named else ""
        return tag("g", *dots, label)
    close = "z" if shape.kind is Kind.AREA else ""
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in part) + close for part in parts)
    return tag("path", title, d=path, class_="m-area" if close else "m-layer")


def _runs(at: list[Point], sheet: Sheet) -> Iterator[list[Point]]:
    """Cut a line to the sheet: each stretch that runs on it, with its ends on the edge."""
    run: list[Point] = []
    for first, second in itertools.pairwise(at):
        piece = _clip(first, second, sheet)
        if piece is None or (run and piece[0] != run[-1]):
            if len(run) > 1:
                yield run
            run = []
        if piece is not None:
            run = [*run, piece[1]] if run else list(piece)
    if len(run) > 1:
        yield run


def _clip(first: Point, second: Point, sheet: Sheet) -> tuple[Point, Point] | None:
    """Cut one piece of a line to the sheet (Liang and Barsky)."""
    dx, dy = second[0] - first[0], second[1] - first[1]
    low, high = 0.0, 1.0
    for way, room in ((-dx, first[0]), (dx, sheet[0] - first[0]), (-dy, first[1]), (dy, sheet[1] - first[1])):
        if way == 0:
            if room < 0:
                return None
            continue
        share = room / way
        low, high = (max(low, share), high) if way < 0 else (low, min(high, share))
    if low > high:
        return None
    ends = [(first[0] + share * dx, first[1] + share * dy) for share in (low, high)]
    return (first if low == 0 else ends[0]), (second if high == 1 else ends[1])


def _inside(ring: list[Point], sheet: Sheet) -> list[Point]:
    """Cut a ring to the sheet (Sutherland and Hodgman)."""
    for axis, edge, sign in ((0, 0.0, 1), (0, sheet[0], -1), (1, 0.0, 1), (1, sheet[1], -1)):
        cut: list[Point] = []
        for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            was, will = sign * (here[axis] - edge) >= 0, sign * (there[axis] - edge) >= 0
            if was:
                cut.append(here)
            if was != will:
                share = (edge - here[axis]) / (there[axis] - here[axis])
                cut.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
        ring = cut
    return ring
