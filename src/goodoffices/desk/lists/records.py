"""Row and noun: lines of a list as sealed rows and as the table that the engines read."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from goodoffices.desk.ids import new_id
from goodoffices.desk.keys import ring
from goodoffices.desk.lists.models import ListVersion, Record
from goodoffices.domain.lists import COLUMNS
from goodoffices.engines.linkage.script import clean, fold
from goodoffices.formats.lists.model import ListFile as Understood

NAMES = ("surname", "given_name", "patronymic", "full_name")
SEARCHED = (*NAMES, "ref", "birth_date")
OTHER = "other"
"""Key of what was not understood, by title; never released."""
_TABLE = Record._meta.db_table  # noqa: SLF001


def pack(data: bytes) -> str:
    """Give a file's bytes as text for a sealed field."""
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


def unpack(text: str) -> bytes:
    """Give the bytes back."""
    return zlib.decompress(base64.b64decode(text))


def name_key(folded: Iterable[str]) -> str:
    """Give one key of a whole name, whichever columns its parts stand in and in whatever order."""
    return " ".join(sorted({word for name in folded for word in name.split()}))


def folded(listed: Understood) -> dict[str, list[str]]:
    """Give what a search looks through: by column, one key a record in order; empty where nothing is stated."""
    found = {column: [fold(clean(value)) if value else "" for value in listed.records[column]] for column in NAMES}
    found["ref"] = [" ".join((value or "").casefold().split()) for value in listed.records["ref"]]
    found["birth_date"] = [value or "" for value in listed.records["birth_date"]]
    return found


def search_keys(keys: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give folded columns as they are sealed: one text a column, one line a record."""
    return {column: "\n".join(lines) for column, lines in keys.items()}


def rows_of(listed: Understood, keys: Mapping[str, Sequence[str]], version: ListVersion) -> Iterator[Record]:
    """Give every record of a list that was understood as a row to be stored; `keys` are its `folded` columns."""
    owner = version.list.owner_id
    blind = ring().blind
    for index, record in enumerate(listed.records.iter_rows(named=True)):
        fields: dict[str, object] = {column: value for column, value in record.items() if value is not None}
        if index in listed.others:
            fields[OTHER] = dict(listed.others[index])
        ref, born = str(fields.get("ref", "")), str(fields.get("birth_date", ""))
        yield Record(
            id=new_id(),
            version=version,
            owner=owner,
            position=index,
            row=listed.rows[index],
            fields=fields,
            blind_ref=blind(owner, ref, purpose="ref"),
            blind_name=blind(owner, name_key(keys[column][index] for column in NAMES), purpose="name"),
            blind_birth=blind(owner, born, purpose="birth"),
        )


def opened(version: ListVersion) -> Iterator[tuple[str, dict[str, str]]]:
    """Give key and opened fields of every record of a version, in order, without making rows."""
    owner, open_ = version.list.owner_id, ring().open
    found = Record.objects.filter(version=version).order_by("position").values_list("id", "fields")
    for key, sealed in found.iterator(chunk_size=5_000):
        yield key, json.loads(open_(owner, bytes(sealed), bound_to=f"{_TABLE}:{key}:fields"))


def frame_of(lines: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> pl.DataFrame:
    """Give records as the engines' table; columns not named stay empty."""
    kept = list(lines)
    return pl.DataFrame(
        {column: [line.get(column) if column in columns else None for line in kept] for column in COLUMNS},
        schema=dict.fromkeys(COLUMNS, pl.String()),
    )


def understood_of(version: ListVersion) -> Understood:
    """Give a stored version as it was understood, to compare another with it."""
    lines = [line for _, line in opened(version)]
    others = {index: line[OTHER] for index, line in enumerate(lines) if OTHER in line}
    return Understood(
        file=f"version {version.number}",
        form="",
        kind=None,
        records=frame_of(lines),
        rows=range(1, len(lines) + 1),
        columns={},
        others=others,  # type: ignore[arg-type]
    )
