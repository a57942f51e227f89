"""One side's half of a plan against its own sealed list."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.desk.exchange.models import Plan
from goodoffices.desk.exchange.records import view_of
from goodoffices.desk.lists.records import frame_of, opened
from goodoffices.domain.canonical import Json
from goodoffices.engines.audit.exchange_view import audit_view
from goodoffices.formats.exchange_words import verdict_json
from goodoffices.formats.sealed import sealed_csv


@dataclass(frozen=True, slots=True)
class OwnView:
    """What a side takes home.

    Attributes
    ----------
    view, sealed
        Bytes of its view and of its own sealed list.
    verdict
        What the audit says of both.
    """

    view: bytes
    sealed: bytes
    verdict: dict[str, Json]


def own_view(row: Plan, side: str) -> OwnView:
    """Give a side's view with the audit of it, from the rows of its own list alone."""
    holding = row.exchange.holdings.select_related("version__list").get(party=side)
    sealed = sealed_csv(frame_of(fields for _, fields in opened(holding.version)))
    view = view_of(row, side)
    return OwnView(view, sealed, verdict_json(audit_view(row.terms.encode(), view, sealed, side=side)))
