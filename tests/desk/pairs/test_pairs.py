"""Pairs: weighed as a job, decided by persons, undone by a further decision, answered by the holder."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from goodoffices.desk.jobs.models import Job, State
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.lists.models import Record
from goodoffices.desk.lists.selectors import version_seen
from goodoffices.desk.pairs import services, tasks
from goodoffices.desk.pairs.models import Decision, Pair, Run
from goodoffices.desk.pairs.states import state_after
from goodoffices.desk.parties.models import Process, Reading, Release
from goodoffices.desk.parties.services import release_revoke
from goodoffices.domain.errors import CancelledError, TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import release, sealed, two_lists, work_off
from tests.desk.pairs.making import compared, decide, linked

STATE_CASES = [
    ([], False, "waiting"),
    ([("a", "same")], False, "same"),
    ([("a", "same"), ("a", "undo")], False, "waiting"),
    ([("a", "same"), ("a", "other")], False, "other"),
    ([("a", "same"), ("a", "other"), ("a", "undo")], False, "same"),
    ([("a", "more")], True, "more"),
    ([("a", "same")], True, "first_same"),
    ([("a", "same"), ("a", "same")], True, "first_same"),
    ([("a", "same"), ("b", "same")], True, "same"),
    ([("a", "same"), ("b", "other")], True, "disputed"),
    ([("a", "same"), ("b", "other"), ("b", "same")], True, "same"),
    ([("a", "same"), ("b", "same"), ("a", "undo")], True, "first_same"),
    ([("a", "other"), ("b", "undo")], True, "first_other"),
]


@pytest.mark.parametrize(("decisions", "two", "expected"), STATE_CASES)
def test_a_pair_stands_where_its_decisions_put_it(decisions, two, expected):
    assert state_after(decisions, two=two) == expected


def test_two_released_lists_are_compared_on_the_released_fields_alone(desk, enter):
    run = compared(fields=("ref", "surname", "given_name", "patronymic", "birth_date"))
    assert run.is_done
    assert run.pairs == Pair.objects.count() > 20
    steps = {step[0] for pair in Pair.objects.all() for step in pair.reasons["steps"]}
    assert steps & {"surname", "birth_date"}
    assert not steps & {"unit", "service_number", "birth_place", "rank", "sex"}
    assert {"unit", "rank"} <= set(Pair.objects.first().reasons["missing"])
    assert sorted(Reading.objects.filter(verb="link").values_list("owner", "records")) == [("RU", 60), ("UA", 60)]


def test_the_pairs_found_are_the_same_persons(desk):
    left, right, truth = two_lists(60)
    run = compared(lists=(left, right))
    refs = {key: fields["ref"] for key, fields in ((r.id, r.fields) for r in Record.objects.all())}
    true = set(truth.rows())
    linked_ = {(refs[p.left_id], refs[p.right_id]) for p in run.found.filter(verdict="link")}
    linked_ = {(a, b) if run.left.list.owner_id == "UA" else (b, a) for a, b in linked_}
    assert len(linked_ & true) > 0.8 * len(true)
    assert len(linked_ - true) <= 2


def test_the_queue_and_a_pair_are_shown_to_the_humanitarian_desk_alone(desk, enter):
    run = compared()
    pair = run.found.order_by("distance").first()
    client = enter("humanitarian-1")
    page = client.get("/pairs?verdict=any").content.decode()
    assert pair.id in page
    shown = client.get(f"/pairs/{pair.id}?verdict=any").content.decode()
    for needed in (
        'data-key="y"',
        'data-key="n"',
        'data-key="m"',
        'data-key="u"',
        "w-pri",
        "w-link",
        "w-axis",
        "h-rel",
    ):
        assert needed in shown, needed
    assert "style=" not in shown
    for username in ("side-ua-1", "side-ru-1", "secretariat-1", "forensic-1", "observer", "operator", "auditor"):
        other = enter(username)
        assert other.get(f"/pairs/{pair.id}").status_code == 404, username
        assert post(other, f"/pairs/{pair.id}/decide", verdict="same", seen=0).status_code == 404
        assert other.get(f"/pairs/found?run={run.id}").status_code == 404
    counts = enter("secretariat-1").get("/pairs/counts")
    assert counts.status_code == 200


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_a_pair_is_shown_in_every_language_with_what_differs_marked(desk, enter, language):
    run = compared(30)
    client = enter("humanitarian-1")
    for pair in run.found.order_by("bits")[:4]:
        assert client.get(f"/pairs/{pair.id}?lang={language}").status_code == 200
    page = client.get(f"/pairs/{run.found.order_by('bits').first().id}").content.decode()
    assert "<mark>" in page
    assert 'lang="und-Latn"' in page


def test_deciding_leads_to_the_next_and_undo_comes_back(desk, enter):
    run = compared()
    first, second = run.found.order_by("distance", "id")[:2]
    client = enter("humanitarian-1")
    answer = post(client, f"/pairs/{first.id}/decide", verdict="same", seen=0, kept="verdict=any")
    assert answer.headers["Location"] == f"/pairs/{second.id}?verdict=any"
    first.refresh_from_db()
    assert first.state == "same"
    assert post(client, "/pairs/undo").headers["Location"] == f"/pairs/{first.id}"
    first.refresh_from_db()
    assert first.state == "waiting"
    assert [d.verdict for d in first.decisions.order_by("number")] == ["same", "undo"]
    assert post(client, "/pairs/undo").status_code == 409
    assert not Statement.objects.filter(kind="link_decided").exists()


def test_the_record_grows_by_one_statement_a_day_whatever_was_decided(desk):
    pair = compared(30).found.first()
    decide(pair)
    decide(pair, "undo")
    today = timezone.now()
    assert services.days_record(today) == 0
    assert services.days_record(today + dt.timedelta(days=3)) == 3
    assert services.days_record(today + dt.timedelta(days=3)) == 0
    days = list(Statement.objects.filter(kind="link_decided").order_by("number"))
    assert [day.content["decisions"] for day in days] == [2, 0, 0]
    assert set(days[0].content) == {"day", "decisions", "answers", "sha256"}
    assert not Decision.objects.filter(day=None).exists()
    Run.objects.all().delete()
    assert services.days_record(today + dt.timedelta(days=9)) == 0


def test_two_reviewers_at_once_one_wins_and_the_other_is_told(desk, enter):
    Process.objects.update(two_reviewers=True)
    pair = compared().found.order_by("distance").first()
    one, two = enter("humanitarian-1"), enter("humanitarian-2")
    answers = [post(client, f"/pairs/{pair.id}/decide", verdict="same", seen=0) for client in (one, two)]
    assert [answer.status_code for answer in answers] == [302, 409]
    pair.refresh_from_db()
    assert (pair.state, Decision.objects.count()) == ("first_same", 1)
    assert post(one, f"/pairs/{pair.id}/decide", verdict="same", seen=1).status_code == 302
    pair.refresh_from_db()
    assert pair.state == "first_same", "one person is not two"
    assert post(two, f"/pairs/{pair.id}/decide", verdict="same", seen=2).status_code == 302
    pair.refresh_from_db()
    assert pair.state == "same"


def test_the_table_itself_refuses_two_decisions_of_one_number(desk):
    pair = compared(30).found.first()
    decide(pair)
    stale = Pair.objects.get(id=pair.id)
    with pytest.raises(TransitionError):
        services.pair_decide(pair=stale, verdict="other", seen=0, by=viewer("humanitarian-2"), at=timezone.now())


def test_the_holder_sees_its_own_record_and_the_question_the_seeker_nothing_before_the_answer(desk, enter):
    run = compared()
    pair = next(p for p in run.found.order_by("-bits") if p.left.fields["surname"] not in p.right.fields["surname"])
    holder, seeker = enter("side-ua-1"), enter("side-ru-1")
    held = pair.left if run.left.list.owner_id == "UA" else pair.right
    sought = pair.right if run.left.list.owner_id == "UA" else pair.left
    before = seeker.get("/pairs").content
    assert holder.get(f"/pairs/{pair.id}").status_code == 404
    decide(pair)
    shown = holder.get(f"/pairs/{pair.id}").content.decode()
    assert held.fields["surname"] in shown
    assert sought.fields["surname"] not in shown
    assert seeker.get(f"/pairs/{pair.id}").status_code == 404
    assert _plain(seeker.get("/pairs").content) == _plain(before)
    assert post(seeker, f"/pairs/{pair.id}/reply", answer="held").status_code == 404
    for answer, status in (("not_held", 404), ("no_trace", 404), ("held", 200), ("died", 200)):
        assert post(holder, f"/pairs/{pair.id}/reply", answer=answer).status_code == 302
        seen = seeker.get(f"/pairs/{pair.id}")
        assert seen.status_code == status, answer
    assert sought.fields["surname"] in seen.content.decode()
    assert held.fields["surname"] not in seen.content.decode()
    assert pair.replies.count() == 4
    assert seeker.get("/").content.decode().count("was acknowledged") == 1


def _plain(page):
    import re

    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", page)


def test_what_is_revoked_is_gone_from_the_queue(desk, enter):
    run = compared(30)
    client = enter("humanitarian-1")
    assert client.get(f"/pairs/{run.found.first().id}").status_code == 200
    release_revoke(release=Release.objects.filter(owner="RU").get(), by=viewer("side-ru-2"), at=timezone.now())
    assert client.get(f"/pairs/{run.found.first().id}").status_code == 404
    assert client.get(f"/pairs?run={run.id}").status_code == 404


def test_evidence_of_a_field_that_is_no_longer_released_is_shown_to_nobody(desk, enter):
    run = compared(30, fields=("ref", "surname", "given_name", "birth_date", "unit"))
    client, pair = enter("humanitarian-1"), run.found.order_by("-bits").first()
    assert client.get(f"/pairs/{pair.id}").status_code == 200
    old, sought = Release.objects.get(owner="RU"), next(v for v in (run.left, run.right) if v.list.owner_id == "RU")
    release(sought, fields=("ref", "surname", "given_name", "birth_date"))
    assert client.get(f"/pairs/{pair.id}").status_code == 200
    Release.objects.filter(id=old.id).update(ends_at=timezone.now())
    assert client.get(f"/lists/{sought.list_id}").status_code == 200, "the narrower release holds"
    for address in (
        f"/pairs/{pair.id}",
        f"/pairs?run={run.id}",
        f"/pairs/found?run={run.id}&q={pair.left.fields['ref']}",
    ):
        assert client.get(address).status_code == 404, address
    assert post(client, f"/pairs/{pair.id}/decide", verdict="same", seen="0").status_code == 404
    again = linked(run.left, run.right)
    assert again.is_done
    assert not any(step[0] == "unit" for one in again.found.all() for step in one.reasons["steps"])


@pytest.mark.parametrize("taken_back", ["before it begins", "while it runs"])
def test_a_run_compares_nothing_that_was_taken_back_since_it_was_asked_for(desk, monkeypatch, taken_back):
    left, right, _ = two_lists(30)
    held, sought = sealed("side-ua-1", left, kind="held"), sealed("side-ru-1", right, kind="sought")
    release(held)
    made, real = release(sought), tasks._frame

    def revoke(*args):
        release_revoke(release=made, by=viewer("side-ru-2"), at=timezone.now())
        return real(*args)

    if taken_back == "while it runs":
        monkeypatch.setattr(tasks, "_frame", lambda *args: (monkeypatch.undo(), revoke(*args))[1])
        run = linked(held, sought)
    else:
        by, now = viewer("humanitarian-1"), timezone.now()
        seen = [version_seen(by, version.list_id, now, version=version.id) for version in (held, sought)]
        asked = services.run_ask(left=seen[0], right=seen[1], by=by, at=now)
        release_revoke(release=made, by=viewer("side-ru-2"), at=timezone.now())
        monkeypatch.setattr(tasks, "_frame", lambda *_: pytest.fail("a record was opened"))
        work_off()
        run = Run.objects.get(id=asked.id)
    assert not run.is_done
    assert not Pair.objects.exists()
    assert Job.objects.get(kind="pairs_link").state == State.CANCELLED


def test_search_finds_pairs_across_scripts(desk, enter):
    run = compared()
    pair = run.found.order_by("-bits").first()
    client = enter("humanitarian-1")
    surname = pair.left.fields["surname"]
    from goodoffices.engines.linkage import romanise

    for query in (surname, romanise(surname, "uk"), surname[:4]):
        page = client.get("/pairs/found", {"run": run.id, "q": query, "verdict": "any"}).content.decode()
        assert pair.id in page, query


def test_a_run_that_died_is_done_again_without_harm(desk, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 7)
    run = compared(30)
    before = sorted(Pair.objects.values_list("left", "right", "bits"))
    Run.objects.update(is_done=False)  # as if the worker had died before its last step
    Job.objects.filter(kind="pairs_link").update(
        state=State.RUNNING, lease_until=timezone.now() - tasks_lease(), attempts=1
    )
    work_off()
    assert sorted(Pair.objects.values_list("left", "right", "bits")) == before
    assert Run.objects.get(id=run.id).is_done
    work_off()
    assert Pair.objects.count() == len(before)


def tasks_lease():
    from goodoffices.desk.jobs.work import LEASE

    return LEASE


def test_a_run_is_cancelled_at_its_next_sign_of_progress_and_shows_nothing(desk, enter, monkeypatch):
    left, right, _ = two_lists(30)
    held, sought = sealed("side-ua-1", left, kind="held"), sealed("side-ru-1", right, kind="sought")
    release(held)
    release(sought)
    real = tasks._frame

    def cancelled(*args):
        Job.objects.filter(kind="pairs_link").update(cancel=True)
        return real(*args)

    monkeypatch.setattr(tasks, "_frame", cancelled)
    run = linked(held, sought)
    assert not run.is_done
    assert Pair.objects.count() == 0
    assert Job.objects.get(kind="pairs_link").state == State.CANCELLED
    assert CancelledError is not None
    assert enter("humanitarian-1").get(f"/pairs?run={run.id}").status_code == 200


def test_what_was_decided_stands_in_the_next_run_of_the_same_lists(desk, enter):
    left, right, _ = two_lists(60)
    run = compared(lists=(left, right))
    pair = run.found.order_by("-bits").first()
    other = run.found.order_by("-bits")[1]
    decide(pair, "same")
    decide(other, "other")
    again = linked(run.left, run.right)
    carried = {p.previous_id: p for p in again.found.exclude(previous=None)}
    assert set(carried) == {pair.id, other.id}
    assert carried[pair.id].state == "same"
    assert carried[other.id].state == "other"
    questions = enter("side-ua-1").get("/pairs").content.decode()
    assert carried[pair.id].id in questions
    assert f'"/pairs/{pair.id}"' not in questions
    fresh = decide(carried[pair.id], "other")
    assert fresh.state == "other"
    assert decide(fresh, "undo").state == "same"


def test_no_reason_lies_in_the_database_in_clear(desk):
    compared(30)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reasons FROM pairs_pair")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"surname" not in stored


def test_the_tables_stand_as_the_models_say(desk):
    call_command("makemigrations", "pairs", check=True, dry_run=True, verbosity=0)


def test_what_the_machine_links_is_confirmed_together_one_decision_a_pair(desk, enter):
    Process.objects.update(two_reviewers=True)
    run = compared()
    count = run.found.filter(verdict="link").count()
    alone = run.found.filter(verdict="link").first()
    decide(alone, "other", username="humanitarian-2")
    one, two = enter("humanitarian-1"), enter("humanitarian-2")
    assert str(count - 1) in one.get(f"/pairs/confirm/{run.id}").content.decode()
    assert post(one, f"/pairs/confirm/{run.id}", seen=count).status_code == 409
    assert post(one, f"/pairs/confirm/{run.id}", seen=count - 1).status_code == 302
    assert set(run.found.filter(verdict="link").exclude(id=alone.id).values_list("state", flat=True)) == {"first_same"}
    assert post(two, f"/pairs/confirm/{run.id}", seen=count - 1).status_code == 302
    assert run.found.filter(state="same").count() == count - 1
    assert Decision.objects.count() == 1 + 2 * (count - 1)
    assert run.found.get(id=alone.id).state == "first_other"
    for username in ("side-ua-1", "secretariat-1", "forensic-1"):
        assert enter(username).get(f"/pairs/confirm/{run.id}").status_code == 404
