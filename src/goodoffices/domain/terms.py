"""Noun 4, terms: the agreed rules of an exchange as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from goodoffices.domain.ranks import Rank

CATEGORIES = (
    "seriously_wounded_or_ill",
    "wounded",
    "under_25",
    "aged_18_to_25",
    "women",
    "medical",
    "requested:1",
    "requested:2",
    "requested:3",
)
"""Categories of persons that all-for-all and priority may name."""

LONGEST_HELD = "longest_held"
MOST_PEOPLE = "most_people"
CRITERIA = (*CATEGORIES, LONGEST_HELD)
"""What a priority may name; `most_people` always comes last by itself."""


@dataclass(frozen=True, slots=True)
class Legs:
    """How people travel.

    Attributes
    ----------
    seats
        Per side and leg; None: one leg without limit.
    per_site
        At most so many from one place of detention in one leg and side; None: no limit.
    balanced
        Whether the balance holds leg by leg too.
    """

    seats: tuple[int, ...] | None = None
    per_site: int | None = None
    balanced: bool = True

    @property
    def count(self) -> int:
        """How many legs there are."""
        return 1 if self.seats is None else len(self.seats)


@dataclass(frozen=True, slots=True)
class Lottery:
    """What both sides committed to and then revealed.

    Attributes
    ----------
    commit
        Side to the SHA-256 (hex) of its reveal.
    reveal
        Side to the revealed text.
    """

    commit: Mapping[str, str]
    reveal: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a side's own people who return are worth to it, beyond 1 each.

    Attributes
    ----------
    weights
        Side to criterion to a whole number that is added.
    minimum
        Side to the least gain that a plan must give it.
    """

    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one exchange between two sides.

    Attributes
    ----------
    sides
        The two codes, in the order of the file.
    on
        The day on which ages and days held are counted.
    held
        Side to the file of whom it holds.
    sealed
        Side to the SHA-256 of its sealed list, where the terms fix it.
    minimum
        Side to the prisoners of war it releases at least.
    ratio
        The balance as two numbers for the two sides, (1, 1) for equal; None: free.
    all_for_all
        Categories of which every eligible prisoner of war goes, in the order of the file.
    rank_groups
        Groups of ranks that are balanced one for one.
    civilians
        Side to the civilians it releases at least.
    retained_apart
        Whether medical personnel and chaplains go under a heading of their own.
    order
        Criteria, first counts most, without `most_people`.
    legs, lottery, gain
        See there; no lottery: ties are broken by reference.
    """

    sides: tuple[str, str]
    on: dt.date
    held: Mapping[str, str]
    sealed: Mapping[str, str] = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)
    ratio: tuple[int, int] | None = (1, 1)
    all_for_all: tuple[str, ...] = ()
    rank_groups: tuple[tuple[Rank, ...], ...] = ()
    civilians: Mapping[str, int] = field(default_factory=dict)
    retained_apart: bool = False
    order: tuple[str, ...] = ()
    legs: Legs = field(default_factory=Legs)
    lottery: Lottery | None = None
    gain: Gain = field(default_factory=Gain)

    @property
    def leg_balanced(self) -> bool:
        """Whether the balance must hold in each leg by itself."""
        return self.ratio is not None and self.legs.balanced

    @property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion that distinguishes people: priorities, then those that only weights name."""
        weighed = {name for weights in self.gain.weights.values() for name in weights}
        return (*self.order, *(name for name in CRITERIA if name in weighed and name not in self.order))


def group_name(group: tuple[Rank, ...]) -> str:
    """Name a group of ranks as rows and pages do: `captain+major`."""
    return "+".join(rank.value for rank in group)
