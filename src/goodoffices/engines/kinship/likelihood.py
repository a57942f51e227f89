"""The exact likelihood of what was seen in one pedigree at one locus, and the ratio of two hypotheses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.errors import RangeError
from goodoffices.engines.kinship import theta as urn
from goodoffices.engines.kinship.contract import contract
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Ints, Model, Network, Seen
from goodoffices.engines.kinship.observe import pairs_of
from goodoffices.engines.kinship.pedigree import Pedigree, pruned, without_barren

Weights = Mapping[str, Floats]
"""By identifier: the probability of what was seen given each ordered pair of alleles, shape (k, k)."""

_FEW = 4


@dataclass(frozen=True, slots=True)
class Ratio:
    """The outcome of comparing two hypotheses.

    Attributes
    ----------
    loci
        Names, in order.
    first, second
        Likelihood of each locus under each hypothesis.
    """

    loci: tuple[str, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]

    @property
    def per_locus(self) -> tuple[float, ...]:
        """The ratio of each locus; infinite where only the second is impossible, not a number where both are."""
        return tuple(_ratio(one, two) for one, two in zip(self.first, self.second, strict=True))

    @property
    def ln(self) -> float:
        """The natural logarithm of the product."""
        if 0.0 in self.first:
            return math.nan if 0.0 in self.second else -math.inf
        return math.inf if 0.0 in self.second else math.fsum(math.log(ratio) for ratio in self.per_locus)


def _ratio(one: float, two: float) -> float:
    if two == 0:
        return math.nan if one == 0 else math.inf
    return one / two


def likelihood(
    pedigree: Pedigree,
    model: Model,
    weights: Weights,
    *,
    theta: float = 0.0,
    prune: bool = False,
    largest: int = urn.LARGEST,
) -> float:
    """Sum over everything not seen in one pedigree at one locus.

    Parameters
    ----------
    pedigree
        May consist of several unconnected parts; with theta they share one urn.
    model
        The locus.
    weights
        What was seen.
    theta
        Co-ancestry, 0 to below 1.
    prune
        Familias' convention: leave untyped founders with one child out.
    largest
        Cells that an exact theta may take.

    Returns
    -------
    float
        Probability, 0 to 1.

    Raises
    ------
    RangeError
        If theta is out of bounds or the pedigree too entangled.

    References
    ----------
    Elston and Stewart (1971), doi:10.1159/000152448; variable elimination after Lauritzen and Sheehan (2003).
    """
    if not 0 <= theta < 1:
        raise RangeError(f"theta is {theta}, expected 0 to below 1")
    smaller = pruned(pedigree, weights) if prune else without_barren(pedigree, weights)
    model, weights = lump(model, weights)
    network = _network(smaller, model, weights)
    if network is None:
        return 0.0
    if theta > 0:
        urn.founders(network, theta, largest=largest)
    else:
        network.founders()
    return float(contract(network.operands, ()))


def genotype(pedigree: Pedigree, model: Model, weights: Weights, *, person: str) -> Floats:
    """Give the joint probability of what was seen and of each pair of alleles of one untyped person.

    Returns
    -------
    Floats
        Shape (k, k), paternal by maternal; of a man's X on the diagonal.
    """
    smaller = without_barren(pedigree, {*weights, person})
    place = smaller.index(person)
    network = _network(smaller, model, {key: value for key, value in weights.items() if key != person})
    count = len(model.share)
    if network is None:
        return np.zeros((count, count))
    network.founders()
    found = contract(network.operands, network.labels[place])
    whole = np.diag(found) if found.ndim == 1 else found
    return whole * weights[person] if person in weights else whole


def _network(pedigree: Pedigree, model: Model, weights: Weights) -> Network | None:
    seen: dict[int, Seen] = {}
    dense: dict[int, Floats] = {}
    for place, person in enumerate(pedigree.ids):
        if person not in weights:
            continue
        founder = pedigree.father[place] < 0 and pedigree.mother[place] < 0
        single = model.is_x and pedigree.sex[place] == "M"
        member = pairs_of(weights[person], is_founder=founder, single=single)
        if member is None:
            return None
        if member.first.shape[1] > _FEW and not single:
            dense[place] = weights[person]
        else:
            seen[place] = member
    network = Network(pedigree, model, seen)
    for place, weight in dense.items():
        network.add(weight, network.labels[place])
    return network


def lump(model: Model, weights: Weights) -> tuple[Model, Weights]:
    """Join alleles that nobody showed into one, if neither mutation nor any typing tells them apart; this is exact."""
    count = len(model.share)
    alone = np.zeros(count, dtype=bool)
    for weight in weights.values():
        alone |= ~_like_the_most(weight)
    rest = np.flatnonzero(~alone)
    if len(rest) < 2:
        return model, weights
    keep = np.append(np.flatnonzero(alone), rest[0])
    joined = [_lumped_matrix(matrix, keep, rest) for matrix in (model.male, model.female)]
    if any(matrix is None for matrix in joined):
        return model, weights
    share = np.append(model.share[alone], model.share[rest].sum())
    male, female = (matrix if matrix is not None else model.male for matrix in joined)
    smaller = {person: weight[np.ix_(keep, keep)] for person, weight in weights.items()}
    return replace(model, share=share, male=male, female=female), smaller


def _like_the_most(weight: Floats) -> NDArray[np.bool_]:
    """Mark alleles with the typing's most frequent row; alleles never seen have one row but for their own diagonal."""
    return _alike(weight.tobytes(), len(weight))


@lru_cache(maxsize=4096)
def _alike(data: bytes, count: int) -> NDArray[np.bool_]:
    """Remember the marks of a typing: one typing is seen in many likelihoods."""
    weight = np.frombuffer(data).reshape(count, count)
    lines = np.sort(weight, axis=1)
    _, kind, counts = np.unique(lines, axis=0, return_inverse=True, return_counts=True)
    like = kind.ravel() == int(np.argmax(counts))
    places = np.flatnonzero(like)
    block = weight[np.ix_(places, places)]
    outside = weight[np.ix_(places, np.flatnonzero(~like))]
    same = bool(np.ptp(block) == 0) and (outside.size == 0 or bool(np.all(outside == outside[0])))
    return like if same else np.zeros(len(weight), dtype=bool)


def _lumped_matrix(matrix: Floats, keep: Ints, rest: Ints) -> Floats | None:
    out = matrix[:, keep].copy()
    out[:, -1] = matrix[:, rest].sum(axis=1)
    if not np.allclose(out[rest], out[rest[0]], rtol=0, atol=1e-15):
        return None
    return out[keep]


def ratio(
    hypotheses: tuple[Pedigree, Pedigree],
    models: Mapping[str, Model],
    weights: Sequence[tuple[Weights, Weights]],
    *,
    theta: float = 0.0,
    prune: bool = False,
) -> Ratio:
    """Compare two hypotheses locus by locus.

    Parameters
    ----------
    hypotheses
        The two pedigrees.
    models
        Loci by name, in order.
    weights
        What was seen under each hypothesis, one pair per locus.
    theta, prune
        As in `likelihood`.
    """
    pairs = [
        tuple(likelihood(h, model, w, theta=theta, prune=prune) for h, w in zip(hypotheses, both, strict=True))
        for model, both in zip(models.values(), weights, strict=True)
    ]
    return Ratio(tuple(models), tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))
