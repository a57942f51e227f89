"""Reads of a text: its revisions, what one viewer sees of the last of them, and what that viewer keeps back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from goodoffices.desk.access import Viewer
from goodoffices.desk.talks.models import Commitment, Draft, Text, Version
from goodoffices.desk.talks.records import counts_of, documents, holder_of, kept_of, own_view, places_of, views
from goodoffices.desk.talks.selectors import version_of
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.text import Document, plain
from goodoffices.engines.talks.consent import text_hash
from goodoffices.engines.talks.diff import ClauseDiff, diff
from goodoffices.engines.talks.kept import Kept, Standing, stand, write_wording
from goodoffices.engines.talks.views import OpenPlace, signing_view


def revisions(text: Text) -> list[Version]:
    """Give the versions, oldest first: revisions are numbered by their place here, and are the same for everybody."""
    return list(text.versions.defer("source").order_by("number"))


def revision_of(text: Text, revision: int) -> Version:
    """Give one revision by its number, from 1.

    Raises
    ------
    NotYoursError
        If there is none of that number.
    """
    found = revisions(text)
    if not 1 <= revision <= len(found):
        raise NotYoursError("no such revision")
    return found[revision - 1]


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A wording that the viewer's side, or the chair, keeps back.

    Attributes
    ----------
    row
        As it is stored.
    kept
        The noun.
    place
        Where it would be tabled now; 0 behind the clause.
    standing
        What became of its clause.
    """

    row: Draft
    kept: Kept
    place: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class TextView:
    """What one viewer sees of the text now.

    Attributes
    ----------
    revision, version
        Number of the latest revision, and its key.
    at
        When it was made.
    documents
        Every language as everybody sees it.
    own
        The same with what the viewer keeps back put in, as long as the text is open.
    drafts
        What the viewer keeps back.
    places
        What is open, as everybody sees it.
    counts
        Bracketed wordings by holder, of the last five revisions.
    """

    revision: int
    version: str
    at: dt.datetime
    documents: dict[str, Document]
    own: dict[str, Document]
    drafts: tuple[OwnDraft, ...]
    places: tuple[OpenPlace, ...]
    counts: dict[str, dict[str, int]]


def is_open(text: Text) -> bool:
    """Whether the text can be edited."""
    return text.state in {"draft", "circulated"}


def drafts_of(viewer: Viewer, text: Text) -> tuple[OwnDraft, ...]:
    """Give what the viewer's side, or the chair, keeps back: nobody else's is ever read."""
    holder = holder_of(viewer)
    rows = list(text.drafts.filter(holder=holder)) if holder else []
    now = views(version_of(text)) if rows else {}
    return tuple(OwnDraft(row, kept, *stand(kept, now)) for row, kept in ((row, kept_of(row)) for row in rows))


def drafts_mark(drafts: Iterable[OwnDraft], texts: Mapping[str, Document]) -> str:
    """Give a mark of what would be tabled, and where; it changes when either does."""
    seen: list[Json] = [
        [draft.row.id, draft.place, draft.standing.value, clause_mark(texts, draft.kept.clause)] for draft in drafts
    ]
    return sha256_hex(canonical_bytes(seen))[:16]


@dataclass(frozen=True, slots=True)
class Glance:
    """What Today needs of a text: its latest revision, when it was made, what is open, what the viewer keeps back."""

    revision: int
    at: dt.datetime
    places: tuple[OpenPlace, ...]
    drafts: tuple[OwnDraft, ...]


def glance(viewer: Viewer, text: Text, language: str) -> Glance | None:
    """Give what Today needs of a text, without reading it again; nothing of one that was erased."""
    found = list(text.versions.order_by("number").values_list("id", "at"))
    if not found:
        return None
    key, at = found[-1]
    return Glance(len(found), at, places_of(key, language), drafts_of(viewer, text))


def text_view(viewer: Viewer, text: Text, language: str) -> TextView:
    """Give the text as a viewer may see it, with what is open and the counts over the last revisions."""
    version = version_of(text)
    seen, found, drafts = views(version), revisions(text), drafts_of(viewer, text)
    first = max(1, len(found) - 4)
    counts = {str(number): counts_of(one.id, language) for number, one in enumerate(found[first - 1 :], first)}
    places = places_of(version.id, language)
    own = own_view(seen, [draft.kept for draft in drafts]) if drafts and is_open(text) else seen
    return TextView(len(found), version.id, found[-1].at, seen, own, drafts, places, counts)


def history(text: Text, clause: str = "") -> list[tuple[int, Version]]:
    """Give the acts with their revision, latest first; of one clause if one is named."""
    found = [(number, version) for number, version in enumerate(revisions(text), 1) if clause in {"", version.clause}]
    return list(reversed(found))[:30]


def as_signed(shown: TextView, party: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Give the text as a party would sign it, in every language; callers ask for the viewer's own party alone."""
    return {language: signing_view(document, party).clauses for language, document in shown.own.items()}


def clause_mark(texts: Mapping[str, Document], clause: str) -> str:
    """Give a mark of a clause as everybody sees it; it changes only when that does, in any language."""
    found: list[Json] = [clause_source(document, clause) for _, document in sorted(texts.items())]
    return sha256_hex(canonical_bytes(found))[:16] if any(found) else "new"


def changes(text: Text, since: int, language: str) -> tuple[ClauseDiff, ...]:
    """Compare a revision with the latest."""
    old, new = views(revision_of(text, since)), views(version_of(text))
    key = language if language in new else next(iter(new))
    return diff(old[key], new[key]) if key in old else ()


@dataclass(frozen=True, slots=True)
class Rest:
    """The clause that a commitment rests on, as it stood when it was made.

    Attributes
    ----------
    revision, at
        Of the text then, and when it was made.
    words
        Of the clause then, in every language.
    latest
        Number of the latest revision.
    differs
        Whether everybody reads the clause otherwise in the latest revision, in any language, or finds it no more.
    """

    revision: int
    at: dt.datetime
    words: dict[str, str]
    latest: int
    differs: bool


def rest_of(item: Commitment) -> Rest | None:
    """Give what a commitment rests on; None if it rests on no clause, or on one that cannot be found again."""
    if item.text is None or (version := _version_under(item)) is None:
        return None
    found, then, now = revisions(item.text), views(version), views(version_of(item.text))
    words = {
        language: plain(clause.wording)
        for language, document in then.items()
        for clause in document.clauses
        if clause.id == item.clause
    }
    number = next(place for place, one in enumerate(found, 1) if one.id == version.id)
    return Rest(number, version.at, words, len(found), clause_mark(then, item.clause) != clause_mark(now, item.clause))


def _version_under(item: Commitment) -> Version | None:
    """Give the version that a commitment names, or, of one made before they did, the one that has its hash."""
    if item.version is not None or item.text is None:
        return item.version
    rows = item.text.versions.order_by("-number").iterator(chunk_size=1)
    return next((version for version in rows if text_hash(documents(version)) == item.text_hash), None)


def clause_source(document: Document, clause: str) -> str:
    """Give a clause in the notation, for the chair's form."""
    return write_wording(document, clause)


def hash_of(texts: Mapping[str, Document]) -> str:
    """Give the hash of a text in all its languages, as it is shown."""
    return text_hash(texts)
