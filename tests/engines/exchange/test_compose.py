"""Composing an exchange: by hand, by law, against the twin."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goodoffices.domain.plan import Clash
from goodoffices.domain.ranks import Rank
from goodoffices.domain.terms import Legs
from goodoffices.engines.exchange.compose import compose
from tests.engines.exchange import cases
from tests.engines.exchange.cases import LOTTERY, composed, hashes, people, prepared, records, terms, usual
from tests.engines.exchange.reference import best_plan

SIMPLE = {
    "minimum": {},
    "all_for_all": (),
    "rank_groups": (),
    "civilians": {},
    "order": ("requested:1",),
    "legs": Legs((2,)),
}


def released(plan):
    return {side: {ref: leg.number for leg in plan.legs for ref in leg.release[side]} for side in plan.lists_sha256}


def test_a_case_by_hand_takes_whom_the_other_side_asked_for():
    lists = {
        "A": records({"ref": "a1"}, {"ref": "a2", "requested": "1"}, {"ref": "a3", "requested": "1"}),
        "B": records({"ref": "b1", "requested": "1"}, {"ref": "b2"}, {"ref": "b3", "withheld": "yes"}),
    }
    plan = composed(terms(**SIMPLE), lists)
    assert released(plan) == {"A": {"a2": 1, "a3": 1}, "B": {"b1": 1, "b2": 1}}
    assert [(level.criterion, level.value, level.bound) for level in plan.objective[:2]] == [
        ("requested:1", 3, 3),
        ("most_people", 4, 4),
    ]
    assert plan.left_out == {"A": {"not_chosen": 1}, "B": {"withheld": 1}}


def test_all_for_all_stands_outside_the_balance():
    lists = {
        "A": records({"ref": "a1", "health": "seriously_wounded"}, {"ref": "a2"}),
        "B": records({"ref": "b1"}, {"ref": "b2"}),
    }
    agreed = terms(**{**SIMPLE, "all_for_all": ("seriously_wounded_or_ill",), "legs": Legs((5,))})
    plan = composed(agreed, lists)
    assert plan.legs[0].heading["A"] == {"a1": "all_for_all:seriously_wounded_or_ill", "a2": "balance"}
    assert len(plan.legs[0].release["B"]) == 1


def test_a_family_with_someone_who_cannot_go_stays_but_all_for_all_goes():
    lists = {
        "A": records(
            {"ref": "a1", "family": "F", "health": "seriously_ill"},
            {"ref": "a2", "family": "F"},
            {"ref": "a3", "family": "F", "fit_to_travel": "no"},
        ),
        "B": records({"ref": "b1"}),
    }
    agreed = terms(**{**SIMPLE, "all_for_all": ("seriously_wounded_or_ill",)})
    plan = composed(agreed, lists)
    assert released(plan)["A"] == {"a1": 1}
    assert plan.left_out["A"] == {"family": 1, "unfit": 1}
    assert {warning["code"] for warning in plan.warnings} == {"family_stays", "family_parted"}


def test_a_child_is_in_no_plan_and_civilians_have_their_own_heading():
    lists = {
        "A": records({"ref": "a1", "category": "child"}, {"ref": "a2", "category": "civilian"}),
        "B": records({"ref": "b1"}),
    }
    plan = composed(terms(**{**SIMPLE, "civilians": {"A": 1}}), lists)
    assert plan.legs[0].heading == {"A": {"a2": "civilian"}, "B": {}}
    assert plan.left_out["A"] == {"child": 1}


def test_a_partial_birth_date_counts_only_if_every_day_does():
    lists = {
        "A": records({"ref": "a1", "birth_date": "2001"}, {"ref": "a2", "birth_date": "2000"}),
        "B": records({"ref": "b1"}),
    }
    agreed = terms(**{**SIMPLE, "all_for_all": ("under_25",)})
    plan = composed(agreed, lists)
    assert plan.legs[0].heading["A"]["a1"] == "all_for_all:under_25"
    assert plan.legs[0].heading["A"].get("a2") == "balance"
    assert {"code": "birth_date_unsure", "side": "A", "count": 1} in plan.warnings


def test_retained_personnel_may_have_a_heading_of_their_own():
    lists = {"A": records({"ref": "a1", "category": "medical"}), "B": records({"ref": "b1"})}
    plan = composed(terms(**{**SIMPLE, "retained_apart": True}), lists)
    assert plan.legs[0].heading == {"A": {"a1": "retained"}, "B": {}}
    counted = composed(terms(**SIMPLE), lists)
    assert counted.legs[0].heading == {"A": {"a1": "balance"}, "B": {"b1": "balance"}}


def small(seed):
    """A case small enough for the twin: up to four units a side, two legs."""
    rng = np.random.default_rng(seed)
    lists = {}
    for letter in "AB":
        rows = people(int(rng.integers(2, 5)), int(rng.integers(1 << 30)), letter, families=0.3, sites=2)
        lists[letter] = rows
    groups = ((Rank.CAPTAIN, Rank.MAJOR),) if rng.random() < 0.4 else ()
    ratio = [(1, 1), (1, 1), (2, 1), None][rng.integers(4)]
    legs = Legs(tuple(rng.integers(1, 4, 2).tolist()), [None, 1, 2][rng.integers(3)], bool(rng.random() < 0.7))
    return lists, terms(
        minimum={"A": int(rng.integers(0, 2)), "B": 0},
        all_for_all=[(), ("seriously_wounded_or_ill",), ("wounded", "under_25")][rng.integers(3)],
        rank_groups=groups,
        civilians={"A": int(rng.random() < 0.1), "B": 0},
        ratio=ratio,
        retained_apart=bool(rng.random() < 0.3),
        order=[("requested:1", "longest_held"), ("women", "requested:2"), ()][rng.integers(3)],
        legs=legs,
        lottery=LOTTERY if rng.random() < 0.7 else None,
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30))
def test_the_twin_finds_the_same_plan(seed):
    lists, agreed = small(seed)
    rows = {
        side: [{k: v or "" for k, v in row.items()} for row in frame.iter_rows(named=True)]
        for side, frame in lists.items()
    }
    expected = best_plan(agreed, rows, hashes(lists))
    plan = compose(prepared(agreed, lists))
    if expected is None:
        assert isinstance(plan, Clash)
        return
    assert not isinstance(plan, Clash)
    names = [p + c for p in ("", "retained:", "civilian:") for c in (*agreed.order, "most_people")] + ["lottery"]
    values = {level.criterion: level.value for level in plan.objective}
    assert [values.get(name, 0) for name in names] == expected[0]
    assert released(plan) == expected[1]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed):
    lists = usual(seed)
    shuffled = {side: frame.sample(fraction=1.0, shuffle=True, seed=seed) for side, frame in lists.items()}
    assert compose(prepared(terms(), lists)) == compose(prepared(terms(), shuffled))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
@example(256)  # here families leave the relaxation above every whole plan of a leg
def test_swapping_the_sides_swaps_the_plan(seed):
    lists = usual(seed)
    agreed = terms(civilians={"A": 2, "B": 1}, minimum={"A": 25, "B": 30})
    other = dataclasses.replace(
        agreed,
        minimum={"B": 25, "A": 30},
        civilians={"B": 2, "A": 1},
        lottery=dataclasses.replace(
            LOTTERY,
            commit={"A": LOTTERY.commit["B"], "B": LOTTERY.commit["A"]},
            reveal={"A": LOTTERY.reveal["B"], "B": LOTTERY.reveal["A"]},
        ),
    )
    plan = compose(prepared(agreed, lists))
    swapped = compose(prepared(other, {"A": lists["B"], "B": lists["A"]}))
    if isinstance(plan, Clash) or isinstance(swapped, Clash):
        assert isinstance(plan, Clash)
        assert isinstance(swapped, Clash)
        assert len(plan.terms) == len(swapped.terms)
        return
    assert plan.seed == swapped.seed
    assert released(plan)["A"] == released(swapped)["B"]
    assert released(plan)["B"] == released(swapped)["A"]
    assert [(lv.criterion, lv.value, lv.bound) for lv in plan.objective] == [
        (lv.criterion, lv.value, lv.bound) for lv in swapped.objective
    ]


@pytest.mark.parametrize("seed", range(20))
def test_every_level_of_random_instances_is_proven(seed):
    lists = {"A": people(1200, seed, "A"), "B": people(1000, seed + 99, "B")}
    agreed = terms(minimum={"A": 300, "B": 300}, legs=Legs((130, 130, 120), 70))
    plan = composed(agreed, lists)
    assert [level for level in plan.objective if not level.is_proven and level.criterion != "lottery"] == []


def test_the_plan_says_how_each_tie_was_broken():
    lists = {"A": records(*({"ref": f"a{n}"} for n in range(5))), "B": records({"ref": "b1"}, {"ref": "b2"})}
    plan = composed(terms(**SIMPLE), lists)
    (tie,) = plan.ties
    assert (tie.side, tie.taken, tie.of) == ("A", 2, 5)
    assert tie.last_in < tie.first_out


def test_without_a_lottery_ties_go_by_reference():
    lists = {"A": records(*({"ref": f"a{n}"} for n in range(5))), "B": records({"ref": "b1"}, {"ref": "b2"})}
    plan = composed(terms(**SIMPLE, lottery=None), lists)
    assert released(plan)["A"] == {"a0": 1, "a1": 1}
    assert plan.seed is None


def test_both_sides_may_use_the_same_references():
    same = [{"ref": str(number)} for number in range(4)]
    lists = {"A": records(*same), "B": records(*same[:3], {"ref": "3", "health": "seriously_ill"})}
    agreed = terms(**{**SIMPLE, "all_for_all": ("seriously_wounded_or_ill",), "legs": Legs((3,))})
    data = cases.papers(agreed, lists, composed(agreed, lists))
    assert any(key.startswith("A:") for key in cases.tree(data[1])["legs"][0]["heading"])


def test_a_reference_twice_is_refused():
    from goodoffices.domain.errors import InputError

    twice = pl.concat([records({"ref": "a1"}), records({"ref": "a1"})])
    with pytest.raises(InputError, match="twice"):
        prepared(terms(), {"A": twice, "B": records({"ref": "b1"})})


def test_neither_yes_nor_no_is_refused():
    from goodoffices.domain.errors import InputError

    with pytest.raises(InputError, match="yes or no"):
        prepared(terms(), {"A": records({"ref": "a1", "withheld": "perhaps"}), "B": records({"ref": "b1"})})


def test_families_that_do_not_fit_into_legs_whole_leave_an_honest_gap():
    """Three families of two, legs of three seats: four of the six can go, and the proof knows only of six."""
    from goodoffices.engines.audit.exchange import audit

    families = [{"ref": f"a{n}", "family": f"F{n // 2}"} for n in range(6)]
    lists = {"A": records(*families), "B": records(*({"ref": f"b{n}"} for n in range(6)))}
    agreed = terms(**{**SIMPLE, "order": (), "legs": Legs((3, 3))})
    plan = composed(agreed, lists)
    assert (plan.objective[0].value, plan.objective[0].bound) == (8, 12)
    verdict = audit(*cases.papers(agreed, lists, plan))
    assert verdict.violations == ()
    assert {"criterion": "most_people", "gap": 4} in [finding.params for finding in verdict.warnings]


def test_the_cartel_of_1862_weighs_ranks_by_a_ratio():
    """Dix-Hill, 22 July 1862: two private soldiers for one non-commissioned officer, as a ratio of two to one."""
    lists = {
        "A": records(*({"ref": f"a{n}", "rank": "private"} for n in range(7))),
        "B": records(*({"ref": f"b{n}", "rank": "sergeant"} for n in range(5))),
    }
    plan = composed(terms(**{**SIMPLE, "ratio": (2, 1), "legs": Legs((9,))}), lists)
    assert {side: len(plan.legs[0].release[side]) for side in "AB"} == {"A": 6, "B": 3}


def test_the_third_round_of_2025_at_least_1200_a_side():
    """Istanbul, 23 July 2025: at least 1,200 a side; 84 for 84 and 146 for 146 with 8 civilians were two legs."""
    lists = {"A": people(700, 5, "A"), "B": people(700, 6, "B")}
    agreed = terms(minimum={"A": 230, "B": 230}, all_for_all=(), civilians={"A": 8, "B": 0}, legs=Legs((84, 154)))
    plan = composed(agreed, lists)
    for leg in plan.legs:
        heads = [list(leg.heading[side].values()).count("balance") for side in "AB"]
        assert heads[0] == heads[1]
    civilians = sum(list(leg.heading["A"].values()).count("civilian") for leg in plan.legs)
    assert civilians == 8
