"""An encoded list on disk: what travels instead of names, and the table of pseudonyms that stays at home."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from goodoffices.domain.errors import Fault, InputError

HEAD = "# goodoffices codes 1 "
"""The first line: the form, its version, and the check value of the secret."""

_CHECK = re.compile(r"^[0-9a-f]{16}$")
_MARK = re.compile(r"^(?:[0-9a-f]{20})?$")


def codes_csv(check: str, names: Sequence[str], rows: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """Write an encoded list.

    Parameters
    ----------
    check
        Check value of the secret.
    names
        Of the marks.
    rows
        Pseudonym and marks of each record.
    """
    out = io.StringIO()
    out.write(f"{HEAD}{check}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", *names))
    writer.writerows((code, *marks) for code, marks in rows)
    return out.getvalue()


def read_codes(text: str, file: str, names: Sequence[str]) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Read an encoded list: the check value, then pseudonym and marks of each record.

    Raises
    ------
    InputError
        If it is no such file, or a cell is no mark, or a pseudonym stands twice.
    """
    first, _, rest = text.partition("\n")
    check = first.removeprefix(HEAD).strip()
    if not first.startswith(HEAD) or not _CHECK.match(check):
        raise InputError(Fault(file, "line 1", "", repr(first[:40]), f"{HEAD.strip()} and 16 hexadecimal digits"))
    reader = csv.reader(io.StringIO(rest))
    header = next(reader, [])
    if header != ["code", *names]:
        raise InputError(Fault(file, "line 2", "", "other columns", "the marks of this version"))
    rows: dict[str, tuple[str, ...]] = {}
    faults = []
    for number, row in enumerate(reader, 3):
        if len(row) != len(header) or not row[0] or not all(_MARK.match(cell) for cell in row[1:]):
            faults.append(
                Fault(file, f"line {number}", "", "cells that are no marks", f"{len(header)} cells, hexadecimal")
            )
        elif row[0] in rows:
            faults.append(Fault(file, f"line {number}", "code", "a pseudonym twice", "each once"))
        else:
            rows[row[0]] = tuple(row[1:])
    if faults:
        raise InputError(*faults[:20])
    return check, tuple(rows.items())


def pseudonyms_csv(names: Mapping[str, str]) -> str:
    """Write which pseudonym is which reference, by pseudonym."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "ref"))
    writer.writerows(sorted(names.items()))
    return out.getvalue()
