"""Goals one after another: a chain of linear programs proves bounds, one integer program meets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from goodoffices.domain.errors import RangeError
from goodoffices.engines.exchange.eligible import Ints
from goodoffices.engines.exchange.model import Goal, Program

Floats = npt.NDArray[np.float64]
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Stage:
    """One goal of a chain.

    Attributes
    ----------
    goal
        What was maximised, with every earlier goal held at its value.
    value
        What the whole solution reaches.
    duals
        Multipliers of the rows of the program, then of earlier goals; empty where the bounds of the
        variables alone prove the value.
    """

    goal: Goal
    value: int
    duals: Floats


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole solution of a chain of goals.

    Attributes
    ----------
    x
        The variables of the program.
    stages
        One per goal, in order.
    """

    x: Ints
    stages: tuple[Stage, ...]


def lexicographic(
    program: Program, goals: Sequence[Goal], *, stop: Callable[[], bool] | None = None
) -> Solution | None:
    """Maximise goals one after another over the whole points of a program.

    The linear relaxation is solved goal by goal, each held at its rounded-down value for the next.
    If one whole point meets all these values they are the optimum, goal by goal; else whole programs
    are solved goal by goal.

    Parameters
    ----------
    program
        Rows and bounds.
    goals
        First counts most; costs in whole numbers.
    stop
        Not asked inside one solve; asked between goals, and then the rest of the goals is left as it stands.

    Returns
    -------
    Solution | None
        None if no whole point keeps the rows.
    """
    if not program.lower:
        return _nobody(program, goals)
    chain = _Chain(program)
    values: list[int] = []
    for goal in goals:
        if stop is not None and stop():
            break
        found = chain.maximise(goal)
        if found is None:
            return None
        values.append(found)
    goals = goals[: len(values)]
    point = _whole(chain.x)
    if point is None or not _meets(program, goals[:-1], values[:-1], point):
        point = _search(program, goals, values[:-1])
    if point is None:
        chain = _Chain(program)
        point = _step_by_step(program, goals, chain)
        if point is None:
            return None
    stages = tuple(
        Stage(goal, int(goal.cost @ point[: len(goal.cost)]), duals)
        for goal, duals in zip(goals, chain.duals, strict=True)
    )
    return Solution(point, stages)


def _nobody(program: Program, goals: Sequence[Goal]) -> Solution | None:
    """Answer for a program without variables: nobody goes, if the rows allow that."""
    point = np.zeros(0, dtype=np.int64)
    stages = tuple(Stage(goal, 0, np.zeros(0)) for goal in goals)
    return Solution(point, stages) if program.holds(point) else None


def prove(program: Program, goals: Sequence[Goal], values: Sequence[int]) -> list[Floats]:
    """Find multipliers for the bound of each goal, with every earlier goal held at its given value.

    Raises
    ------
    RangeError
        If no point reaches the given values.
    """
    chain = _Chain(program)
    for goal, value in zip(goals, values, strict=True):
        if chain.bound(goal) is None:
            raise RangeError(f"found no point at {goal.name}, expected values that one point reaches")
        chain.hold(goal, value)
    return chain.duals


def is_possible(program: Program) -> bool:
    """Whether any whole point keeps all rows."""
    nothing = np.zeros(len(program.lower), dtype=np.int64)
    if not program.lower:
        return program.holds(nothing)
    chain = _Chain(program)
    if chain.maximise(Goal("", nothing)) is None:
        return False
    point = _whole(chain.x)
    return (point is not None and program.holds(point)) or _search(program, [Goal("", nothing)], []) is not None


def _search(program: Program, goals: Sequence[Goal], values: Sequence[int]) -> Ints | None:
    """Find the whole point that is best in the last goal and meets the values of all others."""
    solver = _solver(program, whole=True)
    for goal, value in zip(goals, values, strict=False):
        _at_least(solver, goal, value)
    return _run_whole(solver, program, goals[-1])


def _step_by_step(program: Program, goals: Sequence[Goal], chain: _Chain) -> Ints | None:
    """Solve level by level in whole numbers; where the relaxation shows that the last point is best, keep it."""
    solver = _solver(program, whole=True)
    point: Ints | None = None
    for goal in goals:
        bound = chain.bound(goal)
        if point is None or bound is None or int(goal.cost @ point[: len(goal.cost)]) < bound:
            point = _run_whole(solver, program, goal)
        if point is None or bound is None:
            return None
        value = int(goal.cost @ point[: len(goal.cost)])
        chain.hold(goal, value)
        _at_least(solver, goal, value)
    return point


def _run_whole(solver: highspy.Highs, program: Program, goal: Goal) -> Ints | None:
    _set_cost(solver, goal, len(program.lower))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    point = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
    return point if program.holds(point) else None


def _whole(x: Floats) -> Ints | None:
    point = np.rint(x)
    return point.astype(np.int64) if np.all(np.abs(point - x) < _WHOLE) else None


def _meets(program: Program, goals: Sequence[Goal], values: Sequence[int], point: Ints) -> bool:
    reached = all(int(goal.cost @ point[: len(goal.cost)]) >= value for goal, value in zip(goals, values, strict=True))
    return reached and program.holds(point)


class _Chain:
    """The linear relaxation, one goal after another, each warm from the last."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.solver = _solver(program, whole=False)
        self.upper = np.array(program.upper, dtype=float)
        self.lower = np.array(program.lower, dtype=float)
        self.x: Floats = np.zeros(0)
        self.is_current = False
        self.duals: list[Floats] = []

    def maximise(self, goal: Goal) -> int | None:
        """Maximise a goal, hold it at its rounded-down value and give that value."""
        bound = self.bound(goal)
        if bound is not None:
            self.hold(goal, bound)
        return bound

    def bound(self, goal: Goal) -> int | None:
        """Maximise a goal and give its rounded-down value; None if the rows leave no point."""
        width = len(goal.cost)
        cost = goal.cost.astype(float)
        limit = float(np.where(cost > 0, cost * self.upper[:width], cost * self.lower[:width]).sum())
        if self.is_current and abs(float(cost @ self.x[:width]) - limit) < _WHOLE:
            self.duals.append(np.zeros(0))
            return round(limit)
        _set_cost(self.solver, goal, len(self.program.lower))
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.solver.getSolution()
        self.x = np.array(solution.col_value)
        self.is_current = True
        self.duals.append(np.array(solution.row_dual))
        return int(np.floor(float(cost @ self.x[:width]) + _WHOLE))

    def hold(self, goal: Goal, value: int) -> None:
        """Hold a goal at a value for all goals to come."""
        # The last point keeps this row unless the value held is above what it reaches.
        self.is_current = self.is_current and float(goal.cost @ self.x[: len(goal.cost)]) >= value - _WHOLE
        _at_least(self.solver, goal, value)


def _solver(program: Program, *, whole: bool) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, option in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("mip_feasibility_tolerance", 1e-9),
    ):
        solver.setOptionValue(name, option)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.lower), len(program.names)
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = np.array(program.lower, dtype=float), np.array(program.upper, dtype=float)
    lp.row_lower_, lp.row_upper_ = np.array(program.low, dtype=float), np.array(program.high, dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(places) for places in program.columns)])
    lp.a_matrix_.index_ = np.concatenate([*program.columns, np.zeros(0, dtype=np.int64)]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([*program.values, np.zeros(0, dtype=np.int64)]).astype(float)
    lp.sense_ = highspy.ObjSense.kMaximize
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    solver.passModel(lp)
    return solver


def _set_cost(solver: highspy.Highs, goal: Goal, width: int) -> None:
    cost = np.zeros(width)
    cost[: len(goal.cost)] = goal.cost
    solver.changeColsCost(width, np.arange(width, dtype=np.int32), cost)


def _at_least(solver: highspy.Highs, goal: Goal, value: int) -> None:
    places = np.flatnonzero(goal.cost).astype(np.int32)
    solver.addRow(float(value), highspy.kHighsInf, len(places), places, goal.cost[places].astype(float))
