"""A pedigree at one locus as labelled arrays: founders, transmissions, what was seen.

A member of whom nothing is seen has one label per allele (paternal, maternal; a man's X one). A typed member has at
most one label: which of the few ordered pairs of alleles that fit the typing it is. So arrays stay small whatever the
number of alleles, and many families of one shape lie side by side along the batch label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.kin import Locus
from goodoffices.engines.kinship.contract import BATCH, Labels, Operand
from goodoffices.engines.kinship.mutation import Floats, frequencies, matrices
from goodoffices.engines.kinship.pedigree import Pedigree

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """A locus made ready for sums.

    Attributes
    ----------
    share
        Frequencies, shape (k,), the silent allele last.
    male, female
        Transition matrices of fathers and mothers, shape (k, k).
    is_x
        Whether men have one allele.
    """

    share: Floats
    male: Floats
    female: Floats
    is_x: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one member, as the ordered pairs of alleles that fit it.

    Attributes
    ----------
    first, second
        Paternal and maternal allele of each pair, shape (families, pairs); of a man's X only `second` counts.
    weight
        Probability of what was seen given the pair, shape (families, pairs).
    """

    first: Ints
    second: Ints
    weight: Floats


def model_of(locus: Locus) -> Model:
    """Make a locus ready."""
    male, female = matrices(locus)
    return Model(frequencies(locus), male, female, locus.chromosome == "X")


class Network:
    """The arrays of one pedigree at one locus.

    Attributes
    ----------
    operands
        To be given to `contract`.
    labels
        Labels of each member, by position.
    """

    def __init__(self, pedigree: Pedigree, model: Model, seen: Mapping[int, Seen]) -> None:
        self.pedigree = pedigree
        self.model = model
        self.seen = seen
        self.operands: list[Operand] = []
        self.labels: dict[int, Labels] = {}
        label = BATCH
        for place in range(len(pedigree.ids)):
            count = self._count(place)
            self.labels[place] = tuple(range(label + 1, label + 1 + count))
            label += count
        for place, member in seen.items():
            self._add(member.weight, (BATCH, *self.labels[place]))
        for place in range(len(pedigree.ids)):
            self._transmissions(place)

    def founders(self) -> None:
        """Add the frequencies of the founders' alleles, drawn independently."""
        for place in range(len(self.pedigree.ids)):
            if self.pedigree.father[place] >= 0 or self.pedigree.mother[place] >= 0:
                continue
            for gene, labels in self.founder_genes(place):
                self._add(self.model.share[gene], labels)

    def founder_genes(self, place: int) -> list[tuple[Ints, Labels]]:
        """Give the alleles of a founder as arrays along that founder's labels."""
        if place not in self.seen:
            alleles = np.arange(len(self.model.share))
            return [(alleles, (label,)) for label in self.labels[place]]
        member = self.seen[place]
        labels = (BATCH, *self.labels[place])
        genes = [(member.second, labels)]
        return genes if self._single(place) else [(member.first, labels), *genes]

    def add(self, array: Floats, labels: Labels) -> None:
        """Add an array."""
        self._add(array, labels)

    def _single(self, place: int) -> bool:
        return self.model.is_x and self.pedigree.sex[place] == "M"

    def _count(self, place: int) -> int:
        if place in self.seen:
            return 1
        return 1 if self._single(place) else 2

    def _add(self, array: Floats, labels: Labels) -> None:
        """Add an array without its axes of length one."""
        keep = [axis for axis, size in enumerate(array.shape) if size > 1]
        self.operands.append(
            (array.reshape([array.shape[axis] for axis in keep]), tuple(labels[axis] for axis in keep))
        )

    def _transmissions(self, child: int) -> None:
        father, mother = self.pedigree.father[child], self.pedigree.mother[child]
        if father < 0 and mother < 0:
            return
        if not self._single(child):
            self._transmission(child, father, side=0)
        self._transmission(child, mother, side=1)

    def _transmission(self, child: int, parent: int, *, side: int) -> None:
        """Add the chance that a child has its allele of one side from one parent."""
        matrix = self.model.male if side == 0 else self.model.female
        if child in self.seen:
            allele = self.seen[child].first if side == 0 else self.seen[child].second
            received, own = matrix[:, allele], (BATCH, *self.labels[child])
        else:
            allele = None
            received, own = matrix, (self.labels[child][side if not self._single(child) else 0],)
        if parent < 0:
            self._add(self.model.share if allele is None else self.model.share[allele], own)
        elif parent not in self.seen:
            self._from_untyped(received, own, parent)
        else:
            self._from_typed(matrix, allele, own, parent)

    def _from_untyped(self, received: Floats, own: Labels, parent: int) -> None:
        labels = self.labels[parent]
        if self._single(parent):
            self._add(received, (*labels, *own))
        else:
            self._add(0.5 * (received[:, None] + received[None, :]), (*labels, *own))

    def _from_typed(self, matrix: Floats, allele: Ints | None, own: Labels, parent: int) -> None:
        member = self.seen[parent]
        labels = (BATCH, *self.labels[parent])
        if allele is None:
            passed = matrix[member.second]
            if not self._single(parent):
                passed = 0.5 * (passed + matrix[member.first])
            self._add(passed, (*labels, *own))
            return
        to = allele[:, None, :]
        passed = matrix[member.second[:, :, None], to]
        if not self._single(parent):
            passed = 0.5 * (passed + matrix[member.first[:, :, None], to])
        self._add(passed, (*labels, own[1]))
