"""Invented lists of persons held, with every column that an exchange needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl

from goodoffices.domain.tables import RECORDS
from goodoffices.synth.arrays import Flags, Floats, Ints, Texts, chance, pick, texts, zipf
from goodoffices.synth.habits import Habits
from goodoffices.synth.places import places
from goodoffices.synth.population import Kin, Population, birth_days, draw
from goodoffices.synth.romanise import romanise
from goodoffices.synth.writing import write

ON = dt.date(2025, 7, 23)
"""The day on which the lists are made."""
_TODAY = (ON - dt.date(1970, 1, 1)).days
_LONGEST_HELD = (ON - dt.date(2022, 2, 24)).days
_CARE = Habits(
    no_date=0.003, date_partial=0.012, date_year=0.0, date_wrong=0.0, no_rank=0.0, no_unit=0.03, no_number=0.1,
    no_place=0.03, no_given=0.0, no_patronymic=0.03, initials=0.002, swapped=0.003, other_rank=0.0,
)  # fmt: skip
_MEN = {"military": 0.92, "medical": 0.028, "chaplain": 0.002, "civilian": 0.0485, "child": 0.0015}
_WOMEN = {"military": 0.31, "medical": 0.27, "civilian": 0.4, "child": 0.02}
_WOMEN_SHARE = 0.065
_HEALTH = {"fit": 0.86, "wounded": 0.075, "seriously_wounded": 0.035, "seriously_ill": 0.03}
_STATUS = {"held": 0.968, "died": 0.008, "escaped": 0.002, "released": 0.004, "judicial_hold": 0.018}
_SITES = {
    "uk": ("Установа № {}", "Шпиталь № {}"),
    "ru": ("Учреждение № {}", "Госпиталь № {}"),
    "latin": ("Facility No. {}", "Hospital No. {}"),
}
_FACILITIES = 10
_NOTES = {
    "uk": ("дата народження уточнюється", "просить зв'язку з родиною"),
    "ru": ("дата рождения уточняется", "просит связи с семьёй"),
    "latin": ("date of birth to be checked", "asks for contact with family"),
}
SOLDIERS = ("military", "medical", "chaplain")
"""Categories that have a rank, a unit and a service number."""
_YOUNGEST = np.array([18] * 10 + [21, 21, 23, 25, 29, 33, 37])
"""Least age of each of `RANKS`."""


def _either(rng: np.random.Generator, rows: int, words: dict[str, float]) -> Texts:
    return texts(words)[pick(rng, rows, np.array(list(words.values())))]


def _categories(people: Population, rng: np.random.Generator) -> Texts:
    rows = len(people)
    category = np.where(people.female, _either(rng, rows, _WOMEN), _either(rng, rows, _MEN))
    category[(people.family >= 0) & (category == "child")] = "civilian"
    return category


def _aged(people: Population, category: Texts, rng: np.random.Generator) -> Population:
    """Draw ages: a hump of the young, a long tail, more years for higher ranks, children under 18."""
    rows = len(people)
    young = 18 + rng.integers(0, 8, size=rows)
    older = np.floor(22 + 36 * rng.beta(1.7, 2.4, size=rows)).astype(np.int64)
    ages: Ints = np.where(chance(rng, rows, 0.28), young, older)
    least = _YOUNGEST[people.rank]
    ages = np.where(ages < least, least + rng.integers(0, 9, size=rows), ages)
    civilian, child = category == "civilian", category == "child"
    ages[civilian] = rng.integers(18, 76, size=int(civilian.sum()))
    ages[child] = rng.integers(3, 18, size=int(child.sum()))
    # Brothers and twins keep the days drawn for them.
    return replace(people, born=np.where(people.family >= 0, people.born, birth_days(rng, ages, ON)))


def _with_families(people: Population, category: Texts, rng: np.random.Generator) -> Population:
    """Group who must not be separated: most brothers, couples of civilians, a child with an adult.

    Couples are near in age and share the surname; an adult is 20 years and more above the child, who bears
    the adult's surname, and his name as patronymic if he is a man.
    """
    group = people.family.copy()
    apart = chance(rng, int(group.max(initial=0)) + 1, 0.35)
    group[(group >= 0) & apart[np.maximum(group, 0)]] = -1
    top = int(people.family.max(initial=-1)) + 1
    adults = rng.permutation(np.flatnonzero((category == "civilian") & (people.family < 0)))
    children = np.flatnonzero(category == "child")[: adults.size]
    with_child, rest = adults[: children.size], adults[children.size :]
    women, men = rest[people.female[rest]], rest[~people.female[rest]]
    size = min(women.size, men.size) // 4
    couples = np.stack([men[:size], women[:size]], axis=1)
    group[children] = group[with_child] = top + np.arange(children.size)
    group[couples] = top + children.size + np.arange(len(couples))[:, None]
    surname, father = people.surname.copy(), people.father.copy()
    surname[children], surname[couples[:, 1]] = surname[with_child], surname[couples[:, 0]]
    born = people.born.copy()
    near = rng.integers(-1800, 1800, size=size)
    born[couples[:, 1]] = np.minimum(born[couples[:, 0]] + near, _TODAY - 19 * 365)
    born[with_child] = np.minimum(born[with_child], born[children] - rng.integers(20 * 365, 35 * 365, children.size))
    fathers = ~people.female[with_child]
    father[children[fathers]] = people.given[with_child[fathers]]
    return replace(people, surname=surname, father=father, born=born, family=group)


def _shared(column: Ints, group: Ints, kept: float, rng: np.random.Generator) -> Ints:
    """Give each group the value of its first member, in this share of the groups."""
    grouped = np.flatnonzero(group >= 0)
    _, first, which = np.unique(group[grouped], return_index=True, return_inverse=True)
    same = chance(rng, first.size, kept)[which]
    result = column.copy()
    result[grouped[same]] = column[grouped[first[which[same]]]]
    return result


def _held_days(people: Population, adult: Flags, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw days held and the wave of captures (0 to 3); nobody was captured as a soldier before 18."""
    rows = len(people)
    wave = rng.choice(4, size=rows, p=[0.22, 0.18, 0.2, 0.4])
    days = np.select(
        [wave == 0, wave == 1, wave == 2],
        [rng.normal(1160, 25, rows), rng.normal(760, 40, rows), rng.normal(330, 45, rows)],
        rng.integers(7, _LONGEST_HELD, size=rows),
    )
    of_age = np.where(adult, _TODAY - people.born - 6575, _TODAY - people.born - 365)
    return np.clip(days, 7, np.clip(of_age, 7, _LONGEST_HELD)).astype(np.int64), wave


def _captured_on(days_before: Ints, rng: np.random.Generator) -> Texts:
    days = np.datetime64(ON) - days_before.astype("timedelta64[D]")
    written = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    month_only = np.flatnonzero(chance(rng, written.size, 0.012))
    written[month_only] = [text[:7] for text in written[month_only]]
    written[chance(rng, written.size, 0.01)] = None
    return written


def _captured_at(place: Ints, script: str, rng: np.random.Generator) -> Texts:
    written = places().written["ru" if script == "ru" else "uk"][place].tolist()
    if script == "latin":
        written = romanise(written, "kmu_2010")
    column = texts(word[:1].upper() + word[1:] for word in written)
    column[chance(rng, column.size, 0.06)] = None
    return column


def _custody(
    people: Population, health: Texts, adult: Flags, *, rng: np.random.Generator, script: str
) -> dict[str, Texts]:
    rows, group = len(people), people.family
    days, wave = _held_days(people, adult, rng)
    front = 100 + wave * 20 + pick(rng, rows, zipf(25, offset=3.0, power=1.0))
    # Facilities are numbered from 0; the two hospitals come after them.
    facility = pick(rng, rows, zipf(_FACILITIES, offset=4.0, power=1.0))
    hospital = (health != "fit") & chance(rng, rows, 0.7)
    site = np.where(hospital, _FACILITIES + rng.integers(0, 2, size=rows), facility)
    words = [_SITES[script][0].format(at + 1) for at in range(_FACILITIES)]
    words += [_SITES[script][1].format(at + 1) for at in range(2)]
    weak: Floats = np.select(
        [np.isin(health, ("seriously_wounded", "seriously_ill")), health == "wounded"], [0.25, 0.06], 0.002
    )
    fit = np.where(chance(rng, rows, weak), "no", "yes").astype(object)
    fit[chance(rng, rows, 0.25) & (fit == "yes")] = None
    return {
        "captured_on": _captured_on(_shared(days, group, 0.9, rng), rng),
        "captured_at": _captured_at(_shared(front, group, 0.9, rng), script, rng),
        "held_at": texts(words)[_shared(site, group, 0.8, rng)],
        "fit_to_travel": fit,
        "status": _either(rng, rows, _STATUS),
    }


def _wishes(category: Texts, health: Texts, female: Flags, rng: np.random.Generator) -> dict[str, Texts]:
    rows = category.size
    pull: Floats = 0.12 + 0.15 * (health != "fit") + 0.12 * female + 0.1 * (category != "military")
    requested = _either(rng, rows, {"1": 0.25, "2": 0.35, "3": 0.4})
    requested[rng.random(rows) >= pull] = None
    withheld = np.where(chance(rng, rows, 0.03), "yes", "no").astype(object)
    withheld[chance(rng, rows, 0.5) & (withheld == "no")] = None
    return {"requested": requested, "withheld": withheld}


def _notes(birth_date: Texts, script: str, rng: np.random.Generator) -> Texts:
    unsure, contact = _NOTES[script]
    notes = texts(unsure if text is None or len(text) < 10 else None for text in birth_date.tolist())
    notes[chance(rng, notes.size, 0.02)] = contact
    return notes


def _family_names(group: Ints) -> Texts:
    names = np.full(group.size, None, dtype=object)
    grouped = np.flatnonzero(group >= 0)
    _, number = np.unique(group[grouped], return_inverse=True)
    names[grouped] = [f"F{at + 1:04d}" for at in number.tolist()]
    return names


def held_people(persons: int, *, script: str, rng: np.random.Generator) -> tuple[Population, Texts]:
    """Draw the persons behind a held list, and the category of each.

    Parameters
    ----------
    persons
        How many.
    script
        The letters of the holder's list; they say whose papers most have.
    rng
        Fresh from the list's seed: the same then gives the same persons.
    """
    people = draw(
        persons, rng=rng, on=ON, kin=Kin(women=_WOMEN_SHARE, papers_ru={"uk": 0.97, "ru": 0.02}.get(script, 0.5))
    )
    category = _categories(people, rng)
    return _with_families(_aged(people, category, rng), category, rng), category


def without_service(columns: dict[str, Texts], soldier: Flags) -> dict[str, Texts]:
    """Take rank, unit and service number from whoever is no soldier."""
    service = ("rank", "unit", "service_number")
    return columns | {name: np.where(soldier, columns[name], np.array(None)) for name in service}


def held_list(persons: int, *, seed: int, script: str) -> pl.DataFrame:
    """Invent the list of persons whom one side holds, fit for composing an exchange.

    Parameters
    ----------
    persons
        Rows, at least 1.
    seed
        Of all chance; equal arguments give equal lists.
    script
        The letters of the list: `uk` (nearly all with Russian papers), `ru` (with Ukrainian papers) or
        `latin` (half and half).

    Returns
    -------
    pl.DataFrame
        In the form of `domain.tables.RECORDS`, rows by ref; every column but `full_name` is used.

    Raises
    ------
    ValueError
        If the script is another, or persons is under 1.
    """
    if persons < 1:
        raise ValueError(f"found {persons} persons, expected at least 1")
    rng = np.random.default_rng(seed)
    people, category = held_people(persons, script=script, rng=rng)
    columns = without_service(write(people, script, rng=rng, habits=_CARE), np.isin(category, SOLDIERS))
    health = _either(rng, persons, _HEALTH)
    columns |= _custody(people, health, category != "child", rng=rng, script=script)
    columns |= _wishes(category, health, people.female, rng)
    columns |= {
        "ref": texts(f"{script.upper()[:2]}-{number:06d}" for number in range(1, persons + 1)),
        "category": category,
        "health": health,
        "family": _family_names(people.family),
        "note": _notes(columns["birth_date"], script, rng),
    }
    frame = pl.DataFrame({name: pl.Series(column.tolist(), dtype=pl.String) for name, column in columns.items()})
    return RECORDS.check(frame).sort("ref")
