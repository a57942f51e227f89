"""Results as JSON: the contract's fields, and a few beside them."""

from __future__ import annotations

import json

from goodoffices.domain.assertion import Assertion
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import Direction, Owed, Reading
from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import CommitmentResult, Divergence, Movement, Result, Stated, TransferResult


def results_json(process: Process, result: Result) -> str:
    """Write the results of a process as JSON, the same text for the same results.

    Withheld and not computable are null, never 0; `counts` names every status.
    """
    value = {
        "process": process.id,
        "as_of": process.as_of.isoformat(),
        "counts": {"movements": len(result.movements), **{status.value: n for status, n in result.counts.items()}},
        "movements": [_movement(m) for m in result.movements],
        "commitments": [_commitment(c) for c in result.commitments],
        "unascribed": [_stated(line) for line in result.unascribed],
        "divergences": [_divergence(d) for d in result.divergences],
        "transfers": [_transfer(t) for t in result.transfers],
        "superseded": sorted(result.superseded),
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _ends(direction: Direction) -> dict[str, Json]:
    return {"from": direction.giver, "to": direction.receiver}


def _movement(m: Movement) -> dict[str, Json]:
    return {
        "movement": m.id,
        "date": m.date.isoformat(),
        **_ends(m.direction),
        "unit": m.unit.value,
        "category": m.category,
        **{role.value: list(m.figures[role]) for role in Role},
        "others": list(m.others),
        "withheld_by": list(m.withheld_by),
        "assertions": {role.value: [a.id for a in m.assertions[role]] for role in Role},
        "bounds": [bound.value for bound in m.bounds],
        "difference": m.spread,
        "confirmed": m.confirmed,
        "missing": [role.value for role in m.missing],
        "status": m.status.value,
    }


def _commitment(c: CommitmentResult) -> dict[str, Json]:
    promise = c.commitment
    return {
        "id": promise.id,
        "title": promise.title,
        "state": promise.state.value,
        "unit": promise.unit.value,
        "promised": promise.quantity,
        "bound": promise.bound.value,
        "due": None if promise.due is None else str(promise.due),
        "condition": promise.condition,
        "readings": {party: _reading(reading) for party, reading in promise.readings},
        "stated": [_stated(line) for line in c.stated],
        "confirmed": [
            {**_ends(line.direction), "unit": line.unit.value, "quantity": line.quantity, "movements": line.movements}
            for line in c.confirmed
        ],
        "disputed": c.disputed,
        "status": c.status.value,
    }


def _reading(reading: Reading | None) -> Json:
    if reading is None:
        return None
    return {"text": reading.text, "owes": [_owed(line) for line in reading.owes], "source": reading.source}


def _owed(line: Owed) -> dict[str, Json]:
    return {
        **_ends(line.direction),
        "unit": line.unit.value,
        "category": line.category,
        "bound": line.bound.value,
        "quantity": line.quantity,
    }


def _stated(line: Stated) -> dict[str, Json]:
    return {
        "party": line.party,
        **_ends(line.direction),
        "unit": line.unit.value,
        "quantity": line.quantity,
        "computable": line.computable,
        "bound": line.bound,
        "movements": line.movements,
        "withheld": line.withheld,
        "silent": line.silent,
        "parts": [
            {"category": part.category, "quantity": part.quantity, "movements": part.movements} for part in line.parts
        ],
        "totals": [_total(a) for a in line.totals],
    }


def _total(a: Assertion) -> dict[str, Json]:
    return {
        "date": a.date.isoformat(),
        "organ": a.organ,
        "bound": a.bound.value,
        "quantity": a.quantity,
        "assertion": a.id,
    }


def _divergence(d: Divergence) -> dict[str, Json]:
    return {
        "commitment": d.commitment,
        **_ends(d.direction),
        "unit": d.unit.value,
        "totals": [{"party": a.party, **_total(a)} for a in d.totals],
        "difference": d.spread,
        "movements": [m.id for m in d.movements],
        "found": d.found,
    }


def _transfer(t: TransferResult) -> dict[str, Json]:
    return {
        "id": t.transfer.id,
        "commitment": t.transfer.commitment,
        "unit": t.transfer.unit.value,
        **_ends(t.transfer.direction),
        "conditions": {
            c.condition.value: {side: None if stance is None else stance.value for side, stance in c.stances}
            for c in t.conditions
        },
        "accepted_by": {c.condition.value: list(c.accepted_by) for c in t.conditions},
        "set": t.is_set,
    }
