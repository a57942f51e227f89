"""How far a transfer has come by the statements of its day, and what each role may see of the others."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.handover import PRESENT, Say, Statement
from goodoffices.domain.process import Role
from goodoffices.engines.talks.states import Noun, step
from goodoffices.flow.handover.merge import Merged

_SIDES = (Role.GIVER, Role.RECEIVER)


@dataclass(frozen=True, slots=True)
class Lack:
    """What the next step waits for.

    Attributes
    ----------
    event
        Of the transfer's table.
    role
        Who has not yet said it.
    open
        Numbers of which the role has said nothing yet.
    conflicts
        Numbers of which its devices differ.
    """

    event: str
    role: Role
    open: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """How far a transfer has come.

    Attributes
    ----------
    state
        Of the transfer's table.
    events
        The events that led there, in order.
    one_sided
        Roles that stood ready before the transfer was set; nobody is late.
    lacks
        What the next step waits for, by role.
    contradicts
        Roles that postponed or ended what both have signed as done; shown, never dropped.
    """

    state: str
    events: tuple[str, ...]
    one_sided: tuple[Role, ...] = ()
    lacks: tuple[Lack, ...] = ()
    contradicts: tuple[Role, ...] = ()


def course(merged: Merged, *, is_set: bool) -> Course:
    """Derive the state of a transfer from the merged statements of its day.

    Parameters
    ----------
    merged
        Of the day.
    is_set
        Whether all four conditions were confirmed by both; without, nothing but standing ready alone is recorded.

    Returns
    -------
    Course
        The same whatever order the statements came in, and for swapped sides with the roles swapped.
    """
    said = {say: tuple(role for role in _SIDES if merged.live(role, say)) for say in Say}
    signed = said[Say.ACT_SIGNED]
    met = tuple(role for role in _SIDES if role in {*said[Say.MET], *signed})
    ready = tuple(role for role in _SIDES if role in {*said[Say.ARRIVED], *met})
    lacks = _count_lacks(merged)
    if not is_set:
        return Course("conditions", ("stage_alone",) * len(ready), one_sided=ready)
    events: list[str] = []
    waits: tuple[Lack, ...] = ()
    for event, wanting in (
        ("stage", () if ready else tuple(Lack("stage", role) for role in _SIDES)),
        ("meet", tuple(Lack("meet", role) for role in _SIDES if role not in met)),
        ("count", () if signed == _SIDES else lacks),
        (_hand_over(merged), tuple(Lack("hand_over", role) for role in _SIDES if role not in signed)),
        ("receipt", () if said[Say.RECEIPT] else (Lack("receipt", Role.RECEIVER),)),
    ):
        waits = wanting
        if waits:
            break
        events.append(event)
    state = "set"
    for event in events:
        state = step(Noun.TRANSFER, state, event)
    stopped = tuple(role for role in _SIDES if role in {*said[Say.POSTPONED], *said[Say.ABORTED]})
    if stopped and signed != _SIDES:
        end = "abort" if said[Say.ABORTED] else "postpone"
        return Course(step(Noun.TRANSFER, state, end), (*events, end))
    return Course(state, tuple(events), lacks=waits, contradicts=stopped)


def _count_lacks(merged: Merged) -> tuple[Lack, ...]:
    found = []
    for role in merged.day.roles:
        sizes = Counter(min(len(says), 2) for says in merged.said(role).values())
        if sizes[0] or sizes[2]:
            found.append(Lack("count", role, sizes[0], sizes[2]))
    return tuple(found)


def _hand_over(merged: Merged) -> str:
    """Tell whether all, or a part, went over: all only if both sides have each number as there."""
    whole = all(
        len(says) == 1 and says[0] in PRESENT for role in _SIDES for says in merged.said(role).values()
    )  # fmt: skip
    return "hand_over" if whole else "hand_over_part"


@dataclass(frozen=True, slots=True)
class Postponed:
    """A side's word that it postpones.

    Attributes
    ----------
    role, words
        Who, and why.
    notice
        How long before the hour of the manifest, by its own clock: a claim; negative is after it.
    """

    role: Role
    words: str
    notice: dt.timedelta


def postponements(merged: Merged) -> tuple[Postponed, ...]:
    """Give who postponed, why and with what notice."""
    return tuple(
        Postponed(role, kept.statement.words or "", merged.day.starts - dt.datetime.fromisoformat(kept.statement.at))
        for role in _SIDES
        for kept in merged.live(role, Say.POSTPONED)
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What one role may see of a day: no identifiers, places in chains or times of others, as a gap in them would tell.

    Attributes
    ----------
    numbers
        Per role and number what is said; empty is not yet.
    conflicts
        Role and number (None: the act) where devices of one role differ.
    discrepancies
        Numbers of which roles differ, and what each says.
    objections
        Whose, of which number, in what words; words None are withheld.
    """

    numbers: Mapping[Role, Mapping[str, tuple[Say, ...]]]
    conflicts: tuple[tuple[Role, str | None], ...]
    discrepancies: tuple[tuple[str, tuple[tuple[Role, Say], ...]], ...]
    objections: tuple[tuple[Role, str | None, str | None], ...]


def seen_by(merged: Merged, viewer: Role) -> Seen:
    """Give what a role may see of a merged day.

    The neutral sees all. A side sees that somebody does not go only at the gate, once both have met, and never why: no
    such statement holds a reason, and the words of an objection about it are withheld. Before that, such a number is to
    it like one not yet counted, in every count, also where the word was undone.

    Parameters
    ----------
    merged
        Of the day.
    viewer
        Who looks.

    Returns
    -------
    Seen
        Computed from what is left once the hidden statements are taken out, so that nothing else can tell of them.
    """
    met = all(merged.live(role, Say.MET) or merged.live(role, Say.ACT_SIGNED) for role in _SIDES)
    refused = {
        (kept.statement.role, kept.statement.item) for kept in merged.kept if kept.statement.say is Say.DOES_NOT_GO
    }
    items = {item for _, item in refused}

    def is_hidden(one: Statement) -> bool:
        if met or viewer not in _SIDES or one.role is viewer or one.item is None:
            return False
        return (one.role, one.item) in refused or (one.say is Say.OBJECTION and one.item in items)

    left = Merged(merged.day, tuple(kept for kept in merged.kept if not is_hidden(kept.statement)))
    objections = [
        (role, one.item, None if viewer in _SIDES and role is not viewer and one.item in items else one.words)
        for role in merged.day.roles
        for one in (kept.statement for kept in left.live(role, Say.OBJECTION))
    ]
    return Seen(
        numbers={role: left.said(role) for role in left.day.roles},
        conflicts=tuple((one.role, one.item) for one in left.conflicts),
        discrepancies=left.discrepancies,
        objections=tuple(objections),
    )
