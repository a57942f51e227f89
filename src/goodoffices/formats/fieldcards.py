"""Paper and files of a ceasefire plan for the field: team cards, GeoJSON, a calendar."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection

from icalendar import Calendar, Event

from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Metric, Window
from goodoffices.formats.ceasefirepage import kind_told, teams_out, timetable
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Sheet, clock_name, printed
from goodoffices.formats.visits import local_time
from goodoffices.formats.words import Language, Words


def cards_pdf(
    window: Window,
    plan: VisitPlan,
    *,
    language: Language,
    frame: Frame | None = None,
    only: Collection[str] | None = None,
) -> bytes:
    """Print the team cards, one a page (A5), as tagged PDF (PDF/UA-1); every card names the clock of its times.

    Parameters
    ----------
    window
        The ceasefire.
    plan
        Who goes where and when.
    language
        Of the words.
    frame
        What stands around every card; the last of its places is the one whose clock the window keeps.
    only
        Teams whose cards replace those that they hold; None for the cards of all.
    """
    around = frame or Frame("", "", None, ())
    sheets = card_sheets(window, plan, language=language, frame=around, only=only)
    words = Words("ceasefire", language)
    return printed(sheets or [Sheet(words("title"), around, language, (b.truth(words("card_none")),), paper="a5")])


def card_sheets(
    window: Window, plan: VisitPlan, *, language: Language, frame: Frame, only: Collection[str] | None = None
) -> list[Sheet]:
    """Give the cards of `cards_pdf`, one a team; one that replaces another says so."""
    words = Words("ceasefire", language)
    teams = teams_out(window, plan) if only is None else [one.id for one in window.teams if one.id in only]
    above = () if only is None else (b.lead(words("card_replaces")),)
    return [_card(window, plan, team, words=words, frame=frame, above=above) for team in teams]


def _card(
    window: Window, plan: VisitPlan, team: str, *, words: Words, frame: Frame, above: tuple[b.Block, ...]
) -> Sheet:
    place = frame.places[-1].name if frame.places else window.zone.rpartition("/")[2].replace("_", " ")
    kind = next(one.kind for one in window.teams if one.id == team)
    end = local_time(window, window.end)
    by = end - dt.timedelta(minutes=plan.margin_minutes)
    table = timetable(window, plan, team, words)
    prefix = f"{end:%d.%m.} "
    is_one_day = all(cell.startswith(prefix) for row in table for cell in (row[0], row[3], row[4]) if cell)
    rows: list[list[b.Cell]] = []
    for row in table:
        first, where, task, leave, back = (cell.removeprefix(prefix) if is_one_day else cell for cell in row)
        rows.append([b.strong(first), where, task, leave, b.strong(back)])
    columns = [
        b.Column(words("time"), 19 if not is_one_day else 15),
        b.Column(words("place"), 17),
        b.Column(words("task"), 10, share=True),
        b.Column(words("leave"), 20),
        b.Column(words("turn_back"), 24),
    ]
    blocks = (
        *above,
        b.truth(words("card_end", date=words.date(end.date()), time=f"{end:%H:%M}", by=f"{by:%H:%M}")),
        b.facts([(words("card_clock"), clock_name(end, place))]),
        b.listing(columns, rows, height="roomy", size=100),
        b.plain(words("card_rule")),
    )
    return Sheet(f"{team} · {kind_told(kind, words)}", frame, words.language, blocks, paper="a5")


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
