"""From routes to a plan: visits with times, turn-back times, and what is left with the reason."""

from __future__ import annotations

import math

from goodoffices.domain.visits import Departure, Left, Return, TurnBack, Visit, VisitPlan, Why
from goodoffices.domain.window import Site
from goodoffices.engines.ceasefire.arrays import Case, Routes
from goodoffices.engines.ceasefire.clock import arrival as _compiled_arrival
from goodoffices.engines.ceasefire.clock import departure as _compiled_departure
from goodoffices.engines.ceasefire.model import Situation, can_serve, instant

arrival, departure = _compiled_arrival.py_func, _compiled_departure.py_func


_Out = tuple[list[Visit], list[Departure], list[Return], TurnBack | None]


def plan_of(situation: Situation, case: Case, routes: Routes, *, rule: TurnBack | None) -> VisitPlan:
    """Write the routes down as a plan.

    Parameters
    ----------
    situation, case
        The problem as nouns and as arrays.
    routes
        Settled routes.
    rule
        The turn-back rule of the field; None for none.
    """
    visits: list[Visit] = []
    departures: list[Departure] = []
    returns: list[Return] = []
    for team in range(case.pace.size):
        if routes.size[team] > 2 or case.start[team] >= case.turn.size:
            _walk(situation, case, routes, team, (visits, departures, returns, rule))
    return VisitPlan(
        tuple(visits),
        tuple(departures),
        tuple(returns),
        tuple(_left(situation, case, routes)),
        situation.margin_minutes,
        rule,
    )


def _walk(
    situation: Situation,
    case: Case,
    routes: Routes,
    team: int,
    out: _Out,
) -> None:
    visits, departures, returns, rule = out
    window = situation.window
    name = window.teams[team].id
    trip = next((one.trip for one in situation.state.teams if one.team == name), 1) if situation.state else 1
    crossings = case.turn.size
    last = int(routes.size[team]) - 1
    pace = case.pace[team]
    leave = int(routes.leave[team, 0])
    if case.since[team] < 0 and case.start[team] < crossings:
        leave = _late(case, routes, team, 0)
    departures.append(Departure(name, trip, window.points[case.start[team]].id, instant(window, leave)))
    for place in range(1, last + 1):
        point = int(routes.node[team, place])
        at = arrival(case, pace, routes.node[team, place - 1], point, leave)
        leave = int(routes.leave[team, place])
        if point < crossings:
            returns.append(Return(name, trip, window.points[point].id, instant(window, at)))
            if place < last:
                trip += 1
                leave = max(_late(case, routes, team, place), int(at) + int(case.turn[point]))
                departures.append(Departure(name, trip, window.points[point].id, instant(window, leave)))
            continue
        taken = routes.take[team, place]
        back = None
        if rule is not None and place < last and routes.node[team, place + 1] >= crossings:
            back = instant(window, turn_back_minute(situation, case, routes, (team, place), rule))
        visits.append(
            Visit(
                name,
                trip,
                window.points[point].id,
                int(taken[0]),
                int(taken[1]),
                instant(window, at),
                instant(window, leave),
                back,
            )
        )


def _late(case: Case, routes: Routes, team: int, place: int) -> int:
    """Give the latest departure that begins the next service as early as planned: waiting is done at the crossing."""
    following = int(routes.begin[team, place + 1])
    leave = departure(case, case.pace[team], routes.node[team, place], routes.node[team, place + 1], following)
    return max(int(leave), int(routes.leave[team, place]))


def turn_back_minute(situation: Situation, case: Case, routes: Routes, stop: tuple[int, int], rule: TurnBack) -> int:
    """Give the minute from which a team goes to a crossing instead of on to its next stop.

    It is the window's end less `factor` times the nominal minutes to the next stop, the work there,
    and the way to a crossing, less the buffer.
    """
    team, place = stop
    pace = case.pace[team]
    here, there = routes.node[team, place], routes.node[team, place + 1]
    work = routes.leave[team, place + 1] - routes.begin[team, place + 1]
    need = case.time[pace, 0, here, there] + work + case.time[pace, 0, there, case.home[pace, there]]
    return int(situation.window.minutes - math.ceil(rule.factor * int(need)) - rule.buffer_minutes)


def _left(situation: Situation, case: Case, routes: Routes) -> list[Left]:
    found = []
    for number, site in enumerate(situation.window.sites):
        wounded, bodies = (int(rest) for rest in routes.rest[number])
        if wounded + bodies > 0:
            found.append(Left(site.id, wounded, bodies, _reason(situation, case, routes, number)))
        elif site.is_work and not routes.seen[number].any() and not _is_done(situation, site):
            is_needed = _is_waited_for(situation, case, routes, site)
            reason = _reason(situation, case, routes, number) if is_needed else Why.NOT_NEEDED
            found.append(Left(site.id, 0, 0, reason))
    return found


def _is_waited_for(situation: Situation, case: Case, routes: Routes, site: Site) -> bool:
    """Tell whether somebody behind this work could be fetched, were it done; through other work too."""
    for number, other in enumerate(situation.window.sites):
        if site.id not in other.after:
            continue
        could = _reason(situation, case, routes, number) in {Why.PREDECESSOR, Why.NO_TIME}
        waits = _is_waited_for(situation, case, routes, other) if other.is_work else routes.rest[number].any()
        if could and waits:
            return True
    return False


def _is_done(situation: Situation, site: Site) -> bool:
    return any(one.site == site.id and one.done for one in situation.state.sites) if situation.state else False


def _reason(situation: Situation, case: Case, routes: Routes, number: int) -> Why:
    """Say why a site is not emptied, the firmest reason first."""
    site = situation.window.sites[number]
    if situation.state and any(one.site == site.id and one.closed for one in situation.state.sites):
        return Why.CLOSED
    rest = routes.rest[number]
    teams = [k for k, team in enumerate(situation.window.teams) if can_serve(team, site) and case.can[k, number]]
    if not site.is_work:
        teams = [k for k in teams if any(rest[kind] > 0 and case.hold[k, kind] > 0 for kind in range(2))]
    if not teams:
        return Why.NO_TEAM
    if case.shuts[number].max() - case.opens[number][case.shuts[number].argmax()] < case.fixed[number]:
        return Why.NEVER_OPEN
    if not any(_can_alone(case, team, number) for team in teams):
        return Why.NEVER_OPEN if any(_can_alone(case, k, number, always=True) for k in teams) else Why.TOO_FAR
    for k in range(case.first[number], case.first[number + 1]):
        if not routes.seen[case.firsts[k]].any():
            return Why.PREDECESSOR
    return Why.NO_TIME


def _can_alone(case: Case, team: int, number: int, *, always: bool = False) -> bool:
    """Tell whether a team could go there, take one, and be back, if it did nothing else; `always` as if never shut."""
    point = case.turn.size + number
    pace = case.pace[team]
    at = arrival(case, pace, case.start[team], point, case.begin[team])
    minutes = case.fixed[number] + case.each[number]
    hours = [(0, case.until.max())] if always else zip(case.opens[number], case.shuts[number], strict=True)
    for first, last in hours:
        begin = max(at, first)
        if begin + minutes <= last:
            home = arrival(case, pace, point, case.home[pace, point], begin + minutes)
            late = departure(case, pace, case.start[team], point, begin)
            since = case.since[team] if case.since[team] >= 0 else late
            if home <= min(case.until[team], since + case.shift[team]):
                return True
    return False
