"""How far a transfer has come by the statements of its day, and what each role may see of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.handover import PRESENT, Say
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


def seen_by(merged: Merged, viewer: Role) -> Mapping[Role, Mapping[str, tuple[Say, ...]]]:
    """Give what a role may see that each role says of each number.

    The neutral sees all. A side sees that somebody does not go only at the gate, once both have met, and never why: no
    statement holds a reason. Before that, such a number is to it like one not yet counted, in every count.

    Parameters
    ----------
    merged
        Of the day.
    viewer
        Who looks.

    Returns
    -------
    mapping of role to mapping of number to what is said
        Without identifiers, places in chains or times of others: a gap in them would tell.
    """
    at_gate = _at_gate(merged)
    table = {}
    for role in merged.day.roles:
        hides = not at_gate and viewer in _SIDES and role is not viewer
        touched = _touched(merged, role) if hides else frozenset()
        table[role] = {number: () if number in touched else says for number, says in merged.said(role).items()}
    return table


def objections(merged: Merged, viewer: Role) -> tuple[tuple[Role, str | None, str | None], ...]:
    """Give the objections that a role may see: whose, of which number, in what words.

    To a side another's words on somebody who does not go are withheld (None), and before the gate the objection itself.
    """
    at_gate, found = _at_gate(merged), []
    for role in merged.day.roles:
        hides = viewer in _SIDES and role is not viewer
        touched = {number for one in merged.day.roles for number in _touched(merged, one)} if hides else set()
        for kept in merged.live(role, Say.OBJECTION):
            is_touched = kept.statement.item in touched
            if not is_touched or at_gate:
                found.append((role, kept.statement.item, None if is_touched else kept.statement.words))
    return tuple(found)


def _at_gate(merged: Merged) -> bool:
    return all(merged.live(role, Say.MET) or merged.live(role, Say.ACT_SIGNED) for role in _SIDES)


def _touched(merged: Merged, role: Role) -> frozenset[str]:
    """Name the numbers of which a role ever said that they do not go, so that an undone word leaves no trace either."""
    return frozenset(
        kept.statement.item
        for kept in merged.kept
        if kept.statement.role is role and kept.statement.say is Say.DOES_NOT_GO and kept.statement.item is not None
    )
