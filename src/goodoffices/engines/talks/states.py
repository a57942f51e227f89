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
    LIST = "list"
    PERSON = "person"
    REMAINS = "remains"
    TRANSFER = "transfer"
    CEASEFIRE = "ceasefire"
    INCIDENT = "incident"


TABLES: Mapping[Noun, Table] = {
    Noun.FORUM: {
        "proposed": {"agree": "agreed", "withdraw": "closed"},
        "agreed": {"begin": "at_work", "ask_again": "proposed", "withdraw": "closed"},
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
    Noun.LIST: {
        "draft": {"seal": "sealed"},
        "sealed": {"release_to_neutral": "released_to_neutral", "supersede": "superseded"},
        "released_to_neutral": {
            "release_to_other_side": "released_to_other_side",
            "revoke": "sealed",
            "supersede": "superseded",
        },
        "released_to_other_side": {
            "answer": "answered",
            "revoke": "released_to_neutral",
            "supersede": "superseded",
        },
        "answered": {"answer": "answered", "agree": "agreed", "supersede": "superseded"},
        "agreed": {"execute": "executed", "supersede": "superseded"},
        "executed": {},
        "superseded": {},
    },
    Noun.PERSON: {
        "listed": {"acknowledge": "acknowledged", "not_held": "not_held", "no_trace": "no_trace", "die": "died"},
        "acknowledged": {"find_eligible": "eligible", "die": "died"},
        "not_held": {"acknowledge": "acknowledged", "no_trace": "no_trace", "die": "died"},
        "no_trace": {"acknowledge": "acknowledged", "not_held": "not_held", "die": "died"},
        "eligible": {"nominate": "nominated", "find_ineligible": "acknowledged", "die": "died"},
        "nominated": {"confirm": "confirmed", "withdraw": "eligible", "die": "died"},
        "confirmed": {"goes": "interviewed", "does_not_go": "does_not_go", "withdraw": "eligible", "die": "died"},
        "interviewed": {"find_fit": "fit", "find_unfit": "confirmed", "does_not_go": "does_not_go", "die": "died"},
        "fit": {"board": "boarded", "find_unfit": "confirmed", "does_not_go": "does_not_go", "die": "died"},
        "boarded": {"hand_over": "handed_over", "leave": "fit", "does_not_go": "does_not_go", "die": "died"},
        "handed_over": {"receive": "received", "die": "died"},
        "received": {"come_home": "home", "die": "died"},
        "does_not_go": {"ask_again": "eligible", "die": "died"},
        "home": {},
        "died": {},
    },
    Noun.REMAINS: {
        "recovered": {"number": "numbered"},
        "numbered": {"declare": "declared"},
        "declared": {"put_in_container": "in_container"},
        "in_container": {"receive": "received"},
        "received": {"examine": "examined"},
        "examined": {"profile": "profiled", "find_commingled": "commingled", "find_not_ours": "not_ours"},
        "profiled": {
            "identify": "identified",
            "find_commingled": "commingled",
            "find_not_ours": "not_ours",
            "reassociate": "reassociated",
        },
        "commingled": {"number_parts": "numbered", "reassociate": "reassociated"},
        "reassociated": {"profile": "profiled", "identify": "identified", "find_not_ours": "not_ours"},
        "not_ours": {"declare": "declared"},
        "identified": {
            "tell_family": "family_told",
            "find_not_ours": "not_ours",
            "reassociate": "reassociated",
            "retract": "profiled",
        },
        "family_told": {
            "release": "released",
            "find_not_ours": "not_ours",
            "reassociate": "reassociated",
            "retract": "profiled",
        },
        "released": {"find_not_ours": "not_ours", "reassociate": "reassociated", "retract": "profiled"},
    },
    Noun.TRANSFER: {
        "drafted": {"confirm_condition": "conditions", "stage_alone": "drafted", "abort": "aborted"},
        "conditions": {
            "confirm_condition": "conditions",
            "stage_alone": "conditions",
            "set": "set",
            "postpone": "postponed",
            "abort": "aborted",
        },
        "set": {"stage": "staged", "withdraw": "conditions", "postpone": "postponed", "abort": "aborted"},
        "staged": {"meet": "met", "postpone": "postponed", "abort": "aborted"},
        "met": {"count": "counted", "postpone": "postponed", "abort": "aborted"},
        "counted": {
            "hand_over": "handed_over",
            "hand_over_part": "partial",
            "postpone": "postponed",
            "abort": "aborted",
        },
        "handed_over": {"receipt": "receipted", "reopen": "reopened"},
        "partial": {"receipt": "receipted", "reopen": "reopened"},
        "receipted": {"close": "closed", "reopen": "reopened"},
        "closed": {"reopen": "reopened"},
        "reopened": {"close": "closed"},
        "postponed": {"confirm_condition": "conditions", "stage_alone": "postponed", "abort": "aborted"},
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
