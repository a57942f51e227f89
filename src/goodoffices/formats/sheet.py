"""Tables out: XLSX in which every text is a text cell, and CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from goodoffices.domain.errors import RangeError

Cell = str | int | float | bool | dt.date | None

_MOST_ROWS = 1_048_575
_MOST_COLUMNS = 16_384
_MOST_LETTERS = 32_767
_WIDEST = 60
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no zone; fixed so that equal tables are equal bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """One table: a header and rows below it.

    Attributes
    ----------
    header
        Titles of the columns, in order.
    rows
        Sequences of cells, each as long as the header; None is an empty cell, dates are written as ISO text.
    """

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Write an XLSX workbook: bold frozen header with filters, numbers as numbers, all else as text.

    Parameters
    ----------
    sheets
        Tables by the name of their sheet; names are cut to what a spreadsheet allows.

    Returns
    -------
    bytes
        The same for equal tables.

    Raises
    ------
    RangeError
        If there is no sheet, a row is not as long as its header, or a table or a text is larger than a sheet can hold.
    """
    if not sheets:
        raise RangeError("found no sheet, expected at least one")
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _CREATED})
    head = book.add_format(
        {"bold": True, "bg_color": "#EDE8DC", "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
    )
    text = book.add_format({"num_format": "@", "valign": "top"})
    names: set[str] = set()
    for name, table in sheets.items():
        sheet = book.add_worksheet(_sheet_name(name, names))
        _fill(sheet, table, (head, text))
    book.close()
    return out.getvalue()


def comma_separated(table: Rows) -> bytes:
    """Write a CSV for a spreadsheet: UTF-8 with BOM, all quoted, `'` before what would be run as a formula.

    A text that begins with `'` and a formula's sign, or has been prefixed already, gains one more `'`, so that
    taking one off gives back every text. Numbers are written bare.
    For other programs than spreadsheets use `sealed_csv`.

    Raises
    ------
    RangeError
        If a row is not as long as its header.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_inert(title) for title in table.header])
    for number, row in enumerate(table.rows, 2):
        _check_length(row, table.header, number)
        writer.writerow([_number(cell) if _is_number(cell) else _inert(_text(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _fill(sheet: xlsxwriter.worksheet.Worksheet, table: Rows, formats: tuple[object, object]) -> None:
    head, text = formats
    if len(table.header) > _MOST_COLUMNS:
        raise RangeError(f"found {len(table.header)} columns, expected at most {_MOST_COLUMNS}")
    widths = [len(title) for title in table.header]
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, _fitting(title), head)
    last = 0
    for last, row in enumerate(table.rows, 1):
        if last > _MOST_ROWS:
            raise RangeError(f"found more than {_MOST_ROWS} rows, expected at most as many")
        _check_length(row, table.header, last + 1)
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if _is_number(cell):
                sheet.write_number(last, column, cell)
                shown = str(cell)
            else:
                shown = _fitting(_text(cell))
                sheet.write_string(last, column, shown, text)
            widths[column] = max(widths[column], min(len(shown), _WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(_WIDEST, width + 2))
    sheet.freeze_panes(1, 0)
    if table.header:
        sheet.autofilter(0, 0, last, len(table.header) - 1)


def _check_length(row: Sequence[Cell], header: Sequence[str], number: int) -> None:
    if len(row) != len(header):
        raise RangeError(f"row {number}: found {len(row)} cells, expected {len(header)}")


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)


def _number(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _fitting(text: str) -> str:
    if len(text) > _MOST_LETTERS:
        raise RangeError(f"found a text of {len(text)} letters, expected at most {_MOST_LETTERS}")
    return text


def _inert(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = _FORBIDDEN.sub(" ", name).strip().strip("'") or "Sheet"
    candidate = plain[:31]
    number = 2
    while candidate.casefold() in taken:
        tail = f" ({number})"
        candidate = plain[: 31 - len(tail)] + tail
        number += 1
    taken.add(candidate.casefold())
    return candidate
