"""Rows and nouns of the handover."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from goodoffices.desk.handover.models import HandedIn, LegOf, ManifestDay, Saying, Transfer
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.commitment import Direction, Unit
from goodoffices.domain.handover import Day
from goodoffices.domain.process import Condition, Position, Staging, Stance
from goodoffices.domain.process import Transfer as TransferNoun
from goodoffices.flow.handover.setting import Setting, setting
from goodoffices.flow.handover.signed import Received, receive
from goodoffices.formats.day import read_day


def proposed(transfer: Transfer) -> dict[Condition, Json]:
    """Give what is proposed under each condition now; None is nothing yet."""
    starts = transfer.starts_at
    return {
        Condition.TERMS: transfer.terms or None,
        Condition.LIST: list_hash(transfer) if transfer.items else None,
        Condition.DATE: None if starts is None else starts.astimezone(ZoneInfo(transfer.zone)).isoformat(),
        Condition.PLACE: transfer.place or None,
    }


def list_hash(transfer: Transfer) -> str:
    """Give the hash of the manifest's numbers and seals, and of the plan they are of: what both sides confirm."""
    numbers: Json = [[one["number"], one["seal"]] for one in transfer.items]
    leg = leg_of(transfer)
    return sha256_hex(canonical_bytes(numbers if leg is None else {"numbers": numbers, "plan_sha256": leg.sha256}))


def leg_of(transfer: Transfer) -> LegOf | None:
    """Give of which leg a transfer is; None for one that was drafted by hand."""
    found: LegOf | None = getattr(transfer, "leg", None)
    return found


def about(transfer: Transfer, condition: Condition) -> str:
    """Name a condition as it is proposed now: what was said of an earlier proposal does not count for this one.

    A date is confirmed for one attempt: after a postponement the same hour is a new proposal.
    """
    attempt = transfer.attempt if condition is Condition.DATE else 1
    return sha256_hex(canonical_bytes([transfer.code, condition.value, attempt, proposed(transfer)[condition]]))


def standing(transfer: Transfer, sayings: Iterable[Saying]) -> dict[tuple[str, Condition], Saying]:
    """Give each party's last word on each condition as it is proposed now."""
    names = {condition: about(transfer, condition) for condition in Condition}
    found: dict[tuple[str, Condition], Saying] = {}
    for one in sorted(sayings, key=lambda each: each.at):
        condition = Condition(one.condition)
        if one.about == names[condition]:
            found[one.party_id, condition] = one
    return found


def setting_of(transfer: Transfer) -> Setting:
    """Tell whether a transfer is set by what both sides said of what is proposed now, and why not."""
    words = standing(transfer, transfer.sayings.all())
    positions = tuple(
        Position(condition, party, Stance(one.stance), one.at.date(), None, None)
        for (party, condition), one in words.items()
    )
    alone = transfer.events.filter(kind="stage_alone").order_by("at").first()
    staged = None if alone is None else Staging(alone.party_id, alone.at.date(), alone.at.date(), alone.quantity, None)
    direction = Direction(transfer.giver_id, transfer.receiver_id)
    return setting(TransferNoun(transfer.code, None, Unit(transfer.unit), direction, None, staged, positions))


def day_of(row: ManifestDay) -> Day:
    """Give a manifest as a noun."""
    return _day(json.dumps(row.content, sort_keys=True), row.transfer.code)


@lru_cache(maxsize=16)
def _day(text: str, name: str) -> Day:
    return read_day(text.encode(), name)


def received_of(row: HandedIn, day: Day) -> Received:
    """Give a file that was taken, checked anew."""
    return receive(row.content.encode(), day)


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a computation needs, named by what decides its result: equal keys are computed once in a process.

    Attributes
    ----------
    key
        Hashes and moments of the record that name everything that goes in.
    given
        What goes in.
    """

    key: tuple[Hashable, ...]
    given: Callable[[], Any] = field(compare=False)
