"""The menu: none beats another, the named points are what they are called, prices are true."""

import itertools

import pytest

from goodoffices.domain.terms import Gain, Legs
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.compose import compose
from goodoffices.engines.exchange.options import bound_terms, menu, prices
from tests.engines.exchange.cases import papers, prepared, records, terms, usual

BARE: dict[str, object] = {
    "minimum": {},
    "all_for_all": (),
    "rank_groups": (),
    "civilians": {},
    "order": ("requested:1",),
    "lottery": None,
}


def test_the_menu_by_hand_against_every_plan():
    """Two released by A for one by B; every plan is counted by brute force."""
    worth = {"A": [5, 1, 1], "B": [3, 3, 1]}
    lists = {
        side: records(
            *(
                {"ref": f"{side}{n}", "requested": str({5: 1, 3: 2}.get(w, "")), "held_at": "P"}
                for n, w in enumerate(values)
            )
        )
        for side, values in worth.items()
    }
    weights = {"requested:1": 4, "requested:2": 2}
    agreed = terms(**{**BARE, "ratio": (2, 1), "legs": Legs((2,)), "gain": Gain({"A": weights, "B": weights})})
    found = menu(prepared(agreed, lists))
    assert found is not None
    every = {
        (sum(b), sum(a))
        for n in range(2)
        for a in itertools.combinations(worth["A"], 2 * n)
        for b in itertools.combinations(worth["B"], n)
    }
    best = {p for p in every if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in every)}
    assert {option.gain for option in found.options} <= best
    named = {name: option.gain for option in found.options for name in option.names}
    assert named["nash"] == max(every, key=lambda p: p[0] * p[1])
    assert named["leximin"] == max(every, key=sorted)
    assert named["best:A"] == max(every)
    assert found.is_nash_proven


@pytest.mark.parametrize("seed", range(3))
def test_each_point_of_a_free_menu_is_a_plan_that_passes_the_audit(seed):
    lists = usual(seed + 40)
    weights = {"A": {"women": 3}, "B": {"requested:1": 2}}
    agreed = terms(all_for_all=(), ratio=None, minimum={"A": 20, "B": 20}, gain=Gain(weights))
    found = menu(prepared(agreed, lists), between=1)
    assert found is not None
    gains = [option.gain for option in found.options]
    assert not any(p != q and q[0] >= p[0] and q[1] >= p[1] for p in gains for q in gains)
    for option in found.options:
        bound = bound_terms(agreed, option)
        plan = compose(prepared(bound, lists))
        verdict = audit(*papers(bound, lists, plan))
        assert verdict.violations == ()


def test_no_plan_means_no_menu():
    lists = {"A": records({"ref": "a"}), "B": records({"ref": "b"})}
    assert menu(prepared(terms(**{**BARE, "legs": Legs((2,)), "minimum": {"A": 5}}), lists)) is None


def test_the_price_of_a_priority_is_what_the_next_one_loses():
    lists = {
        "A": records({"ref": "a1", "requested": "1"}, {"ref": "a2", "sex": "f"}),
        "B": records({"ref": "b1"}),
    }
    agreed = terms(**{**BARE, "order": ("requested:1", "women"), "legs": Legs((2,))})
    price = prices(prepared(agreed, lists))[0]
    assert (price.criterion, price.pays, price.value, price.without) == ("requested:1", "women", 0, 1)
