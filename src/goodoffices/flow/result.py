"""Stage 6, Assertions -> Result: who says what, what is confirmed, what differs, what is withheld."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from goodoffices.domain.assertion import Assertion, AssertionKind, Standing
from goodoffices.domain.commitment import Bound, Direction, Unit
from goodoffices.domain.process import Condition, Process, Role, Rules, Transfer
from goodoffices.domain.result import (
    CommitmentResult,
    ConditionResult,
    Confirmed,
    Divergence,
    Movement,
    MovementStatus,
    Part,
    Query,
    Result,
    Stated,
    Sum,
    TransferResult,
)
from goodoffices.domain.sides import PartyKind
from goodoffices.flow.keeping import amount, ascribed, owed_lines, status_of

_UNITS = {unit: place for place, unit in enumerate(Unit)}
_FIRMNESS = {Bound.EXACT: 0, Bound.MORE_THAN: 1, Bound.AT_LEAST: 2, Bound.ABOUT: 3}


def results(process: Process) -> Result:
    """Compute what each side says, what is confirmed, what differs and what is withheld.

    Superseded assertions count no more. The order of the assertions does not matter.

    Parameters
    ----------
    process
        A process that its reader has accepted: references hold, movements are of one kind.
    """
    superseded = frozenset(a.supersedes for a in process.assertions if a.supersedes is not None)
    live = sorted((a for a in process.assertions if a.id not in superseded), key=lambda a: a.id)
    movements = _movements(process, live)
    claims = _Claims.gather(live, movements, process)
    stated = claims.stated()
    commitments = []
    for commitment in process.commitments:
        mine = tuple(line for line in stated if line.commitment == commitment.id)
        moved = tuple(m for m in movements if ascribed(m, commitment.id))
        confirmed = _confirmed_lines(owed_lines(commitment), mine, moved)
        status = status_of(commitment, moved, is_stated=bool(mine), as_of=process.as_of)
        commitments.append(CommitmentResult(commitment, mine, confirmed, commitment.readings_differ, status))
    tally = Counter(m.status for m in movements)
    return Result(
        counts=MappingProxyType({status: tally[status] for status in MovementStatus}),
        movements=movements,
        commitments=tuple(commitments),
        unascribed=tuple(line for line in stated if line.commitment is None),
        overall=_Claims.gather(live, movements, process, over_all=True).stated(),
        divergences=claims.divergences(),
        transfers=tuple(_conditions(transfer) for transfer in process.transfers),
        superseded=superseded,
    )


def total(process: Process, query: Query) -> Sum:
    """Add up what one party says moved; a withheld part makes the sum not computable, never smaller."""
    superseded = {a.supersedes for a in process.assertions if a.supersedes is not None}
    parts = tuple(
        a
        for a in sorted(process.assertions, key=lambda a: (a.date, a.id))
        if a.movement is not None
        and a.id not in superseded
        and a.party == query.party
        and a.direction == query.direction
        and a.unit is query.unit
        and query.first <= a.date <= query.last
        and (query.commitments is None or a.commitment in query.commitments)
        and (query.categories is None or a.category in query.categories)
    )
    return Sum(_add(_by_movement(parts).values()), parts)


def _movements(process: Process, live: Sequence[Assertion]) -> tuple[Movement, ...]:
    kinds = {party.code: party.kind for party in process.parties}
    places = {party.code: place for place, party in enumerate(process.parties)}
    made = [_movement(name, told, kinds, places, process.rules) for name, told in _by_movement(live).items()]
    return tuple(sorted(made, key=lambda m: (m.date, m.id)))


def _by_movement(assertions: Iterable[Assertion]) -> dict[str, list[Assertion]]:
    groups: dict[str, list[Assertion]] = defaultdict(list)
    for assertion in assertions:
        if assertion.movement is not None:
            groups[assertion.movement].append(assertion)
    return groups


def _movement(
    name: str, told: Sequence[Assertion], kinds: Mapping[str, PartyKind], places: Mapping[str, int], rules: Rules
) -> Movement:
    first = told[0]
    if first.direction is None or first.unit is None:
        raise ValueError(f"movement {name!r} has no direction or no unit")
    roles: dict[Role, list[Assertion]] = {role: [] for role in Role}
    others: list[Assertion] = []
    for assertion in told:
        if assertion.party == first.direction.giver:
            roles[Role.GIVER].append(assertion)
        elif assertion.party == first.direction.receiver:
            roles[Role.RECEIVER].append(assertion)
        elif kinds[assertion.party] is PartyKind.NEUTRAL:
            roles[Role.NEUTRAL].append(assertion)
        else:
            others.append(assertion)
    figures = {role: _figures(roles[role]) for role in Role}
    given = {a.party for a in told if a.quantity is not None}
    silent = {a.party for a in told if a.bound is Bound.WITHHELD} - given
    confirmed, missing = _confirm(roles, rules.must_attest.get(first.unit, ()))
    return Movement(
        id=name,
        date=min(a.date for a in told),
        direction=first.direction,
        unit=first.unit,
        category=first.category,
        figures=figures,
        others=_figures(others),
        withheld_by=tuple(sorted(silent, key=lambda party: places[party])),
        assertions={role: tuple(roles[role]) for role in Role},
        bounds=tuple(sorted({a.bound for a in told if a.quantity is not None} - {Bound.EXACT})),
        confirmed=confirmed,
        missing=missing,
        status=_standing_of(figures, confirmed),
    )


def _figures(told: Sequence[Assertion]) -> tuple[int, ...]:
    return tuple(a.quantity for a in told if a.quantity is not None)


def _confirm(roles: Mapping[Role, Sequence[Assertion]], must: Sequence[Role]) -> tuple[int | None, tuple[Role, ...]]:
    """Give the quantity that all who must attest have attested alike, and the roles still missing."""
    attested = {
        role: [a for a in roles[role] if a.standing is Standing.ATTESTED and a.quantity is not None] for role in Role
    }
    missing = tuple(role for role in Role if role in must and all(a.bound is not Bound.EXACT for a in attested[role]))
    seen = {(a.quantity, a.bound) for told in attested.values() for a in told}
    if not must or missing or len(seen) != 1:
        return None, missing
    return next(iter(seen))[0], missing


def _standing_of(figures: Mapping[Role, tuple[int, ...]], confirmed: int | None) -> MovementStatus:
    giver, receiver, neutral = (figures[role] for role in Role)
    if confirmed is not None:
        return MovementStatus.CONFIRMED
    if not giver and not receiver:
        return MovementStatus.WITHHELD
    if len({*giver, *receiver, *neutral}) > 1:
        return MovementStatus.DIFFER
    return MovementStatus.AGREE if giver and receiver else MovementStatus.ONE_SIDED


def _add(movements: Iterable[Sequence[Assertion]]) -> int | None:
    """Add one party's figure of each movement; two figures or none for one movement leave no sum."""
    whole = 0
    for told in movements:
        figures = set(_figures(told))
        if len(figures) != 1:
            return None
        whole += figures.pop()
    return whole


def _bound(movements: Iterable[Sequence[Assertion]]) -> Bound:
    bounds = {min((a.bound for a in told if a.quantity is not None), key=_FIRMNESS.__getitem__) for told in movements}
    if bounds <= {Bound.EXACT}:
        return Bound.EXACT
    if Bound.ABOUT in bounds:
        return Bound.ABOUT
    return Bound.MORE_THAN if Bound.MORE_THAN in bounds else Bound.AT_LEAST


def _confirmed_lines(
    owed: Sequence[tuple[Direction, Unit]], stated: Sequence[Stated], moved: Sequence[Movement]
) -> tuple[Confirmed, ...]:
    keys = dict.fromkeys([*owed, *((line.direction, line.unit) for line in stated)])
    lines = []
    for direction, unit in keys:
        quantity, count = amount(moved, direction, unit=unit, category=None)
        lines.append(Confirmed(direction, unit, quantity if count else None, count))
    return tuple(lines)


def _conditions(transfer: Transfer) -> TransferResult:
    sides = (transfer.direction.giver, transfer.direction.receiver)
    last = {(p.condition, p.party): p.stance for p in sorted(transfer.positions, key=lambda p: p.at)}
    return TransferResult(
        transfer,
        tuple(
            ConditionResult(condition, tuple((side, last.get((condition, side))) for side in sides))
            for condition in Condition
        ),
    )


_Line = tuple[str | None, Direction, Unit]
"""Commitment, direction, unit: what a sum may run over."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """Who says what along each line: movements and totals to date."""

    told: Mapping[tuple[_Line, str], Mapping[str, Sequence[Assertion]]]
    totals: Mapping[tuple[_Line, str], Sequence[Assertion]]
    moved: Mapping[_Line, Sequence[Movement]]
    speakers: Mapping[str, frozenset[str]]
    places: Mapping[str, int]

    @classmethod
    def gather(
        cls, live: Sequence[Assertion], movements: Sequence[Movement], process: Process, *, over_all: bool = False
    ) -> _Claims:
        told: dict[tuple[_Line, str], dict[str, list[Assertion]]] = defaultdict(lambda: defaultdict(list))
        totals: dict[tuple[_Line, str], list[Assertion]] = defaultdict(list)
        named: dict[_Line, set[str]] = defaultdict(set)
        speakers: dict[str, set[str]] = defaultdict(set)
        for a in live:
            if a.direction is None or a.unit is None:
                continue
            line = (None if over_all else a.commitment, a.direction, a.unit)
            if a.movement is not None:
                told[line, a.party][a.movement].append(a)
                named[line].add(a.movement)
                speakers[a.movement].add(a.party)
            elif a.kind is AssertionKind.CUMULATIVE and not over_all:
                totals[line, a.party].append(a)
        by_id = {m.id: m for m in movements}
        moved = {line: sorted((by_id[name] for name in names), key=lambda m: m.date) for line, names in named.items()}
        places = {party.code: place for place, party in enumerate(process.parties)}
        return cls(told, totals, moved, {name: frozenset(who) for name, who in speakers.items()}, places)

    def stated(self) -> tuple[Stated, ...]:
        lines = [self._line(*key) for key in {**self.told, **self.totals}]
        return tuple(sorted(lines, key=self._rank))

    def _rank(self, line: Stated) -> tuple[int, int, int, int]:
        towards = self.places[line.direction.receiver], self.places[line.direction.giver]
        return (self.places[line.party], *towards, _UNITS[line.unit])

    def _line(self, line: _Line, party: str) -> Stated:
        told = self.told.get((line, party), {})
        whole = _add(told.values()) if told else None
        by_category: dict[object, list[Sequence[Assertion]]] = defaultdict(list)
        for said in told.values():
            by_category[said[0].category].append(said)
        return Stated(
            commitment=line[0],
            party=party,
            direction=line[1],
            unit=line[2],
            quantity=whole,
            bound=None if whole is None else _bound(told.values()),
            movements=len(told),
            silent=sum(party not in self.speakers[m.id] for m in self.moved.get(line, ())),
            withheld=sum(not _figures(said) for said in told.values()),
            parts=tuple(
                Part(said[0][0].category, _add(said), len(said))
                for _, said in sorted(by_category.items(), key=lambda item: str(item[0] or ""))
            ),
            totals=tuple(sorted(self.totals.get((line, party), ()), key=lambda a: (a.date, a.id))),
        )

    def divergences(self) -> tuple[Divergence, ...]:
        groups: dict[tuple[_Line, object, int], list[Assertion]] = defaultdict(list)
        for (line, _), said in self.totals.items():
            days = [m.date for m in self.moved.get(line, ())]
            for a in said:
                if a.quantity is not None:
                    groups[line, a.category, bisect_right(days, a.date)].append(a)
        found = []
        for (line, _, covered), said in groups.items():
            spread = _clash(said)
            if spread > 0:
                found.append(_diverge(line, said, spread, self.moved.get(line, ())[:covered]))
        return tuple(sorted(found, key=lambda d: (d.totals[0].date, d.totals[0].id)))


def _clash(totals: Sequence[Assertion]) -> int:
    """Give how far apart the totals are that cannot all hold; 0 where they can. `about` excludes nothing."""
    floors = [(a.quantity or 0) + (a.bound is Bound.MORE_THAN) for a in totals if a.bound is not Bound.ABOUT]
    ceilings = [a.quantity or 0 for a in totals if a.bound is Bound.EXACT]
    return max(floors) - min(ceilings) if ceilings else 0


def _diverge(line: _Line, totals: Sequence[Assertion], spread: int, moved: Sequence[Movement]) -> Divergence:
    differing = tuple(m for m in moved if m.status is MovementStatus.DIFFER)
    gaps = [
        m.figures[Role.GIVER][0] - m.figures[Role.RECEIVER][0]
        for m in differing
        if len(set(m.figures[Role.GIVER])) == len(set(m.figures[Role.RECEIVER])) == 1
    ]
    explained = bool(differing) and len(gaps) == len(differing) and abs(sum(gaps)) == spread
    ordered = tuple(sorted(totals, key=lambda a: (a.date, a.id)))
    return Divergence(line[0], line[1], line[2], ordered, spread, differing, explained)
