"""Ranks are read as lists write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodoffices.domain.ranks import WORDS, Rank, plain, rank_of


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("captain", Rank.CAPTAIN),
        ("lieutenant_colonel", Rank.LIEUTENANT_COLONEL),
        ("Підполковник", Rank.LIEUTENANT_COLONEL),
        ("п/п-к", Rank.LIEUTENANT_COLONEL),
        ("ПОДПОЛКОВНИК", Rank.LIEUTENANT_COLONEL),
        ("ст. л-т", Rank.SENIOR_LIEUTENANT),
        ("старшина II статьи", Rank.JUNIOR_SERGEANT),
        ("старшина 2-ї статті", Rank.JUNIOR_SERGEANT),
        ("Капитан III ранга", Rank.MAJOR),
        ("капітан 1-го рангу", Rank.COLONEL),
        ("кап.-лейтенант", Rank.CAPTAIN),
        ("YÜZBAŞI", Rank.CAPTAIN),
        ("yüzbaşı", Rank.CAPTAIN),
        ("ÜSTEĞMEN", Rank.SENIOR_LIEUTENANT),
        ("Yzb.", Rank.CAPTAIN),
        ("гвардии майор", Rank.MAJOR),
        ("капітан медичної служби", Rank.CAPTAIN),
        ("капитан м/с", Rank.CAPTAIN),
        ("1st Lt", Rank.SENIOR_LIEUTENANT),
        ("Lt. Col.", Rank.LIEUTENANT_COLONEL),
        ("Головний корабельний старшина", Rank.CHIEF_SERGEANT),
        ("мічман", Rank.WARRANT_OFFICER),
        ("бригадний генерал", Rank.BRIGADIER_GENERAL),
        ("", None),
        ("водій", None),
        ("captain hook", None),
    ],
)
def test_words_of_a_rank_are_read(text, rank):
    assert rank_of(text) is rank


def test_no_word_means_two_ranks():
    seen: dict[str, Rank] = {}
    for rank, words in WORDS.items():
        for word in words:
            assert seen.setdefault(plain(word), rank) is rank, word


@given(st.sampled_from([(rank, word) for rank, words in WORDS.items() for word in words]))
def test_case_and_punctuation_do_not_matter(pair):
    rank, word = pair
    assert rank_of(word.upper()) is rank
    assert rank_of(word.title()) is rank
    assert rank_of(f" {word.replace(' ', '-')}. ") is rank


def test_every_rank_has_words_and_a_place():
    assert set(WORDS) == set(Rank)
    assert [rank.order for rank in Rank] == list(range(len(Rank)))
    assert Rank.CAPTAIN.order < Rank.MAJOR.order < Rank.COLONEL.order
    assert Rank.CAPTAIN.is_officer
    assert not Rank.CADET.is_officer


@given(st.text(max_size=30))
def test_any_text_is_answered(text):
    assert rank_of(text) is None or rank_of(text) in Rank
