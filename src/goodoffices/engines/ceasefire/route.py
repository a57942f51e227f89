"""One route: its times, its loads, what goes out of it and what comes in."""

from __future__ import annotations

import numpy as np

from goodoffices.engines.ceasefire.arrays import FAR, ONE, Case, Routes, inlined, leaf
from goodoffices.engines.ceasefire.clock import arrival, closing, departure, opening


@inlined
def minutes_at(case: Case, routes: Routes, team: int, place: int) -> int:
    """Give the service time at one place of a route; 0 at its start and end."""
    crossings = case.turn.size
    point = routes.node[team, place]
    if place <= 0 or place >= routes.size[team] - 1:
        return 0
    if point < crossings:
        return case.turn[point]
    taken = routes.take[team, place, 0] + routes.take[team, place, 1]
    return case.fixed[point - crossings] + case.each[point - crossings] * taken


@leaf
def forward(case: Case, routes: Routes, team: int) -> int:
    """Walk a route at its earliest; give the first place that is not in time, or 0."""
    crossings = case.turn.size
    last = routes.size[team] - 1
    pace = case.pace[team]
    routes.leave[team, 0] = max(case.begin[team], routes.release[team])
    routes.begin[team, 0] = routes.leave[team, 0]
    for place in range(1, last + 1):
        point = routes.node[team, place]
        at = arrival(case, pace, routes.node[team, place - 1], point, routes.leave[team, place - 1])
        minutes = minutes_at(case, routes, team, place)
        if place < last and point >= crossings:
            site = point - crossings
            at = opening(case, site, max(at, routes.ready[site]), minutes)
        if at >= FAR:
            return place
        routes.begin[team, place] = at
        routes.leave[team, place] = at + minutes
    if routes.leave[team, last] > curfew(case, routes, team):
        return last
    return 0


@inlined
def curfew(case: Case, routes: Routes, team: int) -> int:
    """Give the latest return: the team's own, or the end of a shift that begins as late as the first stop allows."""
    if case.shift[team] >= FAR or routes.size[team] <= 2:
        return routes.until[team]
    since = case.since[team]
    if since < 0:
        since = departure(case, case.pace[team], case.start[team], routes.node[team, 1], routes.begin[team, 1])
    return min(routes.until[team], since + case.shift[team])


@leaf
def backward(case: Case, routes: Routes, team: int) -> None:
    """Note the latest arrival at each place that keeps what follows in time."""
    crossings = case.turn.size
    last = routes.size[team] - 1
    pace = case.pace[team]
    routes.latest[team, last] = curfew(case, routes, team)
    for place in range(last - 1, -1, -1):
        point = routes.node[team, place]
        by = departure(case, pace, point, routes.node[team, place + 1], routes.latest[team, place + 1])
        minutes = minutes_at(case, routes, team, place)
        if place > 0 and point >= crossings:
            site = point - crossings
            by = closing(case, site, min(by, routes.before[site]), minutes)
        else:
            by -= minutes
        routes.latest[team, place] = by


@leaf
def weigh(case: Case, routes: Routes, team: int) -> None:
    """Note loads, value and minutes on the road of one route."""
    crossings = case.turn.size
    last = routes.size[team] - 1
    pace = case.pace[team]
    worth = 0.0
    road = 0.0
    for kind in range(2):
        aboard = case.held[team, kind]
        first = 0
        for place in range(1, last + 1):
            point = routes.node[team, place]
            if point < crossings:
                for before in range(first, place):
                    routes.trip[team, before, kind] = aboard
                first = place
                aboard = 0
            else:
                aboard += routes.take[team, place, kind]
                worth += routes.take[team, place, kind] * case.worth[point - crossings, kind]
            routes.aboard[team, place, kind] = aboard
        routes.aboard[team, 0, kind] = case.held[team, kind]
    for place in range(1, last + 1):
        if last > 1 or routes.node[team, 0] >= crossings:
            road += case.time[pace, 0, routes.node[team, place - 1], routes.node[team, place]]
    routes.worth[team] = worth
    routes.road[team] = road


@leaf
def renew(case: Case, routes: Routes, team: int) -> int:
    """Bring a changed route up to date; give the first place that is not in time, or 0."""
    routes.chance[1] += np.uint64(1)
    routes.version[team] = routes.chance[1]
    weigh(case, routes, team)
    fault = forward(case, routes, team)
    if fault == 0:
        backward(case, routes, team)
    return fault


@inlined
def drop(case: Case, routes: Routes, team: int, place: int) -> None:
    """Take one point out of a route; what was taken there is offered again. The route must be renewed after."""
    crossings = case.turn.size
    point = routes.node[team, place]
    if point >= crossings:
        routes.seen[point - crossings, team] -= 1
        for kind in range(2):
            routes.rest[point - crossings, kind] += routes.take[team, place, kind]
    for at in range(place, routes.size[team] - 1):
        routes.node[team, at] = routes.node[team, at + 1]
        routes.take[team, at, 0] = routes.take[team, at + 1, 0]
        routes.take[team, at, 1] = routes.take[team, at + 1, 1]
    routes.size[team] -= 1


@inlined
def put(routes: Routes, team: int, place: int, point: int) -> None:
    """Set a point before `place` of a route, with nothing taken there yet."""
    for at in range(routes.size[team], place, -1):
        routes.node[team, at] = routes.node[team, at - 1]
        routes.take[team, at, 0] = routes.take[team, at - 1, 0]
        routes.take[team, at, 1] = routes.take[team, at - 1, 1]
    routes.node[team, place] = point
    routes.take[team, place, 0] = 0
    routes.take[team, place, 1] = 0
    routes.size[team] += 1


@leaf
def tidy(case: Case, routes: Routes, team: int) -> None:
    """Take out needless reloads, and let each crossing be the best between its neighbours."""
    crossings = case.turn.size
    pace = case.pace[team]
    place = int(ONE)
    weigh(case, routes, team)
    while place < routes.size[team] - 1:
        point = routes.node[team, place]
        if point < crossings and _needless(case, routes, team, place):
            drop(case, routes, team, place)
            weigh(case, routes, team)
            continue
        if point >= crossings and point == routes.node[team, place - 1] and place > 1:
            _merge(case, routes, team, place)
            weigh(case, routes, team)
            continue
        if point < crossings:
            routes.node[team, place] = case.via[pace, routes.node[team, place - 1], routes.node[team, place + 1]]
        place += 1
    last = routes.size[team] - 1
    routes.node[team, last] = case.home[pace, routes.node[team, last - 1]]


@inlined
def _merge(case: Case, routes: Routes, team: int, place: int) -> None:
    """Make one visit of two that follow one another at the same site: its fixed minutes are then spent once."""
    site = routes.node[team, place] - case.turn.size
    for kind in range(2):
        taken = routes.take[team, place, kind]
        routes.take[team, place - 1, kind] += taken
        routes.rest[site, kind] -= taken
    drop(case, routes, team, place)


@inlined
def _needless(case: Case, routes: Routes, team: int, place: int) -> bool:
    crossings = case.turn.size
    if routes.node[team, place - 1] < crossings or place + 1 == routes.size[team] - 1:
        return True
    for kind in range(2):
        together = routes.aboard[team, place - 1, kind] + routes.trip[team, place, kind]
        if together > case.hold[team, kind]:
            return False
    return True


@leaf
def mend(case: Case, routes: Routes, team: int) -> None:
    """Tidy and renew a route, and drop what is not in time until all of it is."""
    tidy(case, routes, team)
    fault = renew(case, routes, team)
    while fault > 0:
        last = routes.size[team] - 1
        place = min(fault, last - 1)
        while place > 0 and routes.node[team, place] < case.turn.size:
            place -= 1
        if place == 0:
            place = int(ONE)
            while place < last and routes.node[team, place] < case.turn.size:
                place += 1
        if place >= last or last == 1:
            return
        drop(case, routes, team, place)
        tidy(case, routes, team)
        fault = renew(case, routes, team)
