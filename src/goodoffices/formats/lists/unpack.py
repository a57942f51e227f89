"""Gives back the cells that a child process has read."""

from __future__ import annotations

import datetime as dt
import json

from goodoffices.formats.lists.model import Book, Sheet


def unpack(payload: bytes) -> Book:
    """Read the JSON of `pack`."""
    parsed = json.loads(payload, object_hook=_hook)
    sheets = tuple(
        Sheet(
            name=sheet["name"],
            rows=sheet["rows"],
            merged=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
            formulas=frozenset((row, column) for row, column in sheet["formulas"]),
            broken=frozenset((row, column) for row, column in sheet["broken"]),
            is_hidden=sheet["is_hidden"],
        )
        for sheet in parsed["sheets"]
    )
    names = ", ".join(sheet.name for sheet in sheets)
    return Book(
        f"{parsed['form']}, {len(sheets)} sheets: {names}" if len(sheets) > 1 else parsed["form"],
        sheets,
        parsed["is_1904"],
    )


def _hook(entry: dict[str, object]) -> object:
    if len(entry) != 1:
        return entry
    match entry:
        case {"d": str(text)}:
            return dt.date.fromisoformat(text)
        case {"s": str(text)}:
            return dt.datetime.fromisoformat(text)
        case {"t": str(text)}:
            return dt.time.fromisoformat(text)
        case _:
            return entry
