"""Reads of the handover; each takes the viewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from goodoffices.desk.access import Role as Post
from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.handover.models import (
    CONFIRMED,
    UNSET,
    Attested,
    DeviceKey,
    HandedIn,
    ManifestDay,
    Reference,
    Transfer,
)
from goodoffices.desk.handover.records import Keyed, day_of, received_of
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.models import Mandate
from goodoffices.desk.parties.selectors import neutral
from goodoffices.domain.assertion import Assertion
from goodoffices.domain.commitment import PERSONS, Unit
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.handover import Day, Say
from goodoffices.domain.process import Role
from goodoffices.flow.handover.attest import Attested as WhatFollows
from goodoffices.flow.handover.attest import attest
from goodoffices.flow.handover.merge import Mark, Merged, Revocations, merge
from goodoffices.flow.handover.state import Course, Postponed, Seen, course, postponements, seen_by
from goodoffices.formats.results_assertions import assertion_of

OVER = frozenset({"receipted", "closed", "reopened", "aborted"})
"""States in which nobody waits for a count any more."""

_UNLOGGED = 2**40
"""What waits for the sequencer comes after all that is logged, in the order in which it was recorded."""


def thing_of(transfer: Transfer) -> Thing:
    """State what is true of a transfer."""
    return Thing("transfer", "", frozenset({"closed"} if transfer.state == "closed" else ()))


def transfers(viewer: Viewer) -> list[Transfer]:
    """Give the transfers a viewer may see: those to come by their hour, those without a date, then what is over."""
    rows = Transfer.objects.select_related("giver", "receiver", "day", "leg").order_by("starts_at", "code")
    rows = rows.prefetch_related("events", "sayings")
    seen_ = [row for row in rows if _may_see(row, viewer)]
    return sorted(seen_, key=lambda row: (row.state in OVER, row.starts_at is None))


def _may_see(transfer: Transfer, viewer: Viewer) -> bool:
    if viewer.role is Post.SIDE and viewer.party not in {transfer.giver_id, transfer.receiver_id}:
        return False
    return may(viewer, "read", thing_of(transfer))


def transfer_of(viewer: Viewer, code: str) -> Transfer:
    """Give a transfer that a viewer may see.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    found = (
        Transfer.objects.select_related("giver", "receiver", "day", "leg__exchange__commitment")
        .filter(code=code)
        .first()
    )
    if found is None or not _may_see(found, viewer):
        raise NotYoursError("no such transfer")
    return found


def role_of(viewer: Viewer, transfer: Transfer) -> Role | None:
    """Give in which role a viewer's party takes part; an observer has none."""
    if viewer.role is Post.SIDE:
        return Role.GIVER if viewer.party == transfer.giver_id else Role.RECEIVER
    return Role.NEUTRAL if viewer.party == neutral().code else None


def parties(transfer: Transfer) -> dict[Role, str]:
    """Give the code of the party in each role."""
    return {Role.GIVER: transfer.giver_id, Role.RECEIVER: transfer.receiver_id, Role.NEUTRAL: neutral().code}


def is_of_persons(transfer: Transfer) -> bool:
    """Whether people are handed over, not remains."""
    return Unit(transfer.unit) in PERSONS


def keys_in_force(transfer: Transfer) -> dict[Role, list[DeviceKey]]:
    """Give the keys that may be named in a manifest, by role."""
    found: dict[Role, list[DeviceKey]] = {}
    for key in transfer.keys.filter(ended_at__isnull=True).select_related("holder").order_by("at", "id"):
        found.setdefault(Role(key.role), []).append(key)
    return found


@dataclass(frozen=True, slots=True)
class TheDay:
    """A day of a transfer from every file that has come in.

    Attributes
    ----------
    row, day
        Its manifest.
    files
        What was taken, the oldest first.
    merged, course, follows
        What is said, how far it has come, what is attested.
    key
        Names what it was computed from.
    """

    row: ManifestDay
    day: Day
    files: tuple[HandedIn, ...]
    merged: Merged
    course: Course
    follows: WhatFollows
    key: tuple[Hashable, ...] = ()

    @property
    def has_met(self) -> bool:
        """Whether both sides have met at the gate."""
        return all(
            self.merged.live(role, Say.MET) or self.merged.live(role, Say.ACT_SIGNED)
            for role in (Role.GIVER, Role.RECEIVER)
        )

    @property
    def postponements(self) -> tuple[Postponed, ...]:
        """Give who postponed on the day, why and with what notice."""
        return postponements(self.merged)


def the_day(transfer: Transfer) -> TheDay | None:
    """Merge the current day of a transfer; None while there is no manifest."""
    row = transfer.day
    if row is None:
        return None
    files = tuple(row.files.defer("content").select_related("by").order_by("at", "id"))
    ended, before = revocations(transfer, files), attested(transfer)
    is_set = transfer.state not in UNSET or _was_set(transfer)

    def computed() -> tuple[Day, Merged, Course, WhatFollows]:
        day = day_of(row)
        merged = merge(day, [received_of(one, day) for one in files], ended)
        return day, merged, course(merged, is_set=is_set), attest(merged, before=before)

    pairs = (*sorted(ended.keys.items()), *sorted(ended.arrived.items()))
    key = (row.id, row.sha256, tuple(one.sha256 for one in files), pairs, is_set, tuple(one.id for one in before))
    day, merged, how, follows = _computed(Keyed(key, computed))
    return TheDay(row, day, files, merged, how, follows, key)


@lru_cache(maxsize=8)
def _computed(keyed: Keyed) -> tuple[Day, Merged, Course, WhatFollows]:
    """Merge a day once for the files, ended keys and assertions that name it."""
    made: tuple[Day, Merged, Course, WhatFollows] = keyed.given()
    return made


@lru_cache(maxsize=24)
def _seen(keyed: Keyed) -> Seen:
    """Give what a role sees of a day, once for the files and the role that name it."""
    made: Seen = keyed.given()
    return made


def _was_set(transfer: Transfer) -> bool:
    """Whether a transfer that was stopped on its day had been set."""
    return transfer.state in {"postponed", "aborted"} and transfer.confirmed == CONFIRMED


def revocations(transfer: Transfer, files: Sequence[HandedIn]) -> Revocations:
    """Give which keys have ended, and when each file was logged, by the record's order.

    A key also ends with the last mandate of its holder: files that reach the desk afterwards do not count by it.
    """
    keys = list(transfer.keys.select_related("holder"))
    names = [one.statement for one in files] + [key.ended_by for key in keys if key.ended_by]
    places = {
        row.name: row.number + _UNLOGGED if row.index is None else row.index
        for row in Statement.objects.filter(name__in=names)
    }
    arrived = {one.sha256: places[one.statement] for one in files}
    ended = {key.vkey: places[key.ended_by] for key in keys if key.ended_by}
    mandates = list(Mandate.objects.filter(user__in={key.holder_id for key in keys})) if keys else []
    for key in keys:
        since = _mandate_ended([mandate for mandate in mandates if mandate.user_id == key.holder_id])
        later = [arrived[one.sha256] for one in files if since is not None and one.at >= since]
        if later:
            ended[key.vkey] = min([*later, *([ended[key.vkey]] if key.vkey in ended else [])])
    return Revocations(ended, arrived)


def _mandate_ended(mandates: Sequence[Mandate]) -> dt.datetime | None:
    """Give when the holder of a key lost the last of his mandates, or None while he has one."""
    ends = [mandate.revoked_at or mandate.ends_at for mandate in mandates]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def seen(viewer: Viewer, transfer: Transfer, the: TheDay) -> Seen | None:
    """Give what a viewer may see of a day; an observer nothing before both sides have met."""
    role = role_of(viewer, transfer)
    if role is None and not the.has_met:
        return None
    as_role = role or Role.NEUTRAL
    return _seen(Keyed((*the.key, as_role), lambda: seen_by(the.merged, as_role)))


def marks(viewer: Viewer, transfer: Transfer, the: TheDay) -> dict[Mark, int]:
    """Count the marks of statements: the neutral sees all, a side those of its own."""
    role = role_of(viewer, transfer)
    found: dict[Mark, int] = {}
    for kept in the.merged.kept:
        if role in {Role.NEUTRAL, kept.statement.role}:
            for mark in kept.marks:
                found[mark] = found.get(mark, 0) + 1
    return dict(sorted(found.items()))


def files_seen(viewer: Viewer, transfer: Transfer, the: TheDay) -> list[HandedIn]:
    """Give the files that a viewer may list and fetch: the neutral all, a side its own."""
    role = role_of(viewer, transfer)
    return [one for one in the.files if role in {Role.NEUTRAL, Role(one.role)}]


def file_of(viewer: Viewer, transfer: Transfer, key: str) -> HandedIn:
    """Give one file as evidence.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    found = HandedIn.objects.filter(id=key, day__transfer=transfer).first()
    if found is None or role_of(viewer, transfer) not in {Role.NEUTRAL, Role(found.role)}:
        raise NotYoursError("no such file")
    return found


def references(viewer: Viewer, transfer: Transfer) -> dict[str, str]:
    """Give which own record each number is, to its owner alone.

    Raises
    ------
    NotYoursError
        If the viewer's party has none here.
    """
    require(viewer, "read", Thing("exchange_people", viewer.party))
    found = Reference.objects.filter(transfer=transfer, owner=viewer.party).first()
    if viewer.role is not Post.SIDE or found is None:
        raise NotYoursError("no references")
    return dict(found.numbers)


def has_references(viewer: Viewer, transfer: Transfer) -> bool:
    """Whether the viewer's own side has kept which record each number is."""
    return viewer.role is Post.SIDE and Reference.objects.filter(transfer=transfer, owner=viewer.party).exists()


def outcomes(viewer: Viewer, transfer: Transfer, *, at_gate: bool) -> tuple[dict[str, bool] | None, int]:
    """Give who goes and who does not, to those who may see it, and how many were asked.

    Sides learn outcomes at the gate, once both have met; the desk learns how many were asked; nobody learns why.
    """
    last = {one.number: one.goes for one in transfer.outcomes.order_by("at", "id")}
    facts = frozenset({"at_gate"} if at_gate else ())
    things = [Thing("interview", transfer.giver_id, facts), Thing("interview", transfer.receiver_id, facts)]
    if any(may(viewer, verb, thing) for verb in ("read", "outcome") for thing in things):
        return last, len(last)
    return None, len(last) if any(may(viewer, "status", thing) for thing in things) else 0


def attested(transfer: Transfer) -> list[Assertion]:
    """Give what the days of a transfer have attested, the oldest first."""
    return [assertion_of(row.content) for row in transfer.attested.order_by("at", "id")]


def assertions() -> list[Assertion]:
    """Give every assertion that a handover has made, for the results: each stands for what its role signed."""
    return [assertion_of(row.content) for row in Attested.objects.order_by("at", "id")]


def live_attested(transfer: Transfer) -> dict[str, Assertion]:
    """Give what each party attests now: its assertions that no later one replaces, without findings."""
    every = [one for one in attested(transfer) if one.movement == transfer.code]
    replaced = {one.supersedes for one in every}
    return {one.party: one for one in every if one.id not in replaced}
