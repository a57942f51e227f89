"""The public record of 2025 gives its known answers exactly."""

import datetime as dt
import json
from importlib.resources import files
from pathlib import Path

import pytest

from goodoffices.domain.commitment import Direction, Moved, Unit
from goodoffices.domain.result import Query
from goodoffices.flow.result import results, total
from goodoffices.formats.process import read_process
from goodoffices.formats.results_json import results_json

EXPECTED = json.loads((Path(__file__).parents[1] / "data/istanbul-2025.expected.json").read_text(encoding="utf-8"))
DATA = (files("goodoffices") / "data/istanbul-2025.json").read_bytes()


@pytest.fixture(scope="module")
def process():
    return read_process(DATA, "istanbul-2025.json")


@pytest.fixture(scope="module")
def found(process):
    return json.loads(results_json(process, results(process)))


def test_counts_are_exact(found):
    assert found["counts"] == EXPECTED["counts"]


def test_the_record_holds_what_it_says(process):
    told = EXPECTED["assertions"]
    assert len(process.assertions) == told["total"]
    for field, table in (("kind", told["by_kind"]), ("standing", told["by_standing"])):
        for word, number in table.items():
            assert sum(getattr(a, field) == word for a in process.assertions) == number


def test_every_movement_is_exact_and_in_order(found):
    assert len(EXPECTED["movements"]) == 64
    assert [{key: m[key] for key in EXPECTED["movements"][0]} for m in found["movements"]] == EXPECTED["movements"]


@pytest.mark.parametrize("line", EXPECTED["sums"], ids=lambda line: line["name"])
def test_every_sum_is_exact(process, line):
    query = Query(
        line["party"],
        Direction(line["from"], line["to"]),
        Unit(line["unit"]),
        dt.date.fromisoformat(line["first"]),
        dt.date.fromisoformat(line["last"]),
        None if line["commitment"] == "any" else (line["commitment"],),
        None if line["categories"] == "any" else tuple(word and Moved(word) for word in line["categories"]),
    )
    answer = total(process, query)
    assert (answer.quantity, answer.computable, len(answer.assertions)) == (
        line["quantity"],
        line["computable"],
        line["assertions"],
    )


def test_what_each_side_states_is_exact_and_in_order(found):
    stated = [{"commitment": c["id"], **line} for c in found["commitments"] for line in c["stated"]]
    totals = [[{k: t[k] for k in ("date", "organ", "bound", "quantity")} for t in s["totals"]] for s in stated]
    kept = [
        {key: line[key] for key in EXPECTED["stated"][0]} | {"totals": t}
        for line, t in zip(stated, totals, strict=True)
    ]
    assert kept == EXPECTED["stated"]


def test_the_readings_that_differ_are_exact(found):
    assert [c["id"] for c in found["commitments"] if c["disputed"]] == EXPECTED["readings_differ"]


def test_nothing_is_confirmed_by_press_statements(found):
    assert all(line["quantity"] is None for c in found["commitments"] for line in c["confirmed"])
    assert {c["status"] for c in found["commitments"]} == {"stated_not_confirmed", "not_begun"}


def test_two_figures_for_the_same_transfers_and_the_three_bodies_between_them(found):
    (divergence,) = found["divergences"]
    keys = ("date", "party", "organ", "quantity")
    assert [{k: t[k] for k in keys} for t in divergence["totals"]] == EXPECTED["same_transfers_two_figures"]
    assert (divergence["difference"], divergence["found"]) == (3, True)
    (name,) = divergence["movements"]
    movement = next(m for m in found["movements"] if m["movement"] == name)
    assert (movement["date"], movement["giver"], movement["receiver"]) == ("2025-06-16", [1248], [1245])


def test_one_thousand_and_three_beside_one_thousand(found):
    movement = next(m for m in found["movements"] if m["movement"] == "2025-12-19-RU-UA-bodies")
    assert (movement["giver"], movement["receiver"], movement["difference"]) == ([1000], [1003], 3)


def test_the_disputed_transfer_was_not_set_and_its_date_was_accepted_by_one_side(found):
    (transfer,) = found["transfers"]
    assert not transfer["set"]
    assert transfer["accepted_by"] == {"terms": ["RU", "UA"], "list": ["RU"], "date": ["RU"], "place": ["RU"]}
    assert transfer["conditions"]["place"]["UA"] is None
