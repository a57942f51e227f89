"""Tables that leave the desk: cells that no spreadsheet runs; with a personal field, sealed with age or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage
from django.http import HttpResponse

from goodoffices.desk.access import Viewer
from goodoffices.desk.keeping.models import Recipient
from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.sheet import Cell, Rows, comma_separated, workbook

CLEAR = frozenset({
    "amount", "audience", "bound", "category", "commitment", "confirmed", "count", "counts", "date", "direction",
    "from", "giver", "heading", "hash", "index", "kind", "leg", "movement", "number", "owner", "party", "quantity",
    "receiver", "records", "scope", "sha256", "side", "standing", "state", "status", "to", "total", "unit", "until",
    "version",
})  # fmt: skip
"""Columns that say nothing of a person. Every other column does, until it stands here."""
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported.

    Attributes
    ----------
    columns
        Their codes, in order; the codes decide whether the table holds a personal field.
    rows
        Cells, each row as long as the columns.
    titles
        Column titles in the reader's language; the codes where there are none.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A file ready to leave.

    Attributes
    ----------
    name, mime
        File name, media type.
    data
        Its bytes, sealed if the name ends in `.age`.
    """

    name: str
    mime: str
    data: bytes


def is_personal(columns: Sequence[str]) -> bool:
    """Whether some column may say something of a person: every column does that `CLEAR` does not name."""
    return not CLEAR.issuperset(columns)


def export(table: Table, *, name: str, form: str, by: Viewer) -> Export:
    """Write a table as CSV or XLSX for a viewer; with a personal field it is sealed to his party's age keys.

    The caller has asked `reading_note(..., verb="export", records=...)` and `canary_check` before.

    Raises
    ------
    InputError
        If the table holds a personal field and the party has registered no recipient, or the name is no plain name.
    """
    if form not in _TYPES or not _NAME.fullmatch(name):
        raise InputError(Fault("export", "", "name", f"{name}.{form}"[:80], "plain letters; csv or xlsx"))
    rows = Rows(table.titles or table.columns, table.rows)
    data = comma_separated(rows) if form == "csv" else workbook({name[:31]: rows})
    return _file(f"{name}.{form}", _TYPES[form], data, personal=is_personal(table.columns), party=by.party)


def sealed(data: bytes, *, name: str, by: Viewer) -> Export:
    """Seal any other file (a PDF, a packet) that holds personal fields to the viewer's party.

    Raises
    ------
    InputError
        If the party has registered no recipient.
    """
    return _file(name, "", data, personal=True, party=by.party)


def answer(made: Export) -> HttpResponse:
    """Give a file as a download that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return HttpResponse(made.data, content_type=made.mime, headers=headers)


def _file(name: str, mime: str, data: bytes, *, personal: bool, party: str) -> Export:
    if not personal:
        return Export(name, mime, data)
    keys = Recipient.objects.filter(party=party).order_by("id").values_list("key", flat=True)
    if not keys:
        raise InputError(
            Fault(name, "", "recipient", "no age key of your party", "one at /recipients; nothing is written in clear")
        )
    return Export(
        f"{name}.age",
        "application/octet-stream",
        pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key) for key in keys]),
    )
