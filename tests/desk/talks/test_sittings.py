"""Sittings: minutes adopted by silence alone, no names under the Chatham House rule, the sides' own video."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Mandate
from goodoffices.desk.talks import deciding, demo, minuting, selectors, services
from goodoffices.desk.talks.models import Forum, Sitting
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from tests.desk.conftest import AT, post, viewer

SIDES = ("side-ua-1", "side-ru-1")
HOUR = dt.timedelta(hours=1)
PAGE = "/talks/wg-humanitarian/sittings/1"
VIDEO = "https://meet.example.org/room-17?key=abc"


@pytest.fixture
def chair(desk):
    """The secretariat, with the forums of the process; both sides sit in the humanitarian group."""
    demo.forums_open(AT)
    Forum.objects.filter(code="wg-humanitarian").update(state="at_work", members=["RU", "UA", "TR"])
    return viewer("secretariat-1")


@pytest.fixture
def sitting(chair):
    """A sitting of the group, planned."""
    return services.sitting_plan(
        forum=Forum.objects.get(code="wg-humanitarian"), starts_at=timezone.now() + HOUR, minutes=60, place="",
        zone="Europe/Istanbul", agenda=[], by=chair, at=AT,
    )  # fmt: skip


@pytest.fixture
def held(sitting, chair):
    """The same sitting, closed."""
    for event in ("open", "close"):
        services.sitting_step(sitting=sitting, event=event, by=chair, at=AT)
    return sitting


def now_of():
    """The sitting as it stands in the database."""
    return Sitting.objects.get(forum__code="wg-humanitarian")


def circulate(held, chair, lines=("UA: lists", "All agreed."), ago=100):
    """Circulate minutes some hours ago, with 72 hours of silence."""
    return minuting.minutes_circulate(sitting=held, lines=lines, hours=72, by=chair, at=timezone.now() - ago * HOUR)


def received(quiet, ago=90):
    for party in ("RU", "TR", "UA"):
        name = {"TR": "host"}.get(party, f"side-{party.lower()}-1")
        services.silence_receipt(quiet=quiet, by=viewer(name), at=timezone.now() - ago * HOUR)


# ----------------------------------------------------------------------------------------------------------- minutes
def test_minutes_that_nobody_objects_to_are_adopted_by_the_record_and_once(held, chair, enter):
    quiet = circulate(held, chair)
    received(quiet)
    assert now_of().state == "closed"
    page = enter("side-ua-1").get(PAGE).content.decode()
    assert "minuted" in page, "as soon as silence is over, whether the record's turn has come or not"
    assert "adopted by silence" in page
    for _ in range(2):
        sequence()
    assert now_of().state == "minuted"
    note = Statement.objects.get(kind="sitting_minute")
    assert note.index is not None
    assert "Minutes of sitting 1 adopted" in enter("side-ru-1").get("/").content.decode()
    with pytest.raises(TransitionError, match="expected closed"):
        circulate(now_of(), chair)


@pytest.mark.parametrize("objects", SIDES)
def test_an_objection_of_either_side_keeps_them_from_being_adopted_until_amended(held, chair, enter, objects):
    quiet = circulate(held, chair)
    received(quiet)
    services.silence_break(quiet=quiet, reason="r", cure="c", by=viewer(objects), at=timezone.now() - 80 * HOUR)
    sequence()
    assert now_of().state == "closed"
    assert "objected to: not adopted" in enter("side-ua-1").get(PAGE).content.decode()
    assert not Statement.objects.filter(kind="sitting_minute").exists()
    client = enter("secretariat-1")
    assert "Amended ones may be circulated" in client.get(PAGE).content.decode()
    assert post(client, f"{PAGE}/minutes", lines="Amended", hours="72").status_code == 302
    found = now_of()
    assert [line["text"] for line in found.minutes] == ["Amended"]
    sequence()
    assert now_of().state == "closed", "the amended ones wait for receipts of their own"


@pytest.mark.parametrize(("ago", "state"), [(30, "running"), (20, "opened")])
def test_silence_that_still_runs_adopts_nothing_and_no_others_are_circulated(held, chair, ago, state):
    quiet = circulate(held, chair, ago=ago)
    if state == "running":
        received(quiet, ago=20)
    minuting.minutes_adopt(timezone.now())
    assert now_of().state == "closed"
    with pytest.raises(TransitionError, match=state):
        circulate(held, chair, ago=0)


def test_nobody_moves_a_sitting_to_minuted_by_hand(held, chair, enter):
    received(circulate(held, chair))
    with pytest.raises(TransitionError, match="silence alone"):
        services.sitting_step(sitting=held, event="minute", by=chair, at=AT)
    assert post(enter("secretariat-1"), f"{PAGE}/step", event="minute").status_code == 409


def test_minutes_that_were_not_received_lapse_and_may_be_circulated_again(held, chair):
    circulate(held, chair, ago=30)
    minuting.minutes_adopt(timezone.now())
    found = now_of()
    assert selectors.sitting_state(found, timezone.now()) == "closed"
    circulate(found, chair, ago=0)


# ------------------------------------------------------------------------------------------------ Chatham House rule
def rule(held, chair, *, holds=True, forum=False):
    accord = minuting.chatham_put(
        forum=held.forum, sitting=None if forum else held, holds=holds, by=chair, at=timezone.now()
    )
    for name in SIDES:
        deciding.accord_answer(accord=accord, accepts=True, reason="", by=viewer(name), at=timezone.now())
    held.refresh_from_db()
    held.forum.refresh_from_db()


@pytest.mark.parametrize("forum", [True, False])
@pytest.mark.parametrize(
    "line", ["UA: we propose", "ua – we propose", "RU:we propose", "Türkiye: we note", "УКРАЇНА: так"]
)
def test_under_the_rule_no_line_of_the_minutes_names_who_spoke(held, chair, enter, forum, line):
    rule(held, chair, forum=forum)
    page = post(enter("secretariat-1"), f"{PAGE}/minutes", lines=f"Lists\n{line}", hours="72")
    assert page.status_code == 422
    assert "line 2" in page.content.decode()
    assert now_of().minutes is None
    circulate(held, chair, ["Lists", "Prisoners held in UA and RU are visited."])
    assert all("speaker" not in said for said in now_of().minutes)


def test_who_spoke_is_kept_without_the_rule_and_hidden_everywhere_once_the_forum_has_it(held, chair, enter):
    circulate(held, chair, ["UA: lists by Friday", "agreed"])
    own, other = enter("side-ua-1"), enter("side-ru-1")
    for client in (own, other):
        assert "<strong>UA:</strong>" in client.get(PAGE).content.decode()
        assert "UA: lists" in client.get(f"{PAGE}/minutes.txt").content.decode()
    rule(held, chair, forum=True)
    for client in (own, other, enter("secretariat-1")):
        assert "UA:" not in client.get(PAGE).content.decode()
        file = client.get(f"{PAGE}/minutes.txt").content.decode()
        assert "UA" not in file
        assert "1. lists by Friday" in file
    with pytest.raises(TransitionError, match="minutes were circulated"):
        minuting.chatham_put(forum=held.forum, sitting=held, holds=True, by=chair, at=AT)


def test_minutes_without_a_line_are_refused(held, chair):
    with pytest.raises(InputError):
        circulate(held, chair, ["  ", ""])


def test_the_minutes_file_is_for_those_who_sit_there(held, chair, enter):
    circulate(held, chair)
    for who in ("side-ua-2", "side-ru-1", "host", "secretariat-2"):
        assert enter(who).get(f"{PAGE}/minutes.txt").status_code == 200, who
    for who in ("observer", "humanitarian-1", "forensic-1", "planner-ua", "auditor", "operator"):
        assert enter(who).get(f"{PAGE}/minutes.txt").status_code == 404, who
    assert Client().get(f"{PAGE}/minutes.txt").status_code == 404


# ------------------------------------------------------------------------------------------------------------- video
def test_the_address_is_shown_to_those_who_sit_there_and_to_nobody_else(sitting, chair, enter):
    assert post(enter("secretariat-1"), f"{PAGE}/video", video_address=VIDEO).status_code == 302
    shown = VIDEO.encode()
    for who in ("side-ua-1", "side-ru-1", "host", "secretariat-2"):
        page = enter(who).get(PAGE).content
        assert shown in page, who
        assert re.search(rb'<a class="btn" href="[^"]+" rel="noreferrer noopener" target="_blank">', page)
    for who in ("observer", "humanitarian-1", "forensic-1"):
        assert b"meet.example.org" not in enter(who).get(PAGE).content, who
    assert b"meet.example.org" not in Client().get(PAGE).content
    Mandate.objects.filter(user__username="side-ua-2").update(scope="r3")
    assert b"meet.example.org" not in enter("side-ua-2").get(PAGE).content, "a mandate for another forum"
    answer = enter("side-ua-1").get(PAGE)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "meet.example.org" not in answer["Content-Security-Policy"]
    assert "A video address is noted" in enter("side-ru-1").get("/").content.decode()
    assert "A video address is noted" not in enter("side-ua-2").get("/").content.decode()
    assert b"meet.example" not in enter("side-ua-1").get("/calendar.ics").content


def test_the_host_and_the_secretariat_note_it_and_no_side_does(sitting, enter):
    for who in ("side-ua-1", "side-ru-1", "observer", "humanitarian-1"):
        assert post(enter(who), f"{PAGE}/video", video_address=VIDEO).status_code == 404, who
    assert post(enter("host"), f"{PAGE}/video", video_address=VIDEO).status_code == 302
    Forum.objects.filter(code="wg-humanitarian").update(members=["RU", "UA"])
    assert post(enter("host"), f"{PAGE}/video", video_address=VIDEO).status_code == 404


def test_the_address_lies_sealed_and_is_nowhere_in_the_record(sitting, chair, workspace):
    minuting.video_set(sitting=sitting, address=VIDEO, by=chair, at=timezone.now())
    note = Statement.objects.get(kind="sitting_video")
    assert set(note.content) == {"forum", "sitting", "at"}
    sequence()
    with connection.cursor() as cursor:
        cursor.execute("SELECT video FROM talks_sitting WHERE video IS NOT NULL")
        assert b"meet.example" not in bytes(cursor.fetchone()[0])
    for path in workspace.rglob("*"):
        assert path.is_dir() or b"meet.example" not in path.read_bytes(), path


def test_the_address_goes_when_it_is_taken_away_or_the_sitting_is_over(sitting, chair, enter):
    minuting.video_set(sitting=sitting, address=VIDEO, by=chair, at=timezone.now())
    assert post(enter("secretariat-1"), f"{PAGE}/video", video_address="  ").status_code == 302
    assert now_of().video is None
    minuting.video_set(sitting=sitting, address=VIDEO, by=chair, at=timezone.now())
    for event in ("open", "close"):
        services.sitting_step(sitting=sitting, event=event, by=chair, at=AT)
    found = now_of()
    assert (found.video, found.video_at) == (None, None)
    with pytest.raises(TransitionError, match="not over"):
        minuting.video_set(sitting=found, address=VIDEO, by=chair, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.filter(state="closed").update(video=b"x")


@pytest.mark.parametrize(
    "address",
    ["http://meet.example.org/1", "javascript:alert(1)", "https://user:pass@meet.example.org/", "https://@meet.example.org",
     "//meet.example.org/x", "https://", "https://localhost/x", "https://meet.example.org\\@evil.example/",
     "https://meet.example.org/a b", "https://meet.example.org/\u202egro", "https://m\u0435et.example.org/",
     "https://meet.example.org:99999/", "https://meet.example.org:0/", "https://[::1]/", "data:text/html,x",
     "https://meet.example.org/\nhttps://x.example", "https://-meet.example.org/",
     "https://meet.example.org/" + "a" * 500,
     "ftp://meet.example.org", "meet.example.org/1", "https://[bad"],
)  # fmt: skip
def test_an_address_that_may_mislead_is_refused_and_not_repeated(sitting, enter, address):
    page = post(enter("secretariat-1"), f"{PAGE}/video", video_address=address)
    assert page.status_code == 422
    assert now_of().video is None
    with pytest.raises(InputError) as caught:
        minuting.check_address(address)
    assert "pass" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize("address", [VIDEO, "https://meet.example.org:8443/a#config.x=1", "HTTPS://Meet.Example.org/A"])
def test_a_plain_https_address_is_taken(address):
    assert minuting.check_address(f" {address} ") == address


def test_who_does_not_sit_there_learns_nothing_by_writing(sitting):
    with pytest.raises(NotYoursError):
        minuting.video_set(sitting=sitting, address=VIDEO, by=viewer("observer"), at=AT)
