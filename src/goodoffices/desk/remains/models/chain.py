"""What came over and where it lies: transfers, containers, cases, items, and who held each of them when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.remains.models.base import Line, Owned
from goodoffices.desk.sealed import SealedField
from goodoffices.engines.talks.states import TABLES, Noun

SEALS = ("intact", "broken", "renewed", "none")
KINDS = ("remains", "part", "effect", "document")
_MEMBER = settings.AUTH_USER_MODEL


class Transfer(models.Model):
    """One handover of containers. What the giver declared is his word; what is inside, the cases say."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    giver = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    zone = models.CharField(max_length=60)
    declared_bodies = models.PositiveIntegerField(null=True)
    movement = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=12, default="handed_over")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="remains_transfer_between_two"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(TABLES[Noun.TRANSFER])), name="remains_transfer_state_known"
            ),
        ]


class Container(Owned):
    """A container with its own number and seal. The receiver owns what is known of it."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="containers")
    number = models.CharField(max_length=20)
    has_gap = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "number"], name="container_number_of_a_transfer")
        ]


class Case(Owned):
    """One set of remains under examination. Its number is drawn by lot, so that it counts nothing."""

    number = models.CharField(max_length=12, unique=True)
    container = models.ForeignKey(Container, on_delete=models.PROTECT, related_name="cases")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    state = models.CharField(max_length=20, default="recovered")
    about = SealedField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "state"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(TABLES[Noun.REMAINS])), name="remains_case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=models.F("id")), name="remains_case_joined_to_other"
            ),
        ]


class Step(Line):
    """One change of a case's state."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Item(Owned):
    """A part or personal effect with its own number and seal; items form a tree."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=10)
    what = SealedField(null=True)
    has_gap = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="item_number_of_a_case"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="item_kind_known"),
        ]


class Custody(Line, Owned):
    """One step of custody: who gave, who took (posts, sealed), where, when, and how the seal was."""

    container = models.ForeignKey(Container, null=True, on_delete=models.PROTECT, related_name="custody")
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="custody")
    hands = SealedField()
    at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    seal = models.CharField(max_length=8)
    seal_number = models.CharField(max_length=24, blank=True, default="")
    noted_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["container", "at"]), models.Index(fields=["item", "at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(container__isnull=True) ^ Q(item__isnull=True), name="custody_of_container_or_item"
            ),
            models.CheckConstraint(condition=Q(seal__in=SEALS), name="custody_seal_known"),
        ]
