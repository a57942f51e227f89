"""Today: what changed since the last visit, the digest, what one's party has done, the walk."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger.services import sequence, statement_record
from goodoffices.desk.notices import Column, Notice, tell
from goodoffices.desk.parties.models import Once
from goodoffices.desk.today import selectors, services
from tests.desk.conftest import viewer


@pytest.fixture
def teller():
    notices = []
    tell("zz-test", lambda who, now: notices)
    yield notices
    tell("zz-test", lambda who, now: ())


def test_changes_are_those_since_the_visit_before(desk, enter, teller):
    by, at = viewer("side-ua-1"), timezone.now()
    first = services.visit_note(by=by, at=at)
    assert first.since < at
    assert "first time" in enter("side-ua-1").get("/").content.decode()
    assert services.visit_note(by=by, at=at + dt.timedelta(minutes=5)).since == first.since
    later = at + dt.timedelta(hours=3)
    assert services.visit_note(by=by, at=later).since == at + dt.timedelta(minutes=5)
    page = enter("side-ua-1").get("/").content.decode()
    assert "What has changed is counted from" in page
    assert "first time" not in page
    teller += [Notice(Column.CHANGED, "desk_today", "title", "/", moment) for moment in (at, later)]
    assert [n.at for n in selectors.notices(by, later, at + dt.timedelta(minutes=5))[Column.CHANGED]] == [later]


def test_a_party_sees_its_own_acts_alone(desk, enter):
    for who, number in (("side-ua-1", 1), ("side-ru-1", 2)):
        by = viewer(who)
        statement_record(kind="list_sealed", content={"n": number}, owner=by.party, by=by, at=timezone.now())
    assert [s.by.username for s in selectors.done_by_party(viewer("side-ua-2"), 1)] == ["side-ua-1"]
    assert b"waits for the log" in enter("side-ua-2").get("/history").content
    sequence()
    page = enter("side-ua-2").get("/history").content
    assert b"waits for the log" not in page
    assert b"side-ru-1" not in page


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_walk_and_digest_are_there_in_every_language(enter, language):
    page = Client().get(f"/walk?lang={language}").content.decode()
    assert page.count('<li class="card" id="step-') == 10
    assert enter("operator").get(f"/digest?lang={language}").status_code == 200
    assert Client().get("/digest").status_code == 404


def test_each_step_of_the_walk_opens_its_page_as_its_member_and_says_which_it_is(desk, settings):
    settings.DEMO = True
    client = Client()
    cards = client.get("/walk").content.decode().split('<li class="card"')[1:]
    for number, card in enumerate(cards[:-1], 1):
        fields = dict(re.findall(r'name="(next|walk)" value="([^"]+)"', card))
        who = re.search(r'action="(/enter/[^"]+)"', card)[1]
        answer = client.post(who, fields)
        assert answer.status_code == 302
        assert answer["Location"] == fields["next"] != "/"
        assert f"Step {number} of 10" in client.get("/").content.decode()
        assert f'href="/walk#step-{number + 1}"' in client.get("/").content.decode()
        assert f'id="step-{number}"' in card
    last = re.search(r'class="btn" href="([^"]+)"', cards[-1])[1]
    assert "Step 10 of 10" in client.get(last).content.decode()
    client.post("/enter/side-ua-1")
    assert "of 10" not in client.get("/").content.decode(), "who came in by the door does not walk"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "lists"]
)
def test_the_demos_door_leads_nowhere_else(desk, settings, address):
    settings.DEMO = True
    client = Client()
    assert client.post("/enter/side-ua-1", {"next": address, "walk": "no such step"})["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.fixture
def kept(monkeypatch):
    """Let Today keep what it gathered for a while, as it does outside the tests; gives for whom it gathered."""
    gathered = []
    monkeypatch.setattr(selectors, "KEPT", dt.timedelta(seconds=10))
    monkeypatch.setattr(selectors, "_GATHERED", {})
    gather = selectors.gather
    monkeypatch.setattr(selectors, "gather", lambda viewer, now: gathered.append(viewer) or gather(viewer, now))
    return gathered


def test_what_was_gathered_is_shown_again_until_something_is_written(desk, kept):
    who, other, now = viewer("side-ua-1"), viewer("side-ru-1"), timezone.now()
    first = selectors.notices(who, now, now)
    assert selectors.notices(who, now + dt.timedelta(seconds=9), now) == first
    assert kept == [who]
    selectors.notices(other, now, now)
    assert kept == [who, other], "nobody is shown what was gathered for another"
    statement_record(kind="count", content={"quantity": 1}, owner="UA", roles=("UA",), by=who, at=now)
    sequence()
    keys = [notice.key for notice in selectors.notices(who, now, now)[Column.WAITS]]
    assert "waits_many" in keys, "an entry that asks for a signature stands on Today at once"
    Once.objects.create(user_id=who.user, key="k", path="/")
    selectors.notices(who, now, now)
    assert kept == [who, other, who, who]


def test_what_was_gathered_is_gathered_anew_after_a_while(desk, kept):
    who, now = viewer("side-ua-1"), timezone.now()
    for seconds in (0, 9, 10, 5):
        selectors.notices(who, now + dt.timedelta(seconds=seconds), now)
    assert len(kept) == 3, "at first, after ten seconds, and when the clock went back"
