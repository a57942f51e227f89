"""Reads fields of a JSON document one by one and collects every fault with its place."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from goodoffices.domain.errors import Fault, InputError

_MISSING = object()
UNREAD = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # stands for a time that could not be read, until the faults are told


@dataclass(slots=True)
class Fields:
    """The faults of one file as it is read.

    Attributes
    ----------
    file
        Name of the file as the user gave it.
    faults
        Found so far.
    """

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, key: str, found: object, expected: str) -> None:
        """Note one fault."""
        text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
        self.faults.append(Fault(self.file, place, key, text[:80], expected))

    def close(self) -> None:
        """Raise every fault noted.

        Raises
        ------
        InputError
            If there is any.
        """
        if self.faults:
            raise InputError(*self.faults)

    def number(
        self, row: Mapping[str, object], place: str, key: str, low: float, high: float, *, default: float | None = None
    ) -> float:
        """Read a finite number between two bounds."""
        value = row.get(key, _MISSING)
        if value is _MISSING and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(place, key, "nothing" if value is _MISSING else value, f"a number from {low:g} to {high:g}")
            return low
        if not low <= value <= high:
            self.fault(place, key, value, f"a number from {low:g} to {high:g}")
            return low
        return float(value)

    def count(self, row: Mapping[str, object], place: str, key: str, *, default: int | None = None) -> int:
        """Read a whole number from 0 to 100,000."""
        value = row.get(key, _MISSING)
        if value is _MISSING and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
            self.fault(place, key, "nothing" if value is _MISSING else value, "a whole number from 0 to 100000")
            return 0
        return value

    def text(self, row: Mapping[str, object], place: str, key: str, *, default: str | None = None) -> str:
        """Read a text that is not empty."""
        value = row.get(key, _MISSING)
        if value is _MISSING and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > 200:
            self.fault(place, key, "nothing" if value is _MISSING else value, "a text of 1 to 200 letters")
            return ""
        return value

    def texts(self, row: Mapping[str, object], place: str, key: str) -> tuple[str, ...]:
        """Read a text or a list of texts; absent or null means none."""
        value = row.get(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            self.fault(place, key, value, "a text or a list of texts")
            return ()
        return tuple(items)

    def time(self, value: object, place: str, key: str) -> dt.datetime:
        """Read an instant in ISO 8601 with its offset."""
        expected = "a time with its zone, such as 2025-09-01T06:00+03:00"
        if isinstance(value, str):
            try:
                moment = dt.datetime.fromisoformat(value)
            except ValueError:
                moment = None
            if moment is not None and moment.tzinfo is not None:
                return moment
        self.fault(place, key, "nothing" if value is None else value, expected)
        return UNREAD

    def rows(self, document: Mapping[str, object], key: str, *, least: int = 0) -> list[Mapping[str, object]]:
        """Read a list of objects."""
        value = document.get(key, [] if least == 0 else None)
        if not isinstance(value, list) or len(value) < least:
            self.fault("", key, "nothing" if value is None else "no such list", f"a list of at least {least} objects")
            return []
        found: list[Mapping[str, object]] = []
        for number, row in enumerate(value):
            if isinstance(row, dict):
                found.append(row)
            else:
                self.fault(f"{key}[{number}]", "", row, "an object")
        return found

    def known(self, row: Mapping[str, object], place: str, allowed: tuple[str, ...]) -> None:
        """Note a key that nobody reads: a misspelt key must not be ignored."""
        for key in row:
            if key not in allowed:
                self.fault(place, str(key), "an unknown key", "one of " + ", ".join(allowed))


def _once(pairs: list[tuple[str, object]], *, file: str) -> dict[str, object]:
    """Make an object of its pairs; of two values under one key nobody can say which is meant.

    Raises
    ------
    InputError
        If a key stands twice.
    """
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(Fault(file, "", key, "the same key twice", "each key once"))
        found[key] = value
    return found


def document(data: bytes, file: str) -> Mapping[str, object]:
    """Read a JSON object.

    Raises
    ------
    InputError
        If the bytes are no UTF-8, no JSON, no object, or have a key twice.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=partial(_once, file=file))
    except UnicodeDecodeError as error:
        raise InputError(Fault(file, f"byte {error.start}", "", "no UTF-8", "JSON in UTF-8")) from error
    except json.JSONDecodeError as error:
        raise InputError(Fault(file, f"line {error.lineno}", "", error.msg, "JSON")) from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(Fault(file, "", "", "a number that is too long", "JSON")) from error
    except RecursionError as error:
        raise InputError(Fault(file, "", "", "lists inside lists without end", "JSON of a few levels")) from error
    if not isinstance(value, dict):
        raise InputError(Fault(file, "", "", f"a JSON {type(value).__name__}", "a JSON object"))
    return value
