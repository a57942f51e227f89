"""Writes of commitments: what rests on a clause, how each side reads it, when it is agreed, when it is in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.drafting import text_note
from goodoffices.desk.talks.force import ACCEPTING, forces, stances, with_words
from goodoffices.desk.talks.models import Commitment, ReadingOf, Text
from goodoffices.desk.talks.packages import BEFORE_FORCE
from goodoffices.desk.talks.records import commitment_hash, documents
from goodoffices.desk.talks.selectors import commitment_thing, version_of
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.commitment import clean_wording
from goodoffices.engines.talks.consent import text_hash
from goodoffices.engines.talks.states import Noun, step


def commitment_ground(
    *, text: Text, clause: str, code: str, title: str, due: dt.date | None, by: Viewer, at: dt.datetime
) -> Commitment:
    """Rest a commitment on a clause that is clean in every language.

    Raises
    ------
    TransitionError
        If the clause is missing in a language or has brackets.
    """
    require(by, "write", commitment_thing(Commitment(code=code), by))
    version = version_of(text)
    texts = documents(version)
    clean_wording(texts, clause)
    made = Commitment.objects.create(
        code=code, title=title, text=text, clause=clause, version=version, text_hash=text_hash(texts), due=due,
        published=text.published,
    )  # fmt: skip
    text_note(text, "terms_tabled", {"clause": clause, "commitment": code, "hash": made.text_hash}, by, at)
    return made


@transaction.atomic
def commitment_answer(
    *, item: Commitment, stance: Stance | None, reading: str, by: Viewer, at: dt.datetime
) -> ReadingOf:
    """Give a side's reading, or its acceptance; when every side has accepted, the commitment is agreed.

    Raises
    ------
    InputError
        If nothing was said.
    TransitionError
        If it is in force, or has ended: then what was signed holds.
    """
    require(by, "read_as" if stance is None else "accept", commitment_thing(item, by))
    if stance is None and not reading.strip():
        raise InputError(Fault("", "", "reading", "nothing", "how your side reads it"))
    item = _locked(item)
    if item.state not in BEFORE_FORCE:
        raise TransitionError(f"commitment {item.code} is {item.state}, expected one that is not in force yet")
    last = item.readings.filter(party=by.party).order_by("-at").first()
    row = ReadingOf.objects.create(
        commitment=item,
        party_id=by.party,
        text=reading.strip() or (last.text if last else ""),
        stance=stance or (last.stance if last else ""),
        by_id=by.user,
        at=at,
    )
    content: dict[str, Json] = {"party": by.party, "stance": stance.value if stance else None}
    _note(item, "terms_accepted" if stance else "reading", content, by, at)
    _settle_state(item)
    if item.state == "agreed":
        _ask_signatures(item, by, at)
    return row


def _settle_state(item: Commitment) -> None:
    """Move a commitment when every side has said its word."""
    latest = stances(item)
    said = {latest.get(side.code, "") for side in sides()}
    event = (
        "agree"
        if said <= ACCEPTING
        else "agree_ad_referendum"
        if said <= {*ACCEPTING, Stance.ACCEPT_AD_REFERENDUM}
        else ""
    )
    if event and item.state in {"tabled", "agreed_ad_referendum"} and event != item.state.replace("agreed", "agree"):
        item.state = step(Noun.COMMITMENT, item.state, event)
        item.save(update_fields=["state"])


@transaction.atomic
def _ask_signatures(item: Commitment, by: Viewer, at: dt.datetime) -> None:
    """Record what every side has accepted in one entry that asks the signature of each, once."""
    latest, asked = stances(item), [side.code for side in sides()]
    if item.entry_id is not None or not all(latest.get(side) in ACCEPTING for side in asked):
        return
    item = _locked(item)
    if item.entry_id is None:
        content: dict[str, Json] = {"clause": item.clause or None, "due": item.due.isoformat() if item.due else None}
        item.entry = _note(item, "terms_agreed", content, by, at, roles=asked)
        item.save(update_fields=["entry"])


def _locked(item: Commitment) -> Commitment:
    """Read a commitment anew and hold it: of two acts at one moment the second finds what the first has done."""
    return Commitment.objects.select_for_update(of=("self",)).select_related("text__forum").get(id=item.id)


def commitments_enter(at: dt.datetime) -> None:
    """Note the commitments that have come into force; asked for at the sequencer's beat, once each.

    What every side had accepted before there was such an entry gets it here.
    """
    for item in with_words(state="agreed"):
        if item.entry is None:
            _ask_signatures(item, Viewer(), at)
        elif all(one.index is not None for one in item.entry.consents.all()):
            _enter(item, at)


@transaction.atomic
def _enter(item: Commitment, at: dt.datetime) -> None:
    item = _locked(item)
    if item.state != "agreed" or item.entry is None or forces(with_words(id=item.id))[item.code].lacks:
        return
    item.state, item.in_force_at = step(Noun.COMMITMENT, item.state, "enter_into_force"), at
    item.save(update_fields=["state", "in_force_at"])
    _note(item, "commitment_in_force", {}, Viewer(), at, previous=item.entry.index)


def _note(
    item: Commitment, kind: str, content: Mapping[str, Json], by: Viewer, at: dt.datetime, *,
    roles: Sequence[str] = (), previous: int | None = None,
) -> Statement:  # fmt: skip
    """Record an act on a commitment."""
    said = {"commitment": item.code, **content, "text": commitment_hash(item), "at": at.isoformat()}
    return statement_record(
        kind=kind, content={name: value for name, value in said.items() if value is not None}, owner=neutral().code,
        by=by, at=at, roles=roles, subject=f"commitment:{item.id}", previous=previous,
    )  # fmt: skip
