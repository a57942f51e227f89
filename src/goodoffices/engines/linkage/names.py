"""Which given names, fathers' names and places are one in Ukrainian, Russian and Latin script, from tables of data."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from goodoffices.engines.linkage.script import clean, father_of, fold, is_cyrillic, sounds

_PLACE_WORDS = frozenset(
    (
        "м", "місто", "г", "гор", "город", "смт", "пгт", "с", "село",
        "сел", "д", "деревня", "ст", "станиця", "станица", "селище", "поселок", "посёлок",
        "хутір", "хутор", "р", "район", "н", "рн", "обл", "область", "республика",
        "республіка", "край", "city", "town", "village", "oblast", "region", "district", "rayon",
        "raion", "il", "ilce", "köyü",
    )
)  # fmt: skip
"""Words of a place that name its kind, not its name."""

_ENDINGS = ("ович", "евич", "йович", "ійович", "иевич", "ьевич", "еевич", "ич", "івна", "овна", "евна", "ївна", "ична")
_IRREGULAR = {
    "yakiv": "Яковлевич Яковлевна", "lev": "Львович Львовна Левович", "illia": "Ілліч Ильич Ильинична Іллівна",
    "luka": "Лукич Лукинична Луківна", "kuzma": "Кузьмич Кузьмович", "khoma": "Фомич Хомович Хомич",
    "mykhailo": "Михайлович Михайлівна Михайловна", "mykola": "Миколайович Миколаївна Николаевич Николаевна",
    "mykyta": "Никитич Микитович", "sava": "Савич Саввич Савович", "havrylo": "Гаврилович Гавриилович",
    "hryhorii": "Григорович Григорьевич Григорівна Григорьевна",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Given names as numbers: one number for all forms of a name.

    Attributes
    ----------
    ids
        Name of each number, in Latin letters.
    exact
        Full form in sounds to number.
    formal
        Folded full form to number.
    short
        Folded short form to the numbers it may stand for.
    fathers
        Folded stem of a patronymic to the father's number.
    """

    ids: tuple[str, ...]
    exact: dict[str, int]
    formal: dict[str, int]
    short: dict[str, tuple[int, ...]]
    fathers: dict[str, int]

    def number(self, text: str) -> int | None:
        """Give the number of a clean full form, or None if the table does not know it."""
        found = self.exact.get(sounds(text))
        return self.formal.get(fold(text)) if found is None else found


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = (files("goodoffices.engines.linkage") / "data" / f"{table}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def given_names() -> GivenNames:
    """Read the table of given names (`data/given.csv`)."""
    ids: list[str] = []
    exact: dict[str, int] = {}
    formal: dict[str, int] = {}
    short: dict[str, set[int]] = {}
    fathers: dict[str, int] = {}
    for number, row in enumerate(_rows("given")):
        ids.append(row["id"])
        forms = [clean(form) for form in row["formal"].split()]
        for form in forms:
            exact.setdefault(sounds(form), number)
            formal.setdefault(fold(form), number)
        for form in row["short"].split():
            short.setdefault(fold(clean(form)), set()).add(number)
        if row["sex"] == "m":
            for form in filter(is_cyrillic, forms):
                stem = re.sub("(?:ий|ій|ей|ай|[йьоаяи])$", "", form)
                for ending in _ENDINGS:
                    fathers.setdefault(father_of(stem + ending), number)
            for patronymic in _IRREGULAR.get(row["id"], "").split():
                fathers[father_of(clean(patronymic))] = number
    return GivenNames(tuple(ids), exact, formal, {key: tuple(sorted(of)) for key, of in short.items()}, fathers)


@cache
def _place_ids() -> dict[str, str]:
    return {fold(_bare_place(clean(form))): row["id"] for row in _rows("places") for form in row["forms"].split("|")}


def _bare_place(text: str) -> str:
    words = [word for word in text.split() if word not in _PLACE_WORDS]
    return " ".join(words or text.split())


@cache
def place_key(text: str) -> str:
    """Give one key for a place's names old and new and in three scripts; parts after a comma count as well.

    Renamed and spelled otherwise (Дніпропетровськ, Днепр, Dnipro) give the same key.
    """
    table = _place_ids()
    parts = [fold(_bare_place(clean(part))) for part in re.split("[,;(]", text)]
    for part in parts:
        if part in table:
            return table[part]
    return " ".join(filter(None, parts))
