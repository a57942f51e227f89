"""The rest of a day from how it stands: first the smallest change of the plan, then the best rest."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.domain.visits import Visit, VisitPlan
from goodoffices.engines.ceasefire.anneal import copy_routes
from goodoffices.engines.ceasefire.arrays import Case, Routes, empty_routes
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.search import Effort, goals, search, settle_only


@dataclass(frozen=True, slots=True)
class Change:
    """One way to go on.

    Attributes
    ----------
    name
        `smallest` or `best`.
    plan
        The rest of the day.
    dropped, added
        Visits of the old plan still to come that are gone; visits that are new. A visit is a team at a site.
    teams
        Teams whose order of stops is another.
    """

    name: str
    plan: VisitPlan
    dropped: int
    added: int
    teams: tuple[str, ...]


def replan(situation: Situation, old: VisitPlan, *, effort: Effort) -> tuple[Change, Change]:
    """Find the smallest change and the best rest of a day.

    Parameters
    ----------
    situation
        With the state of the day.
    old
        The plan in force.
    effort
        For the best rest.

    Returns
    -------
    tuple[Change, Change]
        The smallest change: what can still be kept of the old plan, in its order, nothing else.
        The best rest: never worse; where nothing is lost by it, each team keeps its smallest change.
    """
    case = build(situation)
    coming = _still_to_come(situation, old)
    small = _kept(situation, case, old, coming)
    best = search(case, effort, warm=small)
    if goals(case, best) < goals(case, small):
        best = small
    best = _give_back(case, small, best, effort.seed)
    was = (old, coming)
    return _change("smallest", situation, case, small, was), _change("best", situation, case, best, was)


def _still_to_come(situation: Situation, old: VisitPlan) -> tuple[Visit, ...]:
    """Give the visits of the old plan that have not begun at the hour of the state."""
    state = situation.state
    if state is None:
        return old.visits
    at = {one.team: one.at for one in state.teams}
    return tuple(
        visit
        for visit in old.visits
        if visit.leave > state.at and not (at.get(visit.team) == visit.site and visit.arrive <= state.at)
    )


def _kept(situation: Situation, case: Case, old: VisitPlan, coming: tuple[Visit, ...]) -> Routes:
    """Build routes that go on as planned, as far as loads, times and closures allow."""
    routes = empty_routes(case, 1)
    sites = {site.id: k for k, site in enumerate(situation.window.sites)}
    points = {point.id: k for k, point in enumerate(situation.window.points)}
    for team, crew in enumerate(situation.window.teams):
        stops = sorted(
            [(one.arrive, points[one.site], one) for one in coming if one.team == crew.id]
            + [(one.at, points[one.crossing], None) for one in old.returns if one.team == crew.id],
            key=lambda row: row[0],
        )
        load = case.held[team].copy()
        for at, point, visit in stops:
            if situation.state and at <= situation.state.at:
                continue
            place = int(routes.size[team]) - 1
            if visit is None:
                load[:] = 0
                if int(routes.node[team, place - 1]) >= case.turn.size or place > 1:
                    _insert(routes, team, point, (0, 0))
                continue
            site = sites[visit.site]
            take = [
                min(int(want), int(routes.rest[site, kind]), int(case.hold[team, kind] - load[kind]))
                for kind, want in enumerate((visit.wounded, visit.bodies))
            ]
            if case.can[team, site] and (sum(take) > 0 or case.load[site].sum() == 0):
                _insert(routes, team, point, (take[0], take[1]))
                routes.rest[site] -= take
                routes.seen[site, team] += 1
                load += take
    settle_only(case, routes)
    return routes


def _insert(routes: Routes, team: int, point: int, take: tuple[int, int]) -> None:
    place = int(routes.size[team]) - 1
    routes.node[team, place + 1] = routes.node[team, place]
    routes.node[team, place] = point
    routes.take[team, place] = take
    routes.take[team, place + 1] = 0
    routes.size[team] += 1


def _give_back(case: Case, small: Routes, best: Routes, seed: int) -> Routes:
    """Let teams keep their smallest change one by one, as long as no wounded and no body is lost by it."""
    kept = empty_routes(case, seed)
    copy_routes(best, kept)
    settle_only(case, kept)
    for team in range(case.pace.size):
        if _same_route(small, kept, team):
            continue
        trial = empty_routes(case, seed)
        copy_routes(kept, trial)
        size = int(small.size[team])
        trial.node[team, :size], trial.take[team, :size] = small.node[team, :size], small.take[team, :size]
        trial.size[team] = size
        if not _recount(case, trial):
            continue
        before = goals(case, kept)[:2]
        settle_only(case, trial)
        if goals(case, trial)[:2] >= before:
            kept = trial
    return kept


def _same_route(one: Routes, other: Routes, team: int) -> bool:
    size = int(one.size[team])
    same = size == int(other.size[team]) and (one.node[team, :size] == other.node[team, :size]).all()
    return bool(same and (one.take[team, :size] == other.take[team, :size]).all())


def _recount(case: Case, routes: Routes) -> bool:
    """Count anew what is left at each site; tell whether nothing is taken twice."""
    routes.rest[:] = case.load
    routes.seen[:] = 0
    for team in range(case.pace.size):
        for place in range(1, int(routes.size[team]) - 1):
            site = int(routes.node[team, place]) - case.turn.size
            if site >= 0:
                routes.rest[site] -= routes.take[team, place]
                routes.seen[site, team] += 1
    return bool((routes.rest >= 0).all())


_Was = tuple[VisitPlan, tuple[Visit, ...]]


def _change(name: str, situation: Situation, case: Case, routes: Routes, was: _Was) -> Change:
    old, coming = was
    plan = plan_of(situation, case, routes, rule=old.rule)
    before = {(visit.team, visit.site) for visit in coming}
    after = {(visit.team, visit.site) for visit in plan.visits}
    teams = tuple(
        team.id
        for team in situation.window.teams
        if [one.site for one in coming if one.team == team.id]
        != [one.site for one in plan.visits if one.team == team.id]
    )
    return Change(name, plan, len(before - after), len(after - before), teams)
