"""Second stage: who travels in which leg. Earlier legs are filled first, by the same order of priorities."""

from __future__ import annotations

import dataclasses

import numpy as np

from goodoffices.domain.terms import Terms
from goodoffices.engines.exchange.classes import Columns
from goodoffices.engines.exchange.eligible import Ints
from goodoffices.engines.exchange.model import INF, Goal, Program, flows
from goodoffices.engines.exchange.solve import lexicographic


def assign(columns: Columns, chosen: Ints, terms: Terms, *, first: int = 1) -> Ints | None:
    """Spread the chosen units over the legs.

    Leg by leg, a leg is made as good as those who still wait for later legs allow: first who goes
    all for all (the seriously wounded do not wait), then the criteria of the terms, then most
    people, then retained personnel and civilians by the same criteria, then the lottery.

    Parameters
    ----------
    columns
        Classes; c of them.
    chosen
        Units per class that go, shape (c,).
    terms
        Seats, sites and balance of the legs.
    first
        The first leg to fill.

    Returns
    -------
    Ints | None
        Units per class and leg, shape (c, legs); None if families do not fit into legs whole.
    """
    found = _assign(columns, chosen, terms, first=first, whole=False)
    return found if found is not None else _assign(columns, chosen, terms, first=first, whole=True)


def _assign(columns: Columns, chosen: Ints, terms: Terms, *, first: int, whole: bool) -> Ints | None:
    spread = np.zeros((columns.count, terms.legs.count), dtype=np.int64)
    waiting = chosen.copy()
    for leg in range(first, terms.legs.count + 1):
        rest, places = columns.restrict(waiting)
        if not rest.count:
            break
        later = _later(rest, terms, leg=leg, whole=whole)
        if later is None:
            return None
        spread[places, leg - 1] = rest.upper - later
        waiting[places] = later
    return spread if not waiting.any() else None


def _later(rest: Columns, terms: Terms, *, leg: int, whole: bool) -> Ints | None:
    """Decide how many units of each class wait for a later leg."""
    last = leg == terms.legs.count
    made = Program(np.zeros(rest.count, dtype=np.int64).tolist(), (rest.upper * (not last)).tolist())
    if not last:
        flows(made, rest, terms, legs=range(leg + 1, terms.legs.count + 1), whole=whole)
    _now(made, rest, terms, leg)
    if last:
        nobody = np.zeros(rest.count, dtype=np.int64)
        return nobody if made.holds(nobody) else None
    goals = [dataclasses.replace(goal, cost=-goal.cost) for goal in _goals(rest, terms) if goal.cost.any()]
    solution = lexicographic(made, goals)
    return None if solution is None else solution.x[: rest.count]


def _now(made: Program, rest: Columns, terms: Terms, leg: int) -> None:
    """Hold the limits of this leg, as rows over those who wait."""
    side = rest.side[rest.member]
    for number in (0, 1):
        mine = side == number
        if terms.legs.seats is not None:
            _at_least_wait(made, rest, mine, terms.legs.seats[leg - 1])
        if terms.legs.per_site is not None:
            for site in np.unique(rest.site[mine]).tolist():
                _at_least_wait(made, rest, mine & (rest.site == site), terms.legs.per_site)
    if terms.leg_balanced and terms.ratio is not None:
        sign = np.where(side == 0, terms.ratio[1], -terms.ratio[0])
        cost = rest.sums((rest.kind == 0) * sign)
        total = int(cost @ rest.upper)
        made.row("legs.balance", "legs.balanced", (total, total), cost)


def _at_least_wait(made: Program, rest: Columns, mask: np.typing.NDArray[np.bool_], most: int) -> None:
    cost = rest.sums(mask)
    made.row("legs.limit", "legs", (int(cost @ rest.upper) - most, INF), cost)


def _goals(rest: Columns, terms: Terms) -> list[Goal]:
    found: list[Goal] = []
    for kind in (1, 0, 2, 3):
        mask = rest.kind == kind
        if not mask.any():
            continue
        criteria = [
            Goal(name, rest.sums(mask * rest.values[:, place]))
            for place, name in enumerate(terms.criteria[: len(terms.order)])
        ]
        most = Goal("most_people", rest.sums(mask))
        # All for all goes anyway, so the first question is how many go now; of the others, who.
        found.extend([most, *criteria] if kind == 1 else [*criteria, most])
    return [*found, Goal("lottery", rest.weight.copy())]
