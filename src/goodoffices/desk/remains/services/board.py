"""Writes of the board: a vote, the finding that two different members agree on, and what it reopens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.remains.models import Candidate, Case, Finding, Reference, Reopening, Vote
from goodoffices.desk.remains.selectors.standing import lacks, standing_findings, standing_votes, thing
from goodoffices.desk.remains.services.chain import case_step
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.states import TABLES, Noun, step

EVENTS = {
    "identified": "identify",
    "not_ours": "find_not_ours",
    "reassociated": "reassociate",
    "retracted": "retract",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What the board is asked about a case.

    Attributes
    ----------
    verdict
        The decisive answer: identified, not_ours, reassociated, retracted.
    candidate, other, about
        The pair, the case it is one person with, or the finding that would fall.
    """

    verdict: str
    candidate: Candidate | None = None
    other: Case | None = None
    about: Finding | None = None

    @property
    def name(self) -> str:
        """Give one name per question of a case."""
        object_ = self.candidate or self.other or self.about
        return self.verdict if object_ is None else f"{self.verdict}:{object_.id}"


def vote(*, case: Case, question: Question, agrees: bool, reason: str, by: Viewer, at: dt.datetime) -> Finding | None:
    """Vote; gives the finding if this is the second member to say the same.

    Raises
    ------
    TransitionError
        If the rule is not met, the state does not allow the verdict, or the finding has fallen already.
    """
    require(by, "decide", thing(case.owner))
    _check(case, question, agrees=agrees)
    Vote.objects.create(
        owner=case.owner,
        case=case,
        question=question.name,
        verdict=question.verdict if agrees else "not_enough",
        candidate=question.candidate,
        other=question.other,
        about=question.about,
        reason=reason.strip() or None,
        by_id=by.user,
        at=at,
    )
    latest = standing_votes(case, question.name)
    agreed = [one for one in latest if one.verdict == question.verdict]
    if not agrees or len(agreed) < 2:
        return None
    first, second = agreed[0], agreed[1]
    return _find(case, question, (first.by_id, second.by_id), len(latest) - len(agreed), by=by, at=at)


def _check(case: Case, question: Question, *, agrees: bool) -> None:
    event = EVENTS[question.verdict]
    if event not in TABLES[Noun.REMAINS][case.state]:
        raise TransitionError("state")
    if question.candidate is not None and agrees and lacks(question.candidate):
        raise TransitionError("rule")
    if question.other is not None and case.id in {question.other.id, question.other.joined_to_id}:
        raise TransitionError("same_case")
    if question.about is not None and question.about.id not in {one.id for one in standing_findings(case)}:
        raise TransitionError("fallen")


def _find(
    case: Case, question: Question, members: tuple[str, str], dissent: int, *, by: Viewer, at: dt.datetime
) -> Finding:
    candidate = question.candidate
    rests_on = []
    if candidate is not None:
        used = Reference.objects.filter(family=candidate.family_id, withdrawn_at__isnull=True)
        rests_on = sorted(used.values_list("id", flat=True))
    fallen = [question.about] if question.about is not None else standing_findings(case)
    if question.other is not None:
        fallen += standing_findings(question.other)
    number = (Finding.objects.aggregate(Max("number"))["number__max"] or 0) + 1
    finding = Finding.objects.create(
        owner=case.owner,
        number=number,
        case=case,
        kind=question.verdict,
        question=question.name,
        candidate=candidate,
        other=question.other,
        about=question.about,
        rule=candidate.rule if candidate is not None else "",
        rests_on=rests_on,
        first_id=members[0],
        second_id=members[1],
        at=at,
    )
    case_step(cases=[case], event=EVENTS[question.verdict], by=by, at=at)
    if question.other is not None:
        case.joined_to = question.other
        case.save(update_fields=["joined_to"])
    if question.verdict != "identified":
        _reopen(finding, case, fallen, at)
    _record(finding, dissent, fallen, by=by, at=at)
    return finding


def _reopen(finding: Finding, case: Case, fallen: list[Finding], at: dt.datetime) -> None:
    """Reopen what the finding touches: findings that rested on the contrary, the transfer, its movement."""
    touched = {("case", case.id)}
    if finding.other is not None:
        touched.add(("case", finding.other.id))
    touched |= {("finding", one.id) for one in fallen}
    for one in (case, finding.other):
        if one is None or finding.kind == "retracted":
            continue
        transfer = one.container.transfer
        touched.add(("transfer", transfer.id))
        if transfer.movement:
            touched.add(("movement", transfer.movement))
        if "reopen" in TABLES[Noun.TRANSFER][transfer.state]:
            transfer.state = step(Noun.TRANSFER, transfer.state, "reopen")
            transfer.save(update_fields=["state"])
    Reopening.objects.bulk_create(
        Reopening(finding=finding, kind=kind, object=key, at=at) for kind, key in sorted(touched)
    )


def _record(finding: Finding, dissent: int, fallen: list[Finding], *, by: Viewer, at: dt.datetime) -> None:
    """Write the finding into the record: keys, kinds and counts, never a name, a pseudonym or a genotype."""
    subject = f"remains:{finding.case_id}"
    before = Statement.objects.filter(subject=subject, kind="finding", index__isnull=False).order_by("-index").first()
    reopened = finding.reopenings.values_list("kind", "object")
    content: dict[str, Json] = {
        "finding": finding.id,
        "case": finding.case_id,
        "kind": finding.kind,
        "rule": finding.rule,
        "members": 2,
        "dissent": dissent,
        "retracts": [one.id for one in fallen] if finding.kind != "identified" else [],
        "reopens": [f"{kind}:{key}" for kind, key in reopened],
        "at": at.astimezone(dt.UTC).isoformat(),
    }
    statement_record(
        kind="finding",
        content=content,
        owner=finding.owner,
        by=by,
        at=at,
        subject=subject,
        previous=None if before is None else before.index,
    )
