"""Signed statements on paper at the desk: printed for who may have the file, taken back from scanned parts."""

import pytest

from goodoffices.desk.handover.models import HandedIn, Transfer
from goodoffices.domain.process import Role
from goodoffices.formats.parts import parts_of
from tests.desk.conftest import post
from tests.desk.handover.making import DESK, GIVER, RECEIVER, full, hand_in, transfer_set

FORM = "/transfers/T-1/day/codes"


@pytest.fixture
def day(desk):
    return transfer_set(size=120)[1]


def test_parts_in_any_order_are_taken_as_the_file_would_be_and_once(day, enter):
    device = full(day, Role.GIVER)
    lines = parts_of(device.file())
    assert len(lines) > 1
    client = enter(GIVER)
    assert client.get(FORM).status_code == 200
    for _ in range(2):
        assert post(client, f"{FORM}/scanned", scanned="\n".join(reversed(lines))).status_code == 302
    assert HandedIn.objects.get().content == device.file().decode()
    hand_in(Transfer.objects.get(), device)
    assert HandedIn.objects.count() == 1


def test_a_missing_part_is_named_and_nothing_is_taken_though_another_file_is_whole(day, enter):
    one, other = parts_of(full(day, Role.GIVER).file()), parts_of(full(day, Role.RECEIVER).file())
    answer = post(enter(DESK), f"{FORM}/scanned", scanned="\n".join([*one, *other[1:]]))
    assert answer.status_code == 422
    assert f"missing parts 1 of {len(other)}" in answer.content.decode()
    assert other[-1] in answer.content.decode()
    assert not HandedIn.objects.exists()
    assert post(enter(DESK), f"{FORM}/scanned", scanned="\n".join([*one, *other])).status_code == 302
    assert HandedIn.objects.count() == 2


@pytest.mark.parametrize("scanned", ["", "nothing", "GOP1:1/1:0123456789ABCDEF:AAAA:AAAA"])
def test_what_is_no_part_is_said_in_words(day, enter, scanned):
    answer = post(enter(GIVER), f"{FORM}/scanned", scanned=scanned)
    assert answer.status_code == 422
    if scanned:
        assert "GOP1" in answer.content.decode()


def test_a_side_hands_in_no_other_roles_codes_and_a_forged_chain_is_refused_by_line(day, enter):
    lines = parts_of(full(day, Role.GIVER).file())
    assert post(enter(RECEIVER), f"{FORM}/scanned", scanned="".join(lines)).status_code == 422
    forged = full(day, Role.GIVER).file().replace(b'"say":"counted"', b'"say":"missing"', 1)
    answer = post(enter(GIVER), f"{FORM}/scanned", scanned="".join(parts_of(forged)))
    assert answer.status_code == 422
    assert "line" in answer.content.decode()
    assert not HandedIn.objects.exists()


@pytest.mark.parametrize(("role", "own", "other"), [(Role.GIVER, GIVER, RECEIVER), (Role.RECEIVER, RECEIVER, GIVER)])
def test_who_may_have_the_file_prints_it_and_nobody_else(day, enter, role, own, other):
    row = hand_in(Transfer.objects.get(), full(day, role)).row
    address = f"/transfers/T-1/day/files/{row.id}/codes.pdf"
    for language in ("en", "uk", "ru", "tr"):
        assert enter(own).get(address, {"language": language}).content[:5] == b"%PDF-"
    assert enter(DESK).get(address).status_code == 200
    assert address in enter(own).get("/transfers/T-1/day").content.decode()
    for name in (other, "observer", "auditor", "host"):
        assert enter(name).get(address).status_code == 404
    assert enter("auditor").get(FORM).status_code == 404
