"""Trains the model without labels, by expectation maximisation; what little data cannot say comes from priors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.compare import Compared
from goodoffices.engines.linkage.fields import FIELDS, TIES
from goodoffices.engines.linkage.model import Model, field_weights, tie_bits

Floats = npt.NDArray[np.float64]

ROUNDS = 30
STOP = 1e-3
"""Training ends when no share of the same person moves further than this."""

_PULL_SAME = 40.0
"""Same persons whose weight the prior shares have."""

_PULL_UNRELATED = 2_000.0
"""Random pairs whose weight the prior shares of strangers have."""

_FLOOR = 0.2
"""No share of strangers falls below this part of its prior."""

FEW = 40.0
"""Fewer expected same persons than this, and the result says that it rests on the priors."""


def train(sample: Compared, weight: float, chance: Compared, *, pairs: float, smaller: int) -> Model:
    """Train on candidate pairs and on pairs drawn at random.

    Parameters
    ----------
    sample
        Candidate pairs, or an even sample of them.
    weight
        How many candidates one of the sample stands for.
    chance
        Pairs drawn at random from all pairs.
    pairs
        How many pairs there are in all, more than 0.
    smaller
        Records of the smaller list; at most about this many persons are on both.

    Returns
    -------
    Model
        With shares of the same person re-estimated from the candidates, shares of strangers from the random
        pairs less the same persons among them (Winkler 2000, Census Bureau RR2000/05, gives the EM).
    """
    seen = [np.bincount(chance.levels[:, column], minlength=1 + len(field.levels)).astype(float)
            for column, field in enumerate(FIELDS)]  # fmt: skip
    prior_same = [np.array([0.0, *(level.same for level in field.levels)]) for field in FIELDS]
    prior_other = [np.array([0.0, *(level.unrelated for level in field.levels)]) for field in FIELDS]
    rate = 0.4 * max(smaller, 1) / pairs
    same = tuple(prior / prior.sum() for prior in prior_same)
    other = tuple(
        _strangers(counts, prior, share, 0.0) for counts, prior, share in zip(seen, prior_other, same, strict=True)
    )
    model = Model(same, other, rate, tuple(rate * tie.weight for tie in TIES), rate * pairs)
    for _ in range(ROUNDS):
        after = _round(model, sample, weight, pairs, smaller)
        counts, rates = after
        same = tuple(
            (column + _PULL_SAME * prior / prior.sum()) / (column[1:].sum() + _PULL_SAME)
            for column, prior in zip(counts, prior_same, strict=True)
        )
        for column in same:
            column[0] = 0.0
        other = tuple(
            _strangers(column, prior, share, rates[0])
            for column, prior, share in zip(seen, prior_other, same, strict=True)
        )
        moved = max(float(np.abs(new - old).max()) for new, old in zip(same, model.same, strict=True))
        model = Model(same, other, rates[0], tuple(rates[1:]), rates[0] * pairs)
        if moved < STOP:
            break
    return model


def _strangers(seen: Floats, prior: Floats, same: Floats, rate: float) -> Floats:
    """Give strangers' shares: what random pairs show less the same persons among them, pulled to the prior."""
    known = float(seen[1:].sum())
    counts = np.maximum(seen - rate * known * same, 0.0)
    share = (counts + _PULL_UNRELATED * prior / prior.sum()) / (counts[1:].sum() + _PULL_UNRELATED)
    share = np.maximum(share, _FLOOR * prior)
    share[0] = 0.0
    scaled: Floats = share / share.sum()
    return scaled


def _round(
    model: Model, sample: Compared, weight: float, pairs: float, smaller: int
) -> tuple[list[Floats], tuple[float, ...]]:
    """Do one expectation step: how many same persons stand at each level, and the rates of the hypotheses."""
    bits = field_weights(model, sample)
    same = bits.sum(axis=1) + model.prior_bits
    ties = tie_bits(model, sample, bits)
    total = np.logaddexp2(np.logaddexp2.reduce(ties, axis=0), np.logaddexp2(same, 0.0))
    belief = np.exp2(same - total) * weight
    counts = [
        np.bincount(sample.levels[:, column], belief, minlength=1 + len(field.levels)).astype(np.float64)
        for column, field in enumerate(FIELDS)
    ]
    # At least a pair in twenty lists' lengths: an empty overlap must not end in a rate of nothing.
    found = float(np.clip(belief.sum(), 0.05 * smaller**0.5, 1.2 * smaller))
    tied = np.exp2(ties - total).sum(axis=1) * weight
    pull = 5.0
    rates = [
        (float(count) + pull * tie.weight) / (found + pull) * found / pairs
        for count, tie in zip(tied, TIES, strict=True)
    ]
    return counts, (found / pairs, *rates)
