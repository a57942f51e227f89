"""The desk as it is deployed: checks without a warning, limits that processes share, no stranger's script."""

import os
import re
import secrets
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from goodoffices.desk import settings as desk_settings
from goodoffices.desk.parties import checks
from goodoffices.desk.parties.models import Party, User
from tests.desk.conftest import post
from tests.desk.tables import bring
from tests.desk.test_doors import accepted, invited, opened
from tests.fakes import Clamd


def production(tmp_path, **more):
    """The environment of a real desk."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "goodoffices.desk.settings",
        "GOODOFFICES_MODE": "production",
        "GOODOFFICES_WORKSPACE": str(tmp_path),
        "GOODOFFICES_SECRET": secrets.token_urlsafe(64),
        "GOODOFFICES_MASTER_KEY": secrets.token_hex(32),
        "GOODOFFICES_HOSTS": "desk.example",
    } | more


def run(arguments, environment):
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_check_deploy_has_nothing_to_say(tmp_path):
    with Clamd() as clamd:
        environment = production(tmp_path, GOODOFFICES_SCANNER=clamd.address)
        done = run(["-m", "django", "check", "--deploy", "--fail-level", "DEBUG"], environment)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"GOODOFFICES_SECRET": ""}, "GOODOFFICES_SECRET"),
        ({"GOODOFFICES_SECRET": "short"}, "goodoffices.E003"),
        ({"GOODOFFICES_MASTER_KEY": ""}, "goodoffices.E001"),
        ({"GOODOFFICES_MODE": "demo"}, "goodoffices.E002"),
        ({"GOODOFFICES_MODE": "open"}, "expected demo, production or test"),
        ({"GOODOFFICES_TLS": "0"}, "security.W004"),
    ],
)
def test_check_deploy_says_what_is_missing(tmp_path, changed, said):
    done = run(["-m", "django", "check", "--deploy", "--fail-level", "WARNING"], production(tmp_path, **changed))
    assert done.returncode != 0
    assert said in done.stderr


def test_a_scanner_is_asked_for_and_that_it_answers(settings):
    assert [one.id for one in checks.files_are_examined()] == ["goodoffices.W001"]
    with Clamd() as clamd:
        settings.SCANNER = clamd.address
        assert checks.files_are_examined() == []
    assert [one.id for one in checks.files_are_examined()] == ["goodoffices.E005"]
    settings.SCANNER = "tcp://192.0.2.7:3310"
    assert [one.id for one in checks.files_are_examined()] == ["goodoffices.E005"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("postgresql://u:p@db.example/desk", ["goodoffices.E006"]),
        ("postgresql://u:p@db.example/desk?sslmode=require", ["goodoffices.E006"]),
        ("postgresql://u:p@192.0.2.7:5432/desk?sslmode=prefer", ["goodoffices.E006"]),
        ("postgresql://u:p@127.0.0.1.example/desk", ["goodoffices.E006"]),
        ("postgresql://u:p@db.example/desk?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem", []),
        ("postgresql://u:p@127.0.0.1/desk", []),
        ("postgresql://u:p@[::1]/desk", []),
        ("postgresql://u:p@localhost:5433/desk", []),
        ("postgresql:///desk", []),
        ("", []),
    ],
)
def test_a_database_on_another_machine_must_show_its_certificate(monkeypatch, address, found):
    monkeypatch.setenv("GOODOFFICES_DATABASE", address)
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES={"default": desk_settings._database()}))
    assert [one.id for one in checks.database_is_reached_by_tls()] == found


def test_only_what_belongs_to_tls_follows_the_address_of_the_database(monkeypatch):
    monkeypatch.setenv(
        "GOODOFFICES_DATABASE", "postgresql://u:p@db.example/desk?sslmode=verify-full&sslrootcert=/x.pem"
    )
    assert desk_settings._database()["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/x.pem"}
    for wrong in ("options=-csearch_path%3Dx", "ssl=on", "sslmode=disable&host=elsewhere"):
        monkeypatch.setenv("GOODOFFICES_DATABASE", f"postgresql://u:p@db.example/desk?{wrong}")
        with pytest.raises(ImproperlyConfigured):
            desk_settings._database()


def test_the_table_of_the_counts_is_asked_for(tmp_path):
    done = run(["-m", "django", "check", "--database", "default"], production(tmp_path))
    assert "goodoffices.E004" in done.stderr


_ATTEMPT = textwrap.dedent(
    """
    import sys, django
    django.setup()
    from django.test import Client
    for _ in range(int(sys.argv[1])):
        answer = Client().post(
            "/account/login/",
            {"login": "member-1", "password": sys.argv[2]},
            REMOTE_ADDR=sys.argv[3],
            HTTP_HOST="localhost",
        )
        print(answer.status_code, answer.get("Location", ""))
    """
)


@pytest.mark.slow
def test_two_processes_count_the_same_attempts(tmp_path):
    """Three wrong passwords in one process and two in another: the sixth, though right, is not tried in either."""
    right, wrong = "seven quiet rivers 41", "wrong wrong wrong"
    env = production(tmp_path, GOODOFFICES_MODE="test", GOODOFFICES_HOSTS="localhost")
    prepare = textwrap.dedent(
        f"""
        import django
        django.setup()
        from django.utils import timezone
        from goodoffices.desk import demo
        from goodoffices.desk.access import Role
        from goodoffices.desk.parties.services import member_add
        demo.prepare()
        demo.open_process(timezone.now())
        for n in "12":
            member_add(username="member-" + n, party="UA", role=Role.SIDE, password={right!r}, at=timezone.now())
        """
    )
    assert run(["-c", prepare], env).returncode == 0
    assert run(["-c", _ATTEMPT, "1", right, "192.0.2.1"], env).stdout.startswith("302")
    for times, address in (("3", "192.0.2.2"), ("2", "192.0.2.3")):
        assert run(["-c", _ATTEMPT, times, wrong, address], env).stdout.split() == ["200"] * int(times)
    for address in ("192.0.2.4", "192.0.2.5"):
        assert run(["-c", _ATTEMPT, "1", right, address], env).stdout.split() == ["200"]
    by_address = _ATTEMPT.replace('"member-1"', '"nobody-" + str(_)')
    assert run(["-c", by_address, "6", wrong, "192.0.2.9"], env).stdout.split() == ["200"] * 6
    assert run(["-c", by_address, "4", wrong, "192.0.2.9"], env).stdout.split() == ["200"] * 4
    other = _ATTEMPT.replace("member-1", "member-2")
    assert run(["-c", other, "1", right, "192.0.2.9"], env).stdout.split() == ["200"]
    assert run(["-c", other, "1", right, "192.0.2.10"], env).stdout.startswith("302")


# ------------------------------------------------------------ headers, script
def test_every_page_carries_the_policy_and_nothing_unsafe(enter):
    for client in (Client(), enter("side-ua-1")):
        for path in ("/account/login/", "/people", "/account", "/no-such-page", "/account/2fa/"):
            headers = client.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "no-store" in headers["Cache-Control"] or "private" in headers["Cache-Control"]


PAGES = ("/", "/account", "/people", "/people/invite", "/account/2fa/", "/account/sessions/", "/account/2fa/webauthn/")
PROBES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% csrf_token %}",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("probe", PROBES)
def test_what_people_type_is_shown_as_text(enter, probe):
    client = enter("side-ua-1")
    Party.objects.filter(code="UA").update(name=probe)
    User.objects.filter(username="side-ua-2").update(username=probe[:60])
    for path in PAGES:
        page = client.get(path, HTTP_USER_AGENT=probe).content.decode()
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "7*7" in page or "49" not in re.sub(r"[\w-]{12,}", "", page) or "{{" not in probe, path
        assert 'href="javascript:' not in page, path
    token = invited(client)
    page = opened(token)[0].get("/invitation").content.decode()
    assert "You are invited" in page
    assert "<script>alert" not in page
    _, answer = accepted(token, probe[:40], password=probe, language=probe, zone=probe)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert "<img src=x" not in answer.content.decode()


def test_no_page_holds_style_or_script_that_the_policy_refuses(enter):
    client = enter("side-ua-1")
    for path in PAGES:
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page), path
        assert not re.search(r"\s(?:style|on\w+)=\"", page), path


def test_a_host_that_is_not_ours_is_refused(desk):
    assert Client().get("/account/login/", HTTP_HOST="evil.example").status_code == 400


def test_nobody_is_led_elsewhere_after_the_door(enter):
    client = enter("side-ua-1")
    assert client.get("/account/login/?next=https://evil.example/")["Location"] == "/"
    assert post(client, "/account/logout/", next="//evil.example/")["Location"] == "/results"


def test_a_password_is_written_to_no_log(enter, caplog, capfd):
    _, answer = accepted(invited(enter("side-ua-1")), password="seven quiet rivers 42 x")  # noqa: S106  invented
    assert answer.status_code == 302
    out = "".join(capfd.readouterr()) + caplog.text
    assert "seven quiet rivers" not in out


_COOKIES = textwrap.dedent(
    """
    import django
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    client = Client()
    client.get("/account/login/?lang=uk", secure=True, HTTP_HOST="desk.example")
    for cookie in client.cookies.values():
        print(cookie.OutputString())
    from goodoffices.desk.frame.notes import NoteStorage
    print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
    print(settings.MESSAGE_STORAGE == f"{NoteStorage.__module__}.{NoteStorage.__name__}", NoteStorage.cookie_name)
    """
)


def test_the_cookies_of_a_real_desk_are_bound_to_its_host(tmp_path):
    bring(tmp_path / "desk.sqlite")
    *cookies, session, said = run(["-c", _COOKIES], production(tmp_path)).stdout.splitlines()
    assert said == "True __Host-said"  # its flags are the session's
    assert session == "__Host-session True True"
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-csrf", "__Host-language"}
    for cookie in cookies:
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert word in cookie, cookie
        assert "Domain" not in cookie


def test_no_answer_opens_the_desk_to_another_origin(enter):
    for path in ("/account/login/", "/people", "/account/2fa/webauthn/login/"):
        headers = enter("side-ua-1").get(path, HTTP_ORIGIN="https://evil.example").headers
        assert not [name for name in headers if name.lower().startswith("access-control")]


def test_a_forged_address_is_not_believed(enter, settings):
    """Eleven wrong links from one machine that claims eleven addresses: the eleventh is one too many."""
    cache.clear()
    statuses = [
        Client().post("/invitation", {"token": number}, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}").status_code
        for number in range(11)
    ]
    assert statuses[-1] == 429
    page = enter("side-ua-1").get("/account", HTTP_X_FORWARDED_FOR="192.0.2.77")
    assert b"192.0.2.77" not in page.content


def test_trace_is_not_answered(enter):
    for path in ("/people", "/account", "/account/login/", "/enter"):
        assert enter("side-ua-1").trace(path).status_code == 405, path


def test_signing_out_clears_the_browser(enter):
    assert enter("side-ua-1").post("/account/logout/")["Clear-Site-Data"] == '"cache"'
