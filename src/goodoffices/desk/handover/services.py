"""Writes of the transfer: drafting, what is proposed, what is said of it, postponing, ending, closing, findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from goodoffices.desk.access import Role as Post
from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.handover.legs import list_current
from goodoffices.desk.handover.lines import lines_back, lines_close
from goodoffices.desk.handover.models import UNSET, LateFinding, Reference, Saying, Transfer
from goodoffices.desk.handover.moving import ACCEPTING, assertion_keep, conditions_settle, day_advance, event_note, note
from goodoffices.desk.handover.records import about, proposed, standing
from goodoffices.desk.handover.selectors import role_of, the_day, thing_of
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.remains.services import reopenings
from goodoffices.domain.commitment import PERSONS, REMAINS, Moved
from goodoffices.domain.errors import Fault, InputError, NotYoursError, TransitionError
from goodoffices.domain.handover import Finding, Found
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.engines.talks.states import TABLES, Noun, step
from goodoffices.flow.handover.attest import finding_assertions, reopened
from goodoffices.formats.day import MOST_ITEMS

FINDINGS = {"not_ours": Found.NOT_OURS, "reassociated": Found.REASSOCIATED}
"""What a finding of the board is for a transfer."""

_NUMBER = 24
"""Letters of a number that fits on a slip."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a manifest to be: a number and its seal; never a name.

    Attributes
    ----------
    number
        As it will stand on the slip or the container.
    seal
        Number of the seal, None where there is none.
    """

    number: str
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a transfer; None leaves a condition as it is.

    Attributes
    ----------
    terms, place
        In words.
    items
        The manifest by number.
    starts_at
        When.
    """

    terms: str | None = None
    items: tuple[Line, ...] | None = None
    starts_at: dt.datetime | None = None
    place: str | None = None


@transaction.atomic
def transfer_draft(
    *,
    code: str,
    giver: str,
    receiver: str,
    unit: str,
    zone: str,
    proposal: Proposal,
    by: Viewer,
    at: dt.datetime,
    category: str = "",
    commitment: str = "",
    references: Mapping[str, Mapping[str, str]] | None = None,
) -> Transfer:
    """Draft a transfer; the same code twice is the same transfer.

    Parameters
    ----------
    code
        Identifier, such as x1-leg-1; numbers and letters, never a name.
    giver, receiver, unit, category, commitment, zone
        What moves, from whom to whom; zone is the place's.
    proposal
        What is proposed under the four conditions.
    by, at
        Who drafts, when.
    references
        Side to number to its own reference, sealed for that side alone.

    Raises
    ------
    InputError
        If something cannot be so; children are never drafted here, they have their own process.
    """
    require(by, "write", Thing("transfer"))
    before = Transfer.objects.filter(code=code).first()
    if before is not None:
        return before
    faults = _draft_faults(giver, receiver, unit, category)
    if faults:
        raise InputError(*faults)
    made = Transfer.objects.create(
        code=code, giver_id=giver, receiver_id=receiver, unit=unit, category=category, commitment=commitment, zone=zone,
        at=at,
    )  # fmt: skip
    for owner, numbers in (references or {}).items():
        Reference.objects.create(transfer=made, owner_id=owner, numbers=dict(numbers))
    condition_propose(transfer=made, proposal=proposal, by=by, at=at)
    return made


def _draft_faults(giver: str, receiver: str, unit: str, category: str) -> list[Fault]:
    known = {side.code for side in sides()}
    faults = [
        Fault("transfer", "", name, side or "nobody", "one of the sides")
        for name, side in (("giver", giver), ("receiver", receiver))
        if side not in known
    ]
    if giver == receiver:
        faults.append(Fault("transfer", "", "receiver", receiver, "the other side"))
    if unit not in {str(each) for each in (*PERSONS, *REMAINS)}:
        faults.append(Fault("transfer", "", "unit", unit, "what is handed over"))
    if category == Moved.CHILD:
        faults.append(
            Fault("transfer", "", "category", "child", "no children: they have their own process, and no manifest")
        )
    elif category not in {"", *(str(each) for each in Moved)}:
        faults.append(Fault("transfer", "", "category", category, "a category"))
    return faults


def lines_of(text: str) -> tuple[Line, ...]:
    """Read numbers as they are typed, one a line, the seal behind a space.

    Raises
    ------
    InputError
        With every line that cannot be a line of a manifest.
    """
    rows = [(place, line.split(maxsplit=1)) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, row in rows:
        found = _line_fault(row, seen)
        seen.add(row[0])
        if found:
            faults.append(Fault("items", f"line {place}", "items", row[0][:_NUMBER], found))
    if len(rows) > MOST_ITEMS:
        faults.append(Fault("items", "", "items", f"{len(rows)} lines", f"at most {MOST_ITEMS}"))
    if faults:
        raise InputError(*faults)
    return tuple(Line(row[0], row[1].strip() if len(row) > 1 else None) for _, row in rows)


def _line_fault(row: Sequence[str], seen: set[str]) -> str:
    if row[0] in seen:
        return "each number once"
    if any(len(part) > _NUMBER or not part.isascii() or not part.isprintable() for part in row):
        return f"1 to {_NUMBER} letters and digits that stand on any keyboard; no names"
    return ""


@transaction.atomic
def condition_propose(*, transfer: Transfer, proposal: Proposal, by: Viewer, at: dt.datetime) -> Transfer:
    """Propose terms, list, date or place; what was said of an earlier proposal does not count for a new one.

    Raises
    ------
    TransitionError
        If the day has begun, or files of the present manifest have come in.
    """
    require(by, "write", thing_of(transfer))
    before = proposed(transfer)
    _leave_postponed(transfer)
    if proposal.terms is not None:
        transfer.terms = proposal.terms.strip()
    if proposal.items is not None:
        transfer.items = [{"number": one.number, "seal": one.seal} for one in proposal.items]
    if proposal.starts_at is not None:
        transfer.starts_at = proposal.starts_at.replace(second=0, microsecond=0)
    if proposal.place is not None:
        transfer.place = proposal.place.strip()
    changed = [condition for condition in Condition if proposed(transfer)[condition] != before[condition]]
    if not changed:
        return transfer
    if transfer.state not in {*UNSET, "set"} or transfer.state == "aborted":
        raise TransitionError(f"the transfer is {transfer.state}: what it rests on is no longer changed")
    if transfer.day is not None and transfer.day.files.exists():
        raise TransitionError("files of this manifest have come in: what it rests on is no longer changed")
    transfer.day = None
    conditions_settle(transfer)
    event_note(transfer, "proposed", by=by, at=at, words=", ".join(changed))
    values = {condition.value: proposed(transfer)[condition] for condition in changed}
    note(transfer, "transfer_condition", {"proposed": values}, by=by, at=at, roles=[])
    return transfer


def _leave_postponed(transfer: Transfer) -> None:
    """Begin anew after a postponement: its manifest stays as history, its date is open again."""
    if transfer.state == "postponed" and transfer.day is not None:
        transfer.day, transfer.starts_at, transfer.attempt = None, None, transfer.attempt + 1
        transfer.save()


@transaction.atomic
def condition_say(
    *, transfer: Transfer, condition: Condition, stance: Stance, reason: str, by: Viewer, at: dt.datetime
) -> Saying:
    """Say one's party's word on a condition as it is proposed now; the same word twice is said once.

    Raises
    ------
    InputError
        If nothing is proposed yet, or an objection or a reservation has no reason.
    TransitionError
        If the day has begun: then an objection is signed on the day.
    """
    require(by, "confirm", thing_of(transfer))
    _leave_postponed(transfer)
    if proposed(transfer)[condition] is None:
        raise InputError(Fault("transfer", "", "condition", condition.value, "a condition that is proposed"))
    if condition is Condition.LIST and stance in ACCEPTING:
        list_current(transfer)
    if stance in {Stance.OBJECT, Stance.RESERVE} and not reason.strip():
        raise InputError(Fault("transfer", "", "reason", "nothing", "why, in a few words"))
    last = standing(transfer, transfer.sayings.all()).get((by.party, condition))
    if last is not None and (last.stance, last.reason or "") == (stance.value, reason.strip()):
        return last
    if transfer.state != "set":
        transfer.state = step(Noun.TRANSFER, transfer.state, "confirm_condition")
    made = Saying.objects.create(
        transfer=transfer, condition=condition, about=about(transfer, condition), party_id=by.party, stance=stance,
        reason=reason.strip() or None, by_id=by.user, at=at,
    )  # fmt: skip
    conditions_settle(transfer)
    content = {"condition": condition.value, "stance": stance.value, "party": by.party, "about": made.about}
    roles = [transfer.giver_id, transfer.receiver_id]
    note(transfer, "transfer_condition", content, by=by, at=at, roles=roles)
    day_advance(transfer, by=by, at=at)
    return made


@transaction.atomic
def stand_ready(*, transfer: Transfer, quantity: int | None, by: Viewer, at: dt.datetime) -> None:
    """Record that a side stands ready though the transfer is not set: one-sided; nobody is late.

    Raises
    ------
    TransitionError
        If it is set: then being at the place is signed on the day.
    NotYoursError
        If the viewer is of no side.
    """
    require(by, "confirm", thing_of(transfer))
    if role_of(by, transfer) not in {Role.GIVER, Role.RECEIVER}:
        raise NotYoursError("a side stands ready")
    transfer.state = step(Noun.TRANSFER, transfer.state, "stage_alone")
    if transfer.events.filter(kind="stage_alone", party=by.party, quantity=quantity).exists():
        return
    event_note(transfer, "stage_alone", by=by, at=at, quantity=quantity)
    content = {"event": "stage_alone", "party": by.party, "quantity": quantity}
    note(transfer, "transfer_condition", content, by=by, at=at, roles=[by.party])


@transaction.atomic
def transfer_stop(*, transfer: Transfer, event: str, words: str, by: Viewer, at: dt.datetime) -> Transfer:
    """Postpone or call off, with a reason; how long before the hour it was said is kept beside it.

    Raises
    ------
    InputError
        If there is no reason.
    NotYoursError
        If the viewer may not.
    """
    thing = thing_of(transfer)
    if event not in {"postpone", "abort"} or not (may(by, "write", thing) or may(by, "object", thing)):
        raise NotYoursError("no such step")
    if not words.strip():
        raise InputError(Fault("transfer", "", "words", "nothing", "why, in a few words"))
    transfer.state = step(Noun.TRANSFER, transfer.state, event)
    notice = None if transfer.starts_at is None else transfer.starts_at - at
    event_note(transfer, event, by=by, at=at, words=words.strip(), notice=notice)
    transfer.day, transfer.starts_at, transfer.attempt = None, None, transfer.attempt + 1
    conditions_settle(transfer)
    minutes = None if notice is None else int(notice.total_seconds() // 60)
    content = {"event": event, "party": by.party, "notice_minutes": minutes}
    note(transfer, "transfer_condition", content, by=by, at=at, roles=[transfer.giver_id, transfer.receiver_id])
    return transfer


@transaction.atomic
def transfer_close(*, transfer: Transfer, by: Viewer, at: dt.datetime) -> Transfer:
    """Close a transfer whose receipt has come in, or that a finding had reopened."""
    require(by, "write", thing_of(transfer))
    transfer.state = step(Noun.TRANSFER, transfer.state, "close")
    transfer.save(update_fields=["state"])
    event_note(transfer, "close", by=by, at=at)
    note(transfer, "custody_step", {"event": "close"}, by=by, at=at, roles=[])
    lines_close(transfer, by=by, at=at)
    return transfer


def findings_follow(at: dt.datetime) -> None:
    """Reopen the transfers that findings of the remains touch; a finding that is noted already is not noted again."""
    for row in reopenings(kind="movement").select_related("finding__case__container", "finding__second"):
        finding, transfer = row.finding, Transfer.objects.filter(code=row.object).first()
        if transfer is None or finding.kind not in FINDINGS or "reopen" not in TABLES[Noun.TRANSFER][transfer.state]:
            continue
        containers = [one.container for one in (finding.case, finding.other) if one is not None]
        there = {one["number"] for one in transfer.items}
        user = finding.second
        by = Viewer(Post(user.role), user.party_id, user.id)
        numbers = sorted({one.number for one in containers} & there)
        if numbers and not transfer.findings.filter(code=finding.id).exists():
            finding_note(
                transfer=transfer, finding=finding.id, found=FINDINGS[finding.kind], numbers=numbers,
                party=transfer.receiver_id, on=finding.at.date(), by=by, at=at,
            )  # fmt: skip


@transaction.atomic
def finding_note(
    *,
    transfer: Transfer,
    finding: str,
    found: Found,
    numbers: Sequence[str],
    party: str,
    on: dt.date,
    by: Viewer,
    at: dt.datetime,
) -> LateFinding:
    """Reopen a transfer by a later finding: not the receiver's, or parts that belong together; once a finding.

    Raises
    ------
    InputError
        If a number is not on the manifest.
    """
    require(by, "decide", Thing("remains"))
    before = transfer.findings.filter(code=finding).first()
    if before is not None:
        return before
    strangers = set(numbers) - {one["number"] for one in transfer.items}
    if strangers or not numbers:
        raise InputError(Fault("finding", "", "numbers", ", ".join(sorted(strangers)) or "none", "of the manifest"))
    was = transfer.state
    transfer.state = reopened(was)
    transfer.save(update_fields=["state"])
    made = LateFinding.objects.create(
        transfer=transfer, code=finding, found=found, numbers=list(numbers), party_id=party, on=on, at=at
    )
    event_note(transfer, "reopen", by=by, at=at, words=found.value)
    note(transfer, "finding", {"finding": finding, "found": found.value, "n": len(numbers)}, by=by, at=at, roles=[])
    lines_back(transfer, numbers, by=by, at=at)
    the = the_day(transfer)
    if the is not None:
        noun = Finding(finding, found, tuple((transfer.code, number) for number in numbers), party, on)
        for one in finding_assertions(the.day, [noun]):
            assertion_keep(transfer, one, kind="finding", by=by, at=at)
    return made
