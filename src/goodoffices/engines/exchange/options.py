"""A short menu of plans none of which beats another for both sides, and the price of each priority."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from goodoffices.domain.terms import MOST_PEOPLE, Terms
from goodoffices.engines.exchange.compose import Case
from goodoffices.engines.exchange.eligible import Ints
from goodoffices.engines.exchange.model import INF, Goal, Program, gains
from goodoffices.engines.exchange.solve import lexicographic

Point = tuple[int, int]
"""What the two sides gain, in the order of the terms."""


@dataclass(frozen=True, slots=True)
class Option:
    """One point of the menu.

    Attributes
    ----------
    gain
        What each side gains.
    names
        Why it is on the menu: `priority` (the terms' own plan), `best:<side>`, `nash`, `leximin`, `between`.
    """

    gain: Point
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu.

    Attributes
    ----------
    options
        None beats another for both sides; by the first side's gain.
    priority
        What the terms' own priorities give, on the menu or beaten by a point of it.
    variants
        What the same terms give with one criterion moved to the front.
    is_nash_proven
        Whether no plan under the terms has a larger product of gains than the Nash point.
    """

    options: tuple[Option, ...]
    priority: Point
    variants: tuple[tuple[str, Point], ...]
    is_nash_proven: bool


@dataclass(frozen=True, slots=True)
class Price:
    """What holding one priority costs the one after it.

    Attributes
    ----------
    criterion, pays
        The priority and the next one.
    value
        What the next one reaches with the priority held.
    without
        What it would reach if the priority were not there.
    """

    criterion: str
    pays: str
    value: int
    without: int


def menu(case: Case, *, between: int = 3, stop: Callable[[], bool] | None = None) -> Menu | None:
    """Find the ends of the frontier, the Nash and the leximin point, and some points between.

    A side's gain is its own people who return, each 1 plus the weights that terms give to criteria;
    0 if nothing is agreed, which is the point both sides compare with.

    Parameters
    ----------
    case
        Prepared terms and people.
    between
        Further points, spread evenly between the ends.
    stop
        Asked before each further point.

    Returns
    -------
    Menu | None
        None if no plan keeps the terms.

    References
    ----------
    Nash (1950), doi:10.2307/1907266; the leximin: Sen (1970), Collective Choice and Social Welfare.
    """
    frontier = _Frontier(case)
    own = lexicographic(case.program, case.goals)
    if own is None:
        return None
    priority = frontier.gain(own.x)
    first, second = (frontier.end(number) for number in (0, 1))
    named: dict[Point, list[str]] = {}
    for point, name in ((first, f"best:{case.terms.sides[0]}"), (second, f"best:{case.terms.sides[1]}")):
        named.setdefault(point, []).append(name)
    named.setdefault(frontier.leximin(), []).append("leximin")
    nash, proven = frontier.nash([*named, priority])
    named.setdefault(nash, []).append("nash")
    named.setdefault(priority, []).append("priority")
    for number in range(1, between + 1):
        if stop is not None and stop():
            break
        least = second[0] + (first[0] - second[0]) * number // (between + 1)
        found = frontier.at_least(0, least)
        if found is not None:
            named.setdefault(found, []).append("between")
    best = [point for point in named if not any(_beats(other, point) for other in named)]
    options = tuple(Option(point, tuple(dict.fromkeys(named[point]))) for point in sorted(best))
    return Menu(options, priority, frontier.variants(stop), proven)


def bound_terms(terms: Terms, option: Option) -> Terms:
    """Give the terms that lead to a point of the menu: the same, with both gains as a minimum."""
    gain = dataclasses.replace(terms.gain, minimum=dict(zip(terms.sides, option.gain, strict=True)))
    return dataclasses.replace(terms, gain=gain)


def prices(case: Case) -> tuple[Price, ...]:
    """Say what each priority costs the next one: the next one's value with and without it, all earlier ones held."""
    found = []
    held: list[Goal] = []
    with_all = lexicographic(case.program, case.goals)
    if with_all is None:
        return ()
    values = {goal.name: int(goal.cost @ with_all.x[: len(goal.cost)]) for goal in case.goals}
    for goal, after in zip(case.goals[:-1], case.goals[1:-1], strict=False):
        if goal.name != MOST_PEOPLE:
            without = lexicographic(case.program, [*held, after])
            best = values[after.name] if without is None else without.stages[-1].value
            found.append(Price(goal.name, after.name, values[after.name], max(best, values[after.name])))
        held.append(goal)
    return tuple(found)


def _beats(other: Point, point: Point) -> bool:
    return other != point and other[0] >= point[0] and other[1] >= point[1]


class _Frontier:
    """The gains of both sides over all plans that keep the terms."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.program = case.program
        worth = gains(case.columns, case.terms)
        self.worth: tuple[Ints, Ints] = (worth[case.terms.sides[0]], worth[case.terms.sides[1]])

    def gain(self, x: Ints) -> Point:
        first, second = (int(worth @ x[: len(worth)]) for worth in self.worth)
        return first, second

    def best(self, costs: list[Ints], program: Program | None = None) -> Point | None:
        found = lexicographic(program or self.program, [Goal("gain", cost) for cost in costs])
        return None if found is None else self.gain(found.x)

    def end(self, number: int) -> Point:
        return self.best([self.worth[number], self.worth[1 - number]]) or (0, 0)

    def at_least(self, number: int, least: int) -> Point | None:
        """Give the other side's best point at which one side gains at least so much."""
        program = copy.deepcopy(self.program)
        program.row("gain", "gain", (least, INF), self.worth[number])
        return self.best([self.worth[1 - number], self.worth[number]], program)

    def variants(self, stop: Callable[[], bool] | None) -> tuple[tuple[str, Point], ...]:
        """Move each criterion of the prisoners' order to the front in turn."""
        found = []
        for name in self.case.terms.order[1:]:
            if stop is not None and stop():
                break
            first = [goal for goal in self.case.goals if goal.name == name]
            solution = lexicographic(self.program, [*first, *(goal for goal in self.case.goals if goal.name != name)])
            if solution is not None:
                found.append((name, self.gain(solution.x)))
        return tuple(found)

    def leximin(self) -> Point:
        """Maximise the smaller gain, then the larger."""
        program = copy.deepcopy(self.program)
        most = int(min(worth @ np.array(program.upper[: len(worth)]) for worth in self.worth))
        least = program.variables([0], [most])
        for worth in self.worth:
            pairs = [(np.flatnonzero(worth), worth[worth != 0]), (least, np.array([-1]))]
            program.sparse_row("leximin", "gain", (0, INF), pairs)
        smaller = np.zeros(len(program.lower), dtype=np.int64)
        smaller[least] = 1
        return self.best([smaller, self.worth[0] + self.worth[1]], program) or (0, 0)

    def nash(self, known: list[Point]) -> tuple[Point, bool]:
        """Maximise the product of gains.

        At a point (a, b) let M be the largest b x + a y over all plans. If M = 2 a b, then by the
        inequality of means no product exceeds a b; else the maximiser is a new point to try.
        """
        tried = set(known)
        point = max(tried, key=lambda found: (found[0] * found[1], found))
        for _ in range(40):
            first, second = point
            weighed = second * self.worth[0] + first * self.worth[1]
            new = self.best([weighed])
            if new is None or second * new[0] + first * new[1] <= 2 * first * second:
                return point, new is not None
            middle = self.at_least(0, (point[0] + new[0]) // 2)
            before = len(tried)
            tried |= {new} | ({middle} if middle is not None else set())
            point = max(tried, key=lambda found: (found[0] * found[1], found))
            if len(tried) == before:
                return point, False
        return point, False
