"""What every write of the handover does last: note it in the record, reckon anew how far the transfer has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from goodoffices.desk.access import Viewer
from goodoffices.desk.handover.models import UNSET, Attested, Event, Transfer
from goodoffices.desk.handover.records import setting_of, standing
from goodoffices.desk.handover.selectors import TheDay, is_of_persons, parties, the_day
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral
from goodoffices.domain.assertion import Assertion
from goodoffices.domain.canonical import Json
from goodoffices.domain.process import Condition, Stance
from goodoffices.engines.talks.states import Noun, step
from goodoffices.formats.assertions import assertion_json

ACCEPTING = frozenset({Stance.ACCEPT.value, Stance.SUPPORT.value})
"""Words by which a party confirms a condition."""
_ENDED = frozenset({"closed", "reopened", "aborted"})


def note(
    transfer: Transfer, kind: str, content: Mapping[str, Json], *, by: Viewer, at: dt.datetime, roles: Sequence[str]
) -> Statement:
    """Note in the record what was done with a transfer: numbers and hashes, never a person."""
    return statement_record(
        kind=kind,
        content={"transfer": transfer.code, **content, "at": at.isoformat()},
        owner=neutral().code,
        by=by,
        at=at,
        roles=roles,
        subject=f"transfer:{transfer.id}",
    )


def event_note(
    transfer: Transfer,
    kind: str,
    *,
    by: Viewer,
    at: dt.datetime,
    words: str | None = None,
    notice: dt.timedelta | None = None,
    quantity: int | None = None,
) -> Event:
    """Keep what was done, by whom, in what words."""
    return Event.objects.create(
        transfer=transfer,
        kind=kind,
        party_id=by.party,
        words=words,
        notice=notice,
        quantity=quantity,
        by_id=by.user,
        at=at,
    )


def conditions_settle(transfer: Transfer) -> None:
    """Reckon anew how many confirmations stand, and whether the transfer is set by them."""
    words = standing(transfer, transfer.sayings.all())
    sides = (transfer.giver_id, transfer.receiver_id)
    transfer.confirmed = sum(
        (side, condition) in words and words[side, condition].stance in ACCEPTING
        for side in sides
        for condition in Condition
    )
    is_set = setting_of(transfer).is_set
    if is_set and transfer.state == "conditions":
        transfer.state = step(Noun.TRANSFER, transfer.state, "set")
    elif not is_set and transfer.state not in UNSET:
        transfer.state = step(Noun.TRANSFER, transfer.state, "withdraw")
    transfer.save()


def day_advance(transfer: Transfer, *, by: Viewer, at: dt.datetime) -> TheDay | None:
    """Let what has come in of the day show in the state, and attest what now follows; twice is as once."""
    the = the_day(transfer)
    if the is None or not the.files:
        return the
    if transfer.state not in _ENDED and (transfer.state not in UNSET or the.course.state != "conditions"):
        transfer.state = the.course.state
        transfer.save(update_fields=["state"])
    for one in the.follows.assertions if the.has_met or not is_of_persons(transfer) else ():
        # of people no figure leaves this room before the gate: it would tell that somebody does not go
        assertion_keep(transfer, one, kind="count", by=by, at=at)
    done = {"hand_over", "hand_over_part"} & set(the.course.events)
    if done and not Statement.objects.filter(subject=f"transfer:{transfer.id}", kind="custody_step").exists():
        content: dict[str, Json] = {"event": done.pop(), "manifest": the.day.hash, "unit": transfer.unit}
        note(transfer, "custody_step", content, by=by, at=at, roles=list(parties(transfer).values()))
    return the


def assertion_keep(transfer: Transfer, made: Assertion, *, kind: str, by: Viewer, at: dt.datetime) -> None:
    """Keep an assertion with its statement of the record, once."""
    if Attested.objects.filter(id=made.id).exists():
        return
    content = assertion_json(made)
    signing = (made.party,) if made.party in {transfer.giver_id, transfer.receiver_id, neutral().code} else ()
    statement = note(transfer, kind, {"assertion": content}, by=by, at=at, roles=signing)
    Attested.objects.create(
        id=made.id, transfer=transfer, party_id=made.party, content=content, statement=statement.name, by_id=by.user,
        at=at,
    )  # fmt: skip
