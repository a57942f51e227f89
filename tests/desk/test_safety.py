"""What no room can forget: files examined, counts without pickles, ciphers to be replaced, refusals in the log."""

import base64
import logging
import os
import pickle
import subprocess
import time

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from goodoffices.desk.http import PlainFormatter
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping.rotation import rotate, sealed_fields, sealed_models
from goodoffices.desk.keys import KeyRing, ring
from goodoffices.desk.lists.models import List
from goodoffices.desk.parties.models import Count, Once
from goodoffices.domain.errors import VerificationError
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import sealed as sealed_list
from tests.desk.lists.making import sent, work_off
from tests.fakes import EICAR, Clamd


# ------------------------------------------------------------------ scanner
@pytest.fixture
def said():
    """What our loggers have said so far: name and message."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append((record.name, record.getMessage()))
    logging.getLogger("goodoffices").addHandler(handler)
    yield lines
    logging.getLogger("goodoffices").removeHandler(handler)


def many(data):
    """A form of several files, of which the last is the one that matters."""
    files = [SimpleUploadedFile("a.csv", b"ref,surname\nA-1,X\n"), SimpleUploadedFile("b.csv", data)]
    return {"once": new_id(), "kind": "held", "title": "x", "file": files[0], "other": files}


@pytest.mark.parametrize("form", [lambda: sent(EICAR, kind="held", title="x"), lambda: many(b"," + EICAR)])
def test_a_file_in_which_something_is_found_is_taken_by_no_room(enter, settings, form):
    client = enter("side-ua-1")
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        before = Once.objects.count()
        for path in ("/lists/new", "/ceasefire/ground", "/no-such-page", "/people/invite/make"):
            answer = client.post(path, form())
            assert answer.status_code == (404 if path == "/no-such-page" else 422), path
        page = client.post("/lists/new?lang=ru", form()).content.decode()
    assert "Антивирус нашёл в нём Eicar-Signature" in page
    assert (List.objects.count(), Job.objects.count(), Once.objects.count()) == (0, 0, before)


def test_a_clean_file_is_taken_whole(enter, settings):
    client = enter("side-ua-1")
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        assert client.post("/lists/new", sent(kind="held", title="x")).status_code == 302
    work_off()
    assert clamd.seen == [sent()["file"].read()]
    assert List.objects.get().files.get().state == "understood"


@pytest.mark.parametrize("says", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_while_the_scanner_is_silent_no_file_is_taken_and_everything_else_goes_on(enter, settings, says, said):
    client = enter("side-ua-1")
    with Clamd(says=says) as clamd:
        settings.SCANNER = clamd.address
        answer = client.post("/lists/new", sent(kind="held", title="A title of a list"))
        assert answer.status_code == 503
        assert "no file is taken unexamined" in answer.content.decode()
        assert client.get("/lists").status_code == 200
        assert post(client, "/people/invite/make", role="side").status_code == 200
    for address in (settings.SCANNER, "tcp://192.0.2.7:3310", "clamd"):
        settings.SCANNER = address
        answer = client.post("/lists/new", sent(kind="held", title="A title of a list"))
        assert answer.status_code == 503, address
    assert not List.objects.exists()
    lines = [line for name, line in said if name == "goodoffices.scanner"]
    assert len(lines) == 4
    assert viewer("side-ua-1").user in lines[0]
    assert "title" not in str(said)


def test_a_strangers_files_are_not_even_shown_to_it(desk, settings):
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        for path in ("/lists/new", "/account/login/", "/invitation", "/record/log/cosignature"):
            assert Client().post(path, {"file": SimpleUploadedFile("x", EICAR)}).status_code < 500, path
    assert clamd.seen == []


def test_the_operator_sees_how_the_scanner_is(enter, settings):
    client = enter("operator")
    assert "examined by nothing" in client.get("/machine").content.decode()
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        assert "ClamAV 1.4.3/27600" in client.get("/machine").content.decode()
    assert "does not answer" in client.get("/machine").content.decode()


# ------------------------------------------------------------------- counts
class _Trap:
    def __reduce__(self):
        return os.putenv, ("GOODOFFICES_TRAP", "sprung")


def _lies(key, value):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_cache SET value = %s WHERE cache_key = %s", [value, f":1:{key}"])
        assert cursor.rowcount == 1


def test_who_writes_the_shared_cache_cannot_run_code_by_it(db):
    cache.set("a", [1.5, 2.5])
    assert Count.objects.get().value == "[1.5, 2.5]"
    _lies("a", base64.b64encode(pickle.dumps(_Trap())).decode())
    assert cache.get("a", "nothing") == "nothing"
    for text in ("", "[", "cos\nputenv\n", "NaNaN", "\ud83d"[:0] + "{"):
        _lies("a", text)
        assert cache.get("a", "nothing") == "nothing", text
    assert subprocess.run(["/usr/bin/env"], capture_output=True, check=True, text=True).stdout.find("SPRUNG") < 0


def test_the_shared_cache_keeps_what_a_cache_keeps(db):
    assert cache.add("k", {"n": 1}, timeout=60)
    assert not cache.add("k", "another", timeout=60)
    assert cache.get("k") == {"n": 1}
    cache.set("k", [1], timeout=60)
    assert cache.get_many(["k", "none"]) == {"k": [1]}
    assert cache.has_key("k")
    assert cache.touch("k", 120)
    assert not cache.touch("none", 120)
    assert cache.incr("number", 1) if cache.add("number", 1) else False
    assert cache.delete("k")
    assert not cache.delete("k")
    cache.set("for-ever", 1, timeout=None)
    assert Count.objects.get(cache_key=":1:for-ever").expires.year == 9999
    with pytest.raises(TypeError):
        cache.set("k", object())
    cache.set("a", 1)
    cache.delete_many(["a", "for-ever"])
    cache.clear()
    assert not Count.objects.exists()


def test_what_is_over_is_gone_and_can_be_added_again(db):
    cache.set("k", "old", timeout=60)
    Count.objects.update(expires=timezone.now() - timezone.timedelta(seconds=1))
    assert cache.get("k") is None
    assert not cache.has_key("k")
    assert cache.add("k", "new", timeout=60)
    assert cache.get("k") == "new"
    Count.objects.update(expires=timezone.now() - timezone.timedelta(seconds=1))
    cache.set("other", 1)
    assert [row.cache_key for row in Count.objects.all()] == [":1:other"]


def test_nobody_washes_a_count_out_by_making_others(db):
    cache.set("attempts", [1.0], timeout=3600)
    Count.objects.bulk_create(
        Count(cache_key=f":1:{n}", value="1", expires=timezone.now() + timezone.timedelta(hours=1)) for n in range(1000)
    )
    cache.set("one-more", 1)
    assert cache.get("attempts") == [1.0]


# ------------------------------------------------------------------ ciphers
def test_the_cipher_can_be_replaced_and_what_is_there_is_sealed_anew(desk, settings):
    sealed_list()
    post_count = 0
    settings.CIPHER = "chacha20-poly1305"
    ring.cache_clear()
    rotate(("UA",), say=lambda *_: None, grace=lambda: None)
    for model in sealed_models():
        for row in model._default_manager.all():
            if row.sealed_owner() == "UA":
                for field in sealed_fields(model):
                    lies = row.__dict__.get(field.attname)
                    if lies is not None:
                        assert bytes(lies)[0] == 0x82, model
                        getattr(row, field.attname)  # opens
                        post_count += 1
    assert post_count > 3
    settings.CIPHER = "aes-256-gcm"
    ring.cache_clear()
    assert ring().seal("UA", b"x", bound_to="t:1:f")[0] == 0x81


def test_whichever_cipher_seals_both_open_and_neither_passes_for_the_other(tmp_path):
    one, other = (KeyRing(tmp_path, "", cipher=name) for name in ("aes-256-gcm", "chacha20-poly1305"))
    for maker in (one, other):
        lies = maker.seal("UA", b"Ivan", bound_to="t:1:f")
        assert (one.open("UA", lies, bound_to="t:1:f"), other.open("UA", lies, bound_to="t:1:f")) == (b"Ivan",) * 2
        for wrong in (bytes([lies[0] ^ 3]), b"\xff", b"\x80", b""):
            with pytest.raises(VerificationError):
                one.open("UA", wrong + lies[1:], bound_to="t:1:f")


def test_what_was_sealed_before_there_was_a_choice_opens(tmp_path):
    keys = KeyRing(tmp_path, "")
    keys.seal("UA", b"", bound_to="x")
    nonce = bytes(12)
    old = b"\x00\x01" + nonce + keys._keys["UA"][1][1].encrypt(nonce, b"Ivan", b"UA:t:1:f")
    assert keys.open("UA", old, bound_to="t:1:f") == b"Ivan"
    with pytest.raises(VerificationError):
        keys.open("UA", old, bound_to="t:2:f")
    with pytest.raises(VerificationError):
        keys.open("UA", b"\x81" + old, bound_to="t:1:f")


# ---------------------------------------------------------------------- log
def test_what_is_tried_and_refused_is_logged_without_what_was_sent(enter, said):
    client, strict = enter("side-ua-1"), Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    user = viewer("side-ua-1").user
    secret = "surname-of-somebody"  # noqa: S105  a value that must not be logged
    client.get(f"/lists/{secret}?q={secret}")
    client.get(f"/{secret}")
    strict.post("/lists/new", {"title": secret})
    client.post("/lists/new", {"title": secret, "kind": secret, "once": new_id()})
    client.post("/people/invite/make", {"role": secret})
    client.put("/people")
    client.generic("X" + secret.upper(), "/people")
    Client().post("/invitation", {"token": secret})
    assert [line for _, line in said if line.startswith("answered")] == [
        f"answered 404: {user}, GET list",
        f"answered 404: {user}, GET no such address",
        f"answered 403: {user}, POST list_new",
        f"answered 422: {user}, POST list_new",
        f"answered 400: {user}, POST invite_make",
        f"answered 405: {user}, PUT people",
        f"answered 405: {user}, another verb people",
        "answered 404: public, POST accept",
    ]
    assert secret not in str(said).lower()


def test_the_log_tells_its_time_in_utc_with_the_zone(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        record = logging.makeLogRecord({"created": 1786676831.042, "msecs": 42.0, "levelname": "INFO", "msg": "x"})
        assert PlainFormatter().format(record).startswith("2026-08-14T03:07:11.042Z INFO")
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


# ---------------------------------------------------------------- transport
def test_a_person_is_led_to_tls_and_a_program_is_refused(desk, settings):
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/results", "/record", "/account/login/"):
        answer = Client().get(path)
        assert answer.status_code == 301, path
        assert answer["Location"].startswith("https://")
    for path in ("/record/log/checkpoint", "/results.json", "/results/publications/1.json", "/record/bundle.zip"):
        assert Client().get(path).status_code == 403, path
    for path in ("/record/log/cosignature", "/account/login/", "/lists/new"):
        assert Client().post(path, {"login": "x", "password": "y"}).status_code == 403, path
    assert Client().get("/record/log/checkpoint", secure=True).status_code != 403
