"""Changes on the day: small, lawful, said person by person."""

import hashlib
import itertools
import json

import numpy as np
import pytest

from goodoffices.domain.errors import InputError
from goodoffices.domain.plan import Clash
from goodoffices.domain.terms import Legs
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.repair import repair
from tests.engines.exchange.cases import composed, papers, prepared, records, terms, usual
from tests.engines.exchange.reference import can_go, lawful

SIMPLE = {
    "minimum": {},
    "all_for_all": (),
    "rank_groups": (),
    "civilians": {},
    "order": ("requested:1",),
    "legs": Legs((2, 2)),
}


def legs_of(plan, side):
    return {ref: leg.number for leg in plan.legs for ref in leg.release[side]}


def mended(agreed, lists, plan, gone, after):
    everyone = {side: frozenset(gone.get(side, ())) for side in "AB"}
    return repair(prepared(agreed, lists, gone=everyone), plan, after=after, gone=everyone)


def test_the_next_in_line_takes_the_place():
    lists = {"A": records(*({"ref": f"a{n}"} for n in range(6))), "B": records(*({"ref": f"b{n}"} for n in range(4)))}
    agreed = terms(**SIMPLE)
    plan = composed(agreed, lists)
    gone = plan.legs[1].release["A"][0]
    made, changes = mended(agreed, lists, plan, {"A": [gone]}, 1)
    assert made.legs[0] == plan.legs[0]
    assert len(changes) == 2
    assert {(change.before, change.after) for change in changes} == {(2, 0), (0, 2)}
    assert audit(*papers(agreed, lists, made)).violations == ()


@pytest.mark.parametrize("seed", range(8))
def test_a_repaired_plan_keeps_every_term_and_every_done_leg(seed):
    rng = np.random.default_rng(seed)
    lists, agreed = usual(seed + 20), terms(all_for_all=("seriously_wounded_or_ill",))
    plan = composed(agreed, lists)
    after = int(rng.integers(0, 3))
    gone = {}
    for side in "AB":
        later = [ref for ref, leg in legs_of(plan, side).items() if leg > after]
        gone[side] = rng.choice(later, min(3, len(later)), replace=False).tolist()
    made, changes = mended(agreed, lists, plan, gone, after)
    assert not isinstance(made, Clash)
    assert made.legs[:after] == plan.legs[:after]
    assert audit(*papers(agreed, lists, made)).violations == ()
    assert {c.ref for c in changes} >= set(gone["A"]) | set(gone["B"])
    again, more = (
        mended(agreed, lists, made, {s: [*gone[s], *list(legs_of(made, s))[-1:]] for s in "AB"}, after)
        if after < 2
        else (made, [])
    )
    assert audit(*papers(agreed, lists, again)).violations == ()
    assert len(more) < 20


@pytest.mark.parametrize("seed", range(12))
def test_no_lawful_plan_changes_fewer_people(seed):
    """Every way to send everyone is tried: none that is lawful changes fewer."""
    rng = np.random.default_rng(seed)
    rows = {
        side: [
            {"ref": f"{side}{n}", "requested": str(rng.choice(["1", ""])), "held_at": str(rng.choice(["P", "Q"]))}
            for n in range(4)
        ]
        for side in "AB"
    }
    lists = {side: records(*found) for side, found in rows.items()}
    agreed = terms(**{**SIMPLE, "legs": Legs((2, 1), 2)})
    plan = composed(agreed, lists)
    gone = {"A": [next(iter(legs_of(plan, "A")))]}
    made, changes = mended(agreed, lists, plan, gone, 0)
    full = {
        s: [
            {
                **dict.fromkeys(("health", "sex", "family", "withheld", "fit_to_travel", "status", "rank"), ""),
                "category": "military",
                "captured_on": "2025-01-01",
                **r,
            }
            for r in found
        ]
        for s, found in rows.items()
    }
    people = [(s, p) for s in "AB" for p in full[s] if can_go(p) and p["ref"] not in gone.get(s, ())]
    best = None
    for choice in itertools.product(range(3), repeat=len(people)):
        sent = [(s, p, leg) for (s, p), leg in zip(people, choice, strict=True) if leg]
        if lawful(agreed, sent):
            now = {(s, p["ref"]): leg for s, p, leg in sent}
            old = {(s, ref): leg for s in "AB" for ref, leg in legs_of(plan, s).items()}
            count = sum(now.get(key, 0) != old.get(key, 0) for key in now.keys() | old.keys())
            best = count if best is None else min(best, count)
    assert not isinstance(made, Clash)
    assert len(changes) == best


def test_nobody_left_to_replace_means_the_other_side_keeps_one_too():
    lists = {"A": records({"ref": "a1"}, {"ref": "a2"}), "B": records({"ref": "b1"}, {"ref": "b2"})}
    agreed = terms(**{**SIMPLE, "legs": Legs((1, 1))})
    plan = composed(agreed, lists)
    made, _ = mended(agreed, lists, plan, {"A": [plan.legs[1].release["A"][0]]}, 1)
    assert [len(made.legs[1].release[side]) for side in "AB"] == [0, 0]
    agreed = terms(**{**SIMPLE, "legs": Legs((1, 1)), "minimum": {"A": 2, "B": 2}})
    clash, _ = mended(agreed, lists, composed(agreed, lists), {"A": [plan.legs[1].release["A"][0]]}, 1)
    assert isinstance(clash, Clash)
    assert clash.terms == ("numbers.minimum.A",)


def test_who_is_home_cannot_be_gone():
    lists = {"A": records({"ref": "a1"}, {"ref": "a2"}), "B": records({"ref": "b1"}, {"ref": "b2"})}
    agreed = terms(**{**SIMPLE, "legs": Legs((1, 1))})
    plan = composed(agreed, lists)
    with pytest.raises(InputError, match="home since leg 1"):
        mended(agreed, lists, plan, {"A": [plan.legs[0].release["A"][0]]}, 1)
    with pytest.raises(InputError, match="a leg that is done"):
        mended(agreed, lists, plan, {}, 2)


def test_a_repair_that_touches_a_done_leg_or_hides_who_was_gone_is_refused():
    lists, agreed = usual(21), terms(all_for_all=("seriously_wounded_or_ill",))
    plan = composed(agreed, lists)
    data, before, sealed = papers(agreed, lists, plan)
    gone = {"A": frozenset(plan.legs[2].release["A"][:1]), "B": frozenset()}
    made, _ = repair(
        prepared(agreed, lists, gone=gone), plan, after=2, gone=gone, plan_sha256=hashlib.sha256(before).hexdigest()
    )
    assert not isinstance(made, Clash)
    _, paper, _ = papers(agreed, lists, made)
    assert audit(data, paper, sealed, before=before).violations == ()
    assert "done_legs" in {finding.code for finding in audit(data, paper, sealed).unchecked}
    tree = json.loads(paper)
    first, second = (tree["legs"][n]["release"]["A"] for n in (0, 1))
    first.append(second.pop())
    codes = {finding.code for finding in audit(data, json.dumps(tree).encode(), sealed, before=before).violations}
    assert "done_legs" in codes
    assert "sha256" in {finding.code for finding in audit(data, paper, sealed, before=paper).violations}
    tree = json.loads(paper)
    tree["repair"]["after"] = 99
    assert {finding.code for finding in audit(data, json.dumps(tree).encode(), sealed).violations} == {"unreadable"}
    tree["repair"]["after"] = 2
    tree["repair"]["gone"]["A"] = []
    assert audit(data, json.dumps(tree).encode(), sealed, before=before).violations != ()
