"""The audit of a side's own view: what that side's list bears out holds, what does not fit is refused."""

import json

import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.audit.exchange_view import audit_view
from goodoffices.engines.exchange.compose import compose, prepare
from goodoffices.formats.plans import plan_bytes
from goodoffices.formats.planview import is_view, view_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes
from tests.engines.exchange.cases import LOTTERY, terms, usual

SIDES = ("A", "B")


def made(seed=3, **changes):
    """Terms, plan and lists as bytes and nouns."""
    agreed = terms(all_for_all=("seriously_wounded_or_ill",), **changes)
    frames, data = usual(seed), terms_bytes(agreed)
    lists = {side: sealed_csv(frame) for side, frame in frames.items()}
    hashes = {side: sha256_hex(one) for side, one in lists.items()}
    plan = compose(prepare(agreed, frames, terms_sha256=sha256_hex(data), lists_sha256=hashes))
    return data, plan, lists


def view(plan, side):
    whole = plan_bytes(plan, lists={})
    return view_bytes(plan, side=side, plan_sha256=sha256_hex(whole), path=f"{side}.csv")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("lottery", [None, LOTTERY])
def test_what_the_desk_composed_holds_from_either_side_and_names_nobody_of_the_other(side, lottery):
    data, plan, lists = made(lottery=lottery)
    own = view(plan, side)
    assert is_view(own)
    assert not is_view(plan_bytes(plan, lists={}))
    verdict = audit_view(data, own, lists[side], side=side)
    assert verdict.holds, verdict.violations
    assert {one.code for one in verdict.unchecked} >= {"lists_sha256", "objective", "order_sha256"}
    other = SIDES[1 - SIDES.index(side)]
    refs = {name: {ref for leg in plan.legs for ref in leg.release[name]} for name in SIDES}
    text = own.decode()
    assert all(f'"{ref}"' in text for ref in refs[side])
    assert not any(f'"{ref}"' in text for ref in refs[other] - refs[side])


def stay(tree):
    leg = next(one for one in tree["legs"] if any("all_for_all" in said for said in one["heading"].values()))
    ref = next(ref for ref, said in leg["heading"].items() if "all_for_all" in said)
    leg["release"].remove(ref)
    del leg["heading"][ref]


def heading(tree):
    leg = tree["legs"][0]
    leg["heading"][leg["release"][0]] = "civilian"


def twice(tree):
    tree["legs"][0]["release"].append(tree["legs"][0]["release"][0])


def stranger(tree):
    tree["legs"][0]["release"].append("NOBODY")


def balance(tree):
    for leg in tree["legs"][:1]:
        for one in leg["others"].values():
            one["all"] += 1
            one["balance"] += 1
    for one in tree["others"].values():
        one["balance"] += 1


def sums(tree):
    for one in tree["legs"][0]["others"].values():
        one["all"] += 1


def reason(tree):
    tree["left_out"]["not_chosen"] = tree["left_out"].get("not_chosen", 0) + 1


def seed(tree):
    tree["lottery"]["seed"] = "00" * 32


def another_list(tree):
    tree["lists_sha256"]["A"] = "00" * 32


def another_side(tree):
    tree["side"] = "B"


def no_leg(tree):
    tree["legs"] = tree["legs"][:0]


def float_number(tree):
    for one in tree["legs"][0]["others"].values():
        one["all"] = 1.5


PLANTED = {
    stay: "all_for_all", heading: "heading", twice: "twice", stranger: "unknown_ref", balance: "balance",
    sums: "unreadable", reason: "left_out", seed: "seed", another_list: "sha256", another_side: "unreadable",
    no_leg: "unreadable", float_number: "unreadable",
}  # fmt: skip


@pytest.mark.parametrize("plant", PLANTED, ids=lambda one: one.__name__)
def test_what_does_not_fit_is_refused_with_its_reason(plant):
    data, plan, lists = made()
    tree = json.loads(view(plan, "A"))
    plant(tree)
    verdict = audit_view(data, json.dumps(tree).encode(), lists["A"], side="A")
    assert not verdict.holds
    assert PLANTED[plant] in {one.code for one in verdict.violations}


def test_other_terms_and_another_list_are_refused():
    data, plan, lists = made()
    own = view(plan, "A")
    for given in ((data + b"\n", lists["A"]), (data, lists["A"] + lists["A"].splitlines()[-1] + b"\n")):
        verdict = audit_view(given[0], own, given[1], side="A")
        assert not verdict.holds
    assert not audit_view(data, b"no json", lists["A"], side="A").holds


def test_swapping_the_sides_swaps_the_views():
    _, plan, _ = made()
    one, other = (json.loads(view(plan, side)) for side in SIDES)
    for leg, twin in zip(one["legs"], other["legs"], strict=True):
        assert leg["others"]["B"]["all"] == len(twin["release"])
        assert twin["others"]["A"]["all"] == len(leg["release"])
