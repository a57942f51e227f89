"""The persons behind the lists: brothers, twins and namesakes as many as asked, all adults."""

import datetime as dt

import numpy as np
import pytest

from goodoffices.domain.ranks import Rank
from goodoffices.synth.given import given_names
from goodoffices.synth.places import places
from goodoffices.synth.population import RANKS, Kin, draw
from goodoffices.synth.surnames import surnames, to_russian, to_ukrainian

ON = dt.date(2025, 7, 23)


@pytest.fixture(scope="module")
def people():
    return draw(20_000, rng=np.random.default_rng(1), on=ON, kin=Kin())


def test_brothers_share_surname_father_and_place_and_have_two_names(people):
    group = people.family
    assert np.bincount(group[group >= 0]).tolist() == [2] * round(20_000 * 0.014)
    for number in range(0, 280, 7):
        one, two = np.flatnonzero(group == number)
        for column in (people.surname, people.father, people.place, people.female):
            assert column[one] == column[two]
        assert people.given[one] != people.given[two]


def test_twins_are_three_in_a_thousand(people):
    grouped = np.flatnonzero(people.family >= 0)
    order = grouped[np.argsort(people.family[grouped], kind="stable")]
    assert (people.born[order[::2]] == people.born[order[1::2]]).sum() == 60


def test_namesakes_are_at_least_six_in_a_thousand(people):
    keys = np.stack([people.surname, people.given, people.father, people.female], axis=1)
    _, counts = np.unique(keys, axis=0, return_counts=True)
    # Beyond those made, common names meet by chance.
    assert 120 <= (counts - 1).sum() <= 300


def test_all_are_adults(people):
    ages = ((ON - dt.date(1970, 1, 1)).days - people.born) / 365.2425
    assert ages.min() >= 18
    assert ages.max() < 72


def test_women_bear_womens_names(people):
    women = given_names().women > 0
    assert (women[people.given] == people.female).all()
    assert 0.05 < people.female.mean() < 0.07


def test_ranks_are_known_and_rise(people):
    assert [Rank(rank).order for rank in RANKS] == sorted(Rank(rank).order for rank in RANKS)
    assert set(np.unique(people.rank)) == set(range(len(RANKS)))


EQUIVALENTS = [
    ("сергій", "сергей"), ("олексій", "алексей"), ("володимир", "владимир"), ("микола", "николай"), ("олена", "елена"),
    ("дмитро", "дмитрий"), ("опанас", "афанасий"), ("гнат", "игнат"), ("пилип", "филипп"), ("надія", "надежда"),
    ("ганна", "анна"), ("катерина", "екатерина"), ("михайло", "михаил"), ("євген", "евгений"), ("петро", "пётр"),
]  # fmt: skip


@pytest.mark.parametrize(("uk", "ru"), EQUIVALENTS)
def test_a_given_name_has_its_established_equivalent(uk, ru):
    names = given_names().written
    row = next(at for at, spellings in enumerate(names["uk"]) if uk in spellings)
    assert ru in names["ru"][row]


def test_patronymics_end_as_they_must():
    ends = {
        "uk m": ("ович", "евич", "ич", "іч"),
        "uk f": ("івна", "ївна"),
        "ru m": ("ич",),
        "ru f": ("вна", "чна"),
    }
    for kind, words in given_names().patronymics.items():
        for spellings in words:
            assert all(word.endswith(ends[kind]) for word in spellings), (kind, spellings)


RUSSIAN = "ліс/лис бійчук/бийчук журавльов/журавлёв їжак/ижак ґалаґан/галаган"
UKRAINIAN = "рыбалкин/рибалкін елисеев/єлісеев шишкин/шишкін эдин/едін"


@pytest.mark.parametrize("pair", RUSSIAN.split())
def test_letters_turn_russian(pair):
    uk, ru = pair.split("/")
    assert to_russian(uk) == ru


@pytest.mark.parametrize("pair", UKRAINIAN.split())
def test_letters_turn_ukrainian(pair):
    ru, uk = pair.split("/")
    assert to_ukrainian(ru) == uk


def test_surnames_are_many_and_mostly_differ_between_the_languages():
    stock = surnames()
    assert stock.shares.size > 40_000
    assert stock.shares.sum() == pytest.approx(1)
    assert stock.shares.max() < 0.005
    assert len(set(stock.written["uk m"])) > 30_000
    assert (stock.written["uk m"] == stock.written["ru m"]).mean() < 0.5


def test_a_womans_surname_differs_only_by_its_ending():
    stock = surnames()
    for man, woman in zip(stock.written["ru m"][:3000], stock.written["ru f"][:3000], strict=True):
        assert man[:-2] == woman[: len(man) - 2]


def test_one_place_in_six_was_renamed_in_both_languages():
    stock = places()
    renamed = {script: np.array([word is not None for word in stock.former[script]]) for script in ("uk", "ru")}
    assert (renamed["uk"] == renamed["ru"]).all()
    assert 0.14 < renamed["uk"].mean() < 0.19
