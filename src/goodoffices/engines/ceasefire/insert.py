"""Where a visit fits best into a route, and putting it there."""

from __future__ import annotations

from goodoffices.engines.ceasefire.arrays import FAR, Case, Ints, Routes, inlined, leaf
from goodoffices.engines.ceasefire.clock import arrival, departure, fitting, opening
from goodoffices.engines.ceasefire.route import minutes_at, put

PLAIN, UNLOAD_BEFORE, UNLOAD_AFTER, TOP_UP, NEXT_MOVED, LAST_MOVED = range(6)
"""Kinds of insertion: as it is; a new reload before, or after; more at a visit; next or last crossing moved."""

_WAIT = 0.3
"""Cost of a minute's wait against a minute on the road; from the prototype's tuning."""


@inlined
def wanted(case: Case, routes: Routes, site: int) -> bool:
    """Tell whether a site still offers anything, or is work that nobody has done yet."""
    if routes.rest[site, 0] + routes.rest[site, 1] > 0:
        return True
    if case.load[site, 0] + case.load[site, 1] > 0:
        return False
    for team in range(case.pace.size):
        if routes.seen[site, team] > 0:
            return False
    return case.then[site + 1] > case.then[site]


@leaf
def search_route(case: Case, routes: Routes, team: int, site: int) -> None:
    """Find the best insertion of a site into one route and note it with the route's version."""
    routes.found_at[site, team] = routes.version[team]
    routes.found_for[site, team] = _key(routes, site)
    routes.score[site, team] = -1e18
    if routes.size[team] + 2 >= routes.node.shape[1]:
        return
    crossings = case.turn.size
    point = crossings + site
    last = routes.size[team] - 1
    time = case.time[case.pace[team], 0]
    most = (routes.rest[site, 0] * case.worth[site, 0] + routes.rest[site, 1] * case.worth[site, 1]) * case.price
    for place in range(last):
        here = routes.node[team, place]
        after = routes.node[team, place + 1]
        if here >= crossings and after >= crossings:
            if most - time[here, point] - time[point, after] + time[here, after] <= routes.score[site, team]:
                continue
            if routes.leave[team, place] + time[here, point] > routes.latest[team, place + 1] and case.cuts.size == 0:
                continue
        full = routes.trip[team, place, 0] + routes.rest[site, 0] > case.hold[team, 0]
        full = full or routes.trip[team, place, 1] + routes.rest[site, 1] > case.hold[team, 1]
        for kind in range(6):
            if (
                kind == PLAIN
                or (kind == UNLOAD_BEFORE and full and here >= crossings)
                or (kind == UNLOAD_AFTER and full and here >= crossings and after >= crossings)
                or (kind == NEXT_MOVED and after < crossings and place + 1 < last)
                or (kind == LAST_MOVED and here < crossings and place > 0)
            ):
                _try(case, routes, team, site, (place, kind))
        if here == point and place > 0:
            _try_top_up(case, routes, team, site, place)


@inlined
def _key(routes: Routes, site: int) -> int:
    return (routes.rest[site, 0] * 100003 + routes.rest[site, 1]) * 1000003 + routes.ready[site]


@inlined
def is_known(routes: Routes, team: int, site: int) -> bool:
    """Tell whether the best insertion of a site into a route is known as both stand now."""
    return routes.found_at[site, team] == routes.version[team] and routes.found_for[site, team] == _key(routes, site)


@inlined
def _room(case: Case, routes: Routes, team: int, place: int, kind: int, what: int) -> int:
    """Give the room for one kind of load on the trip that an insertion would join."""
    load = routes.trip[team, place, what]
    if kind == UNLOAD_BEFORE:
        load -= routes.aboard[team, place, what]
    elif kind == UNLOAD_AFTER:
        load = routes.aboard[team, place, what]
    return max(0, case.hold[team, what] - load)


@inlined
def _try(case: Case, routes: Routes, team: int, site: int, what: tuple[int, int]) -> None:
    place, kind = what
    take0 = min(routes.rest[site, 0], _room(case, routes, team, place, kind, 0))
    take1 = min(routes.rest[site, 1], _room(case, routes, team, place, kind, 1))
    if take0 + take1 == 0 and routes.rest[site, 0] + routes.rest[site, 1] > 0:
        return
    pace = case.pace[team]
    time = case.time[pace, 0]
    point = case.turn.size + site
    here, leave, limit, cross = routes.node[team, place], routes.leave[team, place], routes.latest[team, place + 1], -1
    after = routes.node[team, place + 1]
    to = case.home[pace, point] if place + 1 == routes.size[team] - 1 else after
    cost = 0.0 - time[here, after]
    if kind == LAST_MOVED:
        ahead = routes.node[team, place - 1]
        cross = case.via[pace, ahead, point]
        cost += time[ahead, cross] - time[ahead, here] + case.turn[cross] - case.turn[here]
        leave = arrival(case, pace, ahead, cross, routes.leave[team, place - 1]) + case.turn[cross]
        here = cross
    elif kind == UNLOAD_BEFORE:
        cross = case.via[pace, here, point]
        cost += time[here, cross] + case.turn[cross]
        leave = arrival(case, pace, here, cross, leave) + case.turn[cross]
        here = cross
    elif kind in (NEXT_MOVED, UNLOAD_AFTER):
        beyond, reach = after, limit
        if kind == NEXT_MOVED:
            beyond, reach = routes.node[team, place + 2], routes.latest[team, place + 2]
            cost -= time[after, beyond] + case.turn[after]
        cross = case.via[pace, point, beyond]
        cost += time[cross, beyond] + case.turn[cross]
        limit = departure(case, pace, cross, beyond, reach) - case.turn[cross]
        to = cross
    cost += time[here, point] + time[point, to]
    value = take0 * case.worth[site, 0] + take1 * case.worth[site, 1]
    if value * case.price - cost <= routes.score[site, team]:
        return
    at = arrival(case, pace, here, point, leave)
    by = min(departure(case, pace, point, to, limit), routes.before[site])
    want = take0 + take1
    count, begin = fitting(case, site, max(at, routes.ready[site]), by, want)
    if count < min(want, 1):
        return
    take0 = min(take0, count)
    take1 = count - take0
    value = take0 * case.worth[site, 0] + take1 * case.worth[site, 1]
    score = value * case.price - cost - _WAIT * (begin - at)
    if score > routes.score[site, team] and _shift_holds(case, routes, team, site, (place, begin, count, to, kind)):
        _note(routes, team, site, score, (place, kind, cross, take0, take1))


@inlined
def _note(routes: Routes, team: int, site: int, score: float, what: tuple[int, int, int, int, int]) -> None:
    routes.score[site, team] = score
    found = routes.found[site, team]
    found[0], found[1], found[2], found[3], found[4] = what


@leaf
def _shift_holds(case: Case, routes: Routes, team: int, site: int, what: tuple[int, int, int, int, int]) -> bool:
    """Walk the whole route where a new first stop moves the shift's begin."""
    place, begin, count, to, kind = what
    if case.shift[team] >= FAR or case.since[team] >= 0 or place > 0:
        return True
    pace = case.pace[team]
    crossings = case.turn.size
    since = departure(case, pace, case.start[team], crossings + site, begin)
    leave = begin + case.fixed[site] + case.each[site] * count
    by = min(routes.until[team], since + case.shift[team])
    last = routes.size[team] - 1
    if last == 1:
        return arrival(case, pace, crossings + site, to, leave) <= by
    if kind != PLAIN:
        return False
    here = crossings + site
    for ahead in range(1, last + 1):
        point = routes.node[team, ahead]
        at = arrival(case, pace, here, point, leave)
        if ahead < last and point >= crossings:
            ready = max(at, routes.ready[point - crossings])
            at = opening(case, point - crossings, ready, minutes_at(case, routes, team, ahead))
        leave = at + minutes_at(case, routes, team, ahead)
        here = point
    return leave <= by


@inlined
def _try_top_up(case: Case, routes: Routes, team: int, site: int, place: int) -> None:
    take0 = min(routes.rest[site, 0], case.hold[team, 0] - routes.trip[team, place, 0])
    take1 = min(routes.rest[site, 1], case.hold[team, 1] - routes.trip[team, place, 1])
    if take0 + take1 <= 0:
        return
    pace = case.pace[team]
    point = case.turn.size + site
    have = routes.take[team, place, 0] + routes.take[team, place, 1]
    after = routes.node[team, place + 1]
    by = min(departure(case, pace, point, after, routes.latest[team, place + 1]), routes.before[site])
    at = arrival(case, pace, routes.node[team, place - 1], point, routes.leave[team, place - 1])
    count, begin = fitting(case, site, max(at, routes.ready[site]), by, have + take0 + take1)
    if count <= have or (begin != routes.begin[team, place] and case.shift[team] < FAR):
        return
    take0 = min(take0, count - have)
    take1 = count - have - take0
    score = (take0 * case.worth[site, 0] + take1 * case.worth[site, 1]) * case.price
    if score > routes.score[site, team]:
        _note(routes, team, site, score, (place, TOP_UP, -1, take0, take1))


@leaf
def place_visit(case: Case, routes: Routes, team: int, site: int, found: Ints) -> None:
    """Put a found insertion into its route; the route must be renewed after."""
    place, kind, cross = found[0], found[1], found[2]
    at = place
    if kind != TOP_UP:
        at = place + 1
        if kind == UNLOAD_AFTER:
            put(routes, team, at, cross)
        put(routes, team, at, case.turn.size + site)
        if kind == UNLOAD_BEFORE:
            put(routes, team, at, cross)
            at += 1
        elif kind == LAST_MOVED:
            routes.node[team, place] = cross
        elif kind == NEXT_MOVED:
            routes.node[team, at + 1] = cross
        routes.seen[site, team] += 1
        if at + 1 == routes.size[team] - 1:
            routes.node[team, at + 1] = case.home[case.pace[team], case.turn.size + site]
    for taken in range(2):
        routes.take[team, at, taken] += found[3 + taken]
        routes.rest[site, taken] -= found[3 + taken]
