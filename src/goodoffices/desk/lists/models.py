"""Lists: files as they came, versions, records, answers line by line."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.desk.lists.states import FILE, LINE, VERSION
from goodoffices.desk.sealed import SealedField
from goodoffices.domain.lists import ListKind

ANSWERS = ("held", "not_held", "no_trace", "died")
_USER = settings.AUTH_USER_MODEL


class List(models.Model):
    """What one side states of persons or remains, version after version."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    title = SealedField()
    created_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(ListKind)), name="list_kind_known"),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the title."""
        return self.owner_id


class ListFile(models.Model):
    """A file as it came, sealed; what was understood of it. No version before somebody has said yes."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="files")
    owner = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    name = SealedField()
    body = SealedField()
    mapping = SealedField(null=True)
    report = SealedField(null=True)
    state = models.CharField(max_length=12, default="waiting")
    job = models.CharField(max_length=12, default="")
    records = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(FILE)), name="list_file_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["understood", "accepted", "stored"]) | Q(faults=0),
                name="list_file_taken_only_without_fault",
            ),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals name, bytes and report."""
        return self.owner


class ListVersion(models.Model):
    """One version of a list; its records never change, a later version supersedes it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="versions")
    file = models.OneToOneField(ListFile, on_delete=models.PROTECT, related_name="version")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="storing")
    records = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=tuple)
    sha256 = models.CharField(max_length=64, default="")
    stored_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()
    sealed_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "number"], name="list_version_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=list(VERSION)), name="list_version_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["storing", "draft"], sealed_at__isnull=True)
                | Q(state__in=["sealed", "answered", "agreed", "executed"], sealed_at__isnull=False),
                name="list_version_sealed_at_only_when_sealed",
            ),
            models.CheckConstraint(condition=Q(state="storing") | ~Q(sha256=""), name="list_version_has_its_hash"),
        ]


class Record(models.Model):
    """One line of a list: one side's account of one person or one set of remains."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="lines")
    owner = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    fields = SealedField()
    blind_ref = models.BinaryField(max_length=16)
    blind_name = models.BinaryField(max_length=16)
    blind_birth = models.BinaryField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "blind_ref"], name="list_record_ref_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["version", "position"]),
            models.Index(fields=["version", "blind_name"]),
            models.Index(fields=["version", "blind_birth"]),
        ]

    def sealed_owner(self) -> str:
        """Give whose key seals the fields."""
        return self.owner


class SearchKeys(models.Model):
    """What a search looks through, of all records of a version at once: folded names, references, birth dates."""

    version = models.OneToOneField(ListVersion, primary_key=True, on_delete=models.CASCADE, related_name="search_keys")
    owner = models.CharField(max_length=20)
    columns = SealedField()

    def sealed_owner(self) -> str:
        """Give whose key seals them."""
        return self.owner


class Answer(models.Model):
    """What another party says of one line: held, not held, no trace, died. Never edited; a later one supersedes it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="answers")
    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="answers")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="list_answer_known"),
            models.UniqueConstraint(fields=["record", "party", "number"], name="list_answer_numbered_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "party"])]


class Settling(models.Model):
    """What became of a line: agreed, executed, moved back. Never edited; a later one supersedes it."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="settlings")
    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="settlings")
    state = models.CharField(max_length=10)
    about = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(LINE)), name="list_line_state_known"),
            models.UniqueConstraint(fields=["record", "number"], name="list_settling_numbered_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "number"])]
