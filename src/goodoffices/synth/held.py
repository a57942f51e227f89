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
_CARE = Habits(
    no_date=0.002, date_partial=0.01, no_rank=0.0, no_unit=0.03, no_number=0.1, initials=0.002, duplicates=0.0
)
_CATEGORIES = ("military", "medical", "chaplain", "civilian", "child")
_CATEGORY_SHARES = np.array([0.905, 0.03, 0.002, 0.06, 0.003])
_WORDS = {
    "uk": ("Установа № {}", "Шпиталь № {}"),
    "ru": ("Учреждение № {}", "Госпиталь № {}"),
    "latin": ("Facility No. {}", "Hospital No. {}"),
}
_SITES = 10


def _either(rng: np.random.Generator, rows: int, words: dict[str, float]) -> Texts:
    return texts(words)[pick(rng, rows, np.array(list(words.values())))]


def _ages(rng: np.random.Generator, category: Texts, officer: Flags) -> Ints:
    """Draw ages in whole years: a hump of conscripts, a long tail; officers older; children under 18."""
    rows = category.size
    young = 18 + rng.integers(0, 8, size=rows)
    older = np.floor(22 + 36 * rng.beta(1.7, 2.4, size=rows)).astype(np.int64)
    ages: Ints = np.where(chance(rng, rows, 0.24) & ~officer, young, older)
    ages[officer] = np.maximum(ages[officer], 23)
    civilian = category == "civilian"
    ages[civilian] = rng.integers(18, 76, size=int(civilian.sum()))
    child = category == "child"
    ages[child] = rng.integers(3, 18, size=int(child.sum()))
    return ages


def _captured(rng: np.random.Generator, rows: int, days_of_war: int = 1245) -> Ints:
    """Draw days held by the day of the list: three waves and a steady trickle."""
    wave = rng.choice(4, size=rows, p=[0.22, 0.18, 0.2, 0.4])
    days = np.select(
        [wave == 0, wave == 1, wave == 2],
        [rng.normal(1160, 25, rows), rng.normal(760, 40, rows), rng.normal(330, 45, rows)],
        rng.integers(7, days_of_war, size=rows),
    )
    held: Ints = np.clip(days, 7, days_of_war).astype(np.int64)
    return held


def _day_texts(days_before: Ints, rng: np.random.Generator) -> Texts:
    days = np.datetime64(ON) - days_before.astype("timedelta64[D]")
    written = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    written[chance(rng, written.size, 0.01)] = None
    month_only = np.flatnonzero(chance(rng, written.size, 0.01) & (written != np.array(None)))
    written[month_only] = [text[:7] for text in written[month_only]]
    return written


def _sites(rng: np.random.Generator, health: Texts, script: str) -> Texts:
    """Give where each is held: ten facilities, two hospitals for most of the sick and wounded."""
    facility, hospital = _WORDS[script]
    rows = health.size
    number = pick(rng, rows, zipf(_SITES, offset=4.0, power=1.0)) + 1
    ward = rng.integers(1, 3, size=rows)
    treated = (health != "fit") & chance(rng, rows, 0.7)
    pairs = zip(treated.tolist(), ward.tolist(), number.tolist(), strict=True)
    return texts(hospital.format(one) if ill else facility.format(two) for ill, one, two in pairs)


def _families(persons: Population, captured: Ints, category: Texts, rng: np.random.Generator) -> tuple[Texts, Ints]:
    """Name groups that must not be separated: brothers held together, civilians with children."""
    rows = len(persons)
    group = persons.family.copy()
    top = int(group.max(initial=-1)) + 1
    adults = np.flatnonzero((category == "civilian") & (group < 0))
    for child in np.flatnonzero(category == "child").tolist():
        if adults.size:
            group[child] = group[adults[0]] = top
            captured[child] = captured[adults[0]]
            adults, top = adults[1:], top + 1
    couples = adults[: adults.size // 10 // 2 * 2]
    group[couples] = top + np.arange(couples.size) // 2
    captured[couples[1::2]] = captured[couples[::2]]
    counts = np.bincount(group[group >= 0], minlength=1)
    single = (group >= 0) & (counts[np.maximum(group, 0)] < 2)
    group[single] = -1
    brothers = persons.family
    kept = chance(rng, int(brothers.max(initial=-1)) + 1, 0.6)
    apart = (
        (brothers >= 0) & (group == brothers) & ~kept[np.maximum(brothers, 0)] if kept.size else np.zeros(rows, bool)
    )
    group[apart] = -1
    _, order = np.unique(group[group >= 0], return_inverse=True)
    names = np.full(rows, None, dtype=object)
    names[group >= 0] = [f"F{number + 1:04d}" for number in order.tolist()]
    return names, captured


def held_list(persons: int, *, seed: int, script: str) -> pl.DataFrame:
    """Invent the list of persons whom one side holds, fit for composing an exchange.

    Parameters
    ----------
    persons
        Rows.
    seed
        Of all chance.
    script
        The letters of the list: `uk` (mostly persons with Russian papers), `ru` (Ukrainian papers) or `latin` (both).

    Returns
    -------
    pl.DataFrame
        In the form of `domain.tables.RECORDS`, rows by ref, every column of the contract used.

    Raises
    ------
    ValueError
        If the script is another, or persons is under 1.
    """
    if persons < 1:
        raise ValueError(f"found {persons} persons, expected at least 1")
    rng = np.random.default_rng(seed)
    kin = Kin(women=0.045, papers_ru={"uk": 0.97, "ru": 0.02}.get(script, 0.5))
    people = draw(persons, rng=rng, on=ON, kin=kin)
    category = _categories(people, rng)
    is_soldier = np.isin(category, ("military", "medical", "chaplain"))
    people = _aged(people, category, rng)
    columns = write(people, script, rng=rng, habits=_CARE)
    for name in ("rank", "unit", "service_number"):
        columns[name][~is_soldier] = None
    health = _either(rng, persons, {"fit": 0.86, "wounded": 0.075, "seriously_wounded": 0.035, "seriously_ill": 0.03})
    family, held_days = _families(people, _captured(rng, persons), category, rng)
    columns |= _custody(people, health, held_days, rng=rng, script=script)
    columns |= {"ref": _refs(persons, script), "category": category, "health": health, "family": family}
    columns |= _wishes(category, health, people.female, rng)
    frame = pl.DataFrame({name: pl.Series(column.tolist(), dtype=pl.String) for name, column in columns.items()})
    return RECORDS.check(frame).sort("ref")


def _refs(rows: int, script: str) -> Texts:
    return texts(f"{script.upper()[:2]}-{number:06d}" for number in range(1, rows + 1))


def _categories(people: Population, rng: np.random.Generator) -> Texts:
    rows = len(people)
    category = texts(_CATEGORIES)[pick(rng, rows, _CATEGORY_SHARES)]
    officer = people.rank >= 10
    # Chaplains are men here; women are more often medical or civilian.
    category[(category == "chaplain") & people.female] = "medical"
    category[people.female & (category == "military") & chance(rng, rows, 0.3)] = "civilian"
    category[people.female & (category == "military") & chance(rng, rows, 0.3)] = "medical"
    category[officer & (category == "child")] = "military"
    return category


def _aged(people: Population, category: Texts, rng: np.random.Generator) -> Population:
    officer = people.rank >= 10
    born = birth_days(rng, _ages(rng, category, officer), ON)
    # Twins keep one day, brothers the days drawn for them.
    kin = (people.family >= 0) & (category != "child")
    return replace(people, born=np.where(kin, people.born, born))


def _custody(
    people: Population, health: Texts, held_days: Ints, *, rng: np.random.Generator, script: str
) -> dict[str, Texts]:
    rows = len(people)
    where = places().written["ru" if script == "ru" else "uk"]
    front = pick(rng, rows, zipf(60, offset=5.0, power=1.0))
    captured_at = texts(word.capitalize() for word in where[front])
    if script == "latin":
        captured_at = texts(word.capitalize() for word in romanise(where[front].tolist(), "kmu_2010"))
    captured_at[chance(rng, rows, 0.06)] = None
    unfit = (health != "fit") & chance(rng, rows, 0.12)
    fit = np.where(unfit, "no", "yes").astype(object)
    fit[chance(rng, rows, 0.25) & ~unfit] = None
    held_at = _sites(rng, health, script)
    _together(held_at, people.family)
    return {
        "captured_on": _day_texts(held_days, rng),
        "captured_at": captured_at,
        "held_at": held_at,
        "fit_to_travel": fit,
        "status": _either(
            rng, rows, {"held": 0.968, "died": 0.008, "escaped": 0.002, "released": 0.004, "judicial_hold": 0.018}
        ),
    }


def _together(held_at: Texts, family: Ints) -> None:
    """Put two in three groups of brothers into one place."""
    first: dict[int, int] = {}
    for row in np.flatnonzero((family >= 0) & (family % 3 != 0)).tolist():
        held_at[row] = held_at[first.setdefault(int(family[row]), row)]


def _wishes(category: Texts, health: Texts, female: Flags, rng: np.random.Generator) -> dict[str, Texts]:
    rows = category.size
    pull: Floats = 0.12 + 0.15 * (health != "fit") + 0.12 * female + 0.1 * (category != "military")
    asked = rng.random(rows) < pull
    requested = _either(rng, rows, {"1": 0.25, "2": 0.35, "3": 0.4})
    requested[~asked] = None
    withheld = np.where(chance(rng, rows, 0.03), "yes", "no").astype(object)
    withheld[chance(rng, rows, 0.5) & (withheld == "no")] = None
    note = np.full(rows, None, dtype=object)
    return {"requested": requested, "withheld": withheld, "note": note}
