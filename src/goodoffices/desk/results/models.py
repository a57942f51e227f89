"""What was said: assertions, never edited; who has lifted his embargo; what was published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goodoffices.desk.ids import new_id
from goodoffices.domain.assertion import AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.commitment import MOVING, Bound, Moved, Unit
from goodoffices.domain.errors import TransitionError

_FIGURED = [bound.value for bound in Bound if bound.has_figure]


class AppendOnly(models.QuerySet[Any]):
    """Rows that are added and read, and nothing else."""

    def update(self, **_: Any) -> int:
        """Refuse: a correction is a new row.

        Raises
        ------
        TransitionError
            Always.
        """
        raise TransitionError("an assertion is never edited; a correction is a new one that supersedes it")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: what was said was said.

        Raises
        ------
        TransitionError
            Always.
        """
        raise TransitionError("an assertion is never deleted")


def _known(name: str, kinds: type) -> models.CheckConstraint:
    values = [kind.value for kind in kinds]  # type: ignore[attr-defined]
    return models.CheckConstraint(condition=Q(**{f"{name}__in": [*values, ""]}), name=f"assertion_{name}_known")


class Assertion(models.Model):
    """One statement of one party about one direction.

    Public statements come from the process file or are taken down with their source; attested ones are made at the
    desk, and each of those stands in the record.
    """

    id = models.CharField(primary_key=True, max_length=80, default=new_id)
    kind = models.CharField(max_length=12)
    movement = models.CharField(max_length=80, blank=True, default="")
    date = models.DateField()
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    organ = models.CharField(max_length=300)
    speaker = models.CharField(max_length=300, blank=True, default="")
    giver = models.ForeignKey("parties.Party", null=True, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("parties.Party", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20, blank=True, default="")
    category = models.CharField(max_length=30, blank=True, default="")
    quantity = models.PositiveIntegerField(null=True)
    bound = models.CharField(max_length=12)
    commitment = models.CharField(max_length=40, blank=True, default="")
    standing = models.CharField(max_length=10)
    scope = models.CharField(max_length=30, blank=True, default="")
    certainty = models.CharField(max_length=6)
    source = models.TextField()
    note = models.TextField(blank=True, default="")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.CharField(max_length=60, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnly.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["movement"]), models.Index(fields=["commitment"])]
        constraints: ClassVar = [
            _known("kind", AssertionKind),
            _known("unit", Unit),
            _known("category", Moved),
            _known("bound", Bound),
            _known("standing", Standing),
            _known("scope", Scope),
            _known("certainty", Certainty),
            models.CheckConstraint(
                condition=Q(bound__in=_FIGURED, quantity__isnull=False)
                | (~Q(bound__in=_FIGURED) & Q(quantity__isnull=True)),
                name="assertion_figure_only_under_a_bound_that_has_one",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=True, receiver__isnull=True)
                | (Q(giver__isnull=False, receiver__isnull=False) & ~Q(giver=models.F("receiver"))),
                name="assertion_from_one_party_to_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["movement", "observation", "cumulative"], unit__in=sorted(MOVING))
                | Q(giver__isnull=False),
                name="assertion_what_moves_has_a_direction",
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.ATTESTED.value, by__isnull=False, speaker="") & ~Q(statement="")
                | (~Q(standing=Standing.ATTESTED.value) & Q(statement="")),
                name="assertion_attested_only_by_a_member_in_the_record",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=models.F("id")),
                name="assertion_supersedes_another",
            ),
        ]

    def save(self, *args: Any, **named: Any) -> None:
        """Add the row; an assertion that is there already is never written again.

        Raises
        ------
        TransitionError
            If it is there.
        """
        if not self._state.adding:
            raise TransitionError("an assertion is never edited; a correction is a new one that supersedes it")
        super().save(*args, **{**named, "force_insert": True})

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse: what was said was said.

        Raises
        ------
        TransitionError
            Always.
        """
        raise TransitionError("an assertion is never deleted")


class Embargo(models.Model):
    """A moment before which nothing attested under a commitment is published, set by the secretariat."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    commitment = models.CharField(max_length=40)
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Lift(models.Model):
    """An owner has lifted its embargo on its figures of one movement; they may be in the next publication."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    movement = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "movement"], name="lift_once_an_owner_and_movement"),
        ]


class Publication(models.Model):
    """What was published at one time, whole: `content` is what the public reads, and its hash stands in the record.

    `blocks` says which movements were pooled; the public does not read that.
    """

    number = models.PositiveIntegerField(primary_key=True)
    content = models.JSONField()
    blocks = models.JSONField()
    sha256 = models.CharField(max_length=64)
    statement = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="publication_counts_from_one"),
        ]
