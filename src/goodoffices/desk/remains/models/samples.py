"""Samples, what was typed of them, and files on their way in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.remains.models.base import Owned
from goodoffices.desk.remains.models.chain import Case, Item
from goodoffices.desk.sealed import SealedField

TISSUES = ("bone", "tooth", "blood", "muscle", "hair", "nail", "swab", "other")
IMPORTS = ("profiles", "references", "families")


class Sample(Owned):
    """A sample under its laboratory code: the only name it has."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="samples")
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="samples")
    code = models.CharField(max_length=24)
    tissue = models.CharField(max_length=8)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "code"], name="sample_code_of_an_owner"),
            models.CheckConstraint(condition=Q(tissue__in=TISSUES), name="sample_tissue_known"),
        ]


class Profile(Owned):
    """What was typed of a sample or of a relative; a later one supersedes, the old stays."""

    sample = models.ForeignKey(Sample, null=True, on_delete=models.PROTECT, related_name="profiles")
    reference = models.ForeignKey("remains.Reference", null=True, on_delete=models.PROTECT, related_name="profiles")
    typings = SealedField()
    loci = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    latest = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sample__isnull=True) ^ Q(reference__isnull=True), name="profile_of_sample_or_reference"
            ),
            models.UniqueConstraint(fields=["sample"], condition=Q(latest=True), name="profile_latest_of_a_sample"),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(latest=True), name="profile_latest_of_a_reference"
            ),
        ]


class Import(Owned):
    """A file that was read and waits for a yes; nothing of it counts before."""

    kind = models.CharField(max_length=10)
    file = SealedField()
    content = SealedField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=IMPORTS), name="import_kind_known")]
