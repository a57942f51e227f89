"""Erases what its purpose no longer needs: rows, the contents behind entries, then the keys that sealed them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping.models import Erasure, Purpose
from goodoffices.desk.keeping.rotation import begin, is_cut_off, rotate, sealed_fields, sealed_models
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.models import Once, Process, Reading
from goodoffices.desk.parties.selectors import process
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.store.vault import Vault

PROCESS = "process"
Scope = Callable[[str], Sequence[QuerySet[Any]]]
"""Takes the key of a thing, or an empty one for all of the kind; gives its rows, in the order in which they can go."""
_SCOPES: dict[str, Scope] = {}


def scope(kind: str, rows: Scope) -> None:
    """Register which rows one thing of a kind has; rooms do it in their `AppConfig.ready`."""
    _SCOPES[kind] = rows


def purpose_end(*, kind: str, row: str, ended_at: dt.datetime, by: Viewer, at: dt.datetime) -> Purpose:
    """State that a purpose has ended: of the process (`process`, its key), or of one thing of a registered kind.

    Raises
    ------
    InputError
        If it lies in the future, or the kind is not registered.
    TransitionError
        If it was stated before.
    """
    require(by, "end", Thing("retention"))
    if ended_at > at:
        raise InputError(Fault("retention", "", "ended_on", f"{ended_at:%Y-%m-%d}", "a day that has come"))
    if kind != PROCESS and kind not in _SCOPES:
        raise InputError(Fault("retention", "", "kind", kind, "a kind that a room has registered"))
    with transaction.atomic():
        if Purpose.objects.filter(kind=kind, object=row).exists():
            raise TransitionError("this purpose has ended already")
        made = Purpose.objects.create(kind=kind, object=row, ended_at=ended_at, stated_by_id=by.user, stated_at=at)
        content: dict[str, Json] = {"kind": kind, "object": row, "ended_at": ended_at.isoformat()}
        statement_record(
            kind="purpose_ended", content=content, owner=by.party, by=by, at=at, subject=f"{kind}:{row}"[:60]
        )
    return made


def due(now: dt.datetime) -> list[Purpose]:
    """Give the purposes that ended longer ago than the process lets data be kept."""
    if not Process.objects.exists():
        return []
    before = now - dt.timedelta(days=process().retention_days)
    return list(Purpose.objects.filter(erased_at__isnull=True, ended_at__lte=before).order_by("ended_at", "id"))


def counts(purposes: Iterable[Purpose]) -> dict[str, int]:
    """Count what would be erased, by table; no name, no key."""
    found = Counter[str]()
    for purpose in purposes:
        for rows in _rows(purpose):
            found[rows.model._meta.label] += rows.count()  # noqa: SLF001
    return dict(sorted((label, number) for label, number in found.items() if number))


def erasure_ask(*, by: Viewer, at: dt.datetime) -> Erasure:
    """Ask to erase what is due.

    Raises
    ------
    TransitionError
        If nothing is due, or it was asked for already.
    """
    require(by, "ask", Thing("retention"))
    found = due(at)
    if not found or Erasure.objects.filter(done_at__isnull=True).exists():
        raise TransitionError("nothing is due, or it was asked for already")
    return Erasure.objects.create(counts=counts(found), asked_by_id=by.user, asked_at=at)


def erasure_approve(*, erasure: Erasure, by: Viewer, at: dt.datetime) -> None:
    """Approve as the second person; the erasing itself is a job.

    Raises
    ------
    TransitionError
        If it was approved before, or by who asked.
    """
    require(by, "approve", Thing("retention"))
    if erasure.asked_by_id == by.user:
        raise TransitionError("an erasure needs a second person")
    waits = Erasure.objects.filter(id=erasure.id, approved_at__isnull=True)
    if not waits.update(approved_by=by.user, approved_at=at):
        raise TransitionError("this erasure is approved already")


def erase(now: dt.datetime, *, say: Callable[[str, int, int], None]) -> dict[str, int]:
    """Erase what is due; called again after a crash it erases the rest. Gives what was erased, by table.

    The contents behind entries go first, then the rows in one transaction with the statement of it, then every key
    that sealed them is dropped, so that neither a freed page nor a database file kept aside opens. The new keys are
    made before anything goes: as long as there are two, the next call knows that the old ones must still be dropped.
    """
    found = due(now)
    erased = Counter[str]()
    if found:
        begin(ring().parties())
    for purpose in found:
        names = [statement.name for statement in _statements(purpose)]
        with Vault(settings.WORKSPACE / "vault") as vault:
            erased["contents"] += sum(_forget(vault, name) for name in names)
        with transaction.atomic():
            for rows in _rows(purpose):
                erased[rows.model._meta.label] += _delete(rows)  # noqa: SLF001
            Purpose.objects.filter(id=purpose.id).update(erased_at=now)
            content: dict[str, Json] = {"kind": purpose.kind, "object": purpose.object, "erased": dict(erased)}
            owner = process().desk_id
            by = Viewer(party=owner)
            statement_record(
                kind="erasure", content=content, owner=owner, by=by, at=now, subject=f"purpose:{purpose.id}"
            )
        say(purpose.kind, 1, 1)
    if is_cut_off():
        rotate(ring().parties(), say=say, grace=lambda: None)
        _vacuum()
    return {label: number for label, number in sorted(erased.items()) if number}


def _forget(vault: Vault, name: str) -> bool:
    try:
        vault.erase(name)
    except InputError:  # erased before
        return False
    return True


def _rows(purpose: Purpose) -> Sequence[QuerySet[Any]]:
    """Give the rows of a purpose: of the process all that is sealed, the reads, finished work, answered forms."""
    if purpose.kind != PROCESS:
        return _SCOPES[purpose.kind](purpose.object)
    first = [rows for kind in sorted(_SCOPES) for rows in _SCOPES[kind]("")]
    known = {Job, Statement, *(rows.model for rows in first)}
    rest = [model._default_manager.all() for model in reversed(sealed_models()) if model not in known]  # noqa: SLF001
    ended = Job.objects.filter(ended_at__isnull=False)
    return [*first, *rest, ended, Reading.objects.all(), Once.objects.all()]


def _statements(purpose: Purpose) -> QuerySet[Statement]:
    """Give the statements whose content tells of what is erased: by their subject, the key of an erased row."""
    subjects: set[str] = set()
    if purpose.kind != PROCESS:
        subjects.add(f"{purpose.kind}:{purpose.object}")
    keys = {
        str(key) for rows in _rows(purpose) if sealed_fields(rows.model) for key in rows.values_list("pk", flat=True)
    }
    about = Statement.objects.filter(index__isnull=False).exclude(subject="")
    subjects |= {
        subject for subject in about.values_list("subject", flat=True).distinct() if subject.partition(":")[2] in keys
    }
    return Statement.objects.filter(subject__in=subjects, index__isnull=False)


def _delete(rows: QuerySet[Any]) -> int:
    """Delete rows; one that others point at stays, with nothing in its sealed fields."""
    number = rows.count()
    try:
        with transaction.atomic():
            rows.delete()
    except (ProtectedError, RestrictedError):
        for row in rows.iterator(chunk_size=500):
            _empty(row)
    return number


def _empty(row: models.Model) -> None:
    said = [field for field in sealed_fields(type(row)) if row.__dict__[field.attname] is not None]
    changed = {field.attname: field.sealed_null(row) for field in said}
    type(row)._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001


def _vacuum() -> None:
    """Give freed pages back, so that nothing of the erased rows lies in the file."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
