"""Nouns as Polars tables: declared columns and one check at an engine's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import COLUMNS


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table.

    Attributes
    ----------
    name
        As errors name it.
    columns
        Column names and types, in order.
    required
        Columns that must be there and hold no null.
    """

    name: str
    columns: Mapping[str, pl.DataType]
    required: tuple[str, ...] = ()

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the frame with the declared columns in order, absent ones filled with null.

        Raises
        ------
        InputError
            If a required column is absent or holds a null, or a column has another type.
        """
        faults = [
            Fault(self.name, "", column, "no such column", "a column")
            for column in self.required
            if column not in frame.columns
        ]
        for column, dtype in self.columns.items():
            if column not in frame.columns:
                continue
            found = frame.schema[column]
            if found not in (dtype, pl.Null):
                faults.append(Fault(self.name, "", column, f"type {found}", f"type {dtype}"))
            elif column in self.required and frame[column].null_count():
                row = frame[column].is_null().arg_max()
                faults.append(Fault(self.name, f"row {row}", column, "empty", "a value"))
        if faults:
            raise InputError(*faults)
        return frame.select(
            (pl.col(column).cast(dtype) if column in frame.columns else pl.lit(None, dtype).alias(column))
            for column, dtype in self.columns.items()
        )


RECORDS = Table("records", {column: pl.String() for column in COLUMNS}, required=("ref",))
"""One side's list: every value as text in canonical form (dates YYYY[-MM[-DD]], closed words as in
`domain.lists`), null where the side states nothing."""
