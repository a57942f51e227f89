"""Writes of the talks: forums, sittings, papers, messages, meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, process
from goodoffices.desk.talks.accords import is_mandated
from goodoffices.desk.talks.deciding import accord_put, accords_withdraw, once_accepted
from goodoffices.desk.talks.models import Accord, Answer, Forum, Message, Paper, Quiet, Sitting
from goodoffices.desk.talks.records import silence_of
from goodoffices.desk.talks.selectors import meeting, thing_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, NotYoursError, TransitionError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.forum import Courier, ForumKind, Question
from goodoffices.engines.talks.silence import Broken, break_silence, extend, receipt
from goodoffices.engines.talks.states import Noun, step

TAKEN = frozenset({"new", "open"})
"""Words that stand where a forum's code stands in an address."""

BY_SIDES = frozenset({"agree", "ask_again"})
"""Events of a forum that no member of the secretariat notes: its sides' answers bring them."""

_TERMS = ("level", "agenda", "reference")
_OF_MEETING = ("starts", "minutes", "place")

RECEIPT_HOURS = 24
"""Without every party's receipt within so many hours a silence procedure lapses."""


def forum_open(
    *,
    code: str,
    kind: str,
    title: str,
    members: Sequence[str],
    online: bool,
    order: int,
    by: Viewer,
    at: dt.datetime,
    terms: Mapping[str, Json] = MappingProxyType({}),
) -> Forum:
    """Propose a forum, with its terms, to those who shall sit in it; it is agreed once every side has accepted.

    Raises
    ------
    InputError
        If the code is taken, or there are too few for its kind.
    """
    made = Forum(code=code, kind=kind, title=title, members=sorted(set(members)), online=online, order=order)
    require(by, "open", thing_of(made, by))
    if code in TAKEN or Forum.objects.filter(code=code).exists():
        raise InputError(Fault("forum", "", "code", code, "a code that no other forum has"))
    if len(made.members) < (1 if kind == ForumKind.CAUCUS else 2):
        raise InputError(Fault("forum", "", "members", str(len(made.members)), "two parties, or one in a caucus"))
    made.save()
    _note("forum_proposed", f"forum:{made.id}", {"forum": code, "members": list(made.members)}, by, at)
    forum_ask(forum=made, terms=terms, by=by, at=at)
    return made


def forum_ask(*, forum: Forum, terms: Mapping[str, Json], by: Viewer, at: dt.datetime) -> Accord:
    """Put a forum's terms to its sides: level, agenda, terms of reference. Until they accept, older ones hold.

    Of a leaders' meeting the moment and the place stand among them: it is set when all accept all of it.

    Raises
    ------
    InputError
        If a leaders' meeting would lie in the past.
    TransitionError
        If the forum has ended.
    """
    require(by, "write", thing_of(forum, by))
    if "starts" in terms:
        _check_ahead(dt.datetime.fromisoformat(str(terms["starts"])), at)
    asks: dict[str, Json] = {
        "forum": forum.code,
        "kind": forum.kind,
        "title": forum.title,
        "members": list(forum.members),
        "online": forum.online,
        **terms,
    }
    accord = accord_put(forum=forum, kind="terms", about="", asks=asks, by=by, at=at)
    if forum.state == "agreed":  # not at work yet: it is agreed again only with these terms
        forum.state = step(Noun.FORUM, forum.state, "ask_again")
        forum.save(update_fields=["state"])
    return accord


@once_accepted("terms")
def _forum_accepted(accord: Accord, at: dt.datetime) -> None:
    forum = accord.forum
    forum.terms = {name: accord.asks[name] for name in (*_TERMS, *_OF_MEETING) if name in accord.asks}
    if forum.state == "proposed":
        forum.state = step(Noun.FORUM, forum.state, "agree")
    forum.save(update_fields=["terms", "state"])
    if meeting(forum) is not None:
        _meeting_sits(forum, at)


def _meeting_sits(forum: Forum, at: dt.datetime) -> None:
    """Let a leaders' meeting stand among the sittings as all have accepted it; an earlier date falls away."""
    for earlier in forum.sittings.filter(state="planned"):
        earlier.state = step(Noun.SITTING, earlier.state, "cancel")
        earlier.save(update_fields=["state"])
        _note("sitting_cancel", f"sitting:{earlier.id}", {"forum": forum.code, "sitting": earlier.number}, Viewer(), at)
    terms = forum.terms
    agenda: list[Json] = [{"number": number, "title": line} for number, line in enumerate(terms["agenda"], 1)]
    starts = dt.datetime.fromisoformat(terms["starts"])
    made = Sitting.objects.create(
        forum=forum, number=forum.sittings.count() + 1, starts_at=starts, place=terms["place"], zone=process().zone,
        ends_at=starts + dt.timedelta(minutes=terms["minutes"]), agenda=agenda, agenda_sent_at=at,
    )  # fmt: skip
    content: dict[str, Json] = {
        "forum": forum.code, "sitting": made.number, "starts": starts.isoformat(), "agenda": len(agenda),
    }  # fmt: skip
    _note("sitting_planned", f"sitting:{made.id}", content, Viewer(), at)


def forum_step(*, forum: Forum, event: str, by: Viewer, at: dt.datetime) -> Forum:
    """Move a forum along its table: begin, close, withdraw; its sides alone agree it.

    Raises
    ------
    TransitionError
        If the state does not allow the event, or it is for the sides to agree.
    """
    require(by, "close" if event in {"close", "withdraw"} else "open", thing_of(forum, by))
    if event in BY_SIDES:
        raise TransitionError(f"forum {forum.code}: found {event} by the secretariat, expected its sides to accept")
    forum.state = step(Noun.FORUM, forum.state, event)
    forum.save(update_fields=["state"])
    if forum.state == "closed":
        accords_withdraw(forum=forum, at=at)
    _note(f"forum_{event}", f"forum:{forum.id}", {"forum": forum.code, "state": forum.state}, by, at)
    return forum


def _check_ahead(starts: dt.datetime, at: dt.datetime) -> None:
    if starts <= at:
        raise InputError(Fault("", "", "starts_at", starts.isoformat(), "a moment that is still to come"))


def sitting_plan(
    *,
    forum: Forum,
    starts_at: dt.datetime,
    minutes: int,
    place: str,
    zone: str,
    agenda: Sequence[Mapping[str, Json]],
    by: Viewer,
    at: dt.datetime,
) -> Sitting:
    """Plan a sitting and send its agenda.

    Raises
    ------
    InputError
        If it lies in the past or has no length.
    TransitionError
        If the forum has ended.
    """
    require(by, "write", thing_of(forum, by))
    if forum.state == "closed":
        raise TransitionError(f"forum {forum.code} is closed, expected one at work")
    _check_ahead(starts_at, at)
    if minutes < 1:
        raise InputError(Fault("", "", "minutes", str(minutes), "at least 1"))
    number = forum.sittings.count() + 1
    sitting = Sitting.objects.create(
        forum=forum,
        number=number,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        place=place,
        zone=zone,
        agenda=list(agenda),
        agenda_sent_at=at,
    )
    content: dict[str, Json] = {
        "forum": forum.code,
        "sitting": number,
        "starts": starts_at.isoformat(),
        "agenda": len(agenda),
    }
    _note("sitting_planned", f"sitting:{sitting.id}", content, by, at)
    return sitting


def sitting_step(*, sitting: Sitting, event: str, by: Viewer, at: dt.datetime) -> Sitting:
    """Move a sitting along its table: open, adjourn, resume, close, cancel; its video's address goes with its end.

    Raises
    ------
    TransitionError
        If the state does not allow the event, or it is for silence to adopt the minutes.
    """
    require(by, "open", thing_of(sitting.forum, by))
    if event == "minute":
        raise TransitionError("minutes are adopted by silence alone, expected open, adjourn, resume, close or cancel")
    sitting.state = step(Noun.SITTING, sitting.state, event)
    if sitting.state == "closed":
        sitting.video = sitting.video_at = None
    sitting.save(update_fields=["state", "video", "video_at"])
    _note(f"sitting_{event}", f"sitting:{sitting.id}", {"forum": sitting.forum.code, "sitting": sitting.number}, by, at)
    return sitting


def attendance_note(*, sitting: Sitting, party: str, present: int, by: Viewer) -> None:
    """Note how many of a delegation are present, while the sitting is open.

    Raises
    ------
    TransitionError
        If it is not open.
    """
    require(by, "attend", thing_of(sitting.forum, by))
    if sitting.state not in {"open", "adjourned"}:
        raise TransitionError(f"the sitting is {sitting.state}, expected open")
    sitting.attendance = {**sitting.attendance, party: present}
    sitting.save(update_fields=["attendance"])


def silence_open(
    *, forum: Forum, text_hash: str, hours: int, by: Viewer, at: dt.datetime, sitting: Sitting | None = None
) -> Quiet:
    """Open a silence procedure; it runs only when every party has given its receipt."""
    require(by, "write", thing_of(forum, by))
    quiet = Quiet(
        forum=forum,
        sitting=sitting,
        hash=text_hash,
        parties=sorted(forum.members),
        hours=hours,
        opened_at=at,
        receipt_by=at + dt.timedelta(hours=RECEIPT_HOURS),
    )
    silence_of(quiet)
    quiet.save()
    _note("silence_opened", f"silence:{quiet.id}", {"hash": text_hash, "hours": hours}, by, at)
    return quiet


def silence_receipt(*, quiet: Quiet, by: Viewer, at: dt.datetime) -> Quiet:
    """Give a party's receipt."""
    require(by, "accept", thing_of(quiet.forum, by))
    after = receipt(silence_of(quiet), by.party, at=at)
    quiet.receipts = {party: moment.isoformat() for party, moment in after.receipts.items()}
    quiet.save(update_fields=["receipts"])
    _note("silence_receipt", f"silence:{quiet.id}", {"hash": quiet.hash, "party": by.party}, by, at)
    return quiet


def silence_extend(*, quiet: Quiet, hours: int, by: Viewer, at: dt.datetime) -> Quiet:
    """Extend a running procedure, once."""
    require(by, "accept", thing_of(quiet.forum, by))
    after = extend(silence_of(quiet), by.party, hours=hours, at=at)
    quiet.extended_by, quiet.extension_hours = after.extended_by, after.extension_hours
    quiet.save(update_fields=["extended_by", "extension_hours"])
    _note("silence_extended", f"silence:{quiet.id}", {"hash": quiet.hash, "hours": hours, "party": by.party}, by, at)
    return quiet


def silence_break(*, quiet: Quiet, reason: str, cure: str, by: Viewer, at: dt.datetime) -> Quiet:
    """Break the silence with a reason and what would cure it."""
    require(by, "accept", thing_of(quiet.forum, by))
    break_silence(silence_of(quiet), Broken(by.party, reason, cure, at))
    quiet.broken = {"party": by.party, "reason": reason, "cure": cure, "at": at.isoformat()}
    quiet.save(update_fields=["broken"])
    _note("silence_broken", f"silence:{quiet.id}", {"hash": quiet.hash}, by, at)
    return quiet


def paper_give(
    *, forum: Forum, kind: str, title: str, body: str, audience: Sequence[str], by: Viewer, at: dt.datetime
) -> Paper:
    """Give a paper to whom its author names; nobody else learns of it."""
    require(by, "write", Thing("paper", by.party, frozenset({"chair"} if by.party == neutral().code else ())))
    return Paper.objects.create(
        forum=forum,
        kind=kind,
        title=title,
        body=body,
        author_id=by.party,
        audience=sorted(set(audience)),
        by_id=by.user,
        at=at,
    )


def message_give(
    *, forum: Forum, to: str, text: str, gist: str, convey: Courier, by: Viewer, at: dt.datetime
) -> Message:
    """Give the courier a message and say what may be told.

    Raises
    ------
    InputError
        If the gist is to be told and there is none, or it goes to oneself.
    """
    require(by, "write", Thing("message", by.party))
    if convey is Courier.GIST and not gist:
        raise InputError(Fault("", "", "gist", "nothing", "the gist that may be told"))
    if to == by.party or to not in forum.members:
        raise InputError(Fault("", "", "to", to, "another party of this forum"))
    return Message.objects.create(forum=forum, sender_id=by.party, to_id=to, text=text, gist=gist, convey=convey, at=at)


def message_convey(*, message: Message, by: Viewer, at: dt.datetime) -> None:
    """Note that the courier has told what may be told.

    Raises
    ------
    TransitionError
        If nothing may be told, or it was told before.
    """
    require(by, "convey", Thing("message", message.sender_id))
    if message.convey == Courier.NOTHING or message.conveyed_at is not None:
        raise TransitionError("nothing of this message may be told, or it was told already")
    message.conveyed_at = at
    message.save(update_fields=["conveyed_at"])


def meeting_answer(
    *, forum: Forum, question: Question, value: str, stance: Stance, by: Viewer, at: dt.datetime
) -> Answer:
    """Tell the chair in private what one's party would say to a level, a date, a place or an agenda of a meeting.

    Raises
    ------
    NotYoursError
        If no mandate lets one speak in this forum.
    TransitionError
        If the forum is no leaders' meeting, or has ended.
    """
    require(by, "accept", thing_of(forum, by))
    if not is_mandated(by, forum, at):
        raise NotYoursError("no mandate for this forum")
    if forum.kind != "leaders_meeting" or by.party not in forum.members or forum.state == "closed":
        raise TransitionError(f"{forum.code} asks nothing of {by.party}")
    return Answer.objects.create(
        forum=forum, party_id=by.party, question=question, value=value.strip(), stance=stance, by_id=by.user, at=at
    )


def _note(kind: str, subject: str, content: Mapping[str, Json], by: Viewer, at: dt.datetime) -> None:
    statement_record(
        kind=kind,
        content={**content, "at": at.isoformat()},
        owner=neutral().code,
        by=by,
        at=at,
        subject=subject,
    )
