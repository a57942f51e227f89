"""Noun 6, results: what each side says, what is confirmed, what differs, what is withheld; computed, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.assertion import Assertion
from goodoffices.domain.commitment import Bound, Commitment, Direction, Moved, Unit
from goodoffices.domain.process import Condition, Role, Stance, Transfer


class MovementStatus(StrEnum):
    """How the figures of one movement stand to one another."""

    CONFIRMED = "confirmed"
    AGREE = "agree"
    DIFFER = "differ"
    ONE_SIDED = "one-sided"
    WITHHELD = "withheld"


class CommitmentStatus(StrEnum):
    """What became of a commitment, from confirmed figures only."""

    NOT_BEGUN = "not_begun"
    STATED_NOT_CONFIRMED = "stated_not_confirmed"
    BEGUN = "begun"
    ON_TRACK = "on_track"
    DONE = "done"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Movement:
    """One event, one direction, one unit, one category, and who gives which figure for it.

    Attributes
    ----------
    id
        As the assertions name it.
    date
        The earliest day that any of its assertions gives.
    direction, unit, category
        What moved from whom to whom.
    told
        The live assertions about it, by identifier.
    roles
        The role in which each of them is made; None for a party that is neither side of it nor neutral.
    withheld_by
        Parties that withhold their figure and give none elsewhere, in the order of the file.
    bounds
        Bounds of the figures that are not exact, sorted.
    confirmed
        The quantity that every role the rules name has attested, else None.
    missing
        Roles that the rules name and that have not attested an exact figure.
    status
        How the figures stand.
    """

    id: str
    date: dt.date
    direction: Direction
    unit: Unit
    category: Moved | None
    told: tuple[Assertion, ...]
    roles: tuple[Role | None, ...]
    withheld_by: tuple[str, ...]
    bounds: tuple[Bound, ...]
    confirmed: int | None
    missing: tuple[Role, ...]
    status: MovementStatus

    @property
    def assertions(self) -> Mapping[Role, tuple[Assertion, ...]]:
        """Its assertions per role."""
        return {role: tuple(a for a, r in zip(self.told, self.roles, strict=True) if r is role) for role in Role}

    @property
    def figures(self) -> Mapping[Role, tuple[int, ...]]:
        """The figures given, per role."""
        return {
            role: tuple(a.quantity for a in told if a.quantity is not None) for role, told in self.assertions.items()
        }

    @property
    def others(self) -> tuple[int, ...]:
        """Figures of parties that are neither side of it nor neutral; shown, never weighed."""
        return tuple(
            a.quantity for a, r in zip(self.told, self.roles, strict=True) if r is None and a.quantity is not None
        )

    @property
    def spread(self) -> int:
        """The largest figure less the smallest; 0 where fewer than two are given."""
        given = [figure for figures in self.figures.values() for figure in figures]
        return max(given) - min(given) if given else 0


@dataclass(frozen=True, slots=True)
class Part:
    """One category's share of a sum; quantity None where it is not computable."""

    category: Moved | None
    quantity: int | None
    movements: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What one party says it gave or received in one direction and unit.

    Attributes
    ----------
    commitment
        Under which commitment the party counts it; None for none.
    party, direction, unit
        Whose figures, from whom to whom, of what.
    quantity
        The sum over its movements; None where a part is withheld, has no figure or has two.
    bound
        Of the sum: exact only if every part is; None where there is no sum.
    movements
        How many movements the party speaks of.
    silent
        Movements of the same direction and unit under this commitment of which only others speak.
    withheld
        Movements whose figure the party withholds.
    parts
        The sum by category.
    totals
        Totals to date that the party's organs have stated, by date.
    """

    commitment: str | None
    party: str
    direction: Direction
    unit: Unit
    quantity: int | None
    bound: Bound | None
    movements: int
    silent: int
    withheld: int
    parts: tuple[Part, ...]
    totals: tuple[Assertion, ...]

    @property
    def computable(self) -> bool:
        """Whether there is a sum."""
        return self.quantity is not None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is confirmed of a commitment in one direction and unit; quantity None where nothing is."""

    direction: Direction
    unit: Unit
    quantity: int | None
    movements: int


@dataclass(frozen=True, slots=True)
class CommitmentResult:
    """What became of one commitment.

    Attributes
    ----------
    commitment
        As promised and as read.
    stated
        What each party says, in the order of the parties.
    confirmed
        One line per direction and unit that is owed or stated.
    disputed
        Whether the readings differ.
    status
        From confirmed figures only.
    """

    commitment: Commitment
    stated: tuple[Stated, ...]
    confirmed: tuple[Confirmed, ...]
    disputed: bool
    status: CommitmentStatus


@dataclass(frozen=True, slots=True)
class Divergence:
    """Totals of the same transfers that cannot all hold, and the movements that explain it.

    Attributes
    ----------
    commitment, direction, unit
        Of what.
    totals
        The clashing totals, by date.
    spread
        The largest less the smallest.
    movements
        Movements among them that differ.
    found
        Whether those differences add up to the spread.
    """

    commitment: str | None
    direction: Direction
    unit: Unit
    totals: tuple[Assertion, ...]
    spread: int
    movements: tuple[Movement, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of a transfer: per side its last stance, None where it has said nothing."""

    condition: Condition
    stances: tuple[tuple[str, Stance | None], ...]

    @property
    def accepted_by(self) -> tuple[str, ...]:
        """The sides that accept it without reserve."""
        return tuple(side for side, stance in self.stances if stance in {Stance.ACCEPT, Stance.SUPPORT})

    @property
    def holds(self) -> bool:
        """Whether both sides accept it."""
        return len(self.accepted_by) == len(self.stances)


@dataclass(frozen=True, slots=True)
class TransferResult:
    """A transfer by its four conditions; without an accepted date nobody is late."""

    transfer: Transfer
    conditions: tuple[ConditionResult, ...]

    @property
    def is_set(self) -> bool:
        """Whether both sides have confirmed all four conditions."""
        return all(condition.holds for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Result:
    """Everything computed from the assertions of one process.

    Attributes
    ----------
    counts
        Movements by status; every status is there.
    movements
        By date, then identifier.
    commitments
        In the order of the file.
    unascribed
        What parties state without naming a commitment.
    divergences
        Totals of the same transfers that clash.
    transfers
        Transfers by their conditions.
    superseded
        Identifiers of assertions that a later one replaces; they count no more and stay visible.
    """

    counts: Mapping[MovementStatus, int]
    movements: tuple[Movement, ...]
    commitments: tuple[CommitmentResult, ...]
    unascribed: tuple[Stated, ...]
    divergences: tuple[Divergence, ...]
    transfers: tuple[TransferResult, ...]
    superseded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Query:
    """Which of a party's movement assertions to add up.

    Attributes
    ----------
    party, direction, unit
        Whose, from whom to whom, of what.
    first, last
        First and last day, both within.
    commitments
        Commitments it may be ascribed to, None among them for none; None as a whole for any.
    categories
        Categories it may have, None among them for the total as stated; None as a whole for any.
    """

    party: str
    direction: Direction
    unit: Unit
    first: dt.date
    last: dt.date
    commitments: tuple[str | None, ...] | None = None
    categories: tuple[Moved | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum with its parts; quantity None where a part is withheld or has no single figure."""

    quantity: int | None
    assertions: tuple[Assertion, ...]

    @property
    def computable(self) -> bool:
        """Whether there is a sum."""
        return self.quantity is not None
