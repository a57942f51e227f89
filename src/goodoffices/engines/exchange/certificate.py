"""Floating multipliers to a proof in exact fractions: weak duality, as the audit repeats it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from goodoffices.domain.plan import Level
from goodoffices.engines.exchange.model import Goal, Program
from goodoffices.engines.exchange.solve import Floats

_DENOMINATORS = (60, 5040, 720_720, 720_720**2)
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class _Rows:
    """A program with the goals already held, in whole numbers."""

    program: Program
    goals: Sequence[Goal]
    values: Sequence[int]

    def name(self, row: int) -> str:
        count = len(self.program.names)
        return self.program.names[row] if row < count else f"level:{self.goals[row - count].name}"

    def side(self, row: int, positive: bool) -> int | None:
        count = len(self.program.names)
        if row >= count:
            return None if positive else self.values[row - count]
        bound = self.program.high[row] if positive else self.program.low[row]
        return None if math.isinf(bound) else int(bound)

    def reduce(self, cost: list[int], row: int, multiplier: int) -> None:
        count = len(self.program.names)
        if row < count:
            pairs = zip(self.program.columns[row].tolist(), self.program.values[row].tolist(), strict=True)
        else:
            held = self.goals[row - count].cost
            places = np.flatnonzero(held)
            pairs = zip(places.tolist(), held[places].tolist(), strict=True)
        for place, value in pairs:
            cost[place] -= multiplier * value


def levels(
    program: Program, goals: Sequence[Goal], values: Sequence[int], duals: Sequence[Floats]
) -> tuple[Level, ...]:
    """Prove each goal's bound, with every earlier goal held at its value.

    Parameters
    ----------
    program
        Rows and bounds.
    goals, values
        Criteria and what the plan reaches in each.
    duals
        Per goal the multipliers that the solver found, of the program's rows and of earlier goals.

    Returns
    -------
    tuple[Level, ...]
        With the smallest bound that some rounding of the multipliers proves.
    """
    rows = _Rows(program, goals, values)
    return tuple(_level(rows, goal, value, found) for goal, value, found in zip(goals, values, duals, strict=True))


def _level(rows: _Rows, goal: Goal, value: int, duals: Floats) -> Level:
    best: tuple[int, dict[str, str]] | None = None
    for denominator in _DENOMINATORS:
        rounded = _rounded(rows, duals, denominator)
        bound = _bound(rows, goal, rounded)
        if best is None or bound < best[0]:
            best = (bound, {rows.name(row): str(multiplier) for row, multiplier in sorted(rounded.items())})
        if best[0] <= value:
            break
    if best is None:
        raise AssertionError("there is always a denominator")
    return Level(goal.name, value, best[0], best[1])


def _rounded(rows: _Rows, duals: Floats, denominator: int) -> dict[int, Fraction]:
    rounded: dict[int, Fraction] = {}
    for row in np.flatnonzero(np.abs(duals) > _NOTHING).tolist():
        exact = Fraction(float(duals[row]))
        near = exact.limit_denominator(denominator)
        multiplier = near if denominator <= 5040 else Fraction(round(exact * denominator), denominator)
        if multiplier and rows.side(row, multiplier > 0) is not None:
            rounded[row] = multiplier
    return rounded


def _bound(rows: _Rows, goal: Goal, multipliers: dict[int, Fraction]) -> int:
    """Sum multipliers times bounds, and what the variables can add at most, exactly; rounded down."""
    common = math.lcm(*(multiplier.denominator for multiplier in multipliers.values()))
    program = rows.program
    cost = [int(value) * common for value in goal.cost] + [0] * (len(program.lower) - len(goal.cost))
    total = 0
    for row, multiplier in multipliers.items():
        scaled = int(multiplier * common)
        side = rows.side(row, scaled > 0)
        total += scaled * (side if side is not None else 0)
        rows.reduce(cost, row, scaled)
    for reduced, lower, upper in zip(cost, program.lower, program.upper, strict=True):
        total += reduced * (upper if reduced > 0 else lower)
    return total // common
