"""Search and board: resumable, idempotent; the rule before the number; two members; what a finding reopens."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from goodoffices.desk.jobs import work
from goodoffices.desk.jobs.models import Job, State
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.notices import Column, gather
from goodoffices.desk.remains import tasks
from goodoffices.desk.remains.models import Candidate, Case, Finding, Reference, Search, SearchPart, Transfer, Vote
from goodoffices.desk.remains.selectors import board as reads
from goodoffices.desk.remains.selectors.standing import lacks, standing_findings
from goodoffices.desk.remains.services import board, kin, reopenings, searching
from goodoffices.desk.remains.services.board import Question
from goodoffices.domain.errors import CancelledError, NotYoursError, TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.remains import making

AT = making.LATER


def vote(case, question, who, *, agrees=True, at=AT, reason=""):
    return board.vote(case=case, question=question, agrees=agrees, reason=reason, by=viewer(who), at=at)


def pair(case):
    return Candidate.objects.get(case=case, lacking="")


def identify(case, *, at=AT):
    question = Question("identified", candidate=pair(case))
    vote(case, question, "forensic-1", at=at)
    return vote(case, question, "forensic-2", at=at)


def test_the_search_finds_the_family_and_says_what_the_other_lacks_and_whom_to_sample(desk):
    (first, second), _, search = making.world()
    assert search.counts["cases"] == 2
    found = pair(first)
    assert found.rule == "two close relatives"
    assert found.joint_posterior > 0.9995
    assert len(found.report["loci"]) == found.loci
    lacking = Candidate.objects.get(case=second)
    assert "second_close_relative_or_method" in lacks(lacking)
    assert lacking.report["next"][0][0] == "F"
    with pytest.raises(TransitionError, match="rule"):
        vote(second, Question("identified", candidate=lacking), "forensic-1")


def test_two_different_members_make_a_finding_and_one_alone_never(desk):
    (case, _), _, _ = making.world()
    question = Question("identified", candidate=pair(case))
    assert vote(case, question, "forensic-1") is None
    assert vote(case, question, "forensic-1", at=AT) is None
    case.refresh_from_db()
    assert case.state == "profiled"
    found = vote(case, question, "forensic-2")
    assert (found.kind, case.findings.count()) == ("identified", 1)
    assert {found.first.username, found.second.username} == {"forensic-1", "forensic-2"}
    with pytest.raises(NotYoursError):
        vote(case, question, "side-ua-1")
    statement = Statement.objects.get(kind="finding")
    assert statement.content["members"] == 2
    assert pair(case).family.code not in str(statement.content)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(id=found.id).update(second=found.first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(id=found.id).update(rule="none")


def test_disagreement_is_shown_and_makes_no_finding(enter):
    (case, _), _, _ = making.world()
    question = Question("identified", candidate=pair(case))
    vote(case, question, "forensic-1")
    assert vote(case, question, "forensic-2", agrees=False, reason="The height does not fit") is None
    assert [one.case_id for one in reads.disagreements(viewer("forensic-1"))] == [case.id]
    shown = enter("forensic-1").get(f"/remains/case/{case.id}").content
    assert b"members disagree" in shown
    assert b"The height does not fit" in shown
    keys = {one.key for one in gather(viewer("forensic-1"), timezone.now())[Column.WAITS]}
    assert {"notice_board", "notice_split", "notice_sample"} <= keys
    assert Vote.objects.count() == 2
    found = vote(case, question, "forensic-2", at=AT + dt.timedelta(hours=1))
    assert found.kind == "identified"


def test_not_ours_reopens_the_case_its_identification_and_a_closed_transfer(desk):
    (case, _), _, _ = making.world()
    Transfer.objects.update(movement="m-2025-07")
    found = identify(case)
    case.refresh_from_db()
    assert [one.id for one in standing_findings(case)] == [found.id]
    for who in ("forensic-1", "forensic-2"):
        vote(case, Question("not_ours"), who)
    case.refresh_from_db()
    assert case.state == "not_ours"
    assert standing_findings(case) == []
    assert Transfer.objects.get().state == "reopened"
    told = {(one.kind, one.object) for one in reopenings()}
    transfer = case.container.transfer_id
    assert told == {("case", case.id), ("finding", found.id), ("transfer", transfer), ("movement", "m-2025-07")}
    assert reopenings(kind="transfer", key=transfer).get().finding.kind == "not_ours"
    with pytest.raises(TransitionError):
        found.save()


def test_one_person_in_two_cases_is_searched_as_one_and_opens_both_transfers(desk):
    (case, other), families, _ = making.world()
    making.transfer_of(number="T-9", boxes=("C9",))
    third = Case.objects.get(container__number="C9")
    making.examined(third, code="S3")
    making.typed(third, families.alleles[0], code="S3")
    groups = making.searched("reassociation")
    assert groups.counts["joined"] == 1
    third.refresh_from_db()
    for who in ("forensic-1", "forensic-2"):
        vote(third, Question("reassociated", other=case), who)
    third.refresh_from_db()
    assert (third.state, third.joined_to_id) == ("reassociated", case.id)
    assert Transfer.objects.filter(state="reopened").count() == 2
    again = making.searched()
    assert again.counts["cases"] == 2
    assert Candidate.objects.filter(search=again, case=third).count() == 0
    with pytest.raises(TransitionError, match="same_case"):
        vote(case, Question("reassociated", other=third), "forensic-1")
    assert other.joined_to_id is None


def test_an_identification_falls_by_two_members_and_the_case_is_open_again(desk):
    (case, _), _, _ = making.world()
    found = identify(case)
    case.refresh_from_db()
    assert [one.key for one in gather(viewer("side-ua-1"), timezone.now())[Column.WAITS]] == ["notice_tell"]
    for who in ("forensic-2", "forensic-1"):
        vote(case, Question("retracted", about=found), who, at=AT + dt.timedelta(hours=1))
    case.refresh_from_db()
    assert case.state == "profiled"
    assert [(one.finding.kind, one.standing) for one in reads.findings(case)] == [
        ("retracted", ""),
        ("identified", "retracted"),
    ]
    assert identify(case, at=AT + dt.timedelta(hours=2)).kind == "identified"


def test_a_withdrawn_sample_reopens_what_rested_on_it_and_no_later_vote_counts_without_a_new_search(desk):
    (case, _), _, _ = making.world()
    found = identify(case)
    used = Reference.objects.filter(family=found.candidate.family).first()
    rested = kin.reference_withdraw(reference=used, by=viewer("side-ua-1"), at=timezone.now())
    assert [one.id for one in rested] == [found.id]
    assert [one.standing for one in reads.findings(case)] == ["reopened"]
    assert "withdrawn_since" in lacks(found.candidate)
    with pytest.raises(TransitionError):
        kin.reference_withdraw(reference=used, by=viewer("side-ua-1"), at=timezone.now())


def test_a_search_goes_on_after_its_worker_died_and_writes_once(desk):
    making.world()
    asked = searching.search_ask(kind="kinship", by=viewer("forensic-1"), at=AT, parts=2)

    class Dying(work.Progress):
        def tell(self, stage, done=0, total=0):
            super().tell(stage, done, total)
            if (stage, done) == ("comparing", 1):
                raise SystemExit

    job = work._claim("dead")
    with pytest.raises(SystemExit):
        tasks.kinship(job.given, Dying(job.id, "dead"))
    assert SearchPart.objects.filter(search=asked).count() == 1
    kept = SearchPart.objects.get().found
    SearchPart.objects.get().delete()
    kept["ln"] = [value + 1.0 for value in kept["ln"]]  # so that it shows whether the part was done anew
    SearchPart.objects.create(owner="DESK", search=asked, number=0, found=kept)
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - work.LEASE)
    assert work.run_one()
    job.refresh_from_db()
    asked.refresh_from_db()
    assert (job.state, job.address) == (State.DONE, f"/remains/search/{asked.id}")
    before = Search.objects.exclude(id=asked.id).get()
    ratio = {one.case_id: one.log10_lr for one in Candidate.objects.filter(search=before).order_by("joint_posterior")}
    moved = [one.log10_lr - ratio[one.case_id] for one in Candidate.objects.filter(search=asked)]
    assert sorted(round(abs(value), 3) for value in moved) == [0.0, 0.434]  # one part as it was kept, one done now
    count = Candidate.objects.filter(search=asked).count()
    tasks.kinship({"search": asked.id}, work.Progress(job.id, "again"))
    assert Candidate.objects.filter(search=asked).count() == count
    assert SearchPart.objects.count() == 0


def test_a_cancelled_search_writes_nothing(desk):
    making.world()
    asked = searching.search_ask(kind="kinship", by=viewer("forensic-1"), at=AT)
    job = work._claim("runner")
    work.cancel(job, AT)
    with pytest.raises(CancelledError):
        tasks.kinship(job.given, work.Progress(job.id, "runner"))
    asked.refresh_from_db()
    assert asked.done_at is None
    assert not Candidate.objects.filter(search=asked).exists()


def test_a_case_whose_samples_are_several_persons_is_left_out_and_named(desk):
    (case, _), families, _ = making.world()
    making.examined(case, code="S4")
    making.typed(case, families.alleles[1], code="S4")
    search = making.searched()
    assert search.counts["cases"] == 1
    assert ["commingled", case.id, ""] in search.notes


def test_the_pages_of_a_vote_refuse_in_the_readers_words(enter):
    (first, second), _, _ = making.world()
    client = enter("forensic-1")
    lacking = Candidate.objects.get(case=second)
    refused = post(client, f"/remains/candidate/{lacking.id}/vote?lang=tr", agrees="yes", reason="")
    assert refused.status_code == 409
    assert "Kural sağlanmadı" in refused.content.decode()
    assert Vote.objects.count() == 0
    good = pair(first)
    for who in ("forensic-1", "forensic-2"):
        assert post(enter(who), f"/remains/candidate/{good.id}/vote", agrees="yes", reason="").status_code == 302
    first.refresh_from_db()
    assert first.state == "identified"
    shown = client.get(f"/remains/candidate/{good.id}").content.decode()
    assert 'class="pedigree"' in shown
    assert "forensic-2" in shown
    told = enter("side-ua-1").get(f"/remains/family/{good.family_id}").content.decode()
    assert "Identified" in told
    assert good.case.number not in enter("side-ru-1").get("/remains/cases").content.decode()
