"""Reads of what is decided together: who is asked, what one may know of the answers, what holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.parties.selectors import mandates_in_force
from goodoffices.desk.remember import remembered
from goodoffices.desk.talks.models import Accord, AccordAnswer, Forum
from goodoffices.desk.talks.selectors import forum_of
from goodoffices.domain.errors import NotYoursError
from goodoffices.engines.talks.accord import Given, shown


@dataclass(frozen=True, slots=True)
class Told:
    """What one viewer learns of an accord.

    Attributes
    ----------
    row
        The accord.
    mine
        The answer of the viewer's own party, None if it has given none.
    answers
        Party, answer (None is not yet), reason and moment; the own party's alone, those of all for who hears them.
    may_answer
        Whether the viewer may answer now.
    hears
        Whether every answer comes to the viewer as it is given.
    """

    row: Accord
    mine: bool | None
    answers: tuple[tuple[str, bool | None, str, dt.datetime | None], ...]
    may_answer: bool
    hears: bool


def is_mandated(viewer: Viewer, forum: Forum, now: dt.datetime) -> bool:
    """Whether a mandate in force lets the viewer speak for his party in a forum."""
    held = remembered(
        ("mandates", viewer.user),
        lambda: frozenset(mandates_in_force(now).filter(user=viewer.user).values_list("scope", flat=True)),
    )
    return not held.isdisjoint({"*", forum.code})


def accord_thing(accord: Accord, viewer: Viewer, now: dt.datetime) -> Thing:
    """State what is true of an accord for a viewer."""
    facts = {"asked"} if viewer.party in accord.parties else set()
    return Thing("accord", "", frozenset(facts | ({"mandated"} if is_mandated(viewer, accord.forum, now) else set())))


def accord_of(viewer: Viewer, code: str, key: str, now: dt.datetime) -> Accord:
    """Give one accord to those whom it asks, and to who puts it.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    found = Accord.objects.select_related("forum").filter(id=key, forum=forum_of(viewer, code)).first()
    if found is None:
        raise NotYoursError("no such accord")
    require(viewer, "read", accord_thing(found, viewer, now))
    return found


def accords(viewer: Viewer, forum: Forum, now: dt.datetime) -> list[Told]:
    """Give what was put to the parties in a forum and not withdrawn, latest first; of each question the last."""
    latest: dict[tuple[str, str], Accord] = {}
    for row in sorted(forum.accords.all(), key=lambda row: row.at):
        if row.state != "withdrawn":
            latest[row.kind, row.about] = row
    rows = [row for row in latest.values() if may(viewer, "read", accord_thing(row, viewer, now))]
    return [told(row, viewer, now) for row in sorted(rows, key=lambda row: row.at, reverse=True)]


def told(accord: Accord, viewer: Viewer, now: dt.datetime) -> Told:
    """Give what a viewer learns: a party its own answer and all once all have accepted, the chair every answer."""
    thing = accord_thing(accord, viewer, now)
    rows = sorted(accord.answers.all(), key=lambda row: row.at)
    last = {row.party_id: row for row in rows}
    if may(viewer, "hear", thing):
        seen = {party: last[party].accepts for party in last}
    else:
        seen = shown(given_of(rows), accord.parties, reader=viewer.party)
    answers = tuple((party, *_answer(party, seen, last, viewer, thing)) for party in accord.parties)
    may_answer = accord.state == "waits" and may(viewer, "answer", thing)
    return Told(accord, seen.get(viewer.party), answers, may_answer, may(viewer, "hear", thing))


def _answer(
    party: str, seen: dict[str, bool], last: dict[str, AccordAnswer], viewer: Viewer, thing: Thing
) -> tuple[bool | None, str, dt.datetime | None]:
    if party not in seen:
        return None, "", None
    row = last[party]
    is_heard = party == viewer.party or may(viewer, "hear", thing)
    return seen[party], row.reason or "" if is_heard else "", row.at


def given_of(rows: Iterable[AccordAnswer]) -> list[Given]:
    """Give answers as nouns."""
    return [Given(row.party_id, bool(row.accepts), row.at) for row in rows]
