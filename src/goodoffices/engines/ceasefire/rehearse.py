"""Rehearses a plan ten thousand times: the chance that all are back, what is brought, where it is weak."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from goodoffices.domain.visits import TurnBack, Visit, VisitPlan
from goodoffices.domain.window import Window, minutes_between
from goodoffices.engines.ceasefire.arrays import Case, Floats, Ints
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.executor import Script, execute, make_room


class Each(Protocol):
    """A `map`, serial or on threads."""

    def __call__(self, function: Callable[[int], int], items: Iterable[int], /) -> Iterable[int]:
        """Apply the function to every item."""


@dataclass(frozen=True, slots=True)
class Trials:
    """How often to rehearse, and from which seed.

    Attributes
    ----------
    runs
        Days executed.
    seed
        Of the rehearsal; verify with another than the one used to choose.
    each
        A map over batches.
    level
        Confidence of the lower bound; higher where several plans are put to the test.
    """

    runs: int = 10_000
    seed: int = 1
    each: Each = field(default=map)
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class TeamChance:
    """How one team fares.

    Attributes
    ----------
    team
        Its identifier.
    chance
        Share of days on which it is back by the window's end.
    latest_95
        Minute by which it is back on 95 % of the days.
    blamed
        Share of the days on which not all are back, on which it is the last.
    """

    team: str
    chance: float
    latest_95: int
    blamed: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What many executions of a plan show.

    Attributes
    ----------
    chance_all_back
        Share of days on which every team is back by the window's end.
    low
        Lower bound of that chance (one-sided, Clopper and Pearson) at the level asked, 95 % unless told.
    teams
        Of every team that goes out.
    wounded, bodies
        Mean number brought to a crossing in time.
    margin_for_99
        Margin in minutes with which 99 % of the days end in time, other things equal.
    late_99
        Minutes after the window's end by which all are back on 99 % of the days; negative: before it.
    runs, seed
        As asked.
    """

    chance_all_back: float
    low: float
    teams: tuple[TeamChance, ...]
    wounded: float
    bodies: float
    margin_for_99: int
    late_99: int
    runs: int
    seed: int


def rehearse(window: Window, case: Case, plan: VisitPlan, *, delays: Delays, trials: Trials) -> Rehearsal:
    """Execute a plan many times.

    Parameters
    ----------
    window, case
        The window and its arrays.
    plan
        With or without a turn-back rule.
    delays
        The delay model.
    trials
        How often, from which seed, on which threads.
    """
    script, names = write_script(window, case, plan)
    back, brought = _execute(script, delays, plan.rule, trials)
    if not names:
        return Rehearsal(1.0, 1.0, (), 0.0, 0.0, 0, -window.minutes, trials.runs, trials.seed)
    last = back.max(axis=1)
    late = back > window.minutes
    bad = last > window.minutes
    blame = np.bincount(back[bad].argmax(axis=1), minlength=len(names)) / max(1, int(bad.sum()))
    quantile = np.quantile(back, 0.95, axis=0, method="higher")
    teams = tuple(
        TeamChance(name, float(1 - late[:, k].mean()), math.ceil(quantile[k]), float(blame[k]))
        for k, name in enumerate(names)
    )
    late_99 = math.ceil(float(np.quantile(last, 0.99, method="higher")) - window.minutes)
    good = int((~bad).sum())
    return Rehearsal(
        good / trials.runs,
        lower_bound(good, trials.runs, level=trials.level),
        teams,
        float(brought[:, 0].mean()),
        float(brought[:, 1].mean()),
        max(0, plan.margin_minutes + late_99),
        late_99,
        trials.runs,
        trials.seed,
    )


def lower_bound(good: int, runs: int, *, level: float = 0.95) -> float:
    """Give the one-sided lower bound of a chance (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404).

    Parameters
    ----------
    good, runs
        Days on which it held, of so many.
    level
        Confidence.
    """
    from scipy.special import betaincinv

    return 0.0 if good == 0 else float(betaincinv(good, runs - good + 1, 1 - level))


def _execute(script: Script, delays: Delays, rule: TurnBack | None, trials: Trials) -> tuple[Floats, Ints]:
    noise = np.array(dataclasses.astuple(delays), float)
    field_rule = np.array([rule.factor, rule.buffer_minutes] if rule else [0.0, 0.0], float)
    back = np.zeros((trials.runs, script.team.shape[0]))
    brought = np.zeros((trials.runs, 2), np.int32)
    batches = 8
    edges = [trials.runs * k // batches for k in range(batches + 1)]

    def work(k: int) -> int:
        execute(script, noise, field_rule, (edges[k], edges[k + 1], trials.seed), (back, brought, make_room(script)))
        return k

    list(trials.each(work, range(batches)))
    return back, brought


def write_script(window: Window, case: Case, plan: VisitPlan) -> tuple[Script, list[str]]:
    """Turn a plan into a script: stops in the order of their planned begin; give the teams in its order too."""
    names = [team.id for team in window.teams if any(one.team == team.id for one in plan.departures)]
    names = names or sorted({visit.team for visit in plan.visits})
    number = {name: k for k, name in enumerate(names)}
    rows: list[tuple[int, int, list[int]]] = []
    teams = []
    for name in names:
        fleet = next(k for k, team in enumerate(window.teams) if team.id == name)
        stops, leave = _stops_of(window, case, plan, name)
        rows += [(row[0], k, [number[name], *row[1:]]) for k, row in enumerate(stops)]
        room = case.hold[fleet]
        teams.append([int(case.pace[fleet]), leave, int(case.start[fleet]), int(room[0]), int(room[1])])
    rows.sort(key=lambda row: (row[0], row[2][0], row[1]))
    base = np.ascontiguousarray(case.time.min(axis=1))
    script = Script(
        stop=np.array([row[2] for row in rows], np.int32).reshape(-1, 11),
        team=np.array(teams, np.int32).reshape(-1, 5),
        time=base,
        home=case.home,
        first=case.first,
        firsts=case.firsts,
        end=window.minutes,
    )
    return script, names


def _stops_of(window: Window, case: Case, plan: VisitPlan, name: str) -> tuple[list[list[int]], int]:
    """Give the stops of one team (planned begin, then the columns after the team), and its first departure."""
    point = {one.id: k for k, one in enumerate(window.points)}
    fleet = next(k for k, team in enumerate(window.teams) if team.id == name)
    mine: list[tuple[dt.datetime, str, Visit | None]] = [
        (one.arrive, one.site, one) for one in plan.visits if one.team == name
    ]
    mine += [(one.at, one.crossing, None) for one in plan.returns if one.team == name]
    leaves = [minutes_between(window.start, one.at) for one in plan.departures if one.team == name]
    stops: list[list[int]] = []
    before = int(case.start[fleet])
    leave = leaves[0] if leaves else int(case.begin[fleet])
    first = leave
    for arrive, place, visit in sorted(mine, key=lambda row: row[0]):
        at, there = minutes_between(window.start, arrive), point[place]
        base = int(case.time[case.pace[fleet], :, before, there].min())
        nominal = max(base, at - max((one for one in [leave, *leaves] if one <= at), default=leave))
        nominal = nominal if case.cuts.size else base
        if visit is None:
            turn = int(case.turn[there])
            stops.append([at, there, -1, 0, 0, turn, 0, 0, 0, nominal, before])
            leave = at + turn
        else:
            leave = minutes_between(window.start, visit.leave)
            stops.append(_visit_row(case, visit, (leave, there, nominal, before)))
        before = there
    return stops, first


def _visit_row(case: Case, visit: Visit, at: tuple[int, int, int, int]) -> list[int]:
    leave, there, nominal, before = at
    site = there - case.turn.size
    work = int(case.fixed[site] + case.each[site] * (visit.wounded + visit.bodies))
    begin = leave - work
    spans = [
        (int(a), int(b)) for a, b in zip(case.opens[site], case.shuts[site], strict=True) if a <= begin and leave <= b
    ]
    opens, shuts = spans[0] if spans else (0, int(case.shuts[site].max()))
    row = [begin, there, site, visit.wounded, visit.bodies, int(case.fixed[site]), int(case.each[site])]
    return [*row, opens, shuts, nominal, before]
