"""A window as the arrays that the search works on; minutes count from the window's start."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.domain.visits import DayState, SiteState, TeamState
from goodoffices.domain.window import Site, Team, Window, minutes_between
from goodoffices.engines.ceasefire.arrays import FAR, Case, Ints
from goodoffices.engines.ceasefire.travel import TravelTimes

_NEAR = 120
"""Neighbours kept of each site: enough for the largest ruin and its candidates."""


@dataclass(frozen=True, slots=True)
class Situation:
    """From where a day is planned: its beginning, or the state at an hour.

    Attributes
    ----------
    window
        What was agreed.
    times
        Travel minutes.
    margin_minutes
        Reserve before the end.
    state
        How the day stands; None at its beginning.
    earlier
        Minutes by which single teams are to be back before all others, by team.
    """

    window: Window
    times: TravelTimes
    margin_minutes: int
    state: DayState | None = None
    earlier: Mapping[str, int] | None = None


def build(situation: Situation) -> Case:
    """Turn a window into arrays.

    Parameters
    ----------
    situation
        The window, its travel times, the margin, and how the day stands.
    """
    window, times = situation.window, situation.times
    sites = [_stand(site, situation.state) for site in window.sites]
    teams = [_team_state(team, situation) for team in window.teams]
    index = {point.id: number for number, point in enumerate(window.points)}
    turn = np.array([crossing.turnaround_minutes for crossing in window.crossings], np.int32)
    closed = {site.site for site in situation.state.sites if site.closed} if situation.state else set()
    opens, shuts = _intervals(window, closed)
    load = np.array([(site.wounded, site.bodies) for site in sites], np.int32).reshape(-1, 2)
    base = _base(times.minutes)
    deadline = window.minutes - situation.margin_minutes
    earlier = situation.earlier or {}
    first, firsts, then, thens = _order(window, situation.state)
    can = np.array([[can_serve(team, site) for site in window.sites] for team in window.teams], np.uint8)
    can = can.reshape(len(teams), len(sites))
    can[[team.lost for team in teams]] = 0
    return Case(
        time=times.minutes,
        cuts=times.cuts,
        pace=times.pace,
        start=np.array([index[team.at] for team in teams], np.int32),
        begin=np.array([minutes_between(window.start, team.free) for team in teams], np.int32),
        until=np.array([deadline - earlier.get(team.id, 0) for team in window.teams], np.int32),
        shift=np.array([_shift(team.shift_hours, window) for team in window.teams], np.int32),
        since=np.array(
            [-1 if team.out_since is None else minutes_between(window.start, team.out_since) for team in teams],
            np.int32,
        ),
        hold=np.array([(team.wounded, team.bodies) for team in window.teams], np.int32).reshape(-1, 2),
        held=np.array([(team.wounded, team.bodies) for team in teams], np.int32).reshape(-1, 2),
        turn=turn,
        can=can,
        opens=opens,
        shuts=shuts,
        fixed=np.array([math.ceil(site.minutes_fixed) for site in window.sites], np.int32),
        each=np.array([math.ceil(site.minutes_each) for site in window.sites], np.int32),
        load=load,
        worth=np.tile([1.0 + float(load[:, 1].sum()), 1.0], (len(sites), 1)),
        near=neighbours(base, turn.size),
        via=best_via(base, turn),
        home=base[:, :, : turn.size].argmin(axis=2).astype(np.int32),
        first=first,
        firsts=firsts,
        then=then,
        thens=thens,
        part=parts(can, first, firsts),
        price=20.0,
    )


def _base(minutes: Ints) -> Ints:
    """Give the times of the quietest period: what serves to choose neighbours and crossings."""
    return np.ascontiguousarray(minutes.min(axis=1))


def _stand(site: Site, state: DayState | None) -> SiteState:
    for known in state.sites if state else ():
        if known.site == site.id:
            return known
    return SiteState(site.id, site.wounded, site.bodies)


def _team_state(team: Team, situation: Situation) -> TeamState:
    state = situation.state
    for known in state.teams if state else ():
        if known.team == team.id:
            return known
    return TeamState(team.id, team.crossing, state.at if state else situation.window.start)


def can_serve(team: Team, site: Site) -> bool:
    """Tell whether a team is of a kind that the site needs and can carry some of what is there."""
    if site.needs and team.kind not in site.needs:
        return False
    return site.is_work or (site.wounded > 0 and team.wounded > 0) or (site.bodies > 0 and team.bodies > 0)


def _shift(hours: float, window: Window) -> int:
    minutes = math.floor(hours * 60)
    return FAR if minutes >= window.minutes else minutes


def _intervals(window: Window, closed: set[str]) -> tuple[Ints, Ints]:
    """Give the open intervals of all sites in whole minutes inside the window, filled up with ones that never fit."""
    most = max([1, *(len(site.open) for site in window.sites)])
    opens = np.full((len(window.sites), most), FAR, np.int32)
    shuts = np.full((len(window.sites), most), -1, np.int32)
    for number, site in enumerate(window.sites):
        if site.id in closed:
            continue
        if not site.open:
            opens[number, 0], shuts[number, 0] = 0, window.minutes
        for k, interval in enumerate(site.open):
            opens[number, k] = max(0, -minutes_between(interval.start, window.start))
            shuts[number, k] = min(window.minutes, minutes_between(window.start, interval.end))
    return opens, shuts


def _order(window: Window, state: DayState | None) -> tuple[Ints, Ints, Ints, Ints]:
    """Give predecessors and successors of each site in compressed rows; what is done already binds nobody."""
    number = {site.id: at for at, site in enumerate(window.sites)}
    done = {site.site for site in state.sites if site.done} if state else set()
    before: list[list[int]] = [[number[name] for name in site.after if name not in done] for site in window.sites]
    behind: list[list[int]] = [[] for _ in window.sites]
    for site, firsts in enumerate(before):
        for one in firsts:
            behind[one].append(site)
    return (*_rows(before), *_rows(behind))


def _rows(lists: list[list[int]]) -> tuple[Ints, Ints]:
    offsets = np.cumsum([0, *(len(row) for row in lists)]).astype(np.int32)
    return offsets, np.array([one for row in lists for one in row], np.int32)


def neighbours(base: Ints, crossings: int) -> Ints:
    """Give for each site the nearest sites, itself first; -1 where there are no more.

    Parameters
    ----------
    base
        Travel times, shape (speeds, points, points).
    crossings
        How many of the points are crossings; the rest are sites.
    """
    between = base[-1, crossings:, crossings:]
    count = between.shape[0]
    symmetric = np.minimum(between, between.T).astype(np.int64)
    np.fill_diagonal(symmetric, -1)
    order = np.argsort(symmetric, axis=1, kind="stable")[:, : min(_NEAR, count)]
    return order.astype(np.int32)


def best_via(base: Ints, turn: Ints) -> Ints:
    """Give for each pair of points the crossing with the shortest way through it, turnaround included."""
    speeds, points, _ = base.shape
    best = np.full((speeds, points, points), 4 * FAR, np.int64)
    via = np.zeros((speeds, points, points), np.int32)
    for crossing in range(turn.size):
        way = base[:, :, crossing, None].astype(np.int64) + turn[crossing] + base[:, crossing, None, :]
        better = way < best
        via[better] = crossing
        best = np.where(better, way, best)
    return via


def parts(can: npt.NDArray[np.uint8], first: Ints, firsts: Ints) -> Ints:
    """Label the sites that share teams or precedence: parts that do not touch can be searched on their own."""
    teams, sites = can.shape
    root = list(range(teams + sites))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for team, site in zip(*np.nonzero(can), strict=True):
        root[find(int(team))] = find(teams + int(site))
    for site in range(sites):
        for one in firsts[first[site] : first[site + 1]]:
            root[find(teams + int(one))] = find(teams + site)
    return np.array([find(teams + site) for site in range(sites)], np.int32)


def instant(window: Window, minute: int) -> dt.datetime:
    """Give the instant so many minutes after the window's start, in UTC."""
    return window.start.astimezone(dt.UTC) + dt.timedelta(minutes=int(minute))
