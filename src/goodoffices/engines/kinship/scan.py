"""The scan: for every set of remains the sum of one row per locus over all missing persons, blocks of them at a time.

Only the best few per remains are kept; the full matrix never exists. Sums run in single precision (about 1e-6) and are
done again in double precision for what is kept.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from goodoffices.engines.kinship.mutation import Floats

Singles = NDArray[np.float32]

BLOCK = 128
"""Missing persons side by side: their sums stay in the fastest cache."""


@numba.njit(cache=True, nogil=True, fastmath={"contract", "nsz"}, error_model="numpy")
def _scan(table, codes, first, last, floor, best, where, mass):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, C901, PLR0913, PLR0917
    """Add the rows of every set of remains over blocks first to last; keep the best, sum what counts for posteriors."""
    remains, loci = codes.shape
    keep = best.shape[1]
    sums = np.empty(128, np.float32)
    for block in range(first, last):
        part = table[block]
        for one in range(remains):
            sums[:] = np.float32(0.0)
            for four in range(0, loci, 4):
                a = part[codes[one, four]]
                b = part[codes[one, four + 1]]
                c = part[codes[one, four + 2]]
                d = part[codes[one, four + 3]]
                for lane in range(128):
                    sums[lane] += (a[lane] + b[lane]) + (c[lane] + d[lane])
            highest = sums[0]
            for lane in range(1, 128):
                highest = max(highest, sums[lane])
            if highest <= floor and highest <= best[one, keep - 1]:
                continue
            for lane in range(128):
                value = sums[lane]
                if value > floor:
                    mass[one] += np.exp(np.float64(value))
                if value > best[one, keep - 1]:
                    place = keep - 1
                    while place > 0 and best[one, place - 1] < value:
                        best[one, place] = best[one, place - 1]
                        where[one, place] = where[one, place - 1]
                        place -= 1
                    best[one, place] = value
                    where[one, place] = block * 128 + lane


def blocks(table: Floats) -> Singles:
    """Lay a table of shape (targets, columns) out as (blocks, columns, 128), single precision; filler is impossible."""
    count, columns = table.shape
    laid = np.full((-(-count // BLOCK), columns, BLOCK), -np.inf, dtype=np.float32)
    for number in range(len(laid)):
        part = table[number * BLOCK : (number + 1) * BLOCK]
        laid[number, :, : len(part)] = part.T
    return laid


def scan(
    laid: Singles, codes: NDArray[np.int32], *, keep: int, floor: float, parts: tuple[int, int] | None = None
) -> tuple[Singles, NDArray[np.int64], Floats]:
    """Find the best missing persons of every set of remains.

    Parameters
    ----------
    laid
        As from `blocks`.
    codes
        Column of each locus, shape (remains, loci).
    keep
        How many to keep.
    floor
        Sums above it are added up as likelihood ratios.
    parts
        First and last block to scan, all if None; so that several threads may share the work.

    Returns
    -------
    tuple
        Sums kept, best first (minus infinity where there are fewer); their targets; the sum of likelihood ratios.
    """
    first, last = parts or (0, len(laid))
    spare = -codes.shape[1] % 4
    padded = np.ascontiguousarray(np.pad(codes, ((0, 0), (0, spare))), dtype=np.int32)
    best = np.full((len(codes), keep), -np.inf, dtype=np.float32)
    where = np.full((len(codes), keep), -1, dtype=np.int64)
    mass = np.zeros(len(codes))
    _scan(laid, padded, first, last, np.float32(floor), best, where, mass)
    return best, where, mass
