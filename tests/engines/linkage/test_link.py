"""Two lists from end to end: what must hold whoever is on them."""

import numpy as np
import polars as pl
import pytest

from goodoffices.domain.errors import InputError
from goodoffices.engines.linkage import Judgement, Note, Options, link
from goodoffices.engines.linkage.block import SMALL
from goodoffices.synth.people import side_lists

SCHEMA = {"ref": pl.String, "surname": pl.String, "given_name": pl.String, "birth_date": pl.String}


def rng():
    return np.random.default_rng(0)


def refs(made, rows):
    left, right = made.lists.left.refs, made.lists.right.refs
    return {(left[i], right[j]) for i, j in zip(made.pairs.left[rows], made.pairs.right[rows], strict=True)}


def linked(made):
    return refs(made, made.pairs.verdict == "link")


@pytest.fixture(scope="module")
def invented():
    return side_lists(900, seed=3)


@pytest.fixture(scope="module")
def made(invented):
    return link(invented.left, invented.right, rng=rng())


def f1(found, truth):
    return 2 * len(found & truth) / (len(found) + len(truth))


def truth_of(lists):
    return set(lists.truth.select("left_ref", "right_ref").rows())


@pytest.mark.parametrize(("right", "least"), [("ru", 0.98), ("latin", 0.97)])
def test_most_persons_are_linked_and_hardly_anybody_wrongly(right, least):
    lists = side_lists(1500, seed=8, right=right)
    found = linked(link(lists.left, lists.right, rng=rng()))
    assert f1(found, truth_of(lists)) >= least
    assert len(found - truth_of(lists)) <= 0.01 * len(found)


def test_bits_of_the_reasons_sum_to_the_bits_of_the_pair(made):
    pairs = made.pairs
    for row in range(0, pairs.bits.size, 37):
        assert made.evidence(row).bits == pytest.approx(pairs.bits[row], abs=0.11)
        assert pairs.probability[row] == pytest.approx(1 / (1 + 2.0 ** -pairs.bits[row]))


def test_the_three_hypotheses_never_exceed_one(made):
    assert (made.pairs.probability + made.pairs.relative <= 1 + 1e-9).all()


def test_pairs_stand_by_bits(made):
    assert (np.diff(made.pairs.bits) <= 1e-9).all()


def test_the_order_of_rows_does_not_matter(invented, made):
    left = invented.left.sample(fraction=1, shuffle=True, seed=1)
    right = invented.right.sample(fraction=1, shuffle=True, seed=2)
    one, two = linked(made), linked(link(left, right, rng=rng()))
    assert one == two


def test_swapping_the_sides_swaps_the_pairs(invented, made):
    other = {(a, b) for b, a in linked(link(invented.right, invented.left, rng=rng()))}
    assert linked(made) == other


def test_equal_input_gives_equal_output(invented, made):
    again = link(invented.left, invented.right, rng=rng())
    assert np.array_equal(again.pairs.bits, made.pairs.bits)


def test_a_list_against_itself_links_everybody_to_himself(invented):
    made = link(invented.left, invented.left, rng=rng())
    assert {(ref, ref) for ref in invented.left["ref"]} <= linked(made)


def test_duplicates_within_a_list_are_found(invented):
    several = invented.truth.group_by("left_ref").agg("right_ref").filter(pl.col("right_ref").list.len() > 1)
    twice = {tuple(sorted(pair[:2])) for pair in several["right_ref"].to_list()}
    found = {tuple(sorted(pair)) for pair in linked(link(invented.right, rng=rng()))}
    assert twice
    assert len(twice & found) >= 0.8 * len(twice)


def test_one_to_one_links_nobody_twice(invented):
    pairs = linked(link(invented.left, invented.right, rng=rng(), options=Options(one_to_one=True)))
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)


def test_within_a_list_one_to_one_links_nobody_twice(invented):
    pairs = linked(link(invented.right, rng=rng(), options=Options(one_to_one=True)))
    touched = [ref for pair in pairs for ref in pair]
    assert len(set(touched)) == len(touched)


def test_judgements_are_honoured_in_both_directions(invented, made):
    sure = min(linked(made))
    lonely = next(ref for ref in invented.left["ref"] if ref not in {a for a, _ in truth_of(invented)})
    other = next(ref for ref in invented.right["ref"] if ref not in {b for _, b in truth_of(invented)})
    judged = (Judgement(*sure, same=False), Judgement(lonely, other, same=True))
    again = link(invented.left, invented.right, rng=rng(), options=Options(judgements=judged))
    assert sure not in linked(again)
    assert (lonely, other) in linked(again)
    row = next(k for k in range(again.pairs.bits.size) if again.pairs.judged[k] > 0)
    assert again.evidence(row).reasons[-1].code == "judged_same"


def test_a_judgement_on_nobody_is_a_fault(invented):
    judged = (Judgement("Z-1", "Z-2", same=True),)
    with pytest.raises(InputError, match="Z-1"):
        link(invented.left, invented.right, rng=rng(), options=Options(judgements=judged))


def test_a_small_list_says_that_it_rests_on_the_priors():
    lists = side_lists(50, seed=2)
    made = link(lists.left, lists.right, rng=rng())
    assert made.notes[0][0] is Note.PRIORS
    truth = truth_of(lists)
    assert len(linked(made) & truth) >= 0.8 * len(truth)
    assert not linked(made) - truth


def table(rows):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_all_identical_records_link_nobody_and_are_named():
    same = table([(str(k), "Коваль", "Іван", "1990-05-05") for k in range(1500)])
    assert same.height**2 > SMALL
    made = link(same, same, rng=rng())
    assert not linked(made)
    assert (Note.IDENTICAL, 1500.0) in made.notes


def test_a_few_identical_records_link_nobody_either():
    same = table([(str(k), "Коваль", "Іван", "1990-05-05") for k in range(60)])
    assert not linked(link(same, same, rng=rng()))


def test_lists_without_a_common_person_link_nobody():
    one, other = side_lists(400, seed=11), side_lists(400, seed=12)
    assert len(linked(link(one.left, other.right, rng=rng()))) <= 1


def test_names_in_one_field_in_the_other_order_are_enough():
    lists = side_lists(400, seed=4)
    whole = lists.right.with_columns(
        pl.concat_str("given_name", "patronymic", "surname", separator=" ", ignore_nulls=True).alias("full_name"),
        *(pl.lit(None, pl.String).alias(column) for column in ("surname", "given_name", "patronymic")),
    )
    assert f1(linked(link(lists.left, whole, rng=rng())), truth_of(lists)) > 0.95


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "no records"),
        ([("1", None, None, "1990"), ("2", " ", "", None)], "no name"),
        ([("1", "А", "Б", None)] * 2, "twice"),
    ],
)
def test_a_list_that_cannot_be_linked_is_refused(rows, told):
    good = table([("1", "Коваль", "Іван", None)])
    with pytest.raises(InputError, match=told):
        link(table(rows), good, rng=rng())
    with pytest.raises(InputError, match=told):
        link(good, table(rows), rng=rng())


def test_a_list_with_names_alone_still_links():
    one = table([("1", "Вишняцький", "Іван", None), ("2", "Коваль", "Петро", None)])
    made = link(one, one, rng=rng(), options=Options(least=0.0))
    left, right = made.lists.left.refs, made.lists.right.refs
    best = {
        (left[i], right[j]): p
        for i, j, p in zip(made.pairs.left, made.pairs.right, made.pairs.probability, strict=True)
    }
    assert best["1", "1"] > best.get(("1", "2"), 0.0)
