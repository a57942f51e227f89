"""Row and noun: sealed lists as tables, plans as nouns, terms from text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.lists.records import frame_of, opened
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import VerificationError
from goodoffices.domain.plan import Plan as PlanNoun
from goodoffices.domain.terms import Terms
from goodoffices.formats.plans import parse_plan
from goodoffices.formats.planview import view_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms import parse_terms

_FILE = "TERMS.toml"


@dataclass(frozen=True, slots=True)
class Lists:
    """Both lists of an exchange, opened, their bytes those that were sealed.

    Attributes
    ----------
    frames
        Side to whom it holds.
    sealed
        Side to the canonical bytes.
    """

    frames: Mapping[str, pl.DataFrame]
    sealed: Mapping[str, bytes]

    @property
    def sha256(self) -> dict[str, str]:
        """Side to the hash of its sealed list."""
        return {side: sha256_hex(data) for side, data in self.sealed.items()}


def lists_of(exchange: Exchange) -> Lists:
    """Open both lists.

    Raises
    ------
    VerificationError
        If a list is not, byte for byte, the one that was sealed.
    """
    frames, sealed = {}, {}
    for holding in exchange.holdings.select_related("version__list").order_by("party"):
        frame = frame_of(fields for _, fields in opened(holding.version))
        data = sealed_csv(frame)
        if sha256_hex(data) != holding.sha256:
            raise VerificationError(f"the list of {holding.party_id} is not the one that was sealed")
        frames[holding.party_id], sealed[holding.party_id] = frame, data
    return Lists(frames, sealed)


def terms_of(text: str) -> Terms:
    """Read terms."""
    return parse_terms(text.encode(), _FILE)


def plan_of(row: Plan) -> PlanNoun:
    """Read a plan."""
    return parse_plan(row.body.encode(), "PLAN.json")


def view_of(row: Plan, side: str) -> bytes:
    """Give one side's view of a plan, the same bytes every time: their hash enters the record when both have signed."""
    return view_bytes(plan_of(row), side=side, plan_sha256=row.sha256, path=f"{side}.csv")
