"""The fast way for a list in canonical CSV: the same answer as the long way, or none."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl

from goodoffices.domain.lists import COLUMNS, ListKind
from goodoffices.formats.lists.cells import WORDS
from goodoffices.formats.lists.dates import EARLIEST_YEAR
from goodoffices.formats.lists.model import ListFile
from goodoffices.formats.lists.vocabulary import read_kind

_HEADER = (",".join(COLUMNS) + "\n").encode()
_DATES = ("birth_date", "captured_on")
_NAMES = ("surname", "given_name", "patronymic", "full_name")
_FORM = "CSV, UTF-8, comma"
# What the long way would look at: letters beyond plain Latin, Turkish and Cyrillic, outer or double spaces, cells of
# dashes, marks against formulas, words of both scripts, words that say "unknown".
_LOOK = (
    r"[^ -~\u00c7\u00d6\u00dc\u00e7\u00f6\u00fc\u011e\u011f\u0130\u0131\u015e\u015f\u0401\u0404\u0406\u0407"
    r"\u0410-\u044f\u0451\u0454\u0456\u0457\u0490\u0491\u2013\u2014\u2116\u2019\u00ab\u00bb\u02bc]"
    r"|^ | $|  |^[-\u2013\u2014]+$|^=\"|^'+[-=+@]"
    r"|[A-Za-z\u00c0-\u024f][\u0400-\u052f]|[\u0400-\u052f][A-Za-z\u00c0-\u024f]"
    r"|\?\?|^\d([.,]\d+)?[eE]\+"
    r"|(?i)^(unknown|not known|n[ ./]?a\.?$|no data|невідом|н[ ./]?д\.?$|немає даних|дані відсутн)"
    r"|(?i)^(неизвестн|нет данных|не известн|bilinmiyor|belirsiz|bilgi yok)"
)
_LATIN, _CYRILLIC = r"[A-Za-z\u00c0-\u024f]", r"[\u0400-\u052f]"
_QUOTED = re.compile(rb'"[^"]*"')
_TOTAL = r"(?i)^(total|in total|grand|sum|усього|всього|разом|загалом|підсум|итог|всего|toplam|genel|yek)"


def read_canonical(data: bytes, file: str, *, today: dt.date, kind: ListKind | None = None) -> ListFile | None:
    """Read a list that is in canonical form to the letter and has nothing to say about it.

    Parameters
    ----------
    data
        The file.
    file
        Its name, as a hint of its kind.
    today
        No date lies after it.
    kind
        What the list states of those on it.

    Returns
    -------
    ListFile or None
        None if anything at all must be looked at; the long way then says what.
    """
    if not data.startswith(_HEADER) or data.count(b"\n") < 2 or b"\r" in data or b"\x00" in data:
        return None
    try:
        frame = pl.read_csv(data, infer_schema=False, missing_columns="raise", extra_columns="raise")
    except pl.exceptions.PolarsError:
        return None
    if tuple(frame.columns) != COLUMNS or not _is_even(data, frame.height) or not _is_clean(frame, today):
        return None
    is_custody = frame["held_at"].is_not_null().any() or frame["health"].is_not_null().any()
    by_columns = ListKind.HELD if is_custody else None
    return ListFile(
        file=file,
        form=_FORM,
        kind=kind or read_kind(file.replace("\\", "/").rsplit("/", 1)[-1]) or by_columns,
        records=frame,
        rows=range(2, frame.height + 2),
        columns={column: column for column in COLUMNS},
    )


def _is_even(data: bytes, records: int) -> bool:
    """Whether every record is one line with as many cells as there are columns; longer ones were refused before."""
    lines = records + 1
    if not data.endswith(b"\n") or data.count(b"\n") != lines:
        return False
    return _QUOTED.sub(b"", data).count(b",") == (len(COLUMNS) - 1) * lines


def _is_clean(frame: pl.DataFrame, today: dt.date) -> bool:
    texts = [column for column in COLUMNS if column not in {*_DATES, *WORDS}]
    checks = [
        pl.col("ref").is_null().any(),
        pl.col("ref").is_duplicated().any(),
        pl.col("ref").str.contains(_TOTAL).any(),
    ]
    checks += [pl.col(column).str.contains(_LOOK).any() for column in texts]
    checks += [(pl.col(column) == "").any() for column in COLUMNS]
    checks += [~pl.col(column).is_in([str(word) for word in WORDS[column]]).all() for column in WORDS]
    checks += [_bad_dates(column, today) for column in _DATES]
    born, taken = pl.col("birth_date"), pl.col("captured_on")
    checks.append((taken.str.slice(0, born.str.len_bytes()) < born.str.slice(0, taken.str.len_bytes())).any())
    names = pl.any_horizontal(pl.col(column).is_not_null() for column in _NAMES)
    checks.append((~names).any())
    person = pl.concat_str([pl.col(column) for column in _NAMES], ignore_nulls=True)
    checks.append((person.str.contains(_LATIN) & person.str.contains(_CYRILLIC)).any())
    split = pl.any_horizontal(pl.col(column).is_not_null() for column in _NAMES[:3])
    checks.append((pl.col("full_name").is_not_null() & ~split).any())
    found = frame.lazy().select(check.alias(str(number)) for number, check in enumerate(checks)).collect()
    if any(value is True for value in found.row(0)):
        return False
    looks = frame["ref"].str.to_uppercase()
    return not _both_scripts(looks)


def _both_scripts(references: pl.Series) -> bool:
    return bool(references.str.contains("[A-Z]").any()) and bool(
        references.str.contains(r"[\u0410-\u042f\u0406]").any()
    )


def _bad_dates(column: str, today: dt.date) -> pl.Expr:
    value = pl.col(column)
    day = value.str.len_bytes() == 10
    whole = value.str.to_date("%Y-%m-%d", strict=False)
    month = value.str.slice(5, 2).cast(pl.Int32, strict=False)
    is_form = value.str.contains(r"^\d{4}(-\d{2}(-\d{2})?)?$")
    is_date = pl.when(day).then(whole.is_not_null()).otherwise(month.is_null() | month.is_between(1, 12))
    late = value > pl.lit(str(today)).str.slice(0, value.str.len_bytes())
    return (~is_form | ~is_date | late | (value < str(EARLIEST_YEAR))).any()
