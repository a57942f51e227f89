"""The four conditions of a transfer: terms, list, date and place, each confirmed by both sides.

Who stages a transfer before it is set has done so alone; the other side is not late, because nothing was agreed
that it could be late for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """What both sides must have confirmed before a transfer is set."""

    TERMS = "terms"
    LIST = "list"
    DATE = "date"
    PLACE = "place"


class Met(StrEnum):
    """How far one condition is met."""

    BOTH = "both"
    ONE = "one"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Stand:
    """How one condition stands.

    Attributes
    ----------
    condition
        Which.
    met
        By both sides, by one only, or by none.
    accepted_by, objected_by, silent
        Sides by their latest word; a side that reserves or says nothing is among the silent.
    """

    condition: Condition
    met: Met
    accepted_by: tuple[str, ...]
    objected_by: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One side's word on one condition, in the order it was said.

    Attributes
    ----------
    party, condition
        Who, of what.
    stance
        accept, object, or anything else for neither.
    """

    party: str
    condition: Condition
    stance: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a transfer stands.

    Attributes
    ----------
    conditions
        The four, in their order.
    is_set
        Whether both sides have confirmed all four.
    staged_by
        Who staged it, empty if nobody did.
    """

    conditions: tuple[Stand, ...]
    is_set: bool
    staged_by: str

    @property
    def staged_one_sided(self) -> bool:
        """Whether it was staged before it was set; this says nothing of blame."""
        return bool(self.staged_by) and not self.is_set


def standing(words: Iterable[Word], sides: Sequence[str], *, staged_by: str = "") -> Standing:
    """Tell how a transfer stands from what each side said of each condition.

    Parameters
    ----------
    words
        In the order they were said; the last word of a side counts.
    sides
        The sides that must confirm.
    staged_by
        Who brought it to the line, if anyone.

    Returns
    -------
    Standing
        The same for swapped sides, with the sides swapped.
    """
    last: dict[tuple[str, Condition], str] = {(word.party, word.condition): word.stance for word in words}
    stands = tuple(_stand(condition, last, sides) for condition in Condition)
    return Standing(stands, all(stand.met is Met.BOTH for stand in stands), staged_by)


def _stand(condition: Condition, last: Mapping[tuple[str, Condition], str], sides: Sequence[str]) -> Stand:
    stances = {side: last.get((side, condition), "") for side in sides}
    accepted = tuple(side for side in sides if stances[side] == "accept")
    objected = tuple(side for side in sides if stances[side] == "object")
    silent = tuple(side for side in sides if side not in accepted and side not in objected)
    met = Met.BOTH if len(accepted) == len(sides) else Met.ONE if accepted else Met.NONE
    return Stand(condition, met, accepted, objected, silent)
