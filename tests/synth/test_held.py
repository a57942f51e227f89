"""A held list has what an exchange asks of it, and its columns agree with one another."""

import datetime as dt

import polars as pl
import pytest

from goodoffices.domain.lists import Category, Health, Sex, Status
from goodoffices.domain.ranks import Rank
from goodoffices.domain.tables import RECORDS
from goodoffices.synth.people import held_list

ON = dt.date(2025, 7, 23)


@pytest.fixture(scope="module", params=["uk", "ru", "latin"])
def held(request):
    return held_list(6000, seed=3, script=request.param)


def with_ages(held):
    day = pl.col("birth_date").str.to_date(strict=False)
    return held.with_columns(age=(pl.lit(ON) - day).dt.total_days() / 365.2425)


def test_one_seed_gives_one_list(held):
    script = {"UK": "uk", "RU": "ru", "LA": "latin"}[held["ref"][0][:2]]
    assert held.equals(held_list(6000, seed=3, script=script))
    assert not held.equals(held_list(6000, seed=4, script=script))


def test_it_has_the_declared_form_sorted_by_ref(held):
    assert held.schema == pl.Schema(RECORDS.columns)
    assert held["ref"].is_sorted()
    assert held["ref"].n_unique() == 6000


def test_closed_words_are_those_of_the_contract(held):
    for column, words in (("category", Category), ("health", Health), ("status", Status), ("sex", Sex)):
        assert set(held[column]) == {word.value for word in words}
    assert set(held["requested"]) == {None, "1", "2", "3"}
    assert set(held["withheld"]) == {None, "yes", "no"}
    assert set(held["fit_to_travel"]) == {None, "yes", "no"}
    assert {Rank(rank) for rank in held["rank"].drop_nulls()} >= {Rank.PRIVATE, Rank.CAPTAIN, Rank.COLONEL}


def test_every_column_but_full_name_is_used(held):
    empty = [column for column in held.columns if held[column].null_count() == held.height]
    assert empty == ["full_name"]


def test_twelve_places_of_detention(held):
    assert held["held_at"].n_unique() == 12
    assert held["held_at"].null_count() == 0


def test_only_soldiers_have_rank_unit_and_number(held):
    others = held.filter(pl.col("category").is_in(["civilian", "child"]))
    for column in ("rank", "unit", "service_number"):
        assert others[column].null_count() == others.height
    assert held.filter(pl.col("category") == "military")["rank"].null_count() == 0


def test_ages_fit_the_category(held):
    aged = with_ages(held).filter(pl.col("age").is_not_null())
    assert aged.filter(pl.col("category") == "child")["age"].max() < 18.1
    assert aged.filter(pl.col("category") != "child")["age"].min() > 17
    young = aged.filter(pl.col("category") == "military")["age"] < 25
    assert 0.2 < young.mean() < 0.35


def test_nobody_is_a_high_officer_too_young(held):
    high = with_ages(held).filter(pl.col("rank").is_in(["lieutenant_colonel", "colonel"]))
    assert high.filter(pl.col("age") < 27).height <= high.height * 0.05  # brothers keep their days


def test_captures_lie_within_the_war(held):
    days = held["captured_on"].drop_nulls()
    assert days.min() >= "2022-02"
    assert days.max() < "2025-07-23"


def test_a_family_is_two_or_more_and_mostly_in_one_place(held):
    families = held.filter(pl.col("family").is_not_null()).group_by("family")
    counts = families.agg(pl.len(), pl.col("held_at").n_unique().alias("sites"))
    assert counts["len"].min() >= 2
    assert counts.height > 40
    assert (counts["sites"] == 1).mean() > 0.7


def test_a_child_has_an_adult(held):
    for family in held.filter(pl.col("category") == "child")["family"]:
        assert "civilian" in held.filter(pl.col("family") == family)["category"].to_list()


def test_whoever_is_not_fit_to_travel_is_mostly_ill_or_wounded(held):
    unfit = held.filter(pl.col("fit_to_travel") == "no")
    assert unfit.height > 50
    assert (unfit["health"] == "fit").mean() < 0.2


def test_sizes_from_one_person_on():
    for persons in (1, 2, 3, 10, 100):
        for script in ("uk", "ru", "latin"):
            assert held_list(persons, seed=persons, script=script).height == persons


def test_no_persons_and_other_scripts_are_refused():
    with pytest.raises(ValueError, match="expected at least 1"):
        held_list(0, seed=1, script="uk")
    with pytest.raises(ValueError, match="expected one of uk, ru, latin"):
        held_list(10, seed=1, script="greek")
