"""One set of talks as its file has it: parties, rules, forums, proposals, commitments, assertions, transfers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.assertion import Assertion
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import Commitment, Direction, Unit
from goodoffices.domain.sides import Party, PartyKind


class Role(StrEnum):
    """In what role a party speaks of one movement."""

    GIVER = "giver"
    RECEIVER = "receiver"
    NEUTRAL = "neutral"


class Condition(StrEnum):
    """The four conditions of a transfer; it is set only when both sides have confirmed all four."""

    TERMS = "terms"
    LIST = "list"
    DATE = "date"
    PLACE = "place"


class Stance(StrEnum):
    """What a party says of something on the table."""

    SUPPORT = "support"
    ACCEPT = "accept"
    ACCEPT_AD_REFERENDUM = "accept_ad_referendum"
    RESERVE = "reserve"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a process demands.

    Attributes
    ----------
    smallest_published_count
        No smaller cell is published, unless it was stated in public.
    silence_hours
        Length of a silence procedure.
    embargo
        In words.
    must_attest
        Unit and the roles that must attest the same quantity before it is confirmed.
    """

    smallest_published_count: int
    silence_hours: int
    embargo: str | None
    must_attest: Mapping[Unit, tuple[Role, ...]]


@dataclass(frozen=True, slots=True)
class Forum:
    """A round, a working group, a leaders' meeting.

    Attributes
    ----------
    id, kind, title, state
        As the file has them.
    date
        Day of the sitting, or None.
    facts
        Everything the file says of it.
    """

    id: str
    kind: str
    title: str
    state: str
    date: dt.date | None
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a party put on the table in a forum."""

    id: str
    forum: str
    party: str
    commitment: str | None
    text: str
    assertion: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """What a party says of one condition of a transfer."""

    condition: Condition
    party: str
    stance: Stance
    at: dt.date
    note: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Staging:
    """A side stood ready with what was to be handed over.

    Attributes
    ----------
    party
        Who stood ready.
    first, last
        First and last day, both within.
    quantity
        How many, or None.
    source
        Where it is found.
    """

    party: str
    first: dt.date
    last: dt.date
    quantity: int | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A handover by its four conditions and the positions of both sides on each."""

    id: str
    commitment: str | None
    unit: Unit
    direction: Direction
    note: str | None
    staged: Staging | None
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """One set of talks.

    Attributes
    ----------
    id, name, note
        As the file has them.
    host
        Party code of the host, or None.
    languages
        Codes of its working languages.
    as_of
        The day up to which the record goes.
    rules
        What the process demands.
    parties, forums, proposals, commitments, assertions, transfers
        In the order of the file.
    """

    id: str
    name: str
    note: str | None
    host: str | None
    languages: tuple[str, ...]
    as_of: dt.date
    rules: Rules
    parties: tuple[Party, ...]
    forums: tuple[Forum, ...]
    proposals: tuple[Proposal, ...]
    commitments: tuple[Commitment, ...]
    assertions: tuple[Assertion, ...]
    transfers: tuple[Transfer, ...]

    @property
    def sides(self) -> tuple[Party, ...]:
        """The parties that are sides, in the order of the file."""
        return tuple(party for party in self.parties if party.kind is PartyKind.SIDE)
