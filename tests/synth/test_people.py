"""Invented people are the same for the same seed, and the truth beside them is true."""

from dataclasses import fields, replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.dates import parse_partial
from goodoffices.domain.tables import RECORDS
from goodoffices.synth.habits import Habits
from goodoffices.synth.people import side_lists

NAMES = ("surname", "given_name", "patronymic")
FAULTLESS = replace(Habits(), **{field.name: 0.0 for field in fields(Habits)})
PAIRS = [("uk", "ru"), ("uk", "latin"), ("ru", "latin"), ("latin", "latin")]


def matched(lists, *columns):
    """Give the true pairs with these columns of both sides."""
    left, right = (frame.select("ref", *columns) for frame in (lists.left, lists.right))
    joined = lists.truth.join(left, left_on="left_ref", right_on="ref")
    return joined.join(right, left_on="right_ref", right_on="ref", suffix="_right")


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_one_seed_gives_one_pair_of_lists(left, right):
    once, again = (side_lists(300, seed=5, left=left, right=right) for _ in range(2))
    assert once.left.equals(again.left)
    assert once.right.equals(again.right)
    assert once.truth.equals(again.truth)
    assert not once.left.equals(side_lists(300, seed=6, left=left, right=right).left)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.floats(0, 1), st.sampled_from(PAIRS), st.integers(0, 2**32))
def test_lists_have_the_declared_form_and_size(persons, overlap, scripts, seed):
    lists = side_lists(persons, seed=seed, left=scripts[0], right=scripts[1], overlap=overlap)
    for frame in (lists.left, lists.right):
        assert frame.schema == pl.Schema(RECORDS.columns)
        assert frame.height == persons
        assert frame["ref"].n_unique() == persons
        assert frame.null_count().select("ref", "sex").row(0) == (0, 0)
        for date in frame["birth_date"].drop_nulls():
            assert 1960 <= parse_partial(date).year <= 2020 or Habits().date_year > 0
    assert lists.truth.unique().height == lists.truth.height
    assert set(lists.truth["left_ref"]) <= set(lists.left["ref"])
    assert set(lists.truth["right_ref"]) <= set(lists.right["ref"])


def test_a_list_keeper_without_faults_writes_the_same_person_the_same_way():
    lists = side_lists(3000, seed=4, left="uk", right="uk", habits=FAULTLESS)
    columns = [*NAMES, "sex", "birth_date", "birth_place", "service_number", "rank", "unit"]
    pairs = matched(lists, *columns)
    assert pairs.height == round(3000 * 0.7)
    for column in columns:
        assert pairs[column].null_count() == 0
        assert pairs[column].equals(pairs[f"{column}_right"])


def test_the_truth_is_what_the_service_numbers_say():
    """Without faults a person is known by number and name alone: a second way to the same pairs."""
    lists = side_lists(3000, seed=4, habits=replace(FAULTLESS, duplicates=0.05))
    keys = ["service_number", "birth_date", "sex", "rank", "unit"]
    found = lists.left.join(lists.right, on=keys, suffix="_right").select(left_ref="ref", right_ref="ref_right")
    assert found.sort("left_ref", "right_ref").equals(lists.truth)


def test_every_record_of_a_person_listed_twice_is_in_the_truth():
    lists = side_lists(2000, seed=9, overlap=1.0, habits=replace(Habits(), duplicates=0.05))
    twice = lists.truth.group_by("left_ref").len().filter(pl.col("len") == 2).height
    # 95 persons are on the right list twice; each of their left records meets both.
    assert 95 <= twice <= 120
    assert lists.truth["left_ref"].n_unique() == 2000


@pytest.mark.parametrize("overlap", [0.0, 0.25, 1.0])
def test_the_overlap_is_what_was_asked(overlap):
    lists = side_lists(1000, seed=2, overlap=overlap, habits=replace(Habits(), duplicates=0.0))
    assert lists.truth.height == 1000 * overlap


def test_swapping_the_scripts_swaps_nothing_but_the_letters():
    """Neither script is the first: each stands on either side with the same persons."""
    lists = side_lists(500, seed=3, left="uk", right="ru", habits=FAULTLESS)
    swapped = side_lists(500, seed=3, left="ru", right="uk", habits=FAULTLESS)
    assert lists.truth.equals(swapped.truth)
    for column in ("birth_date", "service_number", "unit", "rank", "sex"):
        assert lists.left[column].equals(swapped.left[column])


CYRILLIC_UK, CYRILLIC_RU, LATIN = r"^[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ'’.-]+$", r"^[А-ЯЁа-яё.-]+$", r"^[A-Za-zÀ-žʹ.' -]+$"


@pytest.mark.parametrize(("script", "letters"), [("uk", CYRILLIC_UK), ("ru", CYRILLIC_RU), ("latin", LATIN)])
def test_names_are_in_the_letters_asked(script, letters):
    frame = side_lists(5000, seed=8, left=script, right=script).left
    for column in NAMES:
        wrong = frame[column].drop_nulls().filter(~frame[column].drop_nulls().str.contains(letters))
        assert wrong.to_list() == []


RATES = [
    ("no_number", "service_number", lambda told: told.is_null()),
    ("no_unit", "unit", lambda told: told.is_null()),
    ("no_place", "birth_place", lambda told: told.is_null()),
    ("no_patronymic", "patronymic", lambda told: told.is_null()),
    ("no_given", "given_name", lambda told: told.is_null()),
    ("no_rank", "rank", lambda told: told.is_null()),
    ("no_date", "birth_date", lambda told: told.is_null()),
    ("date_partial", "birth_date", lambda told: told.str.len_chars() < 10),
    ("date_january", "birth_date", lambda told: told.str.ends_with("-01-01")),
    ("initials", "patronymic", lambda told: told.str.ends_with(".")),
    ("region", "birth_place", lambda told: told.str.contains(" область")),
    ("one_field", "full_name", lambda told: told.is_not_null()),
]


@pytest.mark.parametrize(("rate", "column", "told"), RATES, ids=[rate for rate, _, _ in RATES])
def test_a_habit_is_as_frequent_as_its_rate(rate, column, told):
    habits = replace(FAULTLESS, at_home=1.0, **{rate: 0.2})
    frame = side_lists(6000, seed=1, habits=habits).left
    share = told(frame[column]).mean()
    assert 0.18 < share < 0.22


CHANGES = [
    ("typo_surname", "surname", 0.2), ("typo_given", "given_name", 0.2), ("typo_patronymic", "patronymic", 0.2),
    ("typo_place", "birth_place", 0.2), ("typo_number", "service_number", 0.2), ("typo_unit", "unit", 0.2),
    ("other_rank", "rank", 0.2), ("other_unit", "unit", 0.2), ("other_place", "birth_place", 0.2),
    ("swapped", "surname", 0.2), ("swapped_patronymic", "given_name", 0.2), ("date_wrong", "birth_date", 0.2),
    ("date_year", "birth_date", 0.2), ("date_digit", "birth_date", 0.2),
    ("date_swapped", "birth_date", 0.2 * 11 / 30.4),
]  # fmt: skip


@pytest.mark.parametrize(("rate", "column", "expected"), CHANGES, ids=[rate for rate, _, _ in CHANGES])
def test_an_error_changes_as_many_records_as_its_rate(rate, column, expected):
    """Two lists in one script: pairs differ if either side erred."""
    habits = replace(FAULTLESS, at_home=1.0, **{rate: 0.2})
    pairs = matched(side_lists(6000, seed=1, left="ru", right="ru", habits=habits), column)
    differ = (pairs[column] != pairs[f"{column}_right"]).mean()
    either = 1 - (1 - expected) ** 2
    # A slip may leave a word as it was (a doubled letter swapped with itself).
    assert 0.8 * either < differ < 1.08 * either


def test_ones_own_side_writes_with_more_care():
    habits = replace(FAULTLESS, at_home=0.25, papers_ru=0.0, no_unit=0.4)
    lists = side_lists(5000, seed=1, habits=habits)
    assert 0.08 < lists.left["unit"].is_null().mean() < 0.12
    assert 0.37 < lists.right["unit"].is_null().mean() < 0.43


def test_one_field_holds_all_names_in_order():
    frame = side_lists(200, seed=1, habits=replace(FAULTLESS, one_field=1.0)).left
    plain = side_lists(200, seed=1, habits=FAULTLESS).left
    assert frame.select(NAMES).null_count().row(0) == (200, 200, 200)
    assert frame["full_name"].equals(plain.select(pl.concat_str(NAMES, separator=" ").alias("full_name"))["full_name"])


@pytest.mark.parametrize("persons", [0, -3])
def test_no_persons_are_refused(persons):
    with pytest.raises(ValueError, match="expected at least 1"):
        side_lists(persons, seed=1)


def test_an_overlap_above_one_is_refused():
    with pytest.raises(ValueError, match=r"overlap 1\.5"):
        side_lists(10, seed=1, overlap=1.5)


def test_another_script_is_refused():
    with pytest.raises(ValueError, match="expected one of uk, ru, latin"):
        side_lists(10, seed=1, right="greek")
