"""Stage 6, Assertions -> Result: who says what, what is confirmed, what differs, what is withheld."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType

from goodoffices.domain.assertion import Assertion, Standing
from goodoffices.domain.commitment import Bound, Direction, Unit
from goodoffices.domain.process import Process, Role, Rules
from goodoffices.domain.result import (
    CommitmentResult,
    Confirmed,
    Movement,
    MovementStatus,
    Query,
    Result,
    Stated,
    Sum,
)
from goodoffices.domain.sides import PartyKind
from goodoffices.engines.talks.conditions import conditions
from goodoffices.flow.claims import Claims, tally
from goodoffices.flow.keeping import amount, ascribed, owed_lines, status_of

_ROLES = tuple(Role)


def results(process: Process) -> Result:
    """Compute what each side says, what is confirmed, what differs and what is withheld.

    Superseded assertions count no more. The order of the assertions does not matter.

    Parameters
    ----------
    process
        A process that its reader has accepted: references hold, movements are of one kind.
    """
    superseded = frozenset(a.supersedes for a in process.assertions if a.supersedes is not None)
    live = sorted([a for a in process.assertions if a.id not in superseded], key=attrgetter("id"))
    movements = _movements(process, live)
    claims = Claims(live, movements, process)
    stated = claims.stated()
    confirmed_moves = [m for m in movements if m.confirmed is not None]
    commitments = []
    for commitment in process.commitments:
        mine = tuple(line for line in stated if line.commitment == commitment.id)
        moved = [m for m in confirmed_moves if ascribed(m, commitment.id)]
        confirmed = _confirmed_lines(owed_lines(commitment), mine, moved)
        status = status_of(commitment, moved, is_stated=bool(mine), as_of=process.as_of)
        commitments.append(CommitmentResult(commitment, mine, confirmed, commitment.readings_differ, status))
    tally = Counter(m.status for m in movements)
    return Result(
        counts=MappingProxyType({status: tally[status] for status in MovementStatus}),
        movements=movements,
        commitments=tuple(commitments),
        unascribed=tuple(line for line in stated if line.commitment is None),
        divergences=claims.divergences(),
        transfers=tuple(conditions(transfer) for transfer in process.transfers),
        superseded=superseded,
    )


def overall(process: Process, result: Result) -> tuple[Stated, ...]:
    """Give what each party says over all commitments and none; totals to date are left out, as they may overlap."""
    live = [a for a in process.assertions if a.id not in result.superseded]
    return Claims(live, result.movements, process).overall()


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
    return Sum(tally(parts).quantity if parts else 0, parts)


def _movements(process: Process, live: Sequence[Assertion]) -> tuple[Movement, ...]:
    neutrals = frozenset(party.code for party in process.parties if party.kind is PartyKind.NEUTRAL)
    places = {party.code: place for place, party in enumerate(process.parties)}
    made = [_movement(name, told, neutrals, places, process.rules) for name, told in _by_movement(live).items()]
    return tuple(sorted(made, key=attrgetter("date", "id")))


def _by_movement(assertions: Iterable[Assertion]) -> dict[str, list[Assertion]]:
    groups: dict[str, list[Assertion]] = defaultdict(list)
    for assertion in assertions:
        if assertion.movement is not None:
            groups[assertion.movement].append(assertion)
    return groups


def _movement(
    name: str, told: Sequence[Assertion], neutrals: frozenset[str], places: Mapping[str, int], rules: Rules
) -> Movement:
    first = told[0]
    if first.direction is None or first.unit is None:
        raise ValueError(f"movement {name!r} has no direction or no unit")
    roles = _roles(first.direction, tuple([a.party for a in told]), neutrals)
    is_plain = all(a.bound is Bound.EXACT for a in told)
    confirmed, missing = _confirm(told, roles, rules.must_attest.get(first.unit, ()))
    return Movement(
        id=name,
        date=min(a.date for a in told),
        direction=first.direction,
        unit=first.unit,
        category=first.category,
        told=tuple(told),
        roles=roles,
        withheld_by=() if is_plain else _withheld_by(told, places),
        bounds=() if is_plain else tuple(sorted({a.bound for a in told if a.quantity is not None} - {Bound.EXACT})),
        confirmed=confirmed,
        missing=missing,
        status=MovementStatus.CONFIRMED if confirmed is not None else _compare(told, roles),
    )


@lru_cache(maxsize=4096)
def _roles(direction: Direction, parties: tuple[str, ...], neutrals: frozenset[str]) -> tuple[Role | None, ...]:
    ends = {direction.giver: Role.GIVER, direction.receiver: Role.RECEIVER}
    return tuple([ends.get(party) or (Role.NEUTRAL if party in neutrals else None) for party in parties])


def _withheld_by(told: Sequence[Assertion], places: Mapping[str, int]) -> tuple[str, ...]:
    given = {a.party for a in told if a.quantity is not None}
    silent = {a.party for a in told if a.bound is Bound.WITHHELD} - given
    return tuple(sorted(silent, key=lambda party: places[party]))


def _confirm(
    told: Sequence[Assertion], roles: Sequence[Role | None], must: Sequence[Role]
) -> tuple[int | None, tuple[Role, ...]]:
    """Give the quantity that all who must attest have attested alike, and the roles still missing."""
    attested = [
        (role, a.quantity, a.bound)
        for a, role in zip(told, roles, strict=True)
        if a.standing is Standing.ATTESTED and a.quantity is not None and role is not None
    ]
    if not attested:
        return None, tuple([role for role in _ROLES if role in must])
    exact = {role for role, _, bound in attested if bound is Bound.EXACT}
    missing = tuple([role for role in _ROLES if role in must and role not in exact])
    seen = {(quantity, bound) for _, quantity, bound in attested}
    if not must or missing or len(seen) != 1:
        return None, missing
    return attested[0][1], ()


def _compare(told: Sequence[Assertion], roles: Sequence[Role | None]) -> MovementStatus:
    """Set the figures side by side; those of parties that are no side of it and not neutral do not count."""
    seen: set[int] = set()
    gave = took = False
    for a, role in zip(told, roles, strict=True):
        if a.quantity is None or role is None:
            continue
        seen.add(a.quantity)
        gave = gave or role is Role.GIVER
        took = took or role is Role.RECEIVER
    if not gave and not took:
        return MovementStatus.WITHHELD
    if len(seen) > 1:
        return MovementStatus.DIFFER
    return MovementStatus.AGREE if gave and took else MovementStatus.ONE_SIDED


def _confirmed_lines(
    owed: Sequence[tuple[Direction, Unit]], stated: Sequence[Stated], moved: Sequence[Movement]
) -> tuple[Confirmed, ...]:
    keys = dict.fromkeys([*owed, *((line.direction, line.unit) for line in stated)])
    lines = []
    for direction, unit in keys:
        quantity, count = amount(moved, direction, unit=unit, category=None)
        lines.append(Confirmed(direction, unit, quantity if count else None, count))
    return tuple(lines)
