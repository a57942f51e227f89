"""From sheets of cells to a list: records in canonical words, every fault by row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import COLUMNS, ListKind
from goodoffices.formats.lists.cells import MESSAGES, Reading, as_text, read_column
from goodoffices.formats.lists.header import Header, find_header
from goodoffices.formats.lists.letters import clean, has_alike_word, repair, skeleton
from goodoffices.formats.lists.model import Book, Cell, ListFile, Problem, Sheet
from goodoffices.formats.lists.names import split_name
from goodoffices.formats.lists.rows import Body, find_records, is_blank
from goodoffices.formats.lists.vocabulary import read_kind

_NAMES = ("surname", "given_name", "patronymic")


@dataclass(slots=True)
class _Table:
    """A list while it is being read."""

    header: Header
    rows: list[int]
    columns: dict[str, tuple[list[Reading], bool]]
    values: dict[str, list[str | None]] = field(default_factory=dict)
    others: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[tuple[int, int, bool, Problem]] = field(default_factory=list)

    def add(self, index: int, column: str, problem: Problem, *, is_fault: bool) -> None:
        position = next((at for at, name in self.header.columns.items() if name == column), 0)
        self.problems.append((self.rows[index], position, is_fault, problem))


def read_book(
    book: Book,
    file: str,
    *,
    today: dt.date,
    kind: ListKind | None = None,
    sheet: str | None = None,
    given: Mapping[str, str] | None = None,
) -> ListFile:
    """Read the one list that a file holds.

    Parameters
    ----------
    book
        The file's cells.
    file
        Its name, for messages and as a hint of its kind.
    today
        No date lies after it.
    kind
        What the list states of those on it; otherwise its title, its name and its columns say.
    sheet
        The sheet to read, where several hold a list.
    given
        Column by title as a person has said, where the vocabulary does not know or errs.

    Raises
    ------
    InputError
        If no sheet or more than one holds a list, or two columns have one meaning.
    """
    chosen, header, notes = _choose(book, file, sheet, given=given or {})
    _fill_merged(chosen, header, notes)
    body = find_records(chosen, header, book)
    columns: list[tuple[Cell, ...]] = list(zip(*body.cells, strict=True)) or [() for _ in header.titles]
    readings = {
        column: read_column(column, columns[position], today=today, is_1904=book.is_1904)
        for position, column in header.columns.items()
    }
    table = _Table(header, body.rows, readings)
    for column, (cells, is_noted) in readings.items():
        table.values[column] = [reading.value for reading in cells]
        if is_noted:
            _note_column(table, column, cells)
    _belong_together(table)
    _split_names(table)
    _check_references(table)
    _check_order(table)
    unknown = _keep_unknown(table, columns, notes)
    _note_formulas(chosen, table, columns)
    return _finish(table, body, unknown, _Source(book, file, kind or _kind(table, file, chosen), notes))


@dataclass(frozen=True, slots=True)
class _Source:
    book: Book
    file: str
    kind: ListKind | None
    notes: list[Problem]


def _choose(
    book: Book, file: str, name: str | None, *, given: Mapping[str, str]
) -> tuple[Sheet, Header, list[Problem]]:
    sheets = [sheet for sheet in book.sheets if sheet.rows]
    if name is not None:
        sheets = [sheet for sheet in sheets if sheet.name == name]
        if not sheets:
            known = ", ".join(sheet.name for sheet in book.sheets)
            raise InputError(Fault(file, "", "", f"no sheet {name!r}", f"one of: {known}"))
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet, file, given))]
    visible = [(sheet, header) for sheet, header in found if not sheet.is_hidden] or found
    if not visible:
        raise InputError(
            Fault(file, "", "", _first_line(sheets), "a row with the columns' names, such as ref, surname, birth date")
        )
    if len(visible) > 1:
        names = ", ".join(repr(sheet.name) for sheet, _ in visible)
        raise InputError(
            Fault(
                file, "", "", f"{len(visible)} sheets that hold a list: {names}", "one, or the sheet's name (--sheet)"
            )
        )
    chosen, header = visible[0]
    notes = list(book.warnings)
    notes += [
        Problem(0, "", "other_sheet", "another sheet that is not read", other.name)
        for other in book.sheets
        if name is None and other is not chosen and any(not is_blank(cell) for row in other.rows for cell in row)
    ]
    return chosen, header, notes


def _first_line(sheets: list[Sheet]) -> str:
    for sheet in sheets:
        for row in sheet.rows:
            text = " | ".join(clean(as_text(cell))[0] for cell in row if not is_blank(cell))
            if text:
                return f"no header; the first line is {text[:120]!r}"
    return "an empty file"


def _kind(table: _Table, file: str, sheet: Sheet) -> ListKind | None:
    by_title = (
        read_kind(table.header.above) or read_kind(sheet.name) or read_kind(file.replace("\\", "/").rsplit("/", 1)[-1])
    )
    if by_title:
        return by_title
    is_custody = any(any(table.values.get(column, ())) for column in ("held_at", "health"))
    return ListKind.HELD if is_custody else None


def _fill_merged(sheet: Sheet, header: Header, notes: list[Problem]) -> None:
    """Read a value that is merged over several records for each of them."""
    for top, left, bottom, right in sheet.merged:
        column = header.columns.get(left)
        if top <= max(header.rows) or bottom == top or left != right or column in {None, "ref"}:
            continue
        value = sheet.rows[top][left] if top < len(sheet.rows) and left < len(sheet.rows[top]) else None
        if is_blank(value):
            continue
        for row in sheet.rows[top + 1 : bottom + 1]:
            if any(not is_blank(cell) for cell in row):
                row.extend([None] * (left + 1 - len(row)))
                row[left] = value
        message = f"merged cells; the value is read for rows {top + 1} to {bottom + 1}"
        notes.append(
            Problem(top + 1, header.titles[left], "merged_cells", message, as_text(value), read=as_text(value))
        )


def _note_column(table: _Table, column: str, cells: list[Reading]) -> None:
    title = _title(table, column)
    for index, reading in enumerate(cells):
        if reading.code is None:
            continue
        expected = reading.expected or reading.value or ""
        problem = Problem(
            table.rows[index], title, reading.code, MESSAGES[reading.code], reading.found, expected, reading.value
        )
        table.add(index, column, problem, is_fault=reading.is_fault)
        if reading.is_kept_as_text:
            table.others.setdefault(index, {})[f"{column}_text"] = reading.found


def _belong_together(table: _Table) -> None:
    """Repair a name made of look-alikes alone by the script of the person's other names."""
    present = [column for column in _NAMES if column in table.values]
    for column in present:
        own: dict[str, bool] = {}
        for index, value in enumerate(table.values[column]):
            if value is None:
                continue
            if value not in own:
                own[value] = not has_alike_word(value)
            if own[value]:
                continue
            others = " ".join(table.values[other][index] or "" for other in present if other != column)
            mended, code = repair(value, others=others)
            if code and mended != value:
                table.values[column][index] = mended
                title = _title(table, column)
                problem = Problem(table.rows[index], title, code, MESSAGES[code], value, mended, mended)
                table.add(index, column, problem, is_fault=False)


def _split_names(table: _Table) -> None:
    """Split whole names into the columns that the list has not."""
    if "full_name" not in table.values or any(name in table.values for name in _NAMES):
        return
    title = _title(table, "full_name")
    known: dict[str, tuple[tuple[str | None, str | None, str | None], bool]] = {}
    split: list[tuple[str | None, str | None, str | None]] = []
    for index, whole in enumerate(table.values["full_name"]):
        if whole is None:
            split.append((None, None, None))
            continue
        if whole not in known:
            known[whole] = split_name(whole, given_first=table.header.given_first)
        parts, is_sure = known[whole]
        split.append(parts)
        if not is_sure:
            read = " | ".join(part or "—" for part in parts)
            message = "the name could be split otherwise; read as surname | given name | patronymic"
            problem = Problem(table.rows[index], title, "name_split", message, whole, "", read)
            table.add(index, "full_name", problem, is_fault=False)
    for place, name in enumerate(_NAMES):
        table.values[name] = [parts[place] for parts in split]


def _check_references(table: _Table) -> None:
    if "ref" not in table.values:
        table.values["ref"] = [None] * len(table.rows)
        return
    title = _title(table, "ref")
    first: dict[str, int] = {}
    seen: dict[str, str] = {}
    for index, reference in enumerate(table.values["ref"]):
        row = table.rows[index]
        if reference is None:
            problem = Problem(row, title, "no_reference", "no reference", "an empty cell", "a reference used once")
            table.add(index, "ref", problem, is_fault=True)
        elif reference in first:
            message = f"duplicate reference, first in row {first[reference]}"
            problem = Problem(
                row,
                title,
                "duplicate_reference",
                message,
                reference,
                "a reference used once",
                reference,
                first[reference],
            )
            table.add(index, "ref", problem, is_fault=True)
        else:
            first[reference] = row
            looks = skeleton(reference)
            twin = seen.setdefault(looks, reference)
            if twin != reference:
                message = f"looks like the reference in row {first[twin]}"
                problem = Problem(
                    row, title, "alike_reference", message, reference, "a reference of its own", reference
                )
                table.add(index, "ref", problem, is_fault=False)


def _check_order(table: _Table) -> None:
    born, taken = table.values.get("birth_date"), table.values.get("captured_on")
    if born is None or taken is None:
        return
    title = _title(table, "captured_on")
    for index, (birth, capture) in enumerate(zip(born, taken, strict=True)):
        if birth and capture and capture[: len(birth)] < birth[: len(capture)]:
            message = "before the date of birth"
            problem = Problem(table.rows[index], title, "before_birth", message, capture, f"after {birth}", capture)
            table.add(index, "captured_on", problem, is_fault=False)


def _keep_unknown(table: _Table, columns: list[tuple[Cell, ...]], notes: list[Problem]) -> tuple[str, ...]:
    """Keep every cell of columns that were not understood, and name them."""
    unknown = []
    header = table.header
    for position, title in enumerate(header.titles):
        if position in header.columns:
            continue
        cells = {index: clean(as_text(cell))[0] for index, cell in enumerate(columns[position]) if not is_blank(cell)}
        is_named = title != "" and not title.startswith("column ")
        if not cells and not is_named:
            continue
        unknown.append(title)
        notes.append(Problem(header.rows[0] + 1, title, "unknown_column", "unknown column; kept as it is", title))
        for index, text in cells.items():
            table.others.setdefault(index, {})[title] = text
    return tuple(unknown)


def _note_formulas(sheet: Sheet, table: _Table, columns: list[tuple[Cell, ...]]) -> None:
    if not sheet.formulas and not sheet.broken:
        return
    index_of = {row: index for index, row in enumerate(table.rows)}
    for row, position in sorted(sheet.formulas | sheet.broken):
        index = index_of.get(row + 1)
        if index is None or position >= len(table.header.titles):
            continue
        value = as_text(columns[position][index])
        title = table.header.titles[position]
        if (row, position) in sheet.broken:
            problem = Problem(
                row + 1, title, "error_value", "an error value of the spreadsheet", value or "an error", "a value"
            )
        elif value == "":
            problem = Problem(
                row + 1, title, "formula_without_value", "a formula without a stored value", "a formula", "a value"
            )
        else:
            problem = Problem(row + 1, title, "formula", "a formula; its stored value is read", value, "a value", value)
        table.problems.append((row + 1, position, problem.code != "formula", problem))


def _finish(table: _Table, body: Body, unknown: tuple[str, ...], source: _Source) -> ListFile:
    header = table.header
    faults = [(problem.row, -1, problem) for problem in body.faults]
    warnings = [(problem.row, -1, problem) for problem in [*source.notes, *body.warnings]]
    for row, position, is_fault, problem in table.problems:
        (faults if is_fault else warnings).append((row, position, problem))
    if "ref" not in header.columns.values():
        message = "no column with a reference"
        faults.append((0, 0, Problem(header.rows[0] + 1, "", "no_reference_column", message, "no such column", "ref")))
    by_place: Callable[[tuple[int, int, Problem]], tuple[int, int]] = lambda entry: entry[:2]  # noqa: E731
    shown: Mapping[str, str] = {column: header.titles[position] for position, column in header.columns.items()}
    return ListFile(
        file=source.file,
        form=source.book.form,
        kind=source.kind,
        records=pl.DataFrame(
            {column: table.values.get(column) or [None] * len(table.rows) for column in COLUMNS},
            schema=dict.fromkeys(COLUMNS, pl.String()),
        ),
        rows=tuple(table.rows),
        columns=shown,
        unknown=unknown,
        others=table.others,
        header_rows=tuple(row + 1 for row in header.rows),
        lines=tuple(body.lines),
        faults=tuple(problem for _, _, problem in sorted(faults, key=by_place)),
        warnings=tuple(problem for _, _, problem in sorted(warnings, key=by_place)),
    )


def _title(table: _Table, column: str) -> str:
    return next(table.header.titles[at] for at, name in table.header.columns.items() if name == column)
