"""Acts on the single text: by hand, by their laws, and their refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError, TransitionError
from goodoffices.engines.talks.edit import END, join, leave, propose, reserve, reword, settle
from goodoffices.engines.talks.text import parse, unparse
from goodoffices.engines.talks.views import is_clean

TEXT = """@parties A B
4.1 exchange [at least 1,200]{A}[all]{B} prisoners
4.2 bodies [through [the]{A}[a]{B} Red Cross]{A,B!}
5.1 agreed words
"""


def line(document, clause):
    return next(row for row in unparse(document).splitlines() if row.startswith(clause))


def test_a_place_is_joined_then_settled():
    text = join(parse(TEXT), "4.1", place=1, alternative=1, party="B")
    assert line(text, "4.1") == "4.1 exchange [at least 1,200]{A,B} prisoners"
    assert line(settle(text, "4.1", place=1), "4.1") == "4.1 exchange at least 1,200 prisoners"


def test_a_nested_place_is_reached():
    text = leave(parse(TEXT), "4.2", place=2, alternative=2, party="B")
    assert line(text, "4.2") == "4.2 bodies [through [the]{A} Red Cross]{A,B!}"


def test_a_reservation_is_made_and_lifted():
    text = reserve(parse(TEXT), "4.1", place=1, alternative=1, party="B")
    assert line(text, "4.1") == "4.1 exchange [at least 1,200]{A,B!}[all]{B} prisoners"
    assert line(join(text, "4.1", place=1, alternative=1, party="B"), "4.1").startswith(
        "4.1 exchange [at least 1,200]{A,B}"
    )


def test_the_chair_rewords_and_removes():
    text = reword(parse(TEXT), "5.1", "other [words]{A}")
    assert line(text, "5.1") == "5.1 other [words]{A}"
    assert not any(clause.id == "5.1" for clause in reword(text, "5.1", "").clauses)
    assert line(reword(text, "6.1", "new"), "6.1") == "6.1 new"


def test_what_cannot_be_is_refused_with_what_could():
    text = parse(TEXT)
    with pytest.raises(TransitionError, match="expected one that all hold"):
        settle(text, "4.1", place=1)
    with pytest.raises(TransitionError, match="expected one with brackets"):
        join(text, "5.1", place=1, alternative=1, party="A")
    with pytest.raises(TransitionError, match="expected 1 to 2"):
        join(text, "4.1", place=1, alternative=3, party="A")
    with pytest.raises(TransitionError, match="does not hold"):
        leave(text, "4.1", place=1, alternative=1, party="B")
    with pytest.raises(InputError):
        reword(text, "5.1", "open [bracket")
    with pytest.raises(TransitionError, match="not tabled"):
        join(parse(TEXT + "6.1 [mine]{A?}\n"), "6.1", place=1, alternative=1, party="B")


words = st.text(st.sampled_from("abc де[]\\ "), min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=100)
@given(text=words, clause=st.sampled_from(["4.1", "4.2", "5.1", "7.1"]), place=st.integers(0, 1))
def test_a_wording_that_is_put_in_reads_back(text, clause, place):
    after = propose(parse(TEXT), clause, text, place=END if clause in {"5.1", "7.1"} else place, holder="A")
    assert parse(unparse(after)) == after
    assert not is_clean(after)


@settings(deadline=None, max_examples=60)
@given(clause=st.sampled_from(["4.1", "4.2"]), alternative=st.integers(1, 2))
def test_swapping_the_sides_swaps_the_answer(clause, alternative):
    def swapped(source):
        return source.replace("A", "X").replace("B", "A").replace("X", "B").replace("@parties B A", "@parties A B")

    try:
        one = unparse(join(parse(TEXT), clause, place=1, alternative=alternative, party="A"))
    except TransitionError:
        with pytest.raises(TransitionError):
            join(parse(swapped(TEXT)), clause, place=1, alternative=alternative, party="B")
        return
    other = unparse(join(parse(swapped(TEXT)), clause, place=1, alternative=alternative, party="B"))
    assert sorted(swapped(one)) == sorted(other)
