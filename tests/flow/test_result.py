"""Results: laws, a slow twin, and the cases that people argue about."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.store.example import example_process
from tests.flow import reference
from tests.flow.invented import assertion, attested, commitment, computed, owed, process, processes

SOME = settings(max_examples=150, deadline=None)


def only(found):
    (movement,) = found["movements"]
    return movement


def swapped(value, other):
    """Swap the codes of two parties wherever they stand by themselves; identifiers, texts and order stay."""
    if isinstance(value, dict):
        return {other.get(key, key): swapped(inner, other) for key, inner in value.items()}
    if isinstance(value, list):
        return [swapped(inner, other) for inner in value]
    return other.get(value, value) if isinstance(value, str) else value


A_AND_B = {"A": "B", "B": "A"}
UA_AND_RU = {"UA": "RU", "RU": "UA"}


# ------------------------------------------------------------------------------------------------------- by hand
def test_a_movement_by_hand():
    told = [assertion("a", quantity=1248), assertion("b", party="B", quantity=1245)]
    found = computed(process(told))
    movement = only(found)
    assert (movement["giver"], movement["receiver"], movement["status"]) == ([1248], [1245], "differ")
    assert movement["difference"] == 3
    assert found["counts"] == {
        "movements": 1, "confirmed": 0, "agree": 0, "differ": 1, "one-sided": 0, "withheld": 0,
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- laws
@SOME
@given(processes())
def test_swapping_the_sides_swaps_the_results_and_nothing_else(talks):
    assert swapped(computed(swapped(talks, A_AND_B)), A_AND_B) == computed(talks)


def test_swapping_the_two_sides_in_the_public_record_swaps_its_results():
    talks = json.loads(example_process())
    found, other = computed(talks), computed(swapped(talks, UA_AND_RU))
    assert other != found
    assert swapped(other, UA_AND_RU) == found


@SOME
@given(processes(), st.randoms(use_true_random=False))
def test_the_order_of_assertions_does_not_matter(talks, chance):
    shuffled = copy.deepcopy(talks)
    chance.shuffle(shuffled["assertions"])
    assert computed(shuffled) == computed(talks)


@SOME
@given(processes())
def test_the_slow_twin_finds_the_same(talks):
    found = computed(talks)
    assert found["counts"] == reference.counts(talks)
    assert [{k: m[k] for k in r} for m, r in zip(found["movements"], reference.movements(talks), strict=True)] == (
        reference.movements(talks)
    )
    lines = [*found["commitments"], {"id": None, "stated": found["unascribed"], "confirmed": []}]
    for line in lines:
        stated = {
            (s["party"], s["from"], s["to"], s["unit"]): (
                s["quantity"],
                s["movements"],
                [t["assertion"] for t in s["totals"]],
            )
            for s in line["stated"]
        }
        assert stated == reference.stated(talks, line["id"])
        assert all(s["computable"] == (s["quantity"] is not None) for s in line["stated"])
        for c in line["confirmed"]:
            whole, number = reference.confirmed_under(
                talks, line["id"], giver=c["from"], receiver=c["to"], unit=c["unit"], category=None
            )
            assert (c["quantity"], c["movements"]) == (whole if number else None, number)
    assert [c["disputed"] for c in found["commitments"]] == [reference.readings_differ(c) for c in talks["commitments"]]


@SOME
@given(processes())
def test_a_withheld_figure_never_makes_a_sum_smaller(talks):
    """Withhold one figure of a party: its sums either stay or become not computable."""
    before = computed(talks)
    for a in talks["assertions"]:
        if a["movement"] is not None and a["quantity"] is not None:
            a.update(quantity=None, bound="withheld")
            break
    after = {
        (c["id"], s["party"], s["from"], s["to"], s["unit"]): s
        for c in computed(talks)["commitments"]
        for s in c["stated"]
    }
    for c in before["commitments"]:
        for s in c["stated"]:
            now = after[c["id"], s["party"], s["from"], s["to"], s["unit"]]
            if now["quantity"] is not None and s["quantity"] is not None:
                assert now["quantity"] == s["quantity"]


@SOME
@given(processes())
def test_what_is_superseded_counts_no_more(talks):
    """Leaving the superseded out and cutting the thread gives the same movements."""
    gone = {a["supersedes"] for a in talks["assertions"]}
    without = copy.deepcopy(talks)
    without["assertions"] = [{**a, "supersedes": None} for a in talks["assertions"] if a["id"] not in gone]
    found, bare = computed(talks), computed(without)
    assert found["movements"] == bare["movements"]
    assert found["commitments"] == bare["commitments"]
    assert found["superseded"] == sorted(gone - {None})


# ----------------------------------------------------------------------------------- movements people argue about
@pytest.mark.parametrize(
    ("figures", "status"),
    [
        ([("A", 5, "exact"), ("B", 5, "exact")], "agree"),
        ([("A", 5, "exact"), ("B", 5, "about")], "agree"),
        ([("A", 5, "exact"), ("B", 6, "exact")], "differ"),
        ([("A", 5, "exact"), ("A", 6, "exact")], "differ"),
        ([("A", 5, "exact"), ("A", 6, "exact"), ("B", 5, "exact")], "differ"),
        ([("A", 5, "exact"), ("B", 5, "exact"), ("N", 4, "exact")], "differ"),
        ([("A", 5, "exact"), ("N", 4, "exact")], "differ"),
        ([("A", 5, "exact"), ("N", 5, "exact")], "one-sided"),
        ([("A", 5, "exact"), ("B", None, "withheld")], "one-sided"),
        ([("A", 0, "exact")], "one-sided"),
        ([("A", 0, "exact"), ("B", 0, "exact")], "agree"),
        ([("A", None, "withheld"), ("B", None, "withheld")], "withheld"),
        ([("A", None, "withheld"), ("N", 5, "exact")], "withheld"),
        ([("A", None, "no_count")], "withheld"),
        ([("A", 5, "exact"), ("B", 5, "exact"), ("H", 9, "exact")], "agree"),
    ],
)
def test_the_status_of_a_movement(figures, status):
    told = [assertion(f"a{n}", party=p, quantity=q, bound=b) for n, (p, q, b) in enumerate(figures)]
    assert only(computed(process(told)))["status"] == status


def test_who_withholds_is_named_once_and_not_if_another_organ_gives_the_figure():
    told = [
        assertion("a", quantity=None, bound="withheld"),
        assertion("b", organ="Another", quantity=7),
        assertion("c", party="B", quantity=None, bound="withheld"),
    ]
    movement = only(computed(process(told)))
    assert (movement["withheld_by"], movement["giver"], movement["status"]) == (["B"], [7], "one-sided")


# ------------------------------------------------------------------------------------------------------ confirmed
def test_it_is_confirmed_when_all_who_must_have_attested_the_same():
    found = computed(process(attested()))
    movement = only(found)
    assert (movement["status"], movement["confirmed"], movement["missing"]) == ("confirmed", 100, [])
    first, second = found["commitments"][0]["confirmed"]
    assert (first["quantity"], first["movements"]) == (100, 1)
    assert second["quantity"] is None


@pytest.mark.parametrize(
    ("change", "status", "missing"),
    [
        ({"party": "N", "standing": "official"}, "agree", ["neutral"]),
        ({"party": "B", "standing": "official"}, "agree", ["receiver"]),
        ({"party": "N", "quantity": 99}, "differ", []),
        ({"party": "A", "quantity": 99}, "differ", []),
        ({"party": "N", "bound": "about"}, "agree", ["neutral"]),
        ({"party": "B", "quantity": None, "bound": "withheld"}, "one-sided", ["receiver"]),
    ],
)
def test_it_is_not_confirmed_while_one_role_is_missing_or_says_otherwise(change, status, missing):
    told = attested()
    for a in told:
        if a["party"] == change["party"]:
            a.update(change)
    found = computed(process(told))
    movement = only(found)
    assert (movement["status"], movement["confirmed"], movement["missing"]) == (status, None, missing)
    assert all(line["quantity"] is None for line in found["commitments"][0]["confirmed"])


def test_a_second_attested_figure_of_a_side_makes_it_differ():
    told = [*attested(), assertion("again", standing="attested", quantity=101)]
    assert only(computed(process(told)))["status"] == "differ"


def test_a_press_statement_does_not_undo_what_all_have_attested_and_stays_visible():
    told = [*attested(), assertion("press", organ="A minister", quantity=101)]
    movement = only(computed(process(told)))
    assert (movement["status"], movement["confirmed"], movement["difference"]) == ("confirmed", 100, 1)
    assert 101 in movement["giver"]


def test_nothing_is_confirmed_in_a_unit_for_which_the_rules_name_nobody():
    movement = only(computed(process(attested(), must_attest={})))
    assert (movement["status"], movement["confirmed"]) == ("agree", None)


def test_a_movement_counts_for_a_commitment_only_if_both_sides_ascribe_it():
    told = attested()
    told[1]["commitment"] = None
    found = computed(process(told))
    assert only(found)["status"] == "confirmed"
    assert found["commitments"][0]["confirmed"][0]["quantity"] is None
    told[0]["commitment"] = told[1]["commitment"] = "C1"
    told[2]["commitment"] = None
    assert computed(process(told))["commitments"][0]["confirmed"][0]["quantity"] == 100


# ------------------------------------------------------------------------------------------ status of a commitment
BOTH = [*attested("m1"), *attested("m2", **{"from": "B", "to": "A"})]
HALF = attested("m1", quantity=50) + attested("m2", quantity=50, **{"from": "B", "to": "A"})
STATED = [assertion("a"), assertion("b", party="B")]


@pytest.mark.parametrize(
    ("told", "due", "state", "status"),
    [
        ([], None, "agreed", "not_begun"),
        ([], "2030-03", "agreed", "not_begun"),
        ([], "2030-01-31", "agreed", "overdue"),
        ([], "2030-02-01", "agreed", "not_begun"),
        ([], "2030-01", "tabled", "not_begun"),
        (STATED, None, "agreed", "stated_not_confirmed"),
        (STATED, "2030-01-10", "agreed", "stated_not_confirmed"),
        (STATED, None, "tabled", "stated_not_confirmed"),
        (attested(), None, "agreed", "begun"),
        (HALF, None, "agreed", "begun"),
        (HALF, "2030-01-20", "agreed", "overdue"),
        (HALF, "2030-03-31", "agreed", "on_track"),
        (HALF, "2030-02-10", "agreed", "begun"),
        (attested(), "2030-03-31", "agreed", "begun"),
        (BOTH, None, "agreed", "done"),
        (BOTH, "2030-01-02", "agreed", "done"),
        (BOTH, "2030-03-31", "in_force", "done"),
    ],
)
def test_the_status_of_a_commitment_is_computed_from_confirmed_figures(told, due, state, status):
    lines = [commitment(due=due, state=state)]
    assert computed(process(told, lines))["commitments"][0]["status"] == status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([owed("A", "B", 100)], "done"),
        ([owed("A", "B", 99)], "done"),
        ([owed("A", "B", 100, "at_least")], "done"),
        ([owed("A", "B", 100, "more_than")], "begun"),
        ([owed("A", "B", 100, "about")], "done"),
        ([owed("A", "B", None, "all")], "begun"),
        ([owed("A", "B", 100, category="civilian")], "begun"),
        ([owed("A", "B", 100), owed("B", "A", 1)], "begun"),
    ],
)
def test_done_means_done_under_every_line_of_every_reading(lines, status):
    reading = {"text": "as read", "owes": lines, "source": None}
    one = commitment(readings={"A": None, "B": reading})
    assert computed(process(attested(), [one]))["commitments"][0]["status"] == status


# -------------------------------------------------------------------------------------------- sums and divergences
def test_a_side_with_two_figures_for_one_movement_has_no_sum():
    told = [assertion("a", quantity=5), assertion("b", organ="Another", quantity=6)]
    (line,) = computed(process(told))["commitments"][0]["stated"]
    assert (line["quantity"], line["computable"], line["movements"]) == (None, False, 1)


def test_two_organs_with_one_figure_count_once():
    told = [assertion("a", quantity=5), assertion("b", organ="Another", quantity=5)]
    (line,) = computed(process(told))["commitments"][0]["stated"]
    assert line["quantity"] == 5


@pytest.mark.parametrize(
    ("bounds", "bound"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "about"], "about"),
        (["exact", "at_least"], "at_least"),
        (["at_least", "more_than"], "more_than"),
        (["about", "at_least"], "about"),
    ],
)
def test_a_sum_is_no_firmer_than_its_parts(bounds, bound):
    told = [assertion(f"a{n}", movement=f"m{n}", bound=b, quantity=5) for n, b in enumerate(bounds)]
    (line,) = computed(process(told))["commitments"][0]["stated"]
    assert (line["quantity"], line["bound"]) == (10, bound)


@pytest.mark.parametrize(
    ("first", "second", "spread"),
    [
        ((100, "exact"), (103, "exact"), 3),
        ((100, "exact"), (100, "exact"), None),
        ((100, "exact"), (100, "more_than"), 1),
        ((100, "exact"), (90, "at_least"), None),
        ((100, "exact"), (500, "about"), None),
        ((100, "at_least"), (500, "more_than"), None),
    ],
)
def test_two_totals_of_the_same_transfers_clash_only_if_both_cannot_hold(first, second, spread):
    told = [
        assertion("a", kind="cumulative", movement=None, quantity=first[0], bound=first[1]),
        assertion("b", kind="cumulative", movement=None, party="B", quantity=second[0], bound=second[1]),
    ]
    found = computed(process(told))["divergences"]
    assert [d["difference"] for d in found] == ([] if spread is None else [spread])
    assert all(not d["found"] for d in found)


def test_totals_before_and_after_a_movement_are_not_of_the_same_transfers():
    told = [
        assertion("t1", kind="cumulative", movement=None, date="2030-01-04", quantity=50),
        assertion("m"),
        assertion("t2", kind="cumulative", movement=None, date="2030-01-06", party="B", quantity=150),
    ]
    assert computed(process(told))["divergences"] == []


def test_a_transfer_is_set_only_with_four_conditions_by_both_and_the_last_word_counts():
    talks = process()
    positions = [
        {"condition": c, "party": p, "stance": "accept", "at": "2030-01-02", "note": None, "source": None}
        for c in ("terms", "list", "date", "place")
        for p in ("A", "B")
    ]
    transfer = {
        "id": "T", "commitment": "C1", "unit": "handed_over", "from": "A", "to": "B", "note": None, "staged": None,
        "positions": positions,
    }  # fmt: skip
    talks["transfers"] = [transfer]
    assert computed(talks)["transfers"][0]["set"]
    positions.append({**positions[0], "stance": "object", "at": "2030-01-03"})
    found = computed(talks)["transfers"][0]
    assert not found["set"]
    assert found["accepted_by"]["terms"] == ["B"]


def test_equal_processes_give_equal_bytes():
    talks = process(attested())
    assert json.dumps(computed(talks)) == json.dumps(computed(copy.deepcopy(talks)))
