"""What was promised: the commitments of the process file, and those the talks at this desk have led to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from goodoffices.desk.results.models import Assertion as Row
from goodoffices.desk.talks.models import Commitment as TalksRow
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.commitment import Bound, Commitment, CommitmentState, Reading, Unit
from goodoffices.domain.dates import PartialDate


def agreed(known: Iterable[Commitment], sides: Iterable[str], *, only_public: bool) -> tuple[Commitment, ...]:
    """Give the commitments made at this desk that the process file does not have, counted by what was counted first.

    One of which nothing was counted yet has no unit, so it stands on the commitments' page and not among results.
    """
    names = {one.id for one in known}
    rows = TalksRow.objects.exclude(code__in=names).order_by("code")
    if only_public:
        rows = rows.filter(published=True)
    units = _units([row.code for row in rows])
    return tuple(_noun(row, units[row.code], sides) for row in rows if row.code in units)


def titles() -> dict[str, str]:
    """Give the commitments made at this desk by code, with their titles."""
    return dict(TalksRow.objects.order_by("code").values_list("code", "title"))


def mark() -> str:
    """Give what changes whenever a commitment made at this desk does."""
    rows = TalksRow.objects.order_by("code").values_list("code", "state", "published", "readings__id")
    return sha256_hex(repr(list(rows)).encode())[:16]


def _units(names: Iterable[str]) -> Mapping[str, Unit]:
    told = Row.objects.filter(commitment__in=list(names)).exclude(unit="").order_by("-at", "id")
    return {row.commitment: Unit(row.unit) for row in told}


def _noun(row: TalksRow, unit: Unit, sides: Iterable[str]) -> Commitment:
    readings = dict.fromkeys(sides) | {
        one.party_id: Reading(one.text, (), None) for one in row.readings.exclude(text="").order_by("at")
    }
    last = row.readings.order_by("-at").first()
    first = Row.objects.filter(commitment=row.code).order_by("date").values_list("date", flat=True).first()
    date = last.at.date() if last else first
    if date is None:
        raise ValueError(f"commitment {row.code!r} has neither reading nor figure")
    return Commitment(
        id=row.code,
        title=row.title,
        forum=row.text.forum.code if row.text else "",
        state=CommitmentState(row.state),
        date=date,
        unit=unit,
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
