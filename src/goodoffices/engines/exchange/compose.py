"""Lists and terms to one plan: the whole method on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from goodoffices.domain.plan import Clash, Leg, Level, Plan, Tie
from goodoffices.domain.terms import Terms
from goodoffices.engines.exchange.certificate import levels
from goodoffices.engines.exchange.classes import Columns, classes
from goodoffices.engines.exchange.conflict import clash
from goodoffices.engines.exchange.eligible import Ints, People, eligible
from goodoffices.engines.exchange.legs import assign
from goodoffices.engines.exchange.lottery import Draw, draw, order_sha256
from goodoffices.engines.exchange.model import Goal, Program, goals, program
from goodoffices.engines.exchange.solve import lexicographic, prove


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a plan is made from.

    Attributes
    ----------
    terms, terms_sha256, lists_sha256
        As in the plan.
    people
        Both sides, in the order of the terms.
    columns, program, goals, draw
        What the people and terms become.
    """

    terms: Terms
    terms_sha256: str
    lists_sha256: Mapping[str, str]
    people: tuple[People, People]
    columns: Columns
    program: Program
    goals: tuple[Goal, ...]
    draw: Draw


def prepare(
    terms: Terms,
    lists: Mapping[str, pl.DataFrame],
    *,
    terms_sha256: str,
    lists_sha256: Mapping[str, str],
    gone: Mapping[str, frozenset[str]] | None = None,
) -> Case:
    """Judge the people of both lists and write the terms as rows.

    Parameters
    ----------
    terms
        The terms.
    lists
        Side to whom it holds, as `RECORDS`.
    terms_sha256, lists_sha256
        Hashes of the terms and of the sealed lists.
    gone
        Side to references of people who cannot go after all.

    Raises
    ------
    InputError
        If a list holds a reference twice, or says neither yes nor no where it must.
    """
    first, second = (
        eligible(lists[side], side, terms=terms, gone=(gone or {}).get(side, frozenset())) for side in terms.sides
    )
    chance = draw(terms.lottery, lists_sha256)
    columns = classes((first, second), chance, lists_sha256=lists_sha256)
    return Case(
        terms=terms,
        terms_sha256=terms_sha256,
        lists_sha256=lists_sha256,
        people=(first, second),
        columns=columns,
        program=program(columns, terms),
        goals=tuple(goals(columns, terms)),
        draw=chance,
    )


def compose(case: Case) -> Plan | Clash:
    """Choose who goes and in which leg, with a proof per criterion; or say which terms cannot hold together.

    Parameters
    ----------
    case
        As `prepare` makes it.

    Returns
    -------
    Plan | Clash
        Clash: a smallest set of terms that leaves no plan.
    """
    solution = lexicographic(case.program, case.goals)
    if solution is None:
        return clash(case.columns, case.terms, case.people)
    chosen = solution.x[: case.columns.count]
    duals = [stage.duals for stage in solution.stages]
    spread = assign(case.columns, chosen, case.terms)
    if spread is None:
        # Families did not fit into legs whole: choose again with a variable per family and leg.
        solution = lexicographic(program(case.columns, case.terms, families_by_leg=True), case.goals)
        if solution is None:
            return clash(case.columns, case.terms, case.people, families_by_leg=True)
        chosen = solution.x[: case.columns.count]
        spread = _must(assign(case.columns, chosen, case.terms))
        duals = prove(case.program, case.goals, [int(goal.cost @ chosen) for goal in case.goals])
    values = [int(goal.cost @ chosen) for goal in case.goals]
    return written(case, spread, levels(case.program, case.goals, values, duals))


def _must(spread: Ints | None) -> Ints:
    if spread is None:
        raise AssertionError("legs exist: the program had a variable per family and leg")
    return spread


def written(case: Case, spread: Ints, objective: Sequence[Level]) -> Plan:
    """Name the people: within a class in the order of tickets, earlier tickets in earlier legs.

    Parameters
    ----------
    case
        What was solved.
    spread
        Units per class and leg, shape (classes, legs).
    objective
        The levels with their proofs.
    """
    rows = _rows(case.columns, spread)
    return plan_of(case, rows, objective)


def plan_of(case: Case, rows: Sequence[tuple[set[int], set[int]]], objective: Sequence[Level]) -> Plan:
    """Write a plan from the rows of both sides' people who go, leg by leg."""
    legs = []
    for number, sides in enumerate(rows, 1):
        release, heading = {}, {}
        for people, chosen in zip(case.people, sides, strict=True):
            ordered = sorted(chosen)
            release[people.side] = tuple(people.ref[row] for row in ordered)
            heading[people.side] = {people.ref[row]: people.heading[row] for row in ordered}
        legs.append(Leg(number, release, heading))
    return Plan(
        terms_sha256=case.terms_sha256,
        lists_sha256=case.lists_sha256,
        legs=tuple(legs),
        objective=tuple(objective),
        left_out={
            people.side: _left_out(people, case.columns.split[number], [leg[number] for leg in rows])
            for number, people in enumerate(case.people)
        },
        seed=None if case.draw.seed is None else case.draw.seed.hex(),
        order_sha256=order_sha256(
            [[ref for ref, kind in zip(people.ref, people.kind, strict=True) if kind >= 0] for people in case.people],
            case.draw,
        ),
        ties=_ties(case, rows),
        warnings=tuple(warning for people in case.people for warning in people.warnings) + _families(case),
    )


def _rows(columns: Columns, spread: Ints) -> list[tuple[set[int], set[int]]]:
    legs: list[tuple[set[int], set[int]]] = [(set(), set()) for _ in range(spread.shape[1])]
    for column in np.flatnonzero(spread.any(axis=1)).tolist():
        start = 0
        for leg, count in enumerate(spread[column].tolist()):
            legs[leg][int(columns.side[column])].update(columns.units[column][start : start + count].ravel().tolist())
            start += count
    return legs


def _left_out(people: People, split: tuple[int, ...], legs: Sequence[set[int]]) -> dict[str, int]:
    going = set().union(*legs)
    apart = set(split)
    reasons: Counter[str] = Counter()
    for row, reason in enumerate(people.reason):
        if row not in going:
            reasons[reason or ("family" if row in apart else "not_chosen")] += 1
    return dict(sorted(reasons.items()))


def _ties(case: Case, rows: Sequence[tuple[set[int], set[int]]]) -> tuple[Tie, ...]:
    columns, found = case.columns, []
    going = [set().union(*(leg[number] for leg in rows)) for number in (0, 1)]
    start = np.searchsorted(columns.member, np.arange(columns.count))
    for column in range(columns.count):
        people = case.people[int(columns.side[column])]
        units = columns.units[column]
        taken = sum(int(unit[0]) in going[int(columns.side[column])] for unit in units.tolist())
        if not 0 < taken < len(units):
            continue
        member = int(start[column])
        tickets = ["", ""]
        if case.draw.seed is not None:
            tickets = [
                min(case.draw.tickets([people.ref[row] for row in units[place].tolist()])).hex()[:8]
                for place in (taken - 1, taken)
            ]
        found.append(
            Tie(
                side=people.side,
                heading=people.heading[int(units[0][0])],
                site=columns.sites[int(columns.site[member])],
                criteria=dict(zip(case.terms.criteria, columns.values[member].tolist(), strict=True)),
                taken=taken,
                of=len(units),
                last_in=tickets[0],
                first_out=tickets[1],
            )
        )
    return tuple(found)


def _families(case: Case) -> tuple[dict[str, str | int], ...]:
    """Report families that a member who cannot go keeps back, and those of them who go all for all alone."""
    found: list[dict[str, str | int]] = []
    for people, split in zip(case.people, case.columns.split, strict=True):
        if split:
            found.append({"code": "family_stays", "side": people.side, "count": len(split)})
        broken = {name for name, reason in zip(people.family, people.reason, strict=True) if name and reason}
        alone = sum(
            name in broken and kind == 1 for name, kind in zip(people.family, people.kind.tolist(), strict=True)
        )
        if alone:
            found.append({"code": "family_parted", "side": people.side, "count": alone})
    return tuple(found)
