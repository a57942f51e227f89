"""Slips of the hand, the ear and the form: mistakes in texts and dates."""

from __future__ import annotations

import numpy as np

from goodoffices.synth.arrays import Floats, Ints, Texts, chance
from goodoffices.synth.habits import Habits

_BOTH = "оа ео бп пб дт тд гх кг жш шщ щш зс сз вф фв цс чц йи юу яа нм мн лп "
_ALIKE = {
    "uk": _BOTH + "еи ие иі іи їі єе гк",
    "ru": _BOTH + "еи ие ыи иы эе ёе гк",
    "latin": "oa ae ei ie iy yi bp pb dt td gh hg kc zs sz vw wv ou uo cs jy mn nm",
}
_LIKE = {
    script: {two[0]: [other[1] for other in pairs.split() if other[0] == two[0]] for two in pairs.split()}
    for script, pairs in _ALIKE.items()
}
_KINDS = np.cumsum([0.45, 0.22, 0.15, 0.1])  # alike, left out, two changed places, doubled; the rest: any letter


def slip(word: str, rng: np.random.Generator, *, script: str) -> str:
    """Give the lower-case word with one mistake in it; a word of one letter stays."""
    if len(word) < 2:
        return word
    at = int(rng.integers(len(word)))
    letter = word[at]
    kind = int(np.searchsorted(_KINDS, rng.random()))
    if kind == 0 and letter in _LIKE[script]:
        likes = _LIKE[script][letter]
        return word[:at] + likes[int(rng.integers(len(likes)))] + word[at + 1 :]
    if kind <= 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 3:
        return word[: at + 1] + word[at:]
    return word[:at] + word[int(rng.integers(len(word)))] + word[at + 1 :]


def slip_some(column: Texts, rng: np.random.Generator, share: float | Floats, *, script: str) -> Texts:
    """Give the column with one mistake in this share of its texts."""
    result = column.copy()
    for row in np.flatnonzero(chance(rng, column.size, share)).tolist():
        if result[row] is not None:
            result[row] = slip(result[row], rng, script=script)
    return result


def slip_digit(column: Texts, rng: np.random.Generator, share: float | Floats) -> Texts:
    """Give the column with one digit changed in this share of its texts."""
    result = column.copy()
    for row in np.flatnonzero(chance(rng, column.size, share)).tolist():
        text = result[row]
        places = [at for at, letter in enumerate(text or "") if letter.isdigit()]
        if places:
            at = places[int(rng.integers(len(places)))]
            digit = str((int(text[at]) + int(rng.integers(1, 10))) % 10)
            result[row] = text[:at] + digit + text[at + 1 :]
    return result


def birth_dates(born: Ints, rng: np.random.Generator, habits: Habits, *, care: Floats) -> Texts:
    """Write days of birth (days since 1970-01-01) as partial dates, mistakes (times `care`) included."""
    rows = born.size
    shares = [
        habits.no_date, habits.date_swapped, habits.date_january, habits.date_digit, habits.date_year,
        habits.date_wrong, habits.date_partial,
    ]  # fmt: skip
    kind = (rng.random((rows, 1)) >= care[:, None] * np.cumsum(shares)).sum(axis=1)
    days = born.copy()
    wrong = kind == 5
    days[wrong] += rng.integers(-1500, 1500, size=int(wrong.sum()))
    written = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    for row in np.flatnonzero(kind < len(shares)).tolist():
        if kind[row] != 5:
            written[row] = _spoil(written[row], int(kind[row]), rng)
    return written


def _spoil(text: str, kind: int, rng: np.random.Generator) -> str | None:
    year, month, day = text.split("-")
    match kind:
        case 0:
            return None
        case 1:
            return f"{year}-{day}-{month}" if int(day) <= 12 else text
        case 2:
            return f"{year}-01-01"
        case 3:
            if rng.random() < 0.7:
                day = f"{(int(day) + int(rng.choice([1, 2, 3, 10, 20]))) % 28 + 1:02d}"
            else:
                month = f"{int(rng.integers(1, 13)):02d}"
                day = f"{min(int(day), 28):02d}"
            return f"{year}-{month}-{day}"
        case 4:
            year = f"{int(year) + int(rng.choice([-10, -2, -1, -1, 1, 1, 2, 10]))}"
            return f"{year}-{month}-{min(int(day), 28):02d}"
        case _:
            return year if rng.random() < 0.6 else f"{year}-{month}"
