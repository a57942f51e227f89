"""Positions, packages and signatures: whose consent a text still lacks, and to which exact text it was given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.errors import TransitionError, VerificationError
from goodoffices.domain.process import Stance
from goodoffices.domain.text import Document
from goodoffices.engines.talks.text import unparse
from goodoffices.engines.talks.views import is_clean, tabled

CONSENTS = frozenset({Stance.SUPPORT, Stance.ACCEPT})
"""Stances that need no further word from a capital."""


@dataclass(frozen=True, slots=True)
class Word:
    """One party's word on one object at one time.

    Attributes
    ----------
    party
        Who.
    stance
        What.
    about
        What of: a clause id, a version's hash, `date`, `place`.
    at
        When, with a zone.
    reason, cure
        Why it objects, and what would lift the objection; an objection needs both.
    """

    party: str
    stance: Stance
    about: str
    at: dt.datetime
    reason: str = ""
    cure: str = ""

    def __post_init__(self) -> None:
        aware(self.at, "a position")
        if self.stance is Stance.OBJECT and not (self.reason and self.cure):
            raise TransitionError(f"{self.party} objects to {self.about}: expected a reason and what would cure it")


def aware(at: dt.datetime, of: str) -> None:
    """Refuse a time without a zone.

    Raises
    ------
    TransitionError
        If the time has none.
    """
    if at.tzinfo is None:
        raise TransitionError(f"{of}: found {at.isoformat()} without a zone, expected one such as +03:00")


def latest(positions: Sequence[Word], about: str) -> dict[str, Word]:
    """Give each party's latest position on one object; of equal times the later in the sequence."""
    out: dict[str, Word] = {}
    for word in positions:
        earlier = out.get(word.party)
        if word.about == about and (earlier is None or earlier.at <= word.at):
            out[word.party] = word
    return out


def lacking(positions: Sequence[Word], about: str, parties: Sequence[str]) -> tuple[tuple[str, Stance | None], ...]:
    """Name the parties whose consent an object still lacks, each with its stance or None for silence."""
    held = latest(positions, about)
    stances = [(party, held[party].stance if party in held else None) for party in parties]
    return tuple((party, stance) for party, stance in stances if stance not in CONSENTS)


@dataclass(frozen=True, slots=True)
class Package:
    """Clauses of which nothing is agreed until everything is, but for an early harvest.

    Attributes
    ----------
    clauses
        Ids of the clauses.
    early_harvest
        Those that are carried out at once, whatever becomes of the rest.
    """

    clauses: tuple[str, ...]
    early_harvest: frozenset[str] = frozenset()

    def final(self, closed: frozenset[str]) -> frozenset[str]:
        """Tell which closed clauses are closed for good; the others are provisional while one is open."""
        if closed.issuperset(self.clauses):
            return frozenset(self.clauses)
        return closed & self.early_harvest & frozenset(self.clauses)

    def waits_for(self, clause: str, closed: frozenset[str]) -> tuple[str, ...]:
        """Name the other clauses that still have to close before a clause of the package can bind; none if it may."""
        if clause in self.early_harvest or clause not in self.clauses:
            return ()
        return tuple(other for other in self.clauses if other != clause and other not in closed)


def text_hash(texts: Mapping[str, Document]) -> str:
    """Hash a text as everybody sees it, in all its authentic languages.

    SHA-256 over the canonical map of language to SHA-256. What is not tabled is no part of it, nor the chair's remarks.
    """
    inner = {language: sha256_hex(unparse(document).encode()) for language, document in tabled(texts).items()}
    return sha256_hex(canonical_bytes(inner))


class Act(StrEnum):
    """What a signature does: initials authenticate the text, a signature binds."""

    INITIAL = "initial"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's act on one frozen text.

    Attributes
    ----------
    party, act
        Who does what.
    hash
        The text that was in front of the signer.
    at
        When, with a zone.
    """

    party: str
    act: Act
    hash: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """A text that is frozen in every authentic language.

    Attributes
    ----------
    hash
        Of all languages together.
    languages
        The authentic ones, sorted.
    """

    hash: str
    languages: tuple[str, ...]


def freeze(texts: Mapping[str, Document], authentic: Sequence[str]) -> Frozen:
    """Freeze a text, as everybody sees it, for initialling and signing.

    Raises
    ------
    TransitionError
        If an authentic language is missing, or a language still has brackets.
    """
    missing = sorted(set(authentic) - set(texts))
    if missing:
        raise TransitionError(f"freeze: no text in {', '.join(missing)}, expected every authentic language")
    seen = tabled({language: texts[language] for language in authentic})
    unclean = sorted(language for language, document in seen.items() if not is_clean(document))
    if unclean:
        raise TransitionError(f"freeze: brackets are left in {', '.join(unclean)}, expected a clean text")
    return Frozen(text_hash(seen), tuple(sorted(authentic)))


def check_signature(frozen: Frozen, signature: Signature) -> None:
    """Refuse a signature on anything but the text last frozen.

    Raises
    ------
    VerificationError
        If the signer had another text in front of him.
    TransitionError
        If the time has no zone.
    """
    aware(signature.at, "a signature")
    if signature.hash != frozen.hash:
        found, expected = signature.hash[:16], frozen.hash[:16]
        raise VerificationError(f"{signature.party} signed another text: found hash {found}…, expected {expected}…")


def unsigned(frozen: Frozen, signatures: Sequence[Signature], parties: Sequence[str], *, act: Act) -> tuple[str, ...]:
    """Name the parties whose act on the frozen text is still missing."""
    done = {s.party for s in signatures if s.act is act and s.hash == frozen.hash}
    return tuple(party for party in parties if party not in done)
