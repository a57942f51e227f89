"""The desk stands: doors, roles, once-only writes, sealed fields, jobs, the record."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from goodoffices.desk.access import Role, Thing, Viewer, may
from goodoffices.desk.jobs import work
from goodoffices.desk.jobs.models import Job, State
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import log_folder, sequence, statement_record
from goodoffices.desk.parties.models import User
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.log import check_log
from tests.desk.conftest import post, viewer

ROLES = sorted({role.value for role in Role} - {"public"})


def test_no_row_means_no():
    assert not may(Viewer(), "read", Thing("list", "UA"))
    assert may(Viewer(Role.SIDE, "UA", "u"), "read", Thing("list", "UA"))
    assert not may(Viewer(Role.SIDE, "RU", "u"), "read", Thing("list", "UA"))
    assert may(Viewer(Role.SIDE, "RU", "u"), "read", Thing("list", "UA", frozenset({"released_side"})))


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_today_is_there_for_every_role_in_every_language(enter, language):
    for username in User.objects.values_list("username", flat=True):
        answer = enter(username).get(f"/?lang={language}")
        assert answer.status_code == 200
        assert f'lang="{language}"'.encode() in answer.content


def test_a_stranger_is_led_to_the_results_and_finds_nothing_else(desk):
    assert Client().get("/").headers["Location"] == "/results"
    assert Client().get("/jobs/000000000000").status_code == 404


def test_what_is_sealed_cannot_be_moved_to_another_row(desk):
    sealed = ring().seal("UA", b"Ivan", bound_to="t:1:name")
    assert ring().open("UA", sealed, bound_to="t:1:name") == b"Ivan"
    with pytest.raises(VerificationError):
        ring().open("UA", sealed, bound_to="t:2:name")


def test_a_job_is_done_once_and_its_input_is_sealed(desk):
    calls = []

    @work.work("test")
    def _test(given, progress):
        calls.append(given)
        progress.tell("reading", 1, 2)
        return {"found": given["name"]}, "/"

    by = viewer("humanitarian-1")
    job = work.ask(kind="test", owner="UA", given={"name": "Ковальчук"}, by=by, at=timezone.now())
    assert work.ask(kind="test", owner="UA", given={"name": "Ковальчук"}, by=by, at=timezone.now()).id == job.id
    with connection.cursor() as cursor:
        cursor.execute("SELECT given FROM jobs_job")
        assert "Ковальчук".encode() not in bytes(cursor.fetchone()[0])
    assert work.run_one()
    assert not work.run_one()
    done = Job.objects.get()
    assert (done.state, done.result, len(calls)) == (State.DONE, {"found": "Ковальчук"}, 1)


def test_a_job_that_died_with_its_worker_is_taken_up_again(desk):
    work.work("test")(lambda given, progress: ({}, "/"))
    job = work.ask(kind="test", owner="UA", given={}, by=viewer("humanitarian-1"), at=timezone.now())
    work._claim("dead")
    assert not work.run_one()
    Job.objects.update(lease_until=timezone.now() - work.LEASE)
    assert work.run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_a_long_silent_job_keeps_its_lease_while_its_worker_lives(desk, monkeypatch):
    monkeypatch.setattr(work, "LEASE", dt.timedelta(seconds=0.3))
    seen = []

    def silent(given, progress):
        first = Job.objects.get().lease_until
        while Job.objects.get().lease_until == first:
            pass
        seen.append(True)
        return {}, "/"

    work.work("test")(silent)
    work.ask(kind="test", owner="UA", given={}, by=viewer("humanitarian-1"), at=timezone.now())
    assert work.run_one()
    assert seen
    assert Job.objects.get().state == State.DONE


def test_a_job_is_cancelled_by_its_owner_alone_and_a_repeat_does_nothing_twice(enter):
    work.work("test")(lambda given, progress: ({}, "/"))
    job = work.ask(kind="test", owner="DESK", given={}, by=viewer("humanitarian-1"), at=timezone.now())
    assert post(enter("side-ua-1"), f"/jobs/{job.id}/cancel").status_code == 404
    client = enter("humanitarian-1")
    answers = [client.post(f"/jobs/{job.id}/cancel", {"once": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_statement_reaches_the_log_once_even_after_a_crash(desk):
    by = viewer("secretariat-1")
    for number in range(3):
        statement_record(kind="release", content={"n": number}, owner="DESK", by=by, at=timezone.now())
    assert sequence() == 3
    Statement.objects.filter(index=3).update(index=None)  # the crash came before this was noted
    statement_record(kind="release", content={"n": 3}, owner="DESK", by=by, at=timezone.now())
    assert sequence() == 2
    assert sorted(Statement.objects.values_list("index", flat=True)) == [1, 2, 3, 4]
    folder = log_folder()
    assert check_log(folder.read, folder.names()).failures == ["checkpoint: the quorum is not met; cosigned by nobody"]


def test_a_test_process_has_a_mode_and_a_workspace_of_its_own():
    assert settings.MODE == "test"
    assert Path.cwd() not in settings.KEYS.parents
    if connection.vendor == "sqlite":
        assert settings.WORKSPACE in Path(connection.settings_dict["TEST"]["NAME"]).parents
