"""Strict reading of JSON: every field there and of its kind, none unknown, none twice; all faults named at once."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NoReturn, TypeVar

from goodoffices.domain.dates import PartialDate, parse_partial
from goodoffices.domain.errors import Fault, InputError

_Word = TypeVar("_Word", bound=StrEnum)

MOST = 1_000_000_000
"""No figure of this desk is larger; a larger one is a slip of the pen."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SUSPECT = re.compile(rb"\\u(00[01]|007f|d[89a-f])|\x7f", re.IGNORECASE)


class Twice(dict[str, object]):
    """An object in which a field stands twice; `names` says which."""

    names: tuple[str, ...] = ()


class Report:
    """Gathers the faults of one file.

    Attributes
    ----------
    file
        As the user named it.
    faults
        In the order found.
    suspect
        Whether the file holds escapes that could be control characters, so that text must be looked at.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.suspect = False
        self._days: dict[str, dt.date] = {}

    def fault(self, place: str, field: str, found: str, expected: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(self.file, place, field, found, expected))

    def close(self) -> None:
        """End the reading.

        Raises
        ------
        InputError
            If any fault was noted.
        """
        if self.faults:
            raise InputError(*self.faults)

    def day(self, text: str) -> dt.date | None:
        """Read YYYY-MM-DD; the same text is read once."""
        known = self._days.get(text)
        if known is None and len(text) == 10 and text[4] == text[7] == "-":
            try:
                known = self._days[text] = dt.date.fromisoformat(text)
            except ValueError:
                return None
        return known


def read_json(data: bytes, report: Report) -> object:
    """Read JSON in UTF-8.

    Raises
    ------
    InputError
        If it is no JSON, or holds what JSON has not (NaN, Infinity).
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report.fault(f"byte {error.start}", "", f"0x{data[error.start]:02x}", "text in UTF-8")
        report.close()
    report.suspect = _SUSPECT.search(data) is not None
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        report.fault(f"line {error.lineno}, column {error.colno}", "", error.msg, "JSON")
    except RecursionError:
        report.fault("", "", "brackets nested too deeply", "JSON")
    except ValueError as error:
        report.fault("", "", str(error), "JSON")
    report.close()
    return None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = Twice(made)
    names = [name for name, _ in pairs]
    twice.names = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return twice


def _constant(name: str) -> NoReturn:
    raise ValueError(f"found {name}, expected a number")


def shown(value: object) -> str:
    """Show what stands in a field, shortened, on one line."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def names(text: str) -> frozenset[str]:
    """Give the field names of a text, parted by spaces."""
    return frozenset(text.split())


def words(kind: type[_Word]) -> Mapping[str, _Word]:
    """Give a vocabulary as a table from its text to its word."""
    return {word.value: word for word in kind}


class Fields:
    """One object of the file; each method reads one field or notes a fault and gives a stand-in.

    A stand-in never leaves the reader: `Report.close` raises once a fault is noted.
    """

    __slots__ = ("_raw", "_report", "place")

    def __init__(self, raw: object, names: frozenset[str], place: str, report: Report) -> None:
        self.place = place
        self._report = report
        if not isinstance(raw, dict):
            report.fault(place, "", shown(raw), "an object")
            self._raw: dict[str, object] = {}
            return
        self._raw = raw
        if raw.keys() != names:
            for name in sorted(names - raw.keys()):
                report.fault(place, name, "no such field", "the field, null where there is nothing to say")
            for name in sorted(raw.keys() - names):
                report.fault(place, name, "an unknown field", f"one of {', '.join(sorted(names))}")
        if type(raw) is Twice:
            for name in raw.names:
                report.fault(place, name, "the field twice", "the field once")

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._raw.get(name) is not None

    def is_there(self, name: str) -> bool:
        """Whether the field is there, be it null."""
        return name in self._raw

    def equals(self, name: str, value: str) -> bool:
        """Whether the field is this text."""
        return self._raw.get(name) == value

    def wrong(self, name: str, found: str, expected: str) -> None:
        """Note a fault of one field."""
        self._report.fault(self.place, name, found, expected)

    def text(self, name: str) -> str:
        """Read text that is not empty."""
        value = self._raw.get(name)
        if type(value) is str and value and (value.strip() == value):
            if self._report.suspect and _CONTROL.search(value):
                self.wrong(name, "a control character", "text without control characters")
            return value
        if name in self._raw:
            self.wrong(name, shown(value), "text, not empty, no space at its ends")
        return ""

    def maybe_text(self, name: str) -> str | None:
        """Read text that is not empty, or null."""
        return None if self._raw.get(name) is None else self.text(name)

    def word(self, name: str, table: Mapping[str, _Word]) -> _Word:
        """Read a word of a closed vocabulary."""
        value = self._raw.get(name)
        known = table.get(value) if type(value) is str else None
        if known is not None:
            return known
        if name in self._raw:
            self.wrong(name, shown(value), f"one of {', '.join(table)}")
        return next(iter(table.values()))

    def maybe_word(self, name: str, table: Mapping[str, _Word]) -> _Word | None:
        """Read a word of a closed vocabulary, or null."""
        return None if self._raw.get(name) is None else self.word(name, table)

    def day(self, name: str) -> dt.date:
        """Read a day, YYYY-MM-DD."""
        value = self._raw.get(name)
        known = self._report.day(value) if type(value) is str else None
        if known is not None:
            return known
        if name in self._raw:
            self.wrong(name, shown(value), "a day, YYYY-MM-DD")
        return dt.date.min

    def maybe_day(self, name: str) -> dt.date | None:
        """Read a day, or null."""
        return None if self._raw.get(name) is None else self.day(name)

    def maybe_partial(self, name: str) -> PartialDate | None:
        """Read a day, a month or a year, or null."""
        value = self._raw.get(name)
        if value is None:
            return None
        try:
            date = parse_partial(value if type(value) is str else "")
            if str(date) == value:
                return date
        except ValueError:
            pass
        self.wrong(name, shown(value), "a date, YYYY or YYYY-MM or YYYY-MM-DD")
        return None

    def maybe_count(self, name: str) -> int | None:
        """Read a whole number from 0, or null."""
        value = self._raw.get(name)
        if value is None or (type(value) is int and 0 <= value <= MOST):
            return value
        self.wrong(name, shown(value), f"a whole number from 0 to {MOST:,}, or null")
        return None

    def count(self, name: str) -> int:
        """Read a whole number from 0."""
        value = self._raw.get(name)
        if value is None and name in self._raw:
            self.wrong(name, "null", "a whole number from 0")
        return self.maybe_count(name) or 0

    def maybe_flag(self, name: str) -> bool | None:
        """Read true or false, or null."""
        value = self._raw.get(name)
        if value is None or type(value) is bool:
            return value
        self.wrong(name, shown(value), "true, false or null")
        return None

    def items(self, name: str) -> list[object]:
        """Read a list."""
        value = self._raw.get(name)
        if isinstance(value, list):
            return value
        if name in self._raw:
            self.wrong(name, shown(value), "a list")
        return []

    def inner(self, name: str) -> dict[str, object]:
        """Read an object whose keys are data."""
        value = self._raw.get(name)
        if type(value) is Twice:
            for key in value.names:
                self.wrong(f"{name}.{key}", "the field twice", "the field once")
        if isinstance(value, dict):
            return value
        if name in self._raw:
            self.wrong(name, shown(value), "an object")
        return {}

    def child(self, name: str, names: Iterable[str]) -> Fields:
        """Open an object inside this one."""
        return Fields(
            self._raw.get(name), frozenset(names), f"{self.place}.{name}" if self.place else name, self._report
        )

    def known(self, name: str, among: Collection[str], what: str) -> str:
        """Read a reference to something that the file has."""
        value = self.text(name)
        if value and value not in among:
            self.wrong(name, shown(value), f"{what} of this file")
        return value

    def maybe_known(self, name: str, among: Collection[str], what: str) -> str | None:
        """Read a reference to something that the file has, or null."""
        if self._raw.get(name) is None:
            return None
        return self.known(name, among, what)
