"""What each party may see of the single text, and the text as one side would sign it.

Two rules hold for every text: a view shows nobody an untabled wording of another; the signing view of a
party shows no wording that is held by others alone. What a view leaves out leaves no trace, not even a
doubled space: existence is information.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.text import (
    CHAIR,
    NOBODY,
    Alternative,
    Clause,
    Document,
    Fork,
    Holder,
    Mark,
    Wording,
    forks_of,
    joined,
    plain,
)

BLANK = "[…]"
"""Stands where the one who would sign holds no wording."""

_SPACES = re.compile(r"[ \t\u00a0]{2,}")
_BEFORE_STOP = re.compile(r"[ \t\u00a0]+([,.;:!?)»”\n])")


class Openness(StrEnum):
    """Why a place of the text is not clean."""

    ALTERNATIVES = "alternatives"
    RESERVED = "reserved"
    PARTIAL = "partial"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """One place of the text that still has brackets.

    Attributes
    ----------
    clause
        Its clause.
    place
        Which place of the clause, from 1; nested places count after the one they stand in.
    why
        Several wordings; a reservation; not everyone holds it; or all agree and the bracket may go.
    wordings
        Each wording as plain text with those who hold it.
    waits_for
        Parties that hold nothing here, or reserve.
    """

    clause: str
    place: int
    why: Openness
    wordings: tuple[tuple[str, tuple[str, ...]], ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigningView:
    """The text as one party would sign it.

    Attributes
    ----------
    party
        Who would sign.
    clauses
        Clause id and plain text.
    blanks
        Clause ids in which the party holds no wording of a place.
    clean
        Whether no bracket is left in the text as everybody sees it.
    """

    party: str
    clauses: tuple[tuple[str, str], ...]
    blanks: tuple[str, ...]
    clean: bool


def negotiating_view(document: Document, viewer: str | None) -> Document:
    """Show every tabled wording with its holders, and the viewer's own untabled ones.

    Parameters
    ----------
    document
        The text as the chair keeps it.
    viewer
        A party's code, `chair`, or None for a reader who holds nothing.

    Returns
    -------
    Document
        Without remarks; a place, or a clause, that only others' untabled wordings fill is not there.
    """
    seen = (Clause(clause.id, _tidy(_seen(clause.wording, viewer)), clause.line) for clause in document.clauses)
    kept = (new for new, old in zip(seen, document.clauses, strict=True) if new.wording or not old.wording)
    return Document(document.head, tuple(kept))


def tabled(texts: Mapping[str, Document]) -> dict[str, Document]:
    """Give a text in every language as everybody sees it: what is frozen, hashed and owed."""
    return {language: negotiating_view(document, None) for language, document in texts.items()}


def signing_view(document: Document, party: str) -> SigningView:
    """Show the text as one party would sign it: its own wordings, what is agreed, and `[…]` elsewhere."""
    seen = negotiating_view(document, party)
    clauses: list[tuple[str, str]] = []
    blanks: list[str] = []
    for clause in seen.clauses:
        text, blank = _signed(clause.wording, party)
        clauses.append((clause.id, _tidy_text(text).strip()))
        if blank:
            blanks.append(clause.id)
    return SigningView(party, tuple(clauses), tuple(blanks), is_clean(negotiating_view(document, None)))


def unattributed(document: Document) -> Document:
    """Show the tabled wordings without who holds them, as a text leaves the desk under the Chatham House rule.

    Every wording stands under the same mark, so that one place cannot be read from another; who reserves, and that a
    wording is the chair's, goes too. The order of wordings stays: it is the same in every language.
    """
    head = tuple((key, value) for key, value in document.head if key != "parties")
    seen = negotiating_view(document, None)
    clauses = tuple(Clause(clause.id, _nameless(clause.wording), clause.line) for clause in seen.clauses)
    return Document(head, clauses)


def _nameless(wording: Wording) -> Wording:
    nodes: list[str | Fork] = []
    for node in wording:
        if isinstance(node, str):
            nodes.append(node)
            continue
        choices = (Alternative(_nameless(choice.wording), (Holder(NOBODY),)) for choice in node.alternatives)
        nodes.append(Fork(tuple(choices)))
    return tuple(nodes)


def is_clean(document: Document) -> bool:
    """Tell whether no bracket is left; a bracket that all hold still has to be lifted by the chair."""
    return not any(isinstance(node, Fork) for clause in document.clauses for node in clause.wording)


def open_places(document: Document) -> tuple[OpenPlace, ...]:
    """List every place with brackets in the order of the text: why it is open, and whom it waits for."""
    parties = document.parties
    return tuple(
        _place(clause.id, number, fork, parties)
        for clause in document.clauses
        for number, fork in enumerate(forks_of(clause.wording), 1)
    )


def bracket_counts(document: Document) -> dict[str, int]:
    """Count the bracketed wordings that each party, and the chair, holds; reservations count for who makes them."""
    counts: Counter[str] = Counter(dict.fromkeys((*document.parties, CHAIR), 0))
    for clause in document.clauses:
        for fork in forks_of(clause.wording):
            for alternative in fork.alternatives:
                counts.update(holder.code for holder in alternative.holders)
    return dict(counts)


def _seen(wording: Wording, viewer: str | None) -> Wording:
    nodes: list[str | Fork] = []
    for node in wording:
        if isinstance(node, str):
            nodes.append(node)
            continue
        shown = tuple(choice for choice in (_seen_choice(choice, viewer) for choice in node.alternatives) if choice)
        if shown:
            nodes.append(Fork(shown))
    return joined(nodes)


def _seen_choice(choice: Alternative, viewer: str | None) -> Alternative | None:
    holders = tuple(holder for holder in choice.holders if holder.mark is not Mark.UNTABLED or holder.code == viewer)
    return Alternative(_seen(choice.wording, viewer), holders) if holders else None


def _tidy(wording: Wording) -> Wording:
    """Part words by one space everywhere, so that what was left out cannot be read from the spaces around it."""
    nodes: list[str | Fork] = []
    for node in wording:
        if isinstance(node, str):
            nodes.append(_tidy_text(node))
        else:
            nodes.append(Fork(tuple(Alternative(_tidy(a.wording), a.holders) for a in node.alternatives)))
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip(" \t\u00a0")
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip(" \t\u00a0")
    return joined(nodes)


def _tidy_text(text: str) -> str:
    return _BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text))


def _signed(wording: Wording, party: str) -> tuple[str, bool]:
    parts: list[str] = []
    blank = False
    for node in wording:
        if isinstance(node, str):
            parts.append(node)
            continue
        own = next((choice for choice in node.alternatives if _holds(choice, party)), None)
        if own is None:
            parts.append(BLANK)
            blank = True
        else:
            text, inner = _signed(own.wording, party)
            parts.append(text)
            blank = blank or inner
    return "".join(parts), blank


def _holds(choice: Alternative, party: str) -> bool:
    return any(holder.code == party and holder.mark is not Mark.RESERVED for holder in choice.holders)


def _place(clause: str, number: int, fork: Fork, parties: tuple[str, ...]) -> OpenPlace:
    holders: list[Holder] = [holder for choice in fork.alternatives for holder in choice.holders]
    content = {holder.code for holder in holders if holder.mark is not Mark.RESERVED}
    waits = tuple(party for party in parties if party not in content)
    if len(fork.alternatives) > 1:
        why = Openness.ALTERNATIVES
    elif any(holder.mark is Mark.RESERVED for holder in holders):
        why = Openness.RESERVED
    elif waits:
        why = Openness.PARTIAL
    else:
        why = Openness.AGREED
    wordings = tuple((plain(choice.wording), tuple(map(str, choice.holders))) for choice in fork.alternatives)
    return OpenPlace(clause, number, why, wordings, waits)
