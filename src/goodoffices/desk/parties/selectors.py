"""Reads of parties, members, mandates, releases."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.parties.models import Mandate, Party, Process, Reading, Release, User
from goodoffices.desk.remember import once_a_request
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.sides import PartyKind


@once_a_request
def process() -> Process:
    """Give the process of this workspace."""
    return Process.objects.select_related("desk").get()


def sides() -> list[Party]:
    """Give the sides, in the order of their codes; no rule knows which is which."""
    return [party for party in _parties() if party.kind == PartyKind.SIDE]


def neutrals() -> frozenset[str]:
    """Give the codes of the neutral parties: the desk, and who helps it."""
    return frozenset(party.code for party in _parties() if party.kind == PartyKind.NEUTRAL)


@once_a_request
def _parties() -> list[Party]:
    return list(Party.objects.order_by("code"))


def capitals() -> dict[str, str]:
    """Give the time zone of every side's and host's capital by the party's code: deadlines are told in each."""
    return {party.code: party.zone for party in _parties() if party.kind in {PartyKind.SIDE, PartyKind.HOST}}


def neutral() -> Party:
    """Give the neutral party that runs the desk."""
    return process().desk


def has_mandate(user: User, now: dt.datetime) -> bool:
    """Whether a member may act at this moment."""
    return mandates_in_force(now).filter(user=user).exists()


def mandates_in_force(now: dt.datetime) -> QuerySet[Mandate]:
    """Give the mandates that hold at a moment."""
    return Mandate.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now).filter(
        Q(revoked_at__isnull=True) | Q(revoked_at__gt=now)
    )


def releases_in_force(now: dt.datetime) -> QuerySet[Release]:
    """Give the releases that hold at a moment: approved by a second mandate, begun, neither ended nor revoked."""
    return Release.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), approved_at__lte=now, starts_at__lte=now
    ).filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=now))


def released_to(viewer: Viewer, kind: str, now: dt.datetime) -> QuerySet[Release]:
    """Give what was released to the viewer's party."""
    return releases_in_force(now).filter(audience=viewer.party, kind=kind)


def fields_released(viewer: Viewer, kind: str, row: str, now: dt.datetime) -> frozenset[str]:
    """Give the fields of one row that hold for the viewer's party at a moment; empty: nothing was released to it."""
    found = released_to(viewer, kind, now).filter(object=row).values_list("fields", flat=True)
    return frozenset(field for fields in found for field in fields)


def release_of(viewer: Viewer, release_id: str, verb: str) -> Release:
    """Give a release to its owner, or to whom it was made.

    Raises
    ------
    NotYoursError
        If there is none, or it is others'.
    """
    found = Release.objects.select_related("owner", "audience", "asked_by", "approved_by", "revoked_by")
    release = found.filter(id=release_id).first()
    if release is None:
        raise NotYoursError("no such release")
    facts = {"to_me", "to_neutral"} if release.audience_id == viewer.party and release.approved_at else set()
    require(viewer, verb, Thing("release", release.owner_id, frozenset(facts)))
    return release


def releases_of(viewer: Viewer) -> list[Release]:
    """Give what the viewer's party has released or asks to release; the latest first; else nothing."""
    if not may(viewer, "read", Thing("release", viewer.party)):
        return []
    found = Release.objects.filter(owner=viewer.party).select_related(
        "audience", "asked_by", "approved_by", "revoked_by"
    )
    return list(found.order_by("-asked_at"))


def releases_to(viewer: Viewer, now: dt.datetime) -> list[Release]:
    """Give the releases in force that were made to the viewer's party; the latest first."""
    found = releases_in_force(now).filter(audience=viewer.party).select_related("owner", "audience")
    return list(found.order_by("-approved_at"))


def readings_of(viewer: Viewer) -> QuerySet[Reading]:
    """Give the reads of what is the viewer's party's own; to the auditor all. The latest first."""
    everything = may(viewer, "read", Thing("reads"))
    if not everything:
        require(viewer, "read", Thing("reads", viewer.party))
    found = Reading.objects.all() if everything else Reading.objects.filter(owner=viewer.party)
    return found.select_related("reader__party", "owner").order_by("-at", "-id")
