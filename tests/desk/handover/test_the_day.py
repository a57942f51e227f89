"""The day at the desk: keys, manifest, files from any device, refusals, clocks, ended keys, paper, findings."""

import datetime as dt
import io
import itertools
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from goodoffices.desk.handover import dayservices, papers, selectors, services
from goodoffices.desk.handover.models import Attested, HandedIn, Transfer
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Mandate
from goodoffices.desk.parties.services import mandate_revoke
from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from goodoffices.domain.handover import Found, Say
from goodoffices.domain.process import Role
from goodoffices.flow.handover.merge import Mark
from goodoffices.formats.words import Language
from tests.desk.conftest import AT, post, viewer
from tests.desk.handover.making import (
    DESK,
    GIVER,
    KEYS,
    RECEIVER,
    device,
    drafted,
    full,
    hand_in,
    ready,
    there_is_a_desk,
    transfer_set,
)
from tests.flow.handover.making import STRANGER


def upload(client, data, name="a.statements", code="T-1"):
    return post(client, f"/transfers/{code}/day/files", file=SimpleUploadedFile(name, data))


def test_three_roles_count_and_the_transfer_goes_its_whole_way(desk, enter):
    transfer, day = transfer_set()
    for role in Role:
        made = full(day, role)
        if role is Role.RECEIVER:
            made.say(Say.RECEIPT)
        hand_in(transfer, made)
    assert Transfer.objects.get().state == "receipted"
    assert {(one.party, one.quantity) for one in selectors.assertions()} == {("UA", 3), ("RU", 3), ("DESK", 3)}
    assert Statement.objects.filter(kind="custody_step").count() == 1
    assert post(enter(DESK), "/transfers/T-1/close").status_code == 302
    assert Transfer.objects.get().state == "closed"
    page = enter(GIVER).get("/transfers/T-1/day").content.decode()
    assert "Every number is counted, and all roles say the same." in page
    sequence()
    assert not Statement.objects.filter(index__isnull=True).exists()


def test_the_same_file_twice_changes_nothing_and_any_order_gives_the_same(desk):
    transfer, day = transfer_set(size=2)
    second = device(day, Role.GIVER, 9)
    second.say(Say.COUNTED, "1")
    made = [full(day, Role.GIVER), second, full(day, Role.RECEIVER, says={"2": Say.MISSING}), full(day, Role.NEUTRAL)]
    states = set()
    for order in list(itertools.permutations(range(4)))[::5]:
        Attested.objects.all().delete()
        HandedIn.objects.all().delete()
        Transfer.objects.update(state="set")
        transfer.refresh_from_db()
        for place in (*order, order[0]):
            taken = hand_in(transfer, made[place])
        assert not taken.is_new
        the = selectors.the_day(transfer)
        live = {kept.id for kept in the.merged.kept if kept.live}
        figures = {(one.party, one.quantity) for one in selectors.live_attested(transfer).values()}
        states.add((transfer.state, frozenset(live), str(the.merged.discrepancies), len(the.files), frozenset(figures)))
    ((state, live, _, files, figures),) = states
    assert (state, len(live), files) == ("partial", 16, 4)
    assert figures == {("UA", 2), ("RU", 1), ("DESK", 2)}


def test_two_laptops_of_one_role_merge_without_loss_and_differences_stay_until_the_role_corrects(desk, enter):
    transfer, day = transfer_set()
    one, two = device(day, Role.RECEIVER, 11), device(day, Role.RECEIVER, 12)
    one.say(Say.COUNTED, "1")
    mine = one.say(Say.COUNTED, "2")
    two.say(Say.MISSING, "2")
    two.say(Say.COUNTED, "3")
    client = enter(RECEIVER)
    assert upload(client, two.file()).status_code == 302
    assert upload(client, one.file()).status_code == 302
    page = client.get("/transfers/T-1/day").content.decode()
    assert "Receiver, number 2: its devices differ (Counted, Missing)" in page
    assert len(selectors.the_day(transfer).merged.kept) == 4
    one.say(Say.UNDO, "2", about=[mine])
    assert upload(client, one.file()).status_code == 302
    page = client.get("/transfers/T-1/day").content.decode()
    assert "its devices differ" not in page
    assert len(selectors.the_day(transfer).merged.kept) == 5


def test_a_file_is_refused_by_line_and_nothing_of_it_is_taken(desk, enter):
    transfer, day = transfer_set()
    client, good = enter(GIVER), full(day, Role.GIVER).file()
    text = good.decode()
    other = transfer_set("T-2")[1]
    stranger = full(day, Role.GIVER)
    stranger.key = STRANGER
    cases = {
        "not a file of statements": b"hello",
        "line 6: this line was changed": text.replace('"counted"', '"missing"', 1).encode(),
        "line 2: these statements are of another transfer": full(other, Role.GIVER).file(),
        "a key that the manifest does not name": stranger.file(),
        "found 3 statements": "\n".join(text.split("\n")[:3] + text.split("\n")[3:6] + text.split("\n")[-3:]).encode(),
        "a file of the receiver": full(day, Role.RECEIVER).file(),
    }
    for told, data in cases.items():
        answer = upload(client, data)
        assert answer.status_code == 422, told
        assert told in answer.content.decode()
    assert upload(client, b"").status_code == 422
    assert upload(client, b"\xff\xfe\x00" * 9).status_code == 422
    assert post(client, "/transfers/T-1/day/files").status_code == 422
    assert not HandedIn.objects.exists()
    assert Transfer.objects.get(id=transfer.id).state == "set"


def test_the_desk_hands_in_anyones_file_and_keeps_it_whole_and_sealed(desk, enter):
    from django.db import connection

    day = transfer_set()[1]
    data = full(day, Role.GIVER).file()
    assert upload(enter(DESK), data).status_code == 302
    row = HandedIn.objects.get()
    for who, status in ((DESK, 200), (GIVER, 200), (RECEIVER, 404), ("observer", 404)):
        answer = enter(who).get(f"/transfers/T-1/day/files/{row.id}")
        assert answer.status_code == status, who
        assert status == 404 or answer.content == data
    transfer_set("T-2")
    assert enter(GIVER).get(f"/transfers/T-2/day/files/{row.id}").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM handover_handedin")
        assert b"counted" not in bytes(cursor.fetchone()[0])


def _plain(page):
    return re.sub(r'<time.*?</time>|name="(csrfmiddlewaretoken|once)" value="[^"]+"', "", page.content.decode())


def test_that_somebody_does_not_go_is_unseen_by_the_other_side_before_the_gate(desk, enter):
    """The other side's page is the same whether number 2 was refused or not yet counted: cells, counts, lacks."""
    pages = []
    for code, says in (("T-1", [Say.DOES_NOT_GO]), ("T-1", [])):
        Transfer.objects.update(day=None)
        for model in (Attested, HandedIn):
            model.objects.all().delete()
        for transfer in Transfer.objects.all():
            for related in ("sayings", "events", "keys", "days"):
                getattr(transfer, related).all().delete()
            transfer.delete()
        transfer, day = transfer_set(code)
        made = device(day, Role.GIVER)
        made.say(Say.ARRIVED)
        made.say(Say.COUNTED, "1")
        for one in says:
            made.say(one, "2")
        hand_in(transfer, made)
        page = _plain(enter(RECEIVER).get("/transfers/T-1/day?show=all"))
        pages.append(re.sub(r"/keys/\w+/end|SHA-256 <code>.*?</code>|<code>[0-9a-f]{64}</code>|sha256.*?<", "", page))
        assert "Does not go" not in pages[-1]
    assert pages[0] == pages[1]


def test_at_the_gate_both_see_it_and_nobody_why_and_the_desk_sees_it_before(desk, enter):
    transfer, day = transfer_set()
    hand_in(transfer, full(day, Role.GIVER, says={"2": Say.DOES_NOT_GO}))
    assert "Does not go" in enter(DESK).get("/transfers/T-1/day").content.decode()
    page = enter(RECEIVER).get("/transfers/T-1/day?show=all").content.decode()
    assert "Does not go" not in page
    assert "attests 2" not in page
    assert not selectors.assertions()
    assert "Does not go" not in enter("observer").get("/transfers/T-1/day?show=all").content.decode()
    met = device(day, Role.RECEIVER)
    met.say(Say.MET)
    hand_in(transfer, met)
    for who in (RECEIVER, "observer"):
        assert "Does not go" in enter(who).get("/transfers/T-1/day").content.decode()


def test_an_interview_is_noted_by_the_observer_without_a_reason_and_told_at_the_gate(desk, enter):
    transfer, day = transfer_set()
    observer = enter("observer")
    for _ in range(2):
        answer = post(observer, "/transfers/T-1/day/outcome", number="2", goes="no", reason="family")
        assert answer.status_code == 302
    assert transfer.outcomes.count() == 1
    assert post(observer, "/transfers/T-1/day/outcome", number="99", goes="no").status_code == 422
    assert "2: does not go" in observer.get("/transfers/T-1/day").content.decode()
    desk_page = enter(DESK).get("/transfers/T-1/day").content.decode()
    assert "1 person was asked." in desk_page
    assert "2: does not go" not in desk_page
    assert "2: does not go" not in enter(GIVER).get("/transfers/T-1/day").content.decode()
    for role in (Role.GIVER, Role.RECEIVER):
        made = device(day, role)
        made.say(Say.MET)
        hand_in(transfer, made)
    for who in (GIVER, RECEIVER):
        assert "2: does not go" in enter(who).get("/transfers/T-1/day").content.decode()
    assert not any("family" in str(row.__dict__) for row in Statement.objects.all())


def test_a_key_ended_in_the_middle_counts_by_the_records_order_before_and_after_the_log_is_written(desk, enter):
    transfer, day = transfer_set()
    made = full(day, Role.GIVER)
    hand_in(transfer, made, upto=3)
    key = transfer.keys.get(role="giver")
    assert post(enter(GIVER), f"/transfers/T-1/day/keys/{key.id}/end").status_code == 302
    hand_in(transfer, made)
    for _ in range(2):
        the = selectors.the_day(transfer)
        live = [kept for kept in the.merged.kept if kept.live]
        assert (len(live), len(the.merged.kept)) == (3, 6)
        assert selectors.marks(viewer(GIVER), transfer, the) == {Mark.REVOKED: 3}
        assert selectors.marks(viewer(RECEIVER), transfer, the) == {}
        assert sequence() in {0, Statement.objects.count()}
    assert "mandate had ended" in enter(DESK).get("/transfers/T-1/day").content.decode()
    with pytest.raises(InputError):
        dayservices.key_register(transfer=transfer, vkey=key.vkey, by=viewer(GIVER), at=AT)


def test_the_key_of_a_member_whose_mandate_ended_no_longer_counts(desk):
    transfer, day = transfer_set()
    made = full(day, Role.GIVER)
    hand_in(transfer, made, upto=2, at=AT)
    mandate_revoke(mandate=Mandate.objects.get(user__username=GIVER), at=AT + dt.timedelta(hours=1))
    hand_in(transfer, made, who="side-ua-2", at=AT + dt.timedelta(hours=2))
    merged = selectors.the_day(transfer).merged
    assert (sum(kept.live for kept in merged.kept), len(merged.kept)) == (2, 6)


def test_clocks_that_are_wrong_go_back_or_change_to_winter_time_are_told_and_decide_nothing(desk, enter):
    night = dt.datetime(2025, 10, 26, 3, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    transfer, day = transfer_set(starts_at=night)
    made = device(day, Role.GIVER)
    offset = int((night - dt.datetime(2025, 7, 24, 10, tzinfo=night.tzinfo)).total_seconds() // 60)
    made.say(Say.ARRIVED, minute=offset)
    made.say(Say.MET, minute=offset + 40)
    made.say(Say.COUNTED, "1", minute=offset + 20)
    made.say(Say.COUNTED, "2", minute=offset + 60 * 24 * 9)
    hand_in(transfer, made)
    the = selectors.the_day(transfer)
    assert {Mark.CLOCK_BACK, Mark.CLOCK_FAR} == set(selectors.marks(viewer(GIVER), transfer, the))
    assert all(kept.live for kept in the.merged.kept)
    page = enter(GIVER).get("/transfers/T-1/day").content.decode()
    assert "clock went back" in page
    assert "far from the day" in page
    assert "26 October 2025 03:30 (Istanbul)" in enter(DESK).get("/transfers/T-1").content.decode()


def test_a_role_that_does_not_sign_is_named_and_today_tells_it(desk, enter):
    transfer, day = transfer_set(starts_at=timezone.now() - dt.timedelta(hours=2))
    for role in (Role.GIVER, Role.NEUTRAL):
        hand_in(transfer, full(day, role))
    hand_in(transfer, full(day, Role.RECEIVER, act=False))
    page = enter(GIVER).get("/transfers/T-1/day").content.decode()
    assert "Receiver: has not signed the act" in page
    assert Transfer.objects.get().state == "counted"
    assert "the act waits for your role" in enter(RECEIVER).get("/").content.decode()
    assert "waits for your role" not in enter(GIVER).get("/").content.decode()


def test_files_of_a_transfer_that_is_not_set_are_one_sided_and_nobody_is_late(desk, enter):
    transfer = drafted()
    day = ready(transfer)
    made = device(day, Role.GIVER)
    made.say(Say.ARRIVED)
    hand_in(transfer, made)
    assert Transfer.objects.get().state == "drafted"
    page = enter(RECEIVER).get("/transfers/T-1/day").content.decode()
    assert "stood ready before the transfer was set; nobody is late." in page


def test_a_signed_postponement_shows_its_reason_and_the_next_attempt_has_its_own_manifest(desk, enter):
    transfer, day = transfer_set()
    made = device(day, Role.RECEIVER)
    made.say(Say.POSTPONED, words="no crossing at night")
    hand_in(transfer, made)
    assert Transfer.objects.get().state == "postponed"
    assert "no crossing at night" in enter(GIVER).get("/transfers/T-1/day").content.decode()
    services.condition_propose(
        transfer=transfer, proposal=services.Proposal(starts_at=AT + dt.timedelta(days=9)), by=viewer(DESK), at=AT
    )
    assert (transfer.day, transfer.confirmed, transfer.state) == (None, 6, "postponed")
    late = full(day, Role.GIVER)
    assert hand_in(transfer, late).is_new  # what comes late is kept with its own manifest
    transfer.refresh_from_db()
    assert transfer.state == "postponed"


def test_a_manifest_stands_once_files_have_come_in(desk):
    transfer, day = transfer_set()
    hand_in(transfer, full(day, Role.GIVER))
    with pytest.raises(TransitionError, match="no longer changed"):
        services.condition_propose(
            transfer=transfer, proposal=services.Proposal(place="elsewhere"), by=viewer(DESK), at=AT
        )
    other = str(STRANGER.vkey)
    dayservices.key_register(transfer=transfer, vkey=other, by=viewer(GIVER), at=AT)
    with pytest.raises(TransitionError):
        dayservices.day_make(transfer=transfer, by=viewer(DESK), at=AT)


def test_a_key_speaks_for_one_role(desk, enter):
    transfer = drafted()
    vkey = str(KEYS[Role.GIVER].vkey)
    assert post(enter(GIVER), "/transfers/T-1/day/keys", **{"key-vkey": vkey}).status_code == 302
    answer = post(enter(RECEIVER), "/transfers/T-1/day/keys", **{"key-vkey": vkey})
    assert answer.status_code == 422
    assert "speaks for one role" in answer.content.decode()
    assert post(enter(RECEIVER), "/transfers/T-1/day/keys", **{"key-vkey": "nonsense"}).status_code == 422
    assert transfer.keys.count() == 1
    with pytest.raises(InputError, match="a key of the side that receives"):
        dayservices.day_make(transfer=transfer, by=viewer(DESK), at=AT)


def test_the_page_to_count_with_is_the_file_whose_hash_is_shown(desk, enter):
    transfer_set()
    for who, role in ((GIVER, "giver"), (RECEIVER, "receiver"), ("secretariat-1", "neutral")):
        client = enter(who)
        saved = client.get(f"/transfers/T-1/day/{role}.html")
        assert sha256_hex(saved.content) in client.get("/transfers/T-1/day").content.decode()
        here = client.get(f"/transfers/T-1/day/{role}")
        assert here.content == saved.content
        policy = here.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "connect-src" not in policy
    assert enter(GIVER).get("/transfers/T-1/day/DAY.json").json()["form"] == "goodoffices/day@v1"


def test_the_count_form_typed_back_is_a_paper_device_of_the_neutral(desk, enter):
    transfer, _ = transfer_set(size=60, unit="container", category="")
    form = papers.count_form(transfer, papers.frame_of(viewer(DESK), transfer, AT))
    first, second = form.pages
    typed = f"{first.code} 49 7{first.letter(7)}-2\n{second.code} 10"
    client = enter(DESK)
    assert post(client, "/transfers/T-1/day/typed", typed=typed.replace(" 49 ", " 50 ")).status_code == 422
    for _ in range(2):
        assert post(client, "/transfers/T-1/day/typed", typed=typed, scope="counted").status_code == 302
    row = HandedIn.objects.get()
    assert (row.is_paper, row.role, row.statements) == (True, "neutral", 61)
    assert "typed from paper" in client.get("/transfers/T-1/day").content.decode()
    assert {(one.party, one.quantity) for one in selectors.assertions()} == {("DESK", 59)}
    mended = f"{first.code} 50\n{second.code} 10"
    assert post(client, "/transfers/T-1/day/typed", typed=mended, scope="counted").status_code == 302
    assert selectors.live_attested(transfer)["DESK"].quantity == 60
    assert post(enter(GIVER), "/transfers/T-1/day/typed", typed=typed).status_code == 404


def test_a_later_finding_reopens_a_closed_transfer_once_and_takes_nothing_off_the_road(desk, enter):
    transfer, day = transfer_set(unit="container", category="", seals=True)
    for role in Role:
        made = full(day, role)
        if role is Role.RECEIVER:
            made.say(Say.RECEIPT)
        hand_in(transfer, made)
    services.transfer_close(transfer=transfer, by=viewer(DESK), at=AT)
    given = {"finding": "F-1", "found": Found.NOT_OURS, "numbers": ["2"], "party": "RU", "on": AT.date(), "at": AT}
    for _ in range(2):
        services.finding_note(transfer=transfer, by=viewer("forensic-1"), **given)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.findings.count()) == ("reopened", 1)
    assert sorted(str(one.kind) for one in selectors.assertions()) == ["finding", *["movement"] * 3]
    assert selectors.live_attested(transfer)["RU"].quantity == 3
    assert "Reopened by a later finding" in enter(GIVER).get("/transfers").content.decode()
    with pytest.raises(NotYoursError):
        services.finding_note(transfer=transfer, by=viewer(GIVER), **{**given, "finding": "F-2"})
    assert post(enter(DESK), "/transfers/T-1/close").status_code == 302


def test_every_paper_prints_for_its_role_and_the_act_in_four_languages(desk, enter):
    transfer, day = transfer_set(seals=True)
    hand_in(transfer, full(day, Role.NEUTRAL))
    wanted = {
        DESK: {"act-giver", "act-receiver", "act-neutral", "conditions", "manifest", "slips", "count", "objection"},
        GIVER: {"act-giver", "conditions", "manifest", "slips", "count", "objection"},
        RECEIVER: {"act-receiver", "conditions", "manifest", "count", "objection"},
    }
    for who, names in wanted.items():
        assert set(papers.papers(viewer(who), transfer)) == names
        for name in sorted(names):
            answer = enter(who).get(f"/transfers/T-1/papers/{name}.pdf?language=en&language=uk&language=ru&language=tr")
            assert answer.content.startswith(b"%PDF-"), name
    assert papers.papers(viewer("observer"), transfer) == []
    boxes = transfer_set("T-2", unit="container", category="", seals=True)[0]
    assert "labels" in papers.papers(viewer(GIVER), boxes)
    assert enter(GIVER).get("/transfers/T-2/papers/labels.pdf").content.startswith(b"%PDF-")


def test_the_pack_of_a_day_has_every_transfer_of_it_and_a_side_gets_its_own(desk, enter):
    transfer_set("T-1")
    transfer_set("T-2", unit="container", category="", seals=True)
    transfer_set("T-3", starts_at=dt.datetime(2025, 9, 1, tzinfo=dt.UTC))
    page = enter(GIVER).get("/print?date=2025-07-24").content.decode()
    assert "T-1" in page
    assert "T-2" in page
    assert "T-3" not in page
    counts = {}
    for who in (DESK, GIVER, RECEIVER):
        answer = enter(who).get("/print/pack.zip?date=2025-07-24")
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        counts[who] = len(names)
    assert counts == {DESK: 17, GIVER: 13, RECEIVER: 11}
    assert enter(GIVER).get("/print/pack.pdf?date=2025-07-24").content.startswith(b"%PDF-")
    assert enter(GIVER).get("/print/pack.pdf?date=2025-07-25").status_code == 404
    assert enter("observer").get("/print").status_code == 404


def test_what_an_act_says_of_a_number_is_what_its_reader_may_know(desk):
    transfer, day = transfer_set()
    hand_in(transfer, full(day, Role.GIVER, says={"2": Say.DOES_NOT_GO}))
    the = selectors.the_day(transfer)
    other = selectors.seen(viewer(RECEIVER), transfer, the)
    assert papers.state_of(other, "2").value == "not_yet"
    hand_in(transfer, full(day, Role.RECEIVER, says={"2": Say.DOES_NOT_GO}))
    the = selectors.the_day(transfer)
    assert papers.state_of(selectors.seen(viewer(RECEIVER), transfer, the), "2").value == "does_not_go"
    made = papers.sheet_of(viewer(RECEIVER), transfer, "act-receiver", languages=[Language.EN], at=AT)
    assert made.copy


def test_an_observer_who_only_observed_gives_no_figure(desk):
    transfer, day = transfer_set(unit="container", category="")
    made = device(day, Role.NEUTRAL)
    made.act(Scope.OBSERVED)
    hand_in(transfer, made)
    assert [one.quantity for one in selectors.assertions()] == [None]


def test_what_roles_attest_is_confirmed_in_the_results_once_all_agree(desk):
    from goodoffices.desk.results.selectors import shown_all

    transfer, day = transfer_set(commitment="C3")
    for place, role in enumerate(Role, 1):
        hand_in(transfer, full(day, role))
        found = [one for one in shown_all(viewer(DESK)).result.movements if one.id == "T-1"]
        assert [one.confirmed for one in found] == {1: [], 2: [None], 3: [3]}[place]  # no figure before the gate


def test_the_pack_is_one_command_and_says_what_is_wrong(desk, tmp_path):
    from click.testing import CliRunner

    from goodoffices.cli.desk_paper import pack
    from goodoffices.domain.errors import InputError

    transfer_set()
    there_is_a_desk()
    out = tmp_path / "PACK.zip"
    made = CliRunner().invoke(pack, ["--date", "2025-07-24", "--member", GIVER, "--out", str(out)])
    assert (made.exit_code, made.output.split(" ")[0]) == (0, "6")
    assert len(zipfile.ZipFile(out).namelist()) == 7
    for wrong in (["--date", "2025-07-25", "--out", str(out)], ["--date", "2025-07-24", "--out", "x.doc"]):
        assert isinstance(CliRunner().invoke(pack, wrong).exception, InputError)
    nobody = CliRunner().invoke(pack, ["--date", "2025-07-24", "--member", "nobody", "--out", str(out)])
    assert isinstance(nobody.exception, InputError)


def test_a_finding_of_the_board_reopens_the_transfer_of_its_movement_once(desk, monkeypatch):
    from types import SimpleNamespace

    from goodoffices.desk.parties.models import User

    transfer, day = transfer_set(unit="container", category="", seals=True)
    for role in Role:
        hand_in(transfer, full(day, role))
    case = SimpleNamespace(container=SimpleNamespace(number="2"))
    member = User.objects.get(username="forensic-1")
    finding = SimpleNamespace(id="f1", kind="not_ours", case=case, other=None, second=member, at=AT)
    rows = [SimpleNamespace(object=name, finding=finding) for name in ("T-1", "T-unknown")]
    monkeypatch.setattr(services, "reopenings", lambda kind: SimpleNamespace(select_related=lambda *_: rows))
    for _ in range(2):
        services.findings_follow(AT)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.findings.count()) == ("reopened", 1)
