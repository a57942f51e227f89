"""From a merged day to assertions, one for each role that has counted everything and signed; and later findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.commitment import REMAINS, Bound, Moved, Unit
from goodoffices.domain.handover import PRESENT, Day, Finding, Found, Say
from goodoffices.domain.process import Role
from goodoffices.engines.talks.states import Noun, step
from goodoffices.flow.handover.merge import Merged


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a role attests nothing yet.

    Attributes
    ----------
    role
        Whose.
    open, conflicts
        Numbers of which it has said nothing, and of which its devices differ.
    is_signed
        Whether it has signed the act.
    """

    role: Role
    open: int
    conflicts: int
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Attested:
    """What follows from a merged day.

    Attributes
    ----------
    assertions
        One for each role that attests; each names the one of its party that it replaces.
    missing
        The roles that attest nothing yet, and why.
    """

    assertions: tuple[Assertion, ...]
    missing: tuple[Missing, ...]


def attest(merged: Merged, *, before: Sequence[Assertion] = ()) -> Attested:
    """Make the assertions that a merged day gives: nothing is guessed for a number of which a role is silent.

    Parameters
    ----------
    merged
        Of the day.
    before
        Assertions made earlier, so that a changed count replaces them by name and an equal one is not made twice.

    Returns
    -------
    Attested
        For the result; a role that only observed gives no figure.
    """
    made, missing = [], []
    for role in merged.day.roles:
        said = merged.said(role)
        scopes = {kept.statement.scope for kept in merged.live(role, Say.ACT_SIGNED)}
        sizes = Counter(min(len(says), 2) for says in said.values())
        scope = next(iter(scopes)) if len(scopes) == 1 else None
        if scope is None or (scope is not Scope.OBSERVED and (sizes[0] or sizes[2])):
            missing.append(Missing(role, sizes[0], sizes[2] + (len(scopes) > 1), bool(scopes)))
            continue
        one = _assertion(merged.day, role, scope, said, before)
        if one is not None:
            made.append(one)
    return Attested(tuple(made), tuple(missing))


def _assertion(
    day: Day, role: Role, scope: Scope, said: Mapping[str, tuple[Say, ...]], before: Sequence[Assertion]
) -> Assertion | None:
    """Make one role's assertion, unless it stands already."""
    party = day.party(role)
    counted = None if scope is Scope.OBSERVED else sum(says[0] in PRESENT for says in said.values())
    table = {number: [say.value for say in says] for number, says in said.items()}
    digest = sha256_hex(canonical_bytes([day.hash, role.value, scope.value, table]))
    stands = _standing(before, day.transfer, party)
    name = f"{day.transfer}.{role}.{digest[:16]}"
    if stands is not None and stands.source.endswith(digest):
        return None
    if any(one.id == name for one in before):
        name = f"{name}.{sum(one.id.startswith(name) for one in before) + 1}"
    return Assertion(
        id=name,
        kind=AssertionKind.MOVEMENT,
        movement=day.transfer,
        date=day.starts.date(),
        party=party,
        organ=role.value,
        speaker=None,
        direction=day.direction,
        unit=day.unit,
        category=day.category,
        quantity=counted,
        bound=Bound.NO_COUNT if counted is None else Bound.EXACT,
        commitment=day.commitment,
        standing=Standing.ATTESTED,
        scope=scope,
        certainty=Certainty.HIGH,
        source=f"signed statements of the day, count {digest}",
        note=None,
        supersedes=None if stands is None else stands.id,
    )


def _standing(before: Sequence[Assertion], movement: str, party: str) -> Assertion | None:
    """Find the attested word of a party on a movement that no later one replaces."""
    mine = [a for a in before if (a.movement, a.party, a.standing) == (movement, party, Standing.ATTESTED)]
    replaced = {a.supersedes for a in mine}
    return max((a for a in mine if a.id not in replaced), key=lambda a: a.id, default=None)


def touched(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Give the transfers that findings reopen: every one that a finding names, however long it is closed."""
    found: dict[str, set[Finding]] = defaultdict(set)
    for finding in findings:
        for transfer, _ in finding.items:
            found[transfer].add(finding)
    return {name: tuple(sorted(ones, key=lambda one: one.id)) for name, ones in sorted(found.items())}


def reopened(state: str) -> str:
    """Give the state of a transfer that a finding touches; one that has not handed over has nothing to reopen."""
    return state if state == "reopened" else step(Noun.TRANSFER, state, "reopen")


def finding_assertions(day: Day, findings: Iterable[Finding]) -> tuple[Assertion, ...]:
    """Make an assertion of each finding of what is not the receiver's; it takes nothing off the count of the road.

    A reassociation joins parts: it changes no figure of a transfer and makes none here.
    """
    made = []
    for finding in sorted(findings, key=lambda one: one.id):
        numbers = {number for transfer, number in finding.items if transfer == day.transfer}
        if finding.found is not Found.NOT_OURS or not numbers or day.unit not in REMAINS:
            continue
        made.append(
            Assertion(
                id=f"{day.transfer}.finding.{finding.id}",
                kind=AssertionKind.FINDING,
                movement=None,
                date=finding.on,
                party=finding.party,
                organ="laboratory",
                speaker=None,
                direction=day.direction,
                unit=Unit.CASE,
                category=Moved.NOT_OURS,
                quantity=len(numbers),
                bound=Bound.EXACT,
                commitment=day.commitment,
                standing=Standing.ATTESTED,
                scope=Scope.IDENTIFIED,
                certainty=Certainty.HIGH,
                source=f"finding {finding.id}",
                note=None,
                supersedes=None,
            )
        )
    return tuple(made)
