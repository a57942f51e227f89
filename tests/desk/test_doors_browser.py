"""The doors in a browser: a passkey enrolled on a virtual authenticator, and every page of the doors looked at."""

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from goodoffices.desk import demo
from goodoffices.desk.access import Role
from goodoffices.desk.parties import members
from goodoffices.desk.parties.models import Party, User

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: 2 browser tests of the doors not run"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield one
        one.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def address(live_server, workspace, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    cache.clear()
    demo.open_process(timezone.now())
    return live_server.url.replace("127.0.0.1", "localhost")


def link(address, role=Role.SIDE):
    """The one-time link of a new member, as another member has made it."""
    party = Party.objects.get(code="UA")
    _, token = members._invite(party, role, members.Viewer(), timezone.now())
    return f"{address}/invitation#{token}"


def open_link(page, address):
    """Open a one-time link: the script takes the token from behind the # and sends it, and it stands nowhere."""
    path = link(address)
    page.goto(path)
    page.wait_for_selector("input[name=username]")
    assert page.url == f"{address}/invitation"
    assert path.split("#")[1] not in page.content()


def authenticator(page):
    """A virtual authenticator with a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def shot(page, name):
    """Keep a picture where one is asked for."""
    if folder := os.environ.get("GOODOFFICES_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_member_enrols_a_passkey_and_comes_in_by_it(browser, address):
    page = browser.new_context(locale="en-GB").new_page()
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    session, key = authenticator(page)
    open_link(page, address)
    page.fill("input[name=username]", "quiet-heron")
    page.click("main button")
    page.wait_for_url("**/account/2fa/")
    page.goto(f"{address}/people")
    assert page.url.endswith("/account/2fa/")  # nothing else is open yet
    page.click("text=Add a passkey")
    page.wait_for_url("**/webauthn/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    assert len(re.findall(r"\b\d{8}\b", page.inner_text("ul.codes"))) == 10
    page.goto(f"{address}/people")
    assert "quiet-heron" in page.inner_text("main")
    page.goto(f"{address}/account")
    page.click("header form.out button")
    page.wait_for_url("**/results*")
    page.goto(f"{address}/account/login/")
    page.click("#passkey_login")
    page.wait_for_url(f"{address}/")
    assert User.objects.get(username="quiet-heron").has_usable_password() is False
    page.goto(f"{address}/account/2fa/webauthn/add/")  # a change of the doors asks again
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/webauthn/add/")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.context.clear_cookies()
    page.goto(f"{address}/account/login/")
    page.click("#passkey_login")
    page.wait_for_selector("#passkey_failed:not([hidden])", timeout=90_000)
    assert not [text for text in wrong if "Content Security Policy" in text], wrong


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_page_of_the_doors_fits_and_obeys_the_policy(browser, address, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    authenticator(page)
    seen = 0

    def look(path, name):
        nonlocal seen
        page.goto(path if path.startswith("http") else address + path)
        shot(page, f"{name}-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
        seen += 1

    look("/account/login/", "login")
    look("/invitation", "open")
    open_link(page, address)
    look("/invitation", "accept")
    page.fill("input[name=username]", "calm-otter")
    page.click("input[value=password]")
    page.fill("input[name=password]", "short")
    page.click("main button")
    page.wait_for_selector("#errors")
    shot(page, f"accept-wrong-{width}-{scheme}")
    page.fill("input[name=password]", "nine loud lakes 77")
    page.click("main button")
    page.wait_for_url("**/account/2fa/")
    look("/account/2fa/", "enrol")
    look("/account/2fa/totp/activate/", "totp")
    look("/account/2fa/webauthn/add/", "passkey")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    shot(page, f"codes-{width}-{scheme}")
    for path, name in (
        ("/account", "account"),
        ("/people", "people"),
        ("/people/invite", "invite"),
        ("/account/2fa/", "ways"),
        ("/account/2fa/webauthn/", "passkeys"),
        ("/account/sessions/", "sessions"),
        ("/account/password/change/", "password"),
        ("/account/logout/", "logout"),
        ("/account/2fa/recovery-codes/generate/", "codes-new"),
    ):
        look(path, name)
    page.goto(f"{address}/people/invite")
    page.click("main button")
    page.wait_for_selector("code")
    shot(page, f"link-{width}-{scheme}")
    look("/people", "people-open")
    assert [text for text in wrong if "422" not in text] == []  # the short password
    assert seen > 10
