"""What was promised: the commitments of the process file, and those the talks at this desk have led to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from goodoffices.desk.talks.models import Commitment as TalksRow
from goodoffices.desk.talks.packages import held_codes
from goodoffices.domain.assertion import Assertion
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.commitment import Bound, Commitment, CommitmentState, Reading
from goodoffices.domain.dates import PartialDate
from goodoffices.domain.process import Process


def agreed(base: Process, told: Sequence[Assertion], *, only_public: bool) -> tuple[Commitment, ...]:
    """Give the commitments made at this desk that the process file does not have, counted by what was counted first.

    One of which nothing that is shown was counted has no unit: it stands on the commitments' page, not among results.
    """
    names = {one.id for one in base.commitments}
    rows = TalksRow.objects.exclude(code__in=names).order_by("code")
    if only_public:
        rows = rows.filter(published=True)
    counted = {a.commitment: a for a in sorted(told, key=lambda a: a.date, reverse=True) if a.unit is not None}
    return tuple(_noun(row, counted[row.code], base) for row in rows if row.code in counted)


def moved(base: Process) -> tuple[Commitment, ...]:
    """Give the commitments of the process file, in the state to which this desk's record has brought them since."""
    rows = TalksRow.objects.filter(published=True, state__in=["in_force", "suspended", "withdrawn"])
    states = dict(rows.values_list("code", "state"))
    return tuple(
        replace(one, state=CommitmentState(states[one.id])) if one.id in states else one for one in base.commitments
    )


def titles() -> dict[str, str]:
    """Give the commitments made at this desk by code, with their titles."""
    return dict(TalksRow.objects.order_by("code").values_list("code", "title"))


def mark() -> str:
    """Give what changes whenever a commitment made at this desk does."""
    rows = TalksRow.objects.order_by("code").values_list("code", "state", "published", "readings__id")
    return sha256_hex(repr([*rows, sorted(held_codes())]).encode())[:16]


def _noun(row: TalksRow, first: Assertion, base: Process) -> Commitment:
    readings: dict[str, Reading | None] = dict.fromkeys([side.code for side in base.sides])
    readings |= {one.party_id: Reading(one.text, (), None) for one in row.readings.exclude(text="").order_by("at")}
    last = row.readings.order_by("-at").first()
    if first.unit is None:
        raise ValueError(f"commitment {row.code!r} is counted by nothing")
    return Commitment(
        id=row.code,
        title=row.title,
        forum=row.text.forum.code if row.text else "",
        state=CommitmentState.TABLED if row.code in held_codes() else CommitmentState(row.state),
        date=last.at.date() if last else first.date,
        unit=first.unit,
        category=None,
        bound=Bound.NO_COUNT,
        quantity=None,
        directions=None,
        due=PartialDate(row.due.year, row.due.month, row.due.day) if row.due else None,
        condition=None,
        readings=tuple(readings.items()),
        source=None,
        note=None,
    )
