"""Evidence in bits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodoffices.domain.evidence import Evidence, Reason, odds_bits, probability


@given(st.lists(st.floats(-50, 50)), st.lists(st.floats(-50, 50)))
def test_evidence_adds(left, right):
    first = Evidence("a", "b", tuple(Reason("f", bits, "c") for bits in left))
    second = Evidence("a", "b", tuple(Reason("g", bits, "d") for bits in right))
    assert (first + second).bits == pytest.approx(first.bits + second.bits, abs=1e-9)


def test_evidence_of_two_pairs_does_not_add():
    with pytest.raises(ValueError, match="one pair"):
        Evidence("a", "b", ()) + Evidence("a", "c", ())


@given(st.floats(-45, 45))
def test_probability_and_odds_are_inverse(bits):
    assert odds_bits(probability(bits)) == pytest.approx(bits, abs=1e-2 if abs(bits) > 30 else 1e-6)


def test_the_ends():
    assert probability(5000) == 1.0
    assert probability(-5000) == 0.0
    assert (odds_bits(0), odds_bits(1)) == (-math.inf, math.inf)
