"""Writes of the words of the single text: every act makes a new version, under a lock that a reader can understand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.models import Draft, Forum, Position, Text, Version
from goodoffices.desk.talks.records import documents, holder_of, sources, views
from goodoffices.desk.talks.revisions import clause_mark, is_open
from goodoffices.desk.talks.selectors import text_thing, text_thing_of, version_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Stance
from goodoffices.domain.text import CHAIR, Document
from goodoffices.engines.talks import edit
from goodoffices.engines.talks.consent import Word, text_hash
from goodoffices.engines.talks.kept import Kept, loose, part, together
from goodoffices.engines.talks.text import parse, unparse_wording

Change = Callable[[Document], Document]
_LONGEST_NUMBER = 20


def text_open(*, forum: Forum, title: str, source: Mapping[str, str], by: Viewer, at: dt.datetime) -> Text:
    """Begin the single text of a forum with a first version.

    Raises
    ------
    InputError
        If a language cannot be read, the languages differ in parties or clauses, or keep back what is not the chair's.
    """
    require(by, "freeze", text_thing_of(forum, by))
    documents_, kept = parted({language: parse(text, file=language) for language, text in source.items()})
    _check_alike(documents_)
    text = Text.objects.create(forum=forum, title=title, authentic=sorted(source))
    Version.objects.create(
        text=text, number=1, source=sources(documents_), act="open", party=by.party, by_id=by.user, at=at
    )
    keep(text, kept, by, at)
    text_note(text, "text_circulated", {"act": "open", "clause": "", "hash": text_hash(documents_)}, by, at)
    return text


def parted(texts: Mapping[str, Document]) -> tuple[dict[str, Document], tuple[Kept, ...]]:
    """Part what the chair has written into what is tabled and the chair's hidden bridges.

    Raises
    ------
    InputError
        If it keeps back another's wording, not the same in every language, or in the midst of words.
    """
    both = {language: part(document, language) for language, document in texts.items()}
    faults = [
        Fault(language, "", f"source_{language}", f"{kept.clause}: {{{kept.holder}?}}", "{chair?} alone")
        for language, (_, found) in both.items()
        for kept in found
        if kept.holder != CHAIR
    ]
    faults += [
        Fault(
            language, "", f"source_{language}", f"{clause}: {{chair?}} in the midst", "beside brackets, or at the end"
        )
        for language, document in texts.items()
        for clause in loose(document)
    ]
    kept = together({language: found for language, (_, found) in both.items()})
    if kept is None:
        language = next(iter(texts))
        faults.append(
            Fault("", "", f"source_{language}", "{chair?} not in each language", "the same in every language")
        )
    if faults or kept is None:
        raise InputError(*faults)
    return {language: document for language, (document, _) in both.items()}, kept


def keep(text: Text, found: Sequence[Kept], by: Viewer, at: dt.datetime) -> list[Draft]:
    """Store wordings that their holder keeps back; no version is made of them, and nothing recorded."""
    return [
        Draft.objects.create(
            text=text, party_id=by.party, holder=kept.holder, clause=kept.clause, place=kept.place, by_id=by.user,
            at=at,
            base={language: unparse_wording(wording) for language, wording in kept.base.items()},
            wording={language: unparse_wording(wording) for language, wording in kept.wording.items()},
        )
        for kept in found
    ]  # fmt: skip


def _check_alike(texts: Mapping[str, Document]) -> None:
    """Check that every language has the same clauses, and that the text's parties are the sides.

    Raises
    ------
    InputError
        Where one differs.
    """
    expected = sorted(side.code for side in sides())
    first = next(iter(texts))
    clauses = [clause.id for clause in texts[first].clauses]
    faults = [
        Fault(language, "@parties", f"source_{language}", " ".join(sorted(one.parties)) or "none", " ".join(expected))
        for language, one in texts.items()
        if sorted(one.parties) != expected
    ]
    for language, one in texts.items():
        found = [clause.id for clause in one.clauses]
        if found != clauses or not found:
            line = " ".join(found) or "no clause"
            faults.append(
                Fault(language, "", f"source_{language}", line, f"clauses as in {first}: {' '.join(clauses)}")
            )
    if faults:
        raise InputError(*faults)


def text_renew(*, text: Text, source: Mapping[str, str], by: Viewer, at: dt.datetime) -> Version:
    """Let the chair circulate a whole new revision, as a file has it.

    Raises
    ------
    InputError
        If a language is missing or cannot be read.
    """
    require(by, "publish", text_thing(text, by))
    if sorted(source) != sorted(text.authentic):
        raise InputError(Fault("", "", "languages", ", ".join(sorted(source)), ", ".join(text.authentic)))
    made, kept = parted({language: parse(words, file=language) for language, words in source.items()})
    changes: dict[str, Change] = {language: replacing(document) for language, document in made.items()}
    version = version_make(text, changes, act="revise", clause="", by=by, at=at)
    keep(text, kept, by, at)
    return version


def replacing(document: Document) -> Change:
    """Give the change that puts a whole text in the place of what stood there."""
    return lambda _: document


def text_lock(text: Text) -> None:
    """Read a text's state anew and hold it: of two acts at one moment the second finds what the first has done."""
    text.refresh_from_db(fields=["state", "frozen_hash", "published"], from_queryset=Text.objects.select_for_update())


@transaction.atomic
def version_make(
    text: Text, changes: Mapping[str, Change], *, act: str, clause: str, by: Viewer, at: dt.datetime
) -> Version:
    """Make the next version.

    Raises
    ------
    TransitionError
        If the text is frozen or signed.
    """
    text_lock(text)
    if not is_open(text):
        raise TransitionError(f"the text is {text.state}: found an edit, expected a draft (thaw it first)")
    latest = version_of(text)
    after = {
        language: changes[language](document) if language in changes else document
        for language, document in documents(latest).items()
    }
    version = Version.objects.create(
        text=text,
        number=latest.number + 1,
        source=sources(after),
        act=act,
        clause=clause,
        party=by.party,
        by_id=by.user,
        at=at,
    )
    text_note(text, "text_circulated", {"act": act, "clause": clause, "hash": text_hash(after)}, by, at)
    return version


def check_mark(text: Text, clause: str, mark: str) -> bool:
    """Whether a clause still reads as it did when the form was opened."""
    return clause_mark(views(version_of(text)), clause) == mark


def wording_propose(
    *, text: Text, clause: str, place: int, wording: Mapping[str, str], by: Viewer, at: dt.datetime
) -> Version:
    """Table one's own wording for a place, in every authentic language.

    Raises
    ------
    InputError
        If an authentic language is missing.
    """
    require(by, "write", text_thing(text, by))
    words, holder = wording_checked(text, clause, wording), holder_of(by) or CHAIR
    changes = {language: _proposing(clause, words[language], place, holder) for language in text.authentic}
    return version_make(text, changes, act="propose", clause=clause, by=by, at=at)


def wording_checked(text: Text, clause: str, wording: Mapping[str, str]) -> dict[str, str]:
    """Give a wording as it will stand: in every authentic language, or in none, which proposes to delete.

    Raises
    ------
    InputError
        If it is there in some languages only, or the clause has no number.
    """
    if len(clause) > _LONGEST_NUMBER:
        raise InputError(Fault("", "", "clause", clause[:_LONGEST_NUMBER] + "…", "a number such as 4.2"))
    empty = [language for language in text.authentic if not wording.get(language, "").strip()]
    if empty and len(empty) != len(text.authentic):
        raise InputError(
            *(Fault("", "", f"wording_{code}", "nothing", "the wording in every language") for code in empty)
        )
    return {language: "\n".join(wording.get(language, "").strip().splitlines()) for language in text.authentic}


def _proposing(clause: str, words: str, place: int, holder: str) -> Change:
    return lambda document: edit.propose(document, clause, words, place=place, holder=holder)


def wording_hold(
    *, text: Text, clause: str, place: int, alternative: int, how: str, by: Viewer, at: dt.datetime
) -> Version:
    """Join, reserve on, or leave a wording as one party."""
    require(by, "position", text_thing(text, by))
    act = {"join": edit.join, "reserve": edit.reserve, "leave": edit.leave}[how]
    change = _holding(act, clause, (place, alternative), holder_of(by) or CHAIR)
    return version_make(text, dict.fromkeys(text.authentic, change), act=how, clause=clause, by=by, at=at)


def _holding(act: Callable[..., Document], clause: str, at: tuple[int, int], party: str) -> Change:
    return lambda document: act(document, clause, place=at[0], alternative=at[1], party=party)


def clause_settle(*, text: Text, clause: str, place: int, by: Viewer, at: dt.datetime) -> Version:
    """Lift the bracket of a place that all hold."""
    require(by, "publish", text_thing(text, by))
    change: Change = lambda document: edit.settle(document, clause, place=place)  # noqa: E731
    return version_make(text, dict.fromkeys(text.authentic, change), act="settle", clause=clause, by=by, at=at)


def clause_reword(*, text: Text, clause: str, source: Mapping[str, str], by: Viewer, at: dt.datetime) -> Version:
    """Let the chair write a clause anew, in the notation, in the languages given; empty in all it is deleted.

    Raises
    ------
    InputError
        If it cannot be read, is empty in some languages only, or keeps back what is not the chair's.
    """
    require(by, "publish", text_thing(text, by))
    given = {language: words for language, words in source.items() if language in text.authentic}
    empty = [language for language, words in given.items() if not words.strip()]
    if empty and len(empty) != len(given):
        raise InputError(
            *(Fault("", "", f"source_{code}", "nothing", "the clause in every language") for code in empty)
        )
    nothing = Document((), ())
    made, kept = parted({language: edit.reword(nothing, clause, words) for language, words in given.items()})
    changes = {language: _rewording(clause, document) for language, document in made.items()}
    version = version_make(text, changes, act="reword", clause=clause, by=by, at=at)
    keep(text, kept, by, at)
    return version


def _rewording(clause: str, made: Document) -> Change:
    """Put a clause in the place of the one that stood there, or of nothing."""
    return lambda document: edit.replace(document, clause, made.clauses[0].wording if made.clauses else ())


def position_take(
    *, text: Text, about: str, stance: Stance, reason: str, cure: str, by: Viewer, at: dt.datetime
) -> Position:
    """Say one's party's word on a clause; an objection needs a reason and a cure.

    Raises
    ------
    TransitionError
        If there is no such clause for everybody.
    """
    require(by, "position", text_thing(text, by))
    if clause_mark(views(version_of(text)), about) == "new":
        raise TransitionError(f"found clause {about}, expected one of the text")
    Word(by.party, stance, about, at, reason, cure)
    row = Position.objects.create(
        text=text, party_id=by.party, about=about, stance=stance, reason=reason or None, cure=cure or None,
        by_id=by.user, at=at,
    )  # fmt: skip
    text_note(text, "position", {"about": about, "party": by.party, "stance": stance.value}, by, at)
    return row


def text_note(
    text: Text, kind: str, content: Mapping[str, Json], by: Viewer, at: dt.datetime, *, roles: Sequence[str] = ()
) -> Statement:
    """Record an act on the text."""
    return statement_record(
        kind=kind,
        content={**content, "at": at.isoformat(), "text": text.forum.code},
        owner=neutral().code,
        by=by,
        at=at,
        roles=roles,
        subject=f"text:{text.id}",
    )
