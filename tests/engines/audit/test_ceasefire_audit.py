"""The audit refuses every planted violation, and passes what holds."""

import copy
import json

import pytest

from goodoffices.engines.audit.ceasefire import audit
from tests.engines.ceasefire.cases import at, encode, site, team, window

WINDOW = window(
    [team("t1", wounded=1, shift_hours=6), team("d1", kind="demining", bodies=0)],
    [
        site("s1", 30, 0, wounded=1, bodies=2, open=[[at(0), at(200)], [at(300), at(500)]]),
        site("m", 10, 0, fixed=20, needs=["demining"]),
        site("s2", 12, 0, bodies=1, after="m"),
    ],
    margin=30,
)
PLAN = {
    "visits": [
        {"team": "d1", "trip": 1, "site": "m", "wounded": 0, "bodies": 0, "arrive": at(10), "leave": at(30)},
        {"team": "t1", "trip": 1, "site": "s1", "wounded": 1, "bodies": 2, "arrive": at(30), "leave": at(55)},
        {"team": "t1", "trip": 2, "site": "s2", "wounded": 0, "bodies": 1, "arrive": at(112), "leave": at(127)},
    ],
    "returns": [
        {"team": "d1", "trip": 1, "crossing": "c1", "at": at(40)},
        {"team": "t1", "trip": 1, "crossing": "c1", "at": at(85)},
        {"team": "t1", "trip": 2, "crossing": "c1", "at": at(139)},
    ],
    "left": [],
    "totals": {"wounded": 1, "bodies": 3},
    "latest_return": at(139),
}


def judged(change, *, on="plan"):
    documents = {"plan": copy.deepcopy(PLAN), "window": copy.deepcopy(WINDOW)}
    change(documents[on])
    return audit(encode(documents["window"]), encode(documents["plan"]))


def test_what_holds_passes_with_its_figures_recounted():
    verdict = audit(encode(WINDOW), encode(PLAN))
    assert verdict.violations == ()
    assert (verdict.wounded, verdict.bodies, verdict.legs) == (1, 3, 6)


def visit(number, **fields):
    return lambda plan: plan["visits"][number].update(fields)


def back(number, **fields):
    return lambda plan: plan["returns"][number].update(fields)


LATE = {"arrive": at(380), "leave": at(400)}


def both(*changes):
    return lambda plan: [change(plan) for change in changes]


PLANTED = [
    ("too many aboard", "capacity", lambda plan: (visit(1, bodies=3)(plan), plan["totals"].update(bodies=4))),
    ("more than is there", "demand", lambda plan: (visit(2, bodies=2)(plan), plan["totals"].update(bodies=4))),
    ("a negative number", "demand", visit(2, bodies=-1)),
    ("nobody taken where somebody is", "demand", visit(2, bodies=0)),
    ("a kind that the site does not need", "needs", visit(0, team="t1")),
    ("work between two intervals", "interval", visit(1, arrive=at(180), leave=at(205))),
    ("a visit that is too short", "duration", visit(1, leave=at(50))),
    ("a leg that is too fast", "travel", visit(1, arrive=at(29), leave=at(55))),
    ("a way home that is too fast", "travel", back(2, at=at(138))),
    ("no turnaround", "turnaround", visit(2, arrive=at(100), leave=at(127))),
    ("a truck before the demining has ended", "after", visit(0, arrive=at(100), leave=at(120))),
    ("a truck without demining", "after", lambda plan: (plan["visits"].pop(0), plan["returns"].pop(0))),
    ("a shift that is too long", "shift", both(visit(2, **LATE), back(2, at=at(412)))),
    ("back after the margin", "return", lambda plan: (back(2, at=at(580))(plan), plan.update(latest_return=at(580)))),
    ("never back", "return", lambda plan: plan["returns"].pop()),
    ("a site that is not accounted for", "left", lambda plan: (plan["visits"].pop(), plan["returns"].pop())),
    ("left without a reason", "left", lambda plan: plan["left"].append({"site": "s2", "wounded": 0, "bodies": 0})),
    ("a total that is not the sum", "totals", lambda plan: plan["totals"].update(bodies=9)),
    ("a last return that is not the last", "totals", lambda plan: plan.update(latest_return=at(1))),
    ("a trip that is missing", "trip", lambda plan: (visit(2, trip=3)(plan), back(2, trip=3)(plan))),
    ("a return to no crossing", "travel", back(2, crossing="nowhere")),
    ("a return to a site", "crossing", back(2, crossing="s2", at=at(139))),
    ("an unknown team", "reading", visit(2, team="x")),
    ("a time without its zone", "reading", visit(2, arrive="2025-09-01T08:00")),
    ("a missing field", "reading", lambda plan: plan["visits"][0].pop("leave")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_every_planted_violation_is_refused(rule, change):
    verdict = judged(change)
    assert not verdict.holds
    assert rule in {one.rule for one in verdict.violations}, [str(one) for one in verdict.violations]


def test_a_window_that_was_tightened_after_the_plan_is_refused():
    assert not judged(lambda it: it.update(end=at(150), margin_minutes=30), on="window").holds
    assert not judged(lambda it: it.update(travel={"metric": "plane", "detour": 1.2}), on="window").holds


def test_a_closure_makes_a_leg_take_longer():
    closed = [{"edge": ["s1", "c1"], "from": at(20), "to": at(25)}]
    verdict = judged(lambda it: it.update(closed=closed), on="window")
    assert {one.rule for one in verdict.violations} == {"travel"}


def test_files_that_are_no_plans_are_an_answer_and_no_crash():
    for junk in (b"", b"[]", b"null", b"{}", b"\xff", b'{"visits": 3}'):
        assert not audit(encode(WINDOW), junk).holds
        assert not audit(junk, encode(PLAN)).holds


def test_the_same_instants_in_another_zone_hold():
    text = json.dumps(PLAN)
    for hour in range(6, 10):
        text = text.replace(f"T{hour:02}:", f"T{hour - 3:02}:")
    assert audit(encode(WINDOW), text.replace("+03:00", "+00:00").encode()).holds
