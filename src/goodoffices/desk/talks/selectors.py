"""Reads of the talks; each takes the viewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from goodoffices.desk.access import Thing, Viewer, may, may_ever, require
from goodoffices.desk.parties.models import Mandate
from goodoffices.desk.parties.selectors import mandates_in_force, sides
from goodoffices.desk.talks.models import (
    Commitment,
    Forum,
    Message,
    Paper,
    Position,
    Quiet,
    ReadingOf,
    Sitting,
    Text,
    Version,
)
from goodoffices.desk.talks.records import silence_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.forum import Courier, Question, common
from goodoffices.engines.talks.silence import local_deadlines
from goodoffices.engines.talks.states import TABLES, Noun


def thing_of(forum: Forum, viewer: Viewer) -> Thing:
    """State what is true of a forum for a viewer."""
    invited = {"invited"} if viewer.party in forum.members else set()
    return Thing("forum", "", frozenset(invited | ({"published"} if forum.published else set())))


def seated_thing(kind: str, forum: Forum, viewer: Viewer, *, is_mandated: bool) -> Thing:
    """State of a forum's minutes or video whether the viewer's mandate lets him sit there."""
    return Thing(kind, "", frozenset({"seated"} if is_mandated and viewer.party in forum.members else ()))


def forums(viewer: Viewer, *parts: str) -> list[Forum]:
    """Give the forums a viewer may know of, in the order of the process; a caucus only to its own and the chair.

    Parts are what is to be read with them, for all in one: `sittings`, `silences`, `messages`, `accords__answers`.
    """
    found = Forum.objects.select_related("text").prefetch_related(*parts)
    return [forum for forum in found.order_by("order", "code") if _may_see(forum, viewer)]


def _may_see(forum: Forum, viewer: Viewer) -> bool:
    return may(viewer, "read", thing_of(forum, viewer)) and (forum.kind != "caucus" or _sits(forum, viewer))


def _sits(forum: Forum, viewer: Viewer) -> bool:
    return viewer.party in forum.members or may_ever(viewer, "write", "forum")


def forum_of(viewer: Viewer, code: str) -> Forum:
    """Give a forum that a viewer may see.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    forum = Forum.objects.filter(code=code).first()
    if forum is None or not _may_see(forum, viewer):
        raise NotYoursError("no such forum")
    return forum


def papers(viewer: Viewer, forum: Forum) -> list[Paper]:
    """Give the papers a viewer may read: own, addressed to it, or the chair's."""
    return [
        paper
        for paper in forum.papers.select_related("author").order_by("-at")
        if may(viewer, "read", paper_thing(paper, viewer))
    ]


def paper_thing(paper: Paper, viewer: Viewer) -> Thing:
    """State what is true of a paper for a viewer."""
    facts = {"audience"} if viewer.party in paper.audience else set()
    return Thing("paper", paper.author_id, frozenset(facts | ({"chair"} if "chair" in paper.audience else set())))


def messages(viewer: Viewer, forum: Forum) -> list[tuple[Message, str]]:
    """Give the messages a viewer may know of, each with what it learns: words, gist; nothing is not even there."""
    found = []
    for message in forum.messages.select_related("sender", "to").order_by("at"):
        facts = frozenset({"conveyed"} if message.conveyed_at and viewer.party == message.to_id else ())
        if not may(viewer, "read", Thing("message", message.sender_id, facts)):
            continue
        whole = viewer.party == message.sender_id or may(viewer, "convey", Thing("message", message.sender_id))
        found.append((message, message.text if whole or message.convey == Courier.VERBATIM else message.gist))
    return found


def delegations(forum: Forum, now: dt.datetime) -> dict[str, list[Mandate]]:
    """Give who may speak in a forum at a moment, by party."""
    found: dict[str, list[Mandate]] = {}
    held = mandates_in_force(now).filter(scope__in=["*", forum.code], user__party__in=forum.members)
    for mandate in held.select_related("user", "user__party").order_by("user__party", "user__username"):
        if mandate.user.role in {"side", "host", "observer", "secretariat"}:
            found.setdefault(mandate.user.party.name, []).append(mandate)
    return found


def text_of(viewer: Viewer, code: str) -> Text:
    """Give the single text of a forum.

    Raises
    ------
    NotYoursError
        If there is none, it was erased, or it is not for this viewer.
    """
    text = Text.objects.select_related("forum").filter(forum__code=code, versions__isnull=False).first()
    if text is None:
        raise NotYoursError("no such text")
    require(viewer, "read", text_thing(text, viewer))
    return text


def text_thing_of(forum: Forum, viewer: Viewer) -> Thing:
    """State what is true of a text that a forum does not have yet."""
    return Thing("text", "", frozenset({"invited"} if viewer.party in forum.members else ()))


def text_thing(text: Text, viewer: Viewer) -> Thing:
    """State what is true of a text for a viewer."""
    facts = {"invited"} if viewer.party in text.forum.members else set()
    facts |= {"signed"} if text.state in {"signed", "in_force"} else set()
    return Thing("text", "", frozenset(facts | ({"published"} if text.published else set())))


def version_of(text: Text) -> Version:
    """Give the latest version.

    Raises
    ------
    NotYoursError
        If there is none yet.
    """
    version = text.versions.order_by("-number").first()
    if version is None:
        raise NotYoursError("no version yet")
    return version


def words_on(text: Text, about: Iterable[str]) -> list[Position]:
    """Give every party's latest position on some objects."""
    latest: dict[tuple[str, str], Position] = {}
    for position in text.positions.filter(about__in=list(about)).select_related("party").order_by("at"):
        latest[position.about, position.party_id] = position
    return list(latest.values())


def silences(forum: Forum) -> list[Quiet]:
    """Give the silence procedures of a forum, latest first."""
    return sorted(forum.silences.all(), key=lambda quiet: quiet.opened_at, reverse=True)


def last_silence(sitting: Sitting) -> Quiet | None:
    """Give the silence procedure on a sitting's minutes that was opened last."""
    return sitting.silences.order_by("-opened_at").first()


def sitting_state(sitting: Sitting, now: dt.datetime) -> str:
    """Give a sitting's state at a moment: minuted as soon as silence is over, before the record says so too."""
    last = last_silence(sitting) if sitting.state == "closed" else None
    return "minuted" if last is not None and silence_of(last).state(now) == "adopted" else sitting.state


def meeting(forum: Forum) -> Mapping[str, Json] | None:
    """Give a leaders' meeting as every party has accepted it: level, moment, place, agenda; None if it is not set."""
    terms = forum.terms or {}
    is_set = forum.kind == "leaders_meeting" and forum.state != "closed"
    return terms if is_set and all(terms.get(name) for name in ("level", "starts", "place", "agenda")) else None


Answers = list[tuple[str, str, Stance]]


def meeting_answers(forum: Forum) -> dict[str, Answers]:
    """Give what each party said last of each value; callers show a side its own alone, the chair all."""
    found: dict[str, Answers] = {}
    for (party, question, value), stance in _last(forum).items():
        found.setdefault(party, []).append((question.value, value, stance))
    return {party: sorted(answers) for party, answers in found.items()}


def meeting_common(forum: Forum) -> dict[str, tuple[str, ...]]:
    """Give what all sides would accept of a leaders' meeting, for the chair."""
    asked = [side.code for side in sides() if side.code in forum.members]
    return {question.value: values for question, values in common(_last(forum), asked).items()}


def _last(forum: Forum) -> dict[tuple[str, Question, str], Stance]:
    return {
        (row.party_id, Question(row.question), row.value): Stance(row.stance) for row in forum.answers.order_by("at")
    }


def last_words(viewer: Viewer) -> dict[str, ReadingOf]:
    """Give the last acceptance or refusal of the viewer's party, by commitment."""
    found = ReadingOf.objects.filter(party=viewer.party).exclude(stance="").order_by("at")
    return {reading.commitment_id: reading for reading in found}


def commitments(viewer: Viewer) -> list[Commitment]:
    """Give the commitments a viewer may read."""
    return [
        item
        for item in Commitment.objects.select_related("text__forum").order_by("code")
        if may(viewer, "read", commitment_thing(item, viewer))
    ]


def commitment_thing(item: Commitment, viewer: Viewer) -> Thing:
    """State what is true of a commitment for a viewer."""
    facts = {"published"} if item.published else set()
    if item.text is not None and viewer.party in item.text.forum.members:
        facts |= {"invited"}
    return Thing("commitment", "", frozenset(facts))


def commitment_of(viewer: Viewer, code: str) -> Commitment:
    """Give one commitment.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    item = Commitment.objects.filter(code=code).first()
    if item is None:
        raise NotYoursError("no such commitment")
    require(viewer, "read", commitment_thing(item, viewer))
    return item


def readings(item: Commitment) -> dict[str, ReadingOf]:
    """Give each party's latest reading or acceptance."""
    return {row.party_id: row for row in item.readings.select_related("party").order_by("at") if row.text or row.stance}


def silence_told(quiet: Quiet, now: dt.datetime, *, zones: dict[str, str]) -> dict[str, object]:
    """Tell how a silence procedure stands: state, deadline, the deadline in each party's own time, receipts missing."""
    silence = silence_of(quiet)
    return {
        "state": silence.state(now),
        "deadline": silence.deadline,
        "local": local_deadlines(silence, [(p, zones[p]) for p in quiet.parties if p in zones]),
        "missing": [party for party in quiet.parties if party not in quiet.receipts],
    }


def events_of(forum: Forum) -> list[str]:
    """Give the events that a forum's state allows and the secretariat notes; its sides agree it themselves."""
    return [event for event in TABLES[Noun.FORUM][forum.state] if event not in {"agree", "ask_again"}]
