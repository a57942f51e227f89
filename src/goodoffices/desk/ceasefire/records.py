"""Row and noun: a ground as a window, a plan's row as a plan; how a day stands, reckoned from the plan."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.desk.ceasefire.models import Plan
from goodoffices.domain.canonical import Json
from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Window
from goodoffices.formats.visits import read_plan
from goodoffices.formats.window import read_window


def window_of(row: Plan) -> Window:
    """Read the window that a plan was made for."""
    return read_window(row.ground.body.encode())


def plan_of(row: Plan, window: Window) -> VisitPlan:
    """Read a plan."""
    return read_plan(row.body.encode(), window)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one team stands at a moment, by the plan and what was noted of it.

    Attributes
    ----------
    team
        Its identifier.
    state
        in, out, late, lost, done.
    place
        Where it is or is bound; empty when it is in.
    next_at
        When it gets there, or goes out again; None when it is done.
    turn_back
        No later than; None without a rule, or when it is in.
    back_at
        When its present or next trip ends; None when it is done.
    """

    team: str
    state: str
    place: str
    next_at: dt.datetime | None
    turn_back: dt.datetime | None
    back_at: dt.datetime | None


def stands(window: Window, plan: VisitPlan, now: dt.datetime, noted: Mapping[str, Mapping[str, Json]]) -> list[Stand]:
    """Reckon how every team stands.

    Parameters
    ----------
    window, plan
        What was planned.
    now
        The moment.
    noted
        Team to the last sighting: `event` (back, late, lost) and `minutes`.
    """
    found = []
    for team in (team.id for team in window.teams):
        ends = sorted((one for one in plan.returns if one.team == team), key=lambda one: one.at)
        if ends:
            found.append(_stand(team, plan, now, noted.get(team, {})))
    order = {"lost": 0, "late": 1, "out": 2, "in": 3, "done": 4}
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda one: (order[one.state], one.back_at or far, one.team))


def _stand(team: str, plan: VisitPlan, now: dt.datetime, noted: Mapping[str, Json]) -> Stand:
    late = dt.timedelta(minutes=int(str(noted.get("minutes", 0) or 0)))
    clock = now - late
    event = str(noted.get("event", ""))
    trip = next((one for one in sorted(plan.returns, key=lambda r: r.at) if one.team == team and one.at > clock), None)
    if event == "lost":
        return Stand(team, "lost", "", None, None, None)
    if trip is None or event == "back":
        later = _later(team, plan, now) if event == "back" else None
        return Stand(team, "in" if later else "done", "", later, None, None)
    left = next((one.at for one in plan.departures if (one.team, one.trip) == (team, trip.trip)), None)
    if left is not None and left > clock:
        return Stand(team, "in", "", left + late, None, trip.at + late)
    coming = [one for one in plan.visits if (one.team, one.trip) == (team, trip.trip) and one.leave > clock]
    coming.sort(key=lambda one: one.arrive)
    state = "late" if late else "out"
    if not coming:
        return Stand(team, state, trip.crossing, trip.at + late, None, trip.at + late)
    stop = coming[0]
    return Stand(team, state, stop.site, stop.arrive + late, stop.turn_back, trip.at + late)


def _later(team: str, plan: VisitPlan, now: dt.datetime) -> dt.datetime | None:
    return min((one.at for one in plan.departures if one.team == team and one.at > now), default=None)


def state_document(
    window: Window,
    plan: VisitPlan,
    *,
    at: dt.datetime,
    lost: frozenset[str] = frozenset(),
    late: Mapping[str, int] | None = None,
    closed: frozenset[str] = frozenset(),
) -> bytes:
    """Write STATE.json: the day as the plan has it at an hour, but for what is known to be otherwise.

    Parameters
    ----------
    window, plan
        What was planned.
    at
        The hour.
    lost
        Teams that drop out.
    late
        Team to minutes behind the plan.
    closed
        Sites where nobody may go any more.
    """
    taken: dict[str, list[int]] = {site.id: [0, 0] for site in window.sites}
    begun: dict[str, bool] = {}
    teams: list[Json] = []
    for team in window.teams:
        clock = at - dt.timedelta(minutes=(late or {}).get(team.id, 0))
        for one in plan.visits:
            if one.team == team.id and one.arrive <= clock:
                taken[one.site][0] += one.wounded
                taken[one.site][1] += one.bodies
                begun[one.site] = begun.get(one.site, True) and one.leave <= clock
        teams.append(_team(team.id, team.crossing, plan, at, clock, is_lost=team.id in lost))
    sites: list[Json] = [
        {
            "site": site.id, "wounded": site.wounded - taken[site.id][0], "bodies": site.bodies - taken[site.id][1],
            "done": site.is_work and begun.get(site.id, False), "closed": site.id in closed,
        }
        for site in window.sites
    ]  # fmt: skip
    document: dict[str, Json] = {"at": at.isoformat(timespec="minutes"), "teams": teams, "sites": sites}
    return json.dumps(document, ensure_ascii=False).encode()


def _team(
    team: str, home: str, plan: VisitPlan, at: dt.datetime, clock: dt.datetime, *, is_lost: bool
) -> dict[str, Json]:
    """Say where one team is: at its last stop, or bound for the one it has left for."""
    behind = at - clock
    out = [one for one in plan.departures if one.team == team and one.at <= clock]
    found: dict[str, Json] = {"team": team, "at": home, "lost": is_lost}
    if not out or is_lost:  # what is aboard of a lost team stays with it, and it goes nowhere
        return found
    trip = max(out, key=lambda one: one.trip)
    found["out_since"] = (min(one.at for one in out) + behind).isoformat(timespec="minutes")
    end = next(one for one in plan.returns if (one.team, one.trip) == (team, trip.trip))
    if end.at <= clock:
        return {**found, "at": end.crossing, "trip": trip.trip + 1}
    stops = sorted((one for one in plan.visits if (one.team, one.trip) == (team, trip.trip)), key=lambda s: s.arrive)
    done = [one for one in stops if one.arrive <= clock]
    coming = [one for one in stops if one.arrive > clock]
    aboard: Json = {"wounded": sum(one.wounded for one in done), "bodies": sum(one.bodies for one in done)}
    found |= {"trip": trip.trip, "aboard": aboard}
    if done and done[-1].leave > clock:  # at work
        return {**found, "at": done[-1].site, "free": _text(done[-1].leave + behind)}
    if coming:  # on the road, and cannot be called back from it
        return {**found, "at": coming[0].site, "free": _text(coming[0].arrive + behind)}
    return {**found, "at": done[-1].site if done else home, "free": _text(at)} if end.at > clock else found


def _text(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="minutes")
