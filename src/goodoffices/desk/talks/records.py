"""Rows and nouns of the talks."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.talks.models import Commitment, Draft, Quiet, Sitting, Version
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.text import CHAIR, Document
from goodoffices.engines.talks.kept import Kept, part, put, read_wording
from goodoffices.engines.talks.silence import Broken, Silence
from goodoffices.engines.talks.text import parse, unparse
from goodoffices.engines.talks.views import OpenPlace, bracket_counts, negotiating_view, open_places


def holder_of(viewer: Viewer) -> str | None:
    """Give in whose name a viewer reads the text: a side's, the chair's, or nobody's."""
    if viewer.role is Role.SIDE:
        return viewer.party
    return CHAIR if viewer.role is Role.SECRETARIAT else None


def documents(version: Version) -> dict[str, Document]:
    """Read a version in every language: what everybody sees, and the chair's remarks."""
    return {language: _parsed(source) for language, source in version.source.items()}


def views(version: Version) -> dict[str, Document]:
    """Give a version in every language as everybody sees it."""
    return {language: _seen(source) for language, source in version.source.items()}


def own_view(texts: dict[str, Document], drafts: list[Kept]) -> dict[str, Document]:
    """Put what one holder keeps back into a text, for that holder's eyes."""
    clauses, own = {kept.clause for kept in drafts}, put(texts, drafts, tabled=False)
    return {language: _tidied(document, clauses, drafts[0].holder) for language, document in own.items()}


def _tidied(document: Document, clauses: set[str], holder: str) -> Document:
    """Tidy some clauses of a text that is tidy in all others."""
    items = (
        negotiating_view(Document((), (clause,)), holder).clauses if clause.id in clauses else (clause,)
        for clause in document.clauses
    )
    return Document(document.head, tuple(clause for each in items for clause in each))


def kept_of(row: Draft) -> Kept:
    """Give a draft as a noun."""
    base = {language: read_wording(source) for language, source in row.base.items()}
    wording = {language: read_wording(source) for language, source in row.wording.items()}
    return Kept(row.holder, row.clause, row.place, base, wording)


def sources(texts: dict[str, Document]) -> dict[str, str]:
    """Write documents back to the notation."""
    return {language: unparse(document) for language, document in texts.items()}


@lru_cache(maxsize=64)
def _parsed(source: str) -> Document:
    return part(parse(source), "")[0]


@lru_cache(maxsize=64)
def _seen(source: str) -> Document:
    return negotiating_view(_parsed(source), None)


@lru_cache(maxsize=64)
def places_of(version: str, language: str) -> tuple[OpenPlace, ...]:
    """Give what is open in a version, read in a language or its first, as everybody sees it."""
    return open_places(_main(version, language))


@lru_cache(maxsize=256)
def counts_of(version: str, language: str) -> dict[str, int]:
    """Count the bracketed wordings of a version by holder, in a language or its first; a version never changes."""
    return bracket_counts(_main(version, language))


def _main(version: str, language: str) -> Document:
    source = Version.objects.get(id=version).source
    return _seen(source[language if language in source else next(iter(source))])


def silence_of(row: Quiet) -> Silence:
    """Give a silence procedure as a noun."""
    broken = row.broken
    return Silence(
        row.hash,
        tuple(row.parties),
        row.hours,
        row.opened_at,
        row.receipt_by,
        {party: dt.datetime.fromisoformat(at) for party, at in row.receipts.items()},
        row.extended_by,
        row.extension_hours,
        Broken(broken["party"], broken["reason"], broken["cure"], dt.datetime.fromisoformat(broken["at"]))
        if broken
        else None,
    )


def is_unattributed(sitting: Sitting) -> bool:
    """Whether the Chatham House rule holds for a sitting: by itself, or in its whole forum."""
    return sitting.chatham_house or sitting.forum.chatham_house


def minutes_of(sitting: Sitting) -> list[tuple[str, str]]:
    """Give a sitting's minutes as who spoke, or nothing, and what was said; under the Chatham House rule nobody."""
    lines = [line if isinstance(line, dict) else {"text": line} for line in sitting.minutes or ()]
    is_quiet = is_unattributed(sitting)
    return [("" if is_quiet else line.get("speaker", ""), line["text"]) for line in lines]


def commitment_hash(item: Commitment) -> str:
    """Give what fixes a commitment: the hash of the text it rests on, or, of the public record's, of its wording."""
    said: dict[str, Json] = {"code": item.code, "title": item.title}
    return item.text_hash or sha256_hex(canonical_bytes(said))
