"""Text with separators: finds the separator, reads the rows, refuses what is no table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import cast

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.lists.encoding import Text
from goodoffices.formats.lists.header import find_header
from goodoffices.formats.lists.model import Book, Cell, Sheet

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
MOST_CELLS = 8_000_000
MOST_LETTERS = 100_000
"""In one cell."""
LONGEST_LINE = 1_000_000

_SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_HEAD_LINES = 70


def read_delimited(text: Text, file: str) -> Book:
    """Read a text with separators as a book of one sheet.

    Parameters
    ----------
    text
        Of the whole file.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        If a line or a table is larger than any list, or a quotation mark is never closed.
    """
    body, separator = _declared(text.text)
    _check_lines(body, file)
    separator = separator or _best_separator(body, file)
    form = f"CSV, {text.encoding}, {_SEPARATORS.get(separator, repr(separator))}"
    offset = 0 if body is text.text else 1
    rows: list[list[Cell]] = [[] for _ in range(offset)]
    cells = 0
    row: list[Cell]
    for row in _rows(body, separator, file):
        cells += len(row)
        if len(row) > MOST_COLUMNS:
            found = f"{len(row)} columns"
            raise InputError(Fault(file, f"row {len(rows) + 1}", "", found, f"at most {MOST_COLUMNS}"))
        if len(rows) >= MOST_ROWS or cells > MOST_CELLS:
            raise InputError(
                Fault(file, "", "", "a table larger than any list", f"at most {MOST_ROWS} rows and {MOST_CELLS} cells")
            )
        rows.append(row)
    return Book(form, (Sheet("", rows),), is_plain=True)


def _declared(text: str) -> tuple[str, str | None]:
    """Take off the line `sep=;` that some spreadsheets write first."""
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5] in "\r\n":
        return text[6:].removeprefix("\n") if text[5] == "\r" else text[6:], text[4]
    return text, None


def _check_lines(text: str, file: str) -> None:
    at = 0
    number = 1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at > LONGEST_LINE:
            raise InputError(
                Fault(file, f"line {number}", "", f"a line of {end - at} letters", f"at most {LONGEST_LINE}")
            )
        at, number = end + 1, number + 1


def _best_separator(text: str, file: str) -> str:
    """Choose the separator under which the header names most columns; else the one that splits most evenly."""
    head = "\n".join(text[: _HEAD_LINES * 2_000].splitlines()[:_HEAD_LINES])
    scores: dict[str, tuple[int, int]] = {}
    for separator in _SEPARATORS:
        try:
            rows = list(_rows(head, separator, file))
        except InputError:
            continue
        try:
            header = find_header(Sheet("", rows), file)
        except InputError:
            return separator  # two columns of one meaning were seen: the separator is right, the list is not
        counts = [len(row) for row in rows if len(row) > 1]
        even = max((counts.count(count) for count in set(counts)), default=0)
        scores[separator] = (len(header.columns) if header else 0, even)
    return max(scores, key=lambda separator: scores[separator], default=",")


def _rows(text: str, separator: str, file: str) -> Iterator[list[Cell]]:
    previous = csv.field_size_limit(MOST_LETTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from cast("Iterator[list[Cell]]", reader)
    except csv.Error as error:
        found = "a quotation mark that is never closed" if "field larger" in str(error) else f"no table: {error}"
        raise InputError(Fault(file, f"line {reader.line_num}", "", found, "quotation marks in pairs")) from error
    finally:
        csv.field_size_limit(previous)
