"""Reads of parties, members, mandates, releases."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from goodoffices.desk.access import Viewer
from goodoffices.desk.parties.models import Mandate, Party, Process, Release, User
from goodoffices.domain.sides import PartyKind


def process() -> Process:
    """Give the process of this workspace."""
    return Process.objects.get()


def sides() -> list[Party]:
    """Give the sides, in the order of their codes; no rule knows which is which."""
    return list(Party.objects.filter(kind=PartyKind.SIDE).order_by("code"))


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
