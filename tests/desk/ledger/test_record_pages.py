"""The record's pages: heads for anyone, entries by right, signing and cosigning, proofs that the verifier accepts."""

import io
import json
import re
import zipfile

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger import selectors
from goodoffices.desk.ledger.demo import cosign, demo_keys, sign_waiting
from goodoffices.desk.ledger.models import Consent, Statement
from goodoffices.desk.ledger.services import sequence, statement_record
from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.ledger.checkpoint import read_head
from goodoffices.engines.ledger.log import Anchor
from goodoffices.engines.ledger.note import SigningKey
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.verify.bundle import check
from tests.desk.conftest import post, viewer


def record(content=None, *, roles=("UA", "DESK"), kind="count", owner="DESK"):
    made = statement_record(
        kind=kind,
        content=content or {"quantity": 300},
        owner=owner,
        roles=roles,
        by=viewer("secretariat-1"),
        at=timezone.now(),
    )
    sequence()
    made.refresh_from_db()
    return made


def signed(client, statement, role, *, key=None):
    """What the party's own program makes of the request that its page gives."""
    request = SignRequest.parse(client.get(f"/record/{statement.index}/request.json?old=0").content)
    request.check(None)
    own = demo_keys(role).need(f"{role.lower()}.example/statement", "statement").open()
    return request.consent(own if key is None else key)


def test_heads_are_for_everyone_and_entries_for_those_whom_they_concern(enter):
    index = record().index
    assert Client().get("/record").status_code == 200
    pages = ["", "/receipt.pdf", "/proof.txt"]
    for page in pages:
        assert Client().get(f"/record/{index}{page}").status_code == 404
        for name, status in {
            "secretariat-1": 200,
            "side-ua-1": 200,
            "auditor": 200,
            "side-ru-1": 404,
            "observer": 404,
        }.items():
            assert enter(name).get(f"/record/{index}{page}").status_code == status, (page, name)
    for name, status in {"secretariat-1": 200, "side-ua-1": 200, "humanitarian-1": 404, "side-ru-1": 404}.items():
        assert enter(name).get(f"/record/{index}/sign").status_code == status, name


def test_what_is_not_yours_is_byte_for_byte_what_is_not_there(enter):
    index = record(roles=("UA",), owner="UA").index
    client = enter("side-ru-1")

    def shown(address):  # the way out is a form: its token is another one in every answer
        return re.sub(rb'(csrfmiddlewaretoken" value=)"\w+"', rb"\1", client.get(address).content)

    for page in ("", "/sign", "/receipt.pdf", "/request.json"):
        assert shown(f"/record/{index}{page}") == shown(f"/record/99{page}")


def test_a_stranger_to_an_entry_sees_its_kind_and_number_only(enter):
    record({"quantity": 424242}, roles=("UA",), owner="UA")
    page = enter("side-ru-1").get("/record").content.decode()
    assert "not shown to you" in page
    assert "424" not in page
    assert "entries" in Client().get("/record").content.decode()
    assert "not shown to you" not in Client().get("/record").content.decode()


def test_a_party_signs_with_its_own_key_and_the_entry_comes_in_force(enter):
    statement = record(roles=("UA",))
    client = enter("side-ua-1")
    data = signed(client, statement, "UA").decode()
    for _ in range(2):  # twice is once
        assert post(client, f"/record/{statement.index}/consent", text=data).status_code == 302
    sequence()
    assert Consent.objects.get(statement=statement).index == statement.index + 1
    page = client.get(f"/record/{statement.index}").content.decode()
    assert "Not in force yet: no signature is missing" in page
    cosign(("UA", "RU", "DESK"), timezone.now())
    assert "In force: everyone it asks has signed" in client.get(f"/record/{statement.index}").content.decode()


def wrong_key(data, statement):
    note = json.loads(data)
    other = SigningKey.from_seed("ua.example/statement", 1, seed=b"x" * 32)
    request = note["note"].rsplit("\n\n", 1)[0] + "\n"
    from goodoffices.engines.ledger.note import Note, sign_note

    note["note"] = bytes(Note(request, (sign_note(request, other),))).decode()
    return json.dumps(note, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data, other: "hello", "not a consent"),
        (lambda data, other: data.replace('"role":"UA"', '"role":"RU"'), "the consent of RU"),
        (lambda data, other: data.replace('"statement":"count', '"statement":"kount'), "another statement"),
        (lambda data, other: other, "another statement"),
        (wrong_key, "signature is not valid"),
        (lambda data, other: re.sub(r"[0-9a-f]{64}", "0" * 64, data, count=1), "not what this entry says"),
    ],
)
def test_what_is_not_this_roles_consent_to_this_entry_is_refused_plainly(enter, change, told):
    first, second = record(roles=("UA",)), record(roles=("UA",))
    client = enter("side-ua-1")
    data = signed(client, first, "UA").decode()
    answer = post(client, f"/record/{first.index}/consent", text=change(data, signed(client, second, "UA").decode()))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Consent.objects.exclude(note="").count() == 0


def test_nobody_signs_for_another_party(enter):
    statement = record(roles=("UA",))
    data = signed(enter("side-ua-1"), statement, "UA").decode()
    for name in ("side-ru-1", "humanitarian-1", "observer", "operator"):
        assert post(enter(name), f"/record/{statement.index}/consent", text=data).status_code == 404
    assert Consent.objects.exclude(note="").count() == 0


def test_a_witness_cosigns_over_http_without_login(enter):
    record()
    cosign(("UA",), timezone.now())
    body = Client().get("/record/log/request?old=0").content
    assert body.startswith(b"old 0\n")
    before = (settings.WORKSPACE / "log" / "checkpoint").read_bytes()
    line = next(line for line in before.decode().split("\n") if "ua.example" in line)
    record()  # the log has grown meanwhile: the line is kept with the head it was made for
    answer = Client(enforce_csrf_checks=True).post("/record/log/cosignature", line, content_type="text/plain")
    assert (answer.status_code, answer.content) == (200, b"2\n")


@pytest.mark.parametrize("line", [b"", b"hello", b"\xff" * 10, b"x" * 10_000, "— ua.example/witness AAAA".encode()])
def test_a_line_that_is_no_cosignature_is_refused(desk, line):
    record()
    assert Client().post("/record/log/cosignature", line, content_type="text/plain").status_code == 403
    assert Client().get("/record/log/request?old=99").status_code == 400


def test_a_line_comes_by_file_too(enter):
    record()
    client = enter("side-ru-1")
    assert b"<svg" in client.get("/record/cosign").content
    answer = post(client, "/record/cosign/answer", text="nonsense")
    assert answer.status_code == 422
    cosign(("RU",), timezone.now())
    line = (settings.WORKSPACE / "log" / "checkpoint").read_text().split("\n")[-2]
    assert post(client, "/record/cosign/answer", text=line).status_code == 302


def test_a_party_that_stops_cosigning_is_shown_with_what_waits(enter):
    record()
    cosign(("UA", "RU", "DESK"), timezone.now())
    statement = record(roles=("UA",))
    sign_waiting(timezone.now())
    sequence()
    cosign(("UA", "DESK"), timezone.now())
    found = selectors.record(viewer("side-ua-1"))
    assert [(one.role, one.behind) for one in found.lagging] == [("RU", found.size - found.bound)]
    page = Client().get("/record").content.decode()
    assert "Russian Federation has not cosigned the last" in page
    assert not selectors.standing(statement.index).in_force
    assert "has not cosigned" in enter("side-ru-1").get("/").content.decode()


def test_the_bundle_and_every_proof_are_accepted_by_the_independent_verifier(enter, tmp_path):
    statement = record()
    sign_waiting(timezone.now())
    sequence()
    cosign(("UA", "RU", "DESK"), timezone.now())
    late = record()
    charter = selectors.record(viewer("auditor")).charter
    archive = zipfile.ZipFile(io.BytesIO(Client().get("/record/bundle.zip").content))
    archive.extractall(tmp_path)
    policy = parse_policy((tmp_path / "bundle/log/policy").read_text())
    report = check(tmp_path / "bundle", anchor=Anchor(policy, charter))
    assert report.failures == []
    assert (report.facts["in_force"], report.facts["size"]) == (2, late.index)  # the charter and the count
    proof = tmp_path / "proof.txt"
    proof.write_bytes(enter("auditor").get(f"/record/{statement.index}/proof.txt").content)
    assert check(proof, anchor=Anchor(policy)).failures == []
    tile = tmp_path / "bundle/log/tile/entries/000.p" / str(late.index)
    data = bytearray(tile.read_bytes())
    data[len(data) // 2] ^= 1
    tile.write_bytes(data)
    assert not check(tmp_path / "bundle", anchor=Anchor(policy, charter)).is_good


def test_the_log_is_served_as_tiles_that_may_be_kept(desk):
    record()
    for name, kept in {
        "checkpoint": "max-age=5",
        "policy": "max-age=5",
        "tile/0/000.p/2": "immutable",
        "tile/entries/000.p/2": "immutable",
    }.items():
        answer = Client().get(f"/record/log/{name}")
        assert answer.status_code == 200
        assert answer.content == (settings.WORKSPACE / "log" / name).read_bytes()
        assert kept in answer["Cache-Control"]
    for name in ("../keys/heads.sqlite", "tile/../policy", "tile/0/001", "pending", "heads/9", "tile/0/000.p/2/x"):
        assert Client().get(f"/record/log/{name}").status_code == 404


def test_the_offline_pages_are_served_with_the_hash_that_is_shown(desk):
    record()
    shown = Client().get("/record/verify").content.decode()
    for name in ("sign.html", "verify.html"):
        answer = Client().get(f"/record/{name}")
        assert sha256_hex(answer.content) in shown
        assert answer["Content-Disposition"].startswith("attachment")


def test_the_foot_of_every_page_names_the_head(desk):
    record()
    data = (settings.WORKSPACE / "log" / "checkpoint").read_bytes()
    head = read_head(data, parse_policy((settings.WORKSPACE / "log" / "policy").read_text()))
    root = head.checkpoint.root.hex()
    assert " ".join(root[i : i + 4] for i in range(0, 16, 4)) in Client().get("/results").content.decode()


def test_today_tells_what_waits_for_my_signature(enter):
    record(roles=("UA",))
    assert "1 statement waits for your party" in enter("side-ua-1").get("/").content.decode()
    assert "waits for your party" not in enter("side-ru-1").get("/").content.decode()


def test_nobody_is_sent_to_a_signing_page_that_is_not_theirs(enter):
    statement = record(roles=("UA", "DESK"))
    for name, may_sign in {
        "side-ua-1": True,
        "secretariat-1": True,
        "planner-ua": False,
        "forensic-1": False,
        "humanitarian-1": False,
    }.items():
        client = enter(name)
        page = f"/record/{statement.index}/sign"
        assert (client.get(page).status_code == 200) is may_sign
        for where in ("/", "/record"):
            assert (page in client.get(where).content.decode()) is may_sign, f"{name} {where}"


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_every_page_stands_in_every_language(enter, language):
    index = record(roles=("UA",)).index
    client = enter("side-ua-1")
    for page in ("", "/cosign", "/verify", f"/{index}", f"/{index}/sign"):
        answer = client.get(f"/record{page}?lang={language}")
        assert answer.status_code == 200
        assert f'lang="{language}"'.encode() in answer.content
    assert Statement.objects.filter(index=index).exists()
