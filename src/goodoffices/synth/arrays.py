"""Types of columns, and the few moves on them that numpy lacks for texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Texts: TypeAlias = npt.NDArray[np.object_]
"""Texts, None where nothing is stated."""
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


def texts(values: Iterable[str | None]) -> Texts:
    """Give the values as a column of texts."""
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column


def chance(rng: np.random.Generator, rows: int, share: float | Floats) -> Flags:
    """Draw, for each of the rows, whether an event of this chance (0 to 1; one for all, or one a row) happens."""
    return rng.random(rows) < share


def pick(rng: np.random.Generator, rows: int, shares: Floats) -> Ints:
    """Draw a number from 0 for each row; `shares` are its chances and sum to 1."""
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(rows), side="right").astype(np.int64)


def zipf(size: int, *, offset: float, power: float) -> Floats:
    """Give falling chances 1 / (rank + offset) ** power, summing to 1."""
    weights = 1.0 / (np.arange(size, dtype=np.float64) + offset) ** power
    shares: Floats = weights / weights.sum()
    return shares
