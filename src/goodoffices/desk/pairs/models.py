"""Linkage runs, candidate pairs, what reviewers decided, what the holder answered."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.pairs.states import ANSWERS, STATES, UNDO, VERDICTS
from goodoffices.desk.sealed import SealedField

_USER = settings.AUTH_USER_MODEL


class Run(models.Model):
    """One linkage of two released versions; its pairs appear all at once, or not at all."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.CharField(max_length=20)
    left = models.ForeignKey("lists.ListVersion", on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("lists.ListVersion", on_delete=models.PROTECT, related_name="+")
    left_fields = models.JSONField(default=tuple)
    right_fields = models.JSONField(default=tuple)
    is_done = models.BooleanField(default=False)
    pairs = models.PositiveIntegerField(default=0)
    notes = SealedField(null=True)
    job = models.CharField(max_length=12, default="")
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(left=models.F("right")), name="pair_run_of_two_lists"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the notes: the neutral's."""
        return self.owner


class Pair(models.Model):
    """Two records that may be one person. Records are never merged, only linked.

    `previous` is the same pair in an earlier run, decided on there; its state holds here until somebody decides anew.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="found")
    owner = models.CharField(max_length=20)
    left = models.ForeignKey("lists.Record", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("lists.Record", on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    probability = models.FloatField()
    relative = models.FloatField()
    tie = models.CharField(max_length=12)
    verdict = models.CharField(max_length=6)
    distance = models.FloatField()
    state = models.CharField(max_length=12, default="waiting")
    answer = models.CharField(max_length=10, default="")
    reasons = SealedField()
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="pair_state_known"),
            models.CheckConstraint(condition=Q(verdict__in=["link", "review", "no"]), name="pair_verdict_known"),
            models.CheckConstraint(condition=Q(answer__in=["", *ANSWERS]), name="pair_answer_known"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1, relative__gte=0, relative__lte=1),
                name="pair_probability_in_bounds",
            ),
            models.UniqueConstraint(fields=["run", "left", "right"], name="pair_found_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "state", "distance"]),
            models.Index(fields=["run", "state", "-bits"]),
            models.Index(fields=["run", "verdict", "state", "distance"]),  # counts are read from it alone
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the reasons: the neutral's."""
        return self.owner


class Day(models.Model):
    """One day's decisions and answers, put into the record by one statement, made whether or not there were any."""

    day = models.DateField(primary_key=True)
    statement = models.CharField(max_length=60)


class Decision(models.Model):
    """A reviewer's verdict on a pair, or the undo of one. Never edited; numbered: two at once collide."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=5)
    day = models.ForeignKey(Day, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=[*VERDICTS, UNDO]), name="pair_decision_known"),
            models.UniqueConstraint(fields=["pair", "number"], name="pair_decision_numbered_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "-at"])]


class Reply(models.Model):
    """The holder's answer to the neutral's question. Never edited; a later one supersedes it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="replies")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=10)
    day = models.ForeignKey(Day, null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="pair_reply_known"),
            models.UniqueConstraint(fields=["pair", "number"], name="pair_reply_numbered_once"),
        ]
