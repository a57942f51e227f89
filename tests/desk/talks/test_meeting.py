"""A leaders' meeting: asked in private, set when all have accepted all of it, told in every capital's time."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from icalendar import Calendar

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Mandate, Party
from goodoffices.desk.talks import deciding, demo, selectors, services
from goodoffices.desk.talks.models import Forum
from tests.desk.conftest import AT, post, viewer

PAGE = "/talks/leaders"
SIDES = ("side-ua-1", "side-ru-1")
STARTS = "2031-12-03T09:30"
ASKED = {
    "level": "heads of state", "starts_at": STARTS, "minutes": "120", "place": "Istanbul, Dolmabahçe",
    "agenda": "A full ceasefire\nThe road to it",
}  # fmt: skip


@pytest.fixture
def leaders(desk):
    """The leaders' meeting of the process; the capitals lie in three zones."""
    demo.forums_open(AT)
    for code, zone in (("UA", "Europe/Kyiv"), ("RU", "Europe/Moscow")):
        Party.objects.filter(code=code).update(zone=zone)
    return Forum.objects.get(code="leaders")


def shown(client, page=PAGE):
    """A page without what differs from load to load."""
    text = client.get(page).content.decode()
    return re.sub(r'name="(?:once|csrfmiddlewaretoken)" value="[^"]+"', "", text)


def tell(client, **fields):
    return post(client, f"{PAGE}/meeting/answer", stance="accept", **fields)


def put(enter, **changed):
    return post(enter("secretariat-1"), f"{PAGE}/terms/ask", **{**ASKED, **changed})


def answer(enter, who, accepts="yes"):
    page = enter(who).get(PAGE).content.decode()
    accord = re.search(r'href="(/talks/leaders/accords/[^"]+)"', page)[1]
    return post(enter(who), f"{accord}/answer", accepts=accepts)


def calendar(client):
    return Calendar.from_ical(client.get("/calendar.ics").content).walk("VEVENT")


@pytest.mark.parametrize(("one", "other"), [SIDES, SIDES[::-1]])
def test_what_a_party_would_accept_is_heard_by_the_chair_alone(leaders, enter, one, other):
    watching = [enter(other), enter("host"), enter("observer"), enter("humanitarian-1")]
    before, recorded = [(shown(client), shown(client, "/")) for client in watching], Statement.objects.count()
    assert tell(enter(one), question="date", value="2031-12-03").status_code == 302
    assert tell(enter(one), question="date", value="2031-12-04").status_code == 302
    assert [(shown(client), shown(client, "/")) for client in watching] == before
    assert "2031-12-04" in shown(enter(one))
    chair = shown(enter("secretariat-1"))
    assert "date: 2031-12-03 · accept" in chair
    assert "All would accept" in chair
    assert selectors.meeting_common(leaders) == {}
    assert Statement.objects.count() == recorded
    tell(enter(other), question="date", value="2031-12-04")
    assert selectors.meeting_common(leaders) == {"date": ("2031-12-04",)}
    assert selectors.meeting(leaders) is None, "what each would accept sets nothing"
    assert "2031-12-03" not in shown(enter(other))


def test_a_date_is_a_day_and_the_form_keeps_what_was_typed(leaders, enter):
    page = tell(enter("side-ua-1"), question="date", value="early December")
    assert page.status_code == 422
    assert "early December" in page.content.decode()
    assert "year-month-day" in page.content.decode()
    assert tell(enter("side-ua-1"), question="place", value="early December").status_code == 302


def test_nobody_without_a_mandate_for_it_says_what_his_side_would_accept(leaders, enter):
    Mandate.objects.filter(user__username="side-ua-2").update(scope="r3")
    assert tell(enter("side-ua-2"), question="place", value="Istanbul").status_code == 404
    assert not leaders.answers.exists()


@pytest.mark.parametrize("order", [SIDES, SIDES[::-1]])
def test_it_is_set_when_all_have_accepted_all_four_and_then_stands_everywhere(leaders, enter, order):
    assert put(enter).status_code == 302
    readers = [*SIDES, "host", "secretariat-1"]
    first, second = order
    assert answer(enter, first).status_code == 302
    for who in readers:
        assert "Not set." in shown(enter(who)), who
        assert not [event for event in calendar(enter(who)) if "(1)" in event["summary"]]
    assert answer(enter, second).status_code == 302
    for who in readers:
        page = shown(enter(who))
        assert "Set: every party has accepted level, date, place and agenda." in page, who
        assert all(words in page for words in ("heads of state", "3 December 2031", "Dolmabahçe", "The road to it"))
        (event,) = [event for event in calendar(enter(who)) if "(1)" in event["summary"]]
        clocks = str(event["description"]).splitlines()
        starts = event["dtstart"].dt.astimezone(dt.UTC)
        assert [clock.split()[-2] for clock in clocks] == [
            (starts + dt.timedelta(hours=hours)).strftime("%H:%M") for hours in (3, 3, 2)
        ], "Moscow, Istanbul and Kyiv in winter"
        assert {clock.split()[-1] for clock in clocks} >= {"(Kyiv)", "(Moscow)"}
    sequence()
    assert Statement.objects.get(kind="forum_agree").index is not None


@pytest.mark.parametrize("refuses", SIDES)
def test_one_party_that_does_not_accept_leaves_it_unset(leaders, enter, refuses):
    put(enter)
    for who in SIDES:
        answer(enter, who, "no" if who == refuses else "yes")
    assert "Not set." in shown(enter("secretariat-1"))
    assert not leaders.sittings.exists()


def test_another_date_holds_only_once_all_have_accepted_it_and_the_earlier_one_falls_away(leaders, enter):
    put(enter)
    for who in SIDES:
        answer(enter, who)
    put(enter, starts_at="2031-12-10T09:30")
    answer(enter, "side-ua-1")
    assert "3 December 2031" in shown(enter("host"))
    answer(enter, "side-ru-1")
    assert "10 December 2031" in shown(enter("host"))
    assert [(one.number, one.state) for one in leaders.sittings.order_by("number")] == [(1, "closed"), (2, "planned")]
    sat = [str(event["summary"]) for event in calendar(enter("side-ua-1")) if event["summary"].endswith(("(1)", "(2)"))]
    assert sat == ["Leaders' meeting (2)"]


@pytest.mark.parametrize(("change", "where"), [
    ({"starts_at": ""}, "starts_at"), ({"place": ""}, "place"), ({"level": ""}, "level"), ({"agenda": ""}, "agenda"),
    ({"starts_at": "2020-01-01T10:00"}, "still to come"),
])  # fmt: skip
def test_a_meeting_that_lacks_one_of_the_four_or_lies_in_the_past_is_not_put(leaders, enter, change, where):
    page = put(enter, **change)
    assert page.status_code == 422
    assert where in page.content.decode()
    assert not leaders.accords.exists()


def test_the_calendar_has_what_falls_due_in_other_rooms_and_no_more_than_today_tells(desk, enter, monkeypatch):
    from goodoffices.desk.notices import Column, Notice, tell

    at = timezone.now() + dt.timedelta(days=2)
    asked = []

    def told(who, now):
        asked.append(who.party)
        if who.party == "UA":
            yield Notice(Column.DUE, "desk_handover", "notice_day", "/transfers/T-1/day", at, {"code": "T-1"})
        yield Notice(Column.WAITS, "desk_today", "title", "/", at)

    tell("zz-test", told)
    try:
        (event,) = [event for event in calendar(enter("side-ua-1")) if "T-1" in event["summary"]]
        assert str(event["summary"]) == "T-1: the handover"
        assert not [event for event in calendar(enter("side-ru-1")) if "T-1" in event["summary"]]
    finally:
        tell("zz-test", lambda who, now: ())


def test_a_silence_ends_by_the_clock_of_each_capital(leaders, enter):
    group = Forum.objects.get(code="wg-humanitarian")
    Forum.objects.filter(id=group.id).update(members=["RU", "UA"])
    group.refresh_from_db()
    at = dt.datetime(2031, 12, 3, 9, 30, tzinfo=dt.UTC)
    quiet = services.silence_open(forum=group, text_hash="a" * 64, hours=24, by=viewer("secretariat-1"), at=at)
    for who in SIDES:
        services.silence_receipt(quiet=quiet, by=viewer(who), at=at)
    page = enter("host").get("/talks/wg-humanitarian").content.decode()
    assert "RU: 4 December 2031 12:30 (Moscow)" in page
    assert "UA: 4 December 2031 11:30 (Kyiv)" in page


def test_one_who_has_accepted_may_change_while_it_waits_and_a_closed_forum_asks_nothing(leaders, enter):
    put(enter)
    answer(enter, "side-ua-1")
    answer(enter, "side-ua-1", "no")
    answer(enter, "side-ru-1")
    assert selectors.meeting(Forum.objects.get(code="leaders")) is None
    deciding.accords_withdraw(forum=leaders, at=AT)
    Forum.objects.filter(code="leaders").update(state="closed")
    assert tell(enter("side-ua-1"), question="place", value="Istanbul").status_code == 409
