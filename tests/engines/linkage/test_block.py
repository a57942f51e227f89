"""Blocking finds what its rules say, slice by slice the same, and cannot explode."""

import numpy as np
import polars as pl
import pytest

from goodoffices.engines.linkage import block
from goodoffices.engines.linkage.people import lists
from goodoffices.synth.people import side_lists
from tests.engines.linkage import reference


@pytest.fixture(scope="module")
def invented():
    return side_lists(300, seed=5)


def test_the_slow_twin_finds_the_same_pairs(invented, monkeypatch):
    monkeypatch.setattr(block, "SMALL", 0)
    both = lists(invented.left.head(120), invented.right.head(120))
    found = block.candidates(both)
    pairs = {(int(k) // both.right.size, int(k) % both.right.size) for k in found}
    assert pairs == reference.blocked(block._columns(both, both.left), block._columns(both, both.right))


@pytest.mark.parametrize("within", [False, True])
def test_slices_put_together_are_the_whole(invented, monkeypatch, within):
    monkeypatch.setattr(block, "SMALL", 0)
    monkeypatch.setattr(block, "CAP", 40)
    both = lists(invented.left) if within else lists(invented.left, invented.right)
    parts = [block.candidates(both, start, min(start + 77, 300)) for start in range(0, 300, 77)]
    assert np.array_equal(np.concatenate(parts), block.candidates(both))


def test_small_lists_are_compared_whole(invented):
    both = lists(invented.left, invented.right)
    assert block.candidates(both).size == both.left.size * both.right.size


def test_within_a_list_no_record_meets_itself_or_a_pair_twice(invented):
    found = block.candidates(lists(invented.left))
    left, right = found // 300, found % 300
    assert (left < right).all()
    assert np.unique(found).size == found.size


def test_blocking_loses_few_true_pairs(monkeypatch):
    monkeypatch.setattr(block, "SMALL", 0)
    for right, least in (("ru", 0.993), ("latin", 0.993)):
        made = side_lists(3000, seed=6, right=right)
        both = lists(made.left, made.right)
        row = [{ref: k for k, ref in enumerate(side.refs)} for side in (both.left, both.right)]
        true = [row[0][a] * both.right.size + row[1][b] for a, b in made.truth.select("left_ref", "right_ref").rows()]
        assert np.isin(true, block.candidates(both)).mean() >= least


def test_a_list_of_equal_records_gives_no_more_pairs_than_records():
    same = pl.DataFrame(
        {"ref": [str(k) for k in range(5000)], "surname": ["Коваль"] * 5000, "birth_date": ["1990-05-05"] * 5000}
    )
    both = lists(same, same)
    assert block.candidates(both).size == 5000
    assert block.identical(both) == 5000
