"""Runs the search: several starts, cooled down over the time or the iterations given, then the earliest last return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from goodoffices.engines.ceasefire.anneal import anneal, copy_routes, fill
from goodoffices.engines.ceasefire.arrays import Case, Ints, Routes, empty_routes

STARTS = 2
"""Independent searches; their number is fixed so that a plan does not depend on the machine."""

_FEW = 40
"""Sites up to which the last goal is given more steps than its share: each costs next to nothing."""

_CHUNK = 40
"""Iterations of the first chunk under a clock."""
_STEPS = 25
"""Chunks of a run: between them the temperature is set anew and the best solutions are compared."""
_HEATS = ((1.0, 0.1), (0.6, 0.03))
"""First and last temperature of each start, in mean values of a site: the hot one frees small cases, the cold one
brings more on large windows; found by trial."""
_THRIFT = (0.3, 1.0)
"""Share of the road's price that each start pays: which of the two is better differs from case to case."""
_ROAD = 0.01
"""Value of a minute on the road, in bodies; found by trial on the three windows."""


class Clock(Protocol):
    """How much of the time is gone."""

    def __call__(self) -> float:
        """Give the share of the time that is gone, from 0 to 1 and above."""


class Each(Protocol):
    """A `map`, serial or on threads."""

    def __call__(self, function: Callable[[int], int], items: Iterable[int], /) -> Iterable[int]:
        """Apply the function to every item."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how wide to search.

    Attributes
    ----------
    seed
        Of the search.
    iterations
        Of each start; the same number gives the same plan on every machine. None: until the clock says so.
    clock
        Share of the time gone; None with `iterations`.
    each
        A map over starts; a thread pool's to use several cores.
    tell
        Told of progress: share done, wounded, bodies.
    """

    seed: int = 1
    iterations: int | None = None
    clock: Clock | None = None
    each: Each = field(default=map)
    tell: Callable[[float, int, int], None] | None = None


@dataclass(slots=True)
class _Start:
    routes: Routes
    best: Routes
    number: int
    chunk: int = _CHUNK


def search(case: Case, effort: Effort, *, warm: Routes | None = None) -> Routes:
    """Find good routes; never worse than the warm start or the greedy plan.

    Parameters
    ----------
    case
        The problem.
    effort
        How long, from which seed, on how many threads.
    warm
        Routes to begin with.

    Returns
    -------
    Routes
        The best routes found, settled; goals in order: wounded, bodies, earliest last return.
    """
    starts = [_begin(case, effort.seed * STARTS + k, warm, k) for k in range(STARTS)]
    if effort.iterations is not None:
        _by_count(case, starts, effort)
    elif effort.clock is not None:
        _by_clock(case, starts, effort)
    best = max((start.best for start in starts), key=lambda routes: (*_gains(case, routes), -last_return(case, routes)))
    fill(case, best)
    drop_idle_work(case, best)
    return best


def goals(case: Case, routes: Routes) -> tuple[int, int, int]:
    """Give what counts, in order: wounded, bodies, and the last return (negative: earlier is better)."""
    taken = (case.load - routes.rest).sum(axis=0)
    return int(taken[0]), int(taken[1]), -last_return(case, routes)


def last_return(case: Case, routes: Routes) -> int:
    """Give the minute of the last return; 0 if nobody goes."""
    ends = [
        int(routes.begin[team, routes.size[team] - 1])
        for team in range(case.pace.size)
        if routes.size[team] > 2 or case.start[team] >= case.turn.size
    ]
    return max(ends, default=0)


def _begin(case: Case, seed: int, warm: Routes | None, number: int) -> _Start:
    routes, best = empty_routes(case, seed), empty_routes(case, seed)
    if warm is not None:
        copy_routes(warm, routes)
    fill(case, routes)
    copy_routes(routes, best)
    fill(case, best)
    return _Start(routes, best, number)


def heat(case: Case) -> float:
    """Give the mean value of a site, the unit of temperature: of bodies where there are any."""
    bodies = case.load[:, 1] * case.worth[:, 1]
    some = bodies[bodies > 0]
    if some.size:
        return float(some.mean())
    wounded = case.load[:, 0] * case.worth[:, 0]
    return float(max(1.0, wounded.mean())) if wounded.size else 1.0


def road_price(case: Case) -> float:
    """Give the value of a unit of time on the road: less where the case counts in finer units than minutes."""
    return _ROAD * heat(case) / 6.0 * min(1.0, 2100.0 / max(1.0, float(case.until.max())))


def _run(case: Case, start: _Start, span: tuple[float, float], iterations: int) -> None:
    mean, (hot, cold) = heat(case), _HEATS[start.number]
    first, last = (mean * hot * (cold / hot) ** min(1.0, share) for share in span)
    anneal(case, start.routes, start.best, (first, last, road_price(case) * _THRIFT[start.number]), iterations)


def _by_count(case: Case, starts: list[_Start], effort: Effort) -> None:
    total = effort.iterations or 0
    main = total - total // 4
    least = 8000 if total and case.load.shape[0] <= _FEW else 0
    for step in range(_STEPS):
        count = main * (step + 1) // _STEPS - main * step // _STEPS
        span = (step / _STEPS, (step + 1) / _STEPS)
        list(effort.each(partial(_one, case, starts, (span, count)), range(len(starts))))
        _tell(case, starts, effort, (step + 1) / _STEPS)
        if _is_all(starts):
            break
    list(
        effort.each(lambda k: _tighten(case, starts[k], _Budget(max(total // 4, least), None, 1.0)), range(len(starts)))
    )


def _one(case: Case, starts: list[_Start], what: tuple[tuple[float, float], int], k: int) -> int:
    _run(case, starts[k], *what)
    return k


def _by_clock(case: Case, starts: list[_Start], effort: Effort) -> None:
    clock = effort.clock
    if clock is None:
        return

    def work(k: int) -> int:
        start = starts[k]
        gone = clock()
        while gone < _SEARCH and not _is_all([start]):
            _run(case, start, (gone / _SEARCH, gone / _SEARCH + 1 / _STEPS), start.chunk)
            now = clock()
            start.chunk = _next_chunk(start.chunk, now - gone)
            gone = now
            if k == 0:
                _tell(case, starts, effort, gone)
        _tighten(case, start, _Budget(10**12, clock, 1.0))
        return start.chunk

    list(effort.each(work, range(len(starts))))


_SEARCH = 0.97
"""Share of the time for wounded and bodies; what is left is for the earliest last return."""


def _next_chunk(chunk: int, took: float) -> int:
    wanted = chunk * min(4.0, (1 / _STEPS) / took) if took > 0 else chunk * 4.0
    return int(min(max(10, wanted), 200_000))


def _is_all(starts: list[_Start]) -> bool:
    return any(int(start.best.rest.sum()) == 0 for start in starts)


def _tell(case: Case, starts: list[_Start], effort: Effort, share: float) -> None:
    if effort.tell is not None:
        wounded, bodies, _ = max(goals(case, start.best) for start in starts)
        effort.tell(min(1.0, share), wounded, bodies)


@dataclass(slots=True)
class _Budget:
    iterations: int
    clock: Clock | None
    until: float

    def spend(self, count: int) -> bool:
        """Take iterations off; tell whether anything is left."""
        self.iterations -= count
        return self.iterations > 0 and (self.clock is None or self.clock() < self.until)


def _tighten(case: Case, start: _Start, budget: _Budget) -> int:
    """Bring the last return forward by steps that shrink while the same wounded and bodies are still collected."""
    best = start.best
    fill(case, best)
    step, mean = max(1, last_return(case, best) // 16), heat(case)
    trial, kept = empty_routes(case, 7), empty_routes(case, 7)
    trial.chance[0] = start.routes.chance[0]
    chunk = min(400, max(60, 12_000 // max(1, case.load.shape[0])))
    while step >= 1 and last_return(case, best) > 0 and budget.spend(0):
        limit = last_return(case, best) - step
        copy_routes(best, trial)
        trial.until[:] = [min(int(until), limit) for until in case.until]
        fill(case, trial)
        copy_routes(trial, kept)
        reached = _gains(case, kept) >= _gains(case, best)
        for _ in range(6):
            if reached or not budget.spend(chunk):
                break
            kept.until[:] = trial.until
            anneal(case, trial, kept, (mean * 0.3, mean * 0.05, road_price(case)), chunk)
            reached = _gains(case, kept) >= _gains(case, best)
        if reached:
            copy_routes(kept, best)
            fill(case, best)
        elif step == 1:
            break
        else:
            step = max(1, step // 2)
    return step


def _gains(case: Case, routes: Routes) -> tuple[float, float]:
    """Give the value of the wounded and of the bodies collected; a site's worth is its own."""
    wounded, bodies = ((case.load - routes.rest) * case.worth).sum(axis=0)
    return float(wounded), float(bodies)


def drop_idle_work(case: Case, routes: Routes) -> None:
    """Take out work alone behind which nobody goes: it would only keep a team out longer."""
    crossings = case.turn.size
    idle = set()
    for site in range(case.load.shape[0]):
        behind = case.thens[case.then[site] : case.then[site + 1]]
        alone = int(case.load[site].sum()) == 0
        if alone and routes.seen[site].any() and not any(routes.seen[other].any() for other in behind):
            idle.add(site)
    if not idle:
        return
    for team in range(case.pace.size):
        stay = [k for k in range(int(routes.size[team])) if int(routes.node[team, k]) - crossings not in idle]
        routes.node[team, : len(stay)] = routes.node[team, stay]
        routes.take[team, : len(stay)] = routes.take[team, stay]
        routes.size[team] = len(stay)
    routes.seen[sorted(idle)] = 0
    routes.rest[:] = case.load - _taken(case, routes)
    settle_only(case, routes)
    drop_idle_work(case, routes)


def _taken(case: Case, routes: Routes) -> Ints:
    total = case.load * 0
    for team in range(case.pace.size):
        for place in range(1, int(routes.size[team]) - 1):
            site = int(routes.node[team, place]) - case.turn.size
            if site >= 0:
                total[site] += routes.take[team, place]
    return total


def settle_only(case: Case, routes: Routes) -> None:
    """Bring times up to date without inserting anything."""
    anneal(case, routes, routes, (1.0, 1.0, 0.0), 0)
