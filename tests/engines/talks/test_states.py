"""Every table of states: no state out of reach, ends are ends, no side is named, and a step follows the table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.states import TABLES, Noun, beginning, diagram, ends, step

ENDS = {
    Noun.FORUM: {"closed"},
    Noun.SITTING: {"minuted"},
    Noun.CLAUSE: set(),
    Noun.SILENCE: {"broken", "adopted", "lapsed"},
    Noun.PAPER: {"superseded"},
    Noun.COMMITMENT: {"withdrawn"},
    Noun.LIST: {"executed", "superseded"},
    Noun.PERSON: {"home", "died"},
    Noun.REMAINS: set(),
    Noun.TRANSFER: {"aborted"},
    Noun.CEASEFIRE: {"reported"},
    Noun.INCIDENT: {"closed"},
}


def reached(noun, start, without=()):
    found, todo = {start}, [start]
    while todo:
        for target in TABLES[noun][todo.pop()].values():
            if target not in found and target not in without:
                found.add(target)
                todo.append(target)
    return found


@pytest.mark.parametrize("noun", Noun)
def test_no_state_is_out_of_reach_and_no_event_leads_nowhere(noun):
    table = TABLES[noun]
    assert reached(noun, beginning(noun)) == set(table)
    assert {target for events in table.values() for target in events.values()} <= set(table)


@pytest.mark.parametrize("noun", Noun)
def test_an_end_stays_an_end(noun):
    assert set(ends(noun)) == ENDS[noun]
    for state in ends(noun):
        for event in {event for events in TABLES[noun].values() for event in events}:
            with pytest.raises(TransitionError, match="it is an end"):
                step(noun, state, event)


@pytest.mark.parametrize("noun", Noun)
def test_every_state_that_is_no_end_has_a_way_on(noun):
    for state, events in TABLES[noun].items():
        assert state in ENDS[noun] or set(events.values()) - {state}, state


@pytest.mark.parametrize("noun", Noun)
def test_no_table_names_a_side(noun):
    words = {word for state, events in TABLES[noun].items() for part in (state, *events) for word in part.split("_")}
    assert not words & {"a", "b", "ua", "ru", "giver", "receiver", "first", "second", "left", "right"}


@pytest.mark.parametrize("noun", Noun)
def test_the_diagram_has_an_arrow_for_each_transition(noun):
    lines = diagram(noun).splitlines()
    assert len(lines) == 2 + sum(len(events) for events in TABLES[noun].values())
    assert lines[1] == f"    [*] --> {beginning(noun)}"


@given(st.sampled_from(list(Noun)), st.lists(st.integers(0, 9), max_size=40))
@settings(deadline=None, max_examples=150)
def test_a_walk_never_leaves_its_table(noun, choices):
    state = beginning(noun)
    for choice in choices:
        events = sorted(TABLES[noun][state])
        if not events:
            break
        state = step(noun, state, events[choice % len(events)])
        assert state in TABLES[noun]
    with pytest.raises(TransitionError):
        step(noun, state, "no such event")


def test_nobody_is_handed_over_who_was_not_confirmed_by_both_and_asked():
    """Cutting a step out of the table cuts off the handover: there is no way around it."""
    for needed in ("acknowledged", "eligible", "nominated", "confirmed", "interviewed", "fit", "boarded"):
        assert "handed_over" not in reached(Noun.PERSON, "listed", without={needed}), needed


def test_whoever_does_not_go_stays_until_asked_again():
    assert set(TABLES[Noun.PERSON]["does_not_go"]) == {"ask_again", "die"}
    for state in ("confirmed", "interviewed", "fit", "boarded"):
        assert step(Noun.PERSON, state, "does_not_go") == "does_not_go"


def test_a_transfer_that_stood_ready_before_it_was_set_does_not_move():
    for state in ("drafted", "conditions", "postponed"):
        assert step(Noun.TRANSFER, state, "stage_alone") == state
    assert "staged" not in reached(Noun.TRANSFER, "drafted", without={"set"})


def test_remains_found_not_ours_reopen_even_what_was_released_and_a_closed_transfer():
    for state in ("identified", "family_told", "released"):
        assert step(Noun.REMAINS, state, "find_not_ours") == "not_ours"
        assert step(Noun.REMAINS, state, "reassociate") == "reassociated"
    assert step(Noun.TRANSFER, "closed", "reopen") == "reopened"


def test_access_denied_is_a_state_of_an_incident_that_can_still_be_verified():
    for state in ("alleged", "acknowledged", "under_verification"):
        assert step(Noun.INCIDENT, state, "deny_access") == "access_denied"
    assert step(Noun.INCIDENT, "access_denied", "verify") == "under_verification"
