"""Searches: what was asked, what each part found, the candidates; and which samples are one person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.remains.models.base import Owned
from goodoffices.desk.remains.models.chain import Case
from goodoffices.desk.remains.models.kin import Family
from goodoffices.desk.remains.models.samples import Sample
from goodoffices.desk.sealed import SealedField

KINDS = ("kinship", "reassociation")


class Search(Owned):
    """One run over everything typed at its moment: the blind search, or the reassociation."""

    kind = models.CharField(max_length=14)
    frame = models.JSONField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.CharField(max_length=12, default="")
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(null=True)
    notes = SealedField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="search_kind_known"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(counts__isnull=False), name="search_done_only_with_counts"
            ),
        ]

    @property
    def prior_kind(self) -> str:
        """Give the kind of the prior."""
        return str(self.frame["prior"]).partition(":")[0]

    @property
    def prior_size(self) -> int:
        """Give the size of an open population, else 0."""
        return int(str(self.frame["prior"]).partition(":")[2] or 0)


class SearchPart(Owned):
    """What one part of a search found: a search that died with its worker goes on after it."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    found = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "number"], name="search_part_once")]


class Candidate(Owned):
    """One pair of a case and a missing person of one search; the locus-by-locus report lies under the family's key."""

    search = models.ForeignKey(Search, on_delete=models.PROTECT, related_name="candidates")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="candidates")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="candidates")
    person = models.CharField(max_length=12)
    log10_lr = models.FloatField()
    posterior = models.FloatField()
    joint_posterior = models.FloatField()
    loci = models.PositiveSmallIntegerField()
    mismatches = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=30)
    lacking = models.CharField(max_length=120, blank=True, default="")
    close = models.PositiveSmallIntegerField()
    report = SealedField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["search", "lacking"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["search", "case", "family", "person"], name="candidate_once_of_a_search")
        ]


class Grouping(models.Model):
    """Which group a sample fell into in one reassociation; a group is one person as far as DNA tells."""

    search = models.ForeignKey(Search, on_delete=models.PROTECT, related_name="groupings")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="groupings")
    group = models.PositiveIntegerField()
    log10_lr = models.FloatField(null=True)
    contradicts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "sample"], name="grouping_once_of_a_search")]
