"""What is decided only together: all or none, in private, the same for both."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.accord import Given, Outcome, latest_given, outcome, shown
from goodoffices.engines.talks.consent import Package

AT = dt.datetime(2025, 8, 14, 9, 0, tzinfo=dt.UTC)
PARTIES = ("A", "B")
SWAP = {"A": "B", "B": "A"}
answers_of = st.lists(
    st.builds(
        Given,
        st.sampled_from((*PARTIES, "C")),
        st.booleans(),
        st.integers(0, 5).map(lambda hours: AT + dt.timedelta(hours=hours)),
    ),
    max_size=6,
)
quick = settings(max_examples=200, deadline=None)


def said(party, accepts, hour=0):
    return Given(party, accepts, AT + dt.timedelta(hours=hour))


def test_a_case_by_hand():
    assert outcome([], PARTIES) is Outcome.WAITS
    assert outcome([said("A", True)], PARTIES) is Outcome.WAITS
    assert outcome([said("A", False)], PARTIES) is Outcome.WAITS, "a refusal alone would tell the other of it"
    assert outcome([said("A", False), said("B", True, 1)], PARTIES) is Outcome.DECLINED
    assert outcome([said("A", False), said("B", True, 1), said("A", True, 2)], PARTIES) is Outcome.ACCEPTED
    assert outcome([said("A", True)], ()) is Outcome.WAITS, "nobody asked, nothing decided"


def test_a_party_that_is_not_asked_changes_nothing():
    asked = [said("A", True), said("B", True)]
    assert outcome([*asked, said("C", False)], PARTIES) is Outcome.ACCEPTED


def test_an_answer_without_a_zone_is_refused():
    with pytest.raises(TransitionError, match="without a zone"):
        Given("A", True, dt.datetime(2025, 8, 14, 9, 0))  # noqa: DTZ001  the error is the point


@quick
@given(answers_of)
def test_swapping_the_sides_swaps_what_is_seen_and_changes_nothing_else(answers):
    swapped = [Given(SWAP.get(one.party, one.party), one.accepts, one.at) for one in answers]
    assert outcome(answers, PARTIES) is outcome(swapped, PARTIES)
    for party in PARTIES:
        seen = shown(answers, PARTIES, reader=party)
        assert shown(swapped, PARTIES, reader=SWAP[party]) == {SWAP[key]: value for key, value in seen.items()}


@quick
@given(answers_of, answers_of)
def test_what_a_party_sees_before_all_have_answered_does_not_depend_on_the_other(answers, others):
    own = [one for one in answers if one.party == "A"]
    foreign = [one for one in others if one.party != "A"]
    if outcome([*own, *foreign], PARTIES) is not Outcome.ACCEPTED:
        assert shown([*own, *foreign], PARTIES, reader="A") == shown(own, PARTIES, reader="A")


@quick
@given(answers_of)
def test_it_holds_only_if_the_last_word_of_every_party_is_yes(answers):
    """A slow twin: look for each party's last word one by one."""
    last = {}
    for party in PARTIES:
        for one in answers:
            if one.party == party and (party not in last or last[party].at <= one.at):
                last[party] = one
    assert latest_given(answers, PARTIES) == {party: one.accepts for party, one in last.items()}
    expected = all(party in last and last[party].accepts for party in PARTIES)
    assert (outcome(answers, PARTIES) is Outcome.ACCEPTED) == expected


parts = st.sets(st.sampled_from("123456"), max_size=6).map(frozenset)


@quick
@given(parts, parts, parts)
def test_a_part_binds_exactly_when_it_has_closed_and_waits_for_no_other(clauses, harvest, closed):
    package = Package(tuple(sorted(clauses)), harvest)
    final = package.final(closed)
    assert final <= closed & clauses
    for clause in clauses & closed:
        assert (clause in final) == (not package.waits_for(clause, closed))
    assert package.final(closed | clauses) == clauses


@quick
@given(parts, parts, parts, parts)
def test_more_agreed_never_holds_what_was_free(clauses, harvest, closed, more):
    package = Package(tuple(sorted(clauses)), harvest)
    assert package.final(closed) <= package.final(closed | more)
