"""Ruin and recreate under simulated annealing: strings are cut out of neighbouring routes and the gaps filled anew.

Schrimpf et al. (2000), doi:10.1006/jcph.1999.6413; strings and blinks after
 Christiaens and Vanden Berghe (2020), doi:10.1287/trsc.2019.0914.
"""

from __future__ import annotations

import math

from goodoffices.engines.ceasefire.arrays import ONE, Case, Routes, draw, entry, inlined, leaf, pick
from goodoffices.engines.ceasefire.insert import is_known, place_visit, search_route, wanted
from goodoffices.engines.ceasefire.order import settle
from goodoffices.engines.ceasefire.route import drop, mend, renew

_REMOVE = 12.0
"""Mean number of stops that a ruin takes out; from the prototype's tuning."""
_STRING = 10
"""Longest string cut from one route (Christiaens and Vanden Berghe: 10)."""
_SCATTER, _STAY = 0.3, 0.5
"""Share of ruins that take single stops instead of strings, and the chance of a stop near the seed to be spared."""
_BLINK = 0.02
"""Share of good places overlooked on purpose."""
_SHAKE, _SHAKEN = 120.0, 0.1
"""Minutes of noise on the choice of a team, and the share of iterations that have it."""
_SPLIT = 0.03
"""Share of visits that take less than they could, so that what fits nowhere whole is tried in parts."""
_TIE = 1e-3
"""Share of the road's price by which the best solution is chosen: among equal ones the shorter."""
_MORE, _WIDE = 20, 0.15
"""Sites beyond those removed that a recreate tries, and the share of recreates that try all neighbours of the seed."""


@leaf
def keep(routes: Routes, team: int) -> None:
    """Keep a route as it is, so that `restore` can bring it back."""
    size = routes.size[team]
    for place in range(size):
        routes.kept_node[team, place] = routes.node[team, place]
        routes.kept_take[team, place, 0] = routes.take[team, place, 0]
        routes.kept_take[team, place, 1] = routes.take[team, place, 1]
    routes.kept_size[team, 0] = size
    routes.kept_size[team, 1] = routes.release[team]
    routes.kept_version[team] = routes.version[team]


@leaf
def restore(case: Case, routes: Routes, team: int) -> None:
    """Bring a route back as it was kept."""
    for place in range(routes.size[team] - 2, 0, -1):
        drop(case, routes, team, place)
    size = routes.kept_size[team, 0]
    routes.size[team] = size
    routes.release[team] = routes.kept_size[team, 1]
    for place in range(size):
        routes.node[team, place] = routes.kept_node[team, place]
        routes.take[team, place, 0] = routes.kept_take[team, place, 0]
        routes.take[team, place, 1] = routes.kept_take[team, place, 1]
        site = routes.node[team, place] - case.turn.size
        if site >= 0 and 0 < place < size - 1:
            routes.seen[site, team] += 1
            routes.rest[site, 0] -= routes.take[team, place, 0]
            routes.rest[site, 1] -= routes.take[team, place, 1]
    renew(case, routes, team)
    if case.firsts.size == 0:
        routes.version[team] = routes.kept_version[team]


@leaf
def cut(case: Case, routes: Routes, team: int, site: int) -> int:
    """Cut one string of stops around a site out of a route; give how many."""
    crossings = case.turn.size
    stops = 0
    around = 0
    for place in range(1, routes.size[team] - 1):
        if routes.node[team, place] >= crossings:
            stops += 1
            if routes.node[team, place] == crossings + site:
                around = stops
    length = 1 + pick(routes.chance, min(_STRING, stops))
    first = around - pick(routes.chance, length)
    first = max(1, min(first, stops - length + 1))
    at = 0
    place = 1
    while place < routes.size[team] - 1:
        if routes.node[team, place] >= crossings:
            at += 1
            if first <= at < first + length:
                drop(case, routes, team, place)
                continue
        place += 1
    return length


@leaf
def scatter(case: Case, routes: Routes, seed: int, goal: int) -> int:
    """Take single stops near a seed site out of the routes, each by lot; give how many."""
    crossings = case.turn.size
    out = 0
    for k in range(case.near.shape[1]):
        site = case.near[seed, k]
        if site < 0 or out >= goal:
            break
        for team in range(case.pace.size):
            if routes.seen[site, team] == 0 or draw(routes.chance) < _STAY:
                continue
            if routes.touched[team] == 0:
                keep(routes, team)
            routes.touched[team] = 2
            for place in range(routes.size[team] - 2, 0, -1):
                if routes.node[team, place] == crossings + site:
                    drop(case, routes, team, place)
                    out += 1
    for team in range(case.pace.size):
        if routes.touched[team] == 2:
            mend(case, routes, team)
    return out


@leaf
def ruin(case: Case, routes: Routes, seed: int) -> int:
    """Take strings of stops out of the routes around a seed site; give how many stops."""
    goal = 1 + int(-_REMOVE * math.log(1.0 - draw(routes.chance)))
    if draw(routes.chance) < _SCATTER:
        return scatter(case, routes, seed, goal)
    out = 0
    for k in range(case.near.shape[1]):
        site = case.near[seed, k]
        if site < 0 or out >= goal:
            break
        for team in range(case.pace.size):
            if routes.seen[site, team] == 0 or routes.touched[team] > 1:
                continue
            if routes.touched[team] == 0:
                keep(routes, team)
            routes.touched[team] = 2
            out += cut(case, routes, team, site)
            if case.shift[team] < case.until[team] and case.since[team] < 0 and draw(routes.chance) < 0.3:
                spare = max(1, routes.until[team] - case.begin[team])
                routes.release[team] = case.begin[team] + (
                    pick(routes.chance, spare) if draw(routes.chance) < 0.6 else 0
                )
            mend(case, routes, team)
    return out


@leaf
def candidates(case: Case, routes: Routes, seed: int, most: int) -> int:
    """List up to `most` sites around a seed that still offer something; give how many."""
    count = 0
    for k in range(case.near.shape[1]):
        site = case.near[seed, k]
        if site < 0 or count >= most:
            break
        if wanted(case, routes, site):
            routes.order[count] = site
            count += 1
    return count


@leaf
def rank(case: Case, routes: Routes, count: int) -> None:
    """Sort candidates by one of five keys drawn by lot."""
    key = pick(routes.chance, 5)
    for k in range(count):
        site = routes.order[k]
        value = _promise(case, routes, site)
        people = routes.rest[site, 0] + routes.rest[site, 1]
        minutes = 1.0 + case.fixed[site] + case.each[site] * people
        if key == 0:
            routes.keys[k] = -value
        elif key == 1:
            routes.keys[k] = -value / minutes
        elif key == 2:
            routes.keys[k] = draw(routes.chance)
        elif key == 3:
            routes.keys[k] = case.shuts[site, 0] - case.opens[site, 0]
        else:
            routes.keys[k] = -value / minutes * (0.5 + draw(routes.chance))
    _sort(routes, count)


@leaf
def recreate(case: Case, routes: Routes, count: int, share: float, shake: float) -> None:
    """Insert candidates one after another at their best places; a share of the visits takes less than it could."""
    for k in range(count):
        site = routes.order[k]
        tries = 0
        while tries < 8 and wanted(case, routes, site):
            tries += 1
            team = _best_team(case, routes, site, shake)
            if team < 0:
                break
            if routes.touched[team] == 0:
                keep(routes, team)
                routes.touched[team] = 1
            found = routes.found[site, team]
            people = found[3] + found[4]
            split = people > 1 and share > 0.0 and draw(routes.chance) < share
            if split:
                less = 1 + pick(routes.chance, people - 1)
                found[3] = min(found[3], less)
                found[4] = less - found[3]
                routes.found_at[site, team] = -1
            place_visit(case, routes, team, site, found)
            if renew(case, routes, team) > 0:
                mend(case, routes, team)
            settle(case, routes)
            if split:
                break


@leaf
def _best_team(case: Case, routes: Routes, site: int, shake: float) -> int:
    for k in range(case.first[site], case.first[site + 1]):
        if not _is_visited(case, routes, case.firsts[k]):
            return -1
    best = -1
    score = -1e17
    for team in range(case.pace.size):
        if case.can[team, site] == 0 or routes.seen[site, team] > 200:
            continue
        if not is_known(routes, team, site):
            search_route(case, routes, team, site)
        found = routes.score[site, team]
        if found < -1e17:
            continue
        if shake > 0.0:
            found += shake * draw(routes.chance)
        if found > score and draw(routes.chance) >= _BLINK:
            score = found
            best = team
    return best


@inlined
def _is_visited(case: Case, routes: Routes, site: int) -> bool:
    for team in range(case.pace.size):
        if routes.seen[site, team] > 0:
            return True
    return False


@entry
def fill(case: Case, routes: Routes) -> None:
    """Insert whatever still fits anywhere, dearest first: the greedy plan, if the routes are empty."""
    sites = case.load.shape[0]
    count = int(ONE - ONE)
    routes.touched[:] = 1
    for team in range(case.pace.size):
        mend(case, routes, team)
    settle(case, routes)
    for site in range(sites):
        if wanted(case, routes, site):
            people = routes.rest[site, 0] + routes.rest[site, 1]
            routes.order[count] = site
            routes.keys[count] = -_promise(case, routes, site) / (1.0 + case.fixed[site] + case.each[site] * people)
            count += 1
    _sort(routes, count)
    recreate(case, routes, count, 0.0, 0.0)


@leaf
def _promise(case: Case, routes: Routes, site: int) -> float:
    """Give the value a site still offers, or for work alone ten times what waits behind it."""
    value = routes.rest[site, 0] * case.worth[site, 0] + routes.rest[site, 1] * case.worth[site, 1]
    if value == 0.0:
        for k in range(case.then[site], case.then[site + 1]):
            behind = case.thens[k]
            value += routes.rest[behind, 0] * case.worth[behind, 0] + routes.rest[behind, 1] * case.worth[behind, 1]
            value += 1e-3 * (case.then[behind + 1] - case.then[behind])
        value *= 10.0
    return value


@leaf
def _sort(routes: Routes, count: int) -> None:
    """Sort candidates by key, equal ones staying in order; shell sort would do, but there are few."""
    for k in range(1, count):
        key, site = routes.keys[k], routes.order[k]
        at = k
        while at > 0 and routes.keys[at - 1] > key:
            routes.keys[at], routes.order[at] = routes.keys[at - 1], routes.order[at - 1]
            at -= 1
        routes.keys[at], routes.order[at] = key, site


@inlined
def value_of(routes: Routes, road: float) -> float:
    """Give the value of a solution less a little for each minute on the road."""
    total = 0.0
    for team in range(routes.size.size):
        total += routes.worth[team] - road * routes.road[team]
    return total


@entry
def copy_routes(source: Routes, target: Routes) -> None:
    """Make one solution equal to another."""
    for team in range(source.size.size):
        target.size[team] = source.size[team]
        target.release[team] = source.release[team]
        target.worth[team] = source.worth[team]
        target.road[team] = source.road[team]
        for place in range(source.size[team]):
            target.node[team, place] = source.node[team, place]
            target.take[team, place, 0] = source.take[team, place, 0]
            target.take[team, place, 1] = source.take[team, place, 1]
    for site in range(source.rest.shape[0]):
        target.rest[site, 0] = source.rest[site, 0]
        target.rest[site, 1] = source.rest[site, 1]
        for team in range(source.size.size):
            target.seen[site, team] = source.seen[site, team]


@entry
def anneal(case: Case, routes: Routes, best: Routes, heat: tuple[float, float, float], iterations: int) -> float:
    """Run so many iterations between two temperatures; the best solution seen is left in `best`.

    Parameters
    ----------
    case
        The problem.
    routes
        The solution worked on; settled.
    best
        The best solution so far; overwritten when a better one is seen.
    heat
        Temperature at the first and at the last iteration, and the value of a minute on the road.
    iterations
        How many.

    Returns
    -------
    float
        The value of `best`.
    """
    if iterations == 0:
        for team in range(case.pace.size):
            mend(case, routes, team)
        settle(case, routes)
        return 0.0
    start, stop, road = heat
    value, top = value_of(routes, road), value_of(best, _TIE * road)
    for turn in range(iterations):
        seed = _seed_site(case, routes)
        if seed < 0:
            break
        warm = start * (stop / start) ** (turn / iterations)
        routes.touched[:] = 0
        if case.firsts.size > 0:
            for team in range(case.pace.size):
                keep(routes, team)
            routes.touched[:] = 1
        out = ruin(case, routes, seed)
        settle(case, routes)
        count = candidates(case, routes, seed, out + _MORE if draw(routes.chance) >= _WIDE else case.near.shape[1])
        rank(case, routes, count)
        shake = _SHAKE if draw(routes.chance) < _SHAKEN else 0.0
        recreate(case, routes, count, _SPLIT, shake)
        new = value_of(routes, road)
        if new > value + warm * math.log(1.0 - draw(routes.chance)):
            value = new
            firm = value_of(routes, _TIE * road)
            if firm > top + 1e-9:
                top = firm
                copy_routes(routes, best)
        else:
            for team in range(case.pace.size):
                if routes.touched[team] > 0:
                    restore(case, routes, team)
            settle(case, routes)
    return top


@leaf
def _seed_site(case: Case, routes: Routes) -> int:
    """Draw a site of a part that still offers something; -1 if there is none."""
    sites = case.load.shape[0]
    for _ in range(50):
        site = pick(routes.chance, sites)
        open_part = False
        for other in range(sites):
            if case.part[other] == case.part[site] and routes.rest[other, 0] + routes.rest[other, 1] > 0:
                open_part = True
                break
        if open_part:
            return site
    return -1
