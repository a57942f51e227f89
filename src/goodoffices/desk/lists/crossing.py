"""What keeping is told of lists: which fields may be released, and which rows one list has when it is erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from goodoffices.desk.keeping.retention import scope
from goodoffices.desk.lists.models import List, ListFile, ListVersion, Record
from goodoffices.desk.lists.selectors import KIND
from goodoffices.desk.parties.crossing import Crossing, releasable
from goodoffices.domain.lists import COLUMNS


def register() -> None:
    """Tell it."""
    releasable(KIND, Crossing(frozenset(COLUMNS), "lists", "col_", _title, _address))
    scope(KIND, _rows)


def _title(row: str) -> str:
    version = ListVersion.objects.filter(id=row).first()
    return row if version is None else f"{version.list_id}/{version.number}"


def _address(row: str) -> str:
    version = ListVersion.objects.filter(id=row).first()
    return "" if version is None else f"/lists/{version.list_id}"


def _rows(key: str) -> Sequence[QuerySet[Any]]:
    """Give the rows of one list, or of all for an empty key, in the order in which they can be deleted."""
    return (
        Record.objects.filter(version__list=key) if key else Record.objects.all(),
        ListVersion.objects.filter(list=key) if key else ListVersion.objects.all(),
        ListFile.objects.filter(list=key) if key else ListFile.objects.all(),
        List.objects.filter(id=key) if key else List.objects.all(),
    )
