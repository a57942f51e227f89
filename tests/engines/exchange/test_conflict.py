"""Terms that cannot hold together: the smallest set is named, with its counts."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.plan import Clash
from goodoffices.domain.terms import Legs
from goodoffices.engines.exchange.compose import compose
from goodoffices.engines.exchange.conflict import smallest
from goodoffices.formats.exchange_words import clash_lines
from goodoffices.formats.words import Language, Words
from tests.engines.exchange.cases import prepared, records, terms

BARE = {"minimum": {}, "all_for_all": (), "rank_groups": (), "civilians": {}, "order": (), "legs": Legs((50,))}


def clash_of(lists, **changes):
    found = compose(prepared(terms(**{**BARE, **changes}), lists))
    assert isinstance(found, Clash)
    return found


def plain(count, letter, **fields):
    return [{"ref": f"{letter}{number}", **fields} for number in range(count)]


def test_a_minimum_above_the_eligible_says_after_whom():
    lists = {
        "A": records(*plain(5, "a"), {"ref": "w", "withheld": "yes"}, {"ref": "u", "fit_to_travel": "no"}),
        "B": records(*plain(9, "b")),
    }
    found = clash_of(lists, minimum={"A": 7, "B": 1})
    assert found.terms == ("numbers.minimum.A",)
    said = "\n".join(clash_lines(found, Words("exchange", Language.EN)))
    assert "minimum A 7: only 5 eligible after 1 not fit to travel, 1 withheld by the holder" in said


def test_a_minimum_and_the_balance():
    lists = {"A": records(*plain(9, "a")), "B": records(*plain(4, "b"))}
    assert clash_of(lists, minimum={"A": 6, "B": 0}).terms == ("numbers.minimum.A", "numbers.balance")


def test_all_for_all_and_seats():
    lists = {"A": records(*plain(9, "a", health="seriously_ill")), "B": records(*plain(4, "b"))}
    found = clash_of(lists, all_for_all=("seriously_wounded_or_ill",), legs=Legs((4, 4)))
    assert found.terms == ("all_for_all[0]", "legs.seats")


def test_all_for_all_and_one_place():
    lists = {"A": records(*plain(9, "a", health="seriously_ill", held_at="P")), "B": records(*plain(4, "b"))}
    found = clash_of(lists, all_for_all=("seriously_wounded_or_ill",), legs=Legs((9, 9), 3))
    assert found.terms == ("all_for_all[0]", "legs.per_site")


def test_civilians_who_are_not_there():
    lists = {"A": records(*plain(3, "a")), "B": records(*plain(4, "b"))}
    assert clash_of(lists, civilians={"A": 1}).terms == ("civilians.minimum.A",)


def test_a_family_larger_than_every_leg():
    lists = {
        "A": records({"ref": "a0", "family": "F", "health": "seriously_ill"}, *plain(5, "x", family="F")),
        "B": records(*plain(9, "b")),
    }
    found = clash_of(lists, all_for_all=("seriously_wounded_or_ill",), legs=Legs((5, 5)))
    assert found.terms == ("all_for_all[0]", "legs.seats")
    assert "6" in "\n".join(clash_lines(found, Words("exchange", Language.EN)))


@pytest.mark.parametrize("language", list(Language))
def test_a_clash_is_said_in_every_language(language):
    lists = {"A": records(*plain(9, "a")), "B": records(*plain(4, "b"))}
    assert len(clash_lines(clash_of(lists, minimum={"A": 6, "B": 0}), Words("exchange", language))) == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_set_is_smallest_whatever_clashes(clashes):
    every = list("abcdef")

    def holds(some):
        return not any(clash <= some for clash in clashes)

    found = frozenset(smallest(every, holds))
    assert not holds(found)
    assert all(holds(found - {one}) for one in found)
    assert len(found) == min(
        size for size in range(1, 7) if any(not holds(frozenset(some)) for some in itertools.combinations(every, size))
    )
