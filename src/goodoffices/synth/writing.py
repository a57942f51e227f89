"""A list keeper writes persons down, in his letters and with his habits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodoffices.synth.arrays import Flags, Floats, Ints, Texts, chance, texts
from goodoffices.synth.given import given_names
from goodoffices.synth.habits import Habits
from goodoffices.synth.places import places
from goodoffices.synth.population import RANKS, Population
from goodoffices.synth.romanise import SCHEMES, romanise
from goodoffices.synth.slips import birth_dates, slip_digit, slip_some
from goodoffices.synth.surnames import surnames

SCHEME_SHARES = {
    "kmu_2010": 0.36, "passport_uk": 0.14, "bgn_uk": 0.12, "informal_uk": 0.06, "polish": 0.04, "icao_ru": 0.06,
    "bgn_ru": 0.04, "informal_ru": 0.03, "iso_9": 0.04, "turkish": 0.06, "german": 0.05,
}  # fmt: skip
"""How often each romanisation is met in a Latin list."""
SCRIPTS = ("uk", "ru", "latin")


@dataclass(frozen=True, slots=True)
class _Names:
    surname: Texts
    given_name: Texts
    patronymic: Texts
    birth_place: Texts


def _care(persons: Population, script: str, habits: Habits) -> Floats:
    """Give the factor on mistakes and gaps, per person: less where the list is in the language of his own papers."""
    at_home = persons.papers_ru if script == "ru" else ~persons.papers_ru & (script == "uk")
    return np.where(at_home, habits.at_home, habits.in_latin if script == "latin" else 1.0)


def _matrix(spellings: tuple[Texts, ...]) -> Texts:
    """Give two columns: the usual spelling, and another one (the same where there is none)."""
    result = np.empty((len(spellings), 2), dtype=object)
    for row, words in enumerate(spellings):
        result[row] = words[0], words[-1]
    return result


def _in_language(persons: Population, language: str, rng: np.random.Generator, habits: Habits) -> _Names:
    """Write names and birth place in Ukrainian (`uk`) or Russian (`ru`), lower case, without mistakes."""
    rows = len(persons)
    number = np.where((persons.maiden >= 0) & chance(rng, rows, habits.maiden), persons.maiden, persons.surname)
    care = _care(persons, language, habits)
    turned = chance(rng, rows, habits.translated * care)
    stock = surnames()

    def surname(sex: str) -> Texts:
        return np.where(
            turned, stock.translated[f"{language} {sex}"][number], stock.written[f"{language} {sex}"][number]
        )

    names = given_names()
    other = chance(rng, rows, habits.variant).astype(np.int64)
    fathers = {sex: _matrix(names.patronymics[f"{language} {sex}"])[persons.father, other] for sex in ("m", "f")}
    return _Names(
        surname=np.where(persons.female, surname("f"), surname("m")),
        given_name=_matrix(names.written[language])[persons.given, other],
        patronymic=np.where(persons.female, fathers["f"], fathers["m"]),
        birth_place=_place(persons.place, language, rng, habits, care=care),
    )


def _place(place: Ints, language: str, rng: np.random.Generator, habits: Habits, *, care: Floats) -> Texts:
    stock, rows = places(), place.size
    moved = chance(rng, rows, habits.other_place * care)
    number = np.where(moved, rng.permutation(place), place)
    now, former = stock.written[language][number], stock.former[language][number]
    kept = (former == np.array(None)) | ~chance(rng, rows, habits.former_place)
    written = np.where(kept, now, former)
    for row in np.flatnonzero(chance(rng, rows, habits.region)).tolist():
        written[row] = f"{written[row]}, {stock.regions[language][number[row]]} область"
    return written


def _joined(parts: list[tuple[Flags, _Names]], rows: int) -> _Names:
    columns = {name: np.empty(rows, dtype=object) for name in ("surname", "given_name", "patronymic", "birth_place")}
    for where, names in parts:
        for name, column in columns.items():
            column[where] = getattr(names, name)
    return _Names(**columns)


def _in_latin(persons: Population, rng: np.random.Generator, habits: Habits) -> _Names:
    """Write in Latin letters, each record by one of eleven schemes, a few names of it by another."""
    rows = len(persons)
    schemes = np.array(list(SCHEME_SHARES))
    sources = np.array([SCHEMES[scheme].source for scheme in schemes])
    drawn = rng.choice(schemes.size, size=rows, p=list(SCHEME_SHARES.values()))
    russian = (sources[drawn] == "ru") | ((sources[drawn] == "either") & persons.papers_ru)
    parts = []
    for where, language in ((~russian, "uk"), (russian, "ru")):
        parts.append((where, _in_language(persons.take(np.flatnonzero(where)), language, rng, habits)))
    names = _joined(parts, rows)
    columns = {}
    for name in ("surname", "given_name", "patronymic", "birth_place"):
        column = getattr(names, name)
        at = drawn.copy()
        for language, mask in (("uk", ~russian), ("ru", russian)):
            fitting = np.flatnonzero((sources == language) | (sources == "either"))
            other = np.flatnonzero(mask & chance(rng, rows, habits.mixed_schemes))
            at[other] = rng.choice(fitting, size=other.size)
        latin = np.empty(rows, dtype=object)
        for scheme in range(schemes.size):
            chosen = np.flatnonzero(at == scheme)
            latin[chosen] = romanise(column[chosen].tolist(), str(schemes[scheme]))
        columns[name] = latin
    return _Names(**columns)


def _capital(column: Texts) -> Texts:
    return texts(None if word is None else word[:1].upper() + word[1:] for word in column.tolist())


def _blank(column: Texts, where: Flags) -> Texts:
    result = column.copy()
    result[where] = None
    return result


def _with_mistakes(names: _Names, rng: np.random.Generator, habits: Habits, *, care: Floats, script: str) -> _Names:
    rows = names.surname.size
    surname = slip_some(names.surname, rng, habits.typo_surname * care, script=script)
    given = slip_some(names.given_name, rng, habits.typo_given * care, script=script)
    patronymic = slip_some(names.patronymic, rng, habits.typo_patronymic * care, script=script)
    place = slip_some(names.birth_place, rng, habits.typo_place * care, script=script)
    short = chance(rng, rows, habits.initials * care)
    given[short] = [word[:1] + "." for word in given[short]]
    patronymic[short] = [word[:1] + "." for word in patronymic[short]]
    patronymic = _blank(patronymic, chance(rng, rows, habits.no_patronymic * care))
    given = _blank(given, chance(rng, rows, habits.no_given * care))
    other = chance(rng, rows, habits.swapped_patronymic * care)
    given[other], patronymic[other] = patronymic[other].copy(), given[other].copy()
    other = chance(rng, rows, habits.swapped * care)
    surname[other], given[other] = given[other].copy(), surname[other].copy()
    place = _blank(place, chance(rng, rows, habits.no_place * care))
    return _Names(_capital(surname), _capital(given), _capital(patronymic), _capital(place))


def _units(persons: Population, rng: np.random.Generator, habits: Habits, *, care: Floats) -> Texts:
    rows = len(persons)
    unit = np.where(chance(rng, rows, habits.other_unit * care), rng.permutation(persons.unit), persons.unit)
    # One army numbers units А0001 to А9999, the other 00001 to 99999; these numbers are nobody's.
    pairs = zip(unit.tolist(), persons.papers_ru.tolist(), strict=True)
    written = texts(f"{(at * 7 + 3) % 1000:05d}" if ru else f"А{(at * 7 + 3) % 1000:04d}" for at, ru in pairs)
    return _blank(slip_digit(written, rng, habits.typo_unit * care), chance(rng, rows, habits.no_unit * care))


def _ranks(persons: Population, rng: np.random.Generator, habits: Habits, *, care: Floats) -> Texts:
    rows = len(persons)
    step = np.where(chance(rng, rows, habits.other_rank * care), rng.choice([-1, 1], size=rows), 0)
    step = np.where(persons.rank == 0, np.abs(step), np.where(persons.rank == len(RANKS) - 1, -np.abs(step), step))
    written = texts(RANKS)[persons.rank + step]
    return _blank(written, chance(rng, rows, habits.no_rank * care))


def write(persons: Population, script: str, *, rng: np.random.Generator, habits: Habits) -> dict[str, Texts]:
    """Write each person down once.

    Parameters
    ----------
    persons
        Who is written down.
    script
        `uk`, `ru` or `latin`.
    rng
        The source of chance.
    habits
        Which mistakes and omissions, and how often.

    Returns
    -------
    dict[str, Texts]
        Columns of `domain.tables.RECORDS`, a row a person: names, sex, birth date and place, number, rank, unit.

    Raises
    ------
    ValueError
        If the script is another.
    """
    if script not in SCRIPTS:
        raise ValueError(f"found script {script!r}, expected one of {', '.join(SCRIPTS)}")
    names = _in_latin(persons, rng, habits) if script == "latin" else _in_language(persons, script, rng, habits)
    care = _care(persons, script, habits)
    names = _with_mistakes(names, rng, habits, care=care, script=script)
    rows = len(persons)
    number = slip_digit(persons.number, rng, habits.typo_number * care)
    unit = _units(persons, rng, habits, care=care)
    if script == "latin":
        number, unit = _latin_letters(number), _latin_letters(unit)
    columns = {
        "surname": names.surname,
        "given_name": names.given_name,
        "patronymic": names.patronymic,
        "full_name": np.full(rows, None, dtype=object),
        "sex": np.where(persons.female, "f", "m").astype(object),
        "birth_date": birth_dates(persons.born, rng, habits, care=care),
        "birth_place": names.birth_place,
        "service_number": _blank(number, chance(rng, rows, habits.no_number * care)),
        "rank": _ranks(persons, rng, habits, care=care),
        "unit": unit,
    }
    return _in_one_field(columns, chance(rng, rows, habits.one_field))


_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТ", "ABEKMHOPCT")


def _latin_letters(column: Texts) -> Texts:
    return texts(word and word.translate(_LOOK_ALIKE) for word in column.tolist())


def _in_one_field(columns: dict[str, Texts], where: Flags) -> dict[str, Texts]:
    for row in np.flatnonzero(where).tolist():
        parts = [columns[name][row] for name in ("surname", "given_name", "patronymic")]
        columns["full_name"][row] = " ".join(part for part in parts if part) or None
    return columns | {name: _blank(columns[name], where) for name in ("surname", "given_name", "patronymic")}
