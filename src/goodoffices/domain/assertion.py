"""Noun 5, assertions: who says that how many of what went from whom to whom; never edited, only superseded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.commitment import Bound, Direction, Moved, Unit


class AssertionKind(StrEnum):
    """What an assertion is about."""

    MOVEMENT = "movement"
    CUMULATIVE = "cumulative"
    TERMS = "terms"
    OBSERVATION = "observation"
    FINDING = "finding"
    STATEMENT = "statement"


class Standing(StrEnum):
    """How an assertion reached the record, strongest first."""

    ATTESTED = "attested"
    OFFICIAL = "official"
    RELAYED = "relayed"
    ANONYMOUS = "anonymous"


class Scope(StrEnum):
    """How the speaker knows; the neutral attests only what it says it attests."""

    OBSERVED = "observed"
    COUNTED = "counted"
    CHECKED_AGAINST_MANIFEST = "checked_against_manifest"
    INTERVIEWED = "interviewed"
    IDENTIFIED = "identified"


class Certainty(StrEnum):
    """How sure the record's keeper is that this was said; not the speaker's own."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One statement of one party about one direction.

    Attributes
    ----------
    id
        Unique in its process.
    kind
        What it is about.
    movement
        The movement it counts, or None: one event, one direction, one unit, one category.
    date
        Day of the event; of a total, a finding, terms or a statement the day it was made.
    party, organ, speaker
        Who says so; a side is not one voice.
    direction
        From whom to whom, or None where nothing moves.
    unit, category
        What is counted; category None is the total as stated.
    quantity, bound
        The figure, and how it bounds; no figure where the bound excludes one.
    commitment
        The one the speaker names, or None.
    standing, scope, certainty
        How it reached the record, how the speaker knows, how sure the record is.
    source, note
        Where it is found, and remarks.
    supersedes
        Identifier of the same party's assertion that this one replaces, or None.
    """

    id: str
    kind: AssertionKind
    movement: str | None
    date: dt.date
    party: str
    organ: str
    speaker: str | None
    direction: Direction | None
    unit: Unit | None
    category: Moved | None
    quantity: int | None
    bound: Bound
    commitment: str | None
    standing: Standing
    scope: Scope | None
    certainty: Certainty
    source: str
    note: str | None
    supersedes: str | None
