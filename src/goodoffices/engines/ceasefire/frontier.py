"""Chance against what is brought: margins and turn-back rules tried, and the choice that keeps a promise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from goodoffices.domain.visits import TurnBack, VisitPlan
from goodoffices.engines.ceasefire.arrays import Case, Routes
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.rehearse import Rehearsal, Trials, rehearse
from goodoffices.engines.ceasefire.search import Effort, search

FRESH_RUNS = 100_000
"""Runs with which a promise is verified, by the contract."""

CONFIDENCE = 0.95
"""That no promise is called kept that is not, however many plans were put to the test."""

CANDIDATES = 7
"""Plans put to the test at most: six that bring most, and the safest."""

MARGINS = (60, 120, 180, 240, 300, 420)
"""Margins tried, minutes; those below the window's own are left out, and the window's own is always tried."""

RULES = (
    TurnBack(1.6, 0), TurnBack(1.6, 60), TurnBack(1.6, 120), TurnBack(1.6, 180), TurnBack(1.6, 240),
    TurnBack(2.0, 120), TurnBack(2.0, 180),
)  # fmt: skip
"""Turn-back rules tried: factor on the nominal need, buffer in minutes."""


@dataclass(frozen=True, slots=True)
class Point:
    """One plan under one rule.

    Attributes
    ----------
    margin_minutes
        Of the plan.
    rule
        In the field; None for none.
    chance
        That all are back.
    wounded, bodies
        Mean number brought in time.
    """

    margin_minutes: int
    rule: TurnBack | None
    chance: float
    wounded: float
    bodies: float


@dataclass(frozen=True, slots=True)
class Promise:
    """The plan chosen to keep a promise.

    Attributes
    ----------
    plan
        As chosen: the one that brings most among those that keep the promise; else the safest.
    verified
        Its rehearsal over fresh runs.
    frontier
        Every plan and rule tried, by margin and rule.
    holds
        Whether the lower bound over the fresh runs, at 95 % for all plans tested together, is at least the promise.
    """

    plan: VisitPlan
    verified: Rehearsal
    frontier: tuple[Point, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is promised, and how hard to look for it.

    Attributes
    ----------
    chance
        That all are back, 0 to 1.
    delays
        The delay model.
    trials
        Of the sweep; each verification takes 100,000 runs of a seed of its own.
    """

    chance: float
    delays: Delays
    trials: Trials


def keep_promise(situation: Situation, wish: Wish, *, efforts: Callable[[int, int], Effort]) -> Promise:
    """Search margins and turn-back rules for the plan that brings most and keeps a promise.

    Parameters
    ----------
    situation
        The window; its margin is the smallest tried.
    wish
        The chance promised, the delay model and the trials of the sweep.
    efforts
        Gives the effort for plan k of n.
    """
    margins = [situation.margin_minutes, *(one for one in MARGINS if one > situation.margin_minutes)]
    margins = [one for one in margins if one < situation.window.minutes]
    tried: list[tuple[Point, VisitPlan, Case]] = []
    warm: Routes | None = None
    for k, margin in enumerate(margins):
        at = dataclasses.replace(situation, margin_minutes=margin)
        case = build(at)
        warm = search(case, efforts(k, len(margins)), warm=warm)
        for rule in (None, *RULES):
            plan = plan_of(at, case, warm, rule=rule)
            tried.append((_point(situation, case, plan, wish), plan, case))
    return _choose(situation, wish, tried)


def _point(situation: Situation, case: Case, plan: VisitPlan, wish: Wish) -> Point:
    seen = rehearse(situation.window, case, plan, delays=wish.delays, trials=wish.trials)
    return Point(plan.margin_minutes, plan.rule, seen.chance_all_back, seen.wounded, seen.bodies)


def _choose(situation: Situation, wish: Wish, tried: list[tuple[Point, VisitPlan, Case]]) -> Promise:
    """Verify candidates, best first, until one keeps the promise.

    Each has fresh days of its own, and the bound is Bonferroni's for as many plans as there are
    to be tested, so that trying several does not make a broken promise look kept.
    """
    frontier = tuple(point for point, _, _ in tried)
    slack = (wish.chance * (1 - wish.chance) / wish.trials.runs) ** 0.5
    able = [one for one in tried if one[0].chance >= wish.chance - slack]
    able.sort(key=lambda one: (-round(one[0].wounded, 1), -one[0].bodies))
    safest = max(tried, key=lambda one: one[0].chance)
    tests = able[: CANDIDATES - 1]
    if not any(one is safest for one in tests):
        tests.append(safest)
    last: Promise | None = None
    for k, (_, plan, case) in enumerate(tests):
        seen = rehearse(
            situation.window, case, plan, delays=wish.delays, trials=fresh_trials(wish.trials, k, len(tests))
        )
        last = Promise(plan, seen, frontier, seen.low >= wish.chance)
        if last.holds:
            break
    assert last is not None  # noqa: S101 -- there is always a safest
    return last


def fresh_trials(sweep: Trials, k: int, tests: int) -> Trials:
    """Give the trials of candidate k of so many: a seed of its own, and its share of the doubt.

    Parameters
    ----------
    sweep
        The trials by which the candidates were chosen.
    k, tests
        Which candidate, of how many.
    """
    level = 1 - (1 - CONFIDENCE) / tests
    return dataclasses.replace(sweep, runs=FRESH_RUNS, seed=sweep.seed + 1_000_003 * (k + 1), level=level)
