"""The rest of a day: nothing changes without need, what happened is respected, the audit passes it."""

import datetime as dt
from pathlib import Path

from goodoffices.engines.ceasefire.model import Situation
from goodoffices.engines.ceasefire.replan import replan
from goodoffices.engines.ceasefire.search import Effort
from goodoffices.flow.ceasefire import Papers, audited, find_times, make_plan, read_papers
from goodoffices.formats.visits import read_state
from tests.engines.ceasefire.cases import at, encode, site, team, window

DAY = window(
    [team("t1"), team("t2")],
    [
        site("s1", 30, 0, bodies=2),
        site("s2", 50, 0, bodies=2),
        site("s3", -30, 0, bodies=2),
        site("s4", -50, 0, bodies=2),
    ],
    minutes=420,
)


def both(state):
    papers = Papers(encode(DAY))
    read = read_papers(papers)
    times = find_times(read, papers)
    old = make_plan(Situation(read, times, 0), papers, effort=Effort(iterations=200), rule=None)
    papers = Papers(papers.window, state=encode(state))
    day = read_state(papers.state, read)
    changes = replan(Situation(read, times, 0, day), old, effort=Effort(iterations=200))
    for change in changes:
        audited(read, change.plan, papers)
    return read, old, *changes


def test_a_day_that_goes_as_planned_is_not_changed():
    _, old, small, best = both({"at": at(0)})
    assert (small.dropped, small.added, small.teams) == (0, 0, ())
    assert (best.plan.bodies, best.teams) == (old.bodies, ())


def test_when_a_team_is_lost_the_other_takes_over_what_it_can():
    _, old, small, best = both({"at": at(0), "teams": [{"team": "t2", "lost": True}]})
    assert not any(visit.team == "t2" for visit in best.plan.visits)
    assert small.plan.bodies < old.bodies
    assert best.plan.bodies > small.plan.bodies
    assert small.added == 0


def test_a_site_that_is_closed_is_left_for_that_reason():
    _, _, _, best = both({"at": at(0), "sites": [{"site": "s1", "closed": True}]})
    assert [(one.site, one.reason.value) for one in best.plan.left] == [("s1", "closed")]


def test_nothing_begins_before_the_hour_of_the_state_and_what_is_aboard_counts():
    state = {
        "at": at(60),
        "teams": [
            {"team": "t1", "at": "s1", "aboard": {"bodies": 2}, "trip": 1, "out_since": at(0)},
            {"team": "t2", "at": "c1", "free": at(90)},
        ],
        "sites": [{"site": "s1", "bodies": 0}],
    }
    read, _, _, best = both(state)
    assert min(visit.arrive for visit in best.plan.visits) >= read.start + dt.timedelta(minutes=60)
    first = min((one.at, one.team) for one in best.plan.returns if one.team == "t1")
    assert first[0] >= read.start + dt.timedelta(minutes=90)
    assert best.plan.bodies == 6


def test_a_road_closed_in_the_state_is_driven_around_in_time():
    state = {"at": at(0), "closed": [{"edge": ["c1", "s1"], "from": at(0), "to": at(200)}]}
    papers = Papers(encode(DAY), state=encode(state))
    import dataclasses

    read = read_papers(papers)
    day = read_state(papers.state, read)
    read = dataclasses.replace(read, closed=day.closed)
    times = find_times(read, papers)
    plan = make_plan(Situation(read, times, 0, day), papers, effort=Effort(iterations=200), rule=None)
    assert plan.bodies >= 6


def test_the_example_window_can_be_replanned_at_noon():
    data = (Path(__file__).parents[2] / "data" / "ceasefire" / "window-200.json").read_bytes()
    papers = Papers(data)
    read = read_papers(papers)
    times = find_times(read, papers)
    old = make_plan(Situation(read, times, 60), papers, effort=Effort(iterations=100), rule=None)
    noon = read.start + dt.timedelta(hours=6)
    done = [visit for visit in old.visits if visit.leave <= noon]
    taken = {site.id: 0 for site in read.sites}
    for visit in done:
        taken[visit.site] += visit.wounded + visit.bodies
    sites = [
        {"site": one.id, ("wounded" if one.wounded else "bodies"): one.wounded + one.bodies - taken[one.id]}
        for one in read.sites
        if taken[one.id]
    ]
    state = encode({"at": noon.isoformat(), "teams": [], "sites": sites})
    papers = Papers(data, state=state)
    small, best = replan(Situation(read, times, 60, read_state(state, read)), old, effort=Effort(iterations=100))
    audited(read, best.plan, papers)
    assert (best.plan.wounded, best.plan.bodies) >= (small.plan.wounded, small.plan.bodies)
