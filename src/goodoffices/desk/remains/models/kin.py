"""Families that seek, and the relatives who gave a sample: names for their own side, pseudonyms for everybody else."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from goodoffices.desk.remains.models.base import Owned
from goodoffices.desk.sealed import SealedField

CATEGORIES = ("parent", "child", "sibling", "lifetime", "other")


class Family(Owned):
    """A family that misses somebody. The code is drawn by lot; reference and names are the owner's alone."""

    code = models.CharField(max_length=12, unique=True)
    ref_blind = models.BinaryField(max_length=16)
    own = SealedField()
    pedigree = SealedField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "ref_blind"], name="family_reference_of_an_owner")
        ]


class Reference(Owned):
    """The sample of a relative, or of the missing person's own lifetime."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="references")
    person = models.CharField(max_length=12)
    code = models.CharField(max_length=24)
    category = models.CharField(max_length=8)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "code"], name="reference_code_of_an_owner"),
            models.UniqueConstraint(fields=["family", "person"], name="reference_of_a_person"),
            models.CheckConstraint(condition=Q(category__in=CATEGORIES), name="reference_category_known"),
        ]
