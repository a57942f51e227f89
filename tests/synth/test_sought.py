"""Whom one side seeks stands, for the most part, on the other side's list, in other letters."""

import polars as pl
import pytest

from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.held import held_list
from goodoffices.synth.sought import Held, sought_list

HELD = Held(held_list(400, seed=5, script="uk"), 5, "uk")


def test_the_truth_names_one_pair_for_each_person_found():
    sought = sought_list(HELD, persons=500, seed=6, script="ru")
    assert (sought.records.height, sought.truth.height) == (500, 280)
    assert sought.truth["held_ref"].n_unique() == sought.truth["sought_ref"].n_unique() == 280
    assert set(sought.truth["sought_ref"]) <= set(sought.records["ref"])


def test_pairs_of_the_truth_are_one_person_and_others_are_not():
    sought = sought_list(HELD, persons=500, seed=6, script="ru")
    pairs = sought.truth.join(HELD.records, left_on="held_ref", right_on="ref").join(
        sought.records, left_on="sought_ref", right_on="ref", suffix="_sought"
    )
    same = (pairs["birth_date"] == pairs["birth_date_sought"]).mean()
    crossed = (pairs["birth_date"] == pairs["birth_date_sought"].shift(1)).mean()
    assert same > 0.85
    assert crossed < 0.05
    assert (pairs["sex"] == pairs["sex_sought"]).mean() > 0.95


def test_equal_seeds_give_equal_lists():
    first = sought_list(HELD, persons=300, seed=6, script="latin")
    again = sought_list(HELD, persons=300, seed=6, script="latin")
    assert sealed_csv(first.records) == sealed_csv(again.records)
    assert sealed_csv(first.records) != sealed_csv(sought_list(HELD, persons=300, seed=7, script="latin").records)


def test_fewer_rows_than_are_found_are_refused():
    with pytest.raises(ValueError, match="expected 0 to 1 and at least 280"):
        sought_list(HELD, persons=279, seed=6, script="ru")


def test_sought_civilians_have_no_rank_unit_or_number():
    held = Held(held_list(800, seed=1, script="ru"), 1, "ru")
    sought = sought_list(held, persons=700, seed=2, script="uk")
    civilians = held.records.filter(pl.col("category").is_in(["civilian", "child"]))["ref"]
    theirs = sought.truth.filter(pl.col("held_ref").is_in(civilians.to_list()))["sought_ref"]
    rows = sought.records.filter(pl.col("ref").is_in(theirs.to_list()))
    assert rows.height > 20
    assert rows.select("rank", "unit", "service_number").null_count().row(0) == (rows.height,) * 3
