"""Writes of results: what is said, attested, lifted and published."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from goodoffices.desk.results import models
from goodoffices.desk.results.records import row_of
from goodoffices.domain.assertion import Standing
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.process import Process


@transaction.atomic
def statements_import(*, talks: Process, at: dt.datetime) -> int:
    """Take the public statements of a process file as they were made; gives how many.

    Raises
    ------
    InputError
        If the file holds an attested one: what is attested is signed at this desk, not typed into a file.
    """
    faults = [
        Fault("process", f"assertions {a.id}", "standing", "attested", "official, relayed or anonymous")
        for a in talks.assertions
        if a.standing is Standing.ATTESTED
    ]
    if faults:
        raise InputError(*faults)
    later = {a.id for a in talks.assertions if a.supersedes is not None}
    rows = [row_of(a, at=at) for a in talks.assertions]
    models.Assertion.objects.bulk_create([row for row in rows if row.id not in later])
    models.Assertion.objects.bulk_create([row for row in rows if row.id in later])
    return len(rows)
