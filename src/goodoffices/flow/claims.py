"""Who says what along each line of commitment, direction and unit: sums with their parts, and totals that clash."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.assertion import Assertion, AssertionKind
from goodoffices.domain.commitment import Bound, Direction, Moved, Unit
from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import Divergence, Movement, MovementStatus, Part, Stated

Line = tuple[str | None, Direction, Unit]
"""Commitment, direction, unit: what a sum may run over."""

_UNITS = {unit: place for place, unit in enumerate(Unit)}
_FIRMNESS = {Bound.EXACT: 0, Bound.MORE_THAN: 1, Bound.AT_LEAST: 2, Bound.ABOUT: 3}


@dataclass(frozen=True, slots=True)
class Tally:
    """One party's figures added up over movements.

    Attributes
    ----------
    quantity
        The sum; None where a movement has no figure or two.
    bound
        As firm as the least firm part; None where there is no sum.
    movements
        How many movements the party speaks of.
    withheld
        Movements without a figure.
    """

    quantity: int | None
    bound: Bound | None
    movements: int
    withheld: int


def tally(told: Sequence[Assertion]) -> Tally:
    """Add up one party's figures: each movement once, none and two different figures leave no sum."""
    figures: dict[str | None, int | None] = {}
    is_clear = True
    for a in told:
        known = figures.setdefault(a.movement, a.quantity)
        if known != a.quantity:
            is_clear = is_clear and (known is None or a.quantity is None)
            figures[a.movement] = a.quantity if known is None else known
    withheld = list(figures.values()).count(None)
    if withheld or not is_clear or not figures:
        return Tally(None, None, len(figures), withheld)
    return Tally(sum(figure or 0 for figure in figures.values()), _bound(told), len(figures), 0)


def _bound(told: Sequence[Assertion]) -> Bound:
    """Give the bound of a sum: of each movement the firmest that is given, of all of them the weakest."""
    if all(a.bound is Bound.EXACT for a in told):
        return Bound.EXACT
    firmest: dict[str | None, Bound] = {}
    for a in told:
        if a.quantity is not None:
            firmest[a.movement] = min(firmest.get(a.movement, a.bound), a.bound, key=_FIRMNESS.__getitem__)
    bounds = set(firmest.values())
    if bounds == {Bound.EXACT}:
        return Bound.EXACT
    if Bound.ABOUT in bounds:
        return Bound.ABOUT
    return Bound.MORE_THAN if Bound.MORE_THAN in bounds else Bound.AT_LEAST


class Claims:
    """Sorts live assertions by line and party.

    Parameters
    ----------
    live
        Assertions that no later one supersedes.
    movements
        What they count.
    process
        Gives the order of the parties.
    """

    def __init__(self, live: Sequence[Assertion], movements: Sequence[Movement], process: Process) -> None:
        self._told: dict[tuple[Line, str], list[Assertion]] = defaultdict(list)
        self._totals: dict[tuple[Line, str], list[Assertion]] = defaultdict(list)
        self._movements = {m.id: m for m in movements}
        self._places = {party.code: place for place, party in enumerate(process.parties)}
        self._spoken: dict[str, set[str]] = {party.code: set() for party in process.parties}
        for a in live:
            if a.direction is None or a.unit is None:
                continue
            if a.movement is not None:
                self._told[(a.commitment, a.direction, a.unit), a.party].append(a)
                self._spoken[a.party].add(a.movement)
            elif a.kind is AssertionKind.CUMULATIVE:
                self._totals[(a.commitment, a.direction, a.unit), a.party].append(a)

    def stated(self) -> tuple[Stated, ...]:
        """Give what each party says along each line, in the order of the parties."""
        return self._lines(self._told, self._totals)

    def overall(self) -> tuple[Stated, ...]:
        """Give the same over all commitments and none; totals to date are left out, as they may overlap."""
        told: dict[tuple[Line, str], list[Assertion]] = defaultdict(list)
        for ((_, direction, unit), party), said in self._told.items():
            told[(None, direction, unit), party] += said
        return self._lines(told, {})

    def divergences(self) -> tuple[Divergence, ...]:
        """Give totals of the same transfers that cannot all hold, with what explains them."""
        moved = self._moved({line for line, _ in self._totals})
        groups: dict[tuple[Line, Moved | None, int], list[Assertion]] = defaultdict(list)
        for (line, _), said in self._totals.items():
            days = [m.date for m in moved.get(line, ())]
            for a in said:
                if a.quantity is not None:
                    groups[line, a.category, bisect_right(days, a.date)].append(a)
        found = [
            _diverge(line, said, moved.get(line, ())[:covered])
            for (line, _, covered), said in groups.items()
            if _clash(said) > 0
        ]
        return tuple(sorted(found, key=lambda d: (d.totals[0].date, d.totals[0].id)))

    def _lines(
        self,
        told: Mapping[tuple[Line, str], Sequence[Assertion]],
        totals: Mapping[tuple[Line, str], Sequence[Assertion]],
    ) -> tuple[Stated, ...]:
        named: dict[Line, set[str]] = defaultdict(set)
        for (line, _), said in told.items():
            named[line].update([a.movement for a in said if a.movement is not None])
        made = []
        for key in dict.fromkeys([*told, *totals]):
            line, party = key
            silent = len(named[line] - self._spoken[party])
            made.append(_stated(line, party, told.get(key, ()), silent=silent, totals=totals.get(key, ())))
        return tuple(sorted(made, key=self._rank))

    def _rank(self, line: Stated) -> tuple[int, int, int, int]:
        towards = self._places[line.direction.receiver], self._places[line.direction.giver]
        return (self._places[line.party], *towards, _UNITS[line.unit])

    def _moved(self, lines: Collection[Line]) -> Mapping[Line, Sequence[Movement]]:
        named: dict[Line, set[str]] = defaultdict(set)
        for (line, _), said in self._told.items():
            if line in lines:
                named[line].update([a.movement for a in said if a.movement is not None])
        return {
            line: sorted((self._movements[name] for name in names), key=lambda m: (m.date, m.id))
            for line, names in named.items()
        }


def _stated(line: Line, party: str, told: Sequence[Assertion], *, silent: int, totals: Sequence[Assertion]) -> Stated:
    whole = tally(told)
    categories = {a.category for a in told}
    if len(categories) == 1:
        parts = dict.fromkeys(categories, whole)
    else:
        parts = {category: tally([a for a in told if a.category is category]) for category in categories}
    return Stated(
        commitment=line[0],
        party=party,
        direction=line[1],
        unit=line[2],
        quantity=whole.quantity,
        bound=whole.bound,
        movements=whole.movements,
        silent=silent,
        withheld=whole.withheld,
        parts=tuple(
            Part(category, parts[category].quantity, parts[category].movements)
            for category in sorted(parts, key=lambda category: category or "")
        ),
        totals=tuple(sorted(totals, key=lambda a: (a.date, a.id))),
    )


def _clash(totals: Sequence[Assertion]) -> int:
    """Give how far apart the totals are that cannot all hold; 0 where they can. `about` excludes nothing."""
    floors = [(a.quantity or 0) + (a.bound is Bound.MORE_THAN) for a in totals if a.bound is not Bound.ABOUT]
    ceilings = [a.quantity or 0 for a in totals if a.bound is Bound.EXACT]
    return max(floors) - min(ceilings) if ceilings else 0


def _diverge(line: Line, totals: Sequence[Assertion], moved: Sequence[Movement]) -> Divergence:
    spread = _clash(totals)
    differing = tuple(m for m in moved if m.status is MovementStatus.DIFFER)
    gaps = [
        m.figures[Role.GIVER][0] - m.figures[Role.RECEIVER][0]
        for m in differing
        if len(set(m.figures[Role.GIVER])) == len(set(m.figures[Role.RECEIVER])) == 1
    ]
    explained = bool(differing) and len(gaps) == len(differing) and abs(sum(gaps)) == spread
    ordered = tuple(sorted(totals, key=lambda a: (a.date, a.id)))
    return Divergence(line[0], line[1], line[2], ordered, spread, differing, explained)
