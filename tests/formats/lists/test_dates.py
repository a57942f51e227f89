"""Dates that people argue about: what is written, what is read, what is doubtful in it, and why."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.formats.lists.dates import Calendar, Doubt, Order, order_of, read_number, read_text
from goodoffices.formats.lists.vocabulary import months

CALENDAR = Calendar(dt.date(2026, 11, 22))

WRITTEN = [
    ("11.07.1984", "1984-07-11", None, "dots: the day first, in all four languages"),
    ("7.1.1984", "1984-01-07", None, "without leading zeros"),
    ("11. 07. 1984", "1984-07-11", None, "spaces after the dots"),
    ("11,07,1984", "1984-07-11", None, "commas where dots were meant"),
    ("1984-07-11", "1984-07-11", None, "ISO"),
    ("1984/07/11", "1984-07-11", None, "year first, slashes: no doubt about the order"),
    ("1984.07.11", "1984-07-11", None, "year first, dots"),
    ("1984-07-11 00:00:00", "1984-07-11", None, "a time of day from a database"),
    ("1984-07-11T00:00:00Z", "1984-07-11", None, "the same by machine"),
    ("07.1984", "1984-07", None, "month and year"),
    ("1984-07", "1984-07", None, "ISO month"),
    ("1984", "1984", None, "a year"),
    ("1984 г.", "1984", None, "Russian: year"),
    ("1984 г.р.", "1984", None, "Russian: of birth"),
    ("1984 р.н.", "1984", None, "Ukrainian: of birth"),
    ("1984 року народження", "1984", None, "Ukrainian in full"),
    ("1984 doğumlu", "1984", None, "Turkish: born"),
    ("05.06.1976 г.", "1976-06-05", None, "a day with the word year"),
    ("1 квітня 1973 р.", "1973-04-01", None, "Ukrainian month"),
    ("«11» липня 1984 року", "1984-07-11", None, "a form's quotation marks"),
    ("11 июля 1984 года", "1984-07-11", None, "Russian month"),
    ("11 МАРТА 1984", "1984-03-11", None, "capitals"),
    ("30 Ağustos 1998", "1998-08-30", None, "Turkish month"),
    ("30 AĞUSTOS 1998", "1998-08-30", None, "Turkish capitals"),
    ("4 Kasım 1997", "1997-11-04", None, "dotless i"),
    ("4 KASIM 1997", "1997-11-04", None, "its capital is the plain I"),
    ("4 kasim 1997", "1997-11-04", None, "typed without Turkish letters"),
    ("11 July 1984", "1984-07-11", None, "English month"),
    ("July 11, 1984", "1984-07-11", None, "American order in words is no doubt"),
    ("11th of July 1984", "1984-07-11", None, "an ordinal"),
    ("11-Jul-84", "1984-07-11", None, "abbreviated, two digits: 2084 is not yet"),
    ("11 лип. 1984", "1984-07-11", None, "Ukrainian abbreviation"),
    ("11 Tem 1984", "1984-07-11", None, "Turkish abbreviation"),
    ("липень 1984", "1984-07", None, "month and year in words"),
    ("11.VII.1984", "1984-07-11", None, "Roman month"),
    ("11/IV-1984", "1984-04-11", None, "Roman month in a clerk's form"),
    ("28/05/86", "1986-05-28", None, "28 is no month; 2086 is not yet"),
    ("05/01/1998", "1998-01-05", Doubt.SWAPPABLE, "alone: 5 January or 1 May"),
    ("05-01-1998", "1998-01-05", Doubt.SWAPPABLE, "the same with hyphens"),
    ("05.01.1998", "1998-01-05", None, "dots are never American"),
    ("05/05/1998", "1998-05-05", None, "equal either way"),
    ("04/23/1998", "1998-04-23", Doubt.MONTH_FIRST, "23 is no month"),
    ("01.02.12", "2012-02-01", Doubt.TWO_DIGITS, "a child of 14, or a man of 114"),
    ("1979?", "1979", Doubt.UNCERTAIN_YEAR, "the holder is not sure"),
    ("~1979", "1979", Doubt.UNCERTAIN_YEAR, "about"),
    ("около 1979 г.", "1979", Doubt.UNCERTAIN_YEAR, "about, Russian"),
    ("бл. 1979", "1979", Doubt.UNCERTAIN_YEAR, "about, Ukrainian"),
    ("yaklaşık 1979", "1979", Doubt.UNCERTAIN_YEAR, "about, Turkish"),
    ("c. 1979", "1979", Doubt.UNCERTAIN_YEAR, "circa"),
    ("1979 (?)", "1979", Doubt.UNCERTAIN_YEAR, "in brackets"),
    ("11.07.1984?", "1984-07-11", Doubt.UNCERTAIN, "a whole date that is not sure"),
    ("00.07.1984", "1984-07", Doubt.ZERO, "zero: the day is not known"),
    ("00.00.1984", "1984", Doubt.ZERO, "only the year is known"),
    ("??.07.1984", "1984-07", Doubt.ZERO, "marks instead of zeros"),
    ("xx.xx.1984", "1984", Doubt.ZERO, "marks instead of zeros"),
    ("19840711", "1984-07-11", Doubt.COMPACT, "year first: 1984 is likely, 711 is not"),
    ("11071984", "1984-07-11", Doubt.COMPACT, "day first: 1107 is no likely year"),
    ("36233", "1999-03-14", Doubt.SERIAL, "a spreadsheet's serial day in a text"),
    ("29.02.2000", "2000-02-29", None, "a leap year by the rule of 400"),
    ("12.05.2091", "2091-05-12", None, "a date all the same; that it lies ahead is the list's fault"),
]
NOT_WRITTEN = [
    ("31.02.1988", "February has no 31st"),
    ("29.02.1900", "1900 was no leap year"),
    ("13.13.1990", "no thirteenth month"),
    ("05.13.1998", "dots are never American, so there is no month"),
    ("24/13/1998", "no month either way"),
    ("1979-1980", "two years"),
    ("1979/80", "two years"),
    ("10111012", "neither order gives a likely year"),
    ("11 07", "no year"),
    ("11 липня", "no year"),
    ("32 липня 1984", "no such day"),
    ("11.00.1984", "a day without its month"),
    ("25 років", "an age is no date"),
    ("в/ч 1984", "a unit"),
    ("12 ма 1984", "March or May"),
    ("липень червень 1984", "two months"),
    ("довідка 11.07.1984 № 5", "a date inside a sentence"),
]


@pytest.mark.parametrize(("text", "read", "doubt", "why"), WRITTEN, ids=[case[0] for case in WRITTEN])
def test_a_date_is_read_as_its_writer_meant_it(text, read, doubt, why):
    found = read_text(text, CALENDAR)
    assert found is not None, why
    assert (str(found.date), found.doubt) == (read, doubt), why


@pytest.mark.parametrize(("text", "why"), NOT_WRITTEN, ids=[case[0] for case in NOT_WRITTEN])
def test_what_is_no_date_is_not_read_as_one(text, why):
    assert read_text(text, CALENDAR) is None, why


NUMBERS = [
    (36233.0, "1999-03-14", "a serial day of the 1900 system"),
    (36233.75, "1999-03-14", "with a time of day"),
    (1984, "1984", "a year typed as a number is no day of 1905"),
    (1.0, "1899-12-31", "the first serial day"),
    (19840711, "1984-07-11", "digits without separators"),
    (7101984, "1984-10-07", "their leading zero is lost"),
]


@pytest.mark.parametrize(("number", "read", "why"), NUMBERS)
def test_a_bare_number_is_read_as_a_year_or_a_serial_day(number, read, why):
    found = read_number(number, CALENDAR)
    assert found is not None
    assert str(found.date) == read, why


def test_numbers_beyond_any_day_are_no_dates():
    assert read_number(90_000, CALENDAR) is None
    assert read_number(-5, CALENDAR) is None


def test_a_workbook_may_count_from_1904():
    found = read_number(34771, Calendar(dt.date(2026, 1, 1), is_1904=True))
    assert str(found.date) == "1999-03-14"


def test_a_column_with_a_day_above_twelve_settles_the_order():
    assert order_of(["05/01/1998", "28/12/1991"]) is Order.DAY_FIRST
    assert order_of(["05/01/1998", "12/28/1991"]) is Order.MONTH_FIRST
    assert order_of(["05/01/1998"]) is Order.UNKNOWN
    assert order_of(["28/12/1991", "12/28/1991"]) is Order.UNKNOWN
    assert order_of(["28.12.1991", "not a date"]) is Order.UNKNOWN


def test_the_settled_order_reads_the_rest_of_the_column():
    day_first = Calendar(CALENDAR.today, Order.DAY_FIRST)
    month_first = Calendar(CALENDAR.today, Order.MONTH_FIRST)
    assert (str(read_text("05/01/1998", day_first).date), read_text("05/01/1998", day_first).doubt) == (
        "1998-01-05",
        None,
    )
    assert str(read_text("05/01/1998", month_first).date) == "1998-05-01"
    assert read_text("05/01/1998", month_first).doubt is Doubt.MONTH_FIRST


def test_a_capture_in_a_recent_year_of_two_digits_is_not_doubtful():
    capture = Calendar(CALENDAR.today, is_birth=False)
    assert read_text("14.03.22", capture).doubt is None
    assert str(read_text("14.03.22", capture).date) == "2022-03-14"


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 22)), st.sampled_from(sorted(months())))
def test_every_day_reads_back_from_each_of_its_spellings(day, name):
    month = months()[name]
    spelled = [f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y%m%d}"]
    for text in spelled:
        assert str(read_text(text, CALENDAR).date) == str(day)
    in_words = read_text(f"{day.day} {name} {day.year}", CALENDAR)
    try:
        wanted = str(dt.date(day.year, month, day.day))
    except ValueError:
        assert in_words is None
    else:
        assert str(in_words.date) == wanted


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    read_text(text, CALENDAR)
