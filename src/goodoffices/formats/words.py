"""The words of pages and reports in four languages, from one TOML table per part (`words/PART.toml`)."""

from __future__ import annotations

import datetime as dt
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date

_THIN = "\u202f"
_MINUS = "\u2212"


class Language(StrEnum):
    """A language of the interface."""

    EN = "en"
    UK = "uk"
    RU = "ru"
    TR = "tr"


class Words:
    """The words of one part in one language.

    Attributes
    ----------
    language
        The reader's language.
    part
        Name of the table, `words/PART.toml`.
    """

    def __init__(self, part: str, language: Language) -> None:
        self.part = part
        self.language = language
        self._table = _table(part)

    def __call__(self, key: str, **values: object) -> str:
        """Give the text of a key, its `{names}` filled with values.

        With a value named `n`, the plural form that the language asks for (`one`, `few`, `many`,
        `other`) is taken if the table has forms.
        A key that the table has not is a defect and raises `KeyError`.
        """
        entry = self._table[key][self.language.value]
        if isinstance(entry, dict):
            count = values["n"]
            form = _locale(self.language.value).plural_form(count if isinstance(count, int | float) else 0)
            entry = entry.get(form, entry["other"])
        shown = {name: number(value) if isinstance(value, int) else value for name, value in values.items()}
        return str(entry).format(**shown)

    def has(self, key: str) -> bool:
        """Whether the table has this key."""
        return key in self._table

    def keys(self) -> tuple[str, ...]:
        """Name every key of the table."""
        return tuple(self._table)

    def template(self, key: str) -> str:
        """Give the text of a key as the table has it, its `{names}` unfilled."""
        return str(self._table[key][self.language.value])

    def date(self, day: dt.date, style: str = "d MMMM y") -> str:
        """Write a day in the reader's language."""
        return format_date(day, style, locale=self.language.value)


def number(value: float, digits: int = 0) -> str:
    """Write a number with thin spaces between thousands and a true minus sign."""
    text = f"{abs(value):,.{digits}f}".replace(",", _THIN)
    return f"{_MINUS}{text}" if value < 0 and float(f"{abs(value):.{digits}f}") > 0 else text


def parts() -> tuple[str, ...]:
    """Name every part that has a table of words."""
    folder = files("goodoffices.formats") / "words"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def _locale(language: str) -> Locale:
    return Locale(language)


@cache
def _table(part: str) -> dict[str, dict[str, str | dict[str, str]]]:
    text = (files("goodoffices.formats") / "words" / f"{part}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
