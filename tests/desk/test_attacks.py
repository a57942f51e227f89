"""What an attacker tried on the newest pages, kept so that it fails for good."""

import datetime as dt
import json
import re

import pytest
from django.conf import settings as settings_
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ceasefire import groundservices, page
from goodoffices.desk.ids import new_id
from goodoffices.desk.ledger.services import sequence, statement_record
from goodoffices.desk.lists import search
from goodoffices.desk.notices import Column
from goodoffices.desk.parties.models import Mandate, Once, Release, User
from goodoffices.desk.parties.services import release_revoke
from goodoffices.desk.today import selectors
from tests.desk.ceasefire.making import assured
from tests.desk.conftest import post, viewer, with_factor
from tests.desk.lists.making import SMALL, release, sealed
from tests.fakes import EICAR, Clamd

MARKUP = [
    "</text></svg><script>alert(1)</script>",
    '"><image href=x onerror=alert(1)>',
    "]]><svg onload=alert(1)>",
    "{{ 7 }}{% now %}&#60;script&#62;",
]


# ---------------------------------------------------------------- layers
def test_no_name_of_a_layer_becomes_markup_of_its_map(desk, enter):
    found, by = assured(), viewer("planner-ua")
    row = groundservices.ground_read(ceasefire=found, data=page.invented(found, "UA"), by=by, at=timezone.now())
    groundservices.ground_take(row=row, by=by)
    client, at = enter("planner-ua"), [0.5, 0.02]
    shapes = [("Point", at), ("LineString", [at, [0.6, 0.03]]), ("Polygon", [[at, [0.6, 0.02], [0.6, 0.05], at]])]
    features = [
        {
            "type": "Feature",
            "properties": {"name": markup[:60], "style": markup},
            "id": markup,
            "geometry": {"type": kind, "coordinates": places, "class": markup},
        }
        for markup in MARKUP
        for kind, places in shapes
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features, "crs": MARKUP[0]}).encode()
    fields = {"layer": SimpleUploadedFile(f"{MARKUP[1]}.geojson", data), "name": MARKUP[0]}
    assert post(client, f"/ceasefire/{found.id}/layers", **fields).status_code == 302
    wrong = SimpleUploadedFile(f"{MARKUP[0]}.json", json.dumps({"type": MARKUP[1]}).encode())
    refused = post(client, f"/ceasefire/{found.id}/layers", layer=wrong, name="x")
    assert refused.status_code == 422
    shown = client.get(f"/ceasefire/{found.id}/map").content.decode()
    assert len(re.findall("m-layer|m-area|m-mark", shown)) >= len(features)
    for text in (shown, refused.content.decode()):
        for sign in ("<script>alert", "<image href=x", "<svg onload", "onerror=alert(1)>", "onload=alert(1)>"):
            assert sign not in text


# --------------------------------------------------- what was kept for Today
@pytest.fixture
def kept(monkeypatch):
    """Let Today keep what it gathered for ten seconds, as at a real desk."""
    monkeypatch.setattr(selectors, "KEPT", dt.timedelta(seconds=10))
    monkeypatch.setattr(selectors, "_GATHERED", {})


@pytest.fixture
def secret(monkeypatch, kept):
    """A notice that tells to whom it was told, in which role, party and language."""

    def tell(who, now):
        mark = f"{who.user}.{who.role}.{who.party}.{who.language}"
        return [selectors.Notice(Column.WAITS, "desk", "done_before", f"/secret-{mark}")]

    monkeypatch.setattr("goodoffices.desk.notices._TELLERS", {"test": tell})


def secret_on(client, path="/"):
    """The notices' marks on a member's page."""
    return re.findall(r"/secret-([\w.-]+)", client.get(path).content.decode())


def test_nobody_is_shown_what_was_kept_for_another_in_whatever_order_they_come(enter, secret):
    names = ("side-ua-1", "side-ua-2", "side-ru-1", "humanitarian-1", "operator", "planner-ua")
    clients = [(name, enter(name)) for name in names]
    for name, client in [*clients, *reversed(clients), *clients]:
        for path in ("/", "/digest"):
            user = User.objects.get(username=name)
            assert secret_on(client, path) == [f"{user.id}.{user.role}.{user.party_id}.en"], (name, path)


def test_who_signs_in_after_another_in_one_browser_sees_only_his_own(enter, secret):
    client = enter("side-ua-1")
    first = secret_on(client)
    client.post("/account/logout/")
    assert client.get("/")["Location"] == "/results"
    client.force_login(User.objects.get(username="side-ru-1"), backend="goodoffices.desk.parties.doors.MandateBackend")
    enter("side-ru-1")  # has a second factor now
    assert secret_on(client) != first
    assert ".RU." in secret_on(client)[0]


@pytest.mark.parametrize(
    "change",
    [{"party_id": "RU"}, {"role": "planner"}, {"party_id": "DESK", "role": "operator"}],
    ids=["party", "role", "both"],
)
def test_a_member_moved_to_another_role_or_party_sees_nothing_kept_for_the_old_one(enter, secret, change):
    client = enter("side-ua-1")
    before = secret_on(client)
    User.objects.filter(username="side-ua-1").update(**change)  # by the machine: no form, no entry
    after = secret_on(client)
    user = User.objects.get(username="side-ua-1")
    assert after == [f"{user.id}.{user.role}.{user.party_id}.en"] != before


def test_each_language_is_kept_for_itself(enter, secret):
    client = enter("side-ua-1")
    told = [secret_on(client, f"/?lang={code}")[0].rpartition(".")[2] for code in ("en", "uk", "en", "ru", "uk")]
    assert told == ["en", "uk", "en", "ru", "uk"]


def test_who_has_lost_his_mandate_sees_nothing_kept(enter, secret):
    client = enter("side-ua-2")
    assert secret_on(client)
    Mandate.objects.filter(user__username="side-ua-2").update(ends_at=timezone.now())
    assert client.get("/")["Location"] == "/results"
    assert client.get("/digest").status_code == 404


def test_what_was_released_is_gone_from_today_with_the_press_that_revokes_it(enter, kept):
    made = release(sealed(), fields=("ref", "surname"))
    reader, owner = enter("humanitarian-1"), enter("side-ua-1")
    address = f"/lists/{made.object}" if f"/lists/{made.object}" in reader.get("/").content.decode() else "/lists/"
    before = reader.get("/").content.decode()
    assert post(owner, f"/releases/{made.id}/revoke").status_code == 302
    assert Release.objects.get().revoked_at
    after = reader.get("/").content.decode()
    assert before.count(address) > after.count(address) or before.count(address) == 0
    assert selectors._GATHERED, "something is kept, and what is kept is of after"


# ------------------------------------------------------------------- search
def test_no_index_outlives_the_release_or_the_session_it_was_built_for(enter, monkeypatch):
    monkeypatch.setattr(search, "_HELD", type(search._HELD)())
    version = sealed()
    made = release(version, fields=("ref", "surname"))
    path = f"/lists/{version.list_id}/found?q=koval"
    client = enter("humanitarian-1")
    assert "Коваль" in client.get(path).content.decode()
    release_revoke(release=made, by=viewer("side-ua-1"), at=timezone.now())
    assert client.get(path).status_code == 404
    release(version, fields=("ref",))
    assert "Коваль" not in client.get(path).content.decode()
    sessions = {place[0] for place in search._HELD}
    assert sessions == {client.session.session_key}
    other = enter("side-ru-1")
    other.cookies = client.cookies.__class__(client.cookies)
    client.post("/account/logout/")
    assert not search._HELD
    assert other.get(path).status_code == 404, "the session's key opens nothing once it is ended"


def test_two_members_of_one_browser_share_no_index(enter, monkeypatch):
    monkeypatch.setattr(search, "_HELD", type(search._HELD)())
    version = sealed()
    release(version, fields=("ref", "surname"))
    release(version, audience="RU", fields=("ref",))
    path = f"/lists/{version.list_id}/found?q=koval"
    client = enter("humanitarian-1")
    assert "Коваль" in client.get(path).content.decode()
    enter("side-ru-1")
    client.force_login(User.objects.get(username="side-ru-1"), backend="goodoffices.desk.parties.doors.MandateBackend")
    assert "Коваль" not in client.get(path).content.decode()
    assert len({place[0] for place in search._HELD}) == 2


# -------------------------------------------------------------------- doors
def test_showing_again_who_one_is_leads_nowhere_else_and_offers_no_reset(enter):
    user = User.objects.get(username="side-ua-1")
    user.set_password("seven quiet rivers 41")
    user.save()
    client = enter("side-ua-1")
    shown = client.get("/account/reauthenticate/?next=/account").content.decode()
    assert "/account/password/reset/" not in shown
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        given = {"password": "seven quiet rivers 41", "next": elsewhere}
        assert client.post("/account/reauthenticate/", given)["Location"] == "/", elsewhere


def test_what_was_said_to_one_member_is_not_told_to_the_next_in_the_same_browser(enter):
    """The page after a form was never fetched: the note waits in a cookie, which outlives the session."""
    asked = {"username": "side-ua-2"}
    client, lost = enter("side-ua-1"), User.objects.get(**asked)
    with_factor(lost)
    answer = post(client, f"/people/{lost.id}/recover")
    (name,) = set(answer.cookies) - {settings_.SESSION_COOKIE_NAME, settings_.CSRF_COOKIE_NAME}
    assert (name, answer.cookies[name]["httponly"], answer.cookies[name]["samesite"]) == ("said", True, "Lax")
    kept = client.cookies[name].value
    assert 'class="notice' in client.get("/people").content.decode()
    for next_ in (Client(), enter("side-ru-1")):
        next_.cookies[name] = kept
        page_ = next_.get("/results")
        assert 'class="notice' not in page_.content.decode()
        assert page_.cookies[name].value == ""


def test_another_members_once_key_repeats_nothing_of_his(enter):
    one, other = enter("side-ua-1"), enter("side-ru-1")
    key = new_id()
    first = one.post("/people/invite/make", {"once": key, "role": "side"})
    assert "/invitation#" in first.content.decode()
    assert other.post("/people/invite/make", {"once": key, "role": "side"}).status_code == 200
    assert Once.objects.filter(key=key).count() == 2
    again = one.post("/people/invite/make", {"once": key, "role": "side"}, follow=True)
    assert "/invitation#" not in again.content.decode(), "a link is shown once, a repeat shows it to nobody"


@pytest.mark.parametrize("kind", ["multipart/form-data", "MULTIPART/Form-Data", " multipart/form-data "])
def test_no_spelling_of_the_form_passes_by_the_scanner(enter, settings, kind):
    client, mark = enter("side-ua-1"), "xxBOUNDARYxx"
    fields = [("once", "", new_id().encode()), ("kind", "", b"held"), ("title", "", b"x")]
    parts = [*fields, ("file", '; filename="a.csv"', SMALL.encode() + EICAR)]
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"
        for name, more, value in parts
    )
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        answer = client.generic("POST", "/lists/new", body + f"--{mark}--\r\n".encode(), f"{kind}; boundary={mark}")
    assert answer.status_code in {400, 422}
    assert Client().get("/results").status_code == 200


# ------------------------------------------------------- what no text contains
def test_a_character_of_nought_reaches_no_look_up(enter):
    client = enter("side-ua-1")
    for path in ("/lists/a%00b", "/record?kind=%00", "/results/%00", "/talks/%00/text", "/history?%00=1"):
        assert client.get(path).status_code in {400, 404}, path
    assert client.get("/record?kind=count%00").status_code == 400
    assert Client().get("/results?x=%00").status_code == 400
    assert client.post("/people/invite/make", {"once": "a\0b", "role": "side"}).status_code == 400
    assert client.post("/account", {"language": "uk", "zone": "UTC", "a\0": "x"}).status_code == 400
    assert not Once.objects.exists()


@pytest.mark.parametrize(
    "brought",
    [
        b"",
        b"[" * 90_000,
        b'{"a":' * 20_000,
        b"\xff\xfe\x00",
        b"null",
        b'{"format":"goodoffices/sign@v1","old":1e999}',
        b'{"format":' + b"9" * 5_000 + b"}",
        "\u2014 witness AAAA\n".encode(),
        b"\x00" * 500,
    ],
)
def test_nothing_that_is_brought_to_the_record_breaks_its_page(enter, brought):
    made = statement_record(
        kind="count",
        content={"quantity": 3},
        owner="DESK",
        roles=("UA",),
        by=viewer("secretariat-1"),
        at=timezone.now(),
    )
    sequence()
    made.refresh_from_db()
    client = enter("side-ua-1")
    for fields in ({"file": SimpleUploadedFile("x", brought)}, {"text": brought.decode("latin-1")}):
        for path in (f"/record/{made.index}/consent", "/record/cosign/answer"):
            assert post(client, path, **fields).status_code in {400, 404, 422}, path
    answer = Client().post("/record/log/cosignature", brought, content_type="text/plain")
    assert answer.status_code in {400, 403}
    for old in ("-1", "9" * 40, "9" * 5_000, "1e9", "\u0663"):
        assert Client().get("/record/log/request", {"old": old}).status_code in {200, 400}, old[:9]
        assert client.get(f"/record/{made.index}/request.json", {"old": old}).status_code < 500, old[:9]
    assert client.get("/record", {"before": "9" * 40}).status_code < 500
