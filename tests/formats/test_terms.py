"""Terms of an exchange: every fault is named by its path; terms print back to themselves."""

from pathlib import Path

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.domain.terms import Gain, Legs
from goodoffices.formats.terms import parse_terms
from goodoffices.formats.terms_out import terms_bytes
from tests.engines.exchange.cases import LOTTERY, terms

GOOD = terms_bytes(terms()).decode()


def test_terms_print_back_to_themselves():
    for agreed in (
        terms(),
        terms(ratio=(2, 1), lottery=None, retained_apart=True, legs=Legs(), rank_groups=(), all_for_all=()),
        terms(ratio=None, sealed={"A": "0" * 64}, gain=Gain({"A": {"women": 1}, "B": {}}, {"A": 3})),
    ):
        again = parse_terms(terms_bytes(agreed), "TERMS.toml")
        assert terms_bytes(again) == terms_bytes(agreed)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('sides = ["A", "B"]', 'sides = ["A"]', "exchange.sides"),
        ('sides = ["A", "B"]', 'sides = ["A", "A"]', "exchange.sides"),
        ("on = 2025-08-14", 'on = "today"', "exchange.on"),
        ("on = 2025-08-14", "", "exchange.on"),
        ('"A" = "held-by-a.csv", ', "", "exchange.held.A"),
        ('"A" = "held-by-a.csv"', '"C" = "held-by-c.csv"', "exchange.held.C"),
        ('minimum = { "A" = 30, "B" = 30 }', 'minimum = { "A" = -1, "B" = 30 }', "numbers.minimum.A"),
        ('minimum = { "A" = 30, "B" = 30 }', 'minimum = { "A" = "many" }', "numbers.minimum.A"),
        ('minimum = { "A" = 30, "B" = 30 }', 'minimum = { "Z" = 1 }', "numbers.minimum.Z"),
        ('balance = "equal"', 'balance = "fair"', "numbers.balance"),
        ('balance = "equal"', "balance = { A = 0, B = 1 }", "numbers.balance.A"),
        ('category = "aged_18_to_25"', 'category = "brave"', "all_for_all[1].category"),
        ('category = "aged_18_to_25"', 'category = "seriously_wounded_or_ill"', "all_for_all[1].category"),
        ('"captain", "major"', '"captain", "king"', "rank_balance.groups[0]"),
        ('"captain", "major"', '"captain", "lieutenant_colonel"', "rank_balance.groups[1]"),
        ('order = ["requested:1"', 'order = ["requested:9"', "priority.order[0]"),
        ('order = ["requested:1"', 'order = ["women"', "priority.order[1]"),
        ('order = ["requested:1"', 'order = ["most_people"', "priority.order[0]"),
        ("seats = [25, 25, 20]", "seats = []", "legs.seats"),
        ("per_site = 15", "per_site = 1.5", "legs.per_site"),
        ("balanced = true", 'balanced = "yes"', "legs.balanced"),
        ("per_site = 15", "per_sight = 15", "legs.per_sight"),
        ("[priority]", "[prioritys]", "prioritys"),
        (LOTTERY.commit["A"], "abc", "lottery.commit.A"),
        (LOTTERY.reveal["A"], "the word that was not sealed", "lottery.reveal.A"),
        (LOTTERY.reveal["A"], "short", "lottery.reveal.A"),
    ],
)
def test_a_fault_is_named_by_its_path(old, new, path):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parse_terms(GOOD.replace(old, new, 1).encode(), "TERMS.toml")
    assert path in {fault.place for fault in caught.value.faults}
    assert all(fault.file == "TERMS.toml" and fault.expected for fault in caught.value.faults)


def test_all_faults_come_at_once():
    text = GOOD.replace('balance = "equal"', "balance = 7").replace("per_site = 15", "per_site = -3")
    with pytest.raises(InputError) as caught:
        parse_terms(text.encode(), "TERMS.toml")
    assert {fault.place for fault in caught.value.faults} == {"numbers.balance", "legs.per_site"}


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[exchange", b"", b"exchange = 3", b"[all_for_all]\nx = 1"])
def test_no_terms_at_all(data):
    with pytest.raises(InputError):
        parse_terms(data, "TERMS.toml")


def test_the_example_of_the_docs_is_read():
    page = (Path(__file__).parents[2] / "docs/exchange.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    agreed = parse_terms(example.encode(), "docs/exchange.md")
    assert agreed.retained_apart
    assert agreed.legs.per_site == 120
    assert agreed.gain.minimum == {"A": 1000, "B": 0}
    assert parse_terms(terms_bytes(agreed), "again") == agreed
