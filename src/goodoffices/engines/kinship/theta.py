"""Co-ancestry: founders' alleles drawn one after another from an urn that remembers what it gave.

P(next is a | n drawn before, n_a of them a) = (n_a theta + (1 - theta) p_a) / (1 + (n - 1) theta).
"""

from __future__ import annotations

import math

import numpy as np

from goodoffices.domain.errors import RangeError
from goodoffices.engines.kinship.contract import Labels, Operand
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Ints, Network

LARGEST = 1 << 25
"""Cells of the array of founders' alleles that one case may take: a second or two a likelihood."""

LARGEST_OF_MANY = 1 << 20
"""The same for one hit of a search, of whom there are thousands: some seconds a hit at most."""


def founders(network: Network, theta: float, *, largest: int = LARGEST) -> None:
    """Add the joint probability of all founders' alleles to a network of one family.

    Parameters
    ----------
    network
        Of one family and every unrelated person whose alleles come from the same urn.
    theta
        Co-ancestry, above 0, below 1.
    largest
        Cells of the array of the founders' alleles from which the sum is refused.

    Raises
    ------
    RangeError
        If untyped founders are too many for the exact sum.

    References
    ----------
    Balding and Nichols (1994), doi:10.1016/0379-0738(94)90222-4.
    """
    pedigree = network.pedigree
    genes: list[tuple[Ints, Labels]] = []
    for place in range(len(pedigree.ids)):
        if pedigree.father[place] < 0 and pedigree.mother[place] < 0:
            genes += [_trimmed(gene, labels) for gene, labels in network.founder_genes(place)]
    axes = tuple(dict.fromkeys(label for _, labels in genes for label in labels))
    sizes = {label: size for gene, labels in genes for label, size in zip(labels, gene.shape, strict=True)}
    if math.prod(sizes.values()) > largest:
        raise RangeError("too many untyped founders for an exact theta; leave distant ones out or use theta 0")
    network.add(*_urn(genes, axes, sizes, share=network.model.share, theta=theta))


def _trimmed(gene: Ints, labels: Labels) -> tuple[Ints, Labels]:
    keep = [axis for axis, size in enumerate(gene.shape) if size > 1]
    return gene.reshape([gene.shape[axis] for axis in keep]), tuple(labels[axis] for axis in keep)


def _urn(
    genes: list[tuple[Ints, Labels]], axes: Labels, sizes: dict[int, int], *, share: Floats, theta: float
) -> Operand:
    spread = [gene.reshape([sizes[label] if label in labels else 1 for label in axes]) for gene, labels in genes]
    chance = np.ones([sizes[label] for label in axes])
    for number, gene in enumerate(spread):
        equal = sum((gene == before for before in spread[:number]), np.zeros(1, dtype=np.int64))
        chance = chance * (equal * theta + (1 - theta) * share[gene]) / (1 + (number - 1) * theta)
    return chance, axes
