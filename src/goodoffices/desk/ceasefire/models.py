"""Windows and what the sides say of them; each planner's ground and plans; incidents; reports."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.sealed import SealedField
from goodoffices.engines.talks.states import TABLES, Noun
from goodoffices.formats.print.incident import IncidentKind

_USER = settings.AUTH_USER_MODEL
PURPOSES = ("wounded_and_bodies", "wounded", "bodies", "evacuation", "repair")


class Ceasefire(models.Model):
    """An agreed window in time with an area and a purpose, and where it stands."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=14, default="proposed")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    area = models.CharField(max_length=400)
    purpose = models.CharField(max_length=20)
    published = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="ceasefire_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(TABLES[Noun.CEASEFIRE])), name="ceasefire_state_in_its_table"
            ),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="ceasefire_purpose_known"),
        ]


class Offer(models.Model):
    """What one side proposes: a window, or a later end of one that is open. Never edited; a later one supersedes it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    area = models.CharField(max_length=400)
    purpose = models.CharField(max_length=20)
    extends = models.BooleanField(default=False)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ceasefire", "number"], name="ceasefire_offer_numbered_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="ceasefire_offer_has_length"),
        ]


class Assurance(models.Model):
    """A side's word on an offer: it agrees to the window, or assures it in the field."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="assurances")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "party", "kind"], name="ceasefire_assured_once_a_side"),
            models.CheckConstraint(condition=Q(kind__in=["agree", "assure"]), name="ceasefire_assurance_kind_known"),
        ]


class Ground(models.Model):
    """A planner's own part of a window: sites, teams, crossings, and by which roads. Nobody else's to see.

    With a road file `body` is the window as it is planned: it names the file and has its closures; `sent` is what came.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="grounds")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    body = SealedField()
    sent = SealedField(null=True)
    travel = SealedField(null=True)
    sites = models.PositiveIntegerField()
    teams = models.PositiveIntegerField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals it: the planner's party."""
        return self.party_id


class MapLayer(models.Model):
    """A planner's own points, lines and areas, drawn below his map and nobody else's."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="layers")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    body = SealedField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals it: the planner's party."""
        return self.party_id


class Plan(models.Model):
    """A planner's plan of a ground, its rehearsal and frontier; sealed under his party's key."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="plans")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    body = SealedField()
    story = SealedField(null=True)
    state = SealedField(null=True)
    sha256 = models.CharField(max_length=64)
    before = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ceasefire", "party", "number"], name="ceasefire_plan_numbered_once"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals it."""
        return self.party_id


class Sighting(models.Model):
    """What a planner notes of a team on the day."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sightings")
    noted = SealedField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals it."""
        return self.plan.party_id


class Incident(models.Model):
    """What somebody alleges to have happened inside a window; access denied is one too."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="incidents")
    number = models.PositiveSmallIntegerField()
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=20, default="alleged")
    happened_at = models.DateTimeField()
    told = SealedField()
    notified_at = models.DateTimeField(null=True)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ceasefire", "number"], name="ceasefire_incident_numbered_once"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(TABLES[Noun.INCIDENT])), name="ceasefire_incident_state_in_its_table"
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(IncidentKind)), name="ceasefire_incident_kind_known"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the words: the maker's party."""
        return self.party_id


class Step(models.Model):
    """One act on an incident, with its words; only added to."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=12)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    note = SealedField(null=True)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def sealed_owner(self) -> str:
        """Give whose key seals the note."""
        return self.party_id


class Report(models.Model):
    """What a party says of a window after its end."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    ceasefire = models.ForeignKey(Ceasefire, on_delete=models.PROTECT, related_name="reports")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    wounded = models.PositiveIntegerField(null=True)
    bodies = models.PositiveIntegerField(null=True)
    told = SealedField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ceasefire", "party"], name="ceasefire_reported_once_a_party"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the words."""
        return self.party_id
