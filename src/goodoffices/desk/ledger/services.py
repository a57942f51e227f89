"""Writes of the record: a statement in the service's own transaction, then the one sequencer."""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ids import new_id
from goodoffices.desk.ledger.models import Consent, Statement
from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head
from goodoffices.engines.ledger.entry import commit, consent_entry, consent_text, parse_entry, statement_entry
from goodoffices.engines.ledger.note import open_note, parse_note
from goodoffices.engines.ledger.tiles import entries_of
from goodoffices.store.asks import add_line, charter_of, entry_at
from goodoffices.store.heads import HeadStore
from goodoffices.store.keys import Keys
from goodoffices.store.publish import append, current, publish
from goodoffices.store.tiles import LogFolder
from goodoffices.store.vault import Vault

LONGEST_LINE = 4096


_BEFORE: list[Callable[[dt.datetime], object]] = []


def before_sequencing(write: Callable[[dt.datetime], object]) -> None:
    """Register what a room writes at the beat of the sequencer, such as one statement a day whatever happened in it."""
    _BEFORE.append(write)


def log_folder() -> LogFolder:
    """Give the log of this desk."""
    return LogFolder(settings.WORKSPACE / "log", waits=True)


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
    made = Statement.objects.create(
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
    Consent.objects.bulk_create([Consent(statement=made, role=role) for role in made.roles])
    return made


def sequence() -> int:
    """Append every statement and consent that waits and sign the head over them; gives how many.

    Safe to call from anywhere at any time: one process at a time does it, and what was appended before a crash is found
    again by its bytes and not appended twice.
    """
    with alone(settings.WORKSPACE / "sequencer.lock"):
        for write in _BEFORE:
            write(timezone.now())
        statements = list(Statement.objects.filter(index__isnull=True).order_by("number")[:1000])
        signed = Consent.objects.filter(index__isnull=True, statement__index__isnull=False).exclude(note="")
        consents = list(signed.select_related("statement").order_by("at", "id")[:1000])
        if not statements and not consents:
            return 0
        folder = log_folder()
        with Vault(settings.WORKSPACE / "vault") as vault:
            entries: dict[bytes, Statement | Consent] = {
                _entry(statement, vault): statement for statement in statements
            }
        entries |= {consent_entry(c.statement.name, c.role, note=c.note): c for c in consents}
        places = _append(folder, list(entries))
        for data, row in entries.items():
            if isinstance(row, Statement):
                Statement.objects.filter(number=row.number).update(index=places[data], content=None)
            else:
                Consent.objects.filter(id=row.id).update(index=places[data])
        return len(entries)


def _append(folder: LogFolder, entries: Sequence[bytes]) -> dict[bytes, int]:
    """Append what is not in the log yet, and give every entry's index."""
    done = _sign(folder)
    known = [rows.aggregate(last=Max("index"))["last"] for rows in (Statement.objects, Consent.objects)]
    start = max((last + 1 for last in known if last is not None), default=0)
    there = {data: place for place, data in enumerate(entries_of(folder.read, done.size, start=start), start)}
    fresh = [data for data in entries if data not in there]
    if fresh:
        there |= dict(zip(fresh, append(folder, fresh), strict=True))
        _sign(folder)
    return there


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
def alone(path: Path) -> Iterator[None]:
    """Hold the lock that one process at a time has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@transaction.atomic
def consent_take(*, statement: Statement, data: bytes, by: Viewer, at: dt.datetime) -> bool:
    """Take a role's signed consent, checked as the log will check it; False if it was there before.

    Raises
    ------
    InputError
        If it is no consent, or its signature, its statement, its role or its charter is another.
    """
    require(by, "consent", Thing("entry", statement.owner, _facts(statement, by)))
    note = _checked(statement, data, role=by.party)
    row = Consent.objects.select_for_update().get(statement=statement, role=by.party)
    if row.note:
        return False
    row.note, row.by_id, row.at = note, by.user, at
    row.save(update_fields=["note", "by", "at"])
    return True


def _facts(statement: Statement, by: Viewer) -> frozenset[str]:
    return frozenset({"role_named"} if by.party in statement.roles else ())


def _checked(statement: Statement, data: bytes, *, role: str) -> str:
    """Give the note of a consent entry that is this role's, to this statement, under the charter in effect."""
    try:
        entry = parse_entry(data.strip())
    except VerificationError as error:
        _refuse("file", "another file", "what goodoffices sign or sign.html has written", error)
    if entry.kind != "consent":
        _refuse("file", f"an entry of kind {entry.kind}", "a consent")
    if entry.statement != statement.name:
        _refuse("statement", entry.statement, statement.name)
    if entry.text_of("role") != role:
        _refuse("role", entry.text_of("role"), role)
    folder = log_folder()
    charter = charter_of(folder)
    if charter is None or role not in charter.keys:
        _refuse("no_role", role, "a role of the charter")
    body = parse_entry(entry_at(folder, statement.index or 0))
    origin = current(folder).origin
    expected = consent_text(origin, statement.name, commitment=body.commitment, policy_hash=charter.hash)
    note = entry.text_of("note")
    try:
        if parse_note(note.encode()).text != expected:
            _refuse("text", "another text", "origin, statement, content and charter of this entry")
        open_note(note.encode(), [charter.keys[role]])
    except VerificationError as error:
        _refuse("signature", "no valid signature", f"one by the key of {role}", error)
    return note


def _refuse(why: str, found: str, expected: str, cause: Exception | None = None) -> NoReturn:
    raise InputError(Fault("consent", why, "", found, expected)) from cause


def line_take(line: bytes) -> Head:
    """Take a witness's cosignature of a head of this log.

    Raises
    ------
    InputError
        If it is none, by no witness of the policy, or fits no head.
    """
    if len(line) > LONGEST_LINE:
        raise InputError(Fault("cosignature", "line", "", f"{len(line)} bytes", "the line a witness answered"))
    try:
        return add_line(log_folder(), line)
    except VerificationError as error:
        raise InputError(Fault("cosignature", "line", "", str(error), "the line a witness answered")) from error
