"""Cells of an untrusted workbook as JSON; runs in a child process and loads no more than it needs."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.lists.scan import Marks, scan_xlsx
from goodoffices.formats.lists.workbook import Form, Limits, check_ole, check_zip, recognise

MOST_LETTERS = 400_000_000
"""In all cells of a workbook together."""


def pack(data: bytes, file: str, limits: Limits) -> Iterator[str]:
    """Read every sheet of a workbook; the pieces of one JSON document.

    Parameters
    ----------
    data
        XLSX, XLS or ODS.
    file
        Its name, for messages.
    limits
        What the file may ask for.

    Raises
    ------
    InputError
        If it is no workbook, is damaged or encrypted, or keeps not to the limits.
    """
    marks: dict[str, Marks] = {}
    is_1904 = False
    if recognise(data[:64], file) is Form.ZIP:
        form = check_zip(data, file, limits)
        if form == "XLSX":
            marks, is_1904 = scan_xlsx(data, file, limits)
    else:
        check_ole(data, file)
        form = "XLS"
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        yield f'{{"form": "{form}", "is_1904": {json.dumps(is_1904)}, "sheets": ['
        separator = ""
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            _check_size(sheet, file, limits)
            yield separator
            head = {
                "name": about.name,
                "is_hidden": about.visible is not SheetVisibleEnum.Visible,
                "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or ()],
                "formulas": marks.get(about.name, Marks()).formulas,
                "broken": marks.get(about.name, Marks()).broken,
            }
            yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
            yield from _rows(sheet, file)
            yield "]}"
            separator = ","
        yield "]}"
    except PasswordError as error:
        raise InputError(Fault(file, "", "", "an encrypted workbook", "the same without a password")) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise InputError(
            Fault(file, "", "", f"a damaged workbook ({_plain(error)})", "one that a spreadsheet program opens")
        ) from error


def _check_size(sheet: CalamineSheet, file: str, limits: Limits) -> None:
    rows, columns = (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)
    place = f"sheet {sheet.name!r}"
    if columns > limits.columns:
        raise InputError(
            Fault(file, place, "", f"cells absurdly far out: {columns} columns", f"at most {limits.columns}")
        )
    if rows * columns > limits.cells:
        raise InputError(
            Fault(file, place, "", f"a sheet of {rows} x {columns} cells", f"at most {limits.cells} cells")
        )


def _rows(sheet: CalamineSheet, file: str) -> Iterator[str]:
    letters = 0
    separator = ""
    if sheet.end is None:
        return
    first_row, first_column = sheet.start or (0, 0)
    for _ in range(first_row):
        yield separator + "[]"
        separator = ","
    margin: list[None] = [None] * first_column
    for row in sheet.iter_rows():
        while row and row[-1] == "":
            row.pop()
        try:
            line = json.dumps([*margin, *row], ensure_ascii=False)
        except TypeError:
            line = json.dumps([*margin, *map(_plain_cell, row)], ensure_ascii=False)
        letters += len(line)
        if letters > MOST_LETTERS:
            raise InputError(Fault(file, "", "", "more text than any list", f"at most {MOST_LETTERS} letters"))
        yield separator + line
        separator = ","


def _plain_cell(cell: object) -> object:
    match cell:
        case dt.datetime():
            return {"s": cell.isoformat()}
        case dt.date():
            return {"d": cell.isoformat()}
        case dt.time():
            return {"t": cell.isoformat()}
        case dt.timedelta():
            return str(cell)
        case _:
            return cell


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:100]
