"""Paper and files of a ceasefire plan for the field: team cards as Typst source, GeoJSON, a calendar."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection

from icalendar import Calendar, Event

from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Metric, Window
from goodoffices.formats.ceasefirepage import COLUMNS, teams_out, timetable
from goodoffices.formats.visits import local_time
from goodoffices.formats.words import Language, Words


def cards_typst(window: Window, plan: VisitPlan, *, language: Language, only: Collection[str] | None = None) -> str:
    """Write the team cards as Typst source, one card a page (A5).

    Every word of the window is set as text, never as markup.

    Parameters
    ----------
    window, plan
        What is planned.
    language
        Of the cards.
    only
        Teams whose cards replace those that they hold; None for the cards of all.
    """
    words = Words("ceasefire", language)
    end = f"{local_time(window, window.end):%d.%m. %H:%M}"
    by = f"{local_time(window, window.end - dt.timedelta(minutes=plan.margin_minutes)):%d.%m. %H:%M}"
    head = (
        '#set page(paper: "a5", margin: 12mm)\n'
        f'#set text(font: ("Noto Sans", "DejaVu Sans"), size: 9pt, lang: {_text(language.value)})\n'
        "#set table(stroke: 0.4pt + luma(160), inset: 4pt)\n"
    )
    kinds = {team.id: team.kind for team in window.teams}
    cards = []
    for team in teams_out(window, plan) if only is None else [one.id for one in window.teams if one.id in only]:
        cells = [f"[*#{_text(words(key))}*]" for key in COLUMNS]
        for row in timetable(window, plan, team, words):
            cells += [f"[*#{_text(row[0])}*]", *(f"[#{_text(cell)}]" for cell in row[1:4]), f"[*#{_text(row[4])}*]"]
        title, told, rule = f"{team} · {kinds[team]}", words("card_end", end=end, by=by), words("card_rule")
        told = told if only is None else f"{words('card_replaces')} {told}"
        cards.append(
            f"#text(15pt, weight: 700)[#{_text(title)}]\n\n#{_text(told)}\n\n"
            f"#table(columns: (auto, auto, 1fr, auto, auto), table.header({', '.join(cells[:5])}),\n"
            f"{', '.join(cells[5:])})\n\n#{_text(rule)}\n"
        )
    return head + "#pagebreak()\n".join(cards)


def _text(value: str) -> str:
    """Write a Typst string literal."""
    clean = "".join(letter for letter in value if letter.isprintable())
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def plan_geojson(window: Window, plan: VisitPlan) -> bytes:
    """Write sites, crossings and routes as GeoJSON (RFC 7946); a plane window's are kilometres, and it says so."""
    places = {point.id: [point.lon, point.lat] for point in window.points}
    left = {one.site: one for one in plan.left}
    features: list[dict[str, object]] = []
    features += [_feature("Point", places[one.id], {"kind": "crossing", "id": one.id}) for one in window.crossings]
    for site in window.sites:
        rest = left.get(site.id)
        why = rest.reason.value if rest else None
        facts = {"kind": "site", "id": site.id, "wounded": site.wounded, "bodies": site.bodies, "left": why}
        features.append(_feature("Point", places[site.id], facts))
    for team in teams_out(window, plan):
        rows = [(one.at, one.place) for one in plan.departures if one.team == team]
        rows += [(one.arrive, one.site) for one in plan.visits if one.team == team]
        rows += [(one.at, one.crossing) for one in plan.returns if one.team == team]
        line = [places[place] for _, place in sorted(rows)]
        times = [local_time(window, at).isoformat(timespec="minutes") for at, _ in sorted(rows)]
        if len(line) > 1:
            features.append(_feature("LineString", line, {"kind": "route", "team": team, "times": times}))
    document: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if window.travel.metric is Metric.PLANE:
        document["note"] = "kilometres east and north, not degrees"
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _feature(kind: str, coordinates: object, facts: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": facts}


def plan_calendar(window: Window, plan: VisitPlan, *, language: Language) -> bytes:
    """Write the timetable as a calendar (RFC 5545), one event a visit and a return, times in UTC."""
    words = Words("ceasefire", language)
    calendar = Calendar()
    calendar.add("prodid", "-//Good Offices//ceasefire//EN")
    calendar.add("version", "2.0")
    for number, visit in enumerate(plan.visits):
        event = Event()
        event.add("uid", f"visit-{number}-{visit.team}@goodoffices.invalid")
        task = (
            words("take", wounded=visit.wounded, bodies=visit.bodies) if visit.wounded + visit.bodies else words("work")
        )
        event.add("summary", f"{visit.team}: {visit.site}, {task}")
        _times(event, window, visit.arrive, visit.leave)
        calendar.add_component(event)
    for number, back in enumerate(plan.returns):
        event = Event()
        event.add("uid", f"return-{number}-{back.team}@goodoffices.invalid")
        event.add("summary", f"{back.team}: {back.crossing}, {words('unload')}")
        _times(event, window, back.at, back.at)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _times(event: Event, window: Window, start: dt.datetime, end: dt.datetime) -> None:
    event.add("dtstamp", window.start.astimezone(dt.UTC))  # a fixed stamp, so that equal plans give equal bytes
    event.add("dtstart", start.astimezone(dt.UTC))
    event.add("dtend", end.astimezone(dt.UTC))
