"""Work that must precede: when a site becomes ready, and how late its predecessors may end."""

from __future__ import annotations

import numpy as np

from goodoffices.engines.ceasefire.arrays import FAR, ONE, Case, Routes, leaf
from goodoffices.engines.ceasefire.route import backward, drop, forward, mend

_PASSES = 40
"""Passes after which times that still grow are taken for a knot of teams that wait for one another."""


@leaf
def settle(case: Case, routes: Routes) -> None:
    """Bring all routes to their earliest times under `after`, and drop what cannot be in time.

    The invariant kept is: at earliest times, every visit begins after its site's predecessors have ended.
    """
    if case.firsts.size == 0:
        return
    for team in range(case.pace.size):
        routes.chance[1] += np.uint64(1)
        routes.version[team] = routes.chance[1]
    clean = False
    while not clean:
        clean = _walk(case, routes)
    _bound(case, routes)
    for team in range(case.pace.size):
        backward(case, routes, team)


@leaf
def _walk(case: Case, routes: Routes) -> bool:
    """Walk all routes until nothing moves; give False if a stop had to be dropped."""
    routes.before[:] = FAR
    routes.ready[:] = 0
    if _drop_orphans(case, routes):
        return False
    for turn in range(_PASSES):
        for team in range(case.pace.size):
            if forward(case, routes, team) > 0:
                mend(case, routes, team)
                return False
        if not _update_ready(case, routes):
            return True
        if turn == _PASSES - 1:
            _break_knot(case, routes)
    return False


@leaf
def _update_ready(case: Case, routes: Routes) -> bool:
    _note_ends(case, routes)
    moved = False
    for site in range(case.load.shape[0]):
        ready = 0
        for k in range(case.first[site], case.first[site + 1]):
            ready = max(ready, routes.ends[case.firsts[k]])
        if ready != routes.ready[site]:
            routes.ready[site] = ready
            moved = moved or ready < FAR
    return moved


@leaf
def _note_ends(case: Case, routes: Routes) -> None:
    """Note the end of the last visit of each site; FAR if there is none."""
    crossings = case.turn.size
    ends = routes.ends
    ends[:] = -1
    for team in range(case.pace.size):
        for place in range(1, routes.size[team] - 1):
            site = routes.node[team, place] - crossings
            if site >= 0:
                ends[site] = max(ends[site], routes.leave[team, place])
    for site in range(ends.size):
        if ends[site] < 0:
            ends[site] = FAR


@leaf
def _drop_orphans(case: Case, routes: Routes) -> bool:
    """Drop the visits of sites whose predecessors nobody visits."""
    _note_ends(case, routes)
    crossings = case.turn.size
    dropped = False
    for team in range(case.pace.size):
        for place in range(routes.size[team] - 2, 0, -1):
            site = routes.node[team, place] - crossings
            if site < 0:
                continue
            for k in range(case.first[site], case.first[site + 1]):
                if routes.ends[case.firsts[k]] >= FAR:
                    drop(case, routes, team, place)
                    dropped = True
                    break
        mend(case, routes, team)
    return dropped


@leaf
def _break_knot(case: Case, routes: Routes) -> None:
    """Drop the latest visit that has to wait for another site."""
    crossings = case.turn.size
    worst, worst_team, worst_place = int(-ONE), int(-ONE), int(-ONE)
    for team in range(case.pace.size):
        for place in range(1, routes.size[team] - 1):
            site = routes.node[team, place] - crossings
            if site >= 0 and case.first[site + 1] > case.first[site] and routes.begin[team, place] > worst:
                worst, worst_team, worst_place = routes.begin[team, place], team, place
    if worst_team >= 0:
        drop(case, routes, worst_team, worst_place)
        mend(case, routes, worst_team)


@leaf
def _bound(case: Case, routes: Routes) -> None:
    """Note for each site the earliest begin of a visit that waits for it."""
    crossings = case.turn.size
    routes.before[:] = FAR
    for team in range(case.pace.size):
        for place in range(1, routes.size[team] - 1):
            site = routes.node[team, place] - crossings
            if site >= 0:
                for k in range(case.first[site], case.first[site + 1]):
                    first = case.firsts[k]
                    routes.before[first] = min(routes.before[first], routes.begin[team, place])
