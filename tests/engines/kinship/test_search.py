"""The blind search against the exact likelihood, pair by pair; its laws; every bad input goes on with the rest."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.kin import Household, Locus, Mutation, MutationKind, Person
from goodoffices.engines.kinship import scan
from goodoffices.engines.kinship import search as engine
from goodoffices.engines.kinship.assess import Frame, assess
from goodoffices.engines.kinship.lineage import compare_mt, compare_y, upper
from goodoffices.engines.kinship.observe import Noise
from goodoffices.engines.kinship.panel import code_references, code_remains, panel
from goodoffices.engines.kinship.prior import Prior, parse
from goodoffices.engines.kinship.rule import Grounds, lacking, met
from goodoffices.engines.kinship.together import Desk
from goodoffices.synth.families import FORMS, degraded, draw, invent, long_form, partial

LOCI = (
    *(
        Locus(f"L{n}", tuple(str(a) for a in range(8, 8 + k)), tuple(np.arange(1, k + 1) / (k * (k + 1) / 2)))
        for n, k in enumerate((4, 5, 6, 7, 5))
    ),
    Locus("DXS7132", ("11", "12", "13"), (0.2, 0.3, 0.5), "X"),
)


def invented(seed, *, families=24, remains=15, mutation="equal", drop_out=0.1):
    rng = np.random.default_rng(seed)
    forms = [list(FORMS)[n % len(FORMS)] for n in range(families)]
    autosomal = LOCI[:-1]
    made = invent(forms, autosomal, rng=rng, rate=0.01)
    alleles = np.concatenate([made.alleles[: remains // 2], draw(autosomal, remains - remains // 2, rng=rng)])
    levels = np.where(np.arange(remains) % 3 == 0, drop_out, 0.0)
    seen = partial(degraded(alleles, levels, rng=rng), 0.3, rng=rng, least=2, most=4)
    names = [f"R{n}" for n in range(remains)]
    frame = long_form(names, seen, autosomal).join(pl.DataFrame({"sample": names, "drop_out": levels}), on="sample")
    model = Mutation(MutationKind(mutation), 0.002, 0.0001) if mutation != "none" else Mutation()
    loci, findings = panel(LOCI, [frame, made.references], mutation=(model, model), rare=0.001)
    return frame, made, loci, findings


def households(frame):
    people = {}
    for family, person, father, mother, sex, sample, role in frame.iter_rows():
        people.setdefault(family, []).append((person, father, mother, sex, sample, role))
    return tuple(
        Household(
            family,
            tuple(Person(p, None if f == "0" else f, None if m == "0" else m, s) for p, f, m, s, _, _ in rows),
            tuple(row[0] for row in rows if row[5] == "missing"),
            {row[0]: row[4] for row in rows if row[4]},
        )
        for family, rows in people.items()
    )


def material(seed, **options):
    frame, made, loci, _ = invented(seed, **options)
    return engine.Material(
        loci,
        code_remains(frame, loci, noise=Noise()),
        code_references(made.references, loci),
        households(made.families),
    )


@pytest.mark.parametrize("mutation", ["none", "equal", "proportional", "stepwise"])
def test_every_pair_of_a_search_is_the_exact_likelihood_ratio(mutation):
    made = material(3, mutation=mutation)
    found = engine.search(made, keep=24)
    desk = Desk(made)
    for one, target, ln in zip(found.hits.remains, found.hits.target, found.hits.ln, strict=True):
        who = found.targets[target]
        exact = desk.family_ln(who.family, {who.person: made.remains.names[one]})
        assert ln == pytest.approx(exact, rel=1e-10, abs=1e-10)


def test_parts_threads_and_order_of_families_do_not_matter():
    frame, made, loci, _ = invented(5)
    homes = households(made.families)
    remains, references = code_remains(frame, loci, noise=Noise()), code_references(made.references, loci)
    whole = engine.search(engine.Material(loci, remains, references, homes), keep=3)
    turned = engine.search(engine.Material(loci, remains, references, homes[::-1]), keep=3, threads=2)
    cut = engine.joined(
        [engine.search(part, keep=3) for part in engine.split(engine.Material(loci, remains, references, homes), 4)]
    )

    def pairs(found):
        return {
            (int(one), found.targets[target].family): round(float(ln), 9)
            for one, target, ln in zip(found.hits.remains, found.hits.target, found.hits.ln, strict=True)
        }

    assert pairs(whole) == pairs(turned) == pairs(cut)
    assert whole.mass == pytest.approx(turned.mass)
    assert (whole.mass == cut.mass).all()


def test_more_missing_than_one_table_holds_are_found_all_the_same(monkeypatch):
    made = material(6)
    whole = engine.search(made, keep=4)
    monkeypatch.setattr(engine, "CHUNK", 128)
    many = engine.search(material(6, families=300), keep=4)
    assert len(many.targets) == 300
    assert many.mass.shape == whole.mass.shape
    desk = Desk(material(6, families=300))
    for number in (0, 7, 20):
        who = many.targets[many.hits.target[number]]
        exact = desk.family_ln(who.family, {who.person: desk.material.remains.names[many.hits.remains[number]]})
        assert many.hits.ln[number] == pytest.approx(exact, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 7), st.integers(1, 300))
def test_the_scan_keeps_what_a_plain_sum_would_keep(seed, keep, loci, targets):
    rng = np.random.default_rng(seed)
    table = rng.normal(-2, 5, (targets, 12))
    table[:, 0] = 0.0
    codes = rng.integers(0, 12, (5, loci)).astype(np.int32)
    best, where, mass = scan.scan(scan.blocks(table), codes, keep=keep, floor=-30.0)
    plain = np.stack([table[:, row].sum(axis=1) for row in codes])
    order = np.argsort(-plain, axis=1)[:, :keep]
    expected = np.take_along_axis(plain, order, axis=1)
    width = min(keep, targets)
    assert best[:, :width] == pytest.approx(expected, abs=1e-3)
    assert np.isneginf(best[:, width:]).all()
    assert (where[:, :width] >= 0).all()
    counted = np.where(plain > -30.0, np.exp(plain), 0.0).sum(axis=1)
    assert mass == pytest.approx(counted, rel=1e-3, abs=1e-9)


def test_the_true_family_comes_first_and_posteriors_sum_to_at_most_one():
    rng = np.random.default_rng(1)
    loci = [Locus(f"M{n:02d}", tuple(str(a) for a in range(10)), tuple([0.1] * 10)) for n in range(20)]
    made = invent(["parents"] * 30 + ["mother_sibling"] * 30, loci, rng=rng)
    frame = long_form([f"R{n:02d}" for n in range(60)], made.alleles, loci)
    chosen, _ = panel(loci, [frame, made.references], mutation=(Mutation(), Mutation()), rare=0.001)
    whole = engine.Material(
        chosen,
        code_remains(frame, chosen, noise=Noise()),
        code_references(made.references, chosen),
        households(made.families),
    )
    found = engine.search(whole)
    answers = assess(found, whole.remains.names, Frame()).pairs
    first = answers.unique("sample", keep="first", maintain_order=True).sort("sample")
    assert first["family"].to_list() == list(made.names)
    assert answers.group_by("sample").agg(pl.col("posterior").sum())["posterior"].max() <= 1 + 1e-12
    assert set(first["rule"]) == {"two close relatives"}
    assert set(first["lacking"]) == {""}
    assert set(first["mismatches"]) == {0}


# ------------------------------------------------------------------ priors


def pairs_of(sums, prior, *, evidence=None):
    """Posteriors of one sample against families with these ln LR."""
    count = len(sums)
    hits = engine.Hits(
        np.zeros(count, dtype=np.int64),
        np.arange(count),
        np.array(sums),
        np.full(count, 5),
        np.zeros(count, dtype=np.int64),
    )
    found = engine.Found(
        tuple(engine.Target(f"F{n}", "X", "M") for n in range(count)),
        hits,
        np.array([np.exp(sums).sum()]),
        np.full(count, 2),
        np.zeros(count, dtype=bool),
        (),
    )
    frame = Frame(prior=prior, other=evidence or {})
    return assess(found, ["R"], frame).pairs.sort("family")


def test_posteriors_by_hand_for_each_prior():
    lrs = [8.0, 2.0]
    sums = [math.log(value) for value in lrs]
    default = pairs_of(sums, Prior())["posterior"].to_list()
    assert default == pytest.approx([8 / 11, 2 / 11])
    closed = pairs_of(sums, Prior("closed"))["posterior"].to_list()
    assert closed == pytest.approx([0.8, 0.2])
    opened = pairs_of(sums, Prior("open", 12))["posterior"].to_list()
    assert opened == pytest.approx([8 / 20, 2 / 20])


def test_other_evidence_adds_in_bits():
    sums = [math.log(8.0), math.log(2.0)]
    told = pairs_of(sums, Prior(), evidence={("R", "F1", "X"): 3.0})
    assert told["posterior"].to_list() == pytest.approx([8 / 25, 16 / 25])
    assert told["other_bits"].to_list() == [0.0, 3.0]


@pytest.mark.parametrize("text", ["open", "open:0", "open:x", "half", "closed:3"])
def test_a_prior_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="prior"):
        parse(text)


def test_an_open_population_below_the_list_of_missing_is_refused():
    with pytest.raises(ValueError, match="at least"):
        parse("open:5").nobody(6)


# ------------------------------------------------------------------ the rule, case by case

RULE = [
    # close, second method, direct, excluded, posterior -> rule, lacking
    ((2, False, False, False, 0.9999), "two close relatives", ()),
    ((2, False, False, False, 0.99), "two close relatives", ("posterior",)),
    ((1, True, False, False, 0.9999), "one and a second method", ()),
    ((1, False, False, False, 0.9999), "none", ("second_close_relative_or_method",)),
    ((0, True, False, False, 0.9999), "none", ("close_relatives",)),
    ((0, False, True, False, 0.9999), "direct match", ()),
    ((2, False, False, True, 0.0), "none", ("excluded_by_lineage", "posterior")),
]


@pytest.mark.parametrize(("grounds", "rule", "missing"), RULE)
def test_the_rule_gate(grounds, rule, missing):
    close, second, direct, excluded, posterior = grounds
    stated = Grounds(posterior, close, second, direct, excluded)
    assert met(stated) == rule
    assert lacking(stated, 0.9995) == missing


# ------------------------------------------------------------------ lines


def test_y_and_mt_exclude_and_weigh_by_counting():
    base = [{"DYS391": "10", "DYS19": "14"}] * 99
    same = compare_y({"DYS391": "11", "DYS19": "14"}, {"DYS391": "11", "DYS19": "14"}, base)
    assert same.verdict == "match"
    # Nobody in 99 shows it: upper bound 1 - 0.05^(1/99).
    assert same.log10 == pytest.approx(-math.log10(1 - 0.05 ** (1 / 99)))
    assert upper(0, 0) == 1.0
    one = {f"DYS{n}": "1" for n in range(5)}
    assert compare_y(one, one | {"DYS0": "2"}).verdict == "inconclusive"
    assert compare_y(one, one | {"DYS0": "2", "DYS1": "2", "DYS2": "2"}).verdict == "exclusion"
    assert compare_y(one, {"DYS99": "1"}) is None
    assert compare_mt(frozenset({"263G"}), frozenset({"263G"})).verdict == "match"
    assert compare_mt(frozenset({"263G"}), frozenset({"263G", "16126C"})).verdict == "inconclusive"
    assert compare_mt(frozenset({"263G", "73G"}), frozenset({"16126C", "150T"})).verdict == "exclusion"


# ------------------------------------------------------------------ what goes wrong, and goes on


def simple(references, *, sex="M", people=None):
    loci = (Locus("L0", ("8", "9", "10"), (0.3, 0.3, 0.4)), Locus("L1", ("8", "9"), (0.5, 0.5)))
    remains = pl.DataFrame(
        {"sample": ["R", "R"], "locus": ["L0", "L1"], "allele_1": ["8", "8"], "allele_2": ["8", "9"]}
    )
    frame = pl.DataFrame(references, schema=["sample", "locus", "allele_1", "allele_2"], orient="row")
    chosen, findings = panel(loci, [remains, frame], mutation=(Mutation(), Mutation()), rare=0.01)
    home = Household(
        "F",
        people or (Person("A", sex="M"), Person("B", sex="F"), Person("X", "A", "B", sex), Person("S", "A", "B", "F")),
        ("X",),
        {"A": "a", "B": "b", "S": "s"},
    )
    whole = engine.Material(
        chosen, code_remains(remains, chosen, noise=Noise()), code_references(frame, chosen), (home,)
    )
    return whole, findings


def test_an_allele_outside_the_table_gets_the_stated_frequency():
    whole, findings = simple([("a", "L0", "8", "17")])
    assert [finding.code for finding in findings] == ["allele_rare"]
    assert whole.loci[0].alleles == ("8", "9", "10", "17")
    assert sum(whole.loci[0].frequencies) == pytest.approx(1.0)


def test_a_locus_outside_the_table_is_left_out_and_said():
    _, findings = simple([("a", "L0", "8", "9"), ("a", "L9", "8", "9")])
    assert [(finding.code, finding.locus) for finding in findings] == [("locus_unknown", "L9")]


def test_a_child_that_contradicts_both_parents_leaves_that_locus_out_for_the_family():
    whole, _ = simple([("a", "L0", "8", "8"), ("b", "L0", "8", "8"), ("s", "L0", "9", "10"), ("a", "L1", "8", "8")])
    found = engine.search(whole)
    assert [(f.code, f.subject, f.locus) for f in found.findings] == [("impossible", "F", "L0")]
    assert found.hits.loci.tolist() == [1]
    assert found.hits.ln[0] == pytest.approx(math.log(0.5 / 0.5))


def test_a_family_that_is_its_own_ancestor_is_left_out_and_the_rest_searched():
    loop = (Person("A", "X", "B", "M"), Person("B", sex="F"), Person("X", "A", "B", "M"))
    whole, _ = simple([("a", "L0", "8", "9")], people=loop)
    found = engine.search(whole)
    assert "own ancestor" in found.findings[0].detail
    assert len(found.hits.ln) == 0


def test_a_relative_whose_amelogenin_contradicts_the_pedigree_is_named():
    whole, _ = simple([("a", "L0", "8", "9"), ("b", "L0", "8", "9"), ("b", "AMEL", "X", "Y")])
    found = engine.search(whole)
    assert [finding.code for finding in found.findings] == ["sex"]


def test_a_man_is_never_a_missing_woman():
    whole, _ = simple([("a", "L0", "8", "9")], sex="F")
    man = pl.DataFrame(
        {
            "sample": ["R", "R"],
            "locus": ["L0", "AMEL"],
            "allele_1": ["8", "X"],
            "allele_2": ["8", "Y"],
        }
    )
    other = engine.Material(
        whole.loci, code_remains(man, whole.loci, noise=Noise()), whole.references, whole.households
    )
    assert len(engine.search(other).hits.ln) == 0
