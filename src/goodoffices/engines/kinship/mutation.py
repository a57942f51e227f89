"""Mutation models as matrices: row = the parent's allele, column = the allele that the child gets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Locus, Mutation, MutationKind

Floats = NDArray[np.float64]


def matrices(locus: Locus) -> tuple[Floats, Floats]:
    """Give the matrices of fathers and of mothers; a silent allele, if any, comes last and never mutates."""
    return matrix(locus, locus.male), matrix(locus, locus.female)


def frequencies(locus: Locus) -> Floats:
    """Give the frequencies in sum 1, the silent allele, if any, last."""
    visible = np.array(locus.frequencies) / np.sum(locus.frequencies)
    return np.append(visible * (1 - locus.silent), locus.silent) if locus.silent else visible


def matrix(locus: Locus, model: Mutation) -> Floats:
    """Build the transition matrix of one model.

    Parameters
    ----------
    locus
        Gives alleles and frequencies.
    model
        Kind and rates.

    Returns
    -------
    Floats
        Shape (k, k), rows in sum 1; (k + 1, k + 1) with a silent allele.

    Raises
    ------
    RangeError
        If the model does not fit the alleles: Dawid's with a rate too high for a rare allele.

    References
    ----------
    Dawid, Mortera and Pascali (2002), doi:10.1111/1467-9469.00236 (stationary stepwise).
    Egeland, Kling and Mostad, Relationship Inference with Familias and R (2016), ch. 5 (the others).
    """
    count = len(locus.alleles)
    if model.kind is MutationKind.NONE or model.rate == 0 or count == 1:
        visible = np.eye(count)
    else:
        off = _BUILD[model.kind](locus, model)
        np.fill_diagonal(off, 0.0)
        visible = off + np.diag(1.0 - off.sum(axis=1))
        if visible.min() < 0:
            raise RangeError(
                f"{locus.name}: rate {model.rate} is too high for the model {model.kind} and these alleles"
            )
    if not locus.silent:
        return visible
    whole = np.eye(count + 1)
    whole[:count, :count] = visible
    return whole


def _equal(locus: Locus, model: Mutation) -> Floats:
    count = len(locus.alleles)
    return np.full((count, count), model.rate / (count - 1))


def _proportional(locus: Locus, model: Mutation) -> Floats:
    share = np.array(locus.frequencies) / np.sum(locus.frequencies)
    return np.tile(model.rate * share / (share * (1 - share)).sum(), (len(share), 1))


def _onestep(locus: Locus, model: Mutation) -> Floats:
    near = np.isclose(_distances(locus), 1.0)
    count = near.sum(axis=1, keepdims=True)
    return np.where(near, model.rate / np.maximum(count, 1), 0.0)


def _stepwise(locus: Locus, model: Mutation) -> Floats:
    distance = _distances(locus)
    same = _same_group(distance)
    np.fill_diagonal(same, val=False)
    weight = np.where(same, model.range ** np.round(distance), 0.0)
    total = weight.sum(axis=1, keepdims=True)
    steps = model.rate * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    other = ~_same_group(distance)
    count = other.sum(axis=1, keepdims=True)
    return np.asarray(steps + np.where(other, model.rate2 / np.maximum(count, 1), 0.0))


def _dawid(locus: Locus, model: Mutation) -> Floats:
    weight = model.range ** _distances(locus)
    np.fill_diagonal(weight, 0.0)
    share = np.array(locus.frequencies) / np.sum(locus.frequencies)
    return np.asarray(model.rate * weight / weight.sum() / share[:, None])


def _same_group(distance: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isclose(distance, np.round(distance)))


def _distances(locus: Locus) -> Floats:
    """Give the distance of alleles; "9.3" and "10" lie 0.7 apart, so groups of microvariants differ by a fraction.

    Raises
    ------
    RangeError
        If an allele is no number.
    """
    try:
        size = np.array([float(allele) for allele in locus.alleles])
    except ValueError as error:
        raise RangeError(f"{locus.name}: a stepwise model needs alleles that are numbers of repeats") from error
    return np.asarray(np.abs(size[:, None] - size[None, :]))


_BUILD = {
    MutationKind.EQUAL: _equal,
    MutationKind.PROPORTIONAL: _proportional,
    MutationKind.ONESTEP: _onestep,
    MutationKind.STEPWISE: _stepwise,
    MutationKind.DAWID: _dawid,
}
