"""Row and noun: a ground as a window, a plan's row as a plan; how a day stands, reckoned from the plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goodoffices.desk.ceasefire.models import Plan
from goodoffices.desk.ids import new_id
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.visits import DayState, Return, TeamState, VisitPlan
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


def stands(
    window: Window, plan: VisitPlan, now: dt.datetime, noted: Mapping[str, Mapping[str, Json]],
    home: Collection[Return] = (),
) -> list[Stand]:  # fmt: skip
    """Reckon how every team stands.

    Parameters
    ----------
    window, plan
        What was planned.
    now
        The moment.
    noted
        Team to the last sighting: `event` (back, late, lost) and `minutes`.
    home
        Returns of teams that were on their road home when the rest of the day was planned.
    """
    found = []
    coming = {one.team: one for one in home if one.at > now}
    gates = {one.id for one in window.crossings}  # from a site it does not set out: it is out already
    plan = dataclasses.replace(plan, departures=tuple(one for one in plan.departures if one.place in gates))
    for team in (team.id for team in window.teams):
        if team in coming and noted.get(team, {}).get("event") not in {"back", "lost"}:
            back = coming[team]
            found.append(Stand(team, "out", back.crossing, back.at, None, back.at))
            continue
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
    start = next((one for one in plan.departures if (one.team, one.trip) == (team, trip.trip)), None)
    left = start.at if start is not None else None
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
    lost: Collection[str] = frozenset(),
    late: Mapping[str, int] | None = None,
    closed: Collection[str] = frozenset(),
    shut: Sequence[Sequence[str]] = (),
    before: DayState | None = None,
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
    shut
        Roads that are closed from this hour on, by name or by their two ends.
    before
        The state from which this plan was made, if the day was planned anew before.
    """
    rest = {site.id: [site.wounded, site.bodies] for site in window.sites}
    over = dict.fromkeys(rest, False)
    for known in before.sites if before else ():
        rest[known.site], over[known.site] = [known.wounded, known.bodies], known.done
    begun: dict[str, bool] = {}
    teams: list[Json] = []
    were = {one.team: one for one in before.teams} if before else {}
    turn = {one.id: one.turnaround_minutes for one in window.crossings}
    for team in window.teams:
        clock = at - dt.timedelta(minutes=(late or {}).get(team.id, 0))
        for one in plan.visits:
            if one.team == team.id and one.arrive <= clock:
                rest[one.site][0] -= one.wounded
                rest[one.site][1] -= one.bodies
                begun[one.site] = begun.get(one.site, True) and one.leave <= clock
        was = were.get(team.id) or TeamState(team.id, team.crossing, window.start)
        teams.append(_team(plan, was, (at, clock), turn, is_lost=team.id in lost))
    sites: list[Json] = [
        {
            "site": site.id, "wounded": rest[site.id][0], "bodies": rest[site.id][1],
            "done": over[site.id] or (site.is_work and begun.get(site.id, False)), "closed": site.id in closed,
        }
        for site in window.sites
    ]  # fmt: skip
    until = max(window.end, at + dt.timedelta(minutes=1))
    roads: list[Json] = [{"edge": list(road), "from": _text(at), "to": _text(until)} for road in shut]
    document: dict[str, Json] = {"at": _text(at), "teams": teams, "sites": sites, "closed": roads}
    return json.dumps(document, ensure_ascii=False).encode()


def _team(
    plan: VisitPlan, was: TeamState, now: tuple[dt.datetime, dt.datetime], turn: Mapping[str, int], *, is_lost: bool
) -> dict[str, Json]:
    """Say where one team is: at its last stop, or bound for the one it has left for."""
    (at, clock), team = now, was.team
    behind = at - clock
    out = [one for one in plan.departures if one.team == team and one.at <= clock]
    since = was.out_since or min((one.at + behind for one in out), default=None)
    aboard: dict[str, Json] = {"wounded": was.wounded, "bodies": was.bodies}
    found: dict[str, Json] = {"team": team, "at": was.at, "lost": is_lost, "trip": was.trip, "aboard": aboard}
    if since is not None:
        found["out_since"] = _text(since)
    if not out or is_lost:  # what is aboard of a lost team stays with it, and it goes nowhere
        return {**found, "free": _text(max(was.free, at))}
    trip = max(one.trip for one in out)
    end = next(one for one in plan.returns if (one.team, one.trip) == (team, trip))
    stops = sorted((one for one in plan.visits if (one.team, one.trip) == (team, trip)), key=lambda s: s.arrive)
    done = [one for one in stops if one.arrive <= clock]
    coming = [one for one in stops if one.arrive > clock]
    at_work = bool(done) and done[-1].leave > clock
    if not at_work and not coming:  # home, or on the road home, where it will have unloaded
        free = end.at + dt.timedelta(minutes=turn[end.crossing]) + behind
        return {**found, "at": end.crossing, "trip": trip + 1, "free": _text(free), "aboard": {}}
    held = (was.wounded, was.bodies) if trip == was.trip else (0, 0)
    found["aboard"] = {
        "wounded": held[0] + sum(one.wounded for one in done), "bodies": held[1] + sum(one.bodies for one in done),
    }  # fmt: skip
    place, free = (done[-1].site, done[-1].leave) if at_work else (coming[0].site, coming[0].arrive)
    return {**found, "trip": trip, "at": place, "free": _text(free + behind)}  # cannot be called back from the road


def homeward(plan: VisitPlan, at: dt.datetime, late: Mapping[str, int], lost: Collection[str]) -> list[Return]:
    """Give the returns of teams that are on their road home at an hour: the rest of the day begins when they are."""
    found = []
    for one in plan.returns:
        behind = dt.timedelta(minutes=late.get(one.team, 0))
        legs = (one.team, one.trip)
        left = [stop.leave for stop in plan.visits if (stop.team, stop.trip) == legs]
        left = left or [start.at for start in plan.departures if (start.team, start.trip) == legs]
        if one.team not in lost and left and max(left) + behind <= at < one.at + behind:
            found.append(Return(one.team, one.trip, one.crossing, one.at + behind))
    return found


def _text(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="minutes")


def replanned(
    old: Plan, ways: Sequence[Mapping[str, Any]], name: str, *, state: str, job: str, at: dt.datetime,
    cards: Collection[str] = (),
) -> Plan:  # fmt: skip
    """Make the row of a plan of the rest of a day from the ways found, with one of them in force.

    Parameters
    ----------
    old
        The plan that stood before.
    ways
        The smallest change first; each with its plan, its story and what it changes.
    name
        Of the way in force.
    state, job, at
        How the day stands, the work that found the ways, when.
    cards
        Teams whose cards were printed anew meanwhile, and so no longer hold either.
    """
    taken = next(way for way in ways if way["name"] == name)
    body = str(taken["body"])
    teams = [line["team"] for line in taken["teams"] if line["card"]]
    story = {**taken["story"], "replan": list(ways), "taken": name, "cards": sorted({*teams, *cards})}
    return Plan(
        id=new_id(), ceasefire=old.ceasefire, party_id=old.party_id, ground=old.ground, body=body, story=story,
        state=state, sha256=sha256_hex(body.encode()), before=old, job=job, at=at,
    )  # fmt: skip


def way_taken(row: Plan) -> Mapping[str, Any] | None:
    """Give the way in force of a plan of the rest of a day."""
    story = row.story or {}
    return next((way for way in story.get("replan", []) if way["name"] == story["taken"]), None)
