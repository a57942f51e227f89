"""Transfers, containers, cases, custody: numbers that count nothing, gaps that show, the other side's word."""

import pytest
from django.db import connection
from django.utils import timezone

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Reading
from goodoffices.desk.parties.services import release_approve, release_ask
from goodoffices.desk.remains import papers
from goodoffices.desk.remains.models import Case, Custody, Item, Transfer
from goodoffices.desk.remains.selectors import cases as reads
from goodoffices.desk.remains.services import chain
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.remains import making

LATER = making.LATER


def test_a_line_of_custody_says_where_a_hand_is_missing_and_closes_when_the_step_is_told(desk):
    _, (box, _), _ = making.transfer_of()
    by = viewer("forensic-1")
    for step in (making.hands("Convoy", "Commission", 0), making.hands("Driver", "Morgue", 8)):
        chain.custody_note(things=[box], hands=step, by=by, at=LATER)
    assert [hand.gap for hand in reads.line_of(box)] == ["", "hands"]
    assert box.has_gap
    assert [one.number for one in reads.gaps(by)] == ["C1"]
    chain.custody_note(things=[box], hands=making.hands("commission ", "DRIVER", 4), by=by, at=LATER)
    assert [hand.gap for hand in reads.line_of(box)] == ["", "", ""]
    assert not reads.gaps(by).exists()


def test_a_broken_seal_is_not_intact_again_unless_it_was_renewed(desk):
    _, (box, other), _ = making.transfer_of()
    by = viewer("forensic-1")
    chain.custody_note(things=[box, other], hands=making.hands("A", "B", 0, seal="broken"), by=by, at=LATER)
    chain.custody_note(things=[box], hands=making.hands("B", "C", 1), by=by, at=LATER)
    renewed = making.hands("B", "C", 1, seal="renewed", seal_number="77")
    chain.custody_note(things=[other], hands=renewed, by=by, at=LATER)
    assert [hand.gap for hand in reads.line_of(box)] == ["", "seal"]
    assert [hand.gap for hand in reads.line_of(other)] == ["", ""]


def test_a_step_of_custody_is_added_never_changed_and_stands_in_the_record_without_a_name(desk):
    _, (box, _), _ = making.transfer_of()
    chain.custody_note(
        things=[box], hands=making.hands("Ostap Vyhadanyi", "Commission", 0), by=viewer("forensic-1"), at=LATER
    )
    step = Custody.objects.get()
    with pytest.raises(TransitionError):
        step.save()
    with pytest.raises(TransitionError):
        step.delete()
    statement = Statement.objects.get(kind="custody_step")
    assert statement.content == {"things": [box.id], "seal": "intact", "at": making.DAY.isoformat()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT hands FROM remains_custody")
        assert b"Ostap" not in bytes(cursor.fetchone()[0])


def test_a_step_in_the_future_or_a_new_seal_without_number_is_refused(desk):
    _, (box, _), _ = making.transfer_of()
    by = viewer("forensic-1")
    for step in (making.hands("A", "B", 24 * 365), making.hands("A", "B", 0, seal="renewed")):
        with pytest.raises(InputError):
            chain.custody_note(things=[box], hands=step, by=by, at=LATER)


def test_the_form_of_a_chain_says_what_is_noted_its_gaps_its_seals_and_the_last_statement(desk):
    _, (box, _), _ = making.transfer_of(movement="T-31")
    by = viewer("forensic-1")
    for hands in (
        making.hands("Convoy", "Commission", 0, seal="none"),
        making.hands("Driver", "Morgue", 8, seal="renewed", seal_number="ZX77"),
        making.hands("Morgue", "Laboratory", 9),
    ):
        chain.custody_note(things=[box], hands=hands, by=by, at=LATER)
    form = papers.custody_form(by, box, at=LATER)
    assert [(one.giver, one.receiver) for one in form.lines] == [
        ("Convoy", "Commission"), ("Driver", "Morgue"), ("Morgue", "Laboratory"),
    ]  # fmt: skip
    assert [(one.seal, one.state.value) for one in form.lines] == [("", "none"), ("ZX77", "replaced"), ("", "intact")]
    assert [bool(one.note) for one in form.lines] == [False, True, False]
    assert (form.item, form.parent, form.description) == ("C1", "", "container of transfer T-31")
    assert form.mark is not None
    last = Statement.objects.filter(kind="custody_step").latest("number")
    assert (form.mark.statement, form.mark.sha256) == (last.name, sha256_hex(canonical_bytes(last.content)))
    sequence()
    assert papers.custody_form(by, box, at=LATER).mark == form.mark  # its content lies in the vault now


def test_the_form_of_an_item_names_its_kind_alone_and_is_printed_for_those_who_may_read_it(enter):
    _, _, (case, _) = making.transfer_of()
    item = making.examined(case, code="S1")
    assert papers.custody_form(viewer("forensic-1"), item, at=LATER).description == "part"
    address = f"/remains/item/{item.id}/custody.pdf"
    assert address in enter("forensic-1").get(f"/remains/item/{item.id}").content.decode()
    before = Reading.objects.filter(object=f"item:{item.id}").count()
    printed = enter("forensic-1").get(address)
    assert printed.content.startswith(b"%PDF-")
    assert b"Left femur" not in printed.content
    assert Reading.objects.filter(object=f"item:{item.id}").count() == before + 1
    assert enter("side-ru-1").get(address).status_code == 404


def test_case_numbers_are_drawn_so_that_they_tell_no_count(desk):
    boxes = [f"C{number}" for number in range(60)]
    _, _, cases = making.transfer_of(boxes=boxes)
    numbers = [int(case.number.removeprefix("A-")) for case in cases]
    assert len(set(numbers)) == 60
    assert max(numbers) > 1000  # sixty in a row from zero would not reach it; the chance of this failing is 1e-60
    assert numbers != sorted(numbers)


def test_rungs_are_counted_apart_and_what_nobody_stated_is_not_nought(desk):
    one, _, _ = making.transfer_of(declared=5)
    other, _, _ = making.transfer_of("RU", number="T-2", boxes=("C1",), declared=None)
    who = viewer("secretariat-1")
    assert [(rung.key, rung.count) for rung in reads.ladder(who, [one])] == [
        ("container", 2),
        ("declared_body", 5),
        ("case", 2),
        ("identified_person", 0),
    ]
    assert [rung.count for rung in reads.ladder(who, [one, other])] == [3, None, 3, 0]
    giver = viewer("side-ru-1")
    assert [rung.key for rung in reads.ladder(giver, [one])] == ["container", "declared_body"]


def test_a_commingled_case_is_split_and_its_parts_go_with_their_items(desk):
    _, _, (case, _) = making.transfer_of()
    first, second = making.examined(case, code="S1"), making.examined(case, code="S2")
    part = chain.item_add(case=case, number="S2.1.a", kind="part", what="", parent=second, by=viewer("forensic-1"))
    by = viewer("forensic-1")
    with pytest.raises(TransitionError, match="split_leaves_nothing"):
        chain.case_split(case=case, items=[first, second], by=by, at=LATER)
    fresh = chain.case_split(case=case, items=[second], by=by, at=LATER)
    assert {item.id for item in fresh.items.all()} == {second.id, part.id}
    assert [sample.code for sample in fresh.samples.all()] == ["S2"]
    assert [branch.depth for branch in reads.tree(fresh)] == [0, 1]
    case.refresh_from_db()
    assert (case.state, fresh.state, fresh.part_of_id) == ("examined", "examined", case.id)


def test_a_side_reads_its_own_cases_and_the_other_side_what_was_released(enter):
    _, _, (case, hidden) = making.transfer_of("UA")
    making.examined(case, code="S1")
    address = f"/remains/case/{case.id}"
    for who in ("side-ru-1", "humanitarian-1", "secretariat-1", "planner-ua", "observer", "auditor", "operator"):
        assert enter(who).get(address).status_code == 404
    assert b"Left femur" in enter("side-ua-1").get(address).content
    by, now = viewer("side-ua-1"), timezone.now()
    asked = release_ask(
        owner="UA", audience="RU", kind="remains", row=case.id, fields=("number", "samples"), starts_at=now,
        ends_at=None, by=by, at=now,
    )  # fmt: skip
    assert enter("side-ru-1").get(address).status_code == 404
    release_approve(release=asked, by=viewer("side-ua-2"), at=now)
    shown = enter("side-ru-1").get(address)
    assert shown.status_code == 200
    assert b"Left femur" not in shown.content
    assert b"S1" in shown.content
    assert enter("side-ru-1").get(f"/remains/case/{hidden.id}").status_code == 404
    assert enter("side-ru-1").get(f"/remains/container/{case.container_id}").status_code == 404
    assert Reading.objects.filter(owner="UA", object=case.id, reader__username="side-ru-1").exists()


def test_who_may_not_write_is_refused_by_the_service_too(desk):
    one, _, (case, _) = making.transfer_of("UA")
    for who in ("side-ru-1", "humanitarian-1", "secretariat-1"):
        with pytest.raises(NotYoursError):
            chain.containers_add(transfer=one, numbers=["C9"], by=viewer(who))
        with pytest.raises(NotYoursError):
            chain.item_add(case=case, number="1", kind="part", what="", by=viewer(who))
    with pytest.raises(NotYoursError):
        reads.case_of(viewer("side-ru-1"), case.id, LATER)


def test_a_transfer_is_noted_on_a_page_and_what_was_typed_is_kept(enter):
    client = enter("forensic-1")
    form = {
        "number": "T-7", "giver": "RU", "receiver": "UA", "handed_at": "2025-07-01T12:00", "zone": "Mars/Olympus",
        "place": "Crossing 2",
    }  # fmt: skip
    wrong = post(client, "/remains/transfers", **form)
    assert wrong.status_code == 422
    assert b"Crossing 2" in wrong.content
    assert post(client, "/remains/transfers", **form | {"zone": making.ZONE}).status_code == 302
    made = Transfer.objects.get()
    assert made.handed_at == making.DAY  # noon on the clock of the place
    assert post(client, f"/remains/transfer/{made.id}/containers", numbers="C1\nC2\n").status_code == 302
    assert Case.objects.count() == 2
    again = post(client, f"/remains/transfer/{made.id}/containers", numbers="C2")
    assert again.status_code == 422
    assert b"nobody has yet" in again.content


def test_items_form_a_tree_within_their_case(desk):
    _, _, (case, other) = making.transfer_of()
    item = making.examined(case, code="S1")
    with pytest.raises(InputError):
        chain.item_add(case=other, number="9", kind="part", what="", parent=item, by=viewer("forensic-1"))
    assert Item.objects.count() == 1
