"""What was understood of a list, as JSON and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import InputError
from goodoffices.formats.lists.model import Line, ListFile, Problem


def as_json(listed: ListFile) -> dict[str, Json]:
    """Give the contract's JSON: every record, fault and warning; empty cells are left out."""
    return {
        "file": listed.file,
        "form": listed.form,
        "kind": listed.kind.value if listed.kind else None,
        "rows": listed.records.height,
        "header_rows": list(listed.header_rows),
        "columns": dict(listed.columns),
        "unknown_columns": list(listed.unknown),
        "records": list(record_lines(listed)),
        "not_records": [_line(line) for line in listed.lines],
        "faults": [_problem(problem) for problem in listed.faults],
        "warnings": [_problem(problem) for problem in listed.warnings],
        "accepted": listed.is_accepted,
    }


def refusal_as_json(file: str, error: InputError) -> dict[str, Json]:
    """Give the contract's JSON of a file that was refused as a whole."""
    faults = [
        {
            "row": int(fault.place.removeprefix("row ")) if fault.place.removeprefix("row ").isdigit() else 0,
            "column": fault.field,
            "found": fault.found,
            "expected": fault.expected,
            "message": str(fault),
            "read": None,
            "code": "refused",
        }
        for fault in error.faults
    ]
    empty: dict[str, Json] = {"kind": None, "rows": 0, "columns": {}, "records": [], "warnings": []}
    return {"file": file, **empty, "faults": faults, "accepted": False}


def record_lines(listed: ListFile) -> Iterator[dict[str, Json]]:
    """Give each record with its row; texts of columns that were not understood stand under `other`."""
    columns = set(listed.columns) | {"surname", "given_name", "patronymic"}
    for index, record in enumerate(listed.records.iter_rows(named=True)):
        entry: dict[str, Json] = {"row": listed.rows[index]}
        entry |= {column: value for column, value in record.items() if value is not None and column in columns}
        others = listed.others.get(index, {})
        entry |= {name: text for name, text in others.items() if name not in listed.unknown}
        unknown = {name: text for name, text in others.items() if name in listed.unknown}
        if unknown:
            entry["other"] = unknown
        yield entry


def summary(listed: ListFile, *, most: int) -> Iterator[str]:
    """Give the lines a person reads: what it is, what was understood, what is wrong; `most` problems of a kind."""
    kind = listed.kind.value if listed.kind else "kind not stated"
    verdict = "accepted" if listed.is_accepted else "NOT ACCEPTED"
    yield f"{listed.file}: {verdict}"
    yield f"  {listed.form}; {kind}; {counted(listed.records.height, 'record')}"
    yield "  columns:  " + ", ".join(
        column if column == title else f"{column} = {title!r}" for column, title in listed.columns.items()
    )
    if listed.unknown:
        yield "  kept, not understood:  " + ", ".join(repr(title) for title in listed.unknown)
    others = [line for line in listed.lines if line.why != "empty"]
    empty = len(listed.lines) - len(others)
    if empty:
        yield f"  {counted(empty, 'empty row')} between records"
    for line in others[:most]:
        yield f"  row {line.row}: {line.why}: {line.text}"
    yield from _problems("fault", listed.faults, most)
    yield from _problems("warning", listed.warnings, most)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}".replace(",", "\u202f")


def _problems(noun: str, problems: Sequence[Problem], most: int) -> Iterator[str]:
    if not problems:
        return
    yield f"  {counted(len(problems), noun)}:"
    shown = problems[:most]
    width = max(len(_where(problem)) for problem in shown)
    for problem in shown:
        yield f"    {_where(problem):<{width}}  {_what(problem)}"
    if len(problems) > most:
        yield f"    ... and {len(problems) - most} more (--all shows them)"


def _where(problem: Problem) -> str:
    row = f"row {problem.row}" if problem.row else ""
    return ", ".join(part for part in (row, problem.column) if part) or "file"


def _what(problem: Problem) -> str:
    text = problem.message
    if problem.found and problem.found != problem.column:
        text += f": {problem.found}"
    if problem.read is not None and problem.read != problem.found:
        return f"{text}, read as {problem.read}"
    if problem.expected and problem.read is None:
        text += f"; expected {problem.expected}"
    return text


def _line(line: Line) -> dict[str, Json]:
    entry: dict[str, Json] = {"row": line.row, "why": line.why}
    return entry | {"text": line.text} if line.text else entry


def _problem(problem: Problem) -> dict[str, Json]:
    return {
        "row": problem.row,
        "column": problem.column,
        "found": problem.found,
        "expected": problem.expected,
        "message": problem.message,
        "read": problem.read,
        "code": problem.code,
    }
