"""A slip is one mistake, and a miswritten date is still a date."""

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from goodoffices.domain.dates import parse_partial
from goodoffices.synth.arrays import texts
from goodoffices.synth.habits import Habits
from goodoffices.synth.slips import birth_dates, slip, slip_digit, slip_some

LETTERS = {
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "latin": "abcdefghijklmnoprstuvwyz",
}
SCRIPTED = st.sampled_from(sorted(LETTERS)).flatmap(
    lambda script: st.tuples(st.just(script), st.text(LETTERS[script], min_size=2, max_size=14))
)
ONLY_WRONG = Habits(
    no_date=0, date_swapped=0.2, date_january=0.1, date_digit=0.3, date_year=0.2, date_wrong=0.1, date_partial=0.1
)


@settings(max_examples=200, deadline=None)
@given(SCRIPTED, st.integers(0, 2**32))
def test_a_slip_is_one_edit_at_most_in_the_same_letters(scripted, seed):
    script, word = scripted
    slipped = slip(word, np.random.default_rng(seed), script=script)
    assert OSA.distance(word, slipped) <= 1
    assert set(slipped) <= set(LETTERS[script])


def test_a_single_letter_stays():
    assert slip("я", np.random.default_rng(0), script="uk") == "я"


def test_empty_cells_stay_empty():
    rng = np.random.default_rng(0)
    assert slip_some(texts([None, None]), rng, 1.0, script="ru").tolist() == [None, None]
    assert slip_digit(texts([None, "АБ"]), rng, 1.0).tolist() == [None, "АБ"]


def test_a_digit_slip_changes_one_digit():
    column = texts(f"АВ-{number:06d}" for number in range(500))
    for before, after in zip(column, slip_digit(column, np.random.default_rng(1), 1.0), strict=True):
        assert sum(one != two for one, two in zip(before, after, strict=True)) == 1
        assert after[:3] == "АВ-"


@settings(max_examples=100, deadline=None)
@given(st.dates(dt.date(1940, 1, 1), dt.date(2015, 12, 31)), st.integers(0, 2**32))
def test_a_miswritten_date_is_a_date(day, seed):
    born = np.full(40, (day - dt.date(1970, 1, 1)).days)
    for text in birth_dates(born, np.random.default_rng(seed), ONLY_WRONG, care=np.ones(40)):
        assert str(parse_partial(text)) == text


def test_a_faultless_keeper_writes_the_day():
    born = np.array([0, -1, 11_016])
    habits = Habits()
    written = birth_dates(born, np.random.default_rng(1), habits, care=np.full(3, 1e-12))
    assert written.tolist() == ["1970-01-01", "1969-12-31", "2000-02-29"]


def test_day_and_month_change_places():
    born = np.full(50, (dt.date(1990, 3, 7) - dt.date(1970, 1, 1)).days)
    habits = Habits(no_date=0.0, date_swapped=1.0)
    assert set(birth_dates(born, np.random.default_rng(1), habits, care=np.ones(50))) == {"1990-07-03"}
