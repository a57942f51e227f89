"""How far a commitment is kept, from confirmed figures only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from goodoffices.domain.assertion import Standing
from goodoffices.domain.commitment import Commitment, Direction, Moved, Owed, Unit
from goodoffices.domain.process import Role
from goodoffices.domain.result import CommitmentStatus, Movement


def owed_lines(commitment: Commitment) -> tuple[tuple[Direction, Unit], ...]:
    """Name every direction and unit that is owed under any reading, each once."""
    return tuple(dict.fromkeys((line.direction, line.unit) for line in _owed(commitment)))


def ascribed(movement: Movement, commitment: str) -> bool:
    """Whether a confirmed movement counts for a commitment: the sides that attested it all name this one.

    The neutral's word decides only where the rules ask no side to attest.
    """
    if movement.confirmed is None:
        return False
    attested = {
        role: {a.commitment for a in told if a.standing is Standing.ATTESTED}
        for role, told in movement.assertions.items()
    }
    named = attested[Role.GIVER] | attested[Role.RECEIVER] or attested[Role.NEUTRAL]
    return named == {commitment}


def amount(moved: Sequence[Movement], direction: Direction, *, unit: Unit, category: Moved | None) -> tuple[int, int]:
    """Add up confirmed figures of one direction and unit: their sum and how many there are.

    Parameters
    ----------
    moved
        Confirmed movements of one commitment.
    direction
        From whom to whom.
    unit
        What is counted.
    category
        Only this one; None for whatever moved.
    """
    figures = [
        m.confirmed
        for m in moved
        if m.confirmed is not None
        and m.direction == direction
        and m.unit is unit
        and (category is None or m.category is category)
    ]
    return sum(figures), len(figures)


def status_of(
    commitment: Commitment, moved: Sequence[Movement], *, is_stated: bool, as_of: dt.date
) -> CommitmentStatus:
    """Tell what became of a commitment under every reading on record.

    Parameters
    ----------
    commitment
        As promised and as read.
    moved
        Its confirmed movements.
    is_stated
        Whether any party states a movement or a total under it.
    as_of
        The day up to which the record goes.
    """
    lines = _owed(commitment)
    if lines and all(line.is_met(_line_amount(moved, line)) for line in lines):
        return CommitmentStatus.DONE
    due = commitment.due.last if commitment.due is not None and commitment.is_due else None
    if not moved and is_stated:
        return CommitmentStatus.STATED_NOT_CONFIRMED
    if due is not None and as_of > due:
        return CommitmentStatus.OVERDUE
    if not moved:
        return CommitmentStatus.NOT_BEGUN
    if due is not None and _keeps_pace(lines, moved, began=commitment.date, due=due, as_of=as_of):
        return CommitmentStatus.ON_TRACK
    return CommitmentStatus.BEGUN


def _owed(commitment: Commitment) -> tuple[Owed, ...]:
    read = [line for _, reading in commitment.readings if reading is not None for line in reading.owes]
    if read:
        return tuple(read)
    return tuple(
        Owed(direction, commitment.unit, commitment.category, commitment.bound, commitment.quantity)
        for direction in commitment.directions or ()
    )


def _line_amount(moved: Sequence[Movement], line: Owed) -> int:
    return amount(moved, line.direction, unit=line.unit, category=line.category)[0]


def _keeps_pace(
    lines: Sequence[Owed], moved: Sequence[Movement], *, began: dt.date, due: dt.date, as_of: dt.date
) -> bool:
    """Whether every line has at least the share confirmed of the time that has gone."""
    whole = max((due - began).days, 1)
    gone = min(max((as_of - began).days, 0), whole)
    return all(
        line.quantity is not None and _line_amount(moved, line) * whole >= line.quantity * gone for line in lines
    )
