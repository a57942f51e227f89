"""Tells records from empty lines, totals, headings and remarks; nothing is dropped without a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.formats.lists.header import Header
from goodoffices.formats.lists.letters import clean
from goodoffices.formats.lists.model import Book, Cell, Line, Problem, Sheet
from goodoffices.formats.lists.vocabulary import is_total

_NAMES = ("surname", "given_name", "patronymic", "full_name")
_INVISIBLE = " \t\r\n\x0b\x0c\x00\u00a0\u00ad\u2009\u202f\u200b\u200c\u200d\u200e\u200f\u2060\u3000\ufeff"
_IDLE = _INVISIBLE + "-—–−"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a header.

    Attributes
    ----------
    rows
        The spreadsheet's row of each record, from 1.
    cells
        The cells of each record, all as long as the header.
    lines
        Lines that are no records.
    faults, warnings
        About lines as wholes.
    """

    rows: list[int]
    cells: list[list[Cell]]
    lines: list[Line]
    faults: list[Problem]
    warnings: list[Problem]


def find_records(sheet: Sheet, header: Header, book: Book) -> Body:
    """Sort the lines below the header into records and others."""
    body = Body([], [], [], [], [])
    width = len(header.titles)
    reference = next((at for at, column in header.columns.items() if column == "ref"), None)
    names = [at for at, column in header.columns.items() if column in _NAMES]
    empty: list[int] = []
    for index in range(max(header.rows) + 1, len(sheet.rows)):
        row = sheet.rows[index]
        number = index + 1
        cells = row if len(row) == width else row + [None] * (width - len(row))
        has_ref = reference is not None and not is_blank(cells[reference])
        has_name = any(not is_blank(cells[at]) for at in names)
        if not (has_ref and has_name):
            filled = [at for at, cell in enumerate(cells) if not is_blank(cell)]
            if not filled:
                empty.append(number)
                continue
            line = _other_line(cells, filled, header, number, has_ref=has_ref)
            if line:
                _note_line(line, body)
                continue
        elif (why := _no_person(cells[reference or 0], header.titles[reference or 0])) is not None:
            _note_line(Line(number, why, _text(cells)), body)
            continue
        body.lines.extend(Line(at, "empty") for at in empty)
        empty.clear()
        body.rows.append(number)
        body.cells.append(cells)
    body.lines.sort(key=lambda line: line.row)
    if book.is_plain:
        _check_lengths(sheet, header, body)
    return body


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing, spaces, invisible letters or a dash."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and cell.strip(_IDLE) == "" and len(cell.strip(_INVISIBLE)) <= 3


def _no_person(reference: Cell, title: str) -> str | None:
    """Say why a line with a reference and a name is no person after all."""
    if not isinstance(reference, str):
        return None
    if reference == title or reference.strip().casefold() == title.casefold():
        return "header repeated"
    return "total line" if is_total(reference) else None


def _other_line(cells: Sequence[Cell], filled: list[int], header: Header, number: int, *, has_ref: bool) -> Line | None:
    text = _text(cells)
    first = str(cells[filled[0]])
    if is_total(first):
        return Line(number, "total line", text)
    written = [clean(str(cells[at]))[0].casefold() for at in filled]
    if len(filled) > 1 and all(word == header.titles[at].casefold() for at, word in zip(filled, written, strict=True)):
        return Line(number, "header repeated", text)
    in_names = header.columns.get(filled[0]) in _NAMES
    is_remark = "__" in text or (has_ref and not any(sign.isdigit() for sign in first)) or not (has_ref or in_names)
    if len(filled) == 1 and is_remark:
        return Line(number, "heading or remark", text)
    if not has_ref and "__" in text:
        return Line(number, "heading or remark", text)
    return None


def _note_line(line: Line, body: Body) -> None:
    body.lines.append(line)
    if line.why == "total line":
        counted = [int(digits) for digits in _NUMBER.findall(line.text)]
        message = "the total line says another number than there are records above"
        if counted and len(body.rows) not in counted:
            body.warnings.append(Problem(line.row, "", "total_differs", message, line.text, str(len(body.rows))))
    elif line.why == "heading or remark":
        body.warnings.append(Problem(line.row, "", "remark", "a heading or remark, no record; kept as text", line.text))
    else:
        body.warnings.append(Problem(line.row, "", "header_again", "the header repeated, no record", line.text))


def _check_lengths(sheet: Sheet, header: Header, body: Body) -> None:
    """Note the lines of plain text that are longer or shorter than the header: a separator was lost or gained."""
    width = max(len(sheet.rows[row]) for row in header.rows)
    short = []
    for row, cells in zip(body.rows, body.cells, strict=True):
        length = len(sheet.rows[row - 1])
        if length > width and any(not is_blank(cell) for cell in cells[width:]):
            message = "more cells than the header has; a separator or a quotation mark too many?"
            body.faults.append(Problem(row, "", "too_many_cells", message, f"{length} cells", f"{width} cells"))
        elif length < width:
            short.append((row, length))
    if len(short) * 2 < len(body.rows):
        message = "fewer cells than the header has; the missing ones are read as empty"
        body.warnings.extend(
            Problem(row, "", "too_few_cells", message, f"{length} cells", f"{width} cells") for row, length in short
        )


def _text(cells: Sequence[Cell]) -> str:
    return " | ".join(clean(str(cell))[0] for cell in cells if not is_blank(cell))
