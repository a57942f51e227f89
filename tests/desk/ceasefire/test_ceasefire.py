"""Ceasefires at the desk: words of both sides, each planner's own plan, the day, incidents, reports; who sees what."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from goodoffices.desk.ceasefire import page, selectors, services
from goodoffices.desk.ceasefire.models import Assurance, Ceasefire, Ground, Incident, Plan, Step
from goodoffices.desk.ceasefire.records import plan_of, stands, state_document, window_of
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.ledger.models import Statement
from goodoffices.domain.errors import TransitionError
from goodoffices.flow.ceasefire import Papers, check
from goodoffices.formats.visits import read_state
from tests.desk.ceasefire.making import alleged, assured, opened, planned, proposed
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import work_off

WINDOW = {
    "title": "Along the line", "starts_at": "2030-09-01T06:00", "ends_at": "2030-09-01T18:00", "area": "the line",
    "purpose": "bodies",
}  # fmt: skip


def address(found, rest=""):
    return f"/ceasefire/{found.id}{rest}"


def test_a_window_is_set_only_when_every_side_has_agreed_and_assured_it(desk, enter):
    own, other, chair = enter("side-ua-1"), enter("side-ru-1"), enter("secretariat-1")
    assert post(own, "/ceasefire/new", **{**WINDOW, "ends_at": "2030-09-01T05:00"}).status_code == 422
    assert post(own, "/ceasefire/new", **WINDOW).status_code == 302
    found = Ceasefire.objects.get()
    offer = selectors.latest_offer(found)
    assert found.state == "proposed"
    assert post(own, address(found, "/assure"), offer=offer.id).status_code == 409
    assert post(chair, address(found, "/step"), event="open").status_code == 409
    assert post(chair, address(found, "/agree"), offer=offer.id).status_code == 404
    for _ in range(2):
        assert post(other, address(found, "/agree"), offer=offer.id).status_code == 302
    assert Ceasefire.objects.get().state == "window_agreed"
    assert post(own, address(found, "/assure"), offer=offer.id).status_code == 302
    assert Ceasefire.objects.get().state == "window_agreed"
    assert "waits for your assurance" in other.get("/").content.decode()
    assert post(other, address(found, "/assure"), offer=offer.id).status_code == 302
    assert Ceasefire.objects.get().state == "assured"
    assert Assurance.objects.count() == 4
    assert Statement.objects.get(kind="ceasefire_assured").roles == ["RU", "UA"]
    assert post(own, address(found, "/step"), event="open").status_code == 404
    assert post(chair, address(found, "/step"), event="assure").status_code == 409
    assert post(chair, address(found, "/step"), event="open").status_code == 302


def test_another_offer_lets_the_words_on_the_one_before_lapse(desk, enter):
    found = proposed()
    first = selectors.latest_offer(found)
    other = enter("side-ru-1")
    change = {name: value for name, value in WINDOW.items() if name != "title"}
    assert post(other, address(found, "/offer"), **change).status_code == 302
    assert post(other, address(found, "/agree"), offer=first.id).status_code == 409
    assert Ceasefire.objects.get().state == "proposed"
    assert "the line" in enter("side-ua-1").get(address(found)).content.decode()
    assert post(enter("side-ua-1"), address(found, "/agree"), offer=selectors.latest_offer(found).id).status_code == 302
    assert Ceasefire.objects.get().state == "window_agreed"


def test_an_open_window_is_extended_when_both_sides_agree(desk, enter):
    found = opened()
    later = (found.ends_at + dt.timedelta(hours=2)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M")
    assert post(enter("side-ua-1"), address(found, "/offer"), ends_at="2020-01-01T00:00").status_code == 422
    assert post(enter("side-ua-1"), address(found, "/offer"), ends_at=later).status_code == 302
    assert Ceasefire.objects.get().ends_at == found.ends_at
    offer = selectors.latest_offer(found)
    assert post(enter("side-ru-1"), address(found, "/agree"), offer=offer.id).status_code == 302
    extended = Ceasefire.objects.get()
    assert extended.state == "extended"
    assert extended.ends_at == found.ends_at + dt.timedelta(hours=2)


def test_the_window_is_read_by_those_named_and_a_plan_by_its_own_side_alone(desk, enter):
    found = assured()
    plan = planned(found)
    own = ("", "/plan", "/map", "/day", f"/plan/{plan.id}", f"/plan/{plan.id}/cards.pdf")
    client = enter("planner-ua")
    for rest in own:
        for language in ("en", "uk", "ru", "tr"):
            assert client.get(address(found, rest), {"lang": language}).status_code == 200, rest
    other = enter("planner-ru")
    assert "m-route" not in other.get(address(found, "/plan")).content.decode()
    for rest in own[2:]:
        assert other.get(address(found, rest)).status_code == 404
    for username in ("side-ua-1", "side-ru-1", "secretariat-1", "humanitarian-1", "observer", "host"):
        assert enter(username).get(address(found)).status_code == 200
        shown = enter(username).get(address(found)).content.decode()
        assert "m-route" not in shown
        assert "read by its planner alone" in shown
        for rest in own[1:]:
            assert enter(username).get(address(found, rest)).status_code == 404
    for username in ("forensic-1", "operator", "auditor"):
        assert enter(username).get(address(found)).status_code == 404
    assert post(enter("side-ua-1"), address(found, "/plan/make"), chance="0.9", seconds="1").status_code == 404
    assert post(enter("planner-ru"), address(found, f"/plan/{plan.id}/rehearse")).status_code == 404


def test_ground_and_plan_lie_sealed_and_the_audit_holds(desk):
    found = assured()
    plan = planned(found)
    with connection.cursor() as cursor:
        for table, column in (("ceasefire_ground", "body"), ("ceasefire_plan", "body"), ("ceasefire_plan", "story")):
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  names of this test
            assert all(b'"team"' not in bytes(row[0]) and b"sites" not in bytes(row[0]) for row in cursor.fetchall())
    assert (plan.sealed_owner(), plan.ground.sealed_owner()) == ("UA", "UA")
    assert check(Papers(plan.ground.body.encode()), plan.body.encode()).holds
    assert plan.story["dots"]
    assert not Plan.objects.filter(party="RU").exists()


def test_a_ground_is_checked_in_words_and_belongs_to_the_agreed_hours(desk, enter):
    found, client = assured(), enter("planner-ua")
    good = page.invented(found, "UA")

    def send(data):
        file = SimpleUploadedFile("WINDOW.json", data)
        return post(client, address(found, "/ground"), file=file)

    wrong = json.loads(good)
    wrong["start"] = "2025-01-01T06:00+03:00"
    for data in (b"no json", json.dumps(wrong).encode(), b""):
        assert send(data).status_code == 422
    wrong = json.loads(good)
    wrong["teams"][0]["crossing"] = "c99"
    answer = send(json.dumps(wrong).encode())
    assert answer.status_code == 422
    assert "c99" in answer.content.decode()
    assert not Ground.objects.exists()
    assert send(good).status_code == 302
    assert Ground.objects.get().party_id == "UA"
    assert post(enter("side-ua-1"), address(found, "/ground"), invent="1").status_code == 404


def test_a_point_of_the_frontier_is_chosen_and_work_asked_twice_is_done_once(desk, enter):
    found = assured()
    first = planned(found)
    client = enter("planner-ua")
    choice = page.points(first)[0][0]
    one = post(client, address(found, "/plan/make"), point=choice)
    two = post(client, address(found, "/plan/make"), point=choice)
    assert one.headers["Location"] == two.headers["Location"]
    dot = first.story["dots"][int(choice)]
    work_off()
    assert Plan.objects.count() == 2
    second = Plan.objects.order_by("-number").first()
    assert plan_of(second, window_of(second)).margin_minutes == dot["margin"]
    assert any(one["chosen"] for one in second.story["dots"])
    assert post(client, address(found, "/plan/make"), point="999").status_code == 404


def test_the_day_shows_who_is_out_and_who_must_turn_back_by_when(desk, enter):
    found = opened()
    plan = planned(found)
    client = enter("planner-ua")
    shown = client.get(address(found, "/day")).content.decode()
    assert "Teams out" in shown
    window = window_of(plan)
    visits = plan_of(plan, window)
    middle = visits.visits[len(visits.visits) // 2].arrive
    at = {one.team: one for one in stands(window, visits, middle, {})}
    assert {one.state for one in at.values()} & {"out"}
    team = next(one.team for one in at.values() if one.state == "out")
    assert stands(window, visits, window.end + dt.timedelta(days=1), {})[0].state == "done"
    assert post(client, address(found, "/day/note"), team=team, event="lost").status_code == 302
    assert "dropped out" in client.get(address(found, "/day")).content.decode()
    assert post(client, address(found, "/day/note"), team="nobody", event="back").status_code == 422
    late = stands(window, visits, middle, {team: {"event": "late", "minutes": 30}})
    assert next(one for one in late if one.team == team).state in {"late", "in"}
    assert post(enter("side-ua-1"), address(found, "/day/note"), team=team, event="back").status_code == 404


def test_the_rest_of_the_day_is_planned_from_how_it_stands(desk, enter):
    found = opened()
    plan = planned(found)
    client, window = enter("planner-ua"), window_of(plan)
    visits = plan_of(plan, window)
    at = visits.visits[0].arrive.astimezone(dt.UTC)
    lost = visits.visits[-1].team
    fields = {"at": at.strftime("%Y-%m-%dT%H:%M"), "take": "smallest", "seconds": "1"}
    assert post(client, address(found, "/replan"), **fields, late="nobody 4").status_code == 422
    assert post(client, address(found, "/replan"), **fields, closed="nowhere").status_code == 422
    assert post(client, address(found, "/replan"), **fields, lost=[lost]).status_code == 302
    work_off()
    job = Job.objects.order_by("-asked_at").first()
    assert job.state == "done", job.faults
    newer = Plan.objects.order_by("-number").first()
    assert newer.before_id == plan.id
    rest = plan_of(newer, window)
    assert lost not in {one.team for one in rest.visits}
    assert {change["name"] for change in newer.story["replan"]} == {"smallest", "best"}
    papers = Papers(newer.ground.body.encode(), state=newer.state.encode())
    assert check(papers, newer.body.encode()).holds
    assert "The rest of the day" in client.get(address(found, "/plan")).content.decode()


def test_the_state_of_a_day_reckoned_from_a_plan_can_be_read_at_every_hour(desk):
    found = assured()
    plan = planned(found)
    window = window_of(plan)
    visits = plan_of(plan, window)
    for hour in range(12):
        at = window.start + dt.timedelta(hours=hour, minutes=7)
        state = read_state(state_document(window, visits, at=at, late={window.teams[0].id: 25}), window)
        begun = sum(one.bodies for one in visits.visits if one.arrive <= at and one.team != window.teams[0].id)
        rest = sum(site.bodies for site in state.sites)
        assert rest <= sum(site.bodies for site in window.sites) - begun


def test_an_incident_goes_its_way_by_its_table_and_its_words_are_read_by_whom_the_table_names(desk, enter):
    found = opened()
    row = alleged(found)
    at = address(found, f"/incidents/{row.id}")
    assert "crossing seven" in enter("side-ua-2").get(at).content.decode()
    for username in ("secretariat-1", "humanitarian-1", "observer"):
        assert "crossing seven" in enter(username).get(at).content.decode()
    for username in ("side-ru-1", "planner-ru", "host", "forensic-1"):
        assert enter(username).get(at).status_code == 404
    assert post(enter("side-ru-1"), f"{at}/step", event="acknowledge").status_code == 404
    assert post(enter("secretariat-1"), f"{at}/step", event="find").status_code == 409
    assert post(enter("secretariat-1"), f"{at}/step", event="notify").status_code == 302
    other = enter("side-ru-1")
    assert "waits for you" in other.get("/").content.decode()
    assert post(other, f"{at}/step", event="verify").status_code == 404
    assert post(other, f"{at}/step", event="acknowledge", note="we have read it").status_code == 302
    assert post(enter("side-ua-1"), f"{at}/step", event="acknowledge").status_code == 404
    for event in ("verify", "deny_access", "verify", "find_nothing"):
        assert post(enter("humanitarian-1"), f"{at}/step", event=event).status_code == 302
    assert Incident.objects.get().state == "unsubstantiated"
    assert post(enter("observer"), f"{at}/step", event="close").status_code == 404
    assert post(enter("secretariat-1"), f"{at}/step", event="close").status_code == 302
    assert Step.objects.count() == 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM ceasefire_incident")
        assert b"crossing seven" not in bytes(cursor.fetchone()[0])
    assert enter("side-ru-1").get(f"{at}/form.pdf").content[:4] == b"%PDF"
    assert not any("crossing seven" in str(one.content) for one in Statement.objects.all())


def test_an_incident_is_reported_by_its_form_and_a_blank_one_is_printed(desk, enter):
    found = opened()
    for username in ("side-ru-1", "planner-ua", "humanitarian-1", "observer"):
        client = enter(username)
        assert post(client, address(found, "/incidents/new"), kind="fire").status_code == 422
        given = {"kind": "fire", "happened_at": "2025-09-01T07:00", "place": "p", "told": "heard"}
        assert post(client, address(found, "/incidents/new"), **given).status_code == 302
        later = {**given, "happened_at": "2099-09-01T07:00"}
        answer = post(client, address(found, "/incidents/new"), **later)
        assert answer.status_code == 422
        assert "no later than now" in answer.content.decode()
        form = client.get(address(found, "/incidents/new"), {"kind": "access_denied"}).content.decode()
        assert 'value="access_denied" selected' in form
    assert enter("side-ua-1").get(address(found, "/incidents/blank.pdf")).content[:4] == b"%PDF"
    assert enter("host").get(address(found, "/incidents/new")).status_code == 404
    listed = enter("side-ua-1").get(address(found, "/incidents")).content.decode()
    assert "Incident 2" in listed
    assert "Incident 1" not in listed


def test_a_report_stands_after_the_end_and_the_neutrals_makes_it_reported(desk, enter):
    found = opened()
    client = enter("humanitarian-1")
    assert client.get(address(found, "/report")).status_code == 404
    post(enter("secretariat-1"), address(found, "/step"), event="close")
    assert post(enter("planner-ua"), address(found, "/report"), told="own words", wounded="3").status_code == 302
    assert Ceasefire.objects.get().state == "closed"
    assert post(client, address(found, "/report"), told="all came back", bodies="12").status_code == 302
    assert Ceasefire.objects.get().state == "reported"
    other = enter("side-ru-1").get(address(found)).content.decode()
    assert "all came back" in other
    assert "own words" not in other
    with pytest.raises(TransitionError, match="reported before"):
        services.report_make(
            ceasefire=Ceasefire.objects.get(),
            told="x",
            wounded=None,
            bodies=None,
            by=viewer("humanitarian-1"),
            at=timezone.now(),
        )
