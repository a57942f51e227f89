"""The matrix looks into fields: of each that an owner can release, whom it was released to sees that one alone."""

import pytest
from django.utils import timezone

from goodoffices.desk.lists.models import Record
from goodoffices.desk.parties.models import Release
from goodoffices.desk.parties.selectors import neutral
from goodoffices.desk.parties.services import release_approve, release_ask, release_revoke
from goodoffices.desk.remains.selectors.cases import RELEASED_FIELDS
from goodoffices.desk.remains.services import chain
from tests.desk.conftest import viewer
from tests.desk.lists.making import release, sealed
from tests.desk.remains.making import examined, hands, transfer_of

VALUES = {
    "ref": "Q-7715",
    "surname": "Ковальзлат",
    "given_name": "Ярополк",
    "patronymic": "Мстиславович",
    "birth_date": "1971-03-09",
    "birth_place": "Verkhniodolynsk",
    "service_number": "SN-660412",
    "unit": "77th invented brigade",
    "held_at": "Camp Seventeen",
    "captured_at": "Quarry Hill",
    "captured_on": "2024-02-13",
    "note": "heron-of-the-note",
}
LINE = ",".join(VALUES) + "\n" + ",".join(VALUES.values()) + "\n"
READERS = {"neutral": "humanitarian-1", "RU": "side-ru-1"}


SEARCHED = ("ref", "surname", "given_name", "patronymic", "birth_date")


@pytest.mark.slow
@pytest.mark.parametrize("audience", READERS)
def test_each_released_field_of_a_list_shows_itself_and_no_other(desk, enter, audience):
    version = sealed(data=LINE)
    assert set(VALUES) <= set(version.columns), version.columns
    record = Record.objects.get()
    client, address = enter(READERS[audience]), f"/lists/{version.list_id}"
    code = neutral().code if audience == "neutral" else audience
    seen = 0
    for field, value in VALUES.items():
        made = release(version, audience=code, fields=(field,))
        pages = [client.get(path) for path in (address, f"{address}/line/{record.id}")]
        assert {page.status_code for page in pages} == {200}, field
        shown = "".join(page.content.decode() for page in pages)
        seen += value in shown
        for other, hidden in VALUES.items():
            if other != field:
                assert hidden not in shown, (field, other)
        for name in SEARCHED if field in {"ref", "surname"} else ():
            found = client.get(f"{address}/found?q={VALUES[name]}").content.decode()
            assert (record.id in found) == (name == field), (field, name)
        release_revoke(release=made, by=viewer("side-ua-2"), at=timezone.now())
        assert client.get(address).status_code == 404, field
    assert seen == len(VALUES), "each shows itself"
    assert Release.objects.count() == len(VALUES)


MARKS = {"items": "Left femur", "custody": "Morgue 1", "samples": ">SMP-4471<", "about": "Personal effects"}


def test_each_released_part_of_a_case_shows_itself_and_no_other(desk, enter):
    _, (box, *_), (case, *_) = transfer_of("UA")
    examined(case, code="SMP-4471")
    chain.custody_note(things=[box], hands=hands("giver", "taker", 2), by=viewer("forensic-1"), at=timezone.now())
    client, path = enter("side-ru-1"), f"/remains/case/{case.id}"
    assert client.get(path).status_code == 404
    for field in RELEASED_FIELDS:
        made = released_case(case, field)
        page = client.get(path).content.decode()
        for name, mark in MARKS.items():
            assert (mark in page) == (name == field), (field, name)
        assert ("SMP-4471.1" in page) == (field == "items"), "a sample does not tell of the item it is from"
        release_revoke(release=made, by=viewer("side-ua-2"), at=timezone.now())
        assert client.get(path).status_code == 404


def released_case(case, field):
    """Release one part of a case to the other side by two members."""
    now = timezone.now()
    made = release_ask(
        owner="UA", audience="RU", kind="remains", row=case.id, fields=(field,), starts_at=now, ends_at=None,
        by=viewer("side-ua-1"), at=now,
    )  # fmt: skip
    return release_approve(release=made, by=viewer("side-ua-2"), at=timezone.now())
