"""Decisions: rivals, one to one, clusters whose contradictions are shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.engines.linkage.resolve import clusters, greedy, one_to_one, rival_bits, verdicts
from tests.engines.linkage import reference

ODDS = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-5, 20).map(float), min_size=n, max_size=n), min_size=1, max_size=4)
)


@given(ODDS)
@settings(deadline=None, max_examples=150)
def test_one_to_one_is_the_best_there_is(odds):
    table = np.array(odds)
    left, right = (grid.ravel() for grid in np.indices(table.shape))
    chosen = one_to_one(left, right, table.ravel())
    assert np.unique(left[chosen]).size == np.unique(right[chosen]).size == chosen.sum()
    assert table.ravel()[chosen].sum() == pytest.approx(reference.best_assignment(odds))


@given(ODDS)
@settings(deadline=None, max_examples=100)
def test_the_order_of_pairs_does_not_matter_to_rivals(odds):
    table = np.array(odds)
    left, right = (grid.ravel() for grid in np.indices(table.shape))
    flat = table.ravel() + np.arange(table.size) * 1e-6
    order = np.random.default_rng(1).permutation(flat.size)
    bits, share = rival_bits(left, right, flat)
    again, other = rival_bits(left[order], right[order], flat[order])
    assert again == pytest.approx(bits[order])
    assert share == other
    assert (bits <= 0).all()


def test_the_best_pair_loses_nothing_and_the_second_pays():
    bits, _ = rival_bits(np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([20.0, 8.0, 8.0]))
    assert bits[0] == bits[2] == 0
    assert bits[1] < -3


def test_greedy_takes_the_best_first():
    chosen = greedy(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5.0, 4.0, 9.0]))
    assert sorted(chosen.tolist()) == [1, 2]


def test_verdicts_by_probability():
    assert verdicts(np.array([0.995, 0.99, 0.5, 0.05, 0.01])).tolist() == ["link", "link", "review", "review", "no"]


A, B, C = ("a.csv", "1"), ("b.csv", "1"), ("c.csv", "1")


def test_a_contradiction_is_shown_and_breaks_nothing():
    found = clusters([(A, B), (B, C)], {(A, B): 0.999, (B, C): 0.999, (A, C): 0.002})
    assert found[0].records == (A, B, C)
    assert found[0].contradictions == ((A, C, 0.002),)


def test_a_pair_that_was_compared_and_not_kept_counts_as_zero():
    found = clusters([(A, B), (B, C)], {(A, B): 0.999, (B, C): 0.999, (A, ("c.csv", "2")): 0.1})
    assert found[0].contradictions == ((A, C, 0.0),)


def test_lists_that_were_never_compared_contradict_nothing():
    found = clusters([(A, B), (B, C)], {(A, B): 0.999, (B, C): 0.999})
    assert found[0].contradictions == ()


def test_clusters_do_not_depend_on_the_order_of_links():
    links = [(A, B), (("a.csv", "2"), ("b.csv", "2")), (B, C)]
    weighed = dict.fromkeys(links, 0.999)
    assert clusters(links, weighed) == clusters([(y, x) for x, y in reversed(links)], weighed)
