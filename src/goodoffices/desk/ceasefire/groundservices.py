"""Writes of a planner's own ground: sites and teams, by which roads, and the layers of his map."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ceasefire import selectors
from goodoffices.desk.ceasefire.models import Ceasefire, Ground, MapLayer
from goodoffices.desk.ids import new_id
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.window import Metric, Window
from goodoffices.formats.window import read_window
from goodoffices.store.fieldfiles import layer_apart, layer_plain, travel_apart

MOST_BYTES = 2_000_000
MOST_LAYERS = 10
MOST_LAYER_POINTS = 40_000
_FILE = "WINDOW.json"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent.

    Attributes
    ----------
    name
        As the sender called it; its ending tells the form.
    data
        Its bytes.
    """

    name: str
    data: bytes

    @property
    def clean(self) -> str:
        """Its name without folders or what cannot be printed."""
        last = self.name.replace("\\", "/").rsplit("/", 1)[-1]
        return "".join(letter for letter in last if letter.isprintable())[-80:] or "file"


def ground_read(
    *, ceasefire: Ceasefire, data: bytes, by: Viewer, at: dt.datetime, roads: Sent | None = None, keep: bool = True
) -> Ground:
    """Read a planner's own part of a window, checked in words; not yet kept, so that no transaction waits for a file.

    Parameters
    ----------
    ceasefire, by, at
        Of which window, who, when.
    data
        WINDOW.json.
    roads
        A road graph or a table of travel to plan by.
    keep
        Without one: whether the road file of the part before still holds.

    Raises
    ------
    InputError
        With every fault of the files, or if they are for other hours than those agreed.
    """
    require(by, "write", Thing(selectors.PLAN, by.party))
    if not 0 < len(data) <= MOST_BYTES:
        raise InputError(Fault(_FILE, "", "file", f"{len(data)} bytes", f"1 to {MOST_BYTES} bytes"))
    window = read_window(data)
    _check_hours(window, ceasefire)
    roads = roads or (_kept(ceasefire, by) if keep else None)
    row = Ground(
        id=new_id(), ceasefire=ceasefire, party_id=by.party, body=data.decode(), sites=len(window.sites),
        teams=len(window.teams), by_id=by.user, at=at,
    )  # fmt: skip
    if roads is not None:
        _take_roads(row, window, roads)
    elif window.travel.metric is Metric.FILE:
        raise InputError(Fault(_FILE, "travel", "file", window.travel.file, "this road file sent beside it"))
    return row


def ground_take(*, row: Ground, by: Viewer) -> Ground:
    """Keep a part that was read, sealed under its party's key."""
    require(by, "write", Thing(selectors.PLAN, row.party_id))
    row.save(force_insert=True)
    return row


def _check_hours(window: Window, ceasefire: Ceasefire) -> None:
    faults = [
        Fault(_FILE, "", name, found.isoformat(), f"the agreed {wanted.isoformat()}")
        for name, found, wanted in (
            ("start", window.start, ceasefire.starts_at), ("end", window.end, ceasefire.ends_at),
        )
        if found != wanted
    ]  # fmt: skip
    if faults:
        raise InputError(*faults)


def _kept(ceasefire: Ceasefire, by: Viewer) -> Sent | None:
    last = selectors.own_ground(by, ceasefire)
    if last is None or not last.travel:
        return None
    return Sent(last.travel["name"], last.travel["text"].encode())


def _take_roads(row: Ground, window: Window, roads: Sent) -> None:
    """Let a ground be planned by a road file: its window names the file and has the closures of the file's hours.

    Raises
    ------
    InputError
        With every fault of the file, or if the ground has no longitude and latitude.
    """
    if window.travel.metric is Metric.PLANE:
        raise InputError(Fault(_FILE, "travel", "metric", "plane", "longitude and latitude, as the road file has them"))
    document: dict[str, Any] = json.loads(row.body)
    inside = document.get("travel")
    closed = [*((inside.get("closed") if isinstance(inside, dict) else None) or document.get("closed", []))]
    document |= {"travel": {"file": roads.clean}, "closed": closed}
    found = travel_apart(json.dumps(document).encode(), roads.data, roads.clean)
    document["closed"] = [*closed, *found.closed]
    body = json.dumps(document, ensure_ascii=False)
    read_window(body.encode())
    row.sent, row.body = row.body, body
    row.travel = {
        "name": roads.clean, "text": roads.data.decode("utf-8-sig"), "kind": found.kind, "nodes": found.nodes,
        "ways": found.ways, "closed": len(found.closed),
    }  # fmt: skip


def roads_read(*, ground: Ground, roads: Sent | None, by: Viewer, at: dt.datetime) -> Ground:
    """Read a ground with another road file, or without one: a new ground, so that plans keep what they stood on.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    return ground_read(
        ceasefire=ground.ceasefire, data=(ground.sent or ground.body).encode(), by=by, at=at, roads=roads, keep=False
    )


def layer_read(*, ceasefire: Ceasefire, sent: Sent, name: str, by: Viewer, at: dt.datetime) -> MapLayer:
    """Read a layer for the planner's own map; not yet kept.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    require(by, "write", Thing(selectors.PLAN, by.party))
    layer = layer_apart(sent.data, sent.clean)
    body = {"name": name or sent.clean, "shapes": layer_plain(layer), "points": layer.points}
    return MapLayer(id=new_id(), ceasefire=ceasefire, party_id=by.party, body=body, by_id=by.user, at=at)


def layer_take(*, row: MapLayer, by: Viewer) -> MapLayer:
    """Keep a layer that was read, sealed under its party's key.

    Raises
    ------
    InputError
        If there are too many layers, or too much in all of them.
    """
    require(by, "write", Thing(selectors.PLAN, row.party_id))
    name, known = row.body["name"], selectors.own_layers(by, row.ceasefire)
    if len(known) >= MOST_LAYERS:
        raise InputError(Fault(name, "", "", f"layer {len(known) + 1}", f"at most {MOST_LAYERS} layers"))
    points = row.body["points"] + sum(one.body["points"] for one in known)
    if points > MOST_LAYER_POINTS:
        raise InputError(Fault(name, "", "coordinates", f"{points} positions", f"at most {MOST_LAYER_POINTS} in all"))
    row.save(force_insert=True)
    return row


def layer_remove(*, layer: MapLayer, by: Viewer) -> None:
    """Remove a layer from the planner's map; nothing of it stays."""
    require(by, "write", Thing(selectors.PLAN, layer.party_id))
    layer.delete()
