"""Which pairs are worth comparing: the union of rules, each an equality of columns, with blocks that cannot explode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.people import MISSING, Lists, People

Codes = npt.NDArray[np.int64]

CAP = 2_000
"""A block of more pairs than this is split by year of birth."""

HARD_CAP = 20_000
"""A block, or a part of one, of more pairs than this is left to the other rules, unless the lists are small."""

SMALL = 250_000
"""Lists of at most this many pairs in all are compared whole."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Pairs that agree in some columns.

    Attributes
    ----------
    name
        As reports name it.
    left, right
        Columns of the left and of the right record that must be equal, in order.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]


def _same(name: str) -> Rule:
    columns = tuple(name.split("+"))
    return Rule(name, columns, columns)


RULES = (
    *map(
        _same,
        (
            "date", "service", "surname+initial", "surname+year", "surname+day", "stem+given+year", "stem+day",
            "given+father+year", "given+father+day", "initial+unit+day", "middle+given+father", "middle+initial+year",
            "given+place+year", "surname+place", "surname+father", "formal+father+year", "formal+father+day",
            "surname+formal", "unit+place+year", "formal+unit+year", "given+place+day", "surname+unit",
            "given+date_near", "sound_head+day+formal",
            "formal+unit",
            "unit+place",
        ),
    ),
    Rule("year+day_swapped", ("year", "day"), ("year", "day_swapped")),
    Rule("names_swapped", ("surname", "given"), ("given", "surname")),
    Rule("surname_as_given+day", ("surname", "day"), ("given", "day")),
    Rule("given_as_surname+day", ("given", "day"), ("surname", "day")),
    Rule("other_surname+formal", ("other", "formal"), ("surname", "formal")),
    Rule("surname_other+formal", ("surname", "formal"), ("other", "formal")),
)  # fmt: skip
"""Rules, measured on invented lists (`docs/linkage.md`). Columns: see `_columns`."""


def candidates(lists: Lists, start: int = 0, stop: int | None = None) -> Codes:
    """Give the pairs that share a block, as `left * right.size + right`, ascending, each once.

    Within one list only pairs with left < right. Every pair if there are at most `SMALL`. Slices of the left list,
    put together, give the same pairs as the whole.

    Parameters
    ----------
    lists
        The two lists.
    start, stop
        Rows of the left list.
    """
    n_left, n_right = lists.left.size, lists.right.size
    stop = n_left if stop is None else stop
    if n_left * n_right <= SMALL:
        every: Codes = np.arange(start * n_right, stop * n_right, dtype=np.int64)
        return every[every // n_right < every % n_right] if lists.within else every
    left, right = _columns(lists, lists.left), _columns(lists, lists.right)
    found = np.zeros(0, np.int64)
    for rule in RULES:
        i, j = _join(rule, left, right, (start, stop))
        if lists.within:
            keep = i < j
            i, j = i[keep], j[keep]
        found = _union(found, i * n_right + j)
    twins = _paired_twins(lists)
    return _union(found, twins[(twins >= start * n_right) & (twins < stop * n_right)])


def _signatures(lists: Lists) -> tuple[Codes, Codes]:
    """Give each record a number for all that it states; equal in everything, equal in number."""
    columns = sorted(lists.left.columns)
    rows = np.concatenate([np.stack([side.columns[name] for name in columns], 1) for side in (lists.left, lists.right)])
    numbers = np.unique(rows, axis=0, return_inverse=True)[1].astype(np.int64).ravel()
    return numbers[: lists.left.size], numbers[lists.left.size :]


def identical(lists: Lists) -> int:
    """Count the left list's records that are equal in all they state to more than ten of the same list."""
    counts = np.bincount(_signatures(lists)[0])
    return int(counts[counts > 10].sum())


def _paired_twins(lists: Lists) -> Codes:
    """Pair records equal in everything one by one, lest a block too large to compare loses them all."""
    left, right = _signatures(lists)
    n_right = lists.right.size
    order = np.argsort(left, kind="stable")
    if lists.within:
        same = left[order][1:] == left[order][:-1]
        pairs: Codes = np.minimum(order[1:], order[:-1])[same] * n_right + np.maximum(order[1:], order[:-1])[same]
        return pairs
    other = np.argsort(right, kind="stable")
    place_left = np.arange(order.size) - np.searchsorted(left[order], left[order])
    place_right = np.arange(other.size) - np.searchsorted(right[other], right[other])
    wide = max(order.size, other.size) + 1
    keys, at_left, at_right = np.intersect1d(
        left[order] * wide + place_left, right[other] * wide + place_right, return_indices=True
    )
    del keys
    return order[at_left] * n_right + other[at_right]


def _union(one: Codes, other: Codes) -> Codes:
    merged = np.concatenate([one, np.sort(other)])
    merged.sort(kind="stable")
    if merged.size:
        merged = merged[np.concatenate([np.ones(1, bool), merged[1:] != merged[:-1]])]
    return merged


def _join(rule: Rule, left: dict[str, Codes], right: dict[str, Codes], rows: tuple[int, int]) -> tuple[Codes, Codes]:
    """Give the pairs of one rule whose left row lies in the slice; block sizes are those of the whole lists."""
    rows_left, key_left, rows_right, key_right = _keys(rule, left, right)
    i, j, rest = _within_blocks(rows_left, key_left, rows_right, key_right, (CAP, *rows))
    if not rest.size:
        return i, j
    # Too many share the block: split it by year of birth, and leave what is still too large.
    parts = [(i, j)]
    big_left, big_right = np.isin(key_left, rest), np.isin(key_right, rest)
    years = [left["year"][rows_left[big_left]], right["year"][rows_right[big_right]]]
    wide = np.unique(
        np.concatenate([key_left[big_left] * 10_000 + years[0], key_right[big_right] * 10_000 + years[1]]),
        return_inverse=True,
    )[1]
    keys = [wide[: years[0].size], wide[years[0].size :]]
    known = [years[0] > 0, years[1] > 0]
    i, j, _ = _within_blocks(
        rows_left[big_left][known[0]],
        keys[0][known[0]],
        rows_right[big_right][known[1]],
        keys[1][known[1]],
        (HARD_CAP, *rows),
    )
    parts.append((i, j))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _keys(rule: Rule, left: dict[str, Codes], right: dict[str, Codes]) -> tuple[Codes, Codes, Codes, Codes]:
    """Give a number to the combinations of a rule's columns; records that lack one of them are left out."""
    full_left = np.logical_and.reduce([left[column] != MISSING for column in rule.left])
    full_right = np.logical_and.reduce([right[column] != MISSING for column in rule.right])
    rows_left, rows_right = np.flatnonzero(full_left), np.flatnonzero(full_right)
    key_left, key_right = np.zeros(rows_left.size, np.int64), np.zeros(rows_right.size, np.int64)
    for one, other in zip(rule.left, rule.right, strict=True):
        joint = np.concatenate([left[one][rows_left], right[other][rows_right]])
        width = int(joint.max(initial=0)) + 1
        both = np.concatenate([key_left, key_right]) * width + joint
        both = np.unique(both, return_inverse=True)[1] if both.size and both.max() > 2**40 else both
        key_left, key_right = both[: rows_left.size], both[rows_left.size :]
    both = np.unique(np.concatenate([key_left, key_right]), return_inverse=True)[1].astype(np.int64)
    return rows_left, both[: rows_left.size], rows_right, both[rows_left.size :]


def _within_blocks(
    rows_left: Codes, key_left: Codes, rows_right: Codes, key_right: Codes, limits: tuple[int, int, int]
) -> tuple[Codes, Codes, Codes]:
    """Join equal keys; give the pairs of a slice of left rows, and the keys with more pairs than the cap."""
    cap, first_row, stop_row = limits
    order = np.argsort(key_right, kind="stable")
    sorted_right, rows_right = key_right[order], rows_right[order]
    start = np.searchsorted(sorted_right, key_left, "left")
    count = np.searchsorted(sorted_right, key_left, "right") - start
    size = np.bincount(key_left) if key_left.size else np.zeros(0, np.int64)
    too_big = size[key_left] * count > cap
    rest = np.unique(key_left[too_big])
    count = np.where(too_big | (rows_left < first_row) | (rows_left >= stop_row), 0, count)
    i = np.repeat(rows_left, count)
    first = np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]) if count.size else start, count)
    j = rows_right[np.arange(i.size) + first] if i.size else np.zeros(0, np.int64)
    return i, j, rest


def _columns(lists: Lists, people: People) -> dict[str, Codes]:
    """Give the columns that rules speak of, MISSING where not stated.

    `surname`, `given`: consonant keys; `father`: the father's name; `formal`: the given name in any language;
    `stem`, `middle`: first three, and second to fifth, signs of the surname's key; `year`, `day`: of birth,
    the first of January left out (it stands for "unknown"); `date`: both.
    """
    words, stated = lists.words["name"], people.columns

    def by_word(key: str, column: str) -> Codes:
        numbers = stated[column]
        return np.where(numbers == MISSING, MISSING, words.keys[key][numbers]) if len(words.texts) else numbers

    year, month, day = (stated[f"birth_{part}"] for part in ("year", "month", "day"))
    whole = (month > 0) & (day > 0) & ~((month == 1) & (day == 1))
    columns = {
        "surname": by_word("key", "surname"),
        "stem": by_word("stem", "surname"),
        "middle": by_word("middle", "surname"),
        "sound_head": by_word("initial", "surname"),
        "given": _long(by_word("key", "given"), by_word("one_letter", "given")),
        "formal": _long(by_word("formal", "given"), by_word("one_letter", "given")),
        "father": _long(by_word("father", "patronymic"), by_word("one_letter", "patronymic")),
        "initial": by_word("initial", "given"),
        "other": by_word("key", "other"),
        "place": stated["place"],
        "unit": stated["unit"],
        "service": stated["service"],
        "year": np.where(year > 0, year, MISSING),
        "day": np.where(whole, month * 32 + day, MISSING),
        "day_swapped": np.where(whole & (day <= 12), day * 32 + month, MISSING),
        "date": np.where(whole & (year > 0), (year * 16 + month) * 32 + day, MISSING),
    }
    columns["date_near"] = np.where(whole & (year > 0), year * 16 + month, MISSING)
    return columns


def _long(numbers: Codes, one_letter: Codes) -> Codes:
    return np.where(one_letter == 1, MISSING, numbers)


def rule_sizes(lists: Lists) -> dict[str, int]:
    """Count the pairs of each rule, for reports."""
    left, right = _columns(lists, lists.left), _columns(lists, lists.right)
    return {rule.name: _join(rule, left, right, (0, lists.left.size))[0].size for rule in RULES}
