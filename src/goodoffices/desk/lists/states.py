"""States of a version of a list, as a transition table; the same for every party.

To whom it is released is no state but a window that opens and closes (`parties.Release`): `shown` says it on top.
"""

from __future__ import annotations

from collections.abc import Mapping

from goodoffices.domain.errors import TransitionError

VERSION: Mapping[str, Mapping[str, str]] = {
    "storing": {"store": "draft"},
    "draft": {"seal": "sealed"},
    "sealed": {"answer_all": "answered", "agree": "agreed"},
    "answered": {"agree": "agreed", "reopen": "sealed"},
    "agreed": {"execute": "executed", "reopen": "sealed"},
    "executed": {"reopen": "agreed"},
}

LINE: Mapping[str, Mapping[str, str]] = {
    "listed": {"agree": "agreed"},
    "agreed": {"execute": "executed", "withdraw": "listed"},
    "executed": {"reopen": "reopened"},
    "reopened": {"execute": "executed"},
}
"""Of one line: *agreed* by a plan that both sides signed, *executed* by a closed handover, *reopened* by a finding."""

FILE: Mapping[str, Mapping[str, str]] = {
    "waiting": {"refuse": "refused", "fault": "faulty", "understand": "understood", "drop": "dropped"},
    "refused": {"map": "waiting", "drop": "dropped"},
    "faulty": {"map": "waiting", "drop": "dropped"},
    "understood": {"map": "waiting", "accept": "accepted", "drop": "dropped"},
    "accepted": {"store": "stored", "drop": "dropped"},
    "stored": {},
    "dropped": {},
}
SEALED = ("sealed", "answered", "agreed", "executed")
"""States in which the seal holds."""


def step(table: Mapping[str, Mapping[str, str]], state: str, event: str) -> str:
    """Give the next state.

    Raises
    ------
    TransitionError
        If the state does not allow the event.
    """
    allowed = table[state]
    if event not in allowed:
        raise TransitionError(f"{state}: {event} is not possible, only {', '.join(allowed) or 'nothing'}")
    return allowed[event]


def shown(state: str, facts: frozenset[str]) -> str:
    """Give the state in the words of the domain: what is sealed may also be released, to the neutral or beyond."""
    if state == "sealed" and "released_side" in facts:
        return "released_side"
    if state == "sealed" and "released_neutral" in facts:
        return "released_neutral"
    return state
