"""The pedigree likelihood against worked cases, laws, and the slow twin."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Case, Locus, Mutation, MutationKind, Person
from goodoffices.engines.kinship.case import evaluate, unlinked
from goodoffices.engines.kinship.likelihood import genotype, likelihood, lump
from goodoffices.engines.kinship.mutation import matrix
from goodoffices.engines.kinship.network import model_of
from goodoffices.engines.kinship.observe import Noise, weights
from goodoffices.engines.kinship.pedigree import build, close_relatives
from tests.engines.kinship import reference

# ------------------------------------------------------------------ by hand


def test_a_parent_and_child_who_share_one_of_two_alleles_give_one_quarter_over_its_frequency():
    locus = Locus("L", ("1", "2", "3"), (0.2, 0.3, 0.5))
    trio = (Person("F", sex="M"), Person("M", sex="F"), Person("R", "F", "M", "M"))
    apart = (Person("F", sex="M"), Person("R", sex="M"))
    case = Case("hand", (locus,), (trio, apart), {"F": {"L": ("1", "2")}, "R": {"L": ("1", "3")}})
    # P(child 1/3 | father 1/2) = 1/2 p3; P(1/3) = 2 p1 p3; the ratio is 1 / (4 p1).
    assert math.exp(evaluate(case).ratio.ln) == pytest.approx(1 / (4 * 0.2))


def test_a_direct_match_is_one_over_the_genotypes_frequency():
    locus = Locus("L", ("1", "2"), (0.2, 0.8))
    case = Case("hand", (locus,), (), {"R": {"L": ("1", "2")}, "Q": {"L": ("1", "2")}})
    assert math.exp(evaluate(case).ratio.ln) == pytest.approx(1 / (2 * 0.2 * 0.8))


# ------------------------------------------------------------------ the twin

TRIO = (("F", None, None, "M"), ("M", None, None, "F"), ("C", "F", "M", "F"))
SIBS = (("F", None, None, "M"), ("M", None, None, "F"), ("A", "F", "M", "M"), ("B", "F", "M", "F"))
HALF = (
    ("F", None, None, "M"),
    ("M", None, None, "F"),
    ("N", None, None, "F"),
    ("A", "F", "M", "M"),
    ("B", "F", "N", "F"),
)
LOOP = (
    ("F", None, None, "M"),
    ("M", None, None, "F"),
    ("A", "F", "M", "M"),
    ("B", "F", "M", "F"),
    ("C", "A", "B", "F"),
)
APART = (("F", None, None, "M"), ("M", None, None, "F"), ("C", "F", "M", "M"), ("U", None, None, "M"))

models = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["equal", "proportional", "onestep", "stepwise", "dawid"]),
            "rate": st.sampled_from([0.001, 0.02]),
            "rate2": st.just(0.003),
            "range": st.sampled_from([0.1, 0.5]),
        }
    ),
)


@st.composite
def situations(draw):
    people = draw(st.sampled_from([TRIO, SIBS, HALF, LOOP, APART]))
    count = draw(st.integers(2, 3))
    raw = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    alleles = draw(st.sampled_from([("9", "10", "11"), ("9", "9.3", "10"), ("5", "7", "8")]))[:count]
    locus = {
        "alleles": alleles,
        "shares": [value / sum(raw) for value in raw],
        "silent": draw(st.sampled_from([0.0, 0.0, 0.05])) if count == 2 else 0.0,
        "x": draw(st.booleans()),
        "female": draw(models),
        "male": draw(models),
    }
    seen = {}
    for name, _, _, sex in people:
        if draw(st.booleans()):
            one, two = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
            seen[name] = ({one} if locus["x"] and sex == "M" else {one, two}, draw(st.sampled_from([0.0, 0.0, 0.2])))
    return people, locus, seen, draw(st.sampled_from([0.0, 0.03]))


def as_mutation(model):
    if model is None:
        return Mutation()
    return Mutation(MutationKind(model["kind"]), model["rate"], model["rate2"], model["range"])


def engine(people, locus, seen, theta):
    ours = Locus(
        "L",
        locus["alleles"],
        tuple(locus["shares"]),
        "X" if locus["x"] else "auto",
        locus["silent"],
        as_mutation(locus["female"]),
        as_mutation(locus["male"]),
    )
    model = model_of(ours)
    sexes = {name: sex for name, _, _, sex in people}
    found = {
        name: weights(
            alleles,
            model.share,
            noise=Noise(lost),
            silent=locus["silent"] > 0,
            single=locus["x"] and sexes[name] == "M",
        )
        for name, (alleles, lost) in seen.items()
    }
    return likelihood(build([Person(*person) for person in people]), model, found, theta=theta)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_slow_twin_agrees_on_random_pedigrees(situation):
    people, locus, seen, theta = situation
    # A too high rate for a rare allele is refused, which is tested on its own.
    for model in (locus["female"], locus["male"]):
        if model and min(min(row) for row in reference.transition(locus["alleles"], locus["shares"], model)) < 0:
            return
    expected = reference.likelihood(people, locus, seen, theta)
    assert engine(people, locus, seen, theta) == pytest.approx(expected, rel=1e-10, abs=1e-300)


@settings(max_examples=60, deadline=None)
@given(situations(), st.randoms())
def test_the_order_of_members_does_not_matter(situation, chance):
    people, locus, seen, theta = situation
    shuffled = list(people)
    chance.shuffle(shuffled)
    try:
        before = engine(people, locus, seen, theta)
    except RangeError:
        return
    assert engine(shuffled, locus, seen, theta) == pytest.approx(before, rel=1e-12)


# ------------------------------------------------------------------ laws


def test_swapping_the_hypotheses_inverts_and_the_order_of_markers_does_not_matter():
    loci = (
        Locus("A", ("1", "2", "3"), (0.2, 0.3, 0.5), female=Mutation(MutationKind.EQUAL, 0.01)),
        Locus("B", ("4", "5"), (0.4, 0.6)),
    )
    trio = (Person("F", sex="M"), Person("M", sex="F"), Person("R", "F", "M", "M"))
    apart = (Person("F", sex="M"), Person("R", sex="M"))
    typed = {"F": {"A": ("1", "2"), "B": ("4", "4")}, "R": {"A": ("1", "3"), "B": ("4", "5")}}
    one = evaluate(Case("", loci, (trio, apart), typed)).ratio.ln
    two = evaluate(Case("", loci[::-1], (apart, trio), typed)).ratio.ln
    assert one == pytest.approx(-two, rel=1e-12)


@pytest.mark.parametrize("theta", [0.0, 0.05])
@pytest.mark.parametrize("kind", list(MutationKind))
def test_the_ratio_under_unrelatedness_averages_one(kind, theta):
    mutation = Mutation(kind, 0.01, 0.001, 0.3) if kind is not MutationKind.NONE else Mutation()
    locus = Locus("L", ("7", "8", "9"), (0.3, 0.3, 0.4), female=mutation, male=mutation)
    people = build([Person("F", sex="M"), Person("M", sex="F"), Person("R", "F", "M"), Person("S", "F", "M")])
    apart = build([Person("F", sex="M"), Person("M", sex="F"), Person("S", "F", "M"), Person("R")])
    model = model_of(locus)
    total = 0.0
    for one, two in product(range(3), repeat=2):
        if one > two:
            continue
        typed = {"R": weights({one, two}, model.share), "S": weights({0, 1}, model.share)}
        total += likelihood(people, model, typed, theta=theta)
    # sum over remains' genotypes of P(R, S | H1) = P(S), the same as under H2: so E[LR | H2] = 1.
    alone = likelihood(apart, model, {"S": weights({0, 1}, model.share)}, theta=theta)
    assert total == pytest.approx(alone, rel=1e-12)


def test_a_genotypes_joint_probability_sums_to_the_likelihood():
    locus = Locus("L", ("7", "8", "9"), (0.3, 0.3, 0.4), male=Mutation(MutationKind.STEPWISE, 0.01, 0.001, 0.3))
    people = build([Person("F", sex="M"), Person("M", sex="F"), Person("R", "F", "M"), Person("S", "F", "M")])
    model = model_of(locus)
    typed = {"S": weights({0, 1}, model.share), "M": weights({1}, model.share)}
    assert genotype(people, model, typed, person="R").sum() == pytest.approx(
        likelihood(people, model, typed), rel=1e-12
    )


def test_joining_unseen_alleles_changes_nothing():
    locus = Locus("L", tuple(str(n) for n in range(9)), (1 / 9,) * 9, male=Mutation(MutationKind.EQUAL, 0.01))
    model = model_of(locus)
    typed = {"A": weights({0, 1}, model.share), "B": weights({0}, model.share, noise=Noise(0.1))}
    small, _ = lump(model, typed)
    assert len(small.share) == 3
    assert small.male.sum(axis=1) == pytest.approx(np.ones(3))


# ------------------------------------------------------------------ errors


def test_a_person_who_is_their_own_ancestor_is_refused():
    with pytest.raises(RangeError, match="own ancestor"):
        build([Person("A", "B", "C"), Person("B", "A", "C"), Person("C", sex="F")])


def test_a_parent_outside_the_pedigree_is_refused():
    with pytest.raises(RangeError, match="not in the pedigree"):
        build([Person("A", "B", "C")])


def test_a_mother_who_is_a_man_is_refused():
    with pytest.raises(RangeError, match="mother M has sex M, expected F"):
        build([Person("F", sex="M"), Person("M", sex="M"), Person("A", "F", "M")])


def test_a_person_twice_is_refused():
    with pytest.raises(RangeError, match="twice"):
        build([Person("A"), Person("A")])


def test_a_lone_parent_gets_an_unknown_partner():
    pedigree = build([Person("M", sex="F"), Person("A", None, "M")])
    assert set(pedigree.ids) == {"M", "A", "?A"}
    assert close_relatives(pedigree, pedigree.index("A")) == {
        pedigree.index("M"): "parent",
        pedigree.index("?A"): "parent",
    }


def test_theta_out_of_bounds_is_refused():
    model = model_of(Locus("L", ("1", "2"), (0.5, 0.5)))
    with pytest.raises(RangeError, match=r"theta is 1\.5"):
        likelihood(build([Person("A")]), model, {"A": weights({0}, model.share)}, theta=1.5)


def test_a_rate_too_high_for_a_rare_allele_is_refused():
    locus = Locus("L", ("1", "2"), (0.001, 0.999))
    with pytest.raises(RangeError, match="too high"):
        matrix(locus, Mutation(MutationKind.DAWID, 0.1))


def test_alleles_that_are_no_numbers_cannot_mutate_stepwise():
    with pytest.raises(RangeError, match="numbers of repeats"):
        matrix(Locus("L", ("a", "b"), (0.5, 0.5)), Mutation(MutationKind.ONESTEP, 0.1))


def test_of_linked_x_loci_one_counts_and_the_others_are_named():
    loci = [Locus(name, ("1", "2"), (0.5, 0.5), "X") for name in ("DXS10148", "DXS10135", "DXS7132")]
    kept, findings = unlinked(loci)
    assert [locus.name for locus in kept] == ["DXS10148", "DXS7132"]
    assert [finding.locus for finding in findings] == ["DXS10135"]
