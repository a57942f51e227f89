"""From a closed clause to a commitment: its text and hash beside what is owed, each side's reading kept as given."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.commitment import Commitment, Reading
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.text import Document, Fork, plain
from goodoffices.engines.talks.consent import text_hash
from goodoffices.engines.talks.views import tabled


@dataclass(frozen=True, slots=True)
class Grounded:
    """A commitment and the clause it rests on.

    Attributes
    ----------
    commitment
        Who owes whom what, with one reading per side.
    clause
        Id of the clause.
    text_hash
        Of the whole text, in all its authentic languages.
    wording
        Language to the clause's plain text.
    """

    commitment: Commitment
    clause: str
    text_hash: str
    wording: Mapping[str, str]


def clean_wording(texts: Mapping[str, Document], clause: str) -> dict[str, str]:
    """Give a clause's plain text in every language, as everybody sees it.

    Raises
    ------
    TransitionError
        If the clause is missing in a language or still has brackets.
    """
    wording: dict[str, str] = {}
    for language, document in tabled(texts).items():
        found = next((item for item in document.clauses if item.id == clause), None)
        if found is None:
            raise TransitionError(f"clause {clause}: not in {language}, expected it in every authentic language")
        if any(isinstance(node, Fork) for node in found.wording):
            raise TransitionError(f"clause {clause}: brackets are left in {language}, expected a clean clause")
        wording[language] = plain(found.wording)
    return wording


def ground(commitment: Commitment, texts: Mapping[str, Document], *, clause: str) -> Grounded:
    """Rest a commitment on a clause that is clean in every language.

    Parameters
    ----------
    commitment
        What the clause promises, as data.
    texts
        Every authentic language.
    clause
        Its id.

    Returns
    -------
    Grounded
        With the hash of the text, so that no later wording can be slipped under the commitment.

    Raises
    ------
    TransitionError
        If the clause is missing in a language or still has brackets.
    """
    return Grounded(commitment, clause, text_hash(texts), clean_wording(texts, clause))


def read_by(grounded: Grounded, party: str, reading: Reading) -> Grounded:
    """Record a side's reading; readings that differ are kept and shown, never reconciled."""
    readings = dict(grounded.commitment.readings) | {party: reading}
    commitment = dataclasses.replace(grounded.commitment, readings=tuple(readings.items()))
    return dataclasses.replace(grounded, commitment=commitment)


def figures_not_in_text(grounded: Grounded) -> tuple[tuple[str, int], ...]:
    """Name the figures of a reading that the clause does not have in any language: a warning, not an error."""
    figures = (found for text in grounded.wording.values() for found in re.findall(r"\d[\d ,.\u202f\u00a0]*", text))
    said = {int(re.sub(r"\D", "", figure)) for figure in figures}
    return tuple(
        (party, owed.quantity)
        for party, reading in grounded.commitment.readings
        if reading is not None
        for owed in reading.owes
        if owed.quantity is not None and owed.quantity not in said
    )
