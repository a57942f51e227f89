"""How the desk runs: version, tables, jobs, disk, record, keys, last back-up; no person, nothing of a party's own."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count

import goodoffices
from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping.models import Backup
from goodoffices.desk.keeping.rotation import sealed_fields, sealed_models
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import log_folder
from goodoffices.desk.parties.scanning import scanner_now
from goodoffices.domain.errors import InputError, UnexaminedError, VerificationError
from goodoffices.store.publish import current

MENDED = (3, 51, 3)
"""The SQLite that has the write-ahead log's reset mended (https://sqlite.org/releaselog/3_51_3.html)."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the operator sees.

    Attributes
    ----------
    version, database, sqlite_old
        Of the software and its store; the SQLite version if it is one with the rare defect, else empty.
    behind
        Steps that the tables are behind this version.
    used, free
        Bytes of the workspace, and left on its disk.
    head, outbox
        Entries in the record; statements that wait.
    jobs
        Count by state.
    lost
        Tables with a sealed field that does not open.
    backup
        The last one.
    scanner
        What the virus scanner says of itself; empty if none is set, nothing at all if it does not answer.
    """

    version: str
    database: str
    sqlite_old: str
    behind: int
    used: int
    free: int
    head: int
    outbox: int
    jobs: dict[str, int]
    lost: tuple[str, ...]
    backup: Backup | None
    scanner: str | None


def machine(viewer: Viewer) -> Machine:
    """Look at the machine, for its operator."""
    require(viewer, "read", Thing("machine"))
    sqlite = connection.vendor == "sqlite"
    jobs = Job.objects.values_list("state").annotate(n=Count("id")).order_by("state")
    return Machine(
        version=goodoffices.__version__,
        database=f"SQLite {sqlite3.sqlite_version}" if sqlite else "PostgreSQL",
        sqlite_old=sqlite3.sqlite_version if sqlite and sqlite3.sqlite_version_info < MENDED else "",
        behind=behind(),
        used=_used(settings.WORKSPACE),
        free=shutil.disk_usage(settings.WORKSPACE).free,
        head=head_size(),
        outbox=Statement.objects.filter(index__isnull=True).count(),
        jobs=dict(jobs),
        lost=lost(),
        backup=Backup.objects.order_by("-at").first(),
        scanner=_scanner(),
    )


def _scanner() -> str | None:
    try:
        return scanner_now()
    except UnexaminedError:
        return None


def behind() -> int:
    """Count the steps that the tables are behind this version."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def head_size() -> int:
    """Give how many entries the signed head covers."""
    folder = log_folder()
    return current(folder).size if folder.path.exists() else 0


def lost() -> tuple[str, ...]:
    """Name the tables whose first or last row has a sealed field that no key opens."""
    found = Counter[str]()
    for model in sealed_models():
        rows = model._default_manager.order_by("pk")  # noqa: SLF001
        for row in {row.pk: row for row in (rows.first(), rows.last()) if row is not None}.values():
            for field in sealed_fields(model):
                try:
                    getattr(row, field.attname)
                except (InputError, VerificationError):
                    found[model._meta.label] += 1  # noqa: SLF001
    return tuple(sorted(found))


def _used(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a file of the write-ahead log comes and goes
            total += path.stat().st_size if path.is_file() else 0
    return total
