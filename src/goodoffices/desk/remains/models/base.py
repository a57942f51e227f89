"""What several rows share: an owner whose key seals, and lines that are only ever added."""

from __future__ import annotations

from typing import Any

from django.db import models

from goodoffices.desk.ids import new_id
from goodoffices.domain.errors import TransitionError


class Owned(models.Model):
    """A row of one party: its sealed fields lie under that party's key."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id)
    owner = models.CharField(max_length=20)

    class Meta:
        abstract = True

    def sealed_owner(self) -> str:
        """Give whose key seals this row."""
        return self.owner


class Line(models.Model):
    """A line of a record: added, never changed, never taken out."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **named: Any) -> None:
        """Add the line.

        Raises
        ------
        TransitionError
            If it is there already.
        """
        if not self._state.adding:
            raise TransitionError("append_only")
        super().save(*args, **named)

    def delete(self, *args: Any, **named: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002  Django's signature
        """Refuse.

        Raises
        ------
        TransitionError
            Always.
        """
        raise TransitionError("append_only")
