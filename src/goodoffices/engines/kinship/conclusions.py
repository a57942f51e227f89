"""Conclusions and what becomes of them: a retraction is a new entry and reopens what rested on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import TransitionError


class Kind(StrEnum):
    """What an entry does."""

    CONCLUDE = "conclude"
    RETRACT = "retract"
    WITHDRAW_CONSENT = "withdraw_consent"


class Standing(StrEnum):
    """How a conclusion stands."""

    STANDS = "stands"
    RETRACTED = "retracted"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in the order of time.

    Attributes
    ----------
    id
        Unique.
    kind
        What it does.
    about
        conclude: empty; retract: the conclusion; withdraw_consent: the reference sample.
    rests_on
        conclude: reference samples and earlier conclusions that it rests on.
    reason
        Of a retraction or a withdrawal; never empty there.
    """

    id: str
    kind: Kind
    about: str = ""
    rests_on: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How one conclusion stands, and by which entries it came to that.

    Attributes
    ----------
    conclusion
        Its entry.
    standing
        Now.
    because
        Entries that changed it.
    """

    conclusion: str
    standing: Standing
    because: tuple[str, ...]


def states(entries: Sequence[Entry]) -> tuple[State, ...]:
    """Compute how every conclusion stands, from the entries alone.

    Raises
    ------
    TransitionError
        If an entry stands twice, retracts what is not there or not standing, gives no reason, or rests on a conclusion
        that does not stand.
    """
    known: dict[str, Entry] = {}
    standing: dict[str, Standing] = {}
    because: dict[str, list[str]] = {}
    withdrawn: set[str] = set()
    for entry in entries:
        if entry.id in known:
            raise TransitionError(f"entry {entry.id} stands twice")
        known[entry.id] = entry
        if entry.kind is Kind.CONCLUDE:
            fallen = [one for one in entry.rests_on if one in withdrawn or _is_down(standing.get(one))]
            if fallen:
                raise TransitionError(f"entry {entry.id} rests on {', '.join(fallen)}, expected what stands")
            standing[entry.id] = Standing.STANDS
            because[entry.id] = []
            continue
        if not entry.reason:
            raise TransitionError(f"entry {entry.id} gives no reason, expected one")
        if entry.kind is Kind.RETRACT:
            if entry.about not in standing or standing[entry.about] is Standing.RETRACTED:
                raise TransitionError(f"entry {entry.id} retracts {entry.about or 'nothing'}, expected a conclusion")
            standing[entry.about] = Standing.RETRACTED
            because[entry.about].append(entry.id)
        else:
            withdrawn.add(entry.about)
        _reopen(entry.about, entry.id, known, standing, because)
    return tuple(State(name, standing[name], tuple(because[name])) for name in standing)


def _is_down(standing: Standing | None) -> bool:
    return standing is not None and standing is not Standing.STANDS


def _reopen(
    ground: str, cause: str, known: dict[str, Entry], standing: dict[str, Standing], because: dict[str, list[str]]
) -> None:
    """Reopen every standing conclusion that rests on what fell, and what rests on these."""
    for name in list(standing):
        if standing[name] is Standing.STANDS and ground in known[name].rests_on:
            standing[name] = Standing.REOPENED
            because[name].append(cause)
            _reopen(name, cause, known, standing, because)
