"""A ceasefire plan (PLAN.json) and the state of a day (STATE.json): read strictly, written in one form."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Callable, Mapping

from goodoffices.domain.visits import (
    DayState,
    Departure,
    Left,
    Return,
    SiteState,
    TeamState,
    TurnBack,
    Visit,
    VisitPlan,
    Why,
)
from goodoffices.domain.window import Window
from goodoffices.formats.window import read_closures
from goodoffices.formats.window_fields import Fields, document


def local_time(window: Window, moment: dt.datetime) -> dt.datetime:
    """Give an instant in the window's own time: its zone, or the offset of its start."""
    return moment.astimezone(zoneinfo.ZoneInfo(window.zone) if window.zone else window.start.tzinfo)


def write_plan(window: Window, plan: VisitPlan, *, extra: Mapping[str, object] | None = None) -> bytes:
    """Write a plan as JSON, one visit a line, times in the window's own zone.

    Parameters
    ----------
    window
        The window planned.
    plan
        Its plan.
    extra
        Further fields: how the plan was made, what it promises.
    """

    def time(moment: dt.datetime | None) -> str | None:
        return None if moment is None else local_time(window, moment).isoformat(timespec="minutes")

    parts: dict[str, object] = {
        "visits": [
            {
                "team": one.team, "trip": one.trip, "site": one.site, "wounded": one.wounded, "bodies": one.bodies,
                "arrive": time(one.arrive), "leave": time(one.leave), "turn_back": time(one.turn_back),
            }
            for one in plan.visits
        ],
        "departures": [
            {"team": one.team, "trip": one.trip, "from": one.place, "at": time(one.at)} for one in plan.departures
        ],
        "returns": [
            {"team": one.team, "trip": one.trip, "crossing": one.crossing, "at": time(one.at)} for one in plan.returns
        ],
        "left": [
            {"site": one.site, "wounded": one.wounded, "bodies": one.bodies, "reason": one.reason.value}
            for one in plan.left
        ],
        "totals": {"wounded": plan.wounded, "bodies": plan.bodies},
        "latest_return": time(plan.latest_return),
        "margin_minutes": plan.margin_minutes,
        "turn_back": None
        if plan.rule is None
        else {"factor": plan.rule.factor, "buffer_minutes": plan.rule.buffer_minutes},
        **(extra or {}),
    }  # fmt: skip
    lines = []
    for key, value in parts.items():
        if isinstance(value, list) and value:
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'"{key}": [\n{rows}\n ]')
        else:
            lines.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return ("{\n " + ",\n ".join(lines) + "\n}\n").encode()


def read_plan(data: bytes, window: Window, *, file: str = "PLAN.json") -> VisitPlan:
    """Read a plan of a window; whether it holds is the audit's to say.

    Raises
    ------
    InputError
        With every fault: missing fields, times without zone, teams, sites or crossings that the window has not.
    """
    top = document(data, file)
    fields = Fields(file)
    for key in ("visits", "returns", "left"):
        if key not in top:
            fields.fault("", key, "nothing", "a list")
    fields.close()
    names = {
        "team": {team.id for team in window.teams},
        "site": {site.id for site in window.sites},
        "crossing": {crossing.id for crossing in window.crossings},
    }

    def name(row: Mapping[str, object], place: str, key: str) -> str:
        value = fields.text(row, place, key)
        if value and value not in names[key]:
            fields.fault(place, key, value, f"a {key} of the window")
        return value

    def trip(row: Mapping[str, object], place: str) -> int:
        return int(fields.number(row, place, "trip", 1, 10_000))

    visits = _visits(fields, top, name, trip)
    departures = tuple(
        Departure(
            name(row, at, "team"), trip(row, at), fields.text(row, at, "from"), fields.time(row.get("at"), at, "at")
        )
        for at, row in _numbered(fields, top, "departures")
    )
    returns = tuple(
        Return(name(row, at, "team"), trip(row, at), name(row, at, "crossing"), fields.time(row.get("at"), at, "at"))
        for at, row in _numbered(fields, top, "returns")
    )
    left = tuple(
        Left(
            name(row, at, "site"),
            fields.count(row, at, "wounded"),
            fields.count(row, at, "bodies"),
            _why(fields, row, at),
        )
        for at, row in _numbered(fields, top, "left")
    )
    margin = round(fields.number(top, "", "margin_minutes", 0, 100_000, default=window.margin_minutes))
    plan = VisitPlan(visits, departures, returns, left, margin, _rule(fields, top))
    fields.close()
    return plan


_Name = Callable[[Mapping[str, object], str, str], str]
_Trip = Callable[[Mapping[str, object], str], int]


def _visits(fields: Fields, top: Mapping[str, object], name: _Name, trip: _Trip) -> tuple[Visit, ...]:
    return tuple(
        Visit(
            name(row, at, "team"), trip(row, at), name(row, at, "site"),
            fields.count(row, at, "wounded"), fields.count(row, at, "bodies"),
            fields.time(row.get("arrive"), at, "arrive"), fields.time(row.get("leave"), at, "leave"),
            None if row.get("turn_back") is None else fields.time(row["turn_back"], at, "turn_back"),
        )
        for at, row in _numbered(fields, top, "visits")
    )  # fmt: skip


def _numbered(fields: Fields, top: Mapping[str, object], key: str) -> list[tuple[str, Mapping[str, object]]]:
    return [(f"{key}[{number}]", row) for number, row in enumerate(fields.rows(top, key))]


def _why(fields: Fields, row: Mapping[str, object], place: str) -> Why:
    value = fields.text(row, place, "reason")
    return Why(value) if value in set(Why) else Why.NO_TIME


def _rule(fields: Fields, top: Mapping[str, object]) -> TurnBack | None:
    row = top.get("turn_back")
    if row is None:
        return None
    if not isinstance(row, dict):
        fields.fault("", "turn_back", row, 'an object such as {"factor": 1.6, "buffer_minutes": 60}')
        return None
    factor = fields.number(row, "turn_back", "factor", 0, 100)
    return TurnBack(factor, round(fields.number(row, "turn_back", "buffer_minutes", 0, 10_000, default=0)))


def read_state(data: bytes, window: Window, *, file: str = "STATE.json") -> DayState:
    """Read how a day stands: the hour, the teams and sites that differ from the beginning of the day.

    Raises
    ------
    InputError
        With every fault: an hour outside the window, unknown teams or places, loads beyond a capacity.
    """
    top = document(data, file)
    fields = Fields(file)
    fields.known(top, "", ("at", "teams", "sites", "closed", "note"))
    at = fields.time(top.get("at"), "", "at")
    if not fields.faults and not window.start <= at < window.end:
        fields.fault("", "at", str(top.get("at")), "an hour inside the window")
    teams = tuple(_team_state(fields, window, place, row, at) for place, row in _numbered(fields, top, "teams"))
    sites = tuple(_site_state(fields, window, place, row) for place, row in _numbered(fields, top, "sites"))
    for kind, names in (("teams", [one.team for one in teams]), ("sites", [one.site for one in sites])):
        for double in sorted({one for one in names if names.count(one) > 1}):
            fields.fault(kind, "", double, "each only once")
    closed = read_closures(fields, fields.rows(top, "closed"))
    fields.close()
    return DayState(at, teams, sites, closed)


def _team_state(fields: Fields, window: Window, place: str, row: Mapping[str, object], at: dt.datetime) -> TeamState:
    fields.known(row, place, ("team", "at", "free", "aboard", "trip", "out_since", "lost", "note"))
    team = {one.id: one for one in window.teams}.get(fields.text(row, place, "team"))
    if team is None:
        fields.fault(place, "team", row.get("team"), "a team of the window")
        return TeamState("", "", at)
    where = fields.text(row, place, "at", default=team.crossing)
    if where not in {point.id for point in window.points}:
        fields.fault(place, "at", where, "a crossing or a site of the window")
    aboard = row.get("aboard", {})
    if not isinstance(aboard, dict):
        fields.fault(place, "aboard", aboard, 'an object such as {"wounded": 2, "bodies": 0}')
        aboard = {}
    wounded = fields.count(aboard, f"{place}.aboard", "wounded", default=0)
    bodies = fields.count(aboard, f"{place}.aboard", "bodies", default=0)
    if wounded > team.wounded or bodies > team.bodies:
        fields.fault(place, "aboard", dict(aboard), f"at most {team.wounded} wounded and {team.bodies} bodies")
    free = fields.time(row["free"], place, "free") if "free" in row else at
    out = fields.time(row["out_since"], place, "out_since") if row.get("out_since") is not None else None
    trip = int(fields.number(row, place, "trip", 1, 10_000, default=1))
    return TeamState(team.id, where, max(free, at), wounded, bodies, trip, out, row.get("lost") is True)


def _site_state(fields: Fields, window: Window, place: str, row: Mapping[str, object]) -> SiteState:
    fields.known(row, place, ("site", "wounded", "bodies", "done", "closed", "note"))
    site = {one.id: one for one in window.sites}.get(fields.text(row, place, "site"))
    if site is None:
        fields.fault(place, "site", row.get("site"), "a site of the window")
        return SiteState("", 0, 0)
    wounded = fields.count(row, place, "wounded", default=site.wounded)
    bodies = fields.count(row, place, "bodies", default=site.bodies)
    return SiteState(site.id, wounded, bodies, row.get("done") is True, row.get("closed") is True)
