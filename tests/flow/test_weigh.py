"""Evidence of every kind adds on one scale, once."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodoffices.domain.errors import RangeError
from goodoffices.domain.evidence import Evidence, Reason
from goodoffices.engines.kinship.lineage import Line
from goodoffices.flow.weigh import of_dna, posterior, waterfall, weigh, without

PAIR = ("R1", "F1/X")
NAMES = Evidence(*PAIR, (Reason("surname", 9.0, "same"), Reason("sex", 1.0, "same")))


def test_linkage_and_dna_stand_in_one_waterfall():
    dna = of_dna(PAIR, 10 * math.log(2), (Line("Y", "match", 12, 0, 2.0),))
    steps = waterfall(weigh(NAMES, dna), -12.0)
    assert [step.field for step in steps] == ["prior", "surname", "sex", "dna", "Y", "total"]
    assert steps[3].stop - steps[3].start == pytest.approx(10.0)
    assert steps[-1].stop == pytest.approx(-12 + 9 + 1 + 10 + 2 / math.log10(2))


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6), st.floats(-30, 30))
def test_bits_add_and_every_bar_begins_where_the_last_ended(bits, prior):
    evidence = Evidence(*PAIR, tuple(Reason(f"f{n}", value, "") for n, value in enumerate(bits)))
    steps = waterfall(evidence, prior)
    assert all(one.stop == two.start for one, two in itertools.pairwise(steps[:-1]))
    assert steps[-1].stop == pytest.approx(prior + sum(bits), abs=1e-9)


def test_a_field_in_two_sources_is_refused_and_can_be_left_out_of_one():
    age = Evidence(*PAIR, (Reason("sex", 1.0, "same"),))
    with pytest.raises(RangeError, match="sex stands in two"):
        weigh(NAMES, age)
    assert weigh(without(NAMES, "sex"), age).bits == pytest.approx(10.0)


def test_an_exclusion_ends_it():
    dna = of_dna(PAIR, 30.0, (Line("Y", "exclusion", 12, 5, 0.0),))
    assert posterior(dna, -5.0) == 0.0


def test_even_odds_are_a_half():
    assert posterior(of_dna(PAIR, 5 * math.log(2)), -5.0) == pytest.approx(0.5)
