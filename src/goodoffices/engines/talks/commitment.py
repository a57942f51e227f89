"""From a closed clause to a commitment: who owes whom what, with one reading per side that is kept as it was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from goodoffices.domain.errors import TransitionError
from goodoffices.domain.text import Document, Fork, plain
from goodoffices.engines.talks.consent import text_hash

BOUNDS_WITHOUT_QUANTITY = frozenset({"all", "no_count", "withheld"})


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that one party owes another.

    Attributes
    ----------
    giver, receiver
        Parties; empty where the unit has no direction (a meeting, a working group).
    unit, category
        As the process file's vocabularies; the category may be empty.
    bound
        exact, about, at_least, more_than, all, no_count or withheld.
    quantity
        None for bounds that have none.
    """

    giver: str
    receiver: str
    unit: str
    category: str
    bound: str
    quantity: int | None

    def __post_init__(self) -> None:
        if (self.quantity is None) != (self.bound in BOUNDS_WITHOUT_QUANTITY):
            raise TransitionError(
                f"a commitment {self.bound}: found quantity {self.quantity}, expected it to fit the bound"
            )
        if self.giver and self.giver == self.receiver:
            raise TransitionError(f"a commitment from {self.giver} to itself, expected two parties")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one side reads a commitment.

    Attributes
    ----------
    text
        In its own words.
    owes
        What is owed under this reading.
    """

    text: str
    owes: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """What was agreed in a clause, and how each side reads it.

    Attributes
    ----------
    id
        Of the commitment.
    clause
        Clause it rests on.
    text_hash
        Of the frozen text, in all authentic languages.
    wording
        The clause in each language.
    due, condition
        When, or upon what; empty where the clause says neither.
    readings
        Party to its reading; a side that gave none is not there.
    """

    id: str
    clause: str
    text_hash: str
    wording: Mapping[str, str]
    due: str = ""
    condition: str = ""
    readings: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def disputed(self) -> bool:
        """Whether two sides' readings owe different things; words alone may differ."""
        owed = [frozenset(reading.owes) for reading in self.readings.values()]
        return any(other != owed[0] for other in owed[1:])

    def silent(self, sides: tuple[str, ...]) -> tuple[str, ...]:
        """Name the sides that have given no reading."""
        return tuple(side for side in sides if side not in self.readings)


def commitment_from(
    texts: Mapping[str, Document], clause: str, *, id_: str, due: str = "", condition: str = ""
) -> Commitment:
    """Make a commitment of a clause that is clean in every language.

    Parameters
    ----------
    texts
        Every authentic language.
    clause
        Its id.
    id_
        Of the commitment.
    due, condition
        When, or upon what.

    Returns
    -------
    Commitment
        Without readings; each side gives its own.

    Raises
    ------
    TransitionError
        If the clause is missing in a language or still has brackets.
    """
    wording: dict[str, str] = {}
    for language, document in texts.items():
        found = next((item for item in document.clauses if item.id == clause), None)
        if found is None:
            raise TransitionError(f"clause {clause}: not in {language}, expected it in every authentic language")
        if any(isinstance(node, Fork) for node in found.wording):
            raise TransitionError(f"clause {clause}: brackets are left in {language}, expected a clean clause")
        wording[language] = plain(found.wording)
    return Commitment(id_, clause, text_hash(texts), wording, due, condition)


def read_by(commitment: Commitment, party: str, reading: Reading) -> Commitment:
    """Record a side's reading; readings that differ are kept and shown, never reconciled."""
    return replace(commitment, readings={**commitment.readings, party: reading})


def figures_not_in_text(commitment: Commitment) -> tuple[tuple[str, int], ...]:
    """Name the figures of a reading that the clause does not have in any language: a warning, not an error."""
    said = {
        int(re.sub(r"\D", "", figure))
        for text in commitment.wording.values()
        for figure in re.findall(r"\d[\d ,.\u202f\u00a0]*", text)
    }
    return tuple(
        (party, owed.quantity)
        for party, reading in commitment.readings.items()
        for owed in reading.owes
        if owed.quantity is not None and owed.quantity not in said
    )
