"""What other rooms tell the floor of releases and reads: which fields may cross, what happens then, who is stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from goodoffices.desk.access import Viewer
from goodoffices.desk.parties.models import Release


@dataclass(frozen=True, slots=True)
class Crossing:
    """A kind of thing that may be released.

    Attributes
    ----------
    fields
        Every field that may be named in a release of it.
    part, prefix
        Where a field's words stand: `formats/words/PART.toml`, key `PREFIX` + field.
    title
        Gives, from the row's key, the words by which its owner knows it; no person's field.
    address
        Gives the address of its page from the row's key.
    """

    fields: frozenset[str]
    part: str
    prefix: str
    title: Callable[[str], str]
    address: Callable[[str], str]


After = Callable[[Release, str, Viewer, dt.datetime], None]
"""Takes a release, `approved` or `revoked`, who did it and when; called in the transaction that wrote it."""
Gate = Callable[[Viewer, Mapping[str, int], str, dt.datetime], None]
"""Takes reader, how many records of each owner, verb, when; raises to stop the read."""

_KINDS: dict[str, Crossing] = {}
_AFTER: dict[str, After] = {}
_GATES: dict[str, Gate] = {}


def releasable(kind: str, crossing: Crossing) -> None:
    """Register what may be released of a kind; rooms do it in their `AppConfig.ready`."""
    _KINDS[kind] = crossing


def crossing_of(kind: str) -> Crossing | None:
    """Give what was registered of a kind."""
    return _KINDS.get(kind)


def after(room: str, listener: After) -> None:
    """Register what a room does once a release is approved or revoked."""
    _AFTER[room] = listener


def gate(room: str, keeper: Gate) -> None:
    """Register what may stop a read of what belongs to another party."""
    _GATES[room] = keeper


def tell_after(release: Release, event: str, by: Viewer, at: dt.datetime) -> None:
    """Tell every listener what became of a release."""
    for room in sorted(_AFTER):
        _AFTER[room](release, event, by, at)


def pass_gates(by: Viewer, records: Mapping[str, int], verb: str, *, at: dt.datetime) -> None:
    """Ask every gate; the first that refuses raises."""
    for room in sorted(_GATES):
        _GATES[room](by, records, verb, at)
