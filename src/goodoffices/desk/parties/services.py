"""Writes of parties, members, mandates, releases, readings."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.access import Role, Thing, Viewer, require
from goodoffices.desk.parties.models import Mandate, Party, Process, Reading, Release, User
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Process as Talks


def process_start(*, talks: Talks, document: dict[str, object], desk: Party, zone: str, at: dt.datetime) -> Process:
    """Open the desk for one process: its parties, the neutral that runs the desk, its rules."""
    for party in talks.parties:
        Party.objects.create(code=party.code, name=party.name, kind=party.kind, zone=zone)
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

    Raises
    ------
    InputError
        If it would end before it begins.
    """
    require(by, "make", Thing("release", owner))
    if ends_at is not None and ends_at <= starts_at:
        raise InputError(Fault("release", "", "ends_at", str(ends_at), f"later than {starts_at}"))
    return Release.objects.create(
        owner_id=owner,
        audience_id=audience,
        kind=kind,
        object=row,
        fields=list(fields),
        starts_at=starts_at,
        ends_at=ends_at,
        asked_by_id=by.user,
        asked_at=at,
    )


def release_approve(*, release: Release, by: Viewer, at: dt.datetime) -> Release:
    """Approve as the second mandate.

    Raises
    ------
    TransitionError
        If it was approved or revoked before, or the same person asked for it.
    """
    require(by, "approve", Thing("release", release.owner_id))
    if release.asked_by_id == by.user:
        raise TransitionError("a release needs a second person of the owner")
    changed = Release.objects.filter(id=release.id, approved_at__isnull=True, revoked_at__isnull=True).update(
        approved_by=by.user, approved_at=at
    )
    if not changed:
        raise TransitionError("this release is approved or revoked already")
    release.refresh_from_db()
    return release


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
    """Note that a viewer read what belongs to another party; the owner sees every line."""
    if by.user and by.party != owner:
        Reading.objects.create(
            owner_id=owner, reader_id=by.user, kind=kind, object=row, verb=verb, records=records, at=at
        )
