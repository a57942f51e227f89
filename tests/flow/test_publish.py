"""Small cells: no published figure, sum or difference shows one; a slow twin derives all that a reader could."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.flow.publish import Block, Cell, is_open, publish

SMALLEST = 10
PARTIES = ("A", "B", "N")


def cell(name, figure, *, path=("persons|A>B", "C1", "civilian"), parties=PARTIES, **more):
    return Cell(name, path, tuple((party, figure) for party in parties), **more)


def shown(table):
    return {"+".join(block.cells): dict(block.figures) for block in table}


def derivable(tables, names):
    """Every set of cells whose sum follows by linear algebra from all published figures, by brute force.

    The twin knows nothing of blocks: it takes each published figure as an equation over the cells, whichever table and
    party it comes from, and asks of each set of cells whether its sum is a combination of them.
    """
    rows = [
        [Fraction(name in block.cells) for name in names] for table in tables for block in table for _ in block.figures
    ]
    basis = []
    for row in rows:
        rest = reduced(row, basis)
        if any(rest):
            lead = next(place for place, value in enumerate(rest) if value)
            basis.append((lead, [value / rest[lead] for value in rest]))
    for size in range(1, len(names) + 1):
        for chosen in combinations(range(len(names)), size):
            if not any(reduced([Fraction(place in chosen) for place in range(len(names))], basis)):
                yield tuple(names[place] for place in chosen)


def reduced(row, basis):
    rest = list(row)
    for lead, vector in basis:
        factor = rest[lead]
        rest = [value - factor * other for value, other in zip(rest, vector, strict=True)]
    return rest


@st.composite
def histories(draw):
    """Days on which further cells become free to be published; each has one truth, attested by some of the parties."""
    names = [f"m{number}" for number in range(draw(st.integers(1, 6)))]
    paths = st.tuples(st.sampled_from(["X", "Y"]), st.sampled_from(["C1", "C2"]), st.sampled_from(["p", "q", "r"]))
    cells = [
        cell(
            name,
            draw(st.integers(0, 9) | st.integers(0, 40)),
            path=draw(paths),
            parties=draw(st.sets(st.sampled_from(PARTIES), min_size=1).map(sorted)),
        )
        for name in names
    ]
    days = [draw(st.integers(0, 3)) for _ in names]
    return cells, [[c for c, first in zip(cells, days, strict=True) if first <= day] for day in range(4)]


@given(histories())
@settings(max_examples=300, deadline=None)
def test_nothing_small_follows_from_all_tables_of_all_days(history):
    cells, days = history
    tables = []
    for free in days:
        tables.append(publish(free, tables, smallest=SMALLEST))
    truth = {c.id: c.figures[0][1] for c in cells}
    for found in derivable(tables, sorted(truth)):
        assert is_open(sum(truth[name] for name in found), SMALLEST), (found, tables)


@given(histories(), st.lists(st.integers(0, 40), min_size=18, max_size=18))
@settings(max_examples=150, deadline=None)
def test_a_correction_never_shows_a_small_difference_between_any_two_tables(history, figures):
    _, days = history
    tables, fresh = [], iter(figures)
    for free in days:
        changed = [cell(c.id, next(fresh, 20), path=c.path, parties=[p for p, _ in c.figures]) for c in free]
        tables.append(publish(changed, tables, smallest=SMALLEST))
    seen = {}
    for table in tables:
        assert len({name for block in table for name in block.cells}) == sum(len(block.cells) for block in table)
        for block in table:
            for party, figure in block.figures:
                before = seen.setdefault((block.cells, party), [])
                assert is_open(figure, SMALLEST)
                assert all(is_open(figure - old, SMALLEST) for old in before)
                before.append(figure)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_order_does_not_matter_and_what_was_published_stays(history):
    _, days = history
    tables = []
    for free in days:
        table = publish(free, tables, smallest=SMALLEST)
        assert table == publish(free[::-1], tables, smallest=SMALLEST)
        if tables:
            assert set(tables[-1]) <= set(table)
        tables.append(table)


@given(st.lists(st.integers(10, 500) | st.just(0), max_size=8))
@settings(deadline=None)
def test_where_nothing_is_small_nothing_is_suppressed(figures):
    cells = [cell(f"m{place}", figure) for place, figure in enumerate(figures)]
    table = publish(cells, [], smallest=SMALLEST)
    assert shown(table) == {c.id: dict(c.figures) for c in cells}


CASES = [
    ("two small ones of a category make one large", {"a": 6, "b": 7, "c": 50}, [{"a+b": 13, "c": 50}]),
    ("a small one takes the smallest large one with it", {"a": 3, "b": 50, "c": 40}, [{"a+c": 43, "b": 50}]),
    ("a small one alone waits", {"a": 3}, [{}]),
    ("none is shown", {"a": 0, "b": 12}, [{"a": 0, "b": 12}]),
]


@pytest.mark.parametrize(("figures", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_cases_worked_by_hand(figures, expected):
    table = publish([cell(name, n) for name, n in figures.items()], [], smallest=SMALLEST)
    assert [{name: found["A"] for name, found in shown(table).items()}] == expected


def test_a_small_one_that_comes_later_is_not_found_by_subtraction():
    first = publish([cell("a", 50)], [], smallest=SMALLEST)
    second = publish([cell("a", 50), cell("b", 4)], [first], smallest=SMALLEST)
    assert second == first
    third = publish([cell("a", 50), cell("b", 4), cell("c", 8)], [first, second], smallest=SMALLEST)
    assert shown(third) == {"a": dict.fromkeys(PARTIES, 50), "b+c": dict.fromkeys(PARTIES, 12)}


def test_a_party_that_attests_a_part_only_is_not_shown_beside_the_whole():
    table = publish([cell("a", 6), cell("b", 7, parties=("A",))], [], smallest=SMALLEST)
    assert shown(table) == {"a+b": {"A": 13}}
    assert publish([cell("a", 6, parties=("A",)), cell("b", 7, parties=("B",))], [], smallest=SMALLEST) == ()


def test_small_ones_of_different_directions_are_never_pooled():
    other = cell("b", 7, path=("persons|B>A", "C1", "civilian"))
    assert publish([cell("a", 6), other], [], smallest=SMALLEST) == ()


def test_a_figure_that_is_public_already_hides_nothing_and_one_that_may_not_be_pooled_waits():
    table = publish([cell("a", 3, is_public=True, is_alone=True), cell("b", 4, is_alone=True)], [], smallest=SMALLEST)
    assert shown(table) == {"a": dict.fromkeys(PARTIES, 3)}


def test_a_total_to_date_stands_until_another_may_be_shown():
    tables = [publish([cell("t", 120, is_alone=True, is_dated=True)], [], smallest=SMALLEST)]
    for figure, expected in ((123, 120), (131, 131), (125, 131)):
        tables.append(publish([cell("t", figure, is_alone=True, is_dated=True)], tables, smallest=SMALLEST))
        assert dict(tables[-1][0].figures)["A"] == expected


def test_a_count_corrected_by_little_is_withheld_and_comes_back_when_far_from_all_that_was_shown():
    tables = [publish([cell("a", 60)], [], smallest=SMALLEST)]
    for figure, expected in ((57, ()), (45, 45), (52, ()), (60, 60)):
        tables.append(publish([cell("a", figure)], tables, smallest=SMALLEST))
        found = tables[-1][0].figures
        assert (dict(found)["A"] if found else ()) == expected


def test_what_is_taken_back_is_withheld():
    first = publish([cell("a", 60)], [], smallest=SMALLEST)
    assert publish([], [first], smallest=SMALLEST) == (Block(("a",), ()),)
