"""Rounds, working groups, caucuses, shuttles and leaders' meetings: who may speak, about what, and what was noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import TransitionError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.consent import aware


class ForumKind(StrEnum):
    """What a forum is."""

    ROUND = "round"
    WORKING_GROUP = "working_group"
    CAUCUS = "caucus"
    SHUTTLE = "shuttle"
    LEADERS_MEETING = "leaders_meeting"


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum of a process.

    Attributes
    ----------
    id, kind, title
        As the process names it.
    members
        Parties that sit in it; a caucus has one beside the chair.
    subject
        political, humanitarian, military, or empty.
    online
        Whether it meets online; the sides bring their own video.
    chatham_house
        Whether its minutes name no speaker.
    """

    id: str
    kind: ForumKind
    title: str
    members: tuple[str, ...]
    subject: str = ""
    online: bool = False
    chatham_house: bool = False

    def __post_init__(self) -> None:
        if self.kind is ForumKind.CAUCUS and len(self.members) != 1:
            raise TransitionError(f"caucus {self.id}: found {len(self.members)} parties, expected one")


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who may speak or act for a party, in which forum, from when to when.

    Attributes
    ----------
    person
        An opaque reference to the person; names stay with the party.
    party, forum
        For whom, where.
    start, stop
        Half-open, with zones; `stop` is None while it lasts.
    may_sign
        Whether the mandate carries full powers (VCLT art. 7).
    """

    person: str
    party: str
    forum: str
    start: dt.datetime
    stop: dt.datetime | None = None
    may_sign: bool = False

    def holds(self, at: dt.datetime) -> bool:
        """Tell whether the mandate holds at a time."""
        return self.start <= at and (self.stop is None or at < self.stop)


def delegation(mandates: Sequence[Mandate], forum: str, *, at: dt.datetime) -> dict[str, tuple[str, ...]]:
    """Give the persons who may speak in a forum at a time, by party."""
    aware(at, "a sitting")
    out: dict[str, tuple[str, ...]] = {}
    for mandate in mandates:
        if mandate.forum == forum and mandate.holds(at):
            out[mandate.party] = (*out.get(mandate.party, ()), mandate.person)
    return out


def signer(mandates: Sequence[Mandate], person: str, *, party: str, forum: str, at: dt.datetime) -> Mandate:
    """Give the mandate under which a person signs for a party at a time.

    Raises
    ------
    TransitionError
        If the person has none there and then, or it carries no full powers.
    """
    aware(at, "a signature")
    found = [m for m in mandates if (m.person, m.party, m.forum) == (person, party, forum) and m.holds(at)]
    if not found:
        raise TransitionError(f"{person} has no mandate of {party} in {forum} at {at.isoformat()}")
    full = next((mandate for mandate in found if mandate.may_sign), None)
    if full is None:
        raise TransitionError(f"{person} may speak for {party} in {forum} but not sign: expected full powers")
    return full


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of an agenda: its number, what of, and the clauses it is about."""

    number: int
    title: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of a forum.

    Attributes
    ----------
    forum, number
        Which.
    start, stop
        With zones.
    agenda
        In order.
    agenda_sent
        When the agenda went out; working groups send it 48 hours ahead.
    attendance
        Party to how many of its delegation were present.
    """

    forum: str
    number: int
    start: dt.datetime
    stop: dt.datetime
    agenda: tuple[AgendaItem, ...]
    agenda_sent: dt.datetime
    attendance: Mapping[str, int]

    def __post_init__(self) -> None:
        for at in (self.start, self.stop, self.agenda_sent):
            aware(at, f"sitting {self.forum}/{self.number}")
        if self.stop <= self.start:
            raise TransitionError(f"sitting {self.forum}/{self.number}: ends before it starts")

    @property
    def minutes(self) -> int:
        """How long it lasted, in minutes."""
        return int((self.stop - self.start).total_seconds() // 60)

    def agenda_in_time(self, hours: int = 48) -> bool:
        """Whether the agenda went out at least so many hours ahead."""
        return self.start - self.agenda_sent >= dt.timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class Minute:
    """A line of ordinary minutes."""

    item: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class ChathamMinute:
    """A line of minutes under the Chatham House rule: there is no field for who spoke."""

    item: int
    text: str


def minute(forum: Forum, *, item: int, speaker: str, text: str) -> Minute | ChathamMinute:
    """Note what was said; under the Chatham House rule the speaker is not kept anywhere."""
    return ChathamMinute(item, text) if forum.chatham_house else Minute(item, speaker, text)


class Courier(StrEnum):
    """What the courier of a shuttle may tell the other side."""

    VERBATIM = "verbatim"
    GIST = "gist"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Message:
    """A message given to the courier.

    Attributes
    ----------
    sender, to
        Parties.
    text, gist
        The words, and the gist the sender allows to be told.
    convey
        Verbatim, gist or nothing.
    """

    sender: str
    to: str
    text: str
    gist: str
    convey: Courier

    def told(self, party: str) -> str | None:
        """Give what a party learns of it; None is nothing, not even that there is a message."""
        if party == self.sender:
            return self.text
        if party != self.to or self.convey is Courier.NOTHING:
            return None
        return self.text if self.convey is Courier.VERBATIM else self.gist


class Question(StrEnum):
    """What both leaders' offices must have accepted before a meeting is set."""

    LEVEL = "level"
    DATE = "date"
    PLACE = "place"
    AGENDA = "agenda"


def common(
    answers: Mapping[tuple[str, Question, str], Stance], parties: Sequence[str]
) -> dict[Question, tuple[str, ...]]:
    """Give what every party would accept of a leaders' meeting; for the ears of the chair alone.

    It sets nothing: a meeting is set only once all have accepted level, date, place and agenda as one question.

    Parameters
    ----------
    answers
        Party, question and value to the stance that the party took last, in private.
    parties
        All that would meet.

    Returns
    -------
    dict
        Values by question, those of the first party in its own spelling; a question without one is not there.
    """
    willing: dict[str, dict[tuple[Question, str], str]] = {party: {} for party in parties}
    for (party, question, value), stance in answers.items():
        if stance is Stance.ACCEPT and party in willing:
            willing[party][question, _plain(value)] = value
    first, *others = [willing[party] for party in parties] or [{}]
    found: dict[Question, tuple[str, ...]] = {}
    for (question, plain), value in sorted(first.items()):
        if all((question, plain) in other for other in others):
            found[question] = (*found.get(question, ()), value)
    return found


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())
