"""Compares two birth dates, whole or partial: which slip of a clerk would turn one into the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.fields import BIRTH

Codes = npt.NDArray[np.int64]
Date = tuple[Codes, Codes, Codes]
"""Year, month and day, 0 where unknown."""


def date_levels(one: Date, other: Date) -> npt.NDArray[np.uint8]:
    """Give the level of agreement of each pair of dates, the strictest that holds; see `fields.BIRTH`."""
    (y1, m1, d1), (y2, m2, d2) = one, other
    level = BIRTH.level
    known = (y1 > 0) & (y2 > 0)
    whole = (d1 > 0) & (d2 > 0)
    guessed = ((m1 == 1) & (d1 == 1)) | ((m2 == 1) & (d2 == 1))
    partial = ~whole | guessed
    year, month, day = y1 == y2, (m1 == m2) & (m1 > 0), (d1 == d2) & (d1 > 0)
    gap = np.abs(y1 - y2)
    changed, moved = _digits(one, other)
    same = year & month & day
    return np.select(
        [
            ~known,
            same & ~guessed,
            same,
            whole & year & (d1 == m2) & (m1 == d2),
            whole & (changed == 1) & ~(guessed & year),
            whole & moved,
            whole & month & day & ~guessed & ((gap <= 2) | (gap == 10)),
            year & month & partial,
            year & partial,
            year & (month | day),
            year,
            gap <= 3,
        ],
        [
            0,
            level("same_day"),
            level("first_of_january"),
            level("day_month_swapped"),
            level("one_digit"),
            level("digits_swapped"),
            level("same_day_other_year"),
            level("same_month"),
            level("same_year_partly"),
            level("year_and_part"),
            level("same_year"),
            level("near_years"),
        ],
        level("differs"),
    ).astype(np.uint8)


def _digits(one: Date, other: Date) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Count the digits of YYYYMMDD that differ, and tell whether two neighbours changed places and no more."""
    a = one[0] * 10_000 + one[1] * 100 + one[2]
    b = other[0] * 10_000 + other[1] * 100 + other[2]
    changed = np.zeros(a.size, np.int64)
    last, x_last, y_last = np.full(a.size, -9, np.int64), np.zeros(a.size, np.int64), np.zeros(a.size, np.int64)
    moved = np.zeros(a.size, bool)
    for place in range(8):
        x, y = a // 10**place % 10, b // 10**place % 10
        unlike = x != y
        changed += unlike
        moved |= unlike & (last == place - 1) & (x_last == y) & (y_last == x)
        last, x_last, y_last = (np.where(unlike, new, old) for new, old in ((place, last), (x, x_last), (y, y_last)))
    return changed, moved & (changed == 2)


def day_numbers(date: Date) -> Codes:
    """Give a number to whole days, near enough for gaps of a month (31-day months); 0 for partial dates."""
    year, month, day = date
    return np.where(day > 0, year * 372 + month * 31 + day, 0)
