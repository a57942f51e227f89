"""Reads a planner's layers and road files, which nobody vouches for: a child process with limits, then plain values."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.layers import Kind, Layer, Shape, read_layer
from goodoffices.store.apart import run
from goodoffices.store.sheets import EXIT_FAULT, EXIT_MEMORY, limit

if TYPE_CHECKING:
    from goodoffices.domain.window import Window

LAYER_BYTES = 4 << 20
ROADS_BYTES = 32 << 20
MOST_NODES, MOST_EDGES, MOST_PAIRS, MOST_CHANGES = 100_000, 300_000, 1_000_000, 24
MEMORY_BYTES = 3 << 30
"""Of address space: libraries reserve most of it."""


@dataclass(frozen=True, slots=True)
class Travel:
    """What a travel file holds and what the window becomes with it.

    Attributes
    ----------
    kind
        `roads` or `table`.
    nodes, ways
        Of a graph: nodes and edges, each way of a road for itself; of a table: places and pairs.
    closed
        Closures that follow from the hours of the day in the file, in the form of a window's `closed`.
    """

    kind: str
    nodes: int
    ways: int
    closed: tuple[dict[str, object], ...]


def layer_apart(data: bytes, file: str) -> Layer:
    """Read a layer in a child process.

    Raises
    ------
    InputError
        If it is too large or cannot be read; names every fault.
    """
    _bound(data, file, LAYER_BYTES)
    whole = json.loads(run("goodoffices.store.fieldfiles", (file, "layer"), data, otherwise=_broken(file, "GeoJSON")))
    return layer_of(whole)


def layer_of(shapes: list[list[object]], name: str = "") -> Layer:
    """Make a layer of plain values."""
    made = [
        Shape(Kind(str(kind)), tuple(tuple((x, y) for x, y in part) for part in parts), str(label))  # type: ignore[attr-defined]
        for kind, parts, label in shapes
    ]
    return Layer(tuple(made), name)


def layer_plain(layer: Layer) -> list[list[object]]:
    """Write a layer as plain values."""
    return [[one.kind.value, [list(part) for part in one.parts], one.name] for one in layer.shapes]


def travel_apart(window: bytes, data: bytes, file: str) -> Travel:
    """Read a road graph or a table of travel in a child process, and find whether it serves a window.

    Parameters
    ----------
    window
        WINDOW.json as it was read before, with `travel` naming this file.
    data
        The file.
    file
        Its name; the ending tells its form.

    Raises
    ------
    InputError
        If it is too large, cannot be read, or does not serve the window; names every fault.
    """
    _bound(data, file, ROADS_BYTES)
    sent = len(window).to_bytes(8, "big") + window + data
    otherwise = _broken(file, "GraphML, GeoJSON or CSV")
    whole = json.loads(run("goodoffices.store.fieldfiles", (file, "travel"), sent, otherwise=otherwise))
    return Travel(whole["kind"], whole["nodes"], whole["ways"], tuple(whole["closed"]))


def _bound(data: bytes, file: str, most: int) -> None:
    if not 0 < len(data) <= most:
        raise InputError(Fault(file, "", "", f"{len(data)} bytes", f"1 to {most} bytes"))


def _broken(file: str, form: str) -> Fault:
    found = "a file that breaks its reader, or asks for more memory or time than is given"
    return Fault(file, "", "", found, f"a smaller file, or one saved anew as {form}")


def main() -> int:
    """Read standard input as the arguments say (name, kind) and write JSON."""
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"))
    limit(MEMORY_BYTES)
    file, kind = sys.argv[1:3]
    try:
        data = sys.stdin.buffer.read()
        answer = layer_plain(read_layer(data, file=file)) if kind == "layer" else _travel(data, file)
        sys.stdout.write(json.dumps(answer))
        sys.stdout.flush()
    except InputError as error:
        faults = [[fault.place, fault.field, fault.found[:80], fault.expected] for fault in error.faults[:50]]
        sys.stdout.write("\n" + json.dumps(faults))
        sys.stdout.flush()
        return EXIT_FAULT
    except MemoryError:
        return EXIT_MEMORY
    return 0


def _travel(data: bytes, file: str) -> dict[str, object]:
    from goodoffices.domain.roads import RoadGraph
    from goodoffices.engines.ceasefire.travel import periods
    from goodoffices.flow.ceasefire import Papers, check_travel, daily_closures
    from goodoffices.formats.window import read_window

    size = int.from_bytes(data[:8], "big")
    body, travel = data[8 : 8 + size], data[8 + size :]
    window = read_window(body)
    found = check_travel(window, Papers(body, travel=travel))
    if not isinstance(found, RoadGraph):
        _most(file, "cells", len(found.values), MOST_PAIRS)
        places = {name for pair in found.values for name in pair}
        return {"kind": "table", "nodes": len(places), "ways": len(found.values), "closed": []}
    _most(file, "nodes", len(found.lon), MOST_NODES)
    _most(file, "edges", len(found.tail), MOST_EDGES)
    closed = daily_closures(window, found.hours)
    cuts, _ = periods(dataclasses.replace(window, closed=(*window.closed, *closed)))
    _most(file, "closed", int(cuts.size), MOST_CHANGES, "times at which roads close or open inside the window")
    rows = [{"edge": list(one.edge), "from": _time(window, one.start), "to": _time(window, one.end)} for one in closed]
    return {"kind": "roads", "nodes": len(found.lon), "ways": len(found.tail), "closed": rows}


def _time(window: Window, at: object) -> str:
    from goodoffices.formats.visits import local_time

    return local_time(window, at).isoformat(timespec="minutes")  # type: ignore[arg-type]


def _most(file: str, field: str, found: int, most: int, what: str = "") -> None:
    if found > most:
        raise InputError(Fault(file, "", field, f"{found} {what or field}", f"at most {most}"))


if __name__ == "__main__":
    sys.exit(main())
