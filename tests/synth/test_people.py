"""Invented people are the same for the same seed, and the truth beside them is true."""

import polars as pl
import pytest

from goodoffices.domain.tables import RECORDS
from goodoffices.synth.people import held_list, side_lists


@pytest.mark.parametrize(("left", "right"), [("uk", "ru"), ("uk", "latin"), ("ru", "latin"), ("latin", "latin")])
def test_one_seed_gives_one_pair_of_lists(left, right):
    once, again = (side_lists(300, seed=5, left=left, right=right) for _ in range(2))
    assert once.left.equals(again.left)
    assert once.right.equals(again.right)
    assert once.truth.equals(again.truth)
    assert not once.left.equals(side_lists(300, seed=6, left=left, right=right).left)


def test_lists_have_the_declared_form_and_size():
    lists = side_lists(1000, seed=1)
    for frame in (lists.left, lists.right):
        assert frame.columns == list(RECORDS.columns)
        assert frame.height == 1000
        assert frame["ref"].n_unique() == 1000
    assert lists.truth.columns == ["left_ref", "right_ref"]


def test_another_script_is_refused():
    with pytest.raises(ValueError, match="expected one of uk, ru, latin"):
        side_lists(10, seed=1, right="greek")


@pytest.mark.parametrize("script", ["uk", "ru", "latin"])
def test_a_held_list_has_every_kind_of_person(script):
    frame = held_list(6000, seed=3, script=script)
    assert frame.equals(held_list(6000, seed=3, script=script))
    assert set(frame["category"]) == {"military", "medical", "chaplain", "civilian", "child"}
    assert set(frame["requested"]) == {None, "1", "2", "3"}
    assert frame["held_at"].n_unique() == 12
    assert frame.filter(pl.col("family").is_not_null()).group_by("family").len()["len"].min() >= 2
