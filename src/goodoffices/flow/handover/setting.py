"""Whether a transfer is set, and in one sentence why not: nobody is called late."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.process import Condition, Stance, Transfer
from goodoffices.domain.result import ConditionResult
from goodoffices.engines.talks.conditions import conditions


class Cell(StrEnum):
    """How one condition stands between the two sides."""

    CONFIRMED = "confirmed"
    ONE_SIDE = "one_side"
    AD_REFERENDUM = "ad_referendum"
    OBJECTED = "objected"
    NO_WORD = "no_word"


_NEAREST = (Cell.ONE_SIDE, Cell.OBJECTED, Cell.AD_REFERENDUM, Cell.NO_WORD)
"""What the one sentence speaks of first."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a transfer stands before its day.

    Attributes
    ----------
    is_set
        Whether both sides have confirmed all four conditions.
    grid
        Per condition, per side: its last word, None where it has said nothing.
    cells
        Per condition how it stands; names no side.
    why
        What keeps it from being set, nearest first: pairs of how and of which conditions; empty once it is set.
    staged_alone
        The party that stood ready though the transfer was not set, or None.
    """

    is_set: bool
    grid: tuple[tuple[Condition, tuple[tuple[str, Stance | None], ...]], ...]
    cells: tuple[tuple[Condition, Cell], ...]
    why: tuple[tuple[Cell, tuple[Condition, ...]], ...]
    staged_alone: str | None


def setting(transfer: Transfer) -> Setting:
    """Tell whether a transfer is set and, as codes, why it is not; the same for swapped sides."""
    found = conditions(transfer)
    cells = tuple((one.condition, _cell(one)) for one in found.conditions)
    why = ((cell, tuple(condition for condition, how in cells if how is cell)) for cell in _NEAREST)
    alone = transfer.staged.party if transfer.staged is not None and not found.is_set else None
    return Setting(
        is_set=found.is_set,
        grid=tuple((one.condition, one.stances) for one in found.conditions),
        cells=cells,
        why=tuple((cell, which) for cell, which in why if which),
        staged_alone=alone,
    )


def _cell(one: ConditionResult) -> Cell:
    stances = {stance for _, stance in one.stances}
    if one.holds:
        return Cell.CONFIRMED
    if one.accepted_by:
        return Cell.ONE_SIDE
    if stances & {Stance.OBJECT, Stance.RESERVE}:
        return Cell.OBJECTED
    return Cell.AD_REFERENDUM if Stance.ACCEPT_AD_REFERENDUM in stances else Cell.NO_WORD
