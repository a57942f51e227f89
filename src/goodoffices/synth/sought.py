"""Invented lists of persons whom one side seeks; most of them stand on the other side's list of persons held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from goodoffices.domain.tables import RECORDS
from goodoffices.synth.arrays import Flags, texts
from goodoffices.synth.habits import Habits
from goodoffices.synth.held import ON, SOLDIERS, held_people, without_service
from goodoffices.synth.population import Kin, Population, draw
from goodoffices.synth.writing import write


@dataclass(frozen=True, slots=True)
class Held:
    """A list of persons held, with what it was made with.

    Attributes
    ----------
    records
        As `held_list(len(records), seed=seed, script=script)` gave it.
    seed, script
        Its seed and its letters.
    """

    records: pl.DataFrame
    seed: int
    script: str


@dataclass(frozen=True, slots=True)
class Sought:
    """A list of persons sought, with the truth.

    Attributes
    ----------
    records
        In the form of `domain.tables.RECORDS`, in no order.
    truth
        Columns held_ref, sought_ref: every person who stands on both lists; sorted by held_ref.
    """

    records: pl.DataFrame
    truth: pl.DataFrame


def sought_list(held: Held, *, persons: int, seed: int, script: str, share: float = 0.7) -> Sought:
    """Invent whom the other side seeks of those on a held list, written in its own letters with its own mistakes.

    Parameters
    ----------
    held
        The list on which most of them stand.
    persons
        Rows of the list; at least as many as are found.
    seed
        Of all chance; equal arguments give equal lists.
    script
        The letters of the list: `uk`, `ru` or `latin`.
    share
        Share of those held who are sought, 0 to 1.

    Returns
    -------
    Sought
        The list and who is who.

    Raises
    ------
    ValueError
        If fewer rows are asked for than persons are found, or the share is out of bounds.
    """
    rows = held.records.height
    found = round(rows * share)
    if not 0 <= share <= 1 or persons < found:
        raise ValueError(f"found share {share} and {persons} persons, expected 0 to 1 and at least {found}")
    people, category = held_people(rows, script=held.script, rng=np.random.default_rng(held.seed))
    rng = np.random.default_rng(seed)
    who = np.sort(rng.permutation(rows)[:found])
    others = persons - found
    frames = [_written(people.take(who), script, rng, soldier=np.isin(category[who], SOLDIERS))]
    if others:
        papers = {"uk": 0.02, "ru": 0.97}.get(script, 0.5)
        strangers = draw(others, rng=rng, on=ON, kin=Kin(papers_ru=papers))
        frames.append(_written(strangers, script, rng, soldier=np.ones(others, dtype=np.bool_)))
    order = rng.permutation(persons)
    numbers = np.empty(persons, dtype=np.int64)
    numbers[order] = np.arange(persons)
    references = texts(f"S-{number + 1:06d}" for number in numbers.tolist())
    records = pl.concat(frames).with_columns(ref=pl.Series(references.tolist(), dtype=pl.String))
    truth = pl.DataFrame({"held_ref": held.records["ref"].gather(who), "sought_ref": records["ref"].head(found)})
    return Sought(RECORDS.check(records[order.tolist()]), truth.sort("held_ref"))


def _written(people: Population, script: str, rng: np.random.Generator, *, soldier: Flags) -> pl.DataFrame:
    columns = without_service(write(people, script, rng=rng, habits=Habits(duplicates=0.0)), soldier)
    return pl.DataFrame({name: pl.Series(column.tolist(), dtype=pl.String) for name, column in columns.items()})
