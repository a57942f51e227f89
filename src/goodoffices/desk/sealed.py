"""A field that lies in the database encrypted, bound to its row and column, under its owner's key.

The model states its owner by `sealed_owner()`. A row's key must be known before it is saved (`ids.new_id`); a model
whose key the database gives has `sealed_key()` with another unique name. The field is opened when it is first read from
the object, so that a query which lists rows decrypts nothing.
"""

from __future__ import annotations

import json
from typing import Any, cast

from django.db import models

from goodoffices.desk.keys import ring
from goodoffices.desk.remember import note, was_noted
from goodoffices.domain.errors import GoodOfficesError, NotYoursError

ERASED = "erased"
_FAILS = (TypeError, AttributeError, LookupError, ValueError, GoodOfficesError)
"""What a page raises that reads nothing where something stood."""


def is_of_erased(error: Exception) -> bool:
    """Whether an error comes of a value that was erased because its purpose has ended, and was read in this request."""
    return was_noted(ERASED) and isinstance(error, _FAILS) and not isinstance(error, NotYoursError)


class Sealed(bytes):
    """What came from the database, or goes there, as it is sealed: not opened yet."""


class _Opener:
    """Gives the open value of one field of one object."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__ and instance.pk and not instance._state.adding:  # noqa: SLF001
            instance.refresh_from_db(fields=[self.field.attname])  # the query had deferred it
        value = instance.__dict__.get(self.field.attname)
        if isinstance(value, Sealed):
            text = ring().open(_owner(instance), value, bound_to=_place(instance, self.field))
            value = instance.__dict__[self.field.attname] = json.loads(text)
            if value is None:
                note(ERASED)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Any JSON value, sealed at rest."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Put the opener in the attribute's place."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    def from_db_value(self, value: bytes | memoryview | None, *_: object) -> Sealed | None:
        """Keep what is stored closed until it is read."""
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002  Django's signature
        """Seal the value, unless it was never opened."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return ring().seal(_owner(model_instance), text, bound_to=_place(model_instance, self))

    def sealed_null(self, instance: models.Model) -> bytes:
        """Seal nothing for a field that may not be empty: what stands where a value was erased."""
        return ring().seal(_owner(instance), b"null", bound_to=_place(instance, self))


def _owner(instance: models.Model) -> str:
    return cast("str", instance.sealed_owner())  # type: ignore[attr-defined]


def _place(instance: models.Model, field: models.Field[Any, Any]) -> str:
    key = instance.sealed_key() if hasattr(instance, "sealed_key") else instance.pk
    return f"{instance._meta.db_table}:{key}:{field.column}"  # noqa: SLF001
