"""Changes on the day: the smallest lawful change of the legs that are still to come."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.plan import Clash, Plan
from goodoffices.domain.terms import Terms
from goodoffices.engines.exchange.certificate import levels
from goodoffices.engines.exchange.classes import Columns
from goodoffices.engines.exchange.compose import Case, plan_of
from goodoffices.engines.exchange.conflict import smallest
from goodoffices.engines.exchange.eligible import Ints
from goodoffices.engines.exchange.model import INF, Goal, Program, gains, goals
from goodoffices.engines.exchange.solve import is_possible, lexicographic, prove


@dataclass(frozen=True, slots=True)
class Change:
    """One person's change.

    Attributes
    ----------
    side, ref
        Who.
    before, after
        Leg in the old and in the new plan; 0: stays.
    """

    side: str
    ref: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class _Moves:
    """Variables of a repair: units that join a leg (+1) or leave it (-1).

    Attributes
    ----------
    column, leg, sign
        Per variable.
    old
        Units per column and leg in the old plan, those gone not among them.
    """

    column: Ints
    leg: Ints
    sign: Ints
    old: Ints


def repair(
    case: Case, old: Plan, *, after: int, gone: Mapping[str, frozenset[str]], plan_sha256: str = ""
) -> tuple[Plan | Clash, list[Change]]:
    """Find the smallest lawful change of the legs after `after`.

    The fewest units change, counted by class and leg; among these plans the terms' own criteria
    decide, then the lottery. Who goes within a class still follows the tickets.

    Parameters
    ----------
    case
        Prepared with `gone`.
    old
        The plan so far.
    after
        The last leg that is done, 0 if none is.
    gone
        Side to references of all who cannot go, earlier repairs included.
    plan_sha256
        Of the old plan's file, so that an audit can hold the two side by side.

    Returns
    -------
    tuple
        The new plan and every person's change; or the terms that no longer hold together.

    Raises
    ------
    InputError
        If `after` is no leg, or someone has gone home already or is on no list.
    """
    _check(case, old, after, gone)
    before = [
        {ref: leg.number for leg in old.legs for ref in leg.release.get(people.side, ())} for people in case.people
    ]
    units = _unit_legs(case, before)
    moves = _moves(case.columns, units, case.terms.legs.count, after)
    program, changes = _program(case, moves, after)
    targets = [
        Goal("changes", -changes),
        *(_over(goal, moves, len(program.lower)) for goal in goals(case.columns, case.terms)),
    ]
    solution = lexicographic(program, targets)
    if solution is None:
        return _clash(program), []
    spread = moves.old.copy()
    count = len(moves.column)
    np.add.at(spread, (moves.column, moves.leg), moves.sign * solution.x[:count])
    rows = _rows(case, units, spread, after)
    chosen = spread.sum(axis=1)
    values = [int(goal.cost @ chosen) for goal in case.goals]
    objective = levels(case.program, case.goals, values, prove(case.program, case.goals, values))
    made = plan_of(case, rows, objective)
    listed = _changes(case, before, made)
    note: dict[str, Json] = {
        "after": after,
        "gone": {side: sorted(refs) for side, refs in gone.items()},
        "changed": len(listed),
        "plan_sha256": plan_sha256,
    }
    return dataclasses.replace(made, repair=note), listed


def _check(case: Case, old: Plan, after: int, gone: Mapping[str, frozenset[str]]) -> None:
    if not 0 <= after < len(old.legs):
        raise InputError(Fault("--after", "", "", str(after), f"a leg that is done, 0 to {len(old.legs) - 1}"))
    faults = []
    for people in case.people:
        listed = set(people.ref)
        home = {ref: leg.number for leg in old.legs[:after] for ref in leg.release.get(people.side, ())}
        for ref in sorted(gone.get(people.side, frozenset())):
            if ref not in listed:
                faults.append(Fault("--gone", ref, "", f"nobody of that reference with {people.side}", "a reference"))
            elif ref in home:
                faults.append(Fault("--gone", ref, "", f"home since leg {home[ref]}", "someone who has not gone yet"))
    if faults:
        raise InputError(*faults)


def _unit_legs(case: Case, before: list[dict[str, int]]) -> list[list[int]]:
    """Give the old leg of every unit of every column; 0: stays."""
    found = []
    for side, units in zip(case.columns.side.tolist(), case.columns.units, strict=True):
        refs = case.people[side].ref
        found.append([before[side].get(refs[row], 0) for row in units[:, 0].tolist()])
    return found


def _moves(columns: Columns, units: list[list[int]], legs: int, after: int) -> _Moves:
    old = np.zeros((columns.count, legs), dtype=np.int64)
    for column, numbers in enumerate(units):
        for number in numbers:
            if number:
                old[column, number - 1] += 1
    column, leg = (part.ravel() for part in np.mgrid[0 : columns.count, after:legs])
    going = old[column, leg] > 0
    return _Moves(
        column=np.concatenate([column, column[going]]),
        leg=np.concatenate([leg, leg[going]]),
        sign=np.concatenate([np.ones(len(column)), -np.ones(int(going.sum()))]).astype(np.int64),
        old=old,
    )


def _over(goal: Goal, moves: _Moves, width: int) -> Goal:
    cost = np.zeros(width, dtype=np.int64)
    cost[: len(moves.column)] = goal.cost[moves.column] * moves.sign
    return Goal(goal.name, cost)


def _program(case: Case, moves: _Moves, after: int) -> tuple[Program, Ints]:
    """Write the terms over moves; give the rows and what each variable costs in changes."""
    columns, terms = case.columns, case.terms
    start = moves.old.sum(axis=1)
    most = np.where(moves.sign > 0, columns.upper[moves.column], moves.old[moves.column, moves.leg])
    made = Program([0] * len(moves.column), most.tolist())
    adds = made.variables([0] * columns.count, columns.upper.tolist())
    cost = np.zeros(len(made.lower), dtype=np.int64)
    # A unit that leaves one leg and joins another has changed once: leaves, plus what joins beyond that.
    leaves = moves.sign < 0
    cost[: len(moves.column)][leaves] = columns.size[moves.column[leaves]]
    cost[adds] = columns.size
    order = np.argsort(moves.column, kind="stable")
    for column, places in enumerate(np.split(order, np.searchsorted(moves.column[order], np.arange(1, columns.count)))):
        pair = [(places, moves.sign[places])]
        net = (float(columns.lower[column] - start[column]), float(columns.upper[column] - start[column]))
        made.sparse_row("class", "", net, pair)
        made.sparse_row("joins", "", (-INF, 0), [*pair, (np.array([adds[column]]), np.array([-1]))])
    _totals(made, case, moves, start)
    for leg in range(after, terms.legs.count):
        _leg_rows(made, columns, terms, moves, leg)
    return made, cost


def _totals(made: Program, case: Case, moves: _Moves, start: Ints) -> None:
    columns, terms = case.columns, case.terms
    side, kind = columns.side[columns.member], columns.kind
    for number, name in enumerate(terms.sides):
        mine = side == number
        for path, least, mask in (
            ("numbers.minimum", terms.minimum, kind <= 1),
            ("civilians.minimum", terms.civilians, kind == 3),
        ):
            vector = columns.sums(mine & mask)
            _row(made, f"{path}.{name}", (least.get(name, 0) - int(vector @ start), INF), vector, moves)
    if terms.ratio is not None:
        sign = np.where(side == 0, terms.ratio[1], -terms.ratio[0])
        vector = columns.sums((kind == 0) * sign)
        _row(made, "numbers.balance", (-int(vector @ start),) * 2, vector, moves)
    for number in range(len(terms.rank_groups)):
        vector = columns.sums(((kind == 0) & (columns.group == number)) * np.where(side == 0, 1, -1))
        _row(made, f"rank_balance.groups[{number}]", (-int(vector @ start),) * 2, vector, moves)
    for name, worth in gains(columns, terms).items():
        if terms.gain.minimum.get(name):
            _row(made, f"gain.minimum.{name}", (terms.gain.minimum[name] - int(worth @ start), INF), worth, moves)


def _leg_rows(made: Program, columns: Columns, terms: Terms, moves: _Moves, leg: int) -> None:
    side, here = columns.side[columns.member], moves.old[:, leg]
    for number in (0, 1):
        mine = side == number
        if terms.legs.seats is not None:
            vector = columns.sums(mine)
            _row(made, "legs.seats", (-INF, terms.legs.seats[leg] - int(vector @ here)), vector, moves, leg=leg)
        if terms.legs.per_site is not None:
            for site in np.unique(columns.site[mine]).tolist():
                vector = columns.sums(mine & (columns.site == site))
                _row(made, "legs.per_site", (-INF, terms.legs.per_site - int(vector @ here)), vector, moves, leg=leg)
    if terms.leg_balanced and terms.ratio is not None:
        vector = columns.sums((columns.kind == 0) * np.where(side == 0, terms.ratio[1], -terms.ratio[0]))
        _row(made, "numbers.balance", (-int(vector @ here),) * 2, vector, moves, leg=leg)


def _row(
    made: Program, term: str, bounds: tuple[float, float], vector: Ints, moves: _Moves, *, leg: int | None = None
) -> None:
    coefficients = vector[moves.column] * moves.sign
    if leg is not None:
        coefficients = coefficients * (moves.leg == leg)
    made.row(term, term, bounds, coefficients)


def _clash(program: Program) -> Clash:
    every = list(dict.fromkeys(term for term in program.terms if term))

    def holds(some: frozenset[str]) -> bool:
        keep = [row for row, term in enumerate(program.terms) if not term or term in some]
        return is_possible(
            Program(
                program.lower,
                program.upper,
                [program.names[row] for row in keep],
                [program.terms[row] for row in keep],
                [program.low[row] for row in keep],
                [program.high[row] for row in keep],
                [program.columns[row] for row in keep],
                [program.values[row] for row in keep],
            )
        )

    return Clash(tuple(smallest(every, holds)), ({"code": "repair"},))


def _rows(case: Case, units: list[list[int]], spread: Ints, after: int) -> list[tuple[set[int], set[int]]]:
    """Name the units: done legs stand; then by tickets, each in its old leg while there is a place."""
    legs: list[tuple[set[int], set[int]]] = [(set(), set()) for _ in range(spread.shape[1])]
    for column in np.flatnonzero(spread.any(axis=1) | np.array([any(row) for row in units])).tolist():
        side, numbers = int(case.columns.side[column]), units[column]
        room = spread[column].copy()
        waiting = [unit for unit, number in enumerate(numbers) if not 0 < number <= after]
        found = {unit: number for unit, number in enumerate(numbers) if 0 < number <= after}
        goes = waiting[: int(room[after:].sum())]
        for unit in goes:
            if numbers[unit] and room[numbers[unit] - 1] > 0:
                found[unit] = numbers[unit]
                room[numbers[unit] - 1] -= 1
        for unit in goes:
            if unit not in found:
                leg = after + int(np.flatnonzero(room[after:] > 0)[0])
                found[unit] = leg + 1
                room[leg] -= 1
        for unit, number in found.items():
            legs[number - 1][side].update(case.columns.units[column][unit].tolist())
    return legs


def _changes(case: Case, before: list[dict[str, int]], made: Plan) -> list[Change]:
    found = []
    for people, old in zip(case.people, before, strict=True):
        new = {ref: leg.number for leg in made.legs for ref in leg.release[people.side]}
        found += [
            Change(people.side, ref, old.get(ref, 0), new.get(ref, 0))
            for ref in sorted(old.keys() | new.keys())
            if old.get(ref, 0) != new.get(ref, 0)
        ]
    return found
