"""Invented persons: who they are, before anyone writes them down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace

import numpy as np

from goodoffices.synth.arrays import Flags, Ints, Texts, chance, pick, texts, zipf
from goodoffices.synth.given import given_names
from goodoffices.synth.places import places
from goodoffices.synth.surnames import surnames

RANKS = (
    "private", "senior_private", "junior_sergeant", "sergeant", "senior_sergeant", "chief_sergeant", "staff_sergeant",
    "master_sergeant", "starshina", "warrant_officer", "junior_lieutenant", "lieutenant", "senior_lieutenant",
    "captain", "major", "lieutenant_colonel", "colonel",
)  # fmt: skip
"""Ranks of both armies by their canonical names, lowest first."""
_RANK_SHARES = np.array([
    [36, 16, 11, 11, 6, 3, 2, 2, 0, 0, 1.2, 3.2, 3, 2.4, 1.5, 1.0, 0.5],
    [44, 13, 11, 10, 6, 0, 0, 0, 2, 2, 0.6, 3.4, 3, 2.4, 1.5, 1.0, 0.5],
])  # fmt: skip
"""Rank shares of the army with Ukrainian papers, then of the one with Russian papers."""
_UNITS = 420
_EPOCH = dt.date(1970, 1, 1)
_LETTERS = "АВЕКМНОРСТ"


@dataclass(frozen=True, slots=True)
class Population:
    """Persons as columns, row by row; numbers point into the stocks.

    Attributes
    ----------
    surname, maiden, given, father, place, unit, rank
        Numbers of the surname, the surname before marriage (-1: none), the given name, the father's
        name, the birth place, the military unit and the rank.
    female, papers_ru
        Whether a woman; whether the person's own papers are in Russian (else in Ukrainian).
    born
        Day of birth, in days since 1970-01-01.
    number
        The service number.
    family
        Number of the group of brothers or twins (-1: none).
    """

    surname: Ints
    maiden: Ints
    given: Ints
    father: Ints
    place: Ints
    unit: Ints
    rank: Ints
    female: Flags
    papers_ru: Flags
    born: Ints
    number: Texts
    family: Ints

    def __len__(self) -> int:
        return len(self.surname)

    def take(self, rows: Ints) -> Population:
        """Give the persons of these rows."""
        return Population(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})


@dataclass(frozen=True, slots=True)
class Kin:
    """How many persons resemble another one.

    Attributes
    ----------
    brothers, twins, namesakes
        Shares of persons made so, 0 to 1.
    women, papers_ru
        Share of women; share whose own papers are in Russian.
    """

    brothers: float = 0.011
    twins: float = 0.003
    namesakes: float = 0.006
    women: float = 0.06
    papers_ru: float = 0.3


def _service_numbers(rng: np.random.Generator, rows: int) -> Texts:
    first, second = rng.integers(len(_LETTERS), size=(2, rows))
    digits = rng.integers(1_000_000, size=rows)
    columns = zip(first.tolist(), second.tolist(), digits.tolist(), strict=True)
    return texts(f"{_LETTERS[one]}{_LETTERS[two]}-{number:06d}" for one, two, number in columns)


def _given(rng: np.random.Generator, female: Flags) -> Ints:
    stock = given_names()
    return np.where(female, pick(rng, female.size, stock.women), pick(rng, female.size, stock.men))


def _ranks(rng: np.random.Generator, papers_ru: Flags) -> Ints:
    uk, ru = (pick(rng, papers_ru.size, shares / shares.sum()) for shares in _RANK_SHARES)
    return np.where(papers_ru, ru, uk)


def birth_days(rng: np.random.Generator, ages: Ints, on: dt.date) -> Ints:
    """Draw a day of birth (days since 1970-01-01) for each age in whole years on the day `on`."""
    today = (on - _EPOCH).days
    return today - np.ceil(ages * 365.2425 + rng.random(ages.size) * 365.2).astype(np.int64)


def _ages(rng: np.random.Generator, rows: int) -> Ints:
    drawn = 18 + 42 * rng.beta(1.5, 2.3, size=rows)
    return np.floor(drawn).astype(np.int64)


def draw(rows: int, *, rng: np.random.Generator, on: dt.date, kin: Kin) -> Population:
    """Draw persons; their brothers, twins and namesakes are among them."""
    female = chance(rng, rows, kin.women)
    papers_ru = chance(rng, rows, kin.papers_ru)
    names = surnames()
    drawn = Population(
        surname=pick(rng, rows, names.shares),
        maiden=np.where(female & chance(rng, rows, 0.6), pick(rng, rows, names.shares), -1),
        given=_given(rng, female),
        father=pick(rng, rows, given_names().fathers),
        place=pick(rng, rows, places().shares),
        unit=pick(rng, rows, zipf(_UNITS, offset=10.0, power=0.6)),
        rank=_ranks(rng, papers_ru),
        female=female,
        papers_ru=papers_ru,
        born=birth_days(rng, _ages(rng, rows), on),
        number=_service_numbers(rng, rows),
        family=np.full(rows, -1, dtype=np.int64),
    )
    return _relate(drawn, rng, kin)


def _relate(drawn: Population, rng: np.random.Generator, kin: Kin) -> Population:
    """Turn some persons into brothers, twins and namesakes of others."""
    rows = len(drawn)
    counts = [round(rows * share) for share in (kin.brothers, kin.twins, kin.namesakes)]
    mixed = rng.permutation(rows)
    changed, models = mixed[: sum(counts)], mixed[sum(counts) : 2 * sum(counts)]
    brothers, twins, namesakes = np.split(np.arange(changed.size), np.cumsum(counts)[:2])
    siblings = np.concatenate([brothers, twins])
    columns = {column.name: getattr(drawn, column.name).copy() for column in fields(drawn)}

    def copy(which: Ints, *names: str) -> None:
        for name in names:
            columns[name][changed[which]] = columns[name][models[which]]

    copy(siblings, "surname", "father", "place", "papers_ru", "female")
    copy(siblings[chance(rng, siblings.size, 0.35)], "unit")
    columns["maiden"][changed[siblings]] = -1
    columns["maiden"][models[siblings]] = -1
    copy(twins, "born")
    born = columns["born"][models[brothers]]
    apart = 365 * rng.integers(1, 9, size=brothers.size) + rng.integers(-60, 150, size=brothers.size)
    # The brother of someone young is the elder one: nobody becomes a child by having a brother.
    younger = chance(rng, brothers.size, 0.5) & (born + apart < np.median(drawn.born))
    columns["born"][changed[brothers]] = born + np.where(younger, apart, -apart)
    columns["family"][changed[siblings]] = columns["family"][models[siblings]] = np.arange(siblings.size)
    copy(namesakes, "surname", "given", "father", "female", "papers_ru")
    result = replace(drawn, **columns)
    # Brothers have two names: one that comes out the same is drawn anew.
    again = siblings
    while again.size:
        result.given[changed[again]] = _given(rng, result.female[changed[again]])
        again = again[result.given[changed[again]] == result.given[models[again]]]
    return result
