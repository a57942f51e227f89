"""The day of a handover: its manifest by number, and the statements that each role makes on its own device."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.commitment import Direction, Moved, Unit
from goodoffices.domain.process import Role

FORM = "goodoffices/day@v1"
"""Names the form of the manifest and the first line of every file of statements."""

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""The quasigroup of H. M. Damm (2004): finds every wrong digit and every two neighbours changed over."""

_CODE_DIGITS = 5
_PLACES = 10**_CODE_DIGITS


class Say(StrEnum):
    """What a statement says."""

    ARRIVED = "arrived"
    MET = "met"
    COUNTED = "counted"
    MISSING = "missing"
    SEAL_BROKEN = "seal_broken"
    DOES_NOT_GO = "does_not_go"
    OBJECTION = "objection"
    POSTPONED = "postponed"
    ABORTED = "aborted"
    ACT_SIGNED = "act_signed"
    RECEIPT = "receipt"
    UNDO = "undo"


OF_A_NUMBER = frozenset({Say.COUNTED, Say.MISSING, Say.SEAL_BROKEN, Say.DOES_NOT_GO})
"""What is said of one number of the manifest."""

PRESENT = frozenset({Say.COUNTED, Say.SEAL_BROKEN})
"""What says that it is there; a broken seal is a discrepancy of something that is there."""

WITH_WORDS = frozenset({Say.OBJECTION, Say.POSTPONED, Say.ABORTED})
"""What needs words; nothing else has any, so that nobody can be asked for a reason not to go."""


class Found(StrEnum):
    """What comes to light after a handover of remains."""

    NOT_OURS = "not_ours"
    REASSOCIATED = "reassociated"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a manifest; a number, never a name.

    Attributes
    ----------
    number
        As it stands on the slip or the container.
    code
        Digits on the slip, the last a check digit; bound to this transfer.
    seal
        Number of the seal, None where there is none.
    """

    number: str
    code: str
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What is to be handed over on one day, in one direction.

    Attributes
    ----------
    transfer, commitment
        Identifiers; the commitment may be None.
    direction, neutral
        Party codes; no neutral is None.
    unit, category
        What is counted; category None is mixed or not said. Never children.
    place, starts
        Where and when, with a zone.
    items
        In the order of the manifest.
    keys
        Role to the public keys that may sign for it.
    """

    transfer: str
    commitment: str | None
    direction: Direction
    neutral: str | None
    unit: Unit
    category: Moved | None
    place: str
    starts: dt.datetime
    items: tuple[Item, ...]
    keys: Mapping[Role, tuple[str, ...]]

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that count: both ends, and the neutral where there is one."""
        return tuple(role for role in Role if role in self.keys)

    def party(self, role: Role) -> str:
        """Name the party that has a role."""
        ends = {Role.GIVER: self.direction.giver, Role.RECEIVER: self.direction.receiver}
        return ends.get(role) or self.neutral or ""

    def as_json(self) -> dict[str, Json]:
        """Give the manifest as its file has it."""
        return {
            "form": FORM,
            "transfer": self.transfer,
            "commitment": self.commitment,
            "from": self.direction.giver,
            "to": self.direction.receiver,
            "neutral": self.neutral,
            "unit": self.unit.value,
            "category": None if self.category is None else self.category.value,
            "place": self.place,
            "starts": self.starts.isoformat(),
            "items": [{"number": item.number, "code": item.code, "seal": item.seal} for item in self.items],
            "keys": {role.value: list(keys) for role, keys in self.keys.items()},
        }

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest; every chain of statements begins with it."""
        return sha256_hex(canonical_bytes(self.as_json()))


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that one role said on one device; never edited, only named by a later one.

    Attributes
    ----------
    role, device, n
        Who said it, on which device, as its how many-th.
    previous
        Identifier of the device's statement before it; of the first, the manifest's hash.
    say
        What it says.
    item
        Number of the manifest, None where it is about the transfer.
    about
        Identifiers of earlier statements that it replaces, or undoes.
    scope
        Of an act: what the role attests.
    words
        Of an objection, a postponement, an end.
    at
        What the device's clock said; a claim, never an order.
    """

    role: Role
    device: str
    n: int
    previous: str
    say: Say
    at: str
    item: str | None = None
    about: tuple[str, ...] = ()
    scope: Scope | None = None
    words: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Give the statement as one line of its file has it."""
        return {
            "about": list(self.about),
            "at": self.at,
            "device": self.device,
            "item": self.item,
            "n": self.n,
            "previous": self.previous,
            "role": self.role.value,
            "say": self.say.value,
            "scope": None if self.scope is None else self.scope.value,
            "words": self.words,
        }

    def line(self) -> str:
        """Give its one line."""
        return canonical_bytes(self.as_json()).decode()

    @property
    def id(self) -> str:
        """SHA-256 of its line: equal statements have one identifier, whatever file they came in."""
        return sha256_hex(self.line().encode())


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file of statements is not taken, as a code; the words stand in the table `count`.

    Attributes
    ----------
    code
        Such as `gap`, `altered`, `unknown_key`.
    line
        Line of the file, 0 for the file as a whole.
    found, expected
        What stands there and what would be taken; empty where the code says it all.
    """

    code: str
    line: int = 0
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a laboratory found after the handover; it reopens every transfer that it touches.

    Attributes
    ----------
    id
        Unique.
    found
        What it is.
    items
        Pairs of transfer and number; a reassociation may touch several transfers.
    party, on
        Who says so, and when.
    """

    id: str
    found: Found
    items: tuple[tuple[str, str], ...]
    party: str
    on: dt.date


def check_digit(digits: str) -> str:
    """Give the digit that makes a code of these digits hold (Damm)."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def holds(code: str) -> bool:
    """Tell whether a code of digits has its right check digit."""
    return code.isascii() and code.isdigit() and len(code) > 1 and check_digit(code) == "0"


def slip_codes(transfer: str, numbers: Iterable[str]) -> dict[str, str]:
    """Give each number of a transfer a code of six digits: the same every time, another in another transfer."""
    taken: dict[str, str] = {}
    for number in numbers:
        start = int(sha256_hex(canonical_bytes([transfer, number])), 16)
        code = next(
            digits + check_digit(digits)
            for step in count()
            if (digits := str((start + step) % _PLACES).zfill(_CODE_DIGITS)) + check_digit(digits) not in taken
        )
        taken[code] = number
    return {number: code for code, number in taken.items()}
