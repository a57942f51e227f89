"""What reading a list takes and gives: sheets of cells in, records, faults and warnings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from goodoffices.domain.errors import Fault
from goodoffices.domain.lists import ListKind

Cell = str | int | float | bool | dt.date | dt.time | None
"""A cell as a reader of spreadsheets gives it; an empty text and None are empty cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of cells.

    Attributes
    ----------
    name
        As the workbook names it; empty for a CSV.
    rows
        From the sheet's first row on; rows may differ in length.
    merged
        Merged ranges: first row, first column, last row, last column, from 0.
    formulas
        Cells with a formula, from 0.
    broken
        Cells that hold an error value such as #REF!, from 0.
    is_hidden
        Whether a person who opens the workbook does not see the sheet.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    broken: frozenset[tuple[int, int]] = frozenset()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A file of sheets.

    Attributes
    ----------
    form
        What the file is, for a reader: "XLSX", "CSV, cp1251, semicolon".
    sheets
        At least one.
    is_1904
        Whether serial days count from 1904.
    is_plain
        Whether it is plain text: its rows must then be as long as the header.
    warnings
        What was found while reading the bytes.
    """

    form: str
    sheets: tuple[Sheet, ...]
    is_1904: bool = False
    is_plain: bool = False
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a sender or a reader should look at.

    Attributes
    ----------
    row
        The spreadsheet's own number, from 1; 0 for the file as a whole.
    column
        Title of the column as written; empty where none applies.
    code
        Which problem; the words of pages are found by it.
    message
        The same in English.
    found
        What stands there.
    expected
        What would be accepted.
    read
        As what it was read, where it was.
    other_row
        Another row that it has to do with; 0 for none.
    """

    row: int
    column: str
    code: str
    message: str
    found: str = ""
    expected: str = ""
    read: str | None = None
    other_row: int = 0

    def as_fault(self, file: str) -> Fault:
        """Give the problem as a fault of a file."""
        place = f"row {self.row}" if self.row else ""
        found = f"{self.found} ({self.message})" if self.found else self.message
        return Fault(file, place, self.column, found, self.expected or "another value")


@dataclass(frozen=True, slots=True)
class Line:
    """A line below the header that is no record.

    Attributes
    ----------
    row
        The spreadsheet's own number.
    why
        empty, total line, heading or remark, header repeated.
    text
        What stands there.
    """

    row: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as it was understood.

    Attributes
    ----------
    file
        As the user named it.
    form
        What the file is.
    kind
        What the list states of those on it; None if nothing says so.
    records
        Table of `domain.tables.RECORDS`' columns; `ref` may be null only in a list with faults.
    rows
        The spreadsheet's row of each record.
    columns
        Title as written, by column of the contract, in the order of the file.
    unknown
        Titles of columns kept without being understood.
    others
        Cells of unknown columns and texts that could not be read (`birth_date_text`), by index of the record.
    header_rows
        The spreadsheet's rows of the header.
    lines
        Rows below the header that are no records.
    faults, warnings
        In order of the file; a list with a fault is not accepted.
    """

    file: str
    form: str
    kind: ListKind | None
    records: pl.DataFrame
    rows: tuple[int, ...] | range
    columns: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    others: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    header_rows: tuple[int, ...] = (1,)
    lines: tuple[Line, ...] = ()
    faults: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the list has no fault."""
        return not self.faults
