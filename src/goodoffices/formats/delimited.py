"""Tables as laboratories send them: any delimiter, UTF-8 or UTF-16 or cp1251, every cell as text."""

from __future__ import annotations

import io

import polars as pl

from goodoffices.domain.errors import Fault, InputError

_MARKS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


def read_text(data: bytes, file: str) -> str:
    """Decode a text file by its mark, as UTF-8, or as cp1251.

    Raises
    ------
    InputError
        If it is no text.
    """
    encoding = next((name for name, mark in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    if "\x00" in text:
        raise InputError(Fault(file, "", "", "a binary file", "a text table (CSV or tab-separated)"))
    return text


def read_table(data: bytes, file: str) -> pl.DataFrame:
    """Read a table with a header row.

    Parameters
    ----------
    data
        The file.
    file
        Its name, for messages.

    Returns
    -------
    pl.DataFrame
        Text throughout; header names in lower case without blanks at their ends, blanks and hyphens inside as `_`;
        empty cells are null.

    Raises
    ------
    InputError
        If it has no rows, a row with too many cells, or a column twice.
    """
    text = read_text(data, file)
    head = next((line for line in text.splitlines() if line.strip()), "")
    if not head:
        raise InputError(Fault(file, "", "", "an empty file", "a table with a header row"))
    separator = max("\t;,", key=head.count)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.lstrip("\n\r").encode()),
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0][:100]
        raise InputError(
            Fault(file, "", "", f"rows that do not fit the header ({reason})", "one cell per column")
        ) from error
    names = [_name(name) for name in frame.columns]
    for name in names:
        if names.count(name) > 1:
            raise InputError(Fault(file, "row 1", name, "a column twice", "every column once"))
    frame.columns = names
    trimmed = frame.select(pl.all().str.strip_chars())
    return trimmed.select(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())


def _name(name: str) -> str:
    return "_".join(name.strip().strip('"').lower().replace("-", " ").split())


def require(frame: pl.DataFrame, file: str, *columns: str) -> None:
    """Check that columns are there.

    Raises
    ------
    InputError
        With one fault per column that is not.
    """
    faults = [Fault(file, "row 1", name, "no such column", f"columns {', '.join(columns)}") for name in columns]
    missing = [fault for fault in faults if fault.field not in frame.columns]
    if missing:
        raise InputError(*missing)
