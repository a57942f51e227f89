"""Writes of the day: keys, the manifest, files of signed statements, the count form, outcomes at the gate."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.handover.legs import list_current
from goodoffices.desk.handover.models import DeviceKey, HandedIn, ManifestDay, Outcome, Transfer
from goodoffices.desk.handover.moving import day_advance, event_note, note
from goodoffices.desk.handover.records import day_of, received_of
from goodoffices.desk.handover.selectors import is_of_persons, keys_in_force, parties, role_of, thing_of
from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError, NotYoursError, TransitionError, VerificationError
from goodoffices.domain.handover import Day, Problem, Say, Statement, slip_codes
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import ED25519, SigningKey, VerifierKey
from goodoffices.flow.handover.signed import Received, follow, receive, sign
from goodoffices.formats.day import day_bytes, read_day
from goodoffices.formats.print.countread import PageCount

MOST_BYTES = 8_000_000
"""Of one file: 20,000 numbers said five times over are less."""


@transaction.atomic
def key_register(*, transfer: Transfer, vkey: str, by: Viewer, at: dt.datetime) -> DeviceKey:
    """Register a key that may sign for the viewer's role on the day; the same key twice is registered once.

    Raises
    ------
    InputError
        If it is no key for statements, or speaks for another role already.
    NotYoursError
        If the viewer has no role on the day.
    """
    require(by, "attest", thing_of(transfer))
    role = role_of(by, transfer)
    if role is None:
        raise NotYoursError("no role on the day")
    text = vkey.strip()
    try:
        found = VerifierKey.parse(text)
    except VerificationError as error:
        raise InputError(Fault("key", "", "vkey", str(error), "a key of ledger keygen --kind statement")) from error
    if found.kind != ED25519:
        raise InputError(Fault("key", "", "vkey", "a witness key", "a key of ledger keygen --kind statement"))
    before = transfer.keys.filter(vkey=text).first()
    if before is not None and (before.role != role.value or before.ended_at is not None):
        expected = "a key that speaks for one role and has not ended"
        raise InputError(Fault("key", "", "vkey", found.name[:60], expected))
    if before is not None:
        return before
    made = DeviceKey.objects.create(transfer=transfer, role=role, vkey=text, holder_id=by.user, at=at)
    note(transfer, "key_registered", {"role": role.value, "key": text}, by=by, at=at, roles=[])
    return made


@transaction.atomic
def key_end(*, transfer: Transfer, key: DeviceKey, by: Viewer, at: dt.datetime) -> None:
    """End a key: what the record has before this entry counts, what comes after it is kept and marked.

    Raises
    ------
    NotYoursError
        If it is another role's key.
    """
    require(by, "attest", thing_of(transfer))
    if role_of(by, transfer) != key.role:
        raise NotYoursError("another's key")
    if key.ended_at is None:
        key.ended_by = note(transfer, "key_ended", {"key": key.vkey}, by=by, at=at, roles=[]).name
        key.ended_at = at
        key.save(update_fields=["ended_at", "ended_by"])
        day_advance(transfer, by=by, at=at)


@transaction.atomic
def day_make(*, transfer: Transfer, by: Viewer, at: dt.datetime) -> ManifestDay:
    """Make the manifest of the day with every key in force; equal input gives the manifest that is there.

    Raises
    ------
    InputError
        If the list, the hour, the place or a side's key is missing.
    TransitionError
        If files of the present manifest have come in.
    """
    require(by, "write", thing_of(transfer))
    list_current(transfer)
    keys = {role: [key.vkey for key in held] for role, held in keys_in_force(transfer).items()}
    _check_ready(transfer, keys)
    last = transfer.days.order_by("-number").first()
    seed = secrets.token_hex(32) if last is None else last.paper
    paper = SigningKey.from_seed(f"paper.{transfer.code}", ED25519, seed=bytes.fromhex(seed))
    keys[Role.NEUTRAL] = [*keys.get(Role.NEUTRAL, []), str(paper.vkey)]
    content = _content(transfer, keys)
    digest = read_day(content, transfer.code).hash
    if transfer.day is not None:
        if transfer.day.sha256 == digest:
            return transfer.day
        if transfer.day.files.exists():
            raise TransitionError("files of this manifest have come in: it stands")
    made = ManifestDay.objects.create(
        transfer=transfer, number=1 if last is None else last.number + 1, sha256=digest, content=json.loads(content),
        paper=seed, at=at,
    )  # fmt: skip
    transfer.day = made
    transfer.save(update_fields=["day"])
    event_note(transfer, "manifest", by=by, at=at)
    note(transfer, "manifest", {"sha256": digest, "n": len(transfer.items)}, by=by, at=at, roles=[])
    return made


def _check_ready(transfer: Transfer, keys: Mapping[Role, list[str]]) -> None:
    faults = []
    for field, there, expected in (
        ("items", transfer.items, "the manifest by number"),
        ("starts_at", transfer.starts_at, "the hour"),
        ("place", transfer.place, "the place"),
        ("giver", keys.get(Role.GIVER), "a key of the side that gives"),
        ("receiver", keys.get(Role.RECEIVER), "a key of the side that receives"),
    ):
        if not there:
            faults.append(Fault("transfer", "", field, "nothing", expected))
    if transfer.state not in {"drafted", "conditions", "set"}:
        raise TransitionError(f"the transfer is {transfer.state}: no manifest is made now")
    if faults:
        raise InputError(*faults)


def _content(transfer: Transfer, keys: Mapping[Role, list[str]]) -> bytes:
    codes = slip_codes(transfer.code, [one["number"] for one in transfer.items])
    who = parties(transfer)
    starts = transfer.starts_at
    raw = {
        "form": "goodoffices/day@v1",
        "transfer": transfer.code,
        "commitment": transfer.commitment or None,
        "from": who[Role.GIVER],
        "to": who[Role.RECEIVER],
        "neutral": who[Role.NEUTRAL],
        "unit": transfer.unit,
        "category": transfer.category or None,
        "place": transfer.place,
        "starts": "" if starts is None else starts.astimezone(ZoneInfo(transfer.zone)).isoformat(),
        "items": [{**one, "code": codes[one["number"]]} for one in transfer.items],
        "keys": {role.value: held for role, held in keys.items()},
    }  # fmt: skip
    return day_bytes(read_day(json.dumps(raw).encode(), transfer.code))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Attributes
    ----------
    row
        As it is kept; None if it was refused.
    problems
        Why it was refused.
    is_new
        Whether it was not here before.
    statements
        How many statements it holds.
    """

    row: HandedIn | None
    problems: tuple[Problem, ...] = ()
    is_new: bool = False
    statements: int = 0


@transaction.atomic
def file_hand_in(*, transfer: Transfer, data: bytes, by: Viewer, at: dt.datetime, is_paper: bool = False) -> Taken:
    """Take a file of signed statements whole, or not at all; the same file twice changes nothing.

    A side hands in its own role's files, the neutral anyone's. A file of an earlier manifest of this transfer is kept
    with that manifest.

    Raises
    ------
    InputError
        If there is no manifest, the file is too long, or it is another role's.
    """
    require(by, "attest", thing_of(transfer))
    days = list(transfer.days.order_by("-number"))
    if not days:
        raise InputError(Fault("file", "", "file", "no manifest yet", "the manifest of the day first"))
    if len(data) > MOST_BYTES:
        raise InputError(Fault("file", "", "file", f"{len(data)} bytes", f"at most {MOST_BYTES}"))
    row, found = _match(days, data)
    if found.problems:
        return Taken(None, found.problems)
    role = found.statements[0].role
    if role_of(by, transfer) not in {Role.NEUTRAL, role}:
        expected = f"a file of the {role_of(by, transfer)}: others hand in their own"
        raise InputError(Fault("file", "", "file", f"a file of the {role}", expected))
    before = row.files.filter(sha256=found.sha256).first()
    if before is not None:
        return Taken(before, statements=len(found.statements))
    content = {"sha256": found.sha256, "role": role.value, "manifest": row.sha256, "n": len(found.statements)}
    logged = note(
        transfer, "count", {**content, "paper": is_paper}, by=by, at=at, roles=[parties(transfer)[role]]
    )  # fmt: skip
    made = HandedIn.objects.create(
        day=row, sha256=found.sha256, role=role, device=found.statements[0].device, statements=len(found.statements),
        is_paper=is_paper, content=data.decode(), statement=logged.name, by_id=by.user, at=at,
    )  # fmt: skip
    if transfer.day_id == row.id:
        day_advance(transfer, by=by, at=at)
    return Taken(made, is_new=True, statements=len(found.statements))


def _match(days: list[ManifestDay], data: bytes) -> tuple[ManifestDay, Received]:
    """Find of which manifest a file is; one of none is told of the newest."""
    tried = [(row, receive(data, day_of(row))) for row in days]
    other = {Problem("transfer", 2)}
    return next(((row, one) for row, one in tried if set(one.problems) != other), tried[0])


@transaction.atomic
def paper_type(
    *, transfer: Transfer, pages: tuple[PageCount, ...], scope: Scope | None, by: Viewer, at: dt.datetime
) -> Taken:
    """Make the neutral's count form, typed back, into statements of a paper device; what was said is not repeated.

    Raises
    ------
    NotYoursError
        If the viewer is not the neutral's.
    """
    require(by, "attest", thing_of(transfer))
    if role_of(by, transfer) is not Role.NEUTRAL or transfer.day is None:
        raise NotYoursError("the neutral types its form")
    row = transfer.day
    day = day_of(row)
    device = sha256_hex(f"paper {row.sha256}".encode())[:16]
    before = row.files.filter(device=device).order_by("-statements").first()
    chain = () if before is None else received_of(before, day).statements
    made = _paper_chain(day, chain, pages, scope, device=device, at=at)
    if len(made) == len(chain):
        return Taken(before, statements=len(chain))
    key = SigningKey.from_seed(f"paper.{transfer.code}", ED25519, seed=bytes.fromhex(row.paper))
    return file_hand_in(transfer=transfer, data=sign(day, made, key), by=by, at=at, is_paper=True)


def _paper_chain(
    day: Day,
    chain: tuple[Statement, ...],
    pages: tuple[PageCount, ...],
    scope: Scope | None,
    *,
    device: str,
    at: dt.datetime,
) -> tuple[Statement, ...]:
    """Add what the form says and the chain does not say yet; a correction names what it replaces."""
    last: dict[str | None, Statement] = {}
    for one in chain:
        last[one.item] = one
    for place, state in (line for page in pages for line in page.states):
        number = day.items[place - 1].number
        said = last.get(number)
        if said is None or said.say.value != state.value:
            about = () if said is None else (said.id,)
            draft = Statement(Role.NEUTRAL, device, 0, "", Say(state.value), at.isoformat(), number, about)
            chain = follow(day, chain, draft)
    act = last.get(None)
    if scope is not None and (act is None or act.scope is not scope):
        about = () if act is None else (act.id,)
        draft = Statement(Role.NEUTRAL, device, 0, "", Say.ACT_SIGNED, at.isoformat(), None, about, scope)
        chain = follow(day, chain, draft)
    return chain


@transaction.atomic
def outcome_note(*, transfer: Transfer, number: str, goes: bool, by: Viewer, at: dt.datetime) -> Outcome:
    """Note whether a person goes, as the interview at the gate found; a later word supersedes it; no reason is kept.

    Raises
    ------
    InputError
        If the number is not on the manifest.
    TransitionError
        If nobody travels, or the transfer is over.
    """
    require(by, "write", Thing("interview"))
    if not is_of_persons(transfer) or transfer.state in {"closed", "aborted", "postponed"}:
        raise TransitionError(f"the transfer is {transfer.state}: no interviews now")
    if number not in {one["number"] for one in transfer.items}:
        raise InputError(Fault("interview", "", "number", number[:40], "a number of the manifest"))
    last = transfer.outcomes.filter(number=number).order_by("-at", "-id").first()
    if last is not None and last.goes == goes:
        return last
    made = Outcome.objects.create(transfer=transfer, number=number, goes=goes, by_id=by.user, at=at)
    asked = transfer.outcomes.values("number").distinct().count()
    note(transfer, "interview", {"asked": asked}, by=by, at=at, roles=[])
    return made
