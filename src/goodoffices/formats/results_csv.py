"""Results as CSV with an HXL tag row: one line a movement and party, in codes, for programs and spreadsheets alike."""

from __future__ import annotations

from collections.abc import Iterator

from goodoffices.domain.assertion import Standing
from goodoffices.domain.result import Result
from goodoffices.formats.sheet import Cell, Rows, comma_separated

COLUMNS = {
    "movement": "#event+id",
    "date": "#date+event",
    "from": "#org+giver+code",
    "to": "#org+receiver+code",
    "unit": "#indicator+unit+code",
    "category": "#affected+type+code",
    "commitment": "#activity+commitment+code",
    "party": "#org+source+code",
    "organ": "#org+source+name",
    "role": "#org+source+role",
    "figure": "#value+stated+num",
    "bound": "#value+stated+bound",
    "confirmed": "#value+confirmed+num",
    "status": "#status+movement",
    "standing": "#status+statement",
    "source": "#meta+source",
    "assertion": "#meta+id",
}
"""Column and its HXL tag."""


def results_csv(result: Result) -> bytes:
    """Write every live statement about a movement with the movement's status; what is withheld is a word, never 0."""
    return comma_separated(Rows(list(COLUMNS), [list(COLUMNS.values()), *_lines(result)]))


def _lines(result: Result) -> Iterator[list[Cell]]:
    for m in result.movements:
        for a, role in zip(m.told, m.roles, strict=True):
            yield [
                m.id,
                a.date,
                m.direction.giver,
                m.direction.receiver,
                m.unit.value,
                m.category or "total",
                a.commitment,
                a.party,
                a.organ,
                role or "other",
                a.bound.value if a.quantity is None else a.quantity,
                a.bound.value,
                "not_confirmed" if m.confirmed is None else m.confirmed,
                m.status.value,
                a.standing.value,
                "" if a.standing is Standing.ATTESTED else a.source,
                a.id,
            ]
