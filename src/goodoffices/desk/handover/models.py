"""Transfers, what was said of their conditions, their days, keys, files, outcomes, assertions, findings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.parties.models import Party, User
from goodoffices.desk.sealed import SealedField
from goodoffices.domain.commitment import PERSONS, REMAINS, Moved
from goodoffices.domain.handover import Found
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.engines.talks.states import TABLES, Noun

CONFIRMED = 2 * len(Condition)
"""Four conditions by two sides."""

UNSET = ("aborted", "conditions", "drafted", "postponed")
"""States in which a transfer is not set."""


def _known(field: str, values: object, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(str(value) for value in values)}), name=name)  # type: ignore[attr-defined]


class DeskSealed(models.Model):
    """A row whose sealed fields lie under the desk's own key."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)

    class Meta:
        abstract = True

    def sealed_owner(self) -> str:
        """Give whose key seals it: the desk's."""
        return "desk"


class Transfer(models.Model):
    """A handover in one direction; what is proposed under its four conditions, and how far it has come."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    giver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20)
    category = models.CharField(max_length=30, blank=True, default="")
    commitment = models.CharField(max_length=40, blank=True, default="")
    terms = models.TextField(blank=True, default="")
    items = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True, default="")
    attempt = models.PositiveSmallIntegerField(default=1)
    confirmed = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, default="drafted")
    day = models.ForeignKey("handover.ManifestDay", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _known("state", TABLES[Noun.TRANSFER], "transfer_state_in_its_table"),
            _known("unit", (*PERSONS, *REMAINS), "transfer_unit_moves"),
            _known("category", ("", *(each for each in Moved if each is not Moved.CHILD)), "transfer_of_no_children"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="transfer_between_two"),
            models.CheckConstraint(
                condition=Q(state__in=UNSET) | Q(confirmed=CONFIRMED), name="transfer_set_only_with_four_by_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__lte=CONFIRMED), name="transfer_confirmed_at_most_four_by_two"
            ),
        ]


class LegOf(models.Model):
    """Of which leg of which signed plan a transfer is one direction; a leg called off may be prepared again."""

    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="leg")
    exchange = models.ForeignKey("exchange.Exchange", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("exchange.Plan", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exchange", "number", "party", "turn"], name="transfer_once_a_leg_and_direction"
            ),
        ]


class Saying(DeskSealed):
    """A party's word on one condition as it was then proposed; a later one supersedes it, none is edited."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="sayings")
    condition = models.CharField(max_length=8)
    about = models.CharField(max_length=64)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(max_length=20)
    reason = SealedField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _known("condition", Condition, "saying_condition_known"),
            _known("stance", Stance, "saying_stance_known"),
        ]


class Event(DeskSealed):
    """What was done with a transfer at the desk: by whom, why, with what notice."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    words = SealedField(null=True)
    notice = models.DurationField(null=True)
    quantity = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Reference(models.Model):
    """Which own record a number of the manifest is, in the words of one side and for that side alone."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="references")
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    numbers = SealedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "owner"], name="reference_once_an_owner"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals it: the side's own."""
        return self.owner_id


class DeviceKey(models.Model):
    """A public key that may sign for a role on the day; ended by an entry of the record, never removed."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="keys")
    role = models.CharField(max_length=8)
    vkey = models.CharField(max_length=200)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "vkey"], name="key_speaks_for_one_role"),
            _known("role", Role, "key_role_known"),
        ]


class ManifestDay(DeskSealed):
    """The manifest of a day with its keys, as every device carries it; never edited."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="days")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    content = SealedField()
    paper = SealedField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["transfer", "number"], name="day_number_once")]


class HandedIn(DeskSealed):
    """A file of signed statements, whole, as evidence."""

    day = models.ForeignKey(ManifestDay, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    role = models.CharField(max_length=8)
    device = models.CharField(max_length=16)
    statements = models.PositiveIntegerField()
    is_paper = models.BooleanField(default=False)
    content = SealedField()
    statement = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "sha256"], name="file_once"),
            _known("role", Role, "file_role_known"),
        ]


class Outcome(models.Model):
    """Whether a person goes, as an interview at the gate found: no reason is asked, none is kept."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="outcomes")
    number = models.CharField(max_length=40)
    goes = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Attested(models.Model):
    """An assertion that a day's signed statements gave; never edited, a later one names it."""

    id = models.CharField(primary_key=True, max_length=120)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="attested")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    statement = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class LateFinding(models.Model):
    """What came to light after a handover; it reopens the transfer that it names."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    found = models.CharField(max_length=12)
    numbers = models.JSONField(default=list)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "code"], name="finding_once_a_transfer"),
            _known("found", Found, "finding_known"),
        ]
