"""One log-likelihood ratio per missing person, locus and class of remains: computed once, then only added.

T[f, m, o] = ln P(o, family | the remains are the missing person) - ln P(o) P(family). With phi(g) the joint probability
of the family's typings and the missing person's alleles g, T = ln sum_g phi(g) L(o|g)
- ln sum_g phi(g) - ln sum_g p(g) L(o|g).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.kin import Locus
from goodoffices.engines.kinship.contract import BATCH, contract
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Ints, Model, Network, Seen
from goodoffices.engines.kinship.observe import typed_batch
from goodoffices.engines.kinship.panel import Class, References, class_weights
from goodoffices.engines.kinship.pedigree import without_barren
from goodoffices.engines.kinship.shapes import Shape

_CELLS = 1 << 19


@dataclass(frozen=True, slots=True)
class Table:
    """The log-likelihood ratios of some missing persons.

    Attributes
    ----------
    ln
        Shape (targets, 1 + classes); column 0 is nought, for what is not typed.
    starts
        Column of class 1 of each locus, less one.
    informed
        Whether any relative is typed and the family possible, shape (targets, loci).
    impossible
        (target, locus) where the family's own typings cannot be.
    """

    ln: Floats
    starts: NDArray[np.int64]
    informed: NDArray[np.bool_]
    impossible: tuple[tuple[int, int], ...]


def starts_of(classes: Sequence[Sequence[Class]]) -> NDArray[np.int64]:
    """Give the column before class 1 of each locus, and at the end the last column."""
    return np.concatenate([[0], np.cumsum([len(kinds) for kinds in classes])]).astype(np.int64)


def build(
    shapes: Sequence[Shape],
    references: References,
    loci: Sequence[Locus],
    models: Sequence[Model],
    classes: Sequence[Sequence[Class]],
    *,
    count: int,
) -> Table:
    """Compute the table of all targets.

    Parameters
    ----------
    shapes
        All targets, by shape.
    references
        The relatives' typings.
    loci, models
        Of the search.
    classes
        Of each locus.
    count
        Number of targets.
    """
    starts = starts_of(classes)
    ln = np.zeros((count, int(starts[-1]) + 1))
    informed = np.zeros((count, len(loci)), dtype=bool)
    impossible: list[tuple[int, int]] = []
    for number, (locus, model, kinds) in enumerate(zip(loci, models, classes, strict=True)):
        if not kinds:
            continue
        columns = slice(int(starts[number]) + 1, int(starts[number + 1]) + 1)
        weigh = Weighing(model, kinds, silent=locus.silent > 0)
        for shape in shapes:
            for members, phi in genotypes(shape, references, model, number, silent=locus.silent > 0):
                total = phi.sum(axis=(1, 2))
                here = shape.targets[members]
                impossible += [(int(target), number) for target in here[total == 0]]
                good = total > 0
                sex = shape.pedigree.sex[shape.target]
                ln[here[good], columns] = weigh(phi[good] / total[good, None, None], sex)
                informed[here[good], number] = True
    return Table(ln, starts, informed, tuple(impossible))


class Weighing:
    """Turns genotype probabilities into the log-likelihood ratios of every class of one locus."""

    def __init__(self, model: Model, kinds: Sequence[Class], *, silent: bool = False) -> None:
        self.kinds = kinds
        self.model = model
        weights = [class_weights(kind, model, silent=silent) for kind in kinds]
        support = [np.argwhere(np.triu(weight)) for weight in weights]
        self.pure = [n for n, pairs in enumerate(support) if len(pairs) == 1]
        self.mixed = [n for n, pairs in enumerate(support) if len(pairs) != 1]
        self.first = np.array([support[n][0][0] for n in self.pure], dtype=np.int64)
        self.second = np.array([support[n][0][1] for n in self.pure], dtype=np.int64)
        self.weights = np.array([weights[n].ravel() for n in self.mixed]).reshape(
            len(self.mixed), len(model.share) ** 2
        )
        both = np.outer(model.share, model.share)
        alone = np.diag(model.share)
        self.alone = np.array(
            [
                float(((alone if kind.sex == "M" else both) * weight).sum())
                for kind, weight in zip(kinds, weights, strict=True)
            ]
        )
        self.scale = np.array([weights[n][i, j] for n, i, j in zip(self.pure, self.first, self.second, strict=True)])

    def __call__(self, share: Floats, sex: str) -> Floats:
        """Weigh targets.

        Parameters
        ----------
        share
            Probability of each ordered pair, shape (targets, k, k).
        sex
            Of the missing persons; an X class of the other sex is left at nought.

        Returns
        -------
        Floats
            ln LR, shape (targets, classes).
        """
        found = np.empty((len(share), len(self.kinds)))
        if self.pure:
            order = share[:, self.first, self.second]
            other = np.where(self.first == self.second, 0.0, share[:, self.second, self.first])
            found[:, self.pure] = (order + other) * self.scale
        if self.mixed:
            found[:, self.mixed] = share.reshape(len(share), self.weights.shape[1]) @ self.weights.T
        with np.errstate(divide="ignore"):
            ln = np.log(found) - np.log(self.alone)
        if self.model.is_x:
            ln[:, [n for n, kind in enumerate(self.kinds) if kind.sex != sex or not sex]] = 0.0
        return np.asarray(ln)


def genotypes(
    shape: Shape, references: References, model: Model, locus: int, *, silent: bool = False
) -> Iterator[tuple[Ints, Floats]]:
    """Give the joint probability of typings and of the missing person's alleles, for all targets of a shape.

    Yields
    ------
    tuple
        Places within the shape, and the probability of each ordered pair, shape (places, k, k). Places of families
        of whom nobody is typed here are not given.
    """
    rows = shape.rows
    typed = np.where(rows >= 0, references.alleles[np.maximum(rows, 0), locus, 0] >= 0, False)
    if model.is_x and not shape.pedigree.sex[shape.target]:
        return
    masks, which = np.unique(typed, axis=0, return_inverse=True)
    for number, mask in enumerate(masks):
        if not mask.any():
            continue
        places = np.flatnonzero(which.ravel() == number)
        size = max(2, _CELLS // len(model.share) ** 2)
        for start in range(0, len(places), size):
            part = places[start : start + size]
            alleles = references.alleles[np.maximum(rows[part], 0), locus].astype(np.int64)
            yield part, _joint(shape, mask, alleles, model, silent=silent)


def _joint(shape: Shape, mask: NDArray[np.bool_], alleles: Ints, model: Model, *, silent: bool) -> Floats:
    """Contract one batch of families with the same members typed; alleles has shape (families, members, 2)."""
    count = len(alleles)
    if count == 1:  # a batch of one loses its axis; two of the same keep it
        return _joint(shape, mask, np.repeat(alleles, 2, axis=0), model, silent=silent)[:1]
    ids = shape.pedigree.ids
    target = ids[shape.target]
    keep = {ids[place] for place in np.flatnonzero(mask)} | {target}
    smaller = without_barren(shape.pedigree, keep)
    seen: dict[int, Seen] = {}
    for place, name in enumerate(smaller.ids):
        old = ids.index(name)
        if mask[old] and name != target:
            founder = smaller.father[place] < 0 and smaller.mother[place] < 0
            single = model.is_x and smaller.sex[place] == "M"
            hidden = len(model.share) - 1 if silent else -1
            seen[place] = typed_batch(
                alleles[:, old, 0], alleles[:, old, 1], is_founder=founder, single=single, silent=hidden
            )
    network = Network(smaller, model, seen)
    network.founders()
    labels = network.labels[smaller.index(target)]
    batch = (BATCH,) if any(BATCH in scope for _, scope in network.operands) else ()
    phi = contract(network.operands, (*batch, *labels))
    if not batch:
        phi = np.broadcast_to(phi, (count, *phi.shape))
    if len(labels) == 1:
        phi = phi[:, :, None] * np.eye(phi.shape[1])
    return _with_lifetime(phi, alleles[:, shape.target], silent=silent) if mask[shape.target] else phi


def _with_lifetime(phi: Floats, own: Ints, *, silent: bool) -> Floats:
    """Keep of the missing person's alleles only what a lifetime sample showed."""
    fits = np.zeros(phi.shape, dtype=bool)
    every = np.arange(len(phi))
    fits[every, own[:, 0], own[:, 1]] = True
    fits[every, own[:, 1], own[:, 0]] = True
    if silent:
        alike = own[:, 0] == own[:, 1]
        fits[every[alike], own[alike, 0], -1] = True
        fits[every[alike], -1, own[alike, 0]] = True
    return np.where(fits, phi, 0.0)
