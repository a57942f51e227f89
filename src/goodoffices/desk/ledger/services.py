"""Writes of the record: a statement in the service's own transaction, then the one sequencer."""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from goodoffices.desk.access import Viewer
from goodoffices.desk.ids import new_id
from goodoffices.desk.ledger.models import Statement
from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import InputError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.entry import commit, statement_entry
from goodoffices.engines.ledger.tiles import entries_of
from goodoffices.store.heads import HeadStore
from goodoffices.store.keys import Keys
from goodoffices.store.publish import append, current, publish
from goodoffices.store.tiles import LogFolder
from goodoffices.store.vault import Vault


def log_folder() -> LogFolder:
    """Give the log of this desk."""
    return LogFolder(settings.WORKSPACE / "log")


def statement_record(
    *,
    kind: str,
    content: Mapping[str, Json],
    owner: str,
    by: Viewer,
    at: dt.datetime,
    roles: Sequence[str] = (),
    subject: str = "",
    previous: int | None = None,
) -> Statement:
    """Record what was just written. Call it inside the transaction that writes.

    Parameters
    ----------
    kind
        One of `engines.ledger.entry.KINDS`, or another in lower case.
    content
        What happened: numbers, hashes, row identifiers, moments as text; never a person's field.
    owner
        Party whose key seals the content until it lies in the vault.
    by, at
        Who wrote, when.
    roles
        Roles whose consent the statement asks for: party codes.
    subject
        `kind:row` of what it is about.
    previous
        Index of an entry that this one continues or corrects.

    Returns
    -------
    Statement
        Waiting for the sequencer.
    """
    return Statement.objects.create(
        name=f"{kind}-{new_id()}",
        kind=kind,
        owner=owner,
        roles=sorted(set(roles)),
        subject=subject,
        previous=previous,
        content=dict(content),
        by_id=by.user or None,
        at=at,
    )


def sequence() -> int:
    """Append every statement that waits and sign the head over them; gives how many.

    Safe to call from anywhere at any time: one process at a time does it, and what was appended before a crash is found
    again by its bytes and not appended twice.
    """
    with _alone(settings.WORKSPACE / "sequencer.lock"):
        waiting = list(Statement.objects.filter(index__isnull=True).order_by("number")[:1000])
        if not waiting:
            return 0
        folder = log_folder()
        with Vault(settings.WORKSPACE / "vault") as vault:
            entries = {_entry(statement, vault): statement for statement in waiting}
        done = _sign(folder)
        last = Statement.objects.filter(index__isnull=False).order_by("-index").values_list("index", flat=True).first()
        start = 0 if last is None else last + 1
        there = {data: place for place, data in enumerate(entries_of(folder.read, done.size, start=start), start)}
        fresh = [data for data in entries if data not in there]
        if fresh:
            first = append(folder, fresh)
            there |= dict(zip(fresh, first, strict=True))
            _sign(folder)
        for data, statement in entries.items():
            Statement.objects.filter(number=statement.number).update(index=there[data], content=None)
        return len(waiting)


def _sign(folder: LogFolder) -> Checkpoint:
    keys = Keys(settings.KEYS / "log")
    heads = HeadStore(settings.KEYS / "heads.sqlite")
    origin = current(folder).origin
    return publish(folder, lambda _: keys.need(origin, "log").open(), heads=heads, adopt=True)


def _entry(statement: Statement, vault: Vault) -> bytes:
    """Give the entry's bytes; the content lies in the vault from now on."""
    try:
        content, salt = vault.get(statement.name)
    except InputError:
        content = canonical_bytes(statement.content)
        salt = vault.put(statement.name, content)
    return statement_entry(
        statement.kind,
        statement.name,
        commitment=commit(content, salt),
        roles=list(statement.roles),
        previous=statement.previous,
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
