"""When a member was last here, so that Today can say what changed since."""

from __future__ import annotations

from django.db import models

from goodoffices.desk.parties.models import User


class Visit(models.Model):
    """A member's present visit and the end of the one before; of a first visit, how far back it is told."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    is_first = models.BooleanField(default=False)
