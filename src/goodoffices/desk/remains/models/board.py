"""The reconciliation board: each member's vote, the findings two members agree on, and what a finding reopens."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.remains.models.base import Line, Owned
from goodoffices.desk.remains.models.chain import Case
from goodoffices.desk.remains.models.search import Candidate
from goodoffices.desk.sealed import SealedField

VERDICTS = ("identified", "not_enough", "not_ours", "reassociated", "retracted")
RULES = ("two close relatives", "one and a second method", "direct match")
TOUCHED = ("case", "finding", "transfer", "movement")
_MEMBER = settings.AUTH_USER_MODEL


class Finding(Line, Owned):
    """What two different members have found of a case. Never edited: a later one retracts it."""

    number = models.BigIntegerField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=12)
    question = models.CharField(max_length=40)
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="findings")
    other = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    rule = models.CharField(max_length=30, blank=True, default="")
    rests_on = models.JSONField(default=list)
    first = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[v for v in VERDICTS if v != "not_enough"]), name="finding_kind"
            ),
            models.CheckConstraint(condition=~Q(first=models.F("second")), name="finding_by_two_members"),
            models.CheckConstraint(
                condition=~Q(kind="identified") | Q(rule__in=RULES, candidate__isnull=False),
                name="finding_identified_only_by_the_rule",
            ),
            models.CheckConstraint(
                condition=~Q(kind="retracted") | Q(about__isnull=False), name="finding_retracts_a_finding"
            ),
        ]


class Vote(Line, Owned):
    """What one member of the board says of one question about a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="votes")
    question = models.CharField(max_length=40)
    verdict = models.CharField(max_length=12)
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="votes")
    other = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="votes")
    reason = SealedField(null=True)
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "question"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="vote_verdict_known"),
        ]

    @property
    def question_kind(self) -> str:
        """Give what kind of question was asked."""
        return self.question.partition(":")[0]


class Reopening(Line):
    """What a finding reopens; other rooms read it by kind and key."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="reopenings")
    kind = models.CharField(max_length=10)
    object = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "object"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "kind", "object"], name="reopening_once"),
            models.CheckConstraint(condition=Q(kind__in=TOUCHED), name="reopening_kind_known"),
        ]
