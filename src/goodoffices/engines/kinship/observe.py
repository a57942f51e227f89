"""From a typing to the probability of what was seen given the true alleles: drop-out, drop-in, silent alleles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from goodoffices.domain.errors import RangeError
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Ints, Seen


@dataclass(frozen=True, slots=True)
class Noise:
    """How a degraded sample misleads.

    Attributes
    ----------
    drop_out
        Chance d that an allele of a heterozygote is not seen; a homozygote is lost with d squared.
    drop_in
        Chance c that an allele that is not there is seen; which one, by frequency.
    """

    drop_out: float = 0.0
    drop_in: float = 0.0

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises
        ------
        RangeError
            If a chance lies outside 0 to below 1.
        """
        if not (0 <= self.drop_out < 1 and 0 <= self.drop_in < 1):
            raise RangeError(f"drop-out is {self.drop_out}, drop-in {self.drop_in}, expected 0 to below 1")


CLEAN = Noise()


def weights(
    seen: Collection[int], share: Floats, *, noise: Noise = CLEAN, silent: bool = False, single: bool = False
) -> Floats:
    """Give the probability of what was seen given each ordered pair of alleles.

    Parameters
    ----------
    seen
        Positions of the alleles seen: one or two, more with drop-in.
    share
        Frequencies, shape (k,), the silent allele, if any, last.
    noise
        Drop-out and drop-in.
    silent
        Whether the last allele is never seen.
    single
        A man's X, whose one allele is lost with d.

    Returns
    -------
    Floats
        Symmetric, shape (k, k), 0 to 1.

    References
    ----------
    Gill et al. (2012), doi:10.1016/j.fsigen.2012.06.002 (drop-out and drop-in per replicate).
    """
    count = len(share)
    there = np.zeros((count, count))
    pairs = _possible(seen, count, noise, silent=silent)
    for i, j in pairs:
        if single and i != j:
            continue
        there[i, j] = there[j, i] = _chance(
            set(seen), (i,) if single else (i, j), share, noise=noise, silent=count - 1 if silent else -1
        )
    return there


def _possible(seen: Collection[int], count: int, noise: Noise, *, silent: bool) -> list[tuple[int, int]]:
    """Pairs that could show what was seen; without noise only those of the alleles seen and the silent one."""
    near = sorted({*seen, *([count - 1] if silent else [])})
    pool = list(range(count)) if noise.drop_out or noise.drop_in else near
    return [(i, j) for i in pool for j in pool if i <= j]


def _chance(seen: set[int], pair: tuple[int, ...], share: Floats, *, noise: Noise, silent: int) -> float:
    visible = set(pair) - {silent}
    chance = 1.0
    for allele in visible:
        lost = noise.drop_out ** pair.count(allele)
        chance *= lost if allele not in seen else 1 - lost
    extra = seen - visible
    for allele in extra:
        chance *= noise.drop_in * float(share[allele])
    return chance if extra else chance * (1 - noise.drop_in)


def pairs_of(weight: Floats, *, is_founder: bool, single: bool = False) -> Seen | None:
    """Turn weights into the pairs that fit; a founder's pair stands once for both orders.

    Parameters
    ----------
    weight
        Shape (k, k), symmetric.
    is_founder
        Whether the order of the two alleles means nothing.
    single
        A man's X: only pairs of equal alleles.

    Returns
    -------
    Seen
        Of one family; None if nothing fits.
    """
    if single:
        weight = np.diag(np.diag(weight))
    elif is_founder:
        weight = np.triu(weight) + np.triu(weight, 1)
    first, second = np.nonzero(weight)
    if not len(first):
        return None
    return Seen(first[None, :], second[None, :], weight[first, second][None, :])


def typed_batch(first: Ints, second: Ints, *, is_founder: bool, single: bool, silent: int = -1) -> Seen:
    """Give the pairs of many clean typings at once.

    Parameters
    ----------
    first, second
        Positions of the two alleles, one per family.
    is_founder, single
        As in `pairs_of`.
    silent
        Position of the silent allele, -1 if there is none.
    """
    alike = (first == second).astype(np.float64)
    if single:
        return Seen(second[:, None], second[:, None], alike[:, None])
    unlike = 1.0 - alike
    hidden = np.full(len(first), silent)
    orders = (
        [(first, second, 1.0 + unlike)] if is_founder else [(first, second, alike + unlike), (second, first, unlike)]
    )
    if silent >= 0:
        orders += [(first, hidden, 2.0 * alike)] if is_founder else [(first, hidden, alike), (hidden, first, alike)]
    columns = [np.stack(column, axis=1) for column in zip(*orders, strict=True)]
    return Seen(columns[0], columns[1], columns[2])
