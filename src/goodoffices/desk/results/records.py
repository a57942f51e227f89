"""Row <-> noun: assertions."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.results import models
from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.commitment import Bound, Direction, Moved, Unit


def noun_of(row: models.Assertion) -> Assertion:
    """Give the noun of a row."""
    giver, receiver = row.giver_id, row.receiver_id
    return Assertion(
        row.id,
        AssertionKind(row.kind),
        row.movement or None,
        row.date,
        row.party_id,
        row.organ,
        row.speaker or None,
        Direction(giver, receiver) if giver and receiver else None,
        Unit(row.unit) if row.unit else None,
        Moved(row.category) if row.category else None,
        row.quantity,
        Bound(row.bound),
        row.commitment or None,
        Standing(row.standing),
        Scope(row.scope) if row.scope else None,
        Certainty(row.certainty),
        row.source,
        row.note or None,
        row.supersedes_id,
    )


def row_of(noun: Assertion, *, at: dt.datetime, by: str | None = None, statement: str = "") -> models.Assertion:
    """Give the row of a noun, not saved yet."""
    return models.Assertion(
        id=noun.id,
        kind=noun.kind.value,
        movement=noun.movement or "",
        date=noun.date,
        party_id=noun.party,
        organ=noun.organ,
        speaker=noun.speaker or "",
        giver_id=noun.direction.giver if noun.direction else None,
        receiver_id=noun.direction.receiver if noun.direction else None,
        unit=noun.unit.value if noun.unit else "",
        category=noun.category.value if noun.category else "",
        quantity=noun.quantity,
        bound=noun.bound.value,
        commitment=noun.commitment or "",
        standing=noun.standing.value,
        scope=noun.scope.value if noun.scope else "",
        certainty=noun.certainty.value,
        source=noun.source,
        note=noun.note or "",
        supersedes_id=noun.supersedes,
        statement=statement,
        by_id=by,
        at=at,
    )
