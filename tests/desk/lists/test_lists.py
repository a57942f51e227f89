"""Lists: in, checked, taken, sealed, released field by field, answered."""

import datetime as dt
import json
import re

import pyrage
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from goodoffices.desk.keeping import retention
from goodoffices.desk.keeping.models import Alarm
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.lists import services
from goodoffices.desk.lists.models import Answer, List, ListFile, ListVersion, Record
from goodoffices.desk.parties.models import Reading, Release
from goodoffices.desk.parties.services import release_revoke
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import SMALL, listed, release, sealed, sent, work_off

NAMES = ("Коваль", "Руденко", "Шевчук")


def test_a_list_is_sent_checked_taken_sealed_and_released_by_its_pages(enter):
    client = enter("side-ua-1")
    answer = client.post("/lists/new", sent(kind="held", title="July"))
    assert answer.headers["Location"].startswith("/jobs/")
    assert not ListVersion.objects.exists()
    work_off()
    check = client.get(answer.headers["Location"], follow=True)
    assert "Коваль" in check.content.decode()
    assert not Record.objects.exists(), "nothing is stored before the yes"
    file = ListFile.objects.get()
    accepted = post(client, f"/lists/{file.list_id}/check/{file.id}/accept")
    work_off()
    page = client.get(accepted.headers["Location"], follow=True)
    assert "Руденко" in page.content.decode()
    assert "draft" in page.content.decode()
    version = ListVersion.objects.get()
    assert client.get(f"/lists/{version.list_id}/seal").status_code == 200
    assert post(client, f"/lists/{version.list_id}/seal", version=version.id).status_code == 302
    version.refresh_from_db()
    assert version.state == "sealed"
    form = client.get(f"/lists/{version.list_id}/release").content.decode()
    assert 'value="surname" id="id_fields_chosen_1" checked' in form
    assert 'value="health"' in form
    assert form.count(" checked") == 6  # the neutral and five fields: narrow
    answer = post(
        client,
        f"/lists/{version.list_id}/release",
        version=version.id,
        audience="DESK",
        fields_chosen=["ref", "surname"],
        starts_on="2026-01-01",
        ends_on="2099-01-01",
    )
    assert answer.status_code == 302
    assert enter("humanitarian-1").get(f"/lists/{version.list_id}").status_code == 404


def test_the_seal_puts_the_hash_of_the_canonical_form_and_no_person_into_the_record(desk, enter):
    version = sealed()
    statement = Statement.objects.get(kind="list_sealed")
    assert statement.content["sha256"] == version.sha256
    assert statement.content["records"] == 3
    assert not any(name in json.dumps(statement.content, ensure_ascii=False) for name in NAMES)
    assert sha256_hex(exported(enter("side-ua-1"), f"/lists/{version.list_id}/export?form=sealed")) == version.sha256


def test_the_same_version_is_sealed_once(desk):
    version = sealed()
    stale = ListVersion.objects.get(id=version.id)
    stale.state = "draft"
    for row in (version, stale):
        with pytest.raises(TransitionError):
            services.version_seal(version=row, by=viewer("side-ua-2"), at=timezone.now())


def test_others_see_released_fields_alone_and_every_read_is_noted(desk, enter):
    version = sealed()
    address = f"/lists/{version.list_id}"
    for username in ("humanitarian-1", "side-ru-1", "secretariat-1", "forensic-1", "observer", "operator", "auditor"):
        assert enter(username).get(address).status_code == 404, username
    made = release(version, fields=("ref", "surname"))
    page = enter("humanitarian-1").get(address).content.decode()
    assert "Коваль" in page
    assert "withheld" in page
    assert not any(word in page for word in ("Іван", "1984-07-11", "alpha"))
    assert enter("side-ru-1").get(address).status_code == 404
    assert enter("secretariat-1").get(address).status_code == 404
    counts = enter("secretariat-1").get("/lists/counts").content.decode()
    assert "Коваль" not in counts
    assert ">3<" in counts
    reading = Reading.objects.get()
    assert (reading.owner_id, reading.records, reading.reader.username) == ("UA", 3, "humanitarian-1")
    release_revoke(release=made, by=viewer("side-ua-1"), at=timezone.now())
    assert enter("humanitarian-1").get(address).status_code == 404


def test_each_desk_of_the_neutral_sees_the_fields_of_the_releases_that_are_open_to_it(desk, enter):
    version = sealed()
    address = f"/lists/{version.list_id}"
    release(version, fields=("ref", "surname", "birth_date", "health"))
    release(version, audience="RU", fields=("ref", "surname"))
    forensic = enter("forensic-1").get(address).content.decode()
    assert "Коваль" in forensic, "what the other side may read, the forensic coordinator may"
    assert not any(word in forensic for word in ("1984-07-11", "wounded")), "what only the humanitarian desk may read"
    assert "Коваль" not in enter("forensic-1").get(f"{address}/found?q=1984-07").content.decode()
    assert "1984-07-11" in enter("humanitarian-1").get(address).content.decode()
    assert "1984-07-11" not in enter("side-ru-1").get(address).content.decode()


def test_a_release_that_is_over_leaves_no_page_of_the_list(desk, enter):
    version = sealed()
    address = f"/lists/{version.list_id}"
    key = Record.objects.order_by("position").first().id
    readers = {name: enter(name) for name in ("side-ru-1", "humanitarian-1")}
    pages = (address, f"{address}?version={version.id}", f"{address}/found?q=koval", f"{address}/line/{key}")
    never = {name: client.get("/lists").content for name, client in readers.items()}
    release(version, fields=("ref", "surname"))
    release(version, audience="RU", fields=("ref", "surname"))
    for client in readers.values():
        assert [client.get(page).status_code for page in pages] == [200] * 4
    Release.objects.update(ends_at=timezone.now())  # the last day of it is over
    for name, client in readers.items():
        assert [client.get(page).status_code for page in pages] == [404] * 4, name
        assert without_tokens(client.get("/lists").content) == without_tokens(never[name])
    assert post(readers["side-ru-1"], f"{address}/answers", **{f"answer-{key}": "held"}).status_code == 404
    assert not Answer.objects.exists()


def without_tokens(page):
    return re.sub(rb'value="[A-Za-z0-9]{20,64}"', b"", page)


def test_a_field_that_is_not_released_cannot_be_searched(desk, enter):
    version = sealed()
    release(version, fields=("ref", "surname"))
    client = enter("humanitarian-1")
    found = client.get(f"/lists/{version.list_id}/found?q=koval").content.decode()
    assert "Коваль" in found
    assert "Коваль" not in client.get(f"/lists/{version.list_id}/found?q=Ivan").content.decode()
    assert "Коваль" not in client.get(f"/lists/{version.list_id}/found?q=1984").content.decode()


@pytest.mark.parametrize("query", ["Коваль", "коваль іван", "Koval", "koval pet", "Ковал", "A-1", "1984-07", "kovalʹ"])
def test_search_finds_across_scripts_while_typing(desk, enter, query):
    version = listed()
    page = enter("side-ua-1").get(f"/lists/{version.list_id}/found", {"q": query}).content.decode()
    assert "Коваль" in page
    assert "Шевчук" not in page


def test_the_other_side_answers_line_by_line_and_a_later_answer_supersedes(desk, enter):
    version = sealed()
    release(version, audience="RU", fields=("ref", "surname"))
    client = enter("side-ru-1")
    assert "Коваль" in client.get(f"/lists/{version.list_id}").content.decode()
    keys = list(Record.objects.order_by("position").values_list("id", flat=True))
    first = {f"answer-{keys[0]}": "held", f"answer-{keys[1]}": "no_trace"}
    assert post(client, f"/lists/{version.list_id}/answers", **first).status_code == 302
    assert post(client, f"/lists/{version.list_id}/answers", **first).status_code == 302
    assert Answer.objects.count() == 2, "the same answer again says nothing new"
    post(client, f"/lists/{version.list_id}/answers", **{f"answer-{keys[0]}": "died", f"answer-{keys[2]}": "not_held"})
    assert Answer.objects.filter(record=keys[0]).count() == 2
    version.refresh_from_db()
    assert version.state == "answered"
    own = enter("side-ua-1").get(f"/lists/{version.list_id}/line/{keys[0]}").content.decode()
    assert own.index("died") < own.index("superseded")
    assert post(enter("side-ua-1"), f"/lists/{version.list_id}/answers", **first).status_code == 404
    assert post(client, f"/lists/{version.list_id}/answers", **{f"answer-{keys[0]}": "maybe"}).status_code == 422
    kinds = [s.content for s in Statement.objects.filter(kind="list_answered")]
    assert [content["answers"] for content in kinds] == [2, 2]


def test_a_faulty_list_is_not_accepted_and_its_faults_stand_by_row(desk, enter):
    client = enter("side-ua-1")
    client.post("/lists/new", sent(SMALL + "A-3,Бойко,Петро,,2091-01-01,fit,\n", kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    assert (file.state, file.faults) == ("faulty", 2)
    page = client.get(f"/lists/{file.list_id}/check").content.decode()
    assert "2091-01-01" in page
    assert ">5<" in page
    assert post(client, f"/lists/{file.list_id}/check/{file.id}/accept").status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        ListFile.objects.filter(id=file.id).update(state="stored")
    assert "2 faults to mend" in client.get("/").content.decode()


def test_columns_that_were_not_understood_are_mapped_by_the_user(desk, enter):
    client = enter("side-ua-1")
    strange = "alpha;beta;gamma;delta\nA-1;Коваль;Іван;11.07.1984\nA-2;Руденко;Олег;05.01.1990\n"
    client.post("/lists/new", sent(strange, kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    assert file.state == "refused"
    page = client.get(f"/lists/{file.list_id}/check").content.decode()
    assert 'name="title" value="beta"' in page
    both = {"title": ["alpha", "beta"], "column": ["ref", "ref"]}
    assert post(client, f"/lists/{file.list_id}/check/{file.id}/map", **both).status_code == 422
    meant = {"title": ["alpha", "beta", "gamma", "delta"], "column": ["ref", "surname", "given_name", "birth_date"]}
    assert post(client, f"/lists/{file.list_id}/check/{file.id}/map", **meant).status_code == 302
    work_off()
    file.refresh_from_db()
    assert (file.state, file.records) == ("understood", 2)
    assert file.report["columns"]["birth_date"] == "delta"


def test_a_new_version_shows_what_was_added_gone_and_changed(desk, enter):
    version = listed()
    client = enter("side-ua-1")
    changed = SMALL.replace("Олег", "Олександр").replace(
        "A-3,Шевчук,Марія,Іванівна,1991,fit,\n", "A-4,Бойко,Ян,,1980,,\n"
    )
    client.post(f"/lists/{version.list_id}/new", sent(changed))
    work_off()
    page = client.get(f"/lists/{version.list_id}/check").content.decode()
    assert "1 added, 1 gone, 1 changed, 0 renumbered, 1 the same" in page
    assert "<del>Олег</del>" in page
    file = ListFile.objects.get(state="understood")
    post(client, f"/lists/{version.list_id}/check/{file.id}/accept")
    work_off()
    assert [v.number for v in ListVersion.objects.order_by("number")] == [1, 2]
    assert Record.objects.filter(version=version).count() == 3, "the old one stays"


def test_a_dropped_file_leaves_no_bytes(desk, enter):
    client = enter("side-ua-1")
    client.post("/lists/new", sent(kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    assert post(client, f"/lists/{file.list_id}/check/{file.id}/drop").status_code == 302
    file.refresh_from_db()
    assert (file.body, file.report, file.state) == ("", None, "dropped")


@pytest.mark.parametrize(("state", "ends"), [("waiting", "understood"), ("accepted", "stored")])
def test_a_file_whose_work_was_cancelled_is_begun_again_or_dropped(desk, enter, state, ends):
    client = enter("side-ua-1")
    client.post("/lists/new", sent(kind="held", title="x"))
    if state == "accepted":
        work_off()
        file = ListFile.objects.get()
        post(client, f"/lists/{file.list_id}/check/{file.id}/accept")
    file = ListFile.objects.get()
    address = f"/lists/{file.list_id}/check/{file.id}"
    assert file.state == state
    assert f"{address}/again" not in client.get(address).content.decode()
    assert post(client, f"{address}/again").status_code == 409, "it is at work"
    for _ in range(2):
        assert post(client, f"/jobs/{file.job}/cancel").status_code == 302
        assert work_off() == 0
        assert f"{address}/again" in client.get(address).content.decode()
        assert post(enter("side-ru-1"), f"{address}/again").status_code == 404
        assert post(client, f"{address}/again").status_code == 302
        file.refresh_from_db()
    work_off()
    file.refresh_from_db()
    assert file.state == ends


def test_a_file_whose_storing_failed_can_be_dropped_whole(desk, enter, monkeypatch):
    client = enter("side-ua-1")
    client.post("/lists/new", sent(kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    address = f"/lists/{file.list_id}/check/{file.id}"
    post(client, f"{address}/accept")
    assert post(client, f"{address}/drop").status_code == 409, "it is being stored"
    monkeypatch.setattr("goodoffices.desk.lists.tasks._appear", lambda *_: 1 / 0)
    work_off()
    assert Record.objects.count() == 3
    assert post(client, f"{address}/drop").status_code == 302
    assert not Record.objects.exists()
    assert not ListVersion.objects.exists()
    assert ListFile.objects.get().body == ""
    monkeypatch.undo()
    assert listed(list_=List.objects.get()).number == 1


def test_storing_again_after_a_crash_does_no_harm(desk, monkeypatch):
    from goodoffices.desk.jobs.models import Job, State
    from goodoffices.desk.lists import tasks

    monkeypatch.setattr(tasks, "BATCH", 2)
    version = listed()
    job = Job.objects.get(kind="lists_store")
    ListVersion.objects.filter(id=version.id).update(state="storing")  # as if it had died before the last step
    ListFile.objects.update(state="accepted")
    Job.objects.filter(id=job.id).update(state=State.WAITING)
    work_off()
    version.refresh_from_db()
    assert (version.state, Record.objects.count()) == ("draft", 3)


def test_no_name_lies_in_the_database_in_clear(desk):
    release(sealed())
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM lists_record UNION ALL SELECT columns FROM lists_searchkeys")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
        cursor.execute("SELECT name, body, report FROM lists_listfile")
        stored += b"".join(bytes(value) for row in cursor.fetchall() for value in row)
        cursor.execute("SELECT title FROM lists_list")
        stored += b"".join(bytes(row[0]) for row in cursor.fetchall())
    for name in (*NAMES, "koval", "rudenk", "July"):
        assert name.encode() not in stored


def test_export_is_the_owners_and_holds_text_cells(desk, enter):
    version = sealed(data=SMALL.replace("alpha", "=1+1"))
    release(version, audience="RU")
    assert enter("side-ru-1").get(f"/lists/{version.list_id}/export").status_code == 404
    client = enter("side-ua-1")
    assert client.get(f"/lists/{version.list_id}/export").status_code == 422  # no key to seal it to: not in clear
    assert b"'=1+1" in exported(client, f"/lists/{version.list_id}/export?form=csv")
    assert exported(client, f"/lists/{version.list_id}/export").startswith(b"PK")


def exported(client, address):
    """An export as its recipient opens it; what the desk gives holds nothing in clear."""
    identity = pyrage.x25519.Identity.generate()
    assert post(client, "/recipients/add", name="laptop", key=str(identity.to_public())).status_code == 302
    answer = client.get(address)
    assert answer.headers["Content-Disposition"].endswith('.age"')
    assert answer.content.startswith(b"age-encryption.org/")
    return pyrage.decrypt(answer.content, [identity])


def test_others_export_holds_released_fields_alone_and_is_noted(desk, enter):
    version = sealed()
    release(version, fields=("ref", "surname"))
    client = enter("humanitarian-1")
    address = f"/lists/{version.list_id}/export?form=csv"
    assert client.get(address).status_code == 422  # no key to seal it to: not in clear
    assert not Reading.objects.filter(verb="export").exists()
    text = exported(client, address).decode()
    assert "Коваль" in text
    assert "Іван" not in text
    assert Reading.objects.get(verb="export").records == 3


def test_a_canary_that_is_read_searched_or_opened_tells_its_owner(desk, enter):
    version = sealed()
    release(version)
    owner, reader = enter("side-ua-1"), enter("humanitarian-1")
    ref = Record.objects.filter(version=version).first().fields["ref"]
    assert post(owner, "/canaries/plant", ref=ref).status_code == 302
    record = next(row for row in Record.objects.filter(version=version) if row.fields["ref"] == ref)
    owner.get(f"/lists/{version.list_id}")
    assert Alarm.objects.count() == 0
    reader.get(f"/lists/{version.list_id}")
    reader.get(f"/lists/{version.list_id}/line/{record.id}")
    assert [alarm.verb for alarm in Alarm.objects.order_by("id")] == ["read", "read"]
    assert "humanitarian-1" in owner.get("/canaries").content.decode()


def test_a_list_whose_purpose_has_ended_is_erased_whole(desk):
    kept, gone = sealed(), sealed(data=SMALL.replace("alpha", "beta"))
    now = timezone.now()
    retention.purpose_end(
        kind="list", row=gone.list_id, ended_at=now - dt.timedelta(days=31), by=viewer("secretariat-1"), at=now
    )
    assert retention.counts(retention.due(now))["lists.Record"] == gone.records
    retention.erase(now, say=lambda *_: None)
    assert [one.id for one in List.objects.all()] == [kept.list_id]
    assert Record.objects.count() == kept.records
    assert {row.fields["ref"] for row in Record.objects.all()}


def test_the_tables_stand_as_the_models_say(desk):
    call_command("makemigrations", "lists", check=True, dry_run=True, verbosity=0)
    assert List.objects.count() == 0
