"""Attesting, lifting, publishing: who may, what is refused, what becomes public and what never does."""

import csv
import io
import json

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.results import selectors
from goodoffices.desk.results.models import Assertion
from goodoffices.desk.results.publishing import draft
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.results.making import DAY, attest, figure, lift, publish, sign_all, state


def public():
    return json.loads(Client().get("/results/results.json").content)


def movement(name="m-test"):
    return next((m for m in public()["movements"] if m["movement"] == name), None)


def test_an_attested_figure_is_public_only_after_both_sides_lift_and_the_desk_publishes(desk):
    attest()
    assert movement() is None
    with pytest.raises(TransitionError):
        publish()
    lift("m-test")
    assert movement() is None
    publish()
    assert movement()["confirmed"] == 60
    assert movement()["status"] == "confirmed"


def test_one_side_alone_lifts_nothing(desk):
    attest()
    from goodoffices.desk.results.services import embargo_lift

    embargo_lift(subjects=["m-test"], by=viewer("side-ua-1"), at=timezone.now())
    assert draft(timezone.now()).fresh == ()
    assert draft(timezone.now()).held == ("m-test",)


def test_small_cells_are_pooled_and_neither_page_nor_download_shows_them(desk):
    attest(6, "m-civil", category="civilian")
    attest(7, "m-child", category="child")
    attest(60)
    lift("m-civil", "m-child", "m-test")
    publish()
    assert movement("m-civil") is None
    together = [m for m in public()["movements"] if m["movement"].startswith("together-")]
    assert [(m["confirmed"], m["category"]) for m in together] == [(13, "mixed")]
    for address in (
        "/results",
        "/results/C3",
        "/results/results.csv",
        "/results/claims.jsonld",
        "/results/changes.atom",
        "/results/publications/1.json",
        "/results/publications",
    ):
        assert b"m-civil" not in Client().get(address).content


def test_a_small_cell_alone_waits(desk):
    attest(60)
    attest(3, "m-few", category="child", unit="declared_body")
    lift("m-test", "m-few")
    found = draft(timezone.now())
    assert found.waiting == ("m-few",)
    publish()
    assert b"m-few" not in Client().get("/results/results.json").content


def test_a_correction_by_little_withdraws_the_figure_and_one_by_much_replaces_it(desk):
    mine = attest(60)[0]
    lift("m-test")
    publish()
    from goodoffices.desk.results.services import attested_make

    by = viewer("side-ua-1")
    second = attested_make(figure=figure(57, supersedes=mine.id), by=by, at=timezone.now())
    publish()
    assert movement() is None
    attested_make(figure=figure(45, supersedes=second.id), by=by, at=timezone.now())
    publish()
    assert movement()["giver"] == [45]


def test_an_embargo_of_the_secretariat_holds_until_its_moment(enter):
    attest()
    lift("m-test")
    client = enter("secretariat-1")
    answer = post(client, "/results/embargo/set", commitment="C3", until="2999-01-01T00:00")
    assert answer.status_code == 302
    assert draft(timezone.now()).held == ("m-test",)


def test_an_assertion_is_never_edited_or_deleted(desk):
    row = attest(parties=("UA",))[0]
    row.quantity = 61
    with pytest.raises(TransitionError):
        row.save()
    with pytest.raises(TransitionError):
        row.delete()
    with pytest.raises(TransitionError):
        Assertion.objects.update(quantity=1)
    with pytest.raises(TransitionError):
        Assertion.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE results_assertion SET quantity = 61 WHERE id = %s", [row.id])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"receiver": "UA"}, "receiver"),
        ({"giver": "", "receiver": ""}, "giver"),
        ({"quantity": None}, "quantity"),
        ({"commitment": "C99"}, "commitment"),
        ({"date": DAY.replace(year=2999)}, "date"),
        ({"giver": "XX"}, "giver"),
        ({"supersedes": "nothing"}, "supersedes"),
    ],
)
def test_what_contradicts_itself_is_refused(desk, change, field):
    with pytest.raises(InputError) as caught:
        attest(parties=("UA",), **change)
    assert field in {fault.field for fault in caught.value.faults}


def test_a_movement_stays_one_direction_and_unit(desk):
    attest(parties=("UA",))
    with pytest.raises(InputError, match="others say"):
        attest(parties=("RU",), category="civilian")


def test_nobody_replaces_anothers_words_or_takes_down_anothers_statement(desk):
    row = attest(parties=("UA",))[0]
    with pytest.raises(InputError):
        attest(61, parties=("RU",), supersedes=row.id)
    from goodoffices.desk.results.services import Public, Standing, stated_make

    public = Public("RU", "Ministry", "", Standing.OFFICIAL, "https://example.org")
    with pytest.raises(InputError):
        stated_make(figure=figure(scope=""), public=public, by=viewer("side-ua-1"), at=timezone.now())


MAKERS = {"side-ua-1", "side-ru-2", "secretariat-1", "humanitarian-1", "forensic-1", "observer"}
PAGES = {
    "/results/all": MAKERS,
    "/results/attest": MAKERS,
    "/results/state": {"side-ua-1", "side-ru-2", "secretariat-1"},
    "/results/embargo": {"side-ua-1", "side-ru-2"},
    "/results/publish": {"secretariat-1"},
}


def test_each_page_is_there_for_its_roles_and_for_no_other(enter):
    others = {"planner-ua", "host", "auditor", "operator"}
    for address, allowed in PAGES.items():
        for name in sorted(MAKERS | others):
            expected = 200 if name in allowed else 404
            assert enter(name).get(address).status_code == expected, (address, name)
        assert Client().get(address).status_code == 404


def test_forms_make_what_they_say_and_keep_what_was_typed(enter):
    client = enter("side-ua-1")
    fields = {
        "kind": "movement",
        "date": "2026-03-01",
        "giver": "UA",
        "receiver": "RU",
        "unit": "handed_over",
        "category": "civilian",
        "bound": "exact",
        "quantity": "33",
        "scope": "counted",
        "commitment": "C3",
    }
    assert post(client, "/results/attest/send", **fields).status_code == 302
    row = Assertion.objects.get(standing="attested")
    assert (row.party_id, row.quantity, row.by.username) == ("UA", 33, "side-ua-1")
    assert Statement.objects.get(name=row.statement).roles == ["UA"]
    answer = post(client, "/results/attest/send", **fields | {"receiver": "UA"})
    assert answer.status_code == 422
    assert b'value="33"' in answer.content
    answer = post(
        client, "/results/state/send", **fields, party="UA", organ="Ministry", standing="official", source="x"
    )
    assert answer.status_code == 302
    assert "/results/all" in client.get("/results").content.decode()


def test_public_statements_are_shown_as_made_however_small(desk):
    state(quantity=3)
    assert movement()["giver"] == [3]


def test_downloads_open_and_no_cell_runs(desk):
    from goodoffices.desk.results.services import Public, Standing, stated_make

    public = Public("UA", "=HYPERLINK(1)", "", Standing.OFFICIAL, "@SUM(1)", "+1")
    stated_make(figure=figure(scope=""), public=public, by=viewer("side-ua-1"), at=timezone.now())
    attest(44, "m-2")
    lift("m-2")
    publish()
    rows = list(csv.reader(io.StringIO(Client().get("/results/results.csv").content.decode("utf-8-sig"))))
    assert rows[1][0] == "#event+id"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    book = openpyxl.load_workbook(io.BytesIO(Client().get("/results/results.xlsx").content))
    formulas = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []
    claims = json.loads(Client().get("/results/claims.jsonld").content)["@graph"]
    assert {claim["@type"] for claim in claims} == {"ClaimReview"}
    assert len(claims) == sum(len(m["assertions"][r]) for m in public_movements() for r in m["assertions"])
    assert b"<entry>" in Client().get("/results/changes.atom").content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in Client().get("/results/results.pdf?lang=tr").content


def public_movements():
    return public()["movements"]


def test_a_publication_is_the_file_whose_hash_stands_in_the_record(desk):
    attest()
    lift("m-test")
    made = publish()
    sign_all()
    data = Client().get("/results/publications/1.json").content
    assert sha256_hex(data) == made.sha256
    assert Client().get("/results/publications/2.json").status_code == 404
    from goodoffices.desk.ledger import selectors as ledger

    statement = Statement.objects.get(name=made.statement)
    assert ledger.content(statement)["sha256"] == made.sha256
    assert ledger.standing(statement.index).in_force


def test_the_proof_of_a_figure_is_public_only_once_the_figure_is(desk):
    row = attest()[0]
    sign_all()
    for form in ("", ".txt", ".json", ".pdf"):
        assert Client().get(f"/results/proof/{row.id}{form}").status_code == 404
    lift("m-test")
    publish()
    sign_all()
    for form in ("", ".txt", ".json", ".pdf"):
        assert Client().get(f"/results/proof/{row.id}{form}").status_code == 200
    shown = Client().get("/results/C3").content.decode()
    assert f"/results/proof/{row.id}" in shown


def test_results_follow_from_the_assertions_alone(desk):
    before = public()
    attest()
    assert public() == before
    shown = selectors.shown_all(viewer("observer"))
    assert any(m.id == "m-test" and m.confirmed == 60 for m in shown.result.movements)
    with pytest.raises(NotYoursError):
        selectors.shown_all(viewer("host"))
