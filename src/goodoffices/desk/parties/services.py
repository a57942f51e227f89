"""Writes of parties, members, mandates, releases, readings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from goodoffices.desk.access import Role, Thing, Viewer, require
from goodoffices.desk.parties.crossing import crossing_of, pass_gates, tell_after
from goodoffices.desk.parties.models import Mandate, Party, Process, Reading, Release, User
from goodoffices.desk.parties.selectors import has_mandate
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Process as Talks

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


def process_start(*, talks: Talks, document: dict[str, object], desk: Party, zone: str, at: dt.datetime) -> Process:
    """Open the desk for one process: its parties, the neutral that runs the desk, its rules."""
    for party in talks.parties:
        Party.objects.create(code=party.code, name=party.name, kind=party.kind, zone=party.zone or zone)
    desk.save()
    return Process.objects.create(id=talks.id, title=talks.name, desk=desk, zone=zone, document=document, created_at=at)


def member_add(
    *,
    username: str,
    party: str,
    role: Role,
    password: str | None,
    at: dt.datetime,
    by: User | None = None,
    **fields: str,
) -> User:
    """Make an account with a mandate that begins now."""
    user = User.objects.create_user(username, password, party_id=party, role=role, **fields)
    Mandate.objects.create(user=user, starts_at=at, given_by=by)
    return user


def mandate_revoke(*, mandate: Mandate, at: dt.datetime) -> None:
    """End a mandate from this moment on; what was done under it stays."""
    mandate.revoked_at = at
    mandate.save(update_fields=["revoked_at"])


def release_ask(
    *,
    owner: str,
    audience: str,
    kind: str,
    row: str,
    fields: tuple[str, ...],
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    by: Viewer,
    at: dt.datetime,
) -> Release:
    """Ask that something be released; it crosses only when a second mandate of the owner has approved it.

    Parameters
    ----------
    owner, audience
        Codes of the party whose it is and of the one that will see it.
    kind, row
        What: `list` and the version's key.
    fields
        Which of its fields, each once; of a kind that a room has registered (`crossing.releasable`), none but those.
    starts_at, ends_at
        From when until when; aware. None is until revoked.
    by, at
        Who asks, when.

    Raises
    ------
    InputError
        With every fault of fields, audience and times.
    """
    require(by, "make", Thing("release", owner))
    times = [(name, moment) for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)) if moment is not None]
    faults = [
        *_field_faults(kind, fields),
        *(_fault(name, "a time without a zone", "one with a zone") for name, moment in times if moment.tzinfo is None),
    ]
    if audience == owner or not Party.objects.filter(code=audience).exists():
        faults.append(_fault("audience", audience or "nobody", "another party of the process"))
    if not faults and ends_at is not None and ends_at <= max(starts_at, at):
        faults.append(_fault("ends_at", f"{ends_at:%Y-%m-%d %H:%M}", f"later than {max(starts_at, at):%Y-%m-%d %H:%M}"))
    if faults:
        raise InputError(*faults)
    return Release.objects.create(
        owner_id=owner,
        audience_id=audience,
        kind=kind,
        object=row,
        fields=sorted(fields),
        starts_at=starts_at,
        ends_at=ends_at,
        asked_by_id=by.user,
        asked_at=at,
    )


def _field_faults(kind: str, fields: tuple[str, ...]) -> list[Fault]:
    """Give what is wrong with the fields of a release."""
    crossing = crossing_of(kind)
    wrong = sorted({name for name in fields if not _FIELD.fullmatch(name)})
    if not wrong and crossing is not None:
        wrong = sorted(set(fields) - crossing.fields)
    faults = [_fault("fields", name[:40] or "an empty name", f"a field of a {kind}") for name in wrong]
    if not fields or len(set(fields)) != len(fields):
        faults.append(_fault("fields", "none" if not fields else "one twice", "at least one field, each once"))
    return faults


def _fault(field: str, found: str, expected: str) -> Fault:
    return Fault("release", "", field, found, expected)


@transaction.atomic
def release_approve(*, release: Release, by: Viewer, at: dt.datetime) -> Release:
    """Approve as the second mandate.

    Raises
    ------
    TransitionError
        If it was approved or revoked before, its time is over, the same person asked for it, or who asked has no
        mandate any more.
    """
    require(by, "approve", Thing("release", release.owner_id))
    if release.asked_by_id == by.user:
        raise TransitionError("a release needs a second person of the owner")
    if not has_mandate(release.asked_by, at):
        raise TransitionError("who asked for this release has no mandate any more")
    waits = Release.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), id=release.id)
    changed = waits.filter(approved_at__isnull=True, revoked_at__isnull=True).update(
        approved_by=by.user, approved_at=at
    )
    if not changed:
        raise TransitionError("this release is approved, revoked or over already")
    release.refresh_from_db()
    tell_after(release, "approved", by, at)
    return release


@transaction.atomic
def release_revoke(*, release: Release, by: Viewer, at: dt.datetime) -> Release:
    """Revoke forward: what was seen was seen; nothing more is.

    Raises
    ------
    TransitionError
        If it was revoked before.
    """
    require(by, "revoke", Thing("release", release.owner_id))
    if not Release.objects.filter(id=release.id, revoked_at__isnull=True).update(revoked_by=by.user, revoked_at=at):
        raise TransitionError("this release is revoked already")
    release.refresh_from_db()
    tell_after(release, "revoked" if release.approved_at else "withdrawn", by, at)
    return release


def reading_note(
    *,
    by: Viewer,
    owner: str,
    kind: str,
    row: str,
    at: dt.datetime,
    records: int = 1,
    verb: str = "read",
) -> None:
    """Note that a viewer read what belongs to another party; the owner sees every line.

    Call it before anything is shown: above the cap of one person and day it raises `BulkReadError`.
    """
    readings_note(reads={owner: (row, records)}, by=by, kind=kind, at=at, verb=verb)


def readings_note(
    *, reads: Mapping[str, tuple[str, int]], by: Viewer, kind: str, at: dt.datetime, verb: str = "read"
) -> None:
    """Note that one page shows what belongs to several owners: of each which row, and how many records.

    All of it is noted, or, where one gate refuses, nothing of it.
    """
    others = {owner: read for owner, read in reads.items() if by.user and by.party != owner}
    if not others:
        return
    pass_gates(by, {owner: records for owner, (_, records) in others.items()}, verb, at=at)
    Reading.objects.bulk_create(
        Reading(owner_id=owner, reader_id=by.user, kind=kind, object=row, verb=verb, records=records, at=at)
        for owner, (row, records) in others.items()
    )
