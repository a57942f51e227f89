"""Doors: invitation, second factor, sessions, limits; what a stranger, a thief and a member can and cannot do."""

import base64
import importlib
import logging
import re
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as code_auth
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from goodoffices.desk.access import Role
from goodoffices.desk.keeping.rotation import rotate
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties import gate, members
from goodoffices.desk.parties.codes import hashed
from goodoffices.desk.parties.models import Invitation, Mandate, User
from goodoffices.desk.parties.passwords import NoCommonPieces
from goodoffices.domain.errors import NotYoursError, TransitionError
from tests.desk.conftest import post, viewer, with_factor

PASSWORD = "seven quiet rivers 41"  # noqa: S105  of an invented member
WRONG = "wrong wrong wrong"


@pytest.fixture(autouse=True)
def _fresh_counts(db):
    cache.clear()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock for the codes of apps that stands until a test moves it: `clock[0] += 30`."""
    moment = [timezone.now().timestamp()]
    monkeypatch.setattr(totp_auth, "time", SimpleNamespace(time=lambda: moment[0]))
    return moment


def invited(client, role="side"):
    """Make a link as a member does and give its token."""
    page = post(client, "/people/invite/make", role=role)
    assert page.status_code == 200
    return token_in(page)


def token_in(page):
    """The token of the link that a page shows."""
    return re.search(r"/invitation#([\w-]{43})<", page if isinstance(page, str) else page.content.decode())[1]


def opened(token, client=None):
    """Open a link as the script or a hand does; the client, and the answer."""
    client = client or Client()
    return client, client.post("/invitation", {"token": token})


def accepted(token, name="new-one", **fields):
    """Accept by password; the client is then in the enrolment."""
    client, answer = opened(token)
    if answer.status_code != 302:
        return client, answer
    given = {"username": name, "way": "password", "password": PASSWORD, "language": "en", "zone": "UTC"}
    return client, client.post("/invitation", given | fields)


def enrol(client):
    """Set up a code from an app; gives the secret."""
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", page.content.decode())[1]
    answer = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def code(secret, ahead=0):
    """The code that the app shows now, or will show some steps ahead."""
    return format_hotp_value(hotp_value(secret, int(totp_auth.time.time()) // 30 + ahead))


def member(name="new-one", party="UA", role=Role.SIDE):
    """A member with a password and no second factor."""
    user = User.objects.create_user(name, PASSWORD, party_id=party, role=role)
    Mandate.objects.create(user=user, starts_at=timezone.now())
    return user


def come_in(client, name="new-one", password=PASSWORD, **headers):
    return client.post("/account/login/", {"login": name, "password": password}, **headers)


# ------------------------------------------------------------- invitation
def test_an_invited_member_comes_in_by_password_and_code(enter, clock):
    client, answer = accepted(invited(enter("side-ua-1")))
    assert answer["Location"] == "/account/2fa/"
    secret = enrol(client)
    assert client.get("/").status_code == 200
    user = User.objects.get(username="new-one")
    assert (user.party_id, user.role) == ("UA", "side")
    again = Client()
    assert come_in(again)["Location"] == "/account/2fa/authenticate/"
    assert again.get("/")["Location"] == "/results"  # a password alone opens nothing
    clock[0] += 30
    answer = again.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert answer["Location"] == "/"
    assert again.get("/").status_code == 200


@pytest.mark.parametrize("steps", [0, 1])
def test_a_code_works_once(enter, clock, settings, steps):
    settings.MFA_TOTP_TOLERANCE = steps
    client, _ = accepted(invited(enter("side-ua-1")))
    secret = enrol(client)
    clock[0] += 30
    first, second = Client(), Client()
    for one in (first, second):
        come_in(one)
    given = code(secret)
    assert first.post("/account/2fa/authenticate/", {"code": given}).status_code == 302
    assert second.post("/account/2fa/authenticate/", {"code": given}).status_code == 200


def test_a_link_works_once_and_says_nothing_of_what_it_was(enter):
    token = invited(enter("side-ua-1"))
    two_at_once, _ = opened(token)
    accepted(token)
    (_, answer), (_, unknown) = opened(token), opened("x" * 43)
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert plain(answer) == plain(unknown)
    given = {"username": "another", "way": "passkey", "language": "en", "zone": "UTC"}
    assert two_at_once.post("/invitation", given).status_code == 422
    assert not User.objects.filter(username="another").exists()


def test_a_link_ends_by_time_and_by_revocation(enter):
    client = enter("side-ua-1")
    old, gone = invited(client), invited(client)
    first, second = Invitation.objects.order_by("made_at")
    Invitation.objects.filter(id=first.id).update(ends_at=timezone.now())
    assert post(client, f"/people/invitation/{second.id}/revoke").status_code == 302
    assert [opened(token)[1].status_code for token in (old, gone)] == [404, 404]


def test_the_link_is_kept_nowhere(enter):
    token = invited(enter("side-ua-1"))
    opened(token)
    assert Invitation.objects.get().token == members.token_hash(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables
            assert token not in str(cursor.fetchall()), table


def test_the_token_of_a_link_stands_in_no_address(enter):
    page = post(enter("side-ua-1"), "/people/invite/make", role="side").content.decode()
    token = token_in(page)
    assert f"/invitation#{token}<" in page
    assert page.count(token) == 1
    client, answer = opened(token)
    assert answer["Location"] == "/invitation"
    shown = client.get("/invitation")
    assert "You are invited" in shown.content.decode()
    assert token not in shown.content.decode() + str(shown.headers) + str(client.session.items())
    assert Client().get(f"/invitation/{token}").status_code == 404
    assert "Open your link" in Client().get(f"/invitation?token={token}").content.decode()


def test_a_link_opened_in_one_browser_opens_nothing_in_another_and_nothing_after_an_hour(enter):
    client, _ = opened(invited(enter("side-ua-1")))
    assert "Open your link" in Client().get("/invitation").content.decode()
    session = client.session
    session["invitation"] = [session["invitation"][0], (timezone.now() - gate.IDLE * 1.01).isoformat()]
    session.save()
    assert "Open your link" in client.get("/invitation").content.decode()
    given = {"username": "too-late", "way": "passkey", "language": "en", "zone": "UTC"}
    assert client.post("/invitation", given).status_code == 422
    assert not User.objects.filter(username="too-late").exists()


@pytest.mark.parametrize(("who", "role"), [("side-ua-1", "secretariat"), ("side-ua-1", "operator"), ("host", "side")])
def test_nobody_invites_to_a_role_that_his_party_has_not(enter, who, role):
    assert post(enter(who), "/people/invite/make", role=role).status_code == 422
    assert not Invitation.objects.exists()


def test_what_an_invited_person_sends_changes_neither_role_nor_party(enter):
    token = invited(enter("side-ua-1"), "planner")
    accepted(
        token, role="operator", party="RU", party_id="RU", is_active="1", is_staff="1", is_superuser="1", id="x" * 12
    )
    user = User.objects.get(username="new-one")
    assert (user.role, user.party_id) == ("planner", "UA")
    assert user.id != "x" * 12
    assert not hasattr(user, "is_staff")


def test_the_account_page_changes_nothing_but_language_zone_and_keys(enter):
    client = enter("side-ua-1")
    before = User.objects.values().get(username="side-ua-1")
    given = {"language": "uk", "zone": "Europe/Kyiv", "role": "operator", "party": "RU", "username": "other"}
    assert client.post("/account", given | {"is_active": "0", "id": "x"}).status_code == 302
    after = User.objects.values().get(username="side-ua-1")
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"language", "zone", "keys_on"}
    assert b'data-keys="off"' in client.get("/account").content


@pytest.mark.parametrize("password", ["", "short", "password1234", "new-one-12345", "secretariat-peace-desk-2026"])
def test_a_poor_password_is_refused(enter, password):
    _, answer = accepted(invited(enter("side-ua-1")), password=password)
    assert answer.status_code == 422
    assert not User.objects.filter(username="new-one").exists()


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("iloveyou2024!!", False),
        ("DragonMonkey77", False),
        ("p@ssw0rdp@ssw0rd", False),
        ("123456789012345", False),
        ("Qwerty_Qwerty_1", False),
        ("m0nkeydr4gon99", False),
        ("seven quiet rivers 41", True),
        ("тихі річки під мостом", True),
        ("kD9#vwqLz71!mPe", True),
        ("heron-lantern-oblique", True),
    ],
)
def test_a_common_password_made_longer_is_still_one(password, is_taken):
    try:
        NoCommonPieces().validate(password)
    except ValidationError:
        assert not is_taken
    else:
        assert is_taken


@pytest.mark.parametrize("name", ["ab", "Ім’я", "a b", "side-ua-1", "SIDE-UA-1", "a\u202eb", "<b>x</b>", "x" * 41])
def test_a_name_that_is_taken_or_odd_is_refused(enter, name):
    count = User.objects.count()
    _, answer = accepted(invited(enter("side-ua-1")), name)
    assert answer.status_code == 422
    assert User.objects.count() == count


def test_the_first_member_of_a_party_is_invited_from_the_machine_and_no_second_one(desk):
    user = User.objects.get(username="host")
    party = user.party
    with pytest.raises(TransitionError):
        members.invitation_open(party=party, role=Role.HOST, at=timezone.now())
    Mandate.objects.filter(user=user).update(revoked_at=timezone.now())
    row, token = members.invitation_open(party=party, role=Role.HOST, at=timezone.now())
    assert row.token == members.token_hash(token)


# ---------------------------------------------------------- second factor
def test_without_a_second_factor_every_page_leads_to_the_enrolment(desk):
    member()
    client = Client()
    come_in(client)
    for path in ("/", "/people", "/account", "/lists", "/results", "/account/password/change/", "/account/sessions/"):
        for verb in ("get", "post", "head", "put"):
            answer = getattr(client, verb)(path)
            assert answer.status_code in {302, 404}, (path, verb)
            assert answer.get("Location", "/account/2fa/") == "/account/2fa/", (path, verb)
    for path in ("/account/2fa/", "/account/reauthenticate/", "/account/logout/"):
        assert client.get(path).status_code == 200, path


def test_no_enrolment_without_showing_again_that_it_is_you(desk):
    user = member()
    with_factor(user)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    for path in (
        "/account/2fa/webauthn/add/",
        "/account/2fa/totp/deactivate/",
        "/account/2fa/recovery-codes/generate/",
    ):
        assert "reauthenticate" in client.get(path)["Location"], path
        assert "reauthenticate" in client.post(path, {"name": "x", "credential": "{}"})["Location"], path


def test_enrolment_reaches_no_other_members_account(enter):
    """The fault that an audit found elsewhere: a second factor set or removed for another by his number."""
    victim = with_factor(User.objects.get(username="side-ru-1"))
    thief = enter("side-ua-1")
    before = list(Authenticator.objects.filter(user=victim.user).values())
    fields = {"user": victim.user_id, "user_id": victim.user_id, "pk": victim.pk}
    for path in ("/account/2fa/totp/activate/", "/account/2fa/webauthn/add/", "/account/2fa/totp/deactivate/"):
        thief.post(path, fields | {"code": "000000"})
        thief.get(path, fields)
    for verb in ("remove", "edit"):
        path = f"/account/2fa/webauthn/keys/{victim.pk}/{verb}/"
        assert thief.post(path, {"name": "mine"}).status_code in {302, 404}
    assert list(Authenticator.objects.filter(user=victim.user).values()) == before


def test_the_last_second_factor_cannot_be_taken_away(enter):
    client, _ = accepted(invited(enter("side-ua-1")))
    enrol(client)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 200
    assert Authenticator.objects.filter(user__username="new-one", type="totp").exists()


def test_the_secret_of_the_app_lies_sealed(enter):
    client, _ = accepted(invited(enter("side-ua-1")))
    secret = enrol(client)
    assert len(base64.b32decode(secret)) * 8 >= 128
    kept = str(list(Authenticator.objects.filter(user__username="new-one").values_list("data", flat=True)))
    assert secret not in kept
    assert secret not in str(list(Session.objects.values_list("session_data", flat=True)))


def kept_of(name="new-one"):
    """What lies in the table of the recovery codes of a member."""
    return Authenticator.objects.get(user__username=name, type="recovery_codes").data


def test_recovery_codes_are_shown_once_and_lie_hashed_with_a_salt(enter):
    client, _ = accepted(invited(enter("side-ua-1")))
    enrol(client)
    assert kept_of()["hashes"] == []  # not drawn before somebody looks
    first, second = (client.get("/account/2fa/recovery-codes/").content.decode() for _ in range(2))
    codes = re.findall(r"<code>(\d{8})</code>", first)
    assert len(set(codes)) == 10
    assert not re.findall(r"<code>\d{8}</code>", second)
    kept = kept_of()
    assert set(kept) == {"salt", "hashes", "viewed_at"}
    assert len(base64.b64decode(kept["salt"])) == 16
    assert len(set(kept["hashes"])) == 10
    sessions = str([one.get_decoded() for one in Session.objects.all()])
    for code_ in codes:
        assert code_ not in str(kept) + sessions
    user = User.objects.get(username="new-one")
    assert hashed(user.pk, kept["salt"], codes[0]) in kept["hashes"]
    assert hashed("another", kept["salt"], codes[0]) not in kept["hashes"]


def test_a_recovery_code_lets_in_once(enter):
    client, _ = accepted(invited(enter("side-ua-1")))
    enrol(client)
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/account/2fa/recovery-codes/").content.decode())
    for given, status in ((codes[3], 302), (codes[3], 200), (f"{codes[4][:4]}-{codes[4][4:]}", 302)):
        again = Client()
        come_in(again)
        assert again.post("/account/2fa/authenticate/", {"code": given}).status_code == status
    assert len(kept_of()["hashes"]) == 8
    page = client.get("/account/2fa/recovery-codes/generate/")
    assert page.status_code == 200
    client.post("/account/2fa/recovery-codes/generate/")
    again = Client()
    come_in(again)
    assert again.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 200


def test_codes_of_an_older_desk_are_hashed_by_the_upgrade_and_still_work(desk):
    user = member()
    old = code_auth.RecoveryCodes.__base__
    seed = encrypt(old.generate_seed())
    row = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": seed, "used_mask": 0b101, "viewed_at": 1.0}
    )
    codes = old(row).generate_codes()
    step = importlib.import_module("goodoffices.desk.parties.migrations.0004_hash_codes")
    step.hash_codes(apps, None)
    step.hash_codes(apps, None)  # cut off and begun again
    assert set(kept_of()) == {"salt", "hashes", "viewed_at"}
    assert seed not in str(kept_of())
    now = Authenticator.objects.get(pk=row.pk).wrap()
    assert [now.validate_code(code_) for code_ in (codes[0], codes[1], codes[1], codes[2], codes[9])] == [
        False, True, False, False, True,
    ]  # fmt: skip


def test_new_keys_lock_nobody_out(enter, clock):
    """Erasing and `keys rotate` renew every key, that of second factors too."""
    client, _ = accepted(invited(enter("side-ua-1")))
    secret = enrol(client)
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/account/2fa/recovery-codes/").content.decode())
    for _ in range(2):
        rotate(ring().parties(), say=lambda *_: None, grace=lambda: None)
    assert ring().generations("doors") == (3,)
    clock[0] += 60
    for given in (code(secret), codes[0]):
        again = Client()
        come_in(again)
        assert again.post("/account/2fa/authenticate/", {"code": given})["Location"] == "/"


@pytest.mark.parametrize("ahead", [-1, 1])
def test_a_code_of_another_half_minute_is_taken_only_where_the_desk_says_so(enter, clock, settings, ahead):
    client, _ = accepted(invited(enter("side-ua-1")))
    secret = enrol(client)
    clock[0] += 300
    again = Client()
    come_in(again)
    assert again.post("/account/2fa/authenticate/", {"code": code(secret, ahead)}).status_code == 200
    settings.MFA_TOTP_TOLERANCE = 1
    assert again.post("/account/2fa/authenticate/", {"code": code(secret, ahead)}).status_code == 302
    clock[0] += 30 if ahead == 1 else -30  # as long as it would be taken, it is not taken twice
    other = Client()
    come_in(other)
    assert other.post("/account/2fa/authenticate/", {"code": code(secret)}).status_code == 200


# ----------------------------------------------------------------- sessions
def test_a_login_gets_a_session_of_its_own(enter):
    user = member()
    with_factor(user)
    token = invited(enter("side-ua-1"))
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by another"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    opened(token, client)
    between = client.session.session_key
    assert between != session.session_key
    client.post("/invitation", {"username": "a-new", "way": "passkey", "language": "en", "zone": "UTC"})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value not in {session.session_key, between}
    assert "planted" not in client.session
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_logging_out_takes_a_form(enter):
    client = enter("side-ua-1")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/account/logout/").status_code == 403
    assert client.get("/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/")["Location"] == "/results"


def test_changing_the_password_ends_every_other_session(enter, clock):
    client, _ = accepted(invited(enter("side-ua-1")))
    secret = enrol(client)
    other = Client()
    come_in(other)
    clock[0] += 30
    other.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert other.get("/").status_code == 200
    given = {"oldpassword": PASSWORD, "password1": "nine loud lakes 77", "password2": "nine loud lakes 77"}
    assert client.post("/account/password/change/", given).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/")["Location"] == "/results"


def with_password(username):
    """Let a member of the example have the password."""
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()


def test_a_member_ends_his_own_sessions_and_nobody_elses(enter):
    with_password("side-ua-1")
    here, there, thief = enter("side-ua-1"), enter("side-ua-1"), enter("side-ru-1")
    for client in (here, there, thief):
        client.get("/account")
    ids = re.findall(r"/account/sessions/(\d+)/end", here.get("/account").content.decode())
    assert len(ids) == 1
    assert post(thief, f"/account/sessions/{ids[0]}/end").status_code == 404
    asked = post(here, f"/account/sessions/{ids[0]}/end")["Location"]
    assert "reauthenticate" in asked
    assert there.get("/").status_code == 200
    here.post("/account/reauthenticate/", {"password": WRONG})
    assert post(here, f"/account/sessions/{ids[0]}/end")["Location"] == asked
    assert here.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account"})["Location"] == "/account"
    assert post(here, f"/account/sessions/{ids[0]}/end")["Location"] == "/account"
    assert there.get("/")["Location"] == "/results"
    assert here.get("/").status_code == 200


def test_ending_all_others_asks_again_too_and_signing_out_never_does(enter):
    with_password("side-ua-1")
    here, there = enter("side-ua-1"), enter("side-ua-1")
    for client in (here, there):
        client.get("/account")
    assert "reauthenticate" in here.post("/account/sessions/")["Location"]
    assert there.get("/").status_code == 200
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    here.post("/account/sessions/")
    assert there.get("/")["Location"] == "/results"
    assert here.get("/").status_code == 200
    here.post("/account/logout/")
    assert here.get("/")["Location"] == "/results"


def test_every_page_of_a_member_has_the_way_out(enter):
    client = enter("side-ua-1")
    pages = ["/", "/account", "/people", "/lists", "/talks", "/results", "/record", "/account/2fa/", "/no-such-page"]
    user = member()
    enrolling = Client()
    come_in(enrolling)
    for who, path in [*((client, path) for path in pages), (enrolling, "/account/2fa/")]:
        header = who.get(path).content.decode().split("</header>")[0]
        assert re.search(r'<form class="out" method="post" action="/account/logout/"><input[^>]*token', header), path
    assert b'class="out"' not in Client().get("/results").content
    assert user.username in enrolling.get("/account/2fa/").content.decode()


def test_a_revoked_mandate_loses_every_page_at_once(enter):
    head, lost = enter("side-ua-1"), enter("side-ua-2")
    row = Mandate.objects.get(user__username="side-ua-2")
    assert lost.get("/people").status_code == 200
    assert head.get(f"/people/mandate/{row.id}").status_code == 200
    assert post(head, f"/people/mandate/{row.id}/revoke").status_code == 302
    assert lost.get("/people").status_code == 404
    assert lost.get("/account").status_code == 404
    assert lost.get("/account/2fa/")["Location"].startswith("/enter")


def test_a_mandate_that_runs_out_loses_every_page_too(enter):
    client = enter("side-ua-2")
    assert client.get("/").status_code == 200
    Mandate.objects.filter(user__username="side-ua-2").update(ends_at=timezone.now())
    assert client.get("/")["Location"] == "/results"


@pytest.mark.parametrize(("field", "ago"), [("last_seen_at", gate.IDLE), ("created_at", gate.LONGEST)])
def test_a_session_ends_unused_and_in_any_case_by_the_evening(enter, field, ago):
    client = enter("side-ua-1")
    assert client.get("/").status_code == 200
    UserSession.objects.update(**{field: timezone.now() - ago})
    assert client.get("/")["Location"] == "/results"
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_the_log_says_who_came_in_and_was_refused_without_a_name(enter, caplog):
    caplog.set_level("INFO")
    logging.getLogger("goodoffices").propagate = True
    user = member()
    with_factor(user)
    come_in(Client(), password=WRONG)
    client = enter("side-ua-1")
    client.get("/recoveries")
    logging.getLogger("goodoffices").propagate = False
    said = [record.getMessage() for record in caplog.records if record.name.startswith("goodoffices")]
    assert "password refused: unknown" in said
    assert f"came in: {viewer('side-ua-1').user}" in said
    assert f"refused: {viewer('side-ua-1').user}, side may never confirm member" in said
    assert not [line for line in said if "side-ua-1" in line or "new-one" in line]


# ------------------------------------------------------- two persons bring back
def test_two_persons_bring_a_member_back_and_the_record_says_so(enter):
    asker, confirmer = enter("side-ua-1"), enter("operator")
    lost = User.objects.get(username="side-ua-2")
    with_factor(lost)
    assert post(asker, f"/people/{lost.id}/recover").status_code == 302
    row = Invitation.objects.get(user=lost)
    assert post(asker, f"/people/recovery/{row.id}/link").status_code == 409
    assert post(asker, f"/recoveries/{row.id}/confirm").status_code == 404
    assert post(enter("side-ru-1"), f"/recoveries/{row.id}/confirm").status_code == 404
    assert post(confirmer, f"/recoveries/{row.id}/confirm").status_code == 302
    assert post(confirmer, f"/people/recovery/{row.id}/link").status_code == 404
    token = token_in(post(asker, f"/people/recovery/{row.id}/link"))
    assert post(asker, f"/people/recovery/{row.id}/link").status_code == 409
    client, _ = opened(token)
    answer = client.post("/invitation", {"way": "password", "password": PASSWORD})
    assert answer["Location"] == "/account/2fa/"
    enrol(client)
    assert client.get("/").status_code == 200
    assert User.objects.get(id=lost.id).party_id == "UA"
    told = [(one.content["what"], one.by_id) for one in Statement.objects.filter(kind="recovery").order_by("number")]
    assert told == [
        ("asked", User.objects.get(username="side-ua-1").id),
        ("confirmed", User.objects.get(username="operator").id),
    ]


def test_nobody_is_both_persons(desk):
    now, one = timezone.now(), viewer("secretariat-1")
    lost = User.objects.get(username="secretariat-2")
    row = members.recovery_ask(user=lost, by=one, at=now)
    with pytest.raises(TransitionError):
        members.recovery_confirm(recovery=row, by=one, at=now)
    with pytest.raises(TransitionError):
        members.recovery_confirm(recovery=row, by=viewer("secretariat-2"), at=now)
    with pytest.raises(NotYoursError):
        members.recovery_ask(user=User.objects.get(username="side-ua-1"), by=one, at=now)
    with pytest.raises(TransitionError):
        members.recovery_ask(user=User.objects.get(username="secretariat-1"), by=one, at=now)


def test_the_record_names_no_member(enter):
    client = enter("side-ua-1")
    accepted(invited(client))
    for statement in Statement.objects.all():
        assert "new-one" not in str(statement.content)
        assert "side-ua" not in str(statement.content)


# ------------------------------------------------------------------- limits
def test_the_sixth_password_for_an_account_is_not_tried_and_a_passkey_is_not_held_up(desk):
    user = member()
    with_factor(user)
    for _ in range(5):
        come_in(Client(), password=WRONG)
    answer = come_in(Client(), REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 200  # the right one, from another address: the account's count holds
    assert answer.wsgi_request.user.is_anonymous
    assert Client().get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json").status_code == 200


def test_the_eleventh_password_from_an_address_is_not_tried(desk):
    user = member()
    with_factor(user)
    for number in range(10):
        come_in(Client(), name=f"nobody-{number}", REMOTE_ADDR="192.0.2.9")
    assert come_in(Client(), REMOTE_ADDR="192.0.2.9").status_code == 200
    assert come_in(Client(), REMOTE_ADDR="192.0.2.10").status_code == 302


def test_links_are_not_guessed(desk):
    statuses = [opened(str(number))[1].status_code for number in range(12)]
    assert statuses == [404] * 10 + [429] * 2


def plain(answer):
    """The body but for what differs on every page: tokens, once-only keys."""
    return re.sub(rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"', b"", answer.content)


# -------------------------------------------------------------- enumeration
@pytest.mark.parametrize("known", ["with a password", "by passkey", "without mandate"])
def test_an_unknown_name_and_a_known_one_get_the_same_answer_for_the_same_work(desk, monkeypatch, known):
    user = member("known-one")
    with_factor(user)
    if known == "by passkey":
        user.set_unusable_password()
        user.save()
    if known == "without mandate":
        Mandate.objects.filter(user=user).update(revoked_at=timezone.now())
    hashed = []
    for name in ("encode", "verify"):
        method = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda self, *args, _m=method, _n=name: (hashed.append(_n), _m(self, *args))[1]
        )
    answers, work = [], []
    for name in ("known-one", "nobody-01"):
        hashed.clear()
        answers.append(come_in(Client(), name, WRONG))
        work.append(len(hashed))
    assert answers[0].status_code == answers[1].status_code == 200
    assert plain(answers[0]).replace(b"known-one", b"nobody-01") == plain(answers[1])
    assert work[0] == work[1] == 1, work


# ------------------------------------------------------------ closed, demo
def test_there_is_no_open_sign_up_and_no_reset_by_mail(desk):
    for path in (
        "signup",
        "email",
        "password/reset",
        "password/set",
        "confirm-email",
        "inactive",
        "login/code/confirm",
    ):
        for verb in ("get", "post"):
            assert getattr(Client(), verb)(f"/account/{path}/").status_code == 404, path


def test_the_demos_door_opens_in_the_demo_only(desk, settings):
    assert Client().post("/enter/side-ua-1").status_code == 404
    settings.DEMO = True
    client = Client()
    assert client.get("/enter/side-ua-1").status_code == 404
    assert client.post("/enter/side-ua-1").status_code == 302
    assert client.get("/").status_code == 200
    settings.DEMO = False  # a session of the demo opens nothing elsewhere
    assert client.get("/")["Location"] == "/account/2fa/"
