"""Joint assignment against plain enumeration."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.engines.kinship.joint import Option, components, solve, width


def enumerate_all(families, remains):
    """Every assignment, one after another."""
    options = [[Option((), 0.0), *family] for family in families]
    found = []
    for choice in itertools.product(*options):
        pairs = [pair for option in choice for pair in option.pairs]
        if len({row for row, _ in pairs}) == len(pairs):
            found.append((tuple(sorted(pairs)), math.fsum(option.ln for option in choice)))
    whole = math.fsum(math.exp(ln) for _, ln in found)
    marginal = {}
    nobody = [0.0] * remains
    for pairs, ln in found:
        for pair in pairs:
            marginal[pair] = marginal.get(pair, 0.0) + math.exp(ln) / whole
        for row in set(range(remains)) - {row for row, _ in pairs}:
            nobody[row] += math.exp(ln) / whole
    return len(found), marginal, nobody, sorted((-ln for _, ln in found))


@st.composite
def problems(draw):
    remains = draw(st.integers(1, 5))
    families = []
    for family in range(draw(st.integers(1, 4))):
        claims = [row for row in range(remains) if draw(st.booleans())]
        options = [Option(((row, 2 * family),), draw(st.floats(-8, 8))) for row in claims]
        if remains > 1 and draw(st.booleans()):
            options.append(Option(((0, 2 * family), (1, 2 * family + 1)), draw(st.floats(-8, 8))))
        families.append(options)
    return families, remains


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_sum_is_that_of_plain_enumeration(problem):
    families, remains = problem
    answer = solve(families, remains, top=5)
    count, marginal, nobody, best = enumerate_all(families, remains)
    assert answer.count == count
    for pair, value in marginal.items():
        assert answer.marginal[pair] == pytest.approx(value, rel=1e-9)
    assert answer.nobody == pytest.approx(nobody, rel=1e-9)
    assert [-ln for _, ln, _ in answer.top] == pytest.approx(best[:5])


def test_two_samples_of_one_missing_person_share_the_posterior():
    # One missing person, two samples with LR 3 and 1: nobody 1, first 3, second 1.
    answer = solve([[Option(((0, 0),), math.log(3)), Option(((1, 0),), 0.0)]], 2)
    assert answer.marginal[0, 0] == pytest.approx(3 / 5)
    assert answer.marginal[1, 0] == pytest.approx(1 / 5)
    assert answer.nobody == pytest.approx([2 / 5, 4 / 5])


def test_a_long_chain_of_claims_has_a_narrow_frontier_and_stays_exact():
    chain = [[Option(((n, n),), 1.0), Option(((n + 1, n),), 1.0)] for n in range(60)]
    assert width(chain) <= 2
    answer = solve(chain, 61, top=0)
    # Ways to place k of the chain's families: matchings of a path with 121 nodes; all weigh e^k.
    ways = [1.0, 1.0]
    for _ in range(120):
        ways.append(ways[-1] + math.e * ways[-2])
    assert answer.nobody[0] == pytest.approx(ways[120] / ways[121], rel=1e-9)


def test_components_are_cut_at_their_weakest_pairs():
    pairs = [(0, 0, 9.0), (1, 0, 1.0), (1, 1, 8.0), (2, 1, 7.0)]
    groups, cut = components(pairs, most=10)
    assert sorted(map(sorted, groups)) == [[0, 1, 2, 3]]
    assert cut == -math.inf
    groups, cut = components(pairs, most=2)
    assert sorted(map(sorted, groups)) == [[0], [2, 3]]
    assert cut == 1.0
