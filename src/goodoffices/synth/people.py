"""Invented people as two sides would list them, with the truth kept beside.

Nobody here exists: given names are the common stock, surnames and places are put together from
words and endings. The same seed gives the same lists, byte for byte.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from goodoffices.domain.tables import RECORDS
from goodoffices.synth.arrays import Ints, texts
from goodoffices.synth.habits import Habits
from goodoffices.synth.held import held_list
from goodoffices.synth.population import Kin, Population, draw
from goodoffices.synth.writing import write

__all__ = ["Habits", "TwoLists", "held_list", "side_lists"]

_ON = dt.date(2025, 7, 23)


@dataclass(frozen=True, slots=True)
class TwoLists:
    """Two sides' lists of partly the same persons.

    Attributes
    ----------
    left, right
        In the form of `domain.tables.RECORDS`, in no order.
    truth
        Columns left_ref, right_ref: every pair of records of one person, duplicates included; sorted.
    """

    left: pl.DataFrame
    right: pl.DataFrame
    truth: pl.DataFrame


def _listed(people: Ints, persons: int, rng: np.random.Generator, duplicates: float) -> Ints:
    """Give the person behind each of the list's rows, some persons twice, shuffled."""
    twice = rng.choice(people, size=persons - people.size, replace=False) if duplicates else people[:0]
    return rng.permutation(np.concatenate([people, twice]))


def _list(
    everyone: Population, rows: Ints, script: str, *, letter: str, rng: np.random.Generator, habits: Habits
) -> pl.DataFrame:
    columns = write(everyone.take(rows), script, rng=rng, habits=habits)
    columns["ref"] = texts(f"{letter}-{number:06d}" for number in range(1, rows.size + 1))
    return RECORDS.check(
        pl.DataFrame({name: pl.Series(column.tolist(), dtype=pl.String) for name, column in columns.items()})
    )


def side_lists(
    persons: int, *, seed: int, left: str = "uk", right: str = "ru", overlap: float = 0.7, habits: Habits | None = None
) -> TwoLists:
    """Invent two sides' lists.

    Parameters
    ----------
    persons
        Rows of each list.
    seed
        Of all chance; equal arguments give equal lists.
    left, right
        The letters of each list: `uk`, `ru` or `latin` (eleven romanisations mixed).
    overlap
        Share of each list's persons who stand on the other too, 0 to 1.
    habits
        How the list keepers err; by default as often as the linkage benchmark was set.

    Returns
    -------
    TwoLists
        Both lists and the truth.

    Raises
    ------
    ValueError
        If persons, overlap or a script is out of bounds.
    """
    if persons < 1 or not 0 <= overlap <= 1:
        raise ValueError(f"found {persons} persons, overlap {overlap}; expected at least 1, and 0 to 1")
    habits = habits or Habits()
    rng = np.random.default_rng(seed)
    distinct = round(persons / (1 + habits.duplicates))
    shared = round(distinct * overlap)
    everyone = draw(2 * distinct - shared, rng=rng, on=_ON, kin=Kin(papers_ru=habits.papers_ru))
    order = rng.permutation(len(everyone))
    on_left = _listed(order[:distinct], persons, rng, habits.duplicates)
    on_right = _listed(order[distinct - shared :], persons, rng, habits.duplicates)
    lists = [
        _list(everyone, rows, script, letter=letter, rng=rng, habits=habits)
        for rows, script, letter in ((on_left, left, "A"), (on_right, right, "B"))
    ]
    who_left = pl.DataFrame({"person": on_left, "left_ref": lists[0]["ref"]})
    who_right = pl.DataFrame({"person": on_right, "right_ref": lists[1]["ref"]})
    truth = who_left.join(who_right, on="person").select("left_ref", "right_ref").sort("left_ref", "right_ref")
    return TwoLists(lists[0], lists[1], truth)
