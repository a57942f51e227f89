"""The rest of a day: what changes for which team, cards for those alone, one replan after another."""

import dataclasses
import datetime as dt

import pytest
from django.utils import timezone

from goodoffices.desk.ceasefire import demo, services
from goodoffices.desk.ceasefire.changes import compare
from goodoffices.desk.ceasefire.models import Plan
from goodoffices.desk.ceasefire.records import homeward, plan_of, stands, state_document, window_of
from goodoffices.desk.ceasefire.tasks import papers_of
from goodoffices.desk.jobs.models import Job
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.visits import Departure, Return, Visit, VisitPlan
from goodoffices.flow.ceasefire import check
from goodoffices.formats.fieldcards import card_sheets
from goodoffices.formats.print.frame import Frame
from goodoffices.formats.visits import read_state
from goodoffices.formats.words import Language
from tests.desk.ceasefire.making import opened, planned
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import work_off


def address(found, rest=""):
    return f"/ceasefire/{found.id}{rest}"


def replanned(enter, found, at, **fields):
    """Ask for the rest of the day by the page, and do the work."""
    given = {"at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M"), "take": "smallest", "seconds": "1"}
    answer = post(enter("planner-ua"), address(found, "/replan"), **{**given, **fields})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return Plan.objects.filter(party="UA").order_by("-number").first()


def middle(plan):
    """Give a minute at which somebody is on his road home, if there is one."""
    visits = plan_of(plan, window_of(plan))
    leaves = sorted(one.leave for one in visits.visits)
    return leaves[len(leaves) // 2] + dt.timedelta(minutes=1)


def test_the_smallest_change_says_for_whom_what_changes_and_prints_those_cards_alone(desk, enter):
    found = opened()
    plan = planned(found)
    window = window_of(plan)
    visits = plan_of(plan, window)
    at = visits.visits[0].arrive
    team = next(one.team for one in sorted(visits.visits, key=lambda one: one.arrive) if one.arrive > at)
    newer = replanned(enter, found, at, late=f"{team} 30")
    assert newer.story["taken"] == "smallest"
    assert [way["name"] for way in newer.story["replan"]] == ["smallest", "best"]
    smallest = newer.story["replan"][0]
    assert {line["team"] for line in smallest["teams"]} == {team}
    assert newer.story["cards"] == [team]
    shown = enter("planner-ua").get(address(found, "/plan")).content.decode()
    assert f"New cards for {team} (PDF)" in shown
    assert shown.index("the smallest change") < shown.index("the best rest")
    for language in ("uk", "ru", "tr", "en"):
        assert enter("planner-ua").get(address(found, "/plan"), {"lang": language}).status_code == 200
    cards = address(found, f"/plan/{newer.id}/cards.pdf")
    assert enter("planner-ua").get(cards, {"changed": "1"}).content[:4] == b"%PDF"
    assert enter("planner-ua").get(address(found, f"/plan/{plan.id}/cards.pdf"), {"changed": "1"}).status_code == 404
    assert enter("planner-ru").get(cards, {"changed": "1"}).status_code == 404
    rest = plan_of(newer, window)
    frame = Frame("", "", None, ())
    (sheet,) = card_sheets(window, rest, language=Language("en"), frame=frame, only=newer.story["cards"])
    assert sheet.title.startswith(f"{team} ·")
    assert "replaces the one you hold" in sheet.blocks[0]["text"]


def test_the_other_way_can_be_taken_without_a_search_and_only_from_the_plan_in_force(desk, enter):
    found = opened()
    plan = planned(found)
    visits = plan_of(plan, window_of(plan))
    first = replanned(enter, found, visits.visits[0].arrive, lost=[visits.visits[-1].team])
    way = address(found, f"/plan/{first.id}/way")
    assert post(enter("planner-ru"), way, way="best").status_code == 404
    assert post(enter("side-ua-1"), way, way="best").status_code == 404
    assert post(enter("planner-ua"), way, way="smallest").status_code == 409
    assert post(enter("planner-ua"), way, way="fastest").status_code == 409
    assert post(enter("planner-ua"), way, way="best").status_code == 302
    second = Plan.objects.filter(party="UA").order_by("-number").first()
    assert (second.number, second.before_id, second.story["taken"]) == (3, plan.id, "best")
    assert second.body == first.story["replan"][1]["body"]
    assert set(first.story["cards"]) <= set(second.story["cards"])
    assert check(papers_of(second.ground, second.state.encode()), second.body.encode()).holds
    with pytest.raises(TransitionError, match="another plan is in force"):
        services.way_take(plan=first, name="best", by=viewer("planner-ua"), at=timezone.now())
    assert post(enter("planner-ua"), address(found, f"/plan/{plan.id}/way"), way="best").status_code == 409


def test_a_second_replan_knows_what_was_done_before_the_first(desk, enter):
    found = opened()
    plan = planned(found)
    window = window_of(plan)
    before = plan_of(plan, window)
    at = middle(plan)
    lost = before.visits[-1].team
    first = replanned(enter, found, at, lost=[lost])
    later = at + dt.timedelta(minutes=40)
    early = post(
        enter("planner-ua"), address(found, "/replan"), take="best", seconds="1",
        at=(at - dt.timedelta(hours=1)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    assert early.status_code == 422
    form = enter("planner-ua").get(address(found, "/replan")).content.decode()
    assert f'value="{lost}"' in form
    assert "checked" in form.split(f'value="{lost}"')[1].split(">")[0]
    second = replanned(enter, found, later, lost=[lost])
    assert second.before_id == first.id
    one, two = (read_state(row.state.encode(), window) for row in (first, second))
    for early_, late_ in zip(one.sites, two.sites, strict=True):
        assert (late_.wounded, late_.bodies) <= (early_.wounded, early_.bodies)
    taken = {site.id: 0 for site in window.sites}
    for visits, hour in ((before.visits, at), (plan_of(first, window).visits, later)):
        for visit in (one for one in visits if one.arrive <= hour):
            taken[visit.site] += visit.bodies
    assert [site.bodies for site in two.sites] == [site.bodies - taken[site.id] for site in window.sites]
    assert next(team for team in two.teams if team.team == lost).lost
    assert check(papers_of(second.ground, second.state.encode()), second.body.encode()).holds


def test_who_is_on_the_road_home_is_out_until_he_is_there_and_starts_again_only_then(desk, enter):
    found = opened()
    plan = planned(found)
    window = window_of(plan)
    visits = plan_of(plan, window)
    last = {(one.team, one.trip): one.leave for one in sorted(visits.visits, key=lambda one: one.leave)}
    back = next(one for one in visits.returns if one.at > last[one.team, one.trip] + dt.timedelta(minutes=2))
    at = last[back.team, back.trip] + dt.timedelta(minutes=1)
    assert back in homeward(visits, at, {}, ())
    assert back not in homeward(visits, at, {}, {back.team})
    late = homeward(visits, at + dt.timedelta(minutes=10), {back.team: 10}, ())
    assert dataclasses.replace(back, at=back.at + dt.timedelta(minutes=10)) in late
    state = read_state(state_document(window, visits, at=at), window)
    now = next(one for one in state.teams if one.team == back.team)
    turn = next(one.turnaround_minutes for one in window.crossings if one.id == back.crossing)
    assert (now.at, now.trip, now.bodies) == (back.crossing, back.trip + 1, 0)
    assert now.free == back.at + dt.timedelta(minutes=turn)
    nothing = VisitPlan((), (), (), (), 60)
    line = stands(window, nothing, at, {}, [back])[0]
    assert (line.team, line.state, line.place, line.back_at) == (back.team, "out", back.crossing, back.at)
    assert stands(window, nothing, at, {back.team: {"event": "back"}}, [back]) == []
    newer = replanned(enter, found, at)
    assert any(one["team"] == back.team for one in newer.story["replan"][0]["home"])
    assert "On the road home" in enter("planner-ua").get(address(found, "/plan")).content.decode()


def test_a_road_that_closes_on_the_day_is_kept_closed_by_every_later_plan(desk, enter):
    found = opened()
    plan = planned(found)
    window = window_of(plan)
    visit = max(plan_of(plan, window).visits, key=lambda one: one.arrive)
    gates = " , ".join(f"{gate.id} - {visit.site}" for gate in window.crossings)
    client = enter("planner-ua")
    for bad in ("m4", "c1 - nowhere", "c1 - s1 - s2"):
        assert post(client, address(found, "/replan"), at=f"{window.start:%Y-%m-%dT%H:%M}", shut=bad).status_code == 422
    newer = replanned(enter, found, window.start + dt.timedelta(hours=1), shut=gates)
    state = read_state(newer.state.encode(), window)
    assert {one.edge for one in state.closed} == {(gate.id, visit.site) for gate in window.crossings}
    assert check(papers_of(newer.ground, newer.state.encode()), newer.body.encode()).holds
    assert f"c1 - {visit.site}" in client.get(address(found, "/replan")).content.decode()


def test_a_closed_road_of_a_road_file_goes_by_its_name_and_an_unknown_one_is_told(desk, enter):
    found = opened()
    demo.planned(found, "planner-ua", timezone.now(), seconds=0.4, roads=True)
    hour = found.starts_at + dt.timedelta(hours=2)
    newer = replanned(enter, found, hour, shut="n4-5, n8-5")
    assert check(papers_of(newer.ground, newer.state.encode()), newer.body.encode()).holds
    assert replanned(enter, found, hour, shut="no such way").id == newer.id
    job = Job.objects.order_by("-asked_at").first()
    assert job.state == "failed"
    assert "no such road" in str(job.faults)


# ------------------------------------------------------------------------------------------ words, on plans by hand
HOUR = dt.datetime(2025, 9, 1, 8, tzinfo=dt.UTC)


def by_hand(stops, *, back=4.0, gate="c1", team="a1", bodies=1):
    """Make a plan of one team: sites with their hours, then back."""
    visits = tuple(
        Visit(team, 1, site, 0, bodies, HOUR + dt.timedelta(hours=at), HOUR + dt.timedelta(hours=at + 0.5))
        for site, at in stops
    )
    home = (Return(team, 1, gate, HOUR + dt.timedelta(hours=back)),) if stops else ()
    return VisitPlan(visits, (Departure(team, 1, "c1", HOUR),) if stops else (), home, (), 60)


@pytest.fixture(scope="module")
def window():
    from goodoffices.formats.window import read_window

    return read_window(
        b"""{"start": "2025-09-01T06:00+00:00", "end": "2025-09-01T18:00+00:00",
        "crossings": [{"id": "c1", "lon": 0, "lat": 0}, {"id": "c2", "lon": 1, "lat": 0}],
        "teams": [{"id": "a1", "kind": "truck", "crossing": "c1", "speed_kmh": 30, "capacity": {"bodies": 9}}],
        "sites": [{"id": "s1", "lon": 1, "lat": 1, "bodies": 3}, {"id": "s2", "lon": 2, "lat": 1, "bodies": 3}],
        "travel": {"metric": "plane", "detour": 1}}"""
    )


@pytest.mark.parametrize(
    ("new", "lost", "told"),
    [
        (by_hand([("s1", 1), ("s2", 2)]), (), None),
        (by_hand([("s1", 1.5), ("s2", 2.5)], back=4.5), (),
         [["later", {"n": 30}], ["back", {"place": "c1", "at": "12:30", "was": "c1 12:00"}]]),
        (by_hand([("s1", 1), ("s2", 2.5)]), (), [["times", {}]]),
        (by_hand([("s2", 1), ("s1", 2)]), (), [["order", {"sites": "s2, s1"}]]),
        (by_hand([("s1", 1)]), (), [["dropped", {"sites": "s2"}]]),
        (by_hand([("s1", 1), ("s2", 2)], bodies=2), (), [["take", {"sites": "s1, s2"}]]),
        (by_hand([("s1", 1), ("s2", 2)], gate="c2"), (), [["back", {"place": "c2", "at": "12:00", "was": "c1 12:00"}]]),
        (by_hand([]), (), [["dropped_all", {}]]),
        (by_hand([]), ("a1",), [["lost", {}]]),
    ],
)  # fmt: skip
def test_each_kind_of_change_has_its_words(window, new, lost, told):
    old = by_hand([("s1", 1), ("s2", 2)])
    found = compare(window, old, new, at=HOUR, lost=lost, late={}, home=())
    assert (found[0]["told"] if found else None) == told
    if found:
        assert found[0]["card"] is (not lost)
    back = compare(window, new, old, at=HOUR, lost=(), late={}, home=())
    assert bool(back) == bool(told)
