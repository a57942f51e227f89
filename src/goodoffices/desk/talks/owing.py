"""Writes of commitments: what rests on a clause of the text, how each side reads it, when it is agreed."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.drafting import text_note
from goodoffices.desk.talks.models import Commitment, ReadingOf, Text
from goodoffices.desk.talks.records import documents
from goodoffices.desk.talks.selectors import commitment_thing, version_of
from goodoffices.domain.errors import Fault, InputError
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
    texts = documents(version_of(text))
    clean_wording(texts, clause)
    made = Commitment.objects.create(
        code=code, title=title, text=text, clause=clause, text_hash=text_hash(texts), due=due, published=text.published
    )
    text_note(text, "terms_tabled", {"clause": clause, "commitment": code, "hash": made.text_hash}, by, at)
    return made


def commitment_answer(
    *, item: Commitment, stance: Stance | None, reading: str, by: Viewer, at: dt.datetime
) -> ReadingOf:
    """Give a side's reading, or its acceptance; when every side has accepted, the commitment is agreed.

    Raises
    ------
    InputError
        If nothing was said.
    """
    require(by, "read_as" if stance is None else "accept", commitment_thing(item, by))
    if stance is None and not reading.strip():
        raise InputError(Fault("", "", "reading", "nothing", "how your side reads it"))
    last = item.readings.filter(party=by.party).order_by("-at").first()
    row = ReadingOf.objects.create(
        commitment=item,
        party_id=by.party,
        text=reading.strip() or (last.text if last else ""),
        stance=stance or (last.stance if last else ""),
        by_id=by.user,
        at=at,
    )
    statement_record(
        kind="terms_agreed" if stance else "reading",
        owner=neutral().code,
        by=by,
        at=at,
        subject=f"commitment:{item.id}",
        content={
            "commitment": item.code,
            "party": by.party,
            "stance": stance.value if stance else None,
            "text": item.text_hash,
            "at": at.isoformat(),
        },
    )
    _settle_state(item)
    return row


def _settle_state(item: Commitment) -> None:
    """Move a commitment when every side has said its word."""
    latest = {row.party_id: row.stance for row in item.readings.exclude(stance="").order_by("at")}
    said = {latest.get(side.code, "") for side in sides()}
    event = (
        "agree"
        if said <= {"accept", "support"}
        else "agree_ad_referendum"
        if said <= {"accept", "support", "accept_ad_referendum"}
        else ""
    )
    if event and item.state in {"tabled", "agreed_ad_referendum"} and event != item.state.replace("agreed", "agree"):
        item.state = step(Noun.COMMITMENT, item.state, event)
        item.save(update_fields=["state"])
