"""Noun 4a, commitments: who owes whom what, one reading per side; what is counted and how firmly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.dates import PartialDate


class Unit(StrEnum):
    """What a figure counts: two ladders, whose rungs never add, and three that do not move."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    BOARDED = "boarded"
    HANDED_OVER = "handed_over"
    HOME = "home"
    CONTAINER = "container"
    DECLARED_BODY = "declared_body"
    CASE = "case"
    IDENTIFIED_PERSON = "identified_person"
    WORKING_GROUP = "working_group"
    CEASEFIRE = "ceasefire"
    MEETING = "meeting"


PERSONS = (Unit.OFFERED, Unit.CONFIRMED, Unit.BOARDED, Unit.HANDED_OVER, Unit.HOME)
"""The ladder of the living, lowest rung first."""

REMAINS = (Unit.CONTAINER, Unit.DECLARED_BODY, Unit.CASE, Unit.IDENTIFIED_PERSON)
"""The ladder of the dead, lowest rung first: the road counts containers, the laboratory people."""

MOVING = frozenset(PERSONS + REMAINS)
"""Units of what moves from one party to another; the other units have no direction."""


class Moved(StrEnum):
    """Who or what moved; a record's legal status is another word (`domain.lists.Category`)."""

    PRISONER_OF_WAR = "prisoner_of_war"
    CIVILIAN = "civilian"
    CHILD = "child"
    MEDICAL = "medical"
    SERIOUSLY_WOUNDED_OR_ILL = "seriously_wounded_or_ill"
    AGED_18_TO_25 = "aged_18_to_25"
    MIXED = "mixed"
    NOT_OURS = "not_ours"


class Bound(StrEnum):
    """How a figure bounds what it counts."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ALL = "all"
    WITHHELD = "withheld"
    NO_COUNT = "no_count"

    @property
    def has_figure(self) -> bool:
        """Whether a figure belongs to this bound; the other bounds exclude one."""
        return self not in {Bound.ALL, Bound.WITHHELD, Bound.NO_COUNT}


class CommitmentState(StrEnum):
    """How far the two sides have agreed on a commitment; what became of it is computed."""

    TABLED = "tabled"
    AGREED_AD_REFERENDUM = "agreed_ad_referendum"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Direction:
    """From whom to whom, by party code."""

    giver: str
    receiver: str

    def __post_init__(self) -> None:
        if self.giver == self.receiver:
            raise ValueError(f"found a direction from {self.giver!r} to itself, expected two parties")


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of a reading: who owes whom what.

    Attributes
    ----------
    direction
        Who gives and who receives.
    unit
        What is counted.
    category
        Who or what is meant; None is the total, whatever its make-up.
    bound
        How the figure bounds it.
    quantity
        The figure; None where the bound has none.
    """

    direction: Direction
    unit: Unit
    category: Moved | None
    bound: Bound
    quantity: int | None

    def is_met(self, quantity: int) -> bool:
        """Whether a quantity fulfils this line; what has no figure is never met by a count."""
        if self.quantity is None:
            return False
        return quantity > self.quantity if self.bound is Bound.MORE_THAN else quantity >= self.quantity


@dataclass(frozen=True, slots=True)
class Reading:
    """What one side takes a commitment to say.

    Attributes
    ----------
    text
        In the side's words, as the record has them.
    owes
        Who owes whom what under this reading; empty where it names none.
    source
        Where the reading is found, or None.
    """

    text: str
    owes: tuple[Owed, ...]
    source: str | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who owes whom what, with one reading per side.

    Attributes
    ----------
    id
        Unique in its process.
    title
        As shown to readers.
    forum
        Where it was tabled or agreed.
    state
        How far the sides have agreed.
    date
        Day of that state.
    unit, category, bound, quantity
        What was promised, in the words both use.
    directions
        None where the direction itself is read differently or nothing moves; two for `both`.
    due
        By when, or None.
    condition
        What must come first, or None.
    readings
        Party code and its reading, or None where that party has none on record.
    source, note
        As the record has them.
    """

    id: str
    title: str
    forum: str
    state: CommitmentState
    date: dt.date
    unit: Unit
    category: Moved | None
    bound: Bound
    quantity: int | None
    directions: tuple[Direction, ...] | None
    due: PartialDate | None
    condition: str | None
    readings: tuple[tuple[str, Reading | None], ...]
    source: str | None
    note: str | None

    @property
    def readings_differ(self) -> bool:
        """Whether two sides that have a reading take different things to be owed."""
        owed = {frozenset(reading.owes) for _, reading in self.readings if reading is not None}
        return len(owed) > 1

    @property
    def is_due(self) -> bool:
        """Whether the sides have agreed to it, so that it can be kept or be late."""
        return self.state in {CommitmentState.AGREED, CommitmentState.IN_FORCE}
