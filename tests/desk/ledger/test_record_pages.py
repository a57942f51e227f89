"""The record's pages: heads for anyone, entries by right, signing and cosigning, proofs that the verifier accepts."""

from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger.services import sequence, statement_record
from tests.desk.conftest import viewer


def test_the_record_stands_for_everyone(enter):
    by = viewer("secretariat-1")
    statement_record(
        kind="count", content={"quantity": 3}, owner="DESK", roles=("DESK", "UA"), by=by, at=timezone.now()
    )
    sequence()
    assert Client().get("/record").status_code == 200
    assert Client().get("/record/1").status_code == 404
    for name in ("secretariat-1", "side-ua-1"):
        assert enter(name).get("/record").status_code == 200
        assert enter(name).get("/record/1").status_code == 200
        assert enter(name).get("/record/1/sign").status_code == 200
        assert enter(name).get("/record/cosign").status_code == 200
    assert enter("side-ru-1").get("/record/1").status_code == 404
    for address in (
        "/record/verify",
        "/record/bundle.zip",
        "/record/sign.html",
        "/record/log/checkpoint",
        "/record/log/tile/0/000.p/2",
        "/record/log/request",
    ):
        assert Client().get(address).status_code == 200
