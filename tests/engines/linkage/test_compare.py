"""Fields are compared by the slip that would turn one into the other."""

import numpy as np
import polars as pl
import pytest

from goodoffices.engines.linkage.compare import Comparer
from goodoffices.engines.linkage.dates import date_levels
from goodoffices.engines.linkage.fields import BIRTH, FIELDS, NAMES
from goodoffices.engines.linkage.people import lists

BASE = {
    "surname": "Петренко",
    "given_name": "Олексій",
    "patronymic": "Сергійович",
    "sex": "m",
    "birth_date": "1987-03-25",
    "birth_place": "Бахмут",
    "service_number": "АВ-123456",
    "rank": "sergeant",
    "unit": "А1234",
    "captured_on": "2024-05-01",
}


def frame(**changes):
    row = {"ref": "1"} | BASE | changes
    return pl.DataFrame({key: [value] for key, value in row.items()}, schema=dict.fromkeys(row, pl.String))


def level(field, left, right):
    compared = Comparer(lists(frame(**left), frame(**right)))(np.array([0]), np.array([0]))
    column = NAMES.index(field)
    number = int(compared.levels[0, column])
    return FIELDS[column].levels[number - 1].code if number else None


@pytest.mark.parametrize(
    ("field", "left", "right", "expected"),
    [
        ("surname", "Петренко", "Петренко", "same_sound"),
        ("surname", "Петренко", "Petrenko", "same_sound"),
        ("surname", "Ковальський", "Ковальская", "same_folded"),
        ("surname", "Петренко", "Петренка", "alike"),
        ("surname", "Петренко", "Птеренко", "alike"),
        ("surname", "Петренко", "Зінчук", "differs"),
        ("surname", "Шевченко (Коваль)", "Коваль", "part_of_double"),
        ("surname", "Нечуй-Левицький", "Левицький", "part_of_double"),
        ("surname", "Петренко", None, None),
        ("given_name", "Олексій", "Алексей", "same_name"),
        ("given_name", "Олексій", "Oleksij", "same_sound"),
        ("given_name", "Олексій", "Льоша", "short_form"),
        ("given_name", "Олексій", "А.", "initial_agrees"),
        ("given_name", "Олексій", "С.", "initial_differs"),
        ("given_name", "Олексій", "Олександр", "other_name"),
        ("given_name", "Олексій", "Олкесій", "alike"),
        ("given_name", None, "Олексій", None),
        ("patronymic", "Сергійович", "Сергеевич", "same_name"),
        ("patronymic", "Сергійович", "Sergijovyč", "same_sound"),
        ("patronymic", "Сергійович", "С.", "initial_agrees"),
        ("patronymic", "Сергійович", "Олексійович", "father_is_other"),
        ("patronymic", "Сергійович", "Петрович", "differs"),
        ("birth_place", "Артемівськ", "г. Бахмут", "same"),
        ("birth_place", "Великоолексіївка", "Велика Олексіївка", "alike"),
        ("birth_place", "Бахмут", "Львів", "differs"),
        ("unit", "А1234", "в/ч A1234", "same"),
        ("unit", "А1234", "1234", "same_number"),
        ("unit", "А1234", "А9876", "differs"),
        ("service_number", "АВ-123456", "AB 123456", "same"),
        ("service_number", "АВ-123456", "АВ-123756", "one_slip"),
        ("service_number", "АВ-123456", "АВ-132456", "one_slip"),
        ("service_number", "АВ-123456", "АВ-654321", "differs"),
        ("rank", "sergeant", "сержант", "same"),
        ("rank", "sergeant", "colonel", "differs"),
        ("sex", "m", "f", "differs"),
        ("captured_on", "2024-05-01", "2024-05-03", "near_days"),
        ("captured_on", "2024-05-01", "2024-05", None),
    ],
)
def test_each_kind_of_agreement_is_named(field, left, right, expected):
    assert level(field, {field: left}, {field: right}) == expected


def test_surname_and_given_name_that_changed_places_are_seen():
    left, right = {"surname": "Немидян", "given_name": "Вардгес"}, {"surname": "Вардгес", "given_name": "Немидян"}
    assert level("surname", left, right) == "swapped"
    assert level("given_name", left, right) == "swapped"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1987-03-25", "1987-03-25", "same_day"),
        ("1987-01-01", "1987-01-01", "first_of_january"),
        ("1987-03-05", "1987-05-03", "day_month_swapped"),
        ("1987-03-25", "1987-03-24", "one_digit"),
        ("1987-03-25", "1977-03-25", "one_digit"),
        ("1987-03-25", "1978-03-25", "digits_swapped"),
        ("1987-03-12", "1987-03-21", "digits_swapped"),
        ("1999-03-25", "2001-03-25", "same_day_other_year"),
        ("1987-03-25", "1987-03", "same_month"),
        ("1987-03-25", "1987", "same_year_partly"),
        ("1987-03-25", "1987-01-01", "same_year_partly"),
        ("1987-03-25", "1987-03-08", "year_and_part"),
        ("1987-03-25", "1987-10-08", "same_year"),
        ("1987-03-25", "1989-10-08", "near_years"),
        ("1987-03-25", "1969-10-08", "differs"),
        ("1987-03-25", "", None),
    ],
)
def test_each_slip_of_a_date_is_named(one, other, expected):
    def parts(text):
        numbers = [int(part) for part in text.split("-")] if text else []
        return tuple(np.array([value]) for value in (*numbers, 0, 0, 0)[:3])

    for a, b in ((one, other), (other, one)):
        number = int(date_levels(parts(a), parts(b))[0])
        assert (BIRTH.levels[number - 1].code if number else None) == expected


def test_a_rare_value_agreed_counts_for_more_than_a_common_one():
    rows = 400
    common = pl.DataFrame(
        {"ref": [str(k) for k in range(rows)], "surname": ["Коваль"] * (rows - 1) + ["Вишняцький"]},
        schema={"ref": pl.String, "surname": pl.String},
    )
    both = lists(common, common)
    compared = Comparer(both)(np.array([0, rows - 1]), np.array([1, rows - 1]))
    assert compared.rarity[1, 0] > compared.rarity[0, 0] + 5
