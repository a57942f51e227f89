"""Long work: what is to be done, how far it is, who holds it, what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.sealed import SealedField


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """One piece of long work. Progress renews its lease; one whose lease ran out is taken up again."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given = SealedField()
    input_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=State.WAITING)
    stage = models.CharField(max_length=40, default="")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    cancel = models.BooleanField(default=False)
    runner = models.CharField(max_length=24, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = SealedField(null=True)
    address = models.CharField(max_length=200, default="")
    faults = SealedField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_known"),
            models.UniqueConstraint(
                fields=["kind", "owner", "input_hash"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_asked_once",
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals its input and result."""
        return self.owner
