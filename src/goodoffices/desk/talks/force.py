"""Whether a commitment is in force, by the record alone; and if not yet, what is missing and who owes it.

It is in force once the entry that asks the signature of every side binds, no side's answer waits for its capital, and
no package holds it. Nobody presses a button for that: the sequencer's beat notes it (`owing.commitments_enter`). It
ceases the same way: by an entry that every side has signed (`validity`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.desk.access import Viewer
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.selectors import Witnessed, record, standing
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.talks.models import Accord, Commitment
from goodoffices.desk.talks.packages import BEFORE_FORCE, held_codes
from goodoffices.domain.errors import VerificationError
from goodoffices.domain.process import Stance
from goodoffices.engines.ledger.force import Standing
from goodoffices.engines.talks.states import TABLES, Noun

VALIDITY = "validity"
"""Kind of the question whether a commitment still holds."""

AGREED = f"{VALIDITY}_agreed"
"""Kind of the entry by which every side has accepted what was asked."""

MOVED = {event: f"commitment_{event}" for event in ("suspend", "resume", "withdraw")}
"""What the sides may decide of it, and the kind of the entry that notes it was done."""

EVENTS = tuple(MOVED)
Witnesses = Callable[[], Sequence[Witnessed]]
ACCEPTING = frozenset({Stance.ACCEPT.value, Stance.SUPPORT.value})


class Why(StrEnum):
    """What a commitment may lack."""

    ANSWER = "answer"
    REFERENDUM = "referendum"
    PACKAGE = "package"
    SEQUENCER = "sequencer"
    SIGNATURE = "signature"
    COSIGNATURE = "cosignature"
    CHARTER = "charter"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing.

    Attributes
    ----------
    why
        What.
    owed_by
        Codes of the parties from which it is awaited, in their order; empty where it is no party's.
    """

    why: Why
    owed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Force:
    """How a commitment stands in the record.

    Attributes
    ----------
    lacks
        What is missing; empty once everything is there.
    standing
        Of the entry that asks every side; None while there is none in the log.
    """

    lacks: tuple[Lack, ...]
    standing: Standing | None

    @property
    def signed(self) -> tuple[str, ...]:
        """Codes of the parties that have signed the entry."""
        return self.standing.signed if self.standing is not None else ()

    @property
    def is_borne_out(self) -> bool:
        """Whether the record bears out what the desk has noted."""
        return self.standing is not None and self.standing.in_force


def with_words(**chosen: object) -> list[Commitment]:
    """Read commitments, all or those chosen, with what every side has said of them and their entries."""
    found = Commitment.objects.filter(**chosen).select_related("text__forum", "version", "entry").order_by("code")
    return list(found.prefetch_related("readings", "entry__consents"))


def stances(item: Commitment) -> dict[str, str]:
    """Give what each side said last: whether it accepts."""
    return {row.party_id: row.stance for row in sorted(item.readings.all(), key=lambda row: row.at) if row.stance}


def forces(items: Sequence[Commitment], witnesses: Witnesses = tuple) -> dict[str, Force]:
    """Tell of commitments, by code, how they stand in the record.

    Parameters
    ----------
    items
        As `with_words` gives them.
    witnesses
        Gives how far each party has cosigned; asked only where a cosignature is missing, to say who owes it.

    Returns
    -------
    dict
        Code to standing; of no side more than of another.
    """
    held, asked = held_codes(), [side.code for side in sides()]
    return {item.code: _force(item, asked, is_held=item.code in held, witnesses=witnesses) for item in items}


def _force(item: Commitment, asked: Sequence[str], *, is_held: bool, witnesses: Witnesses) -> Force:
    found = standing(item.entry.index) if item.entry is not None and item.entry.index is not None else None
    if item.state not in BEFORE_FORCE:
        return Force((), found)
    said = stances(item)
    to_capital = tuple(side for side in asked if said.get(side) == Stance.ACCEPT_AD_REFERENDUM)
    silent = tuple(side for side in asked if side not in to_capital and said.get(side) not in ACCEPTING)
    lacks = [Lack(Why.ANSWER, silent)] if silent else []
    lacks += [Lack(Why.REFERENDUM, to_capital)] if to_capital else []
    lacks += [Lack(Why.PACKAGE)] if is_held else []
    if found is not None and item.entry is not None:
        lacks += _unbound(found, item.entry, witnesses)
    elif not silent and not to_capital:
        lacks.append(Lack(Why.SEQUENCER))
    return Force(tuple(lacks), found)


def events_of(item: Commitment) -> tuple[str, ...]:
    """Name what the sides may decide of a commitment as it stands."""
    return tuple(event for event in EVENTS if event in TABLES[Noun.COMMITMENT][item.state])


def unmoved() -> list[tuple[Accord, Statement]]:
    """Give what every side has accepted of whether commitments hold and what has not moved them yet, with its entry."""
    asked = {f"accord:{row.id}": row for row in Accord.objects.filter(kind=VALIDITY, state="accepted")}
    subjects = [f"commitment:{row.about}" for row in asked.values()]
    moved = Statement.objects.filter(subject__in=subjects, kind__in=MOVED.values())
    done = set(moved.values_list("previous", flat=True))
    rows = Statement.objects.filter(subject__in=asked, kind=AGREED, index__isnull=False).order_by("index")
    return [(asked[row.subject], row) for row in rows if row.index not in done]


def moves_since(items: Sequence[Commitment], since: dt.datetime) -> list[tuple[str, str, dt.datetime]]:
    """Give what became of commitments since a moment: which one, the event, when it was noted."""
    codes = {f"commitment:{item.id}": item.code for item in items}
    events = {kind: event for event, kind in MOVED.items()}
    rows = Statement.objects.filter(subject__in=codes, kind__in=events, at__gt=since).order_by("number")
    return [(codes[row.subject], events[row.kind], row.at) for row in rows]


@dataclass(frozen=True, slots=True)
class Move:
    """What every side has accepted last of whether a commitment holds.

    Attributes
    ----------
    event
        Suspend, resume or withdraw.
    entry
        The one that asks the signature of each; None before it is in the log.
    lacks
        What is missing for it to bind; empty once it has moved the commitment.
    at
        When it moved the commitment; None while it has not.
    """

    event: str
    entry: int | None
    lacks: tuple[Lack, ...]
    at: dt.datetime | None


def last_move(item: Commitment, witnesses: Witnesses = tuple) -> Move | None:
    """Give what every side has accepted last of whether a commitment holds; None if nothing."""
    accord = Accord.objects.filter(kind=VALIDITY, about=item.id, state="accepted").order_by("-ended_at").first()
    if accord is None:
        return None
    entry = Statement.objects.get(kind=AGREED, subject=f"accord:{accord.id}")
    event, found = accord.asks["event"], standing(entry.index) if entry.index is not None else None
    if found is None:
        return Move(event, None, (Lack(Why.SEQUENCER),), None)
    noted = Statement.objects.filter(subject=f"commitment:{item.id}", kind=MOVED[event], previous=entry.index).first()
    lacks = () if noted else (*_unbound(found, entry, witnesses),)
    return Move(event, entry.index, lacks, noted.at if noted else None)


def _unbound(found: Standing, entry: Statement, witnesses: Witnesses) -> list[Lack]:
    """Give what keeps an entry from binding: signatures first, then a head over them that meets the quorum."""
    if found.missing:
        return [Lack(Why.SIGNATURE, found.missing)]
    lacks = []
    if "quorum" in found.lacks:
        last = max([entry.index or 0, *(one.index or 0 for one in entry.consents.all())])
        lacks.append(Lack(Why.COSIGNATURE, tuple(one.role for one in witnesses() if one.size <= last)))
    return lacks + [Lack(Why.CHARTER)] * bool(set(found.lacks) - {"quorum"})


def witnesses_for(viewer: Viewer) -> tuple[Witnessed, ...]:
    """Give how far each party has cosigned, as the viewer may read it."""
    try:
        return record(viewer, most=1).witnesses
    except VerificationError:
        return ()
