"""What changed between versions, and where languages diverge."""

import pytest
from hypothesis import given, settings

from goodoffices.engines.talks.align import alarms
from goodoffices.engines.talks.diff import Fate, diff
from goodoffices.engines.talks.text import parse
from tests.engines.talks.strategies import documents, words


def changes(old, new):
    (only,) = diff(parse(f"4.2 {old}"), parse(f"4.2 {new}"))
    return [(c.code, c.who, c.old, c.new) for c in only.changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a [x]{A}[y]{B} c", "a [x]{A,B}[y]{B} c", [("joined", ("B",), "", "x")]),
        ("a [x]{A,B}[y]{B} c", "a [x]{A}[y]{B} c", [("left", ("B",), "x", "")]),
        ("a [x]{A} c", "a [x]{A,B!} c", [("reserved", ("B",), "", "x")]),
        ("a [x]{A,B!} c", "a [x]{A,B} c", [("reserve_lifted", ("B",), "", "x")]),
        ("a [x]{A} c", "a [x]{A}[y]{B} c", [("tabled", ("B",), "", "y")]),
        ("a [x]{A}[y]{B} c", "a [x]{A} c", [("withdrawn", ("B",), "y", "")]),
        ("a [1,200]{A}[all]{B} c", "a [1,000]{A}[all]{B} c", [("reworded", ("A",), "1,200", "1,000")]),
        ("a [x]{A}[y]{B} c", "a x c", [("settled", ("A",), "", "x")]),
        ("a [x]{A} c", "a c", [("deleted", ("A",), "x", "")]),
        ("a b c", "a [b]{A}[d]{B} c", [("opened", ("A", "B"), "b", "b / d")]),
        ("a b c", "a d c", [("text_changed", (), "b", "d")]),
        ("a c", "a b c", [("text_added", (), "", "b")]),
        ("a b c", "a c", [("text_removed", (), "b", "")]),
    ],
)
def test_changes_in_one_clause(old, new, expected):
    assert changes(old, new) == expected


LONG = "each side hands over the seriously wounded and the seriously ill first and within ten days of the list"


def test_a_moved_clause_is_not_a_new_one():
    old = parse("1 one\n2 two\n3 three\n4 four")
    new = parse("1 one\n4 four\n2 two\n3 three")
    assert [(d.id, d.fate) for d in diff(old, new)] == [("4", Fate.MOVED)]


def test_a_renumbered_clause_is_recognised():
    (only,) = diff(parse(f"4.2 {LONG}"), parse(f"5.1 {LONG}"))
    assert (only.id, only.fate, only.others, only.changes) == ("5.1", Fate.RENUMBERED, ("4.2",), ())


def test_a_split_clause_is_recognised():
    head, tail = LONG[:60], LONG[60:]
    (only,) = diff(parse(f"4.2 {LONG}"), parse(f"4.2a {head}\n4.2b {tail}"))
    assert (only.fate, only.others) == (Fate.SPLIT, ("4.2", "4.2b"))
    (kept,) = [d for d in diff(parse(f"4.2 {LONG}"), parse(f"4.2 {head}\n4.3 {tail}")) if d.fate is Fate.SPLIT]
    assert (kept.id, kept.others) == ("4.2", ("4.3",))


def test_merged_clauses_are_recognised():
    head, tail = LONG[:60], LONG[60:]
    (only,) = diff(parse(f"4.2 {head}\n4.3 {tail}"), parse(f"4.4 {LONG}"))
    assert (only.id, only.fate, only.others) == ("4.4", Fate.MERGED, ("4.2", "4.3"))


def test_added_and_removed():
    found = diff(parse("1 alpha\n2 beta"), parse("1 alpha\n3 something else"))
    assert [(d.id, d.fate) for d in found] == [("2", Fate.REMOVED), ("3", Fate.ADDED)]


@given(documents(words))
@settings(max_examples=100, deadline=None)
def test_a_text_does_not_differ_from_itself(document):
    assert diff(document, document) == ()


@given(documents(words), documents(words))
@settings(max_examples=150, deadline=None)
def test_every_clause_that_differs_is_named(old, new):
    found = diff(old, new)
    named = {number for d in found for number in (d.id, *d.others)}
    before = {clause.id: clause.wording for clause in old.clauses}
    after = {clause.id: clause.wording for clause in new.clauses}
    assert {number for number in before.keys() | after.keys() if before.get(number) != after.get(number)} <= named


def texts(**by_language):
    return {language: parse(text) for language, text in by_language.items()}


def test_a_change_inside_a_nested_bracket_is_named():
    assert changes("a [x [y]{A} z]{A,B} c", "a [x [y]{B} z]{A,B} c") == [
        ("left", ("A",), "y", ""),
        ("joined", ("B",), "", "y"),
    ]


def test_alternatives_in_another_order_are_a_difference_too():
    assert changes("a [x]{A}[y]{B} c", "a [y]{B}[x]{A} c") == [("rearranged", (), "", "a y / x c")]


@pytest.mark.parametrize(
    ("en", "other", "codes"),
    [
        ("1 at least 1,200 persons", "1 щонайменше 1 200 осіб", []),
        ("1 at least 1,200 persons", "1 щонайменше 1 000 осіб", ["numbers"]),
        ("1 by 14 August 2025", "1 до 14 серпня 2025 року", []),
        ("1 by 14 August 2025", "1 до 15.08.2025", ["dates"]),
        ("1 by 14 August 2025", "1 14 Ağustos 2025 tarihine kadar", []),
        ("1 [a]{A}[b]{B}", "1 [а]{A}[б]{B}", []),
        ("1 [a]{A}[b]{B}", "1 [а]{A,B}", ["brackets"]),
        ("1 []{A}", "1 [x]{A}", ["brackets"]),
        ("1 a\n2 b", "1 а", ["missing"]),
        ("1 a", "1 а\n2 б", ["missing"]),
        ("1 a\n2 b", "2 б\n1 а", ["order"]),
    ],
)
def test_alarms_where_languages_diverge(en, other, codes):
    assert [alarm.code for alarm in alarms(texts(en=en, uk=other))] == codes
