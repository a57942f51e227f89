"""Reads of what crosses: caps, unlocks, canaries and alarms, recipients; what Today tells of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q, Sum

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.keeping.models import Alarm, Backup, Canary, Erasure, Purpose, Recipient, Unlock
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.parties.models import Reading, Release
from goodoffices.domain.errors import NotYoursError

DAY = dt.timedelta(hours=24)
_PART = "desk_keeping"


MACHINE = "link"
"""The verb of a comparison by the machine: it is noted for the owner, but no person was shown a record by it."""


def records_read(user: str, owners: Iterable[str], now: dt.datetime) -> dict[str, int]:
    """Count, owner by owner, the records that a member has read in the last 24 hours."""
    found = Reading.objects.filter(reader=user, owner__in=list(owners), at__gt=now - DAY).exclude(verb=MACHINE)
    return dict(found.values_list("owner").annotate(sum=Sum("records")).order_by())


def is_unlocked(user: str, owner: str, now: dt.datetime) -> bool:
    """Whether a second person has unlocked more, and it has not run out."""
    return Unlock.objects.filter(reader=user, owner=owner, approved_at__lte=now, ends_at__gt=now).exists()


def unlocks_of(viewer: Viewer, now: dt.datetime) -> list[Unlock]:
    """Give the unlocks of the viewer's party that wait or hold."""
    require(viewer, "read", Thing("unlock", viewer.party))
    found = Unlock.objects.filter(reader__party=viewer.party).select_related("reader", "owner", "approved_by")
    return list(found.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("-asked_at"))


def unlock_of(viewer: Viewer, unlock_id: str, verb: str) -> Unlock:
    """Give an unlock of the viewer's own party.

    Raises
    ------
    NotYoursError
        If there is none, or it is others'.
    """
    found = Unlock.objects.select_related("reader", "owner").filter(id=unlock_id).first()
    if found is None:
        raise NotYoursError("no such unlock")
    require(viewer, verb, Thing("unlock", found.reader.party_id))
    return found


def canaries_of(viewer: Viewer) -> list[Canary]:
    """Give the canaries of the viewer's party, with how often each was read."""
    require(viewer, "read", Thing("canary", viewer.party))
    return list(Canary.objects.filter(owner=viewer.party).annotate(times=Count("alarms")).order_by("-planted_at").all())


def canary_of(viewer: Viewer, canary_id: str, verb: str) -> Canary:
    """Give a canary of the viewer's own party.

    Raises
    ------
    NotYoursError
        If there is none, or it is others'.
    """
    found = Canary.objects.filter(id=canary_id).first()
    if found is None:
        raise NotYoursError("no such canary")
    require(viewer, verb, Thing("canary", found.owner_id))
    return found


def alarms_of(viewer: Viewer) -> list[Alarm]:
    """Give who read the canaries of the viewer's party; the latest first."""
    require(viewer, "read", Thing("canary", viewer.party))
    found = Alarm.objects.filter(canary__owner=viewer.party).select_related("canary", "reader__party")
    return list(found.order_by("-at")[:200])


def recipients_of(viewer: Viewer) -> list[Recipient]:
    """Give the age keys of the viewer's party."""
    require(viewer, "read", Thing("recipient", viewer.party))
    return list(Recipient.objects.filter(party=viewer.party).select_related("added_by").order_by("name", "id"))


def recipient_of(viewer: Viewer, recipient_id: str, verb: str) -> Recipient:
    """Give an age key of the viewer's own party.

    Raises
    ------
    NotYoursError
        If there is none, or it is others'.
    """
    found = Recipient.objects.filter(id=recipient_id).first()
    if found is None:
        raise NotYoursError("no such recipient")
    require(viewer, verb, Thing("recipient", found.party_id))
    return found


def purposes(viewer: Viewer) -> list[Purpose]:
    """Give the purposes that have ended."""
    require(viewer, "read", Thing("retention"))
    return list(Purpose.objects.order_by("-ended_at"))


def may_retain(viewer: Viewer) -> bool:
    """Whether the viewer may ask for an erasure or approve one."""
    return may(viewer, "ask", Thing("retention"))


def erasure_waiting(viewer: Viewer) -> Erasure | None:
    """Give the erasure that waits for its second person."""
    require(viewer, "read", Thing("retention"))
    return Erasure.objects.select_related("asked_by").filter(approved_at__isnull=True).first()


def erasure_of(viewer: Viewer, erasure_id: str, verb: str) -> Erasure:
    """Give an erasure.

    Raises
    ------
    NotYoursError
        If there is none.
    """
    require(viewer, verb, Thing("retention"))
    found = Erasure.objects.filter(id=erasure_id).first()
    if found is None:
        raise NotYoursError("no such erasure")
    return found


def notices(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell what waits for the viewer's second hand, and which canaries sang."""
    if may(viewer, "approve", Thing("release", viewer.party)):
        waiting = Release.objects.filter(owner=viewer.party, approved_at__isnull=True, revoked_at__isnull=True)
        for release in (
            waiting.select_related("audience")
            .exclude(asked_by=viewer.user)
            .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
        ):
            yield Notice(
                Column.WAITS, _PART, "notice_release", f"/releases/{release.id}", release.asked_at,
                {"to": release.audience.name},
            )  # fmt: skip
    if may(viewer, "approve", Thing("unlock", viewer.party)):
        asked = Unlock.objects.filter(reader__party=viewer.party, approved_at__isnull=True)
        for unlock in asked.select_related("owner").exclude(reader=viewer.user):
            yield Notice(
                Column.WAITS, _PART, "notice_unlock", f"/unlocks/{unlock.id}", unlock.asked_at,
                {"owner": unlock.owner.name},
            )  # fmt: skip
    if may(viewer, "read", Thing("canary", viewer.party)):
        recent = Alarm.objects.filter(canary__owner=viewer.party, at__gt=now - 7 * DAY).select_related("reader")
        for alarm in recent.order_by("-at")[:5]:
            yield Notice(Column.CHANGED, _PART, "notice_alarm", "/canaries", alarm.at, {"who": alarm.reader.username})
    if may(viewer, "approve", Thing("retention")):
        for erasure in Erasure.objects.filter(approved_at__isnull=True).exclude(asked_by=viewer.user):
            yield Notice(Column.WAITS, _PART, "notice_erasure", "/retention", erasure.asked_at)
    yield from _watched(viewer, now)


def _watched(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell the operator when the last back-up is old or there is none, and the auditor how much was read."""
    if may(viewer, "run", Thing("machine")):
        last = Backup.objects.order_by("-at").first()
        if last is None:
            yield Notice(Column.WAITS, _PART, "notice_no_backup", "/machine")
        elif last.at < now - 7 * DAY:
            yield Notice(Column.WAITS, _PART, "notice_old_backup", "/machine", last.at)
    if may(viewer, "read", Thing("reads")):
        recent = Reading.objects.filter(at__gt=now - 7 * DAY)
        newest = recent.order_by("-at").values_list("at", flat=True).first()
        if newest is not None:
            yield Notice(Column.CHANGED, _PART, "notice_reads", "/reads", newest, {"n": recent.count()})
