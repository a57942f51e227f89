"""Writes of the single text: every act makes a new version, under a lock that a reader can understand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.models import Commitment, Forum, Position, Signing, Text, Version
from goodoffices.desk.talks.records import documents, holder_of, sources, views
from goodoffices.desk.talks.selectors import clause_mark, text_thing, text_thing_of, version_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Stance
from goodoffices.domain.text import CHAIR, Document
from goodoffices.engines.talks import edit
from goodoffices.engines.talks.consent import Act, Frozen, Signature, Word, check_signature, freeze, text_hash, unsigned
from goodoffices.engines.talks.states import Noun, step
from goodoffices.engines.talks.text import parse
from goodoffices.engines.talks.views import negotiating_view

Change = Callable[[Document], Document]


def text_open(*, forum: Forum, title: str, source: Mapping[str, str], by: Viewer, at: dt.datetime) -> Text:
    """Begin the single text of a forum with a first version.

    Raises
    ------
    InputError
        If a language cannot be read, or the languages differ in parties or clauses.
    """
    require(by, "freeze", text_thing_of(forum, by))
    documents_ = {language: parse(text, file=language) for language, text in source.items()}
    _check_alike(documents_)
    text = Text.objects.create(forum=forum, title=title, authentic=sorted(source))
    Version.objects.create(
        text=text, number=1, source=sources(documents_), act="open", party=by.party, by_id=by.user, at=at
    )
    text_note(text, "text_circulated", {"act": "open", "clause": "", "hash": _public_hash(documents_)}, by, at)
    return text


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
    made = {language: parse(words, file=language) for language, words in source.items()}
    changes: dict[str, Change] = {language: _replacing(document) for language, document in made.items()}
    return _act(text, changes, act="revise", clause="", hidden=False, by=by, at=at)


def _replacing(document: Document) -> Change:
    return lambda _: document


def _act(
    text: Text, changes: Mapping[str, Change], *, act: str, clause: str, hidden: bool, by: Viewer, at: dt.datetime
) -> Version:
    """Make the next version.

    Raises
    ------
    TransitionError
        If the text is frozen or signed.
    """
    if text.state not in {"draft", "circulated"}:
        raise TransitionError(f"the text is {text.state}: found an edit, expected a draft (thaw it first)")
    latest = version_of(text)
    before = documents(latest)
    after = {
        language: changes[language](document) if language in changes else document
        for language, document in before.items()
    }
    with transaction.atomic():  # the unique number lets one of two editors at one moment win
        version = Version.objects.create(
            text=text,
            number=latest.number + 1,
            source=sources(after),
            act=act,
            clause=clause,
            party=by.party,
            hidden=hidden,
            by_id=by.user,
            at=at,
        )
    if not hidden:
        text_note(text, "text_circulated", {"act": act, "clause": clause, "hash": _public_hash(after)}, by, at)
    return version


def _public_hash(texts: Mapping[str, Document]) -> str:
    return text_hash({language: negotiating_view(document, None) for language, document in texts.items()})


def check_mark(text: Text, clause: str, mark: str, *, language: str, by: Viewer) -> bool:
    """Whether a clause still reads for this viewer as it did when the form was opened."""
    seen = views(version_of(text), by)
    return clause_mark(seen[language if language in seen else next(iter(seen))], clause) == mark


def wording_propose(
    *, text: Text, clause: str, place: int, wording: Mapping[str, str], tabled: bool, by: Viewer, at: dt.datetime
) -> Version:
    """Put one's own wording into a place, in every authentic language; untabled it is seen by nobody else.

    Raises
    ------
    InputError
        If an authentic language is missing.
    """
    require(by, "write", text_thing(text, by))
    empty = [language for language in text.authentic if not wording.get(language, "").strip()]
    if empty and len(empty) != len(text.authentic):
        raise InputError(
            *(Fault("", "", f"wording_{code}", "nothing", "the wording in every language") for code in empty)
        )
    holder = holder_of(by) or CHAIR
    changes = {
        language: _proposing(clause, wording[language].strip(), place, holder, tabled) for language in text.authentic
    }
    return _act(text, changes, act="propose", clause=clause, hidden=not tabled, by=by, at=at)


def _proposing(clause: str, words: str, place: int, holder: str, tabled: bool) -> Change:
    def change(document: Document) -> Document:
        real, _ = edit.behind(document, clause, (place, 0), holder=holder)
        return edit.propose(document, clause, words, place=real, holder=holder, tabled=tabled)

    return change


def wordings_table(*, text: Text, by: Viewer, at: dt.datetime, clause: str = "") -> Version:
    """Table what one has kept back; the chair's hidden bridge appears to all at one instant."""
    require(by, "write", text_thing(text, by))
    holder = holder_of(by) or CHAIR
    change: Change = lambda document: edit.table(document, holder, clause=clause)  # noqa: E731
    return _act(text, dict.fromkeys(text.authentic, change), act="table", clause=clause, hidden=False, by=by, at=at)


def wording_hold(
    *, text: Text, clause: str, place: int, alternative: int, how: str, by: Viewer, at: dt.datetime
) -> Version:
    """Join, reserve on, or leave a wording as one party."""
    require(by, "position", text_thing(text, by))
    act = {"join": edit.join, "reserve": edit.reserve, "leave": edit.leave}[how]
    party = holder_of(by) or CHAIR
    latest = documents(version_of(text))
    changes = {
        language: _holding(
            act, clause, edit.behind(document, clause, (place, alternative), holder=holder_of(by)), party
        )
        for language, document in latest.items()
    }
    return _act(text, changes, act=how, clause=clause, hidden=False, by=by, at=at)


def _holding(act: Callable[..., Document], clause: str, at: tuple[int, int], party: str) -> Change:
    return lambda document: act(document, clause, place=at[0], alternative=at[1], party=party)


def clause_settle(*, text: Text, clause: str, place: int, by: Viewer, at: dt.datetime) -> Version:
    """Lift the bracket of a place that all hold."""
    require(by, "publish", text_thing(text, by))

    def change(document: Document) -> Document:
        real, _ = edit.behind(document, clause, (place, 0), holder=holder_of(by))
        return edit.settle(document, clause, place=real)

    return _act(text, dict.fromkeys(text.authentic, change), act="settle", clause=clause, hidden=False, by=by, at=at)


def clause_reword(*, text: Text, clause: str, source: Mapping[str, str], by: Viewer, at: dt.datetime) -> Version:
    """Let the chair write a clause anew, in the notation, in the languages given."""
    require(by, "publish", text_thing(text, by))
    changes = {language: _rewording(clause, words) for language, words in source.items() if language in text.authentic}
    return _act(text, changes, act="reword", clause=clause, hidden=False, by=by, at=at)


def _rewording(clause: str, words: str) -> Change:
    return lambda document: edit.reword(document, clause, words)


def position_take(
    *, text: Text, about: str, stance: Stance, reason: str, cure: str, by: Viewer, at: dt.datetime
) -> Position:
    """Say one's party's word on a clause or the text; an objection needs a reason and a cure."""
    require(by, "position", text_thing(text, by))
    Word(by.party, stance, about, at, reason, cure)
    row = Position.objects.create(
        text=text, party_id=by.party, about=about, stance=stance, reason=reason or None, cure=cure or None,
        by_id=by.user, at=at,
    )  # fmt: skip
    text_note(text, "position", {"about": about, "party": by.party, "stance": stance.value}, by, at)
    return row


def text_freeze(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Freeze the text for initialling and signing: no bracket may be left in any authentic language."""
    require(by, "freeze", text_thing(text, by))
    frozen = freeze(documents(version_of(text)), text.authentic)
    if text.state == "draft":
        text.state = step(Noun.PAPER, text.state, "circulate")
    text.state, text.frozen_hash = step(Noun.PAPER, text.state, "freeze"), frozen.hash
    text.save(update_fields=["state", "frozen_hash"])
    text_note(text, "text_frozen", {"hash": frozen.hash, "languages": list(frozen.languages)}, by, at)
    return text


def text_thaw(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Take a frozen text back to the table; what was initialled on it holds for that hash alone."""
    require(by, "freeze", text_thing(text, by))
    text.state = step(Noun.PAPER, text.state, "thaw")
    text.save(update_fields=["state"])
    text_note(text, "text_thawed", {"hash": text.frozen_hash}, by, at)
    return text


def text_sign(*, text: Text, act: Act, hash: str, by: Viewer, at: dt.datetime) -> Signing:  # noqa: A002
    """Put a party's initials or signature to the text last frozen; when every side has, its state moves.

    Raises
    ------
    TransitionError
        If it is not frozen.
    VerificationError
        If the signer had another text in front of him.
    """
    require(by, "sign", text_thing(text, by))
    if text.state not in {"frozen", "initialled"}:
        raise TransitionError(f"the text is {text.state}, expected frozen")
    frozen = Frozen(text.frozen_hash, tuple(text.authentic))
    check_signature(frozen, Signature(by.party, act, hash, at))
    row, _ = Signing.objects.get_or_create(
        text=text, party_id=by.party, act=act, hash=hash, defaults={"by_id": by.user, "at": at}
    )
    signed = [Signature(s.party_id, Act(s.act), s.hash, s.at) for s in text.signings.all()]
    named = sorted(documents(version_of(text))[text.authentic[0]].parties)
    kind = "text_initialled" if act is Act.INITIAL else "text_signed"
    text_note(text, kind, {"hash": hash, "party": by.party}, by, at, roles=named)
    if not unsigned(frozen, signed, named, act=act):
        text.state = step(Noun.PAPER, text.state, "initial" if act is Act.INITIAL else "sign")
        text.save(update_fields=["state"])
    return row


def text_publish(*, text: Text, by: Viewer, at: dt.datetime) -> Text:
    """Make a signed text public, with the commitments that rest on it and the readings the sides have given of them.

    Raises
    ------
    TransitionError
        If it is not signed.
    """
    require(by, "publish", text_thing(text, by))
    if text.state not in {"signed", "in_force"}:
        raise TransitionError(f"the text is {text.state}, expected signed")
    if not text.published:
        text.published = True
        text.save(update_fields=["published"])
        Commitment.objects.filter(text=text).update(published=True)
        text_note(text, "text_published", {"hash": text.frozen_hash}, by, at)
    return text


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
