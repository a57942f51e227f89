"""One assertion as JSON and back, in the form of the process file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import Bound, Direction, Moved, Unit


def json_of(a: Assertion) -> dict[str, Json]:
    """Write an assertion as the process file has it."""
    return {
        "id": a.id,
        "kind": a.kind.value,
        "movement": a.movement,
        "date": a.date.isoformat(),
        "party": a.party,
        "organ": a.organ,
        "speaker": a.speaker,
        "from": a.direction.giver if a.direction else None,
        "to": a.direction.receiver if a.direction else None,
        "unit": a.unit.value if a.unit else None,
        "category": a.category.value if a.category else None,
        "quantity": a.quantity,
        "bound": a.bound.value,
        "commitment": a.commitment,
        "standing": a.standing.value,
        "scope": a.scope.value if a.scope else None,
        "certainty": a.certainty.value,
        "source": a.source,
        "note": a.note,
        "supersedes": a.supersedes,
    }


def assertion_of(value: Mapping[str, Any]) -> Assertion:
    """Read what `json_of` wrote; a file of others is read by `formats.process`, which checks it."""
    return Assertion(
        value["id"],
        AssertionKind(value["kind"]),
        value["movement"],
        dt.date.fromisoformat(value["date"]),
        value["party"],
        value["organ"],
        value["speaker"],
        Direction(value["from"], value["to"]) if value["from"] else None,
        Unit(value["unit"]) if value["unit"] else None,
        Moved(value["category"]) if value["category"] else None,
        value["quantity"],
        Bound(value["bound"]),
        value["commitment"],
        Standing(value["standing"]),
        Scope(value["scope"]) if value["scope"] else None,
        Certainty(value["certainty"]),
        value["source"],
        value["note"],
        value["supersedes"],
    )
