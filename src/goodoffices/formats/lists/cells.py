"""Reads the cells of one column: texts, dates and closed words, each with what was wrong or doubtful."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from goodoffices.domain.lists import Category, Health, Sex, Status, YesNo
from goodoffices.formats.lists.dates import EARLIEST_YEAR, Calendar, Doubt, ReadDate, order_of, read_number, read_text
from goodoffices.formats.lists.letters import CYRILLIC_IN_LATIN, LATIN_IN_CYRILLIC, MIXED, clean, repair
from goodoffices.formats.lists.model import Cell
from goodoffices.formats.lists.vocabulary import is_closed, is_unknown, read_word

DATES = ("birth_date", "captured_on")
_NAMES = frozenset({"surname", "given_name", "patronymic", "full_name"})
_AS_WRITTEN = frozenset({"note"})
_BLANK = frozenset({"", "-", "—", "–", "--", "---", "−"})
# Letters of one script alone, no sign that could be a formula's or a mark of doubt, single spaces: read as it stands.
_SIGNS = r"!-*,-<>@\[-`{-~"
_LETTERS = r"\u0410-\u044f\u0401\u0451\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491\u2116"
_SETTLED = re.compile(
    rf"[0-9A-Za-z][{_SIGNS}A-Za-z]*(?: [{_SIGNS}A-Za-z]+)*"
    rf"|[0-9{_LETTERS}][{_SIGNS}{_LETTERS}]*(?: [{_SIGNS}{_LETTERS}]+)*"
)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{2}")
_MUST_BE_READ = frozenset({"fit_to_travel", "withheld", "status"})
"""A word that cannot be read is a fault here: an empty cell would let the person go."""

WORDS: dict[str, type[StrEnum] | tuple[str, ...]] = {
    "sex": Sex, "category": Category, "health": Health, "status": Status, "fit_to_travel": YesNo, "withheld": YesNo,
    "requested": ("1", "2", "3"),
}  # fmt: skip

MESSAGES = {
    LATIN_IN_CYRILLIC: "Latin letter inside a Cyrillic word",
    CYRILLIC_IN_LATIN: "Cyrillic letter inside a Latin word",
    MIXED: "letters of two scripts in one word; kept as written",
    "invisible": "invisible letters removed",
    "lost_letters": "letters lost before the file was sent; kept as written",
    "cut_number": "a number cut short by a spreadsheet; kept as written",
    "quoted_formula": "a mark against formulas removed",
    "said_unknown": "said to be unknown; read as empty",
    "no_date": "no such date; kept as text",
    "too_early": f"date before {EARLIEST_YEAR}; kept as text",
    "future_date": "date in the future; kept as text",
    "unknown_word": "not one of the known words; kept as text",
    Doubt.UNCERTAIN_YEAR.value: "uncertain year, read as a year",
    Doubt.UNCERTAIN.value: "uncertain date, read as written",
    Doubt.SWAPPABLE.value: "day and month could be swapped; read day first",
    Doubt.MONTH_FIRST.value: "month before day, as elsewhere in the column or as the numbers demand",
    Doubt.TWO_DIGITS.value: "year of two digits; read as the last that is not in the future",
    Doubt.SERIAL.value: "a spreadsheet's serial number, read as a date",
    Doubt.COMPACT.value: "a date without separators",
    Doubt.ZERO.value: "day or month unknown, read as a month or a year",
}
"""The English words of what can be wrong or doubtful in a cell."""

DATE_FORM = "a date such as 31.12.1990, 1990-12-31, 12.1990 or 1990"


class Reading(NamedTuple):
    """What one cell was read as.

    Attributes
    ----------
    value
        Canonical text; None if the cell is empty or could not be read.
    found
        What stands in the cell.
    code
        What is wrong or doubtful; None if nothing is.
    is_fault
        Whether the list cannot be accepted with it.
    expected
        What would be accepted.
    """

    value: str | None
    found: str = ""
    code: str | None = None
    is_fault: bool = False
    expected: str = ""

    @property
    def is_kept_as_text(self) -> bool:
        """Whether the cell's text is kept beside the record."""
        return self.value is None and self.code not in {None, "said_unknown"}


_EMPTY = Reading(None)


def read_column(
    column: str, cells: Sequence[Cell], *, today: dt.date, is_1904: bool = False
) -> tuple[list[Reading], bool]:
    """Read all cells of one column; equal cells are read once.

    Parameters
    ----------
    column
        A column of the contract.
    cells
        From the first record to the last.
    today
        No date lies after it.
    is_1904
        Whether the workbook counts days from 1904.

    Returns
    -------
    list of Reading
        As many as cells.
    bool
        Whether there is something to say about any of them.
    """
    reader = _reader(column, cells, today, is_1904=is_1904)
    if set(map(type, cells)) <= {str, type(None)}:
        texts = {cell: reader(cell) for cell in dict.fromkeys(cells)}
        return [texts[cell] for cell in cells], any(reading.code for reading in texts.values())
    known: dict[tuple[type, Cell], Reading] = {}
    for cell in cells:  # 1, 1.0 and True are equal, but not the same cell
        known.setdefault((cell.__class__, cell), _EMPTY)
    for key in known:
        known[key] = reader(key[1])
    return [known[cell.__class__, cell] for cell in cells], any(reading.code for reading in known.values())


def as_text(cell: Cell) -> str:
    """Write a cell as a person would type it: whole numbers without a point, days as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if not cell.is_integer() or abs(cell) >= 1e15:
            return repr(cell)
        case int() | float():
            return str(int(cell))
        case _:
            return cell.isoformat().removesuffix("T00:00:00")


def _reader(column: str, cells: Sequence[Cell], today: dt.date, *, is_1904: bool) -> Callable[[Cell], Reading]:
    if column in DATES:
        order = order_of({cell for cell in cells if isinstance(cell, str)})
        calendar = Calendar(today, order, is_1904, is_birth=column == "birth_date")
        return lambda cell: _date(cell, calendar)
    if is_closed(column):
        return lambda cell: _word(column, cell)
    return lambda cell: _words(column, cell)


def _words(column: str, cell: Cell) -> Reading:
    found = as_text(cell)
    if _SETTLED.fullmatch(found) and cell.__class__ is str and (column == "ref" or not is_unknown(found)):
        return Reading(found, found)
    text, has_invisible = clean(found)
    if text in _BLANK:
        return _EMPTY
    if column in _AS_WRITTEN:
        return Reading(_unquoted(text), found)
    plain = _unquoted(text)
    if column != "ref" and is_unknown(plain):
        return Reading(None, found, "said_unknown")
    mended, code = repair(plain, others="" if column == "full_name" else None)
    if code is None and has_invisible:
        code = "invisible"
    if code is None and plain != text:
        code = "quoted_formula"
    if code is None and ("\ufffd" in plain or (column in _NAMES and "??" in plain)):
        code = "lost_letters"
    is_long = isinstance(cell, float) and abs(cell) >= 1e15
    if code is None and (is_long or _SCIENTIFIC.fullmatch(plain)):
        code = "cut_number"
    return Reading(mended, text if code != "invisible" else found, code)


def _unquoted(text: str) -> str:
    """Take off what keeps a spreadsheet from running a text: `'=1` and `="001"`."""
    if len(text) > 1 and text[0] == "'" and text.lstrip("'")[:1] in {"=", "+", "-", "@"}:
        return text[1:]
    if text.startswith('="') and text.endswith('"') and '"' not in text[2:-1]:
        return clean(text[2:-1])[0]
    return text


def _word(column: str, cell: Cell) -> Reading:
    found = clean(as_text(cell))[0]
    if found in _BLANK:
        return _EMPTY
    word = read_word(column, found)
    if word is not None:
        return Reading(word, found)
    must_be_read = column in _MUST_BE_READ
    if is_unknown(found) and not must_be_read:
        return Reading(None, found, "said_unknown")
    return Reading(None, found, "unknown_word", is_fault=must_be_read, expected=", ".join(WORDS[column]))


def _date(cell: Cell, calendar: Calendar) -> Reading:
    found = clean(as_text(cell))[0]
    if found in _BLANK:
        return _EMPTY
    read = _read_date(cell, found, calendar)
    if read is None:
        code = "said_unknown" if is_unknown(found) else "no_date"
        return Reading(None, found, code, expected=DATE_FORM)
    if read.date.first > calendar.today:
        return Reading(None, found, "future_date", is_fault=True, expected=f"at most {calendar.today}")
    if read.date.year < EARLIEST_YEAR:
        return Reading(None, found, "too_early", expected=DATE_FORM)
    return Reading(str(read.date), found, read.doubt.value if read.doubt else None)


def _read_date(cell: Cell, text: str, calendar: Calendar) -> ReadDate | None:
    if isinstance(cell, bool | dt.time):
        return None
    if isinstance(cell, int | float):
        return read_number(cell, calendar)
    return read_text(text, calendar)
