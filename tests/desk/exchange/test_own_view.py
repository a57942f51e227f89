"""A side takes home its own view of a plan, checks it without the desk, and finds its hash in the record."""

import io
import zipfile

import pyrage
import pytest
from django.utils import timezone

from goodoffices.desk.exchange import selectors
from goodoffices.desk.exchange.records import view_of
from goodoffices.desk.keeping.models import Recipient
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.models import Party
from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.audit.exchange_view import audit_view
from tests.desk.conftest import viewer
from tests.desk.exchange.making import composed, own_people, signed

SIDES = ("RU", "UA")


@pytest.fixture
def exchange(desk):
    """An exchange with a plan nobody has signed."""
    return composed(persons=40, minimum=12)


def recipient(side):
    identity = pyrage.x25519.Identity.generate()
    by = viewer(f"side-{side.lower()}-1").user
    Recipient.objects.create(
        party=Party.objects.get(code=side),
        name="home",
        key=str(identity.to_public()),
        added_by_id=by,
        added_at=timezone.now(),
    )
    return identity


@pytest.mark.parametrize(("side", "other"), [SIDES, SIDES[::-1]])
def test_a_side_takes_its_view_home_and_the_audit_there_agrees(exchange, enter, side, other):
    client = enter(f"side-{side.lower()}-1")
    assert client.get(f"/exchange/{exchange.id}/own.zip").status_code == 422
    identity = recipient(side)
    answer = client.get(f"/exchange/{exchange.id}/own.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(answer.content, [identity]))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert set(files) == {"TERMS.toml", "VIEW.json", f"{side}.csv"}
    verdict = audit_view(files["TERMS.toml"], files["VIEW.json"], files[f"{side}.csv"], side=side)
    assert verdict.holds, verdict.violations
    own, others = own_people(exchange, side), own_people(exchange, other)
    assert all(ref in files["VIEW.json"].decode() for ref in own)
    assert not any(ref in data.decode() for ref in others for data in files.values())
    for language in ("en", "uk", "ru", "tr"):
        page = client.get(f"/exchange/{exchange.id}/own", {"lang": language})
        assert page.status_code == 200
        assert sha256_hex(files["VIEW.json"]) in page.content.decode()
        assert not any(ref in page.content.decode() for ref in others)
    for name in ("humanitarian-1", "secretariat-1", "observer", "planner-ua"):
        for rest in ("own", "own.zip"):
            assert enter(name).get(f"/exchange/{exchange.id}/{rest}").status_code == 404


def test_the_record_names_the_hash_of_each_sides_view_once_both_have_signed(exchange):
    signed(exchange)
    plan = selectors.standing(exchange)
    said = Statement.objects.get(kind="plan_agreed").content["views_sha256"]
    assert said == {side: sha256_hex(view_of(plan, side)) for side in SIDES}
