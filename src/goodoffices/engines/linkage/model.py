"""Weighs levels of agreement for three hypotheses: the same person, a relative or namesake, somebody else.

Fellegi and Sunter (1969), doi:10.1080/01621459.1969.10501049, with a third class whose parameters are tied to
the other two. For a pair with levels g and hypotheses h, P(h | g) is proportional to rate(h) * prod P(g_f | h).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.compare import Compared
from goodoffices.engines.linkage.fields import FIELDS, NAMES, TIES, Tie

Floats = npt.NDArray[np.float64]

LEAST = 2.0**-120
"""The smallest share a model holds; keeps bits finite."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model.

    Attributes
    ----------
    same, unrelated
        Share of each level by field, stated on both sides: index 0 of each array is unused.
    rate_same
        How often a pair of all possible pairs is the same person.
    rate_ties
        How often each of `fields.TIES` is found among all pairs.
    matches
        Same persons that training expects on the two lists.
    """

    same: tuple[Floats, ...]
    unrelated: tuple[Floats, ...]
    rate_same: float
    rate_ties: tuple[float, ...]
    matches: float

    @property
    def rate_unrelated(self) -> float:
        """How often a pair is neither."""
        return max(1.0 - self.rate_same - sum(self.rate_ties), 1e-9)

    @property
    def prior_bits(self) -> float:
        """Log2 odds that a pair of all pairs is the same person rather than strangers."""
        return float(np.log2(self.rate_same / self.rate_unrelated))

    def field_bits(self) -> tuple[Floats, ...]:
        """Give log2 of same over unrelated by field and level, 0 for level 0."""
        return tuple(
            np.concatenate([[0.0], np.log2(np.maximum(same[1:], LEAST) / np.maximum(unrelated[1:], LEAST))])
            for same, unrelated in zip(self.same, self.unrelated, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs weighed; every array has shape (pairs,).

    Attributes
    ----------
    same
        Log2 odds of the same person against strangers, the prior among them.
    tied
        Log2 odds of any tie against strangers, the priors among them.
    tie
        Which tie weighs most, as an index of `fields.TIES`.
    """

    same: Floats
    tied: Floats
    tie: npt.NDArray[np.int64]

    def probability(self) -> Floats:
        """Give the probability of the same person."""
        return np.exp2(self.same - self._total())

    def tied_probability(self) -> Floats:
        """Give the probability of a relative or namesake."""
        return np.exp2(self.tied - self._total())

    def _total(self) -> Floats:
        return np.logaddexp2(np.logaddexp2(self.same, self.tied), 0.0)


def field_weights(model: Model, compared: Compared) -> Floats:
    """Give the bits of each field of each pair, same person against strangers, shape (pairs, fields)."""
    bits = np.empty(compared.levels.shape)
    for column, table in enumerate(model.field_bits()):
        bits[:, column] = table[compared.levels[:, column]]
    # A rare value cannot turn agreement into disagreement.
    return bits + np.where(bits > 0, np.maximum(compared.rarity, -np.maximum(bits, 0)), 0.0)


def weigh(model: Model, compared: Compared) -> Weighed:
    """Weigh pairs for the three hypotheses."""
    bits = field_weights(model, compared)
    same = bits.sum(axis=1) + model.prior_bits
    ties = tie_bits(model, compared, bits)
    tied = np.logaddexp2.reduce(ties, axis=0)
    return Weighed(same, tied, ties.argmax(axis=0))


def tie_bits(model: Model, compared: Compared, bits: Floats) -> Floats:
    """Give log2 odds of each tie against strangers, shape (ties, pairs), the rates among them."""
    out = np.empty((len(TIES), bits.shape[0]))
    for row, (tie, rate) in enumerate(zip(TIES, model.rate_ties, strict=True)):
        total = np.full(bits.shape[0], np.log2(max(rate, LEAST) / model.rate_unrelated))
        for column, field in enumerate(FIELDS):
            if field.name in tie.shared:
                total += bits[:, column]
            elif field.name in tie.partly:
                share = tie.partly[field.name]
                total += np.log2(share * np.exp2(np.minimum(bits[:, column], 60.0)) + 1 - share)
            else:
                scale = _scale(tie, column)
                if scale is not None:
                    total += scale[compared.levels[:, column]]
        out[row] = total
    return out


def _scale(tie: Tie, column: int) -> Floats | None:
    field = FIELDS[column]
    if not any(name == field.name for name, _ in tie.scaled):
        return None
    return np.log2([1.0, *(tie.scaled.get((NAMES[column], level.code), 1.0) for level in field.levels)])
