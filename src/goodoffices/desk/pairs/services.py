"""Writes of pairs: a run is asked for, a verdict given or undone, the holder's answer taken."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import ask
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.lists.selectors import Seen
from goodoffices.desk.lists.services import read_note
from goodoffices.desk.pairs.models import Day, Decision, Pair, Reply, Run
from goodoffices.desk.pairs.selectors import KIND, thing_of
from goodoffices.desk.pairs.states import ANSWERS, UNDO, VERDICTS, standing, state_after
from goodoffices.desk.parties.selectors import neutral, process
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.errors import Fault, InputError, TransitionError

LINK = "pairs_link"


def run_ask(*, left: Seen, right: Seen, by: Viewer, at: dt.datetime) -> Run:
    """Ask for the linkage of two versions of different owners, on the released fields alone.

    Raises
    ------
    InputError
        If both are of one owner.
    """
    require(by, "run", Thing(KIND))
    owners = (left.version.list.owner_id, right.version.list.owner_id)
    if owners[0] == owners[1]:
        raise InputError(Fault("", "", "right", "two lists of one side", "lists of two sides"))
    left, right = (left, right) if owners[0] < owners[1] else (right, left)  # the same run, however it was asked for
    run = Run(
        id=new_id(),
        owner=by.party,
        left=left.version,
        right=right.version,
        left_fields=list(left.fields),
        right_fields=list(right.fields),
        asked_by_id=by.user,
        asked_at=at,
    )
    run.job = ask(kind=LINK, owner=by.party, given={"run": run.id}, by=by, at=at).id
    run.save(force_insert=True)
    for seen in (left, right):
        read_note(seen=seen, refs=(), by=by, at=at, verb="link", records=seen.version.records)
    return run


@transaction.atomic
def pair_decide(*, pair: Pair, verdict: str, seen: int, by: Viewer, at: dt.datetime) -> Pair:
    """Decide on a pair, or undo one's own last decision; nothing is edited, a decision is added.

    Parameters
    ----------
    pair
        What is decided on.
    verdict
        `same`, `other`, `more`, or `undo`.
    seen
        How many decisions the page showed on which this one was made.
    by, at
        Who, when.

    Raises
    ------
    InputError
        If the verdict is none of these.
    TransitionError
        If somebody else has decided meanwhile, or there is nothing of one's own to undo.
    """
    require(by, "decide", thing_of(pair))
    if verdict not in {*VERDICTS, UNDO}:
        raise InputError(Fault("", "", "verdict", verdict, ", ".join((*VERDICTS, UNDO))))
    fresh = Pair.objects.select_for_update(of=("self",)).select_related("previous").get(id=pair.id)
    made = list(fresh.decisions.order_by("number").values_list("by_id", "verdict"))
    if len(made) != seen:
        raise TransitionError("somebody else has decided on this pair meanwhile")
    if verdict == UNDO and by.user not in {who for who, _ in standing(made)}:
        raise TransitionError("there is no decision of yours to undo")
    Decision.objects.create(pair=fresh, number=seen + 1, verdict=verdict, by_id=by.user, at=at)
    before = fresh.previous.state if fresh.previous is not None else "waiting"
    fresh.state = state_after([*made, (by.user, verdict)], two=process().two_reviewers, before=before)
    if fresh.state != "same":
        fresh.answer = ""
    fresh.save(update_fields=["state", "answer"])
    return fresh


def sure_pairs(run: Run, by: Viewer) -> QuerySet[Pair]:
    """Give the pairs that the machine links and on which this reviewer has not decided."""
    found = Pair.objects.filter(run=run, verdict="link", state__in=["waiting", "first_same"])
    return found.exclude(decisions__by=by.user)


def pairs_confirm(*, run: Run, seen: int, by: Viewer, at: dt.datetime) -> int:
    """Confirm together what the machine links: one decision a pair, each as if it was made alone. Gives how many.

    Raises
    ------
    TransitionError
        If there are not as many as the page has shown.
    """
    pairs = list(sure_pairs(run, by).select_related("previous"))
    for pair in pairs[:1]:
        pair.run = run
        require(by, "decide", thing_of(pair))
    if len(pairs) != seen:
        raise TransitionError("somebody else has decided on some of these pairs meanwhile")
    made: dict[str, list[tuple[str, str]]] = {}
    before = Decision.objects.filter(pair__run=run, pair__verdict="link").order_by("number")
    for key, who, verdict in before.values_list("pair_id", "by_id", "verdict"):
        made.setdefault(key, []).append((who, verdict))
    two = process().two_reviewers
    fresh = []
    for pair in pairs:
        told = made.get(pair.id, [])
        fresh.append(Decision(pair=pair, number=len(told) + 1, verdict="same", by_id=by.user, at=at))
        pair.state = state_after([*told, (by.user, "same")], two=two)
    Decision.objects.bulk_create(fresh)
    for state in {pair.state for pair in pairs}:
        keys = [pair.id for pair in pairs if pair.state == state]
        for start in range(0, len(keys), 500):
            Pair.objects.filter(id__in=keys[start : start + 500]).update(state=state)
    return len(pairs)


def last_own(by: Viewer) -> Pair | None:
    """Give the pair of the viewer's last decision that still stands."""
    for decision in Decision.objects.filter(by=by.user).order_by("-at", "-number")[:50]:
        made = list(decision.pair.decisions.order_by("number").values_list("by_id", "verdict"))
        if by.user in {who for who, _ in standing(made)}:
            return decision.pair
    return None


@transaction.atomic
def pair_reply(*, pair: Pair, answer: str, by: Viewer, at: dt.datetime) -> Reply:
    """Take the holder's answer to the neutral's question.

    Raises
    ------
    InputError
        If the answer is none of the four.
    """
    require(by, "answer", thing_of(pair))
    if answer not in ANSWERS:
        raise InputError(Fault("", "", "answer", answer, ", ".join(ANSWERS)))
    fresh = Pair.objects.select_for_update().get(id=pair.id)
    number = fresh.replies.count() + 1
    reply = Reply.objects.create(pair=fresh, number=number, answer=answer, party_id=by.party, by_id=by.user, at=at)
    fresh.answer = answer
    fresh.save(update_fields=["answer"])
    return reply


def days_record(now: dt.datetime) -> int:
    """Put every day that is over into the record: one `link_decided` a day from the first run on, whatever was decided.

    One statement a decision would tell whoever watches the log grow how many pairs there are; so each day has one, and
    the number of decisions stands in its sealed content alone.
    """
    first = Run.objects.order_by("asked_at").values_list("asked_at", flat=True).first()
    if first is None:
        return 0
    last = Day.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + dt.timedelta(days=1) if last else first.astimezone(dt.UTC).date()
    count = 0
    while day < now.astimezone(dt.UTC).date():
        with transaction.atomic():
            _record_day(day, now)
        day += dt.timedelta(days=1)
        count += 1
    return count


def _record_day(day: dt.date, now: dt.datetime) -> None:
    stop = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    decisions = Decision.objects.filter(day=None, at__lt=stop).order_by("pair", "number")
    replies = Reply.objects.filter(day=None, at__lt=stop).order_by("pair", "number")
    lines: list[Json] = []
    lines += [["decision", d.pair_id, d.number, d.verdict, d.by_id, d.at.isoformat()] for d in decisions]
    lines += [["answer", r.pair_id, r.number, r.answer, r.by_id, r.at.isoformat()] for r in replies]
    desk = neutral().code
    statement = statement_record(
        kind="link_decided",
        content={
            "day": day.isoformat(),
            "decisions": decisions.count(),
            "answers": replies.count(),
            "sha256": sha256_hex(canonical_bytes(lines)),
        },
        owner=desk,
        by=Viewer(),
        at=now,
        roles=(desk,),
        subject=f"pairs:{day.isoformat()}",
    )
    made = Day.objects.create(day=day, statement=statement.name)
    for rows in (decisions, replies):
        rows.update(day=made)
