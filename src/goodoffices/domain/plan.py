"""Noun 5, plan: the legs of an exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodoffices.domain.canonical import Json

BALANCE = "balance"
CIVILIAN = "civilian"
RETAINED = "retained"
ALL_FOR_ALL = "all_for_all"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: who is released by whom, under which heading.

    Attributes
    ----------
    number
        Counts from 1.
    release
        Side to the references of those it releases, in order.
    heading
        Side to reference to heading: `balance`, `all_for_all:<category>`, `retained` or `civilian`.
    """

    number: int
    release: Mapping[str, tuple[str, ...]]
    heading: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Level:
    """One criterion of the objective.

    Attributes
    ----------
    criterion
        As the terms name it; `civilian:<criterion>` for civilians.
    value
        What the plan reaches.
    bound
        What no plan under the terms, equal in all earlier criteria, exceeds.
    multipliers
        Row to "p/q": proves the bound by weak duality in exact fractions.
    """

    criterion: str
    value: int
    bound: int
    multipliers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Tie:
    """How one tie inside a class was broken.

    Attributes
    ----------
    side, heading, site
        Whose class, under which heading, held where.
    criteria
        Criterion to value, the same for all of the class.
    taken, of
        How many of how many go.
    last_in, first_out
        The first eight characters of the tickets on the two sides of the cut (of the reference
        order where there is no lottery: empty).
    """

    side: str
    heading: str
    site: str
    criteria: Mapping[str, int]
    taken: int
    of: int
    last_in: str = ""
    first_out: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of an exchange.

    Attributes
    ----------
    terms_sha256, lists_sha256
        What the plan was made from.
    legs, objective, left_out
        The plan itself, what it reaches, and why others stay (side to reason to count).
    seed, order_sha256
        The lottery's seed (hex; None without a lottery) and the hash of the order.
    ties
        How ties were broken.
    warnings
        Codes with values: what a person should read.
    repair
        For a repaired plan: what was repaired.
    """

    terms_sha256: str
    lists_sha256: Mapping[str, str]
    legs: tuple[Leg, ...]
    objective: tuple[Level, ...]
    left_out: Mapping[str, Mapping[str, int]]
    seed: str | None
    order_sha256: str
    ties: tuple[Tie, ...] = ()
    warnings: tuple[Mapping[str, Json], ...] = ()
    repair: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Terms that cannot hold together.

    Attributes
    ----------
    terms
        A smallest set, by TOML path.
    reasons
        One mapping per reason, with a `code` and counts.
    """

    terms: tuple[str, ...]
    reasons: tuple[Mapping[str, Json], ...] = ()
