"""Long work of lists: a file is read and compared with the last version; an accepted one is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import islice
from typing import cast

from django.db import transaction

from goodoffices.desk.frame.refusals import stored
from goodoffices.desk.jobs.work import Progress, work
from goodoffices.desk.lists.models import ListFile, ListVersion, Record, SearchKeys
from goodoffices.desk.lists.records import folded, rows_of, search_keys, understood_of, unpack
from goodoffices.desk.lists.services import READ, STORE
from goodoffices.desk.lists.states import FILE, VERSION, step
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.errors import InputError, TransitionError
from goodoffices.domain.lists import COLUMNS, ListKind
from goodoffices.formats.lists.cells import as_text
from goodoffices.formats.lists.difference import Difference, compare
from goodoffices.formats.lists.model import ListFile as Understood
from goodoffices.formats.lists.model import Problem
from goodoffices.formats.sealed import sealed_csv
from goodoffices.store.read import book_of, check_bytes

BATCH = 2_000
MOST_PROBLEMS = 2_000
MOST_LINES = 500
_SAMPLE = 5
_MENDABLE = ("no header", "two columns that mean", "sheets that hold")
"""Refusals that the sender can mend here, by saying what a column means or which sheet is meant."""
_GLANCE_ROWS, _GLANCE_COLUMNS, _GLANCE_LETTERS = 8, 60, 60
Given = Mapping[str, object]
Result = tuple[Mapping[str, object], str]


def register() -> None:
    """Make the work known to the worker."""
    work(READ)(read)
    work(STORE)(store)


def read(given: Given, progress: Progress) -> Result:
    """Read a file as it came; what was understood lies sealed beside it."""
    file = ListFile.objects.select_related("list").get(id=given["file"])
    address = f"/lists/{file.list_id}/check/{file.id}"
    if file.state != "waiting":
        return {}, address
    progress.tell("reading")
    try:
        listed = understand(file)
    except InputError as error:
        refused = cast("list[Json]", stored(error))
        is_header = any(word in fault.found for fault in error.faults for word in _MENDABLE)
        report: dict[str, Json] = {"refused": refused, "glance": _glance(file) if is_header else []}
        _keep(file, "refuse", report)
        return {}, address
    progress.tell("comparing")
    last = file.list.versions.exclude(state="storing").order_by("-number").first()
    report = _report(listed)
    if last is not None and not listed.faults:
        report["difference"] = _difference(compare(understood_of(last), listed))
        report["before"] = last.number
    file.records, file.faults, file.warnings = listed.records.height, len(listed.faults), len(listed.warnings)
    _keep(file, "fault" if listed.faults else "understand", report)
    return {}, address


def understand(file: ListFile) -> Understood:
    """Read the bytes of a file, columns as its sender has said."""
    mapping = file.mapping or {}
    return check_bytes(
        unpack(file.body),
        file.name,
        kind=ListKind(file.list.kind),
        sheet=mapping.get("sheet") or None,
        given=mapping.get("columns") or None,
    )


def _keep(file: ListFile, event: str, report: dict[str, Json]) -> None:
    with transaction.atomic():
        fresh = ListFile.objects.select_for_update().get(id=file.id)
        fresh.state = step(FILE, fresh.state, event)
        fresh.report = report
        fresh.records, fresh.faults, fresh.warnings = file.records, file.faults, file.warnings
        fresh.save(update_fields=["state", "report", "records", "faults", "warnings"])


def _report(listed: Understood) -> dict[str, Json]:
    return {
        "form": listed.form,
        "columns": dict(listed.columns),
        "unknown": list(listed.unknown),
        "faults": [_problem(problem) for problem in listed.faults[:MOST_PROBLEMS]],
        "warnings": [_problem(problem) for problem in listed.warnings[:MOST_PROBLEMS]],
        "lines": [
            {"row": line.row, "why": line.why.split()[0], "text": line.text}
            for line in listed.lines[:MOST_LINES]
            if line.why != "empty"
        ],
        "stated": [column for column in COLUMNS if listed.records[column].null_count() < listed.records.height],
        "sample": [
            {"row": listed.rows[index], **{name: value for name, value in record.items() if value is not None}}
            for index, record in enumerate(listed.records.head(_SAMPLE).iter_rows(named=True))
        ],
    }


def _problem(problem: Problem) -> dict[str, Json]:
    return cast("dict[str, Json]", dataclasses.asdict(problem))


def _difference(found: Difference) -> dict[str, Json]:
    return {
        "counts": {
            "added": len(found.added),
            "gone": len(found.gone),
            "changed": len(found.changed),
            "renumbered": len(found.renumbered),
            "same": found.same,
        },
        "added": [{"ref": ref, "fields": dict(fields)} for ref, fields in _first(found.added)],
        "gone": [{"ref": ref, "fields": dict(fields)} for ref, fields in _first(found.gone)],
        "changed": [
            {"ref": change.ref, "fields": [[name, old, new] for name, (old, new) in change.fields.items()]}
            for change in found.changed[:MOST_LINES]
        ],
        "renumbered": [[old, new] for old, new in found.renumbered[:MOST_LINES]],
    }


def _first(records: Mapping[str, Mapping[str, str]]) -> list[tuple[str, Mapping[str, str]]]:
    return list(islice(records.items(), MOST_LINES))


def _glance(file: ListFile) -> list[Json]:
    """Give the first filled rows of a file whose header could not be read, for a person to say what is what."""
    try:
        book = book_of(unpack(file.body), file.name)
    except InputError:
        return []
    found: list[Json] = []
    for sheet in book.sheets:
        for row in sheet.rows[:60]:
            cells = [as_text(cell)[:_GLANCE_LETTERS] for cell in row[:_GLANCE_COLUMNS]]
            if sum(1 for cell in cells if cell.strip()) >= 2 and len(found) < _GLANCE_ROWS:
                found.append({"sheet": sheet.name, "cells": cells})
    return found


def store(given: Given, progress: Progress) -> Result:
    """Store the records of an accepted file, batch by batch; the version appears with the last line or not at all.

    Raises
    ------
    InputError
        If the file has a fault now that it did not have when it was accepted, such as a date that is ahead of today.
    """
    version = ListVersion.objects.select_related("list", "file").get(id=given["version"])
    address = f"/lists/{version.list_id}"
    if version.state != "storing":
        return {}, address
    version.file.list = version.list
    progress.tell("reading")
    listed = understand(version.file)
    if listed.faults:
        raise InputError(*(problem.as_fault(listed.file) for problem in listed.faults[:20]))
    while leftover := list(Record.objects.filter(version=version).values_list("id", flat=True)[:BATCH]):
        progress.tell("clearing")
        Record.objects.filter(id__in=leftover).delete()
    total = listed.records.height
    keys = folded(listed)
    rows, done = rows_of(listed, keys, version), 0
    while batch := list(islice(rows, BATCH)):
        Record.objects.bulk_create(batch)
        done += len(batch)
        progress.tell("storing", done, total)
    with transaction.atomic():
        _appear(version, listed)
        SearchKeys.objects.filter(version=version).delete()
        SearchKeys.objects.create(version=version, owner=version.list.owner_id, columns=search_keys(keys))
    return {"records": total}, address


def _appear(version: ListVersion, listed: Understood) -> None:
    fresh = ListVersion.objects.select_for_update().get(id=version.id)
    if Record.objects.filter(version=fresh).count() != listed.records.height:
        raise TransitionError("another worker stores the same version")
    fresh.state = step(VERSION, fresh.state, "store")
    fresh.records = listed.records.height
    fresh.columns = [c for c in COLUMNS if listed.records[c].null_count() < listed.records.height]
    fresh.sha256 = sha256_hex(sealed_csv(listed.records))
    fresh.save()
    file = ListFile.objects.select_for_update().get(id=fresh.file_id)
    file.state = step(FILE, file.state, "store")
    file.save(update_fields=["state"])
