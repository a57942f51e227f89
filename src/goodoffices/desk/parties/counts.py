"""The cache that all processes share: a table of the database, and JSON in it, never a pickle.

Who can write the database can change a count; he cannot have the desk run anything. What is no JSON (an older desk's
rows) is not there. Rows go when their time is over and not before: nobody washes a count out by making others.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone

_NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def _rows() -> Any:
    from goodoffices.desk.parties.models import Count  # the settings name this module before models are there

    return Count.objects


class Counts(BaseDatabaseCache):
    """A cache for values of JSON."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Give one value, or the default."""
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[str, Any]:
        """Give the values that are there."""
        named = {self.make_and_validate_key(key, version=version): key for key in keys}
        found: dict[str, Any] = {}
        rows = _rows().filter(cache_key__in=named, expires__gte=timezone.now())
        for key, value in rows.values_list("cache_key", "value"):
            try:
                found[named[key]] = json.loads(value)
            except ValueError:
                continue
        return found

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put a value in, whatever was there; take out what is over."""
        key = self.make_and_validate_key(key, version=version)
        _rows().filter(expires__lt=timezone.now()).delete()
        _rows().update_or_create(cache_key=key, defaults={"value": json.dumps(value), "expires": self._until(timeout)})

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put a value in where none is; of two who try at once one does."""
        key = self.make_and_validate_key(key, version=version)
        fields = {"value": json.dumps(value), "expires": self._until(timeout)}
        if _rows().filter(cache_key=key, expires__lt=timezone.now()).update(**fields):
            return True
        try:
            with transaction.atomic():
                _rows().create(cache_key=key, **fields)
        except IntegrityError:
            return False
        return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let a value stay longer."""
        key = self.make_and_validate_key(key, version=version)
        there = _rows().filter(cache_key=key, expires__gte=timezone.now())
        return bool(there.update(expires=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Take a value out."""
        return bool(_rows().filter(cache_key=self.make_and_validate_key(key, version=version)).delete()[0])

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Take values out."""
        named = [self.make_and_validate_key(key, version=version) for key in keys]
        _rows().filter(cache_key__in=named).delete()

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether a value is there."""
        key = self.make_and_validate_key(key, version=version)
        return bool(_rows().filter(cache_key=key, expires__gte=timezone.now()).exists())

    def clear(self) -> None:
        """Take everything out."""
        _rows().all().delete()

    def _until(self, timeout: Any) -> dt.datetime:
        moment = self.get_backend_timeout(timeout)
        return _NEVER if moment is None else dt.datetime.fromtimestamp(moment, tz=dt.UTC)
