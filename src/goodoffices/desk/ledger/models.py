"""Statements on their way into the log, and the consents that come back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.sealed import SealedField


class Statement(models.Model):
    """What a service has written, in the same transaction as its rows; the one sequencer appends it.

    Until then the content lies here, sealed; afterwards in the vault alone. `roles` are those whose consent it asks
    for; `subject` names what it is about (`list:KEY`) so that a page can find its entries.
    """

    number = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=64)
    owner = models.CharField(max_length=20)
    roles = models.JSONField(default=list)
    subject = models.CharField(max_length=60, default="")
    previous = models.PositiveBigIntegerField(null=True)
    content = SealedField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    index = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject"]), models.Index(fields=["index"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(index__isnull=True) | Q(content__isnull=True), name="statement_content_leaves_when_appended"
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the content."""
        return self.owner

    def sealed_key(self) -> str:
        """Give what the content is bound to: the name, known before the row is saved."""
        return self.name


class Consent(models.Model):
    """A role that a statement asks, and its signed note once it has consented; the one sequencer appends that too."""

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="consents")
    role = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField(null=True)
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)
    index = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["role", "note"]), models.Index(fields=["index"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "role"], name="consent_once_a_role"),
            models.CheckConstraint(
                condition=Q(note="", at__isnull=True, index__isnull=True) | (~Q(note="") & Q(at__isnull=False)),
                name="consent_at_only_when_signed",
            ),
        ]
