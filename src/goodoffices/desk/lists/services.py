"""Writes of lists: a file comes in, a version is taken, sealed, answered. Each is one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import ask
from goodoffices.desk.keeping.services import canaries_check, canary_check
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.lists.models import ANSWERS, Answer, List, ListFile, ListVersion, Record
from goodoffices.desk.lists.records import pack
from goodoffices.desk.lists.selectors import KIND, Seen, answered_count, is_stopped
from goodoffices.desk.lists.states import FILE, VERSION, step
from goodoffices.desk.parties.models import Release
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.parties.services import reading_note, readings_note, release_ask
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.lists import COLUMNS
from goodoffices.store.read import printable

MOST_BYTES = 32 << 20
"""Of one file; a list of 100,000 rows with every column has 22 MB as text."""
READ, STORE = "lists_read", "lists_store"
_NAME_LETTERS = 120


def read_note(
    *, seen: Seen, refs: Sequence[str], by: Viewer, at: dt.datetime, verb: str = "read", records: int | None = None
) -> None:
    """Note that lines of another's list are about to be shown, and look whether a canary is among them."""
    version = seen.version
    count = len(refs) if records is None else records
    if seen.is_own or not count:
        return
    owner = version.list.owner_id
    reading_note(by=by, owner=owner, kind=KIND, row=version.list_id, at=at, records=count, verb=verb)
    canary_check(by=by, owner=owner, refs=refs, verb=verb, at=at)


def reads_note(*, lines: Sequence[tuple[Seen, Sequence[str]]], by: Viewer, at: dt.datetime, verb: str = "read") -> None:
    """Note that lines of lists of different owners are about to be shown on one page: all are noted, or none."""
    refs_of = {seen.version.list.owner_id: refs for seen, refs in lines if refs and not seen.is_own}
    rows = {seen.version.list.owner_id: seen.version.list_id for seen, _ in lines}
    reads = {owner: (rows[owner], len(refs)) for owner, refs in refs_of.items()}
    readings_note(reads=reads, by=by, kind=KIND, at=at, verb=verb)
    canaries_check(refs=refs_of, by=by, verb=verb, at=at)


def list_start(*, kind: str, title: str, by: Viewer, at: dt.datetime) -> List:
    """Begin a list of the viewer's side; it is empty until a version is taken."""
    require(by, "write", Thing(KIND, by.party))
    return List.objects.create(owner_id=by.party, kind=kind, title=title, created_by_id=by.user, created_at=at)


def file_take(*, list_: List, name: str, data: bytes, by: Viewer, at: dt.datetime) -> ListFile:
    """Take a file as it came: sealed, under a hash, never under its name; a job reads it.

    Raises
    ------
    InputError
        If it is empty or too large.
    """
    require(by, "write", Thing(KIND, list_.owner_id))
    if not 0 < len(data) <= MOST_BYTES:
        raise InputError(Fault("", "", "file", f"{len(data)} bytes", f"1 to {MOST_BYTES} bytes"))
    plain = printable(name.replace("\\", "/").rsplit("/", 1)[-1]).strip()[-_NAME_LETTERS:]
    fingerprint = ring().blind(list_.owner_id, hashlib.sha256(data).hexdigest(), purpose="file").hex()
    file = ListFile(
        id=new_id(), list=list_, owner=list_.owner_id, fingerprint=fingerprint, name=plain, body=pack(data),
        by_id=by.user, at=at,
    )  # fmt: skip
    file.job = _ask_read(file, by, at)
    file.save(force_insert=True)
    return file


def file_map(*, file: ListFile, columns: Mapping[str, str], sheet: str, by: Viewer, at: dt.datetime) -> ListFile:
    """Say what columns mean where the header was not understood, and read the file again.

    Raises
    ------
    InputError
        If a column is none of the contract, or two titles are to mean the same.
    """
    require(by, "write", Thing(KIND, file.owner))
    meant = [column for column in columns.values() if column]
    faults = [Fault("", "", "", column, "a column of a list") for column in meant if column not in COLUMNS]
    faults += [Fault("", "", "", f"{column} twice", "each once") for column, n in Counter(meant).items() if n > 1]
    if faults:
        raise InputError(*faults)
    _step_file(file, "map")
    file.mapping = {"columns": dict(columns), "sheet": sheet}
    file.report = None
    file.job = _ask_read(file, by, at)
    file.save(update_fields=["mapping", "report", "job"])
    return file


def _ask_read(file: ListFile, by: Viewer, at: dt.datetime) -> str:
    return ask(kind=READ, owner=file.owner, given={"file": file.id, "try": new_id()}, by=by, at=at).id


def file_again(*, file: ListFile, by: Viewer, at: dt.datetime) -> ListFile:
    """Ask anew for the reading, or the storing, of a file whose job was cancelled or has failed.

    Raises
    ------
    TransitionError
        If a job is at work on it, or it needs none.
    """
    require(by, "write", Thing(KIND, file.owner))
    version = ListVersion.objects.filter(file=file, state="storing").first()
    if not is_stopped(file) or (file.state == "accepted" and version is None):
        raise TransitionError(f"{file.state}: nothing has stopped")
    if version is None:
        file.job = _ask_read(file, by, at)
    else:
        file.job = ask(kind=STORE, owner=file.owner, given={"version": version.id}, by=by, at=at).id
    file.save(update_fields=["job"])
    return file


@transaction.atomic
def file_drop(*, file: ListFile, by: Viewer) -> None:
    """Drop a file that became no version; its bytes go with it, and what was stored of it before it stopped.

    Raises
    ------
    TransitionError
        If it is being stored.
    """
    require(by, "write", Thing(KIND, file.owner))
    if file.state == "accepted" and not is_stopped(file):
        raise TransitionError("accepted: it is being stored")
    _step_file(file, "drop")
    ListVersion.objects.filter(file=file, state="storing").delete()
    file.body, file.report, file.mapping = "", None, None
    file.save(update_fields=["body", "report", "mapping"])


def file_accept(*, file: ListFile, by: Viewer, at: dt.datetime) -> ListVersion:
    """Take a file without fault as the next version; a job stores its records."""
    require(by, "write", Thing(KIND, file.owner))
    _step_file(file, "accept")
    last = ListVersion.objects.filter(list=file.list).aggregate(last=Max("number"))["last"] or 0
    version = ListVersion.objects.create(list=file.list, file=file, number=last + 1, stored_by_id=by.user, stored_at=at)
    file.job = ask(kind=STORE, owner=file.owner, given={"version": version.id}, by=by, at=at).id
    file.save(update_fields=["job"])
    return version


def _step_file(file: ListFile, event: str) -> None:
    """Move a file on, unless somebody else has.

    Raises
    ------
    TransitionError
        If its state does not allow it, or no longer.
    """
    after = step(FILE, file.state, event)
    if not ListFile.objects.filter(id=file.id, state=file.state).update(state=after):
        raise TransitionError(f"{file.state}: somebody else was first")
    file.state = after


def version_seal(*, version: ListVersion, by: Viewer, at: dt.datetime) -> ListVersion:
    """Seal a version: the SHA-256 of its canonical form goes to the record, with counts and no person.

    Raises
    ------
    TransitionError
        If it is sealed already.
    """
    require(by, "seal", Thing(KIND, version.list.owner_id))
    after = step(VERSION, version.state, "seal")
    changed = ListVersion.objects.filter(id=version.id, state=version.state).update(
        state=after, sealed_by=by.user, sealed_at=at
    )
    if not changed:
        raise TransitionError(f"{version.state}: somebody else was first")
    statement_record(
        kind="list_sealed",
        content={
            "list": version.list_id,
            "version": version.number,
            "kind": version.list.kind,
            "sha256": version.sha256,
            "records": version.records,
        },
        owner=version.list.owner_id,
        by=by,
        at=at,
        roles=(version.list.owner_id, neutral().code),
        subject=f"list:{version.list_id}",
    )
    version.refresh_from_db()
    return version


def version_release(
    *,
    version: ListVersion,
    audience: str,
    fields: tuple[str, ...],
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    by: Viewer,
    at: dt.datetime,
) -> Release:
    """Ask that chosen fields of a sealed version be released; a second member of the owner approves.

    Raises
    ------
    TransitionError
        If the version is not sealed: what is released must not change.
    InputError
        If no field is chosen, one is not stated, or the audience is none that lists go to.
    """
    require(by, "release", Thing(KIND, version.list.owner_id))
    if version.state in {"storing", "draft"}:
        raise TransitionError(f"{version.state}: only a sealed version is released")
    known = {neutral().code, *(side.code for side in sides())} - {version.list.owner_id}
    if audience not in known:
        raise InputError(Fault("", "", "audience", audience, "the neutral or the other side"))
    if not fields or not set(fields) <= set(version.columns):
        raise InputError(Fault("", "", "fields", str(len(fields)), "at least one of the list's own columns"))
    return release_ask(
        owner=version.list.owner_id, audience=audience, kind=KIND, row=version.id, fields=fields,
        starts_at=starts_at, ends_at=ends_at, by=by, at=at,
    )  # fmt: skip


def answers_give(*, seen: Seen, answers: Mapping[str, str], by: Viewer, at: dt.datetime) -> int:
    """Answer lines of another side's list; an answer that differs from the last one supersedes it. Gives how many.

    Raises
    ------
    InputError
        If a line is not on the list or an answer is none of the four.
    """
    version = seen.version
    require(by, "answer", Thing(KIND, version.list.owner_id, seen.facts))
    known = set(Record.objects.filter(version=version, id__in=list(answers)).values_list("id", flat=True))
    bad = [answer for record, answer in answers.items() if record not in known or answer not in ANSWERS]
    if bad:
        raise InputError(Fault("", "", "answer", str(len(bad)), ", ".join(ANSWERS)))
    last: dict[str, Answer] = {}
    for answer in Answer.objects.filter(record__in=known, party=by.party).order_by("number"):
        last[answer.record_id] = answer
    fresh = [
        Answer(
            record_id=record, version=version, party_id=by.party, answer=answer, by_id=by.user, at=at,
            number=last[record].number + 1 if record in last else 1,
        )
        for record, answer in answers.items()
        if record not in last or last[record].answer != answer
    ]  # fmt: skip
    if not fresh:
        return 0
    Answer.objects.bulk_create(fresh)
    if version.state == "sealed" and answered_count(version, by.party) == version.records:
        ListVersion.objects.filter(id=version.id, state="sealed").update(state=step(VERSION, "sealed", "answer_all"))
    statement_record(
        kind="list_answered",
        content={
            "list": version.list_id,
            "version": version.number,
            "sha256": version.sha256,
            "answers": len(fresh),
            "answered": answered_count(version, by.party),
            "records": version.records,
        },
        owner=by.party,
        by=by,
        at=at,
        roles=(by.party, version.list.owner_id),
        subject=f"list:{version.list_id}",
    )
    return len(fresh)
