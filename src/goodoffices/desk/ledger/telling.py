"""What the record has to tell on Today: what waits for a signature, how far a witness lags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.ledger import selectors
from goodoffices.desk.notices import Column, Notice
from goodoffices.domain.errors import VerificationError

PART = "desk_ledger"


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:  # noqa: ARG001  every room tells with the moment
    """Give the notices of one viewer."""
    waiting = selectors.waiting(viewer)
    first, count = waiting.first(), waiting.count()
    if first is not None:
        address = f"/record/{first.statement.index}/sign" if count == 1 else "/record"
        yield Notice(Column.WAITS, PART, "waits_many", address, at=first.statement.at, values={"n": count})
    if may(viewer, "cosign", Thing("head")):
        try:
            found = selectors.record(viewer, most=1)
        except VerificationError:
            return
        mine = next((one for one in found.witnesses if one.role == viewer.party), None)
        if mine is not None and mine.behind:
            yield Notice(Column.WAITS, PART, "waits_cosign", "/record/cosign", at=mine.at, values={"n": mine.behind})
