"""The silence procedure: what nobody breaks in time is adopted; it cannot run before every party has it in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.consent import aware
from goodoffices.engines.talks.states import Noun, step


@dataclass(frozen=True, slots=True)
class Broken:
    """Who broke the silence, and why; the chair sees the party, the others see what the rules say.

    Attributes
    ----------
    party, reason, cure
        An objection needs a reason and what would cure it.
    at
        When, with a zone.
    """

    party: str
    reason: str
    cure: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence procedure on one frozen text.

    Attributes
    ----------
    text_hash
        Of the text; it does not change while the procedure lasts.
    parties
        All whose silence counts.
    hours
        How long silence must last.
    opened_at
        When the text was circulated, with a zone.
    receipt_by
        Without every receipt until then the procedure lapses.
    receipts
        Party to the time of its receipt.
    extended_by
        Who asked for the one extension, empty while nobody has.
    extension_hours
        How much longer it lasts.
    broken
        The objection that ended it, if any.
    """

    text_hash: str
    parties: tuple[str, ...]
    hours: int
    opened_at: dt.datetime
    receipt_by: dt.datetime
    receipts: Mapping[str, dt.datetime] = field(default_factory=dict)
    extended_by: str = ""
    extension_hours: int = 0
    broken: Broken | None = None

    def __post_init__(self) -> None:
        aware(self.opened_at, "silence")
        aware(self.receipt_by, "silence")
        if self.hours <= 0:
            raise TransitionError(f"silence: found {self.hours} hours, expected at least 1")

    @property
    def runs_from(self) -> dt.datetime | None:
        """The last receipt, once every party has given one."""
        if set(self.receipts) != set(self.parties):
            return None
        return max(self.receipts.values())

    @property
    def deadline(self) -> dt.datetime | None:
        """When silence becomes consent, in UTC; None while a receipt is missing."""
        start = self.runs_from
        if start is None:
            return None
        return (start + dt.timedelta(hours=self.hours + self.extension_hours)).astimezone(dt.UTC)

    def state(self, now: dt.datetime) -> str:
        """Give the state at a time, by the table of `states`.

        Parameters
        ----------
        now
            With a zone.

        Returns
        -------
        str
            opened, running, extended, broken, adopted or lapsed.
        """
        aware(now, "silence")
        deadline = self.deadline
        if deadline is None:
            return step(Noun.SILENCE, "opened", "lapse") if now >= self.receipt_by else "opened"
        state = step(Noun.SILENCE, step(Noun.SILENCE, "opened", "all_receipted"), "run")
        if self.extended_by:
            state = step(Noun.SILENCE, state, "extend")
        if self.broken is not None:
            return step(Noun.SILENCE, state, "break")
        return step(Noun.SILENCE, state, "expire") if now >= deadline else state


def receipt(silence: Silence, party: str, *, at: dt.datetime) -> Silence:
    """Record that a party has the text in hand; a second receipt changes nothing.

    Raises
    ------
    TransitionError
        If it is no party of the procedure, the time has no zone, or the procedure has ended.
    """
    aware(at, f"the receipt of {party}")
    _expect(silence, party, at, {"opened", "running", "extended"})
    return silence if party in silence.receipts else replace(silence, receipts={**silence.receipts, party: at})


def extend(silence: Silence, party: str, *, hours: int, at: dt.datetime) -> Silence:
    """Extend a running procedure, once.

    Raises
    ------
    TransitionError
        If it does not run, was extended before, or `hours` is not positive.
    """
    _expect(silence, party, at, {"running"})
    if hours <= 0:
        raise TransitionError(f"silence: found an extension of {hours} hours, expected at least 1")
    return replace(silence, extended_by=party, extension_hours=hours)


def break_silence(silence: Silence, objection: Broken) -> Silence:
    """Break a running procedure with a reason and a cure.

    Raises
    ------
    TransitionError
        If it does not run, or the reason or the cure is missing.
    """
    _expect(silence, objection.party, objection.at, {"running", "extended"})
    if not (objection.reason and objection.cure):
        raise TransitionError(f"silence: {objection.party} breaks it without a reason and a cure, expected both")
    return replace(silence, broken=objection)


def local_deadlines(silence: Silence, capitals: Sequence[tuple[str, str]]) -> tuple[tuple[str, dt.datetime], ...]:
    """Give the deadline in each capital's own time.

    Parameters
    ----------
    silence
        The procedure.
    capitals
        Pairs of party and IANA zone, such as ("A", "Europe/Istanbul").

    Returns
    -------
    tuple of (party, time)
        Empty while a receipt is missing.
    """
    deadline = silence.deadline
    if deadline is None:
        return ()
    return tuple((party, deadline.astimezone(ZoneInfo(zone))) for party, zone in capitals)


def _expect(silence: Silence, party: str, at: dt.datetime, states: set[str]) -> None:
    if party not in silence.parties:
        raise TransitionError(f"silence: found {party}, expected one of {', '.join(silence.parties)}")
    state = silence.state(at)
    if state not in states:
        missing = sorted(set(silence.parties) - set(silence.receipts))
        note = f" (no receipt yet of {', '.join(missing)})" if missing and state == "opened" else ""
        raise TransitionError(f"silence is {state}{note}, expected {' or '.join(sorted(states))}")
