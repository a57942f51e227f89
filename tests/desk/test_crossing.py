"""What crosses from its owner to another: two mandates, fields, times, the record; reads, caps, canaries."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from goodoffices.desk.keeping import exports, services
from goodoffices.desk.keeping.models import Alarm, Canary, Unlock
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties import crossing
from goodoffices.desk.parties.models import Reading, Release
from goodoffices.desk.parties.selectors import fields_released
from goodoffices.desk.parties.services import mandate_revoke, reading_note, release_approve, release_ask, release_revoke
from goodoffices.domain.errors import BulkReadError, InputError, NotYoursError, TransitionError
from goodoffices.formats.words import Language, Words
from tests.desk.conftest import post, viewer

HOUR = dt.timedelta(hours=1)
AGE_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


def ask(by="side-ua-1", audience="RU", fields=("surname", "birth_date"), **other):
    at = timezone.now()
    given = {"kind": "list", "row": "0123456789ab", "starts_at": at - HOUR, "ends_at": None, "at": at} | other
    who = viewer(by)
    return release_ask(owner=who.party, audience=audience, fields=fields, by=who, **given)


def test_a_release_crosses_only_by_two_mandates_and_stops_when_revoked(desk):
    made, now = ask(), timezone.now()
    reader = viewer("side-ru-1")
    assert fields_released(reader, "list", made.object, now) == frozenset()
    with pytest.raises(TransitionError, match="second person"):
        release_approve(release=made, by=viewer("side-ua-1"), at=now)
    with pytest.raises(NotYoursError):
        release_approve(release=made, by=reader, at=now)
    release_approve(release=made, by=viewer("side-ua-2"), at=now)
    assert fields_released(reader, "list", made.object, now) == {"surname", "birth_date"}
    assert fields_released(viewer("humanitarian-1"), "list", made.object, now) == frozenset()
    assert fields_released(reader, "list", "another00000", now) == frozenset()
    assert fields_released(reader, "remains", made.object, now) == frozenset()
    release_revoke(release=made, by=viewer("side-ua-1"), at=now)
    assert fields_released(reader, "list", made.object, now) == frozenset()
    told = Statement.objects.filter(kind="release", subject=f"list:{made.object}").order_by("number")
    assert [statement.content["event"] for statement in told] == ["approved", "revoked"]


def test_a_release_holds_from_its_beginning_to_its_end(desk):
    now = timezone.now()
    made = ask(starts_at=now + HOUR, ends_at=now + 3 * HOUR)
    release_approve(release=made, by=viewer("side-ua-2"), at=now)
    reader = viewer("side-ru-1")
    seen = [bool(fields_released(reader, "list", made.object, now + n * HOUR / 2)) for n in (0, 2, 5, 6)]
    assert seen == [False, True, True, False]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fields": ()}, "fields"),
        ({"fields": ("surname", "surname")}, "fields"),
        ({"fields": ("Surname; drop",)}, "fields"),
        ({"audience": "UA"}, "audience"),
        ({"audience": "XX"}, "audience"),
        ({"ends_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "ends_at"),
        ({"starts_at": dt.datetime(2025, 1, 1)}, "starts_at"),  # noqa: DTZ001  a time without a zone is what is tried
    ],
)
def test_a_release_that_says_too_little_or_nonsense_is_refused(desk, wrong, field):
    with pytest.raises(InputError) as caught:
        ask(**wrong)
    assert {fault.field for fault in caught.value.faults} == {field}
    assert not Release.objects.exists()


def test_a_kind_that_a_room_has_registered_releases_its_own_fields_alone(desk, monkeypatch):
    kind = crossing.Crossing(frozenset({"count"}), "lists", "col_", lambda row: row, lambda row: f"/x/{row}")
    monkeypatch.setitem(crossing._KINDS, "list", kind)
    with pytest.raises(InputError, match="surname"):
        ask()
    assert ask(fields=("count",)).fields == ["count"]


def test_who_has_lost_his_mandate_cannot_be_the_first_hand(desk):
    made = ask()
    mandate_revoke(mandate=made.asked_by.mandates.get(), at=timezone.now())
    with pytest.raises(TransitionError, match="no mandate"):
        release_approve(release=made, by=viewer("side-ua-2"), at=timezone.now())


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_the_pages_of_a_release_show_what_will_be_seen_by_whom_before_it_is_done(enter, language):
    made = ask()
    first, second, other = enter("side-ua-1"), enter("side-ua-2"), enter("side-ru-1")
    page = second.get(f"/releases/{made.id}?lang={language}").content.decode()
    assert Words("lists", Language(language))("col_birth_date") in page
    assert f"/releases/{made.id}/approve" in page
    assert f"/releases/{made.id}/approve" not in first.get(f"/releases/{made.id}").content.decode()
    assert other.get(f"/releases/{made.id}").status_code == 404
    assert post(first, f"/releases/{made.id}/approve").status_code == 409
    assert post(other, f"/releases/{made.id}/approve").status_code == 404
    assert post(second, f"/releases/{made.id}/approve").status_code == 302
    assert other.get(f"/releases/{made.id}").status_code == 200
    assert "/approve" not in other.get(f"/releases/{made.id}").content.decode()
    assert post(other, f"/releases/{made.id}/revoke").status_code == 404
    assert post(first, f"/releases/{made.id}/revoke").status_code == 302
    assert first.get(f"/releases?lang={language}").status_code == 200


def test_owners_see_every_read_and_the_auditor_sees_all(enter):
    reading_note(by=viewer("humanitarian-1"), owner="UA", kind="list", row="list-of-ua", at=timezone.now(), records=7)
    reading_note(by=viewer("side-ua-1"), owner="UA", kind="list", row="own-list", at=timezone.now())
    mine, other = enter("side-ua-1").get("/reads").content.decode(), enter("side-ru-1").get("/reads").content.decode()
    assert "list-of-ua" in mine
    assert "humanitarian-1" in mine
    assert "own-list" not in mine
    assert "list-of-ua" not in other
    assert "list-of-ua" in enter("auditor").get("/reads").content.decode()
    assert enter("operator").get("/reads").status_code == 404


def test_one_person_alone_reads_no_more_than_the_cap_and_a_second_unlocks_more(enter, settings):
    settings.READ_CAP = 10
    by, now = viewer("humanitarian-1"), timezone.now()

    def read(records, verb="read", at=now):
        reading_note(by=by, owner="UA", kind="list", row="a", at=at, records=records, verb=verb)

    read(6)
    read(4, "export")
    with pytest.raises(BulkReadError):
        read(1)
    assert Reading.objects.count() == 2
    reading_note(by=by, owner="RU", kind="list", row="b", at=now, records=10)  # another owner's
    client, second = enter("humanitarian-1"), enter("humanitarian-2")
    assert post(client, "/unlocks/ask", owner="UA", reason="").status_code == 422
    assert post(client, "/unlocks/ask", owner="UA", reason="the list of the 14th").status_code == 302
    asked = Unlock.objects.get()
    assert post(client, f"/unlocks/{asked.id}/approve").status_code == 409
    assert post(enter("side-ua-1"), f"/unlocks/{asked.id}/approve").status_code == 404
    assert "the list of the 14th" in second.get(f"/unlocks/{asked.id}").content.decode()
    assert post(second, f"/unlocks/{asked.id}/approve").status_code == 302
    read(100, at=timezone.now())
    with pytest.raises(BulkReadError):
        read(11, at=timezone.now() + 25 * HOUR)
    assert Statement.objects.filter(kind="unlock").count() == 1


def test_a_canary_sings_for_its_owner_alone(enter):
    now = timezone.now()
    owner, other = enter("side-ua-1"), enter("side-ru-1")
    assert post(owner, "/canaries/plant", ref="UA-0042").status_code == 302
    assert post(owner, "/canaries/plant", ref=" UA-0042 ").status_code == 422
    by = viewer("humanitarian-1")
    assert services.canary_check(by=by, owner="UA", refs=["UA-0041"], verb="search", at=now) == 0
    assert services.canary_check(by=viewer("side-ua-2"), owner="UA", refs=["UA-0042"], verb="search", at=now) == 0
    assert services.canary_check(by=by, owner="RU", refs=["UA-0042"], verb="search", at=now) == 0
    assert services.canary_check(by=by, owner="UA", refs=["UA-0041", "UA-0042"], verb="export", at=now) == 1
    assert "humanitarian-1" in owner.get("/canaries").content.decode()
    assert "/canaries" in owner.get("/").content.decode()
    assert "humanitarian-1" not in other.get("/canaries").content.decode()
    planted = Canary.objects.get()
    assert post(other, f"/canaries/{planted.id}/remove").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref, blind FROM keeping_canary")
        assert b"0042" not in b"".join(bytes(value) for value in cursor.fetchone())
    assert post(owner, f"/canaries/{planted.id}/remove").status_code == 302
    assert not Alarm.objects.exists()


def test_what_holds_personal_fields_leaves_sealed_or_not_at_all(enter):
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    client, by = enter("humanitarian-1"), viewer("humanitarian-1")
    table = exports.Table(("ref", "surname"), (("=1+1", "Вигаданий"),))
    with pytest.raises(InputError, match="recipient"):
        exports.export(table, name="list", form="csv", by=by)
    assert post(client, "/recipients/add", name="laptop", key="AGE-SECRET-KEY-1").status_code == 422
    assert post(client, "/recipients/add", name="laptop", key=str(identity.to_public())).status_code == 302
    for form in ("csv", "xlsx"):
        made = exports.export(table, name="list", form=form, by=by)
        assert made.name == f"list.{form}.age"
        assert "Вигаданий".encode() not in made.data
        clear = pyrage.decrypt(made.data, [identity])
        assert clear.startswith(b"PK") if form == "xlsx" else b'"\'=1+1"' in clear
    plain = exports.export(exports.Table(("unit", "count"), (("case", 12),)), name="counts", form="csv", by=by)
    assert plain.name == "counts.csv"
    assert b'"case",12' in plain.data
    assert exports.answer(plain).headers["Content-Disposition"] == 'attachment; filename="counts.csv"'
