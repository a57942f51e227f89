"""A list in its one canonical CSV: the bytes that a seal fixes and that an audit reads."""

from __future__ import annotations

import csv
import io

import polars as pl

from goodoffices.domain.lists import COLUMNS
from goodoffices.domain.tables import RECORDS


def sealed_csv(records: pl.DataFrame) -> bytes:
    """Write a list as UTF-8 with LF, the contract's columns in order, rows by `ref` (bytewise).

    Parameters
    ----------
    records
        A table as `RECORDS`; null is written as an empty cell.

    Returns
    -------
    bytes
        Equal for equal lists, whatever order their rows came in.
    """
    table = RECORDS.check(records)
    rows = sorted(table.rows(), key=lambda row: tuple((value or "").encode() for value in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return out.getvalue().encode()
