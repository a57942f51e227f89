"""Unlocks of bulk reads, canaries and their alarms, age recipients, purposes that ended, erasures, back-ups."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.parties.models import Party
from goodoffices.desk.sealed import SealedField


class Unlock(models.Model):
    """Leave for one member to read more of one owner's records, by a second person of his own party, for a day."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    reason = SealedField()
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reader", "owner", "ends_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("reader")), name="unlock_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, ends_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, ends_at__gt=F("approved_at")),
                name="unlock_ends_after_approval",
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the reason: the reader's party."""
        return self.reader.party_id


class Canary(models.Model):
    """An invented line that an owner has put into a list of his; nobody else can tell it from the others."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    blind = models.BinaryField(max_length=16)
    ref = SealedField()
    planted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "blind"], name="canary_planted_once"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the reference."""
        return self.owner_id


class Alarm(models.Model):
    """A canary was read by somebody of another party."""

    canary = models.ForeignKey(Canary, on_delete=models.CASCADE, related_name="alarms")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()


class Recipient(models.Model):
    """An age key of a party: exports with personal fields are sealed to these and to nobody else."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "key"], name="recipient_registered_once"),
        ]


class Purpose(models.Model):
    """A purpose that has ended: of the process as a whole, or of one thing such as a list."""

    kind = models.CharField(max_length=20)
    object = models.CharField(max_length=80)
    ended_at = models.DateTimeField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "object"], name="purpose_ends_once"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(erased_at__gte=F("ended_at")), name="purpose_erased_after_end"
            ),
        ]


class Erasure(models.Model):
    """An erasure asked for by one person; it is done only when a second has approved it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    counts = models.JSONField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")), name="erasure_by_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(approved_at__isnull=False), name="erasure_done_only_when_approved"
            ),
        ]


class Backup(models.Model):
    """A back-up that was made: when, how large, with or without the keys."""

    at = models.DateTimeField()
    bytes = models.PositiveBigIntegerField()
    keys = models.CharField(max_length=10)
