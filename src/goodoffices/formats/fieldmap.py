"""A map as SVG: sites, crossings, routes, scale, north; no tiles and no borders (they are disputed)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Metric, Window
from goodoffices.formats.layers import Layer
from goodoffices.formats.maplayers import draw_layers, is_on
from goodoffices.formats.page import Html, join, tag
from goodoffices.formats.words import Words

_WIDTH, _HEIGHT, _EDGE = 960.0, 560.0, 26.0
_NAMED = 60
"""Most sites whose names are written beside them; of more they stand in the tooltips alone."""
_KM_A_DEGREE = 111.19492664
"""Kilometres a degree of latitude on a sphere of 6,371.0088 km."""


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    top: float
    scale: float
    squeeze: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give the place on the sheet."""
        return _EDGE + (lon * self.squeeze - self.left) * self.scale, _EDGE + (self.top - lat) * self.scale


def draw_map(window: Window, plan: VisitPlan, words: Words, *, layers: Sequence[Layer] = ()) -> Html:
    """Draw a plan.

    Parameters
    ----------
    window, plan
        What is drawn.
    words
        Of the part `ceasefire`.
    layers
        The user's own.
    """
    frame, height = _frame(window)
    places = {point.id: frame.at(point.lon, point.lat) for point in window.points}
    taken: dict[str, int] = defaultdict(int)
    for visit in plan.visits:
        taken[visit.site] += visit.wounded + visit.bodies + 1
    parts = [
        *draw_layers(layers, frame.at, (_WIDTH, height)),
        *_routes(window, plan, places),
        *_sites(window, taken, places),
        *(_crossing(crossing.id, places[crossing.id]) for crossing in window.crossings),
        _scale(window, frame, height, words),
    ]
    title = tag("title", words("map_title", sites=len(window.sites), crossings=len(window.crossings)))
    return tag("svg", title, *parts, viewBox=f"0 0 {_WIDTH:g} {height:g}", class_="map", role="img")


def shapes_on(window: Window, layer: Layer) -> int:
    """Count the shapes of a layer that lie on a window's map."""
    frame, height = _frame(window)
    return is_on(layer, frame.at, (_WIDTH, height))


def _frame(window: Window) -> tuple[_Frame, float]:
    lats = [point.lat for point in window.points]
    squeeze = 1.0 if window.travel.metric is Metric.PLANE else math.cos(math.radians(sum(lats) / len(lats)))
    easts = [point.lon * squeeze for point in window.points]
    wide, high = max(easts) - min(easts), max(lats) - min(lats)
    scale = min((_WIDTH - 2 * _EDGE) / max(wide, 1e-6), (_HEIGHT - 2 * _EDGE) / max(high, 1e-6))
    height = max(200.0, high * scale + 2 * _EDGE + 40)
    pad = (_WIDTH - 2 * _EDGE - wide * scale) / 2 / scale
    return _Frame(min(easts) - pad, max(lats), scale, squeeze), height


def _path(points: list[tuple[float, float]], class_: str, title: str = "") -> Html:
    drawn = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return tag("path", tag("title", title) if title else "", d=drawn, class_=class_)


def _routes(window: Window, plan: VisitPlan, places: Mapping[str, tuple[float, float]]) -> list[Html]:
    home = {team.id: team.crossing for team in window.teams}
    kinds = sorted({team.kind for team in window.teams})
    kind = {team.id: kinds.index(team.kind) % 4 for team in window.teams}
    stops: dict[str, list[tuple[object, str]]] = defaultdict(list)
    for departure in plan.departures:
        if departure.place in places:
            stops[departure.team].append((departure.at, departure.place))
    for visit in plan.visits:
        stops[visit.team].append((visit.arrive, visit.site))
    for back in plan.returns:
        stops[back.team].append((back.at, back.crossing))
    found = []
    for team, rows in stops.items():
        line = [place for _, place in sorted(rows, key=lambda row: str(row[0]))]
        if line[0] not in {crossing.id for crossing in window.crossings}:
            line.insert(0, home[team])
        found.append(_path([places[place] for place in line], f"m-route k{kind[team]}", team))
    return found


def _sites(window: Window, taken: Mapping[str, int], places: Mapping[str, tuple[float, float]]) -> list[Html]:
    found: list[Html] = []
    here: dict[str, list[str]] = defaultdict(list)
    for site in window.sites:
        x, y = places[site.id]
        title = tag("title", f"{site.id}: {site.wounded} + {site.bodies}")
        served = "" if taken.get(site.id) else " m-left"
        here[f"{x:.0f} {y:.0f}"].append(site.id)
        if site.is_work:
            drawn = f"M{x:.1f} {y - 4:.1f}l4 7h-8z"
            found.append(tag("path", title, d=drawn, class_="m-work" + served))
            continue
        size = 2.2 + math.sqrt(site.wounded + site.bodies) * 0.9
        kind = "m-wounded" if site.wounded else "m-bodies"
        found.append(tag("circle", title, cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{size:.1f}", class_=kind + served))
    if len(window.sites) <= _NAMED:
        for names in here.values():
            x, y = places[names[0]]
            found.append(tag("text", " ".join(names), x=f"{x + 7:.1f}", y=f"{y + 12:.1f}", class_="m-site"))
    return found


def _crossing(name: str, place: tuple[float, float]) -> Html:
    x, y = place
    box = tag("rect", x=f"{x - 5:.1f}", y=f"{y - 5:.1f}", width="10", height="10", class_="m-crossing")
    return join([box, tag("text", name, x=f"{x + 8:.1f}", y=f"{y + 4:.1f}", class_="m-name")])


def _scale(window: Window, frame: _Frame, height: float, words: Words) -> Html:
    """Draw the scale bar and the arrow to the north."""
    a_unit = frame.scale if window.travel.metric is Metric.PLANE else frame.scale / _KM_A_DEGREE
    wanted = 160 / a_unit
    power = 10 ** math.floor(math.log10(wanted))
    km = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    x, y = _EDGE, height - 18
    bar = f"M{x:.1f} {y - 5:.1f}v5h{km * a_unit:.1f}v-5"
    label = tag("text", words("km", km=f"{km:g}"), x=f"{x + km * a_unit + 8:.1f}", y=f"{y:.1f}", class_="m-name")
    north = tag("path", d=f"M{_WIDTH - 30:.1f} {y:.1f}l-6 2l6 -18l6 18z", class_="m-north")
    letter = tag("text", words("north"), x=f"{_WIDTH - 18:.1f}", y=f"{y - 2:.1f}", class_="m-name")
    return join([tag("path", d=bar, class_="m-scale"), label, north, letter])


STYLE = """.map{width:100%;height:auto;background:var(--card);border:1px solid var(--line)}
.m-layer{fill:none;stroke:var(--mute);stroke-width:1.2;stroke-dasharray:5 3}
.m-area{fill:var(--mute);fill-opacity:.1;stroke:var(--mute);stroke-width:.8}
.m-mark{fill:var(--card);stroke:var(--mute);stroke-width:1.4}.m-label{font-size:12px;font-style:italic;fill:var(--ink)}
.m-route{fill:none;stroke:var(--accent);stroke-width:1.1;opacity:.55;stroke-linejoin:round}
.m-route.k1{stroke:var(--claim-edge)}.m-route.k2{stroke:var(--ok)}.m-route.k3{stroke:var(--neg)}
.m-wounded{fill:var(--neg);stroke:var(--card)}.m-bodies{fill:var(--mute);stroke:var(--card)}.m-work{fill:var(--claim-edge)}
.m-left{fill:none;stroke:var(--ink)}.m-crossing{fill:var(--accent);stroke:var(--card);stroke-width:2}
.m-name{font-size:13px;fill:var(--ink)}.m-site{font-size:11px;fill:var(--ink)}
.m-scale{fill:none;stroke:var(--ink);stroke-width:1.5}.m-north{fill:var(--ink)}
"""
"""Rules of the map, for the page it stands on."""
