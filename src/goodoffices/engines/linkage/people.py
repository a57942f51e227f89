"""Two lists as columns of numbers ready to be blocked and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from goodoffices.domain.dates import parse_partial
from goodoffices.domain.ranks import Rank, rank_of
from goodoffices.domain.tables import RECORDS
from goodoffices.engines.linkage.names import given_names, place_key
from goodoffices.engines.linkage.script import clean, consonants, father_of, fold, is_patronymic, sounds

Codes = npt.NDArray[np.int64]

MISSING = -1
"""Stands in every column of numbers where the side states nothing."""

_MAIDEN = re.compile(
    r"\(([^)]*)\)|\b(?:née|nee|ур|урожд|дів|дев|до шлюбу|в девичестве|kızlık)\b\.?\s*(\S+)", re.IGNORECASE
)
_INITIALS = re.compile(r"^(\w)\.\s*(\w)\.?$")
_UNIT_WORDS = frozenset(
    (
        "в",
        "ч",
        "вч",
        "військова",
        "частина",
        "военная",
        "часть",
        "воинская",
        "military",
        "unit",
        "mu",
        "birlik",
        "birliği",
    )
)
_SURNAME = re.compile(
    r"(?:enko|uk|juk|Cuk|sk(?:ij|i|a|ja|oj|ji)|[oei]v|[oei]va|in|ina|ak|jak|Cenko|ix|jan|ian|dze|Svili)$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in its parts, each clean; empty where not stated.

    Attributes
    ----------
    surname, given, patronymic
        The parts.
    other
        A maiden name or the second part of a double surname.
    """

    surname: str
    given: str
    patronymic: str
    other: str


@dataclass(frozen=True, slots=True)
class Words:
    """Every spelling that occurs, numbered once for both lists.

    Attributes
    ----------
    texts
        The clean spellings.
    keys
        Columns of numbers by spelling, one for each way to fold it (`sound`, `fold`, ...).
    """

    texts: tuple[str, ...]
    keys: dict[str, Codes]


@dataclass(frozen=True, slots=True)
class People:
    """One list as columns of numbers, MISSING where nothing is stated.

    Attributes
    ----------
    refs
        The side's references, in the list's order.
    columns
        Numbers by column; names and places number spellings of `Pair.words`.
    """

    refs: tuple[str, ...]
    columns: dict[str, Codes]

    @property
    def size(self) -> int:
        """How many records."""
        return len(self.refs)


@dataclass(frozen=True, slots=True)
class Lists:
    """Two lists with one numbering of spellings.

    Attributes
    ----------
    left, right
        The lists; the same object for a list within itself.
    words
        Spellings of names, and of places and units.
    """

    left: People
    right: People
    words: dict[str, Words]

    @property
    def within(self) -> bool:
        """Whether a list is compared with itself."""
        return self.left is self.right


@cache
def name_of(surname: str, given: str, patronymic: str, full: str) -> Name:
    """Part a name as a list states it; a full name comes in either order, with initials or without."""
    other = ""
    maiden = _MAIDEN.search(surname or full)
    if maiden:
        other = clean(maiden.group(1) or maiden.group(2) or "")
        surname, full = _MAIDEN.sub(" ", surname), _MAIDEN.sub(" ", full)
    if not surname and not given and full:
        surname, given, patronymic = _parted(clean(full).split())
    surname, given, patronymic = _in_place(clean(surname), clean(given), clean(patronymic))
    words = given.split()
    if len(words) > 1 and not patronymic and (is_patronymic(words[-1]) or len(words[0]) == 1):
        given, patronymic = words[0], " ".join(words[1:])
    if len(given.split()) > 1:
        given = given.split()[0]
    parts = surname.split()
    if len(parts) > 1 and not other:
        surname, other = parts[0], parts[-1]
    return Name(surname.replace(" ", ""), given, patronymic, other)


def _in_place(surname: str, given: str, patronymic: str) -> tuple[str, str, str]:
    """Put parts back that stand in each other's column beyond doubt."""
    if len(surname) == 1 and len(given) > 1:
        surname, given = given, surname
    if patronymic and len(given) > 1 and is_patronymic(given) and not is_patronymic(patronymic):
        given, patronymic = patronymic, given
    table = given_names()
    if len(given) > 1 and surname and table.number(given) is None and table.number(surname) is not None:
        surname, given = given, surname
    return surname, given, patronymic


def _parted(words: list[str]) -> tuple[str, str, str]:
    """Find surname, given name and patronymic among the words of one field."""
    if not words:
        return "", "", ""
    if len(words) == 1:
        return words[0], "", ""
    middle = [word for word in words[1:] if len(word) > 1 and is_patronymic(word)]
    patronymic = middle[-1] if middle else ""
    rest = [word for word in words if word != patronymic]
    initials = [word for word in rest if len(word) == 1]
    if initials and len(initials) < len(rest):
        long = [word for word in rest if len(word) > 1]
        return " ".join(long), initials[0], patronymic or (initials[1] if len(initials) > 1 else "")
    if len(rest) == 1:
        return _two_words(rest[0], patronymic, first=words[0] == rest[0])
    first, last = rest[0], rest[-1]
    if _given_weight(first) > _given_weight(last):
        return " ".join(rest[1:]), first, patronymic
    return " ".join(rest[:-1]), last, patronymic


def _two_words(word: str, patronymic: str, *, first: bool) -> tuple[str, str, str]:
    """Tell a given name with a patronymic from a surname with one, and from a surname like one (Сорочович)."""
    named = _given_weight(word) > 0
    if named and first and given_names().fathers.get(father_of(patronymic)) is None:
        return patronymic, word, ""
    return ("", word, patronymic) if named or not first else (word, "", patronymic)


def _given_weight(word: str) -> int:
    """Say how much one word looks like a given name rather than a surname."""
    table, key = given_names(), fold(word)
    return 2 * (key in table.formal) + (key in table.short) - 2 * (_SURNAME.search(sounds(word)) is not None)


@cache
def service_key(text: str) -> str:
    """Give one key for a service number however it is spaced; its digits where it has four or more."""
    plain = re.sub(r"[\W_]", "", clean(text))
    digits = re.sub(r"\D", "", plain)
    return digits if len(digits) >= 4 else sounds(plain)


@cache
def unit_key(text: str) -> str:
    """Give one key for a unit in any script, words such as "military unit" left out."""
    words = [word for word in clean(text).split() if word not in _UNIT_WORDS]
    return fold(" ".join(words) or clean(text)) or clean(text)


def _digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


@cache
def _date(text: str) -> tuple[int, int, int]:
    try:
        date = parse_partial(text)
    except ValueError:
        found = re.search(r"(?:19|20)\d\d", text)
        return (int(found.group()), 0, 0) if found else (0, 0, 0)
    return date.year, date.month, date.day


@cache
def _rank(text: str) -> int:
    rank = rank_of(text)
    return MISSING if rank is None else list(Rank).index(rank)


def _number(texts: Sequence[str], start: dict[str, int]) -> Codes:
    """Give numbers to texts by a dictionary that grows; the empty text is MISSING."""
    return np.array([start.setdefault(text, len(start)) if text else MISSING for text in texts], np.int64)


def lists(left: pl.DataFrame, right: pl.DataFrame | None = None) -> Lists:
    """Read two tables of records, or one to be compared with itself, into columns of numbers.

    Parameters
    ----------
    left, right
        As `RECORDS`; no right means duplicates within the left.

    Raises
    ------
    InputError
        If a table is no table of records.
    """
    numbers: dict[str, dict[str, int]] = {"name": {}, "place": {}, "unit": {}, "service": {}}
    one = _people(RECORDS.check(left), numbers)
    two = one if right is None else _people(RECORDS.check(right), numbers)
    words = {
        "name": _name_words(tuple(numbers["name"])),
        "place": _keyed(tuple(numbers["place"]), {}),
        "unit": _keyed(tuple(numbers["unit"]), {"digits": _digits_of}),
        "service": _keyed(tuple(numbers["service"]), {}),
    }
    return Lists(one, two, words)


def _people(frame: pl.DataFrame, numbers: dict[str, dict[str, int]]) -> People:
    def column(name: str) -> list[str]:
        return frame[name].fill_null("").to_list()

    names = [
        name_of(*parts)
        for parts in zip(
            column("surname"), column("given_name"), column("patronymic"), column("full_name"), strict=True
        )
    ]
    columns = {
        "surname": _number([name.surname for name in names], numbers["name"]),
        "given": _number([name.given for name in names], numbers["name"]),
        "patronymic": _number([name.patronymic for name in names], numbers["name"]),
        "other": _number([name.other for name in names], numbers["name"]),
        "place": _number([place_key(text) if text else "" for text in column("birth_place")], numbers["place"]),
        "unit": _number([unit_key(text) if text else "" for text in column("unit")], numbers["unit"]),
        "service": _number(
            [service_key(text) if text else "" for text in column("service_number")], numbers["service"]
        ),
        "rank": np.array([_rank(text) if text else MISSING for text in column("rank")], np.int64),
        "sex": np.array([{"m": 0, "f": 1}.get(text, MISSING) for text in column("sex")], np.int64),
    }
    for field, stated in (("birth", "birth_date"), ("captured", "captured_on")):
        dates = np.array([_date(text) if text else (0, 0, 0) for text in column(stated)], np.int64).reshape(-1, 3)
        columns |= {f"{field}_{part}": dates[:, k] for k, part in enumerate(("year", "month", "day"))}
    return People(tuple(frame["ref"].to_list()), columns)


def _name_words(texts: tuple[str, ...]) -> Words:
    table = given_names()
    folds: dict[str, int] = {}
    fold_codes = _number([fold(text) or text for text in texts], folds)
    known = len(table.ids)
    formal, father, short = [], [], []
    for text, code in zip(texts, fold_codes, strict=True):
        key = fold(text) or text
        number = table.number(text) if len(text) > 1 else None
        formal.append(known + code if number is None else number)
        stem = father_of(text)
        father.append(table.fathers.get(stem, table.formal.get(stem, known + folds.setdefault(stem, len(folds)))))
        short.append([*table.short.get(key, ()), MISSING, MISSING, MISSING][:3] if len(text) > 1 else [MISSING] * 3)
    keys = {
        "fold": fold_codes,
        "sound": _number([sounds(text) or text for text in texts], {}),
        "formal": np.array(formal, np.int64),
        "father": np.array(father, np.int64),
        "known": np.array([number < known for number in formal], np.int64),
        "initial": _number([(consonants(text) or text)[:1] for text in texts], {}),
        "one_letter": np.array([len(text) == 1 for text in texts], np.int64),
        "key": _number([consonants(text) or text for text in texts], {}),
        "stem": _number([(consonants(text) or text)[:3] for text in texts], {}),
        "middle": _number([(consonants(text) or text)[1:5] for text in texts], {}),
    }
    shorts = np.array(short, np.int64).reshape(-1, 3)
    keys |= {f"short{k}": shorts[:, k] for k in range(3)}
    return Words(texts, keys)


def _keyed(texts: tuple[str, ...], ways: dict[str, Callable[[str], str]]) -> Words:
    return Words(texts, {name: _number([way(text) for text in texts], {}) for name, way in ways.items()})
