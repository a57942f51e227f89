"""Exchanges: the two sealed lists they rest on, terms, plans, each side's half of a plan, signatures, the lottery."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.sealed import SealedField

_USER = settings.AUTH_USER_MODEL
KINDS = ("composed", "option", "repaired", "infeasible")


class Exchange(models.Model):
    """One exchange: terms that come from a commitment, over two sealed lists."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    title = models.CharField(max_length=120)
    owner = models.CharField(max_length=20)
    commitment = models.ForeignKey("talks.Commitment", on_delete=models.PROTECT, related_name="exchanges")
    commitment_hash = models.CharField(max_length=64)
    terms = models.TextField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Holding(models.Model):
    """Whom one side holds: the sealed version that the exchange rests on, fixed by its hash."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="holdings")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("lists.ListVersion", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "party"], name="exchange_one_list_a_side"),
        ]


class Plan(models.Model):
    """One plan, or the answer that there is none; never edited, a later one stands in its place."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="plans")
    owner = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    names = models.CharField(max_length=200, blank=True, default="")
    terms = models.TextField()
    base = models.CharField(max_length=64)
    body = SealedField(null=True)
    sha256 = models.CharField(max_length=64)
    shown = SealedField()
    before = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    after = models.PositiveSmallIntegerField(null=True)
    job = models.CharField(max_length=16)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "number"], name="exchange_plan_numbered_once"),
            models.UniqueConstraint(fields=["job", "names"], name="exchange_plan_written_once_a_job"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="exchange_plan_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="infeasible") | Q(body__isnull=False), name="exchange_plan_has_its_body"
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the plan: the neutral's."""
        return self.owner


class Half(models.Model):
    """Of one plan, the people whom one side holds: who goes in which leg, who stays and why, what a repair changed."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="halves")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    people = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "party"], name="exchange_half_once")]

    def sealed_owner(self) -> str:
        """Give whose key seals it: the side's own."""
        return self.party_id


class Signature(models.Model):
    """A side's signature on a plan's hash; only added to."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "party"], name="exchange_signed_once_a_side")]


class Menu(models.Model):
    """A menu of options that was found under certain terms."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="menus")
    owner = models.CharField(max_length=20)
    found = SealedField()
    job = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals it: the neutral's."""
        return self.owner


class Draw(models.Model):
    """One side's part in the lottery: first the hash, after both hashes the text."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="draws")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    commit = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    reveal = SealedField(null=True)
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "party"], name="exchange_drawn_once_a_side"),
            models.CheckConstraint(
                condition=Q(reveal__isnull=True, revealed_at__isnull=True)
                | Q(reveal__isnull=False, revealed_at__isnull=False),
                name="exchange_revealed_at_only_when_revealed",
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the text."""
        return self.party_id
