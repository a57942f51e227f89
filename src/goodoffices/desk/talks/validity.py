"""Writes of whether a commitment still holds: suspended, resumed, withdrawn, by all sides together and by the record.

The secretariat puts the question, each side answers in private (`deciding`). What all have accepted asks the signature
of each; only once that entry binds does the state move, noted at the sequencer's beat.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from goodoffices.desk.access import Viewer
from goodoffices.desk.ledger.selectors import standing
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.deciding import accord_put, once_accepted
from goodoffices.desk.talks.force import EVENTS, MOVED, VALIDITY, events_of, unmoved
from goodoffices.desk.talks.models import Accord, Commitment
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import NotYoursError, TransitionError
from goodoffices.engines.talks.states import Noun, step


@transaction.atomic
def validity_ask(*, item: Commitment, event: str, by: Viewer, at: dt.datetime) -> Accord:
    """Ask the sides whether a commitment shall be suspended, resumed or withdrawn; until it is signed nothing moves.

    Raises
    ------
    TransitionError
        If its state does not allow that, or a side does not sit in the text's forum.
    NotYoursError
        If it rests on no text: its page asks nothing.
    """
    if event not in EVENTS:
        raise TransitionError(f"commitment {item.code}: found event {event}, expected one of {', '.join(EVENTS)}")
    step(Noun.COMMITMENT, item.state, event)
    if item.text is None:
        raise NotYoursError("a commitment that rests on no text has no forum in which to ask")
    if not {side.code for side in sides()} <= set(item.text.forum.members):
        raise TransitionError(f"not every side sits in {item.text.forum.code}, expected a forum of all sides")
    asks: dict[str, Json] = {"commitment": item.code, "event": event}
    return accord_put(forum=item.text.forum, kind=VALIDITY, about=item.id, asks=asks, by=by, at=at)


@once_accepted(VALIDITY)
def _accepted(accord: Accord, at: dt.datetime) -> None:
    """Leave everything as it is: the entry moves it, once every side has signed that."""


def validities_move(at: dt.datetime) -> None:
    """Move the commitments of which a signed entry says so; asked for at the sequencer's beat, once each entry."""
    for accord, entry in unmoved():
        found = standing(entry.index) if entry.index is not None else None
        if found is None or not found.in_force:
            continue
        with transaction.atomic():
            item = Commitment.objects.select_for_update().get(id=accord.about)
            event = accord.asks["event"]
            if event not in events_of(item):
                continue
            item.state = step(Noun.COMMITMENT, item.state, event)
            item.in_force_at = at if event == "resume" else item.in_force_at
            item.save(update_fields=["state", "in_force_at"])
            statement_record(
                kind=MOVED[event], owner=neutral().code, by=Viewer(), at=at, previous=entry.index,
                content={"commitment": item.code, "at": at.isoformat()}, subject=f"commitment:{item.id}",
            )  # fmt: skip
