"""Comparison without names: finds the pairs, and shows no name to whoever lacks the secret."""

from collections import Counter

import pytest

from goodoffices.domain.errors import InputError, RangeError
from goodoffices.engines.linkage import MARKS, blind, encode
from goodoffices.engines.linkage.encode import COMMON, fields
from goodoffices.synth.people import side_lists

SECRET = b"a secret that two sides share"


@pytest.fixture(scope="module")
def lists():
    return side_lists(800, seed=5)


@pytest.fixture(scope="module")
def encoded(lists):
    return encode(lists.left, SECRET), encode(lists.right, SECRET)


def test_pairs_are_found_without_names(lists, encoded):
    (left, left_names), (right, right_names) = encoded
    found = {(left_names[p.left], right_names[p.right]) for p in blind(left, right) if p.verdict == "link"}
    truth = set(lists.truth.select("left_ref", "right_ref").rows())
    assert 2 * len(found & truth) / (len(found) + len(truth)) > 0.96
    assert len(found - truth) <= 0.01 * len(found)


def test_reasons_sum_to_the_bits(encoded):
    for pair in blind(encoded[0][0], encoded[1][0])[::50]:
        assert sum(reason.bits for reason in pair.reasons) == pytest.approx(pair.bits, abs=0.06)


def test_names_in_two_scripts_give_the_same_marks():
    row = {"full_name": None, "birth_date": "1990-02-03", "unit": None}
    named = {"surname": "Шевченко", "given_name": "Олексій", "patronymic": "Сергійович"}
    unnamed = dict.fromkeys(named) | {"full_name": "Алексей Сергеевич Шевченко"}
    one = fields(row | named | {"birth_place": "Артемівськ", "service_number": "АВ-1234"})
    other = fields(row | unnamed | {"birth_place": "г. Бахмут", "service_number": "АВ 1234"})
    assert one == other


def test_nothing_that_travels_holds_a_reference_or_a_common_mark(lists, encoded):
    codes, names = encoded[0]
    assert not set(codes.codes) & set(lists.left["ref"])
    assert sorted(names.values()) == sorted(lists.left["ref"])
    assert max(Counter(mark for marks in codes.marks for mark in marks if mark).values()) <= COMMON
    assert list(codes.codes) == sorted(codes.codes)


def test_no_mark_is_made_of_one_common_field():
    assert all(len(kind) > 1 or kind == ("service",) for kind in MARKS)


def test_another_secret_gives_other_marks_and_is_refused(lists, encoded):
    other, _ = encode(lists.right, b"another secret of good length")
    assert not {m for row in other.marks for m in row if m} & {m for row in encoded[1][0].marks for m in row if m}
    with pytest.raises(InputError, match="two secrets"):
        blind(encoded[0][0], other)


def test_encoding_twice_gives_the_same(lists, encoded):
    assert encode(lists.left, SECRET) == encoded[0]


def test_a_short_secret_is_refused(lists):
    with pytest.raises(RangeError, match="5 bytes"):
        encode(lists.left, b"short")
