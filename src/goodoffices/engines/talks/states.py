"""States of talks as transition tables: one table per noun, the same for every party.

Nothing here knows which side it serves. A state changes only by `step`; what a table does not name is refused
with what would be allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from goodoffices.domain.errors import TransitionError

Table = Mapping[str, Mapping[str, str]]
"""State to event to next state."""


class Noun(StrEnum):
    """What has a table."""

    FORUM = "forum"
    SITTING = "sitting"
    CLAUSE = "clause"
    SILENCE = "silence"
    PAPER = "paper"
    COMMITMENT = "commitment"
    TRANSFER = "transfer"
    CEASEFIRE = "ceasefire"
    INCIDENT = "incident"


TABLES: Mapping[Noun, Table] = {
    Noun.FORUM: {
        "proposed": {"agree": "agreed", "withdraw": "closed"},
        "agreed": {"begin": "at_work", "withdraw": "closed"},
        "at_work": {"close": "closed"},
        "closed": {},
    },
    Noun.SITTING: {
        "planned": {"open": "open", "cancel": "closed"},
        "open": {"adjourn": "adjourned", "close": "closed"},
        "adjourned": {"resume": "open", "close": "closed"},
        "closed": {"minute": "minuted"},
        "minuted": {},
    },
    Noun.CLAUSE: {
        "bracketed": {"clear": "clean"},
        "clean": {"bracket": "bracketed", "agree_ad_referendum": "agreed_ad_referendum", "close": "closed"},
        "agreed_ad_referendum": {"confirm": "closed", "decline": "reopened"},
        "closed": {"reopen": "reopened"},
        "reopened": {"bracket": "bracketed", "clear": "clean"},
    },
    Noun.SILENCE: {
        "opened": {"all_receipted": "receipted", "lapse": "lapsed"},
        "receipted": {"run": "running"},
        "running": {"extend": "extended", "break": "broken", "expire": "adopted"},
        "extended": {"break": "broken", "expire": "adopted"},
        "broken": {},
        "adopted": {},
        "lapsed": {},
    },
    Noun.PAPER: {
        "draft": {"circulate": "circulated"},
        "circulated": {"revise": "draft", "freeze": "frozen", "supersede": "superseded"},
        "frozen": {"initial": "initialled", "sign": "signed", "thaw": "draft"},
        "initialled": {"sign": "signed", "thaw": "draft"},
        "signed": {"enter_into_force": "in_force", "supersede": "superseded"},
        "in_force": {"supersede": "superseded"},
        "superseded": {},
    },
    Noun.COMMITMENT: {
        "tabled": {"agree_ad_referendum": "agreed_ad_referendum", "agree": "agreed", "withdraw": "withdrawn"},
        "agreed_ad_referendum": {"agree": "agreed", "decline": "tabled", "withdraw": "withdrawn"},
        "agreed": {"enter_into_force": "in_force", "withdraw": "withdrawn"},
        "in_force": {"suspend": "suspended", "withdraw": "withdrawn"},
        "suspended": {"resume": "in_force", "withdraw": "withdrawn"},
        "withdrawn": {},
    },
    Noun.TRANSFER: {
        "drafted": {"confirm_condition": "conditions", "abort": "aborted"},
        "conditions": {"confirm_condition": "conditions", "set": "set", "postpone": "postponed", "abort": "aborted"},
        "set": {"stage": "staged", "postpone": "postponed", "abort": "aborted"},
        "staged": {"meet": "met", "postpone": "postponed", "abort": "aborted"},
        "met": {"count": "counted", "abort": "aborted"},
        "counted": {"hand_over": "handed_over", "hand_over_part": "partial", "abort": "aborted"},
        "handed_over": {"receipt": "receipted"},
        "partial": {"receipt": "receipted"},
        "receipted": {"close": "closed"},
        "postponed": {"confirm_condition": "conditions", "abort": "aborted"},
        "closed": {"reopen": "conditions"},
        "aborted": {},
    },
    Noun.CEASEFIRE: {
        "proposed": {"agree_window": "window_agreed", "withdraw": "closed"},
        "window_agreed": {"assure": "assured", "withdraw": "closed"},
        "assured": {"open": "open", "withdraw": "closed"},
        "open": {"extend": "extended", "break": "broken", "close": "closed"},
        "extended": {"break": "broken", "close": "closed"},
        "broken": {"close": "closed", "resume": "open"},
        "closed": {"report": "reported"},
        "reported": {},
    },
    Noun.INCIDENT: {
        "alleged": {"acknowledge": "acknowledged", "deny_access": "access_denied"},
        "acknowledged": {"verify": "under_verification", "deny_access": "access_denied"},
        "access_denied": {"verify": "under_verification", "close": "closed"},
        "under_verification": {"find": "verified", "find_nothing": "unsubstantiated", "deny_access": "access_denied"},
        "verified": {"close": "closed"},
        "unsubstantiated": {"close": "closed"},
        "closed": {},
    },
}
"""The tables of `docs/domain.md`; the first state of each is where it begins."""


def step(noun: Noun, state: str, event: str) -> str:
    """Give the state that an event leads to.

    Parameters
    ----------
    noun
        Whose table.
    state, event
        As the table names them.

    Returns
    -------
    str
        The next state.

    Raises
    ------
    TransitionError
        If the table does not know the state, or the state does not allow the event.
    """
    table = TABLES[noun]
    if state not in table:
        raise TransitionError(f"{noun}: found state {state}, expected one of {', '.join(table)}")
    allowed = table[state]
    if event not in allowed:
        expected = ", ".join(allowed) or "nothing: it is an end"
        raise TransitionError(f"{noun} {state}: found event {event}, expected {expected}")
    return allowed[event]


def beginning(noun: Noun) -> str:
    """Name the state in which a noun begins."""
    return next(iter(TABLES[noun]))


def ends(noun: Noun) -> tuple[str, ...]:
    """Name the states that nothing leads out of."""
    return tuple(state for state, events in TABLES[noun].items() if not events)


def diagram(noun: Noun) -> str:
    """Draw a table as Mermaid text; documentation shows the table itself, not a memory of it."""
    arrows = [
        f"    {s} --> {target}: {event}" for s, events in TABLES[noun].items() for event, target in events.items()
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {beginning(noun)}", *arrows])
