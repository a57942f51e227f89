"""Evidence: bits for or against one pair, with reasons. Bits of independent sources add."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against a pair.

    Attributes
    ----------
    field
        What was compared: a column, a locus, a source.
    bits
        log2 of the Bayes factor; positive speaks for the pair.
    code
        Which agreement or difference was found; words for it stand in the catalogue of the part.
    """

    field: str
    bits: float
    code: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All reasons about one pair of records.

    Attributes
    ----------
    left, right
        The references of the two records.
    reasons
        In order of the fields, the prior not among them.
    """

    left: str
    right: str
    reasons: tuple[Reason, ...]

    @property
    def bits(self) -> float:
        """The sum of all bits."""
        return math.fsum(reason.bits for reason in self.reasons)

    def __add__(self, other: Evidence) -> Evidence:
        """Join independent evidence about the same pair.

        Raises
        ------
        ValueError
            If the two are about different pairs.
        """
        if (self.left, self.right) != (other.left, other.right):
            raise ValueError("evidence adds only for one pair")
        return Evidence(self.left, self.right, self.reasons + other.reasons)


def probability(bits: float) -> float:
    """Turn posterior log2 odds into a probability, without overflow."""
    if bits >= 0:
        return 1.0 / (1.0 + 2.0**-bits) if bits < 1000 else 1.0
    odds = 2.0**bits if bits > -1000 else 0.0
    return odds / (1.0 + odds)


def odds_bits(probability: float) -> float:
    """Turn a probability into log2 odds; 0 and 1 give minus and plus infinity."""
    if probability <= 0:
        return -math.inf
    if probability >= 1:
        return math.inf
    return math.log2(probability / (1.0 - probability))
