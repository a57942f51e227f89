"""The transfer at the desk: four conditions, states, postponing, who sees what, Today, paper."""

import datetime as dt
import time

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from goodoffices.desk.handover import demo, selectors, services
from goodoffices.desk.handover.models import Event, Saying, Transfer
from goodoffices.desk.handover.records import setting_of
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.remains import demo as remains_demo
from goodoffices.desk.remains.models import Transfer as Moved
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from goodoffices.domain.process import Condition, Stance
from tests.desk.conftest import AT, post, viewer
from tests.desk.handover.making import DESK, GIVER, RECEIVER, confirmed, drafted, ready, say, transfer_set

LANGUAGES = ("en", "uk", "ru", "tr")


def test_a_transfer_is_set_by_the_eighth_confirmation_and_not_before(desk):
    transfer = drafted()
    for n, (who, condition) in enumerate([(w, c) for w in (GIVER, RECEIVER) for c in Condition], 1):
        assert transfer.state != "set"
        assert not setting_of(transfer).is_set
        say(transfer, who, condition)
        transfer.refresh_from_db()
        assert transfer.confirmed == n
    assert transfer.state == "set"
    assert setting_of(transfer).is_set
    kinds = Statement.objects.filter(kind="transfer_condition", roles=["RU", "UA"]).count()
    assert kinds == 8


@pytest.mark.parametrize("state", ["set", "staged", "met", "handed_over", "closed", "reopened"])
def test_the_table_itself_refuses_a_set_transfer_with_seven_confirmations(desk, state):
    transfer = confirmed(drafted(), but=[(RECEIVER, Condition.DATE)])
    assert (transfer.confirmed, transfer.state) == (7, "conditions")
    with pytest.raises(IntegrityError, match="transfer_set_only_with_four_by_two"), transaction.atomic():
        Transfer.objects.filter(id=transfer.id).update(state=state)


def test_one_missing_date_is_said_in_one_sentence_and_nobody_is_late(desk, enter):
    transfer = confirmed(drafted(), but=[(RECEIVER, Condition.DATE)])
    services.stand_ready(transfer=transfer, quantity=3, by=viewer(GIVER), at=AT)
    for who in (GIVER, RECEIVER, DESK):
        page = enter(who).get("/transfers/T-1").content.decode()
        assert "Not set: date: accepted by one side only." in page
        assert "nobody is late" in page
    assert Transfer.objects.get().state == "conditions"
    with pytest.raises(TransitionError):
        services.stand_ready(transfer=confirmed(drafted("T-2")), quantity=3, by=viewer(GIVER), at=AT)


def test_what_was_confirmed_does_not_count_for_what_is_proposed_anew(desk, enter):
    transfer = confirmed(drafted())
    later = services.Proposal(starts_at=transfer.starts_at + dt.timedelta(days=1))
    services.condition_propose(transfer=transfer, proposal=later, by=viewer(DESK), at=AT)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.confirmed) == ("conditions", 6)
    assert Saying.objects.count() == 8
    assert "2 words on an earlier proposal" in enter(GIVER).get("/transfers/T-1").content.decode()
    confirmed(transfer)
    assert (transfer.state, transfer.confirmed) == ("set", 8)


def test_the_same_word_twice_is_said_once_and_an_objection_takes_the_setting_back(desk):
    transfer = confirmed(drafted())
    say(transfer, GIVER, Condition.PLACE)
    assert Saying.objects.count() == 8
    with pytest.raises(InputError, match="why"):
        say(transfer, GIVER, Condition.PLACE, Stance.OBJECT)
    say(transfer, GIVER, Condition.PLACE, Stance.OBJECT, "the road is closed")
    assert (transfer.state, transfer.confirmed) == ("conditions", 7)


def test_swapped_sides_give_the_same(desk):
    left = confirmed(drafted("T-1"), but=[(RECEIVER, Condition.DATE)])
    right = drafted("T-2", giver="RU", receiver="UA")
    confirmed(right, but=[(GIVER, Condition.DATE)])
    assert setting_of(left).cells == setting_of(right).cells
    assert setting_of(left).why == setting_of(right).why
    assert (left.state, left.confirmed) == (right.state, right.confirmed)


def test_nothing_proposed_cannot_be_confirmed(desk):
    transfer = services.transfer_draft(
        code="T-9", giver="UA", receiver="RU", unit="container", zone="UTC", proposal=services.Proposal(),
        by=viewer(DESK), at=AT,
    )  # fmt: skip
    with pytest.raises(InputError, match="proposed"):
        say(transfer, GIVER, Condition.TERMS)


def test_postponing_says_who_why_and_with_what_notice_and_opens_the_date_again(desk, enter):
    transfer = confirmed(drafted())
    before = transfer.starts_at - dt.timedelta(hours=5)
    words = "the bridge is down"
    services.transfer_stop(transfer=transfer, event="postpone", words=words, by=viewer(GIVER), at=before)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.starts_at, transfer.confirmed) == ("postponed", None, 6)
    page = enter(RECEIVER).get("/transfers/T-1").content.decode()
    assert "the bridge is down" in page
    assert "5 hours before the hour" in page
    services.condition_propose(
        transfer=transfer, proposal=services.Proposal(starts_at=before + dt.timedelta(hours=5)), by=viewer(DESK), at=AT
    )
    assert transfer.confirmed == 6  # the same hour again is a new date
    assert confirmed(transfer).state == "set"
    services.transfer_stop(transfer=transfer, event="abort", words="no", by=viewer(RECEIVER), at=before)
    with pytest.raises(TransitionError):
        say(transfer, GIVER, Condition.TERMS, Stance.RESERVE, "too late")


def test_children_are_refused_with_a_plain_message(enter):
    fields = {"code": "T-5", "giver": "UA", "receiver": "RU", "unit": "handed_over", "category": "child", "zone": "UTC"}
    answer = post(enter(DESK), "/transfers/draft", **fields)
    assert answer.status_code == 422
    assert "they have their own process" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_a_name_a_number_twice_and_an_hour_that_the_clock_change_leaves_out_are_refused(enter):
    fields = {"code": "T-5", "giver": "UA", "receiver": "RU", "unit": "container", "zone": "Europe/Kyiv"}
    client = enter(DESK)
    page = post(client, "/transfers/draft", **fields, items="7\n7\nІваненко").content.decode()
    assert "each number once" in page
    assert "no names" in page
    answer = post(client, "/transfers/draft", **fields, items="7", starts_at="2025-03-30T03:30")
    assert answer.status_code == 422
    assert "clocks change" in answer.content.decode()
    assert post(client, "/transfers/draft", **fields, items="7 S1", starts_at="2025-03-30T04:30").status_code == 302
    assert Transfer.objects.get().starts_at == dt.datetime(2025, 3, 30, 1, 30, tzinfo=dt.UTC)
    assert post(client, "/transfers/draft", **fields, items="7").status_code == 422  # the code is taken


def test_pages_are_there_for_those_who_may_and_for_nobody_else(desk, enter):
    transfer_set()
    pages = ["/transfers", "/transfers/T-1", "/transfers/T-1/day", "/transfers/T-1/day?show=all"]
    for who in (GIVER, RECEIVER, DESK, "secretariat-1", "forensic-1", "observer"):
        for page in pages:
            assert enter(who).get(page).status_code == 200, (who, page)
    for nobody in ("planner-ua", "host", "auditor", "operator"):
        for page in pages:
            assert enter(nobody).get(page).status_code == 404, (nobody, page)
    for page in (*pages, "/print", "/transfers/T-1/day/giver.html"):
        assert Client().get(page).status_code == 404
    for language in LANGUAGES:
        for page in (*pages, "/transfers/new", "/transfers/T-1/change", "/transfers/T-1/stop", "/print"):
            joint = "&" if "?" in page else "?"
            assert enter(DESK).get(f"{page}{joint}lang={language}").status_code == 200


def test_what_is_not_yours_is_not_there(desk, enter):
    transfer_set()
    transfer_set("T-2")
    assert enter(GIVER).get("/transfers/T-0").status_code == 404
    for who, page in (
        (GIVER, "day/receiver.html"),
        (RECEIVER, "day/giver"),
        ("observer", "day/neutral"),
        ("observer", "day/DAY.json"),
        (GIVER, "day/paper"),
        (GIVER, "papers/act-receiver.pdf"),
        (RECEIVER, "papers/slips.pdf"),
        (GIVER, "papers/nothing.pdf"),
        ("observer", "papers/manifest.pdf"),
        (GIVER, "references"),
        (DESK, "references"),
        (GIVER, "change"),
    ):
        assert enter(who).get(f"/transfers/T-1/{page}").status_code == 404, (who, page)
    for who, address in (
        ("secretariat-1", "say"),
        ("observer", "say"),
        (GIVER, "propose"),
        (GIVER, "close"),
        (GIVER, "day/make"),
        ("observer", "stopped"),
        (GIVER, "day/outcome"),
        (DESK, "day/outcome"),
    ):
        fields = {"condition": "date", "stance": "accept", "event": "abort", "why": "x", "number": "1", "goes": "no"}
        assert post(enter(who), f"/transfers/T-1/{address}", **fields).status_code == 404, (who, address)
    key = Transfer.objects.get(code="T-2").keys.filter(role="giver").get()
    assert post(enter(GIVER), f"/transfers/T-1/day/keys/{key.id}/end").status_code == 404
    assert post(enter(RECEIVER), f"/transfers/T-2/day/keys/{key.id}/end").status_code == 404


def test_which_record_a_number_is_lies_sealed_and_is_seen_by_its_owner_alone(desk, enter):
    from django.db import connection

    drafted(references={"UA": {"1": "dossier-4711"}})
    assert "dossier-4711" in enter("side-ua-2").get("/transfers/T-1/references").content.decode()
    for who in (RECEIVER, DESK, "secretariat-1", "observer"):
        assert enter(who).get("/transfers/T-1/references").status_code == 404
        for page in ("/transfers/T-1", "/transfers/T-1/day"):
            assert "dossier-4711" not in enter(who).get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT numbers FROM handover_reference")
        assert b"4711" not in bytes(cursor.fetchone()[0])


def test_a_confirmation_by_page_is_once_however_often_it_is_sent(desk, enter):
    drafted()
    client = enter(GIVER)
    for _ in range(2):
        answer = client.post("/transfers/T-1/say", {"once": "k", "condition": "date", "stance": "accept"})
        assert answer.status_code == 302
    post(client, "/transfers/T-1/say", condition="date", stance="accept")
    assert Saying.objects.count() == 1
    answer = post(client, "/transfers/T-1/say", condition="date", stance="object")
    assert answer.status_code == 422
    assert "why, in a few words" in answer.content.decode()


def test_the_neutral_confirms_beside_the_sides_and_counts_for_neither(desk, enter):
    transfer = confirmed(drafted(), but=[(RECEIVER, Condition.DATE)])
    say(transfer, DESK, Condition.DATE)
    assert (transfer.state, transfer.confirmed) == ("conditions", 7)
    assert "The desk (invented)" in enter(GIVER).get("/transfers/T-1").content.decode()


def test_today_tells_what_waits_and_what_comes(desk, enter):
    transfer = confirmed(drafted(starts_at=timezone.now() + dt.timedelta(days=1)), but=[(RECEIVER, Condition.DATE)])
    assert "1 condition waits for your side" in enter(RECEIVER).get("/").content.decode()
    assert "waits for your side" not in enter(GIVER).get("/").content.decode()
    assert "T-1: the day proposed, not set yet" in enter(GIVER).get("/").content.decode()
    confirmed(transfer)
    assert "T-1: the handover" in enter(GIVER).get("/").content.decode()
    assert "waits for your side" not in enter(RECEIVER).get("/").content.decode()


def test_a_mandate_that_ends_in_the_middle_of_confirming_ends_it(desk, enter):
    from goodoffices.desk.parties.models import Mandate
    from goodoffices.desk.parties.services import mandate_revoke

    drafted()
    client = enter(GIVER)
    assert client.get("/transfers/T-1").status_code == 200
    mandate_revoke(mandate=Mandate.objects.get(user__username=GIVER), at=timezone.now())
    assert post(client, "/transfers/T-1/say", condition="date", stance="accept").status_code in {400, 404}
    assert not Saying.objects.exists()


def test_the_demo_stands_in_under_six_seconds_and_tells_its_three_stories(desk, enter):
    begun = time.process_time()
    demo.fill(desk, timezone.now())
    assert time.process_time() - begun < 6
    sequence()
    states = dict(Transfer.objects.values_list("code", "state"))
    assert states == {"T-12-leg-1": "receipted", "T-13": "conditions", "T-14-leg-1": "set"}
    assert "date: accepted by one side only" in enter(GIVER).get("/transfers").content.decode()
    assert len(selectors.assertions()) == 3
    assert Event.objects.filter(kind="stage_alone").count() == 1


@pytest.mark.slow
def test_the_demos_board_reopens_the_transfer_by_which_its_containers_came(desk, enter, settings):
    settings.DEMO_SCALE = 0.3
    at = timezone.now()
    remains_demo.fill(desk, at)
    demo.fill(desk, at)
    moved = {one.movement: one for one in Moved.objects.all()}
    closed = Transfer.objects.filter(code__in=moved)
    assert {one.state for one in closed} == {"closed"}
    for one in closed:
        boxes = set(moved[one.code].containers.values_list("number", flat=True))
        assert {item["number"] for item in one.items} == boxes
        assert (one.giver_id, one.receiver_id) == (moved[one.code].giver_id, moved[one.code].receiver_id)
    sequence()
    reopened, joined = (Transfer.objects.get(code=code, state="reopened") for code in remains_demo.MOVEMENTS)
    assert [one.found for one in reopened.findings.all()] == ["not_ours"]
    assert [one.found for one in joined.findings.all()] == ["reassociated"]
    assert reopened.findings.get().numbers == ["C0001"]
    assert joined.findings.get().numbers == ["C0005", "C0010"]
    shown = enter(GIVER).get(f"/transfers/{reopened.code}").content.decode()
    assert "Reopened by a later finding" in shown
    assert Statement.objects.filter(kind="finding", subject=f"transfer:{reopened.id}").exists()


def test_a_side_never_sees_the_transfer_of_two_others(desk):
    from goodoffices.desk.access import Role, Viewer

    drafted()
    with pytest.raises(NotYoursError):
        selectors.transfer_of(Viewer(Role.SIDE, "XX", "u"), "T-1")


def test_a_closed_transfer_has_its_manifest_and_ready_is_repeatable(desk):
    transfer = drafted()
    first = ready(transfer)
    assert ready(transfer).hash == first.hash
    assert transfer.days.count() == 1
