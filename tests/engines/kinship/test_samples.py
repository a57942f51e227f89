"""Reassociation and power against plain sums."""

import itertools
import math

import numpy as np
import polars as pl
import pytest

from goodoffices.domain.kin import Household, Locus, Mutation, MutationKind, Person
from goodoffices.engines.kinship import power as engine
from goodoffices.engines.kinship.observe import CLEAN, Noise
from goodoffices.engines.kinship.panel import code_references, code_remains
from goodoffices.engines.kinship.reassociate import reassociate
from goodoffices.engines.kinship.search import Material
from goodoffices.synth.families import degraded, draw, long_form

LOCI = tuple(
    Locus(f"M{n:02d}", tuple(str(a) for a in range(8, 8 + k)), tuple([1 / k] * k))
    for n, k in enumerate([8, 9, 10, 7, 8, 9, 10, 7, 8, 9])
)


def test_one_locus_by_hand():
    locus = Locus("L", ("1", "2"), (0.3, 0.7))
    frame = pl.DataFrame(
        {
            "sample": ["a", "b"],
            "locus": ["L", "L"],
            "allele_1": ["1", "1"],
            "allele_2": ["2", "1"],
            "drop_out": [0.0, 0.2],
        }
    )
    groups = reassociate(code_remains(frame, (locus,), noise=CLEAN), (locus,), least=-9.0)
    # b shows 1 alone: P(b | 12) = 0.8 * 0.2, P(b | 11) = 1 - 0.04, P(b) = 0.09 * 0.96 + 0.42 * 0.16.
    expected = 0.16 / (0.09 * 0.96 + 0.42 * 0.16)
    assert groups.groups[0][0].log10 == pytest.approx(math.log10(expected))


def test_samples_of_one_person_are_joined_through_drop_out_and_others_not():
    rng = np.random.default_rng(2)
    people = draw(LOCI, 12, rng=rng)
    owner = np.repeat(np.arange(12), 3)
    levels = np.tile([0.0, 0.1, 0.1], 12)
    seen = degraded(people[owner], levels, rng=rng)
    names = [f"S{n:02d}" for n in range(36)]
    frame = long_form(names, seen, LOCI).join(pl.DataFrame({"sample": names, "drop_out": levels}), on="sample")
    boxes = {name: f"C{number // 3}" for number, name in enumerate(names)} | {"S00": "C1"}
    groups = reassociate(code_remains(frame, LOCI, noise=Noise(0.02)), LOCI, least=4.0, containers=boxes)
    found = sorted(sorted(member.sample for member in group) for group in groups.groups)
    assert found == [names[3 * n : 3 * n + 3] for n in range(12)]
    assert [finding.subject for finding in groups.findings if finding.code == "commingled"] == ["C1"]
    assert all(member.log10 > 4 for group in groups.groups for member in group)


def test_a_bridge_between_two_people_is_shown_as_a_contradiction():
    # b is a few loci that fit both a and c, who differ elsewhere.
    loci = LOCI[:6]
    rows = []
    for number, locus in enumerate(loci):
        rows.append(("a", locus.name, "8", "9"))
        rows.append(("c", locus.name, "8", "9" if number < 4 else "10"))
        if number < 4:
            rows.append(("b", locus.name, "8", "9"))
    frame = pl.DataFrame(rows, schema=["sample", "locus", "allele_1", "allele_2"], orient="row")
    groups = reassociate(code_remains(frame, loci, noise=CLEAN), loci, least=3.0)
    assert len(groups.groups) == 1
    contradicts = {member.sample: member.contradicts for member in groups.groups[0]}
    assert contradicts == {"a": ("c",), "b": (), "c": ("a",)}


# ------------------------------------------------------------------ power


def family(rows, loci, people, samples):
    frame = pl.DataFrame(rows, schema=["sample", "locus", "allele_1", "allele_2"], orient="row")
    nothing = pl.DataFrame(schema=dict.fromkeys(("sample", "locus", "allele_1", "allele_2"), pl.String))
    home = Household("F", people, ("X",), samples)
    return Material(loci, code_remains(nothing, loci, noise=CLEAN), code_references(frame, loci), (home,))


TRIO = (Person("A", sex="M"), Person("B", sex="F"), Person("X", "A", "B", "M"))
SMALL = tuple(
    Locus(
        f"L{n}",
        ("8", "9", "10"),
        (0.2, 0.3, 0.5),
        male=Mutation(MutationKind.EQUAL, 0.01),
        female=Mutation(MutationKind.EQUAL, 0.01),
    )
    for n in range(4)
)


def by_enumeration(phis, needed):
    """P(LR >= 10^needed) under both hypotheses, over every genotype at every locus."""
    first = second = 0.0
    for world in itertools.product(*phis):
        ratio = math.prod(p / q for p, q in world)
        if ratio >= 10**needed:
            first += math.prod(p for p, _ in world)
            second += math.prod(q for _, q in world)
    return first, second


@pytest.mark.parametrize("needed", [-2.0, -0.5, 0.3, 0.8, 1.5])
def test_the_bounds_hold_the_true_chance(needed):
    rows = [("a", f"L{n}", "8", "9") for n in range(4)] + [("b", f"L{n}", "8", "10") for n in range(2)]
    made = family(rows, SMALL, TRIO, {"A": "a", "B": "b"})
    answer = next(iter(engine.power(made, needed=needed)))
    shape = made.shapes[0]
    phis = []
    for number, locus in enumerate(SMALL):
        model = engine.model_of(locus)
        phi = next(engine.genotypes(shape, made.references, model, number))[1][0]
        phi = phi / phi.sum()
        phis.append(
            [
                (phi[i, j] + (phi[j, i] if i != j else 0), model.share[i] * model.share[j] * (1 if i == j else 2))
                for i in range(3)
                for j in range(i, 3)
            ]
        )
    first, second = by_enumeration(phis, needed)
    assert answer.chance[0] <= first + 1e-12
    assert first <= answer.chance[1] + 1e-12
    assert answer.false[0] <= second * (1 + 1e-12)
    assert second <= answer.false[1] * (1 + 1e-12)
    # And the bounds are those of a shift by 0.01: what lies between them lies within 0.01 of the needed LR.
    wider = by_enumeration(phis, needed - engine.WIDTH)[0]
    assert answer.chance[1] <= wider + 1e-4
    bits = sum(p * math.log2(p / q) for phi in phis for p, q in phi if p > 0)
    assert answer.bits == pytest.approx(bits, rel=1e-9)


def test_an_untyped_family_tells_nothing_and_its_relatives_would():
    made = family([("z", "L0", "8", "9")], SMALL, TRIO, {})
    answer = next(iter(engine.power(made, needed=1.0)))
    assert answer.bits == pytest.approx(0.0, abs=1e-12)
    assert answer.chance[1] < 1e-6
    gains = dict(engine.gains(made, 0))
    assert gains["A"] == pytest.approx(gains["B"])
    assert gains["A"] > 0.5


def test_the_gain_of_a_relative_is_the_difference_of_expected_bits():
    locus = (SMALL[0],)
    before = family([("a", "L0", "8", "9")], locus, TRIO, {"A": "a"})
    gain = dict(engine.gains(before, 0))["B"]
    base = next(iter(engine.power(before, needed=1.0))).bits
    share = (0.2, 0.3, 0.5)
    expected = 0.0
    for i in range(3):
        for j in range(i, 3):
            rows = [("a", "L0", "8", "9"), ("b", "L0", ("8", "9", "10")[i], ("8", "9", "10")[j])]
            after = family(rows, locus, TRIO, {"A": "a", "B": "b"})
            chance = share[i] * share[j] * (1 if i == j else 2)
            expected += chance * next(iter(engine.power(after, needed=1.0))).bits
    assert gain == pytest.approx(expected - base, rel=1e-9)
