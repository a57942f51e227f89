"""Writes of what is decided together: a question is put, each party answers in private, all have accepted or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.accords import accord_thing, given_of
from goodoffices.desk.talks.models import Accord, AccordAnswer, Forum
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.engines.talks.accord import Outcome, outcome

Accepted = Callable[[Accord, dt.datetime], None]
_ACCEPTED: dict[str, Accepted] = {}
_KINDS = {"terms": "forum", "package": "package", "harvest": "harvest", "chatham": "chatham", "validity": "validity"}


def once_accepted(kind: str) -> Callable[[Accepted], Accepted]:
    """Register what follows when every party has accepted a question of a kind."""

    def take(follow: Accepted) -> Accepted:
        _ACCEPTED[kind] = follow
        return follow

    return take


def accord_put(*, forum: Forum, kind: str, about: str, asks: Mapping[str, Json], by: Viewer, at: dt.datetime) -> Accord:
    """Put a question to the sides of a forum; one that waits on the same matter is withdrawn.

    Raises
    ------
    InputError
        If no side sits in the forum.
    TransitionError
        If the forum has ended.
    """
    require(by, "put", Thing("accord"))
    if forum.state == "closed":
        raise TransitionError(f"forum {forum.code} is closed, expected one that has not ended")
    asked = [side.code for side in sides() if side.code in forum.members]
    if not asked:
        raise InputError(Fault("forum", "", "members", ", ".join(forum.members), "a side among its members"))
    accords_withdraw(forum=forum, kind=kind, about=about, at=at)
    made = Accord.objects.create(
        forum=forum, kind=kind, about=about, parties=asked, asks=dict(asks),
        hash=sha256_hex(canonical_bytes(dict(asks))), by_id=by.user or None, at=at,
    )  # fmt: skip
    _note(made, f"{_KINDS[kind]}_asked", by, at)
    return made


def accords_withdraw(*, forum: Forum, at: dt.datetime, kind: str = "", about: str = "") -> None:
    """Withdraw what still waits: of one matter, or of a forum that ends."""
    rows = forum.accords.filter(state="waits")
    (rows.filter(kind=kind, about=about) if kind else rows).update(state="withdrawn", ended_at=at)


@transaction.atomic
def accord_answer(*, accord: Accord, accepts: bool, reason: str, by: Viewer, at: dt.datetime) -> Accord:
    """Give one party's answer; nothing of it leaves before every party has answered.

    Only then is there one statement for all: one for each answer would tell by its time alone who has answered.

    Raises
    ------
    TransitionError
        If the question waits no more.
    """
    require(by, "answer", accord_thing(accord, by, at))
    row = Accord.objects.select_for_update().select_related("forum").get(id=accord.id)
    if row.state != Outcome.WAITS:
        raise TransitionError(f"the question is {row.state}, expected one that waits for answers")
    AccordAnswer.objects.create(
        accord=row, party_id=by.party, accepts=accepts, reason=reason.strip() or None, by_id=by.user, at=at
    )
    found = outcome(given_of(row.answers.all()), row.parties)
    if found is Outcome.WAITS:
        return row
    row.state, row.ended_at = found.value, at
    row.save(update_fields=["state", "ended_at"])
    if found is Outcome.ACCEPTED:
        _ACCEPTED[row.kind](row, at)
        _note(row, "forum_agree" if row.kind == "terms" else f"{row.kind}_agreed", by, at, is_named=True)
    else:
        _note(row, "accord_declined", by, at)
    return row


def _note(accord: Accord, kind: str, by: Viewer, at: dt.datetime, *, is_named: bool = False) -> None:
    """Record what was asked or decided; what all have accepted asks for the signature of each."""
    content: dict[str, Json] = {
        "forum": accord.forum.code,
        "accord": accord.id,
        "hash": accord.hash,
        "parties": list(accord.parties),
        "at": at.isoformat(),
    }
    statement_record(
        kind=kind, content=content, owner=neutral().code, by=by, at=at, subject=f"accord:{accord.id}",
        roles=accord.parties if is_named else (),
    )  # fmt: skip
