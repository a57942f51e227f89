"""From a signed plan to its handovers: prepared by number in one act, linked both ways, renewed, and what lists say."""

import re

import polars as pl
import pytest
from django.utils import timezone

from goodoffices.desk.exchange import demo as exchange_demo
from goodoffices.desk.exchange import legs as exchange_legs
from goodoffices.desk.exchange import selectors as exchanges
from goodoffices.desk.exchange import services as exchange_services
from goodoffices.desk.exchange.demo import demo_terms, work_off
from goodoffices.desk.handover import dayservices, legs, legservices, services
from goodoffices.desk.handover.models import LegOf, Reference, Transfer
from goodoffices.desk.handover.records import day_of
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.lists.models import ListVersion, Record, Settling
from goodoffices.desk.lists.selectors import settled_counts
from goodoffices.desk.notices import gather
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.handover import Found, Say
from goodoffices.domain.process import Condition, Role
from goodoffices.synth.held import held_list
from tests.desk.conftest import post, viewer
from tests.desk.exchange.making import composed, own_people, signed
from tests.desk.handover.making import DESK, KEYS, confirmed, full, hand_in

FIELDS = {"place": "Crossing North", "zone": "Europe/Istanbul", "terms": "As agreed.", "starts_at": "2027-03-01T10:00"}
SIDES = ("RU", "UA")


@pytest.fixture
def exchange(desk):
    """An exchange whose plan both sides have signed."""
    found = composed(persons=40, minimum=12)
    signed(found)
    return found


def prepared(exchange, number=1):
    now = timezone.now()
    return legservices.leg_prepare(
        exchange=exchange, number=number, terms="As agreed.", place="Crossing North", zone="Europe/Istanbul",
        starts_at=now, by=viewer(DESK), at=now,
    )  # fmt: skip


def by_giver(transfers, giver):
    return next(one for one in transfers if one.giver_id == giver)


def test_one_act_makes_both_directions_by_number_and_a_repeat_makes_nothing_more(exchange, enter):
    client, address = enter(DESK), f"/exchange/{exchange.id}/leg/1"
    assert f"/transfers/leg/{exchange.id}/1" in client.get(address).content.decode()
    form = f"/transfers/leg/{exchange.id}/1/prepare"
    for _ in range(2):
        assert post(client, form, **FIELDS).status_code == 302
    assert Transfer.objects.count() == LegOf.objects.count() == 2
    plan = exchanges.standing(exchange)
    page = client.get(address).content.decode()
    for half in exchange_legs.halves_of(plan, 1):
        row = LegOf.objects.get(party=half.giver)
        made = row.transfer
        assert [one["number"] for one in made.items] == list(half.numbers)
        assert (made.place, made.zone, made.giver_id, made.receiver_id) == (
            "Crossing North", "Europe/Istanbul", half.giver, half.receiver,
        )  # fmt: skip
        assert (row.sha256, row.plan_id, made.commitment) == (plan.sha256, plan.id, exchange.commitment.code)
        assert f"/transfers/{made.code}" in page
        shown = client.get(f"/transfers/{made.code}").content.decode()
        assert address in shown
        assert plan.sha256[:16] in shown
    assert Statement.objects.filter(kind="transfer_leg").count() == 2
    said = "".join(str(row.content) for row in Statement.objects.filter(kind__in=["transfer_leg", "list_agreed"]))
    assert not any(ref in said for side in SIDES for ref in own_people(exchange, side))


def test_only_the_desk_prepares_and_only_from_a_plan_that_both_have_signed(desk, enter):
    exchange = composed(persons=40, minimum=12)
    address = f"/transfers/leg/{exchange.id}/1"
    assert enter(DESK).get(address).status_code == 404
    signed(exchange, "side-ua-1")
    assert enter("secretariat-1").get(address).status_code == 404
    signed(exchange, "side-ru-1")
    assert enter("secretariat-1").get(address).status_code == 200
    assert enter(DESK).get(f"/transfers/leg/{exchange.id}/9").status_code == 404
    for name in ("side-ua-1", "side-ru-1", "observer", "forensic-1", "auditor", "host"):
        assert enter(name).get(address).status_code == 404
        assert post(enter(name), f"{address}/prepare", **FIELDS).status_code == 404
    assert post(enter(DESK), f"{address}/prepare", **{**FIELDS, "zone": "Nowhere/None"}).status_code == 422
    skipped = {**FIELDS, "zone": "Europe/Kyiv", "starts_at": "2027-03-28T03:30"}
    assert post(enter(DESK), f"{address}/prepare", **skipped).status_code == 422
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(("side", "other"), [SIDES, SIDES[::-1]])
def test_each_side_reads_its_own_people_alone_whichever_side_it_is(exchange, enter, side, other):
    made = prepared(exchange)
    own, others = own_people(exchange, side), own_people(exchange, other)
    client = enter(f"side-{side.lower()}-1")
    gives, comes = by_giver(made, side).code, by_giver(made, other).code
    shown = client.get(f"/transfers/{gives}/references").content.decode()
    numbers = Reference.objects.get(transfer__code=gives, owner=side).numbers
    assert all(ref in shown for ref in numbers.values())
    assert set(numbers.values()) <= set(own)
    assert client.get(f"/transfers/{comes}/references").status_code == 404
    pages = [client.get(f"/transfers/{code}{rest}") for code in (gives, comes) for rest in ("", "/day")]
    pages.append(client.get(f"/exchange/{exchange.id}/leg/1"))
    seen = "".join(page.content.decode() for page in pages) + shown
    assert not any(ref in seen for ref in others)
    assert "papers/slips.pdf" in client.get(f"/exchange/{exchange.id}/leg/1").content.decode()
    assert client.get(f"/transfers/{gives}/papers/slips.pdf").content[:4] == b"%PDF"
    assert client.get(f"/transfers/{comes}/papers/slips.pdf").status_code == 404
    assert not Reference.objects.filter(transfer__code=gives, owner=other).exists()


def repaired(exchange, giver, after=0):
    """Let one person of a leg be gone, and compose the smallest change."""
    plan = exchanges.standing(exchange)
    gone = {side: [] for side in SIDES} | {giver: ["1/1"]}
    exchange_services.work_ask(
        kind=exchange_services.REPAIR, exchange=exchange, by=viewer(DESK), at=timezone.now(),
        given={"plan": plan.id, "after": after, "gone": gone},
    )  # fmt: skip
    work_off()
    return exchanges.standing(exchange)


def test_a_repair_makes_the_manifest_stale_until_it_is_renewed_from_what_both_signed(exchange, enter):
    made = prepared(exchange)
    mine = confirmed(by_giver(made, "UA"))
    assert mine.state == "set"
    plan = repaired(exchange, "UA")
    assert plan.kind == "repaired"
    fresh = Transfer.objects.get(id=mine.id)
    assert legs.standing_of(fresh).word == legs.UNSIGNED
    with pytest.raises(TransitionError):
        legservices.leg_renew(transfer=fresh, by=viewer(DESK), at=timezone.now())
    signed(exchange)
    how = legs.standing_of(fresh)
    assert (how.word, how.plan) == (legs.CHANGED, plan.number)
    shown = enter("side-ua-1").get(f"/transfers/{fresh.code}").content.decode()
    assert "other people go in this leg" in shown
    assert "/renew" not in shown
    own = re.findall(r'name="condition" value="(\w+)"><input type="hidden" name="stance" value="accept"', shown)
    assert "list" not in own
    assert "papers/slips" not in enter("side-ua-1").get(f"/exchange/{exchange.id}/leg/1").content.decode()
    assert enter("side-ua-1").get(f"/transfers/{fresh.code}/papers/slips.pdf").status_code == 404
    for refused in (
        lambda: dayservices.day_make(transfer=fresh, by=viewer(DESK), at=timezone.now()),
        lambda: services.condition_say(
            transfer=fresh, condition=Condition.LIST, stance="accept", reason="", by=viewer("side-ua-1"),
            at=timezone.now(),
        ),
    ):  # fmt: skip
        with pytest.raises(TransitionError):
            refused()
    assert "notice_stale" in {one.key for one in notices(DESK, "waits")}
    assert post(enter("side-ua-1"), f"/transfers/{fresh.code}/renew").status_code == 404
    before = [one["number"] for one in fresh.items]
    for _ in range(2):
        assert post(enter(DESK), f"/transfers/{fresh.code}/renew").status_code == 302
    renewed = Transfer.objects.get(id=mine.id)
    assert legs.standing_of(renewed).word == legs.FRESH
    assert not {one["number"] for one in renewed.items} & set(before)
    assert renewed.state == "conditions"
    assert set(Reference.objects.get(transfer=renewed).numbers) == {one["number"] for one in renewed.items}
    assert Statement.objects.filter(kind="transfer_leg", subject=f"transfer:{mine.id}").count() == 2
    assert "notice_stale" not in {one.key for one in notices(DESK, "waits")}


def notices(username, column):
    return gather(viewer(username), timezone.now())[column]


def test_a_leg_that_a_repair_leaves_alone_keeps_its_numbers_and_stays_fresh(exchange):
    made = prepared(exchange, 1)
    plan = exchanges.standing(exchange)
    repaired_plan = repaired(exchange, "UA", after=0)
    old, new = (
        {half.giver: [line.ref for line in half.lines] for half in exchange_legs.halves_of(one, 1)}
        for one in (plan, repaired_plan)
    )
    for transfer in made:
        same = old[transfer.giver_id] == new[transfer.giver_id]
        assert legs.standing_of(transfer).is_stale == (not same)
    assert legs.standing_of(by_giver(made, "UA")).is_stale


def test_other_terms_leave_no_plan_to_rest_on(exchange):
    transfer = prepared(exchange)[0]
    text = demo_terms(timezone.now().date(), minimum=1, persons=40)
    exchange_services.terms_set(exchange=exchange, terms=text, by=viewer(DESK), at=timezone.now())
    fresh = Transfer.objects.get(id=transfer.id)
    assert legs.standing_of(fresh).word == legs.NO_PLAN
    with pytest.raises(TransitionError):
        prepared(exchange, 2)


def test_a_leg_called_off_is_prepared_again_under_another_code(exchange):
    first = prepared(exchange)
    services.transfer_stop(
        transfer=by_giver(first, "UA"), event="abort", words="Flood", by=viewer(DESK), at=timezone.now()
    )
    again = prepared(exchange)
    assert by_giver(again, "RU").id == by_giver(first, "RU").id
    assert by_giver(again, "UA").code == f"{by_giver(first, 'UA').code}-2"


def closed(transfer):
    """Confirm, count with everybody there, close."""
    confirmed(transfer)
    roles = {Role.GIVER: transfer.giver_id, Role.RECEIVER: transfer.receiver_id}
    who = {role: f"side-{party.lower()}-1" for role, party in roles.items()} | {Role.NEUTRAL: DESK}
    for role, member in who.items():
        dayservices.key_register(transfer=transfer, vkey=str(KEYS[role].vkey), by=viewer(member), at=timezone.now())
    day = day_of(dayservices.day_make(transfer=transfer, by=viewer(DESK), at=timezone.now()))
    for role in Role:
        device = full(day, role)
        if role is Role.RECEIVER:
            device.say(Say.RECEIPT)
        hand_in(transfer, device, who=who[role])
    fresh = Transfer.objects.get(id=transfer.id)
    return services.transfer_close(transfer=fresh, by=viewer(DESK), at=timezone.now())


def version_of(exchange, side):
    return ListVersion.objects.get(id=exchange.holdings.get(party=side).version_id)


def test_lines_are_agreed_by_signatures_executed_by_the_closed_handover_and_moved_back_by_a_finding(exchange, enter):
    version = version_of(exchange, "UA")
    going = len(own_people(exchange, "UA"))
    assert version.state == "agreed"
    assert settled_counts(version) == {"agreed": going}
    transfer = closed(by_giver(prepared(exchange), "UA"))
    n = len(transfer.items)
    version = version_of(exchange, "UA")
    assert settled_counts(version) == {"agreed": going - n, "executed": n} if going > n else {"executed": n}
    assert version.state == ("agreed" if going > n else "executed")
    for number in (2, 3):
        for one in prepared_if_any(exchange, number):
            if one.giver_id == "UA":
                closed(one)
    assert version_of(exchange, "UA").state == "executed"
    assert version_of(exchange, "RU").state == "agreed"
    first = transfer.items[0]["number"]
    services.finding_note(
        transfer=Transfer.objects.get(id=transfer.id), finding="F-1", found=Found.NOT_OURS, numbers=[first],
        party="RU", on=timezone.now().date(), by=viewer("forensic-1"), at=timezone.now(),
    )  # fmt: skip
    version = version_of(exchange, "UA")
    assert settled_counts(version) == {"executed": going - 1, "reopened": 1}
    assert version.state == "agreed"
    page = enter("side-ua-1").get(f"/lists/{version.list_id}").content.decode()
    assert "Moved back by a finding" in page
    line = Settling.objects.get(state="reopened").record_id
    assert "moved back" in enter("side-ua-1").get(f"/lists/{version.list_id}/line/{line}").content.decode()
    kinds = list(Statement.objects.filter(subject=f"list:{version.list_id}").values_list("kind", flat=True))
    assert kinds.count("list_reopened") == 1
    services.transfer_close(transfer=Transfer.objects.get(id=transfer.id), by=viewer(DESK), at=timezone.now())
    assert version_of(exchange, "UA").state == "executed"


def prepared_if_any(exchange, number):
    plan = exchanges.standing(exchange)
    return prepared(exchange, number) if legs.plan_halves(plan, number) else []


def test_a_new_plan_lets_lines_go_that_it_no_longer_names(exchange):
    before = own_people(exchange, "UA")
    repaired(exchange, "UA")
    signed(exchange)
    version, now = version_of(exchange, "UA"), own_people(exchange, "UA")
    assert settled_counts(version) == {"agreed": len(now)}
    left = set(before) - set(now)
    assert left
    said = {Record.objects.get(id=one.record_id).fields["ref"] for one in Settling.objects.filter(state="listed")}
    assert said == left


def test_no_child_is_ever_in_a_leg_or_a_transfer(desk, monkeypatch):
    def with_children(*given, **named):
        frame = held_list(*given, **named)
        first = pl.int_range(pl.len()) < 5
        return frame.with_columns(category=pl.when(first).then(pl.lit("child")).otherwise("category"))

    monkeypatch.setattr(exchange_demo, "held_list", with_children)
    exchange = composed(persons=40, minimum=8)
    signed(exchange)
    transfers = [one for number in (1, 2, 3) for one in prepared_if_any(exchange, number)]
    for side in SIDES:
        lines = [record.fields for record in Record.objects.filter(version=version_of(exchange, side))]
        children = {line["ref"] for line in lines if line["category"] == "child"}
        assert len(children) == 5
        mine = [one for one in transfers if one.giver_id == side]
        named = {ref for one in mine for ref in Reference.objects.get(transfer=one).numbers.values()}
        assert named
        assert not children & named
        settled = {one.record.fields["ref"] for one in Settling.objects.filter(version=version_of(exchange, side))}
        assert settled == named


def test_today_tells_the_desk_of_legs_without_a_handover(exchange):
    assert "notice_leg" in {one.key for one in notices(DESK, "waits")}
    for number in (1, 2, 3):
        prepared_if_any(exchange, number)
    assert "notice_leg" not in {one.key for one in notices(DESK, "waits")}
    assert "notice_leg" not in {one.key for one in notices("side-ua-1", "waits")}


def test_the_pages_stand_in_four_languages(exchange, enter):
    transfer = by_giver(prepared(exchange), "UA")
    repaired(exchange, "UA")
    signed(exchange)
    client = enter(DESK)
    for language in ("en", "uk", "ru", "tr"):
        pages = (f"/transfers/leg/{exchange.id}/2", f"/transfers/{transfer.code}", f"/exchange/{exchange.id}/leg/1")
        for address in (*pages, "/"):
            answer = client.get(address, {"lang": language})
            assert answer.status_code == 200
            assert not re.search(r"\[(leg|prepare|notice|became)_\w+\]", answer.content.decode())
