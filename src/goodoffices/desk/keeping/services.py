"""Writes of what crosses: releases into the record, caps and their unlocking, canaries, recipients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import pyrage
from django.conf import settings
from django.db import IntegrityError, transaction

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.keeping.models import Alarm, Canary, Recipient, Unlock
from goodoffices.desk.keeping.selectors import MACHINE, is_unlocked, records_read
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.models import Release
from goodoffices.domain.errors import BulkReadError, Fault, InputError, TransitionError

UNLOCKED_FOR = dt.timedelta(hours=24)
_PURPOSE = "canary"


def release_record(release: Release, event: str, by: Viewer, at: dt.datetime) -> None:
    """Write into the record that a release was approved, revoked or withdrawn."""
    statement_record(
        kind="release",
        content={
            "release": release.id,
            "event": event,
            "kind": release.kind,
            "object": release.object,
            "fields": release.fields,
            "owner": release.owner_id,
            "audience": release.audience_id,
            "from": release.starts_at.isoformat(),
            "until": release.ends_at.isoformat() if release.ends_at else None,
            "at": at.isoformat(),
        },
        owner=release.owner_id,
        by=by,
        at=at,
        subject=f"{release.kind}:{release.object}",
    )


def cap() -> int:
    """Give how many records of one other owner a member may read in 24 hours alone."""
    return int(settings.READ_CAP)


def cap_check(by: Viewer, records: Mapping[str, int], verb: str, at: dt.datetime) -> None:
    """Stop a member who reads more of an owner's records than one person alone may in 24 hours.

    Raises
    ------
    BulkReadError
        Above the cap, unless a second person has unlocked it.
    """
    if verb == MACHINE:
        return
    before = records_read(by.user, records, at)
    for owner, more in records.items():
        if before.get(owner, 0) + more > cap() and not is_unlocked(by.user, owner, at):
            raise BulkReadError(f"{cap()} records of one owner in 24 hours, unless a second person unlocks more")


def unlock_ask(*, owner: str, reason: str, by: Viewer, at: dt.datetime) -> Unlock:
    """Ask a second person of one's own party for leave to read more of an owner's records.

    Raises
    ------
    InputError
        If no reason is given, or the owner is one's own party.
    """
    require(by, "ask", Thing("unlock", by.party))
    if not reason.strip():
        raise InputError(Fault("unlock", "", "reason", "nothing", "why more must be read"))
    if owner == by.party:
        raise InputError(Fault("unlock", "", "owner", owner, "another party"))
    return Unlock.objects.create(reader_id=by.user, owner_id=owner, reason=reason.strip()[:500], asked_at=at)


@transaction.atomic
def unlock_approve(*, unlock: Unlock, by: Viewer, at: dt.datetime) -> Unlock:
    """Unlock as the second person; the record and the owner's page of reads tell it.

    Raises
    ------
    TransitionError
        If it was approved before, or by the reader himself.
    """
    require(by, "approve", Thing("unlock", unlock.reader.party_id))
    if unlock.reader_id == by.user:
        raise TransitionError("a second person unlocks, not the reader")
    waits = Unlock.objects.filter(id=unlock.id, approved_at__isnull=True)
    if not waits.update(approved_by=by.user, approved_at=at, ends_at=at + UNLOCKED_FOR):
        raise TransitionError("this is unlocked already")
    unlock.refresh_from_db()
    statement_record(
        kind="unlock",
        content={
            "unlock": unlock.id,
            "owner": unlock.owner_id,
            "reader_party": by.party,
            "until": (at + UNLOCKED_FOR).isoformat(),
        },
        owner=by.party,
        by=by,
        at=at,
        subject=f"unlock:{unlock.id}",
    )
    return unlock


def canary_plant(*, ref: str, by: Viewer, at: dt.datetime) -> Canary:
    """Mark a line of one's own lists, by its reference, as invented to be watched.

    Raises
    ------
    InputError
        If the reference is empty or marked already.
    """
    require(by, "make", Thing("canary", by.party))
    text = ref.strip()
    if not text:
        raise InputError(Fault("canary", "", "ref", "nothing", "the reference of a line"))
    try:
        with transaction.atomic():
            return Canary.objects.create(
                owner_id=by.party,
                blind=ring().blind(by.party, text, purpose=_PURPOSE),
                ref=text,
                planted_by_id=by.user,
                planted_at=at,
            )
    except IntegrityError as error:
        raise InputError(Fault("canary", "", "ref", "marked already", "another reference")) from error


def canary_remove(*, canary: Canary, by: Viewer) -> None:
    """Take a mark away, with its alarms."""
    require(by, "remove", Thing("canary", canary.owner_id))
    canary.delete()


def canary_check(*, by: Viewer, owner: str, refs: Iterable[str], verb: str, at: dt.datetime) -> int:
    """Raise an alarm for each canary among the lines that a viewer of another party reads; gives how many.

    Rooms call it with `reading_note`, with the references of the lines shown, found or exported.
    """
    return canaries_check(by=by, refs={owner: refs}, verb=verb, at=at)


def canaries_check(*, by: Viewer, refs: Mapping[str, Iterable[str]], verb: str, at: dt.datetime) -> int:
    """Raise an alarm for each canary among lines of several owners, named by their references; gives how many."""
    others = [owner for owner in refs if by.user and by.party != owner]
    planted = _planted(others) if others else {}
    keys, found = ring(), set()
    for owner in {owner for owner, _ in planted}:
        blinds = {keys.blind(owner, ref.strip(), purpose=_PURPOSE) for ref in refs[owner]}
        found |= {planted[owner, blind] for blind in blinds if (owner, blind) in planted}
    alarms = [Alarm(canary_id=canary, reader_id=by.user, verb=verb, at=at) for canary in sorted(found)]
    Alarm.objects.bulk_create(alarms)
    return len(found)


def _planted(owners: Collection[str]) -> dict[tuple[str, bytes], str]:
    rows = Canary.objects.filter(owner__in=owners).values_list("owner", "blind", "id")
    return {(owner, bytes(blind)): key for owner, blind, key in rows}


@transaction.atomic
def recipient_add(*, name: str, key: str, by: Viewer, at: dt.datetime) -> Recipient:
    """Register an age key to which exports for one's party are sealed; the record tells that it was done.

    Raises
    ------
    InputError
        If it is not an age public key, or is registered already.
    """
    require(by, "make", Thing("recipient", by.party))
    text = key.strip()
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise InputError(Fault("recipient", "", "key", "no age key", "a public key: age1...")) from error
    if Recipient.objects.filter(party=by.party, key=text).exists():
        raise InputError(Fault("recipient", "", "key", "registered already", "another key"))
    made = Recipient.objects.create(
        party_id=by.party, name=name.strip()[:60] or text[:12], key=text, added_by_id=by.user, added_at=at
    )
    _recipient_record(made, "added", by, at)
    return made


@transaction.atomic
def recipient_remove(*, recipient: Recipient, by: Viewer, at: dt.datetime) -> None:
    """Take a key away; what was sealed to it before stays open to it."""
    require(by, "remove", Thing("recipient", recipient.party_id))
    _recipient_record(recipient, "removed", by, at)
    recipient.delete()


def _recipient_record(recipient: Recipient, event: str, by: Viewer, at: dt.datetime) -> None:
    statement_record(
        kind="recipient",
        content={"recipient": recipient.id, "event": event, "key": recipient.key},
        owner=by.party,
        by=by,
        at=at,
        subject=f"recipient:{recipient.id}",
    )
