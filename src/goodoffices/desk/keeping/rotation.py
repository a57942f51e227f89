"""Renews the keys of sealed fields: a new generation, every row sealed anew in batches, then the old one dropped.

A crash at any place loses nothing: every generation that some row needs is there until the last pass found none, and
the same command, called again, ends the work. The desk may go on working meanwhile: its processes notice the new key
as soon as it is there; the grace lets requests end that began before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from goodoffices.desk.keys import generation, ring
from goodoffices.desk.parties import doors
from goodoffices.desk.sealed import SealedField
from goodoffices.domain.errors import Fault, InputError

BATCH = 500
IN_MEMORY = 10
"""Rows read at once."""
Say = Callable[[str, int, int], None]
"""Takes what is sealed anew, how many rows are done, how many there are."""


def sealed_models() -> tuple[type[models.Model], ...]:
    """Give every table that has a sealed field."""
    return tuple(model for model in apps.get_models() if sealed_fields(model))


def sealed_fields(model: type[models.Model]) -> tuple[SealedField, ...]:
    """Give the sealed fields of a table."""
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, SealedField))  # noqa: SLF001


def rotate(parties: Sequence[str], *, say: Say, grace: Callable[[], None]) -> dict[str, int]:
    """Renew the keys of some parties; gives the generation that each has now.

    Parameters
    ----------
    parties
        Codes; each must have a key.
    say
        Told how far it is.
    grace
        Waits until every request that began before has ended.

    Raises
    ------
    InputError
        If a party has no key.
    """
    keys = ring()
    if missing := sorted(set(parties) - set(keys.parties())):
        raise InputError(Fault("keys", ", ".join(missing), "", "no key", "one of " + ", ".join(keys.parties())))
    begin(parties)
    newest = {party: keys.generations(party)[-1] for party in parties}
    _reseal_all(newest, say)
    grace()
    with transaction.atomic():
        _stop_writers()
        _reseal_all(newest, say)
        for party, number in newest.items():
            for old in keys.generations(party):
                if old < number:
                    keys.drop(party, old)
    return newest


def begin(parties: Sequence[str]) -> None:
    """Make the new keys; where there are two already a rotation was cut off, and is ended first."""
    for party in parties:
        if len(ring().generations(party)) == 1:
            ring().renew(party)


def is_cut_off() -> bool:
    """Whether a rotation was begun and not ended."""
    return any(len(ring().generations(party)) > 1 for party in ring().parties())


def _reseal_all(newest: dict[str, int], say: Say) -> None:
    for model in sealed_models():
        _reseal(model, newest, say)
    if doors.KEY in newest:  # secrets of second factors lie in the login library's table
        doors.factors_reseal(newest[doors.KEY])


def _reseal(model: type[models.Model], newest: dict[str, int], say: Say) -> None:
    """Seal every row of a table that lies under an older generation anew."""
    fields = sealed_fields(model)
    total, done = model._default_manager.count(), 0  # noqa: SLF001
    for batch in _batches(model):
        with transaction.atomic():
            # some rows at a time, and nothing of other tables beside them: one row may hold a whole file
            for start in range(0, len(batch), IN_MEMORY):
                found = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001
                for row in found.filter(pk__in=batch[start : start + IN_MEMORY]):
                    changed = _sealed_anew(row, fields, newest)
                    if changed:
                        model._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001
        done += len(batch)
        say(model._meta.label, done, total)  # noqa: SLF001


def _sealed_anew(row: Any, fields: tuple[SealedField, ...], newest: dict[str, int]) -> dict[str, Any]:
    """Give the sealed bytes of the fields of one row that lie under an older key of its owner."""
    owner = row.sealed_owner()
    changed: dict[str, Any] = {}
    for field in fields:
        lies = row.__dict__.get(field.attname)
        if lies is not None and owner in newest and generation(bytes(lies)) < newest[owner]:
            is_erased = getattr(row, field.attname) is None  # opens it under the old key
            changed[field.attname] = field.sealed_null(row) if is_erased else field.pre_save(row, False)
    return changed


def _batches(model: type[models.Model]) -> Iterator[list[Any]]:
    """Give the keys of all rows in order, some at a time."""
    last: Any = None
    while True:
        found = model._default_manager.order_by("pk")  # noqa: SLF001
        if last is not None:
            found = found.filter(pk__gt=last)
        batch = list(found.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


def _stop_writers() -> None:
    """Wait for writers in flight and let no new one in until this transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (*sealed_models(), Authenticator):
                name = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
                cursor.execute(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
