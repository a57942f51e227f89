"""Writes what was asked for beside the plan: page, cards, GeoJSON, calendar."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Window
from goodoffices.engines.ceasefire.delay import ASSUMPTION, Delays
from goodoffices.engines.ceasefire.frontier import Point
from goodoffices.engines.ceasefire.model import instant
from goodoffices.engines.ceasefire.rehearse import Rehearsal
from goodoffices.formats.ceasefirefrontier import Dot
from goodoffices.formats.ceasefirepage import Story, Weak, ceasefire_page
from goodoffices.formats.fieldcards import cards_pdf, plan_calendar, plan_geojson
from goodoffices.formats.layers import Layer, read_layer
from goodoffices.formats.visits import local_time
from goodoffices.formats.words import Language, Words
from goodoffices.store.write import read_bytes, write_whole


@dataclass(frozen=True, slots=True)
class Result:
    """A plan and what the rehearsal says of it.

    Attributes
    ----------
    plan
        Audited.
    seen
        Its rehearsal.
    frontier
        Every plan and rule tried for a promise.
    holds
        Whether the promise, if any, is kept.
    """

    plan: VisitPlan
    seen: Rehearsal
    frontier: tuple[Point, ...]
    holds: bool


def write_outputs(
    window: Window, result: Result, options: Mapping[str, object], model: tuple[Delays, Mapping[str, str]]
) -> None:
    """Write the files that the options name; with `--side`, of that side's part alone."""
    language = Language(str(options["language"]))
    layers = options["layers"]
    read = tuple(read_layer(read_bytes(path), file=str(path)) for path in (layers if isinstance(layers, tuple) else ()))
    plan = result.plan
    story: Story | None = tell(window, result, options, model, read)
    if options["side"] is not None:
        window, plan = _part(window, result.plan, str(options["side"]))
        story = None
    if options["html"]:
        write_whole(Path(str(options["html"])), ceasefire_page(window, plan, story, language=language))
    if options["cards"]:
        write_whole(Path(str(options["cards"])), cards_pdf(window, plan, language=language))
    if options["geojson"]:
        write_whole(Path(str(options["geojson"])), plan_geojson(window, plan))
    if options["ics"]:
        write_whole(Path(str(options["ics"])), plan_calendar(window, plan, language=language))


def _part(window: Window, plan: VisitPlan, side: str) -> tuple[Window, VisitPlan]:
    """Keep one side's sites, the visits there, and the crossings."""
    mine = {site.id for site in window.sites if site.side == side}
    trips = {(one.team, one.trip) for one in plan.visits if one.site in mine}
    part = dataclasses.replace(
        plan,
        visits=tuple(one for one in plan.visits if one.site in mine),
        departures=(),
        returns=tuple(one for one in plan.returns if (one.team, one.trip) in trips),
        left=tuple(one for one in plan.left if one.site in mine),
    )
    return dataclasses.replace(window, sites=tuple(site for site in window.sites if site.id in mine)), part


def tell(
    window: Window,
    result: Result,
    options: Mapping[str, object],
    model: tuple[Delays, Mapping[str, str]],
    layers: tuple[Layer, ...],
) -> Story:
    """Turn a result into what the page tells."""
    seen, plan = result.seen, result.plan
    weak = sorted(seen.teams, key=lambda one: one.chance)
    delays, sources = model
    words = Words("ceasefire", Language(str(options["language"])))
    return Story(
        chance=seen.chance_all_back,
        low=seen.low,
        runs=seen.runs,
        wounded=seen.wounded,
        bodies=seen.bodies,
        weak=tuple(
            Weak(one.team, one.chance, local_time(window, instant(window, one.latest_95)), one.blamed) for one in weak
        ),
        dots=tuple(
            Dot(
                point.chance,
                point.wounded,
                point.bodies,
                _label(point, words),
                chosen=(point.margin_minutes, point.rule) == (plan.margin_minutes, plan.rule),
            )
            for point in result.frontier
        ),
        promised=float(str(options["chance"])) if options["chance"] else None,
        holds=result.holds,
        delays=tuple(
            (name, value, "" if sources[name] == ASSUMPTION else sources[name])
            for name, value in dataclasses.asdict(delays).items()
        ),
        layers=layers,
    )


def _label(point: Point, words: Words) -> str:
    if point.rule is None:
        return words("margin", margin=point.margin_minutes)
    factor, buffer = f"{point.rule.factor:g}", point.rule.buffer_minutes
    return words("margin_rule", margin=point.margin_minutes, factor=factor, buffer=buffer)
