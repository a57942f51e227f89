"""A conclusion is never edited: it is retracted by a new entry, which reopens what rested on it."""

import pytest

from goodoffices.domain.errors import TransitionError
from goodoffices.engines.kinship.conclusions import Entry, Kind, Standing, states

FIRST = Entry("c1", Kind.CONCLUDE, rests_on=("ref-a", "ref-b"))
SECOND = Entry("c2", Kind.CONCLUDE, rests_on=("c1", "ref-c"))
GONE = Entry("r", Kind.RETRACT, "c1", reason="x")
THIRD = Entry("c3", Kind.CONCLUDE, rests_on=("c2",))


def standing(*entries):
    return {state.conclusion: state.standing for state in states(entries)}


def test_a_retraction_reopens_what_rested_on_it_and_only_that():
    other = Entry("c9", Kind.CONCLUDE, rests_on=("ref-z",))
    found = standing(FIRST, SECOND, THIRD, other, Entry("r1", Kind.RETRACT, "c1", reason="he came home"))
    assert found == {
        "c1": Standing.RETRACTED,
        "c2": Standing.REOPENED,
        "c3": Standing.REOPENED,
        "c9": Standing.STANDS,
    }


def test_withdrawn_consent_reopens_what_rested_on_the_sample():
    found = standing(FIRST, SECOND, Entry("w1", Kind.WITHDRAW_CONSENT, "ref-c", reason="the donor asks"))
    assert found == {"c1": Standing.STANDS, "c2": Standing.REOPENED}


def test_a_reopened_case_is_closed_by_a_new_conclusion():
    again = Entry("c4", Kind.CONCLUDE, rests_on=("ref-b", "ref-d"))
    found = standing(FIRST, Entry("r1", Kind.RETRACT, "c1", reason="sample swapped"), again)
    assert found["c4"] is Standing.STANDS


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ((FIRST, FIRST), "stands twice"),
        ((FIRST, Entry("r", Kind.RETRACT, "c1")), "gives no reason"),
        ((Entry("r", Kind.RETRACT, "c1", reason="x"),), "expected a conclusion"),
        ((FIRST, GONE, SECOND), "rests on c1"),
        (
            (FIRST, Entry("r", Kind.RETRACT, "c1", reason="x"), Entry("s", Kind.RETRACT, "c1", reason="y")),
            "retracts c1",
        ),
    ],
)
def test_what_cannot_be_is_refused(entries, says):
    with pytest.raises(TransitionError, match=says):
        states(entries)
