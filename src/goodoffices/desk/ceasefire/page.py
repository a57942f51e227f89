"""What the pages of a ceasefire show: a plan's parts, the choice of a point, how the day stands."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from goodoffices.desk.ceasefire.models import Ceasefire, MapLayer, Plan
from goodoffices.desk.ceasefire.records import plan_of, stands, way_taken, window_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.visits import DayState, Return, VisitPlan
from goodoffices.domain.window import Window
from goodoffices.engines.ceasefire.delay import SOURCES, Delays
from goodoffices.formats.ceasefirefrontier import Dot, percent
from goodoffices.formats.ceasefirepage import Story, Weak, plan_parts
from goodoffices.formats.fieldmap import shapes_on
from goodoffices.formats.layers import Layer
from goodoffices.formats.visits import read_state
from goodoffices.formats.words import Language, number
from goodoffices.store.fieldfiles import layer_of
from goodoffices.synth.ground import ground
from goodoffices.synth.roads import layer, roads

PART = "desk_ceasefire"


def safe(html: str) -> SafeString:
    """Pass on what `formats.page` has escaped."""
    return mark_safe(html)  # noqa: S308  built by `formats.page.tag`, which escapes


def story_of(row: Plan) -> Story | None:
    """Read what was told beside a plan."""
    told = row.story
    if told is None:
        return None
    return Story(
        chance=told["chance"],
        low=told["low"],
        runs=told["runs"],
        wounded=told["wounded"],
        bodies=told["bodies"],
        weak=tuple(
            Weak(team, chance, dt.datetime.fromisoformat(at), blamed) for team, chance, at, blamed in told["weak"]
        ),
        dots=tuple(
            Dot(dot["chance"], dot["wounded"], dot["bodies"], _label(dot), chosen=dot["chosen"]) for dot in told["dots"]
        ),
        promised=told["promised"],
        holds=told["holds"],
        delays=tuple((name, value, SOURCES[name]) for name, value in dataclasses.asdict(Delays()).items()),
    )


def _label(dot: Mapping[str, Any]) -> str:
    if dot["factor"] is None:
        return f"{dot['margin']} min"
    return f"{dot['margin']} min, × {dot['factor']:g} + {dot['buffer']} min"


def points(row: Plan | None) -> list[tuple[str, str]]:
    """Give the points of the frontier that no other beats, the safest first, as choices."""
    if row is None or row.story is None:
        return []
    dots = row.story["dots"]

    def beaten(dot: Mapping[str, Any]) -> bool:
        mine = (dot["wounded"], dot["bodies"])
        return any(one["chance"] >= dot["chance"] and (one["wounded"], one["bodies"]) > mine for one in dots)

    best = [(at, dot) for at, dot in enumerate(dots) if not beaten(dot)]
    best.sort(key=lambda one: -one[1]["chance"])
    return [
        (
            str(at),
            f"{percent(dot['chance'])} · {number(dot['wounded'], 1)} + {number(dot['bodies'], 1)} · {_label(dot)}",
        )
        for at, dot in best
    ]


def layers_of(rows: Sequence[MapLayer]) -> list[Layer]:
    """Read layers."""
    return [layer_of(row.body["shapes"], row.body["name"]) for row in rows]


def map_shown(window: Window, rows: Sequence[MapLayer], language: str) -> dict[str, Any]:
    """Give the map of a ground that has no plan yet, and what of each layer lies on it."""
    nothing = VisitPlan((), (), (), (), window.margin_minutes)
    parts = plan_parts(window, nothing, None, language=Language(language), layers=layers_of(rows))
    return {"parts": {"map": safe(parts["map"])}}


def layer_lines(window: Window | None, rows: Sequence[MapLayer]) -> list[dict[str, Any]]:
    """Give name, time and number of shapes of each layer, and how many of them lie on the map."""
    return [
        {
            "id": row.id, "name": layer.name, "at": row.at, "shapes": len(layer.shapes),
            "on": None if window is None else shapes_on(window, layer),
        }
        for row, layer in zip(rows, layers_of(rows), strict=True)
    ]  # fmt: skip


def plan_shown(row: Plan, language: str, layers: Sequence[MapLayer] = ()) -> dict[str, Any]:
    """Give a plan's parts for its own planner, with his layers on the map."""
    window = window_of(row)
    plan = plan_of(row, window)
    parts = plan_parts(
        _still_there(window, state_of(row)), plan, story_of(row), language=Language(language), layers=layers_of(layers)
    )
    return {
        "parts": {name: safe(html) for name, html in parts.items()},
        "ways": ways_shown(row, window),
        "window": window,
        "plan": plan,
    }


def _still_there(window: Window, state: DayState | None) -> Window:
    """Leave out of a window what is done, so that the map and figures of a rest of a day are of what is still there."""
    known = {one.site: one for one in state.sites} if state else {}
    sites = []
    for site in window.sites:
        now = known.get(site.id)
        if now is None:
            sites.append(site)
        elif now.wounded + now.bodies > 0 or (site.is_work and not now.done):
            sites.append(dataclasses.replace(site, wounded=now.wounded, bodies=now.bodies))
    return dataclasses.replace(window, sites=tuple(sites))


def state_of(row: Plan) -> DayState | None:
    """Read the state from which a plan of the rest of a day was made."""
    return None if row.state is None else read_state(row.state.encode(), window_of(row))


def ways_shown(row: Plan, window: Window) -> dict[str, Any] | None:
    """Give the ways found for the rest of the day, the smallest change first, and what each changes for which team."""
    taken = way_taken(row)
    if taken is None:
        return None
    every = [team.id for team in window.teams]
    ways = [
        {
            **way, "taken": way is taken, "chance": percent(way["story"]["chance"]),
            "same": [team for team in every if team not in {line["team"] for line in way["teams"]}],
        }
        for way in row.story["replan"]
    ]  # fmt: skip
    home = [{**one, "at": dt.datetime.fromisoformat(one["at"])} for one in taken["home"]]
    return {"list": ways, "home": home, "cards": row.story["cards"]}


def noted(row: Plan) -> dict[str, dict[str, Json]]:
    """Give team to what was noted of it last."""
    return {one.noted["team"]: one.noted for one in row.sightings.select_related("plan").order_by("at")}


def day_shown(row: Plan, now: dt.datetime) -> dict[str, Any]:
    """Give how the day stands: the clock, who is out, who must turn back by when."""
    window = window_of(row)
    plan = plan_of(row, window)
    way = way_taken(row)
    home = (
        [Return(one["team"], 0, one["place"], dt.datetime.fromisoformat(one["at"])) for one in way["home"]]
        if way
        else []
    )
    lines = stands(window, plan, now, noted(row), home)
    back = max((one.at for one in [*plan.returns, *home]), default=window.end)
    out = [one for one in lines if one.state in {"out", "late", "lost"}]
    gates = {one.id for one in window.crossings}
    return {
        "gates": gates,
        "lines": lines,
        "out": len(out),
        "last_back": back,
        "window": window,
        "begun": window.start <= now,
    }


_KM_A_DEGREE = 111.195


def invented(found: Ceasefire, party: str) -> bytes:
    """Invent a ground for a window: for the demo and for trying out; it lies in the open sea, no place is real."""
    hours = max(1, int((found.ends_at - found.starts_at).total_seconds() // 3600))
    tree = ground(sites=16, teams=5, hours=hours, seed=_seed(party))
    shift = found.starts_at - dt.datetime.fromisoformat(str(tree["start"]))

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: _degrees(key, moved(inner)) for key, inner in value.items()}
        if isinstance(value, list):
            return [moved(inner) for inner in value]
        try:
            moment = dt.datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
        except ValueError:
            moment = None
        return value if moment is None else min(moment + shift, found.ends_at).isoformat(timespec="minutes")

    document = moved(tree)
    document |= {"note": "invented; in the open sea", "travel": {"metric": "crow", "detour": 1.35}}
    document["end"] = found.ends_at.astimezone(dt.datetime.fromisoformat(document["start"]).tzinfo).isoformat()
    return json.dumps(document, ensure_ascii=False).encode()


def _seed(party: str) -> int:
    return sum(party.encode())


def _degrees(key: str, value: Any) -> Any:
    """Lay kilometres of the invented plane where a degree is as long either way."""
    return round(value / _KM_A_DEGREE, 5) if key in {"lon", "lat"} else value


def invented_roads(party: str) -> bytes:
    """Invent roads for the invented ground, some of them closed at night."""
    return roads(seed=_seed(party))


def invented_layer(party: str) -> bytes:
    """Invent a layer for the invented ground: a river, a wood, two places."""
    return layer(seed=_seed(party))
