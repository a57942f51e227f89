"""Partial dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodoffices.domain.dates import PartialDate, parse_partial, whole_years

days = st.dates(dt.date(1850, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1990", dt.date(1990, 1, 1), dt.date(1990, 12, 31)),
        ("1988-02", dt.date(1988, 2, 1), dt.date(1988, 2, 29)),
        ("1988-02-03", dt.date(1988, 2, 3), dt.date(1988, 2, 3)),
    ],
)
def test_a_partial_date_allows_a_span_of_days(text, first, last):
    date = parse_partial(text)
    assert (date.first, date.last, str(date)) == (first, last, text)


@pytest.mark.parametrize("text", ["", "90", "1990-13", "1990-02-30", "1990-1-1", "1990-00-01", "01.01.1990"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_partial(text)


@given(days)
def test_a_day_reads_back(day):
    date = PartialDate(day.year, day.month, day.day)
    assert parse_partial(str(date)) == date
    assert date.first == date.last == day


@given(days, days)
def test_whole_years_counts_birthdays(born, on):
    years = whole_years(born, on)
    passed = sum(
        (year, born.month, born.day) <= (on.year, on.month, on.day) for year in range(born.year + 1, on.year + 1)
    )
    assert years == passed if on >= born else years < 0
