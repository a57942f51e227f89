"""Writes of the chain: transfers, containers, cases, items, custody."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.remains.models import Case, Container, Custody, Item, Step, Transfer
from goodoffices.desk.remains.selectors.standing import gaps, thing
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.engines.talks.states import Noun, step

_NUMBER = re.compile(r"[\w][\w./ -]{0,19}")
_LETTER = "A"
OPENING = ("number", "declare", "put_in_container", "receive")


@dataclass(frozen=True, slots=True)
class Hands:
    """One step of custody as it was told.

    Attributes
    ----------
    gave, took
        Posts, not persons.
    place, zone
        Where, and its zone.
    at
        When.
    seal, seal_number
        How the seal was; the number of a new one.
    """

    gave: str
    took: str
    place: str
    zone: str
    at: dt.datetime
    seal: str
    seal_number: str = ""


def transfer_add(
    *,
    number: str,
    giver: str,
    receiver: str,
    handed_at: dt.datetime,
    place: str,
    zone: str,
    by: Viewer,
    declared_bodies: int | None = None,
    movement: str = "",
) -> Transfer:
    """Note a transfer of remains as it was handed over.

    Raises
    ------
    InputError
        If the number is taken or not one, or a party gives to itself.
    """
    require(by, "write", thing(receiver))
    if not _NUMBER.fullmatch(number) or Transfer.objects.filter(number=number).exists():
        raise InputError(Fault("transfer", "", "number", number[:20], "number_free"))
    if giver == receiver:
        raise InputError(Fault("transfer", "", "receiver", receiver, "other_party"))
    return Transfer.objects.create(
        number=number,
        giver_id=giver,
        receiver_id=receiver,
        handed_at=handed_at,
        place=place,
        zone=zone,
        declared_bodies=declared_bodies,
        movement=movement,
    )


def transfer_step(*, transfer: Transfer, event: str, by: Viewer) -> Transfer:
    """Move a transfer on: receipted, closed."""
    require(by, "write", thing(transfer.receiver_id))
    transfer.state = step(Noun.TRANSFER, transfer.state, event)
    transfer.save(update_fields=["state"])
    return transfer


def containers_add(*, transfer: Transfer, numbers: Sequence[str], by: Viewer) -> list[Container]:
    """Add containers by their numbers.

    Raises
    ------
    InputError
        If a number stands twice or is not one.
    """
    require(by, "write", thing(transfer.receiver_id))
    there = set(transfer.containers.values_list("number", flat=True))
    faults = []
    for place, number in enumerate(numbers, 1):
        if not _NUMBER.fullmatch(number) or number in there:
            faults.append(Fault("containers", f"{place}", "numbers", number[:20], "number_free"))
        there.add(number)
    if faults or not numbers:
        raise InputError(*faults or [Fault("containers", "", "numbers", "", "number_free")])
    return Container.objects.bulk_create(
        Container(owner=transfer.receiver_id, transfer=transfer, number=number) for number in numbers
    )


def custody_note(*, things: Sequence[Container | Item], hands: Hands, by: Viewer, at: dt.datetime) -> list[Custody]:
    """Note one step of custody for all of what changed hands together; one entry of the record names them all.

    Raises
    ------
    InputError
        If it lies in the future, or a renewed seal has no number.
    """
    owners = {one.owner for one in things}
    for owner in owners:
        require(by, "write", thing(owner))
    if hands.at > at:
        raise InputError(Fault("custody", "", "at", hands.at.isoformat(), "not_future"))
    if hands.seal == "renewed" and not hands.seal_number:
        raise InputError(Fault("custody", "", "seal_number", "", "seal_number"))
    told = {"gave": hands.gave.strip(), "took": hands.took.strip(), "place": hands.place.strip()}
    steps = Custody.objects.bulk_create(
        Custody(
            owner=one.owner,
            container=one if isinstance(one, Container) else None,
            item=one if isinstance(one, Item) else None,
            hands=told,
            at=hands.at,
            zone=hands.zone,
            seal=hands.seal,
            seal_number=hands.seal_number.strip(),
            noted_by_id=by.user,
            noted_at=at,
        )
        for one in things
    )
    for one in things:
        gap = any(gaps(one.custody.order_by("at", "noted_at", "id")))
        if gap != one.has_gap:
            one.has_gap = gap
            one.save(update_fields=["has_gap"])
    for owner in sorted(owners):
        keys = sorted(one.id for one in things if one.owner == owner)
        content = {"things": list(keys), "seal": hands.seal, "at": hands.at.astimezone(dt.UTC).isoformat()}
        subject = f"custody:{keys[0]}" if len(keys) == 1 else ""
        statement_record(kind="custody_step", content=content, owner=owner, by=by, at=at, subject=subject)
    return steps


def cases_open(
    *, containers: Sequence[Container], by: Viewer, at: dt.datetime, part_of: Case | None = None
) -> list[Case]:
    """Open one case per container, under numbers drawn by lot; what a transfer brought is received."""
    for owner in {one.owner for one in containers}:
        require(by, "write", thing(owner))
    taken = set(Case.objects.values_list("number", flat=True))
    cases = []
    for container in containers:
        number = _drawn(taken)
        taken.add(number)
        cases.append(Case(owner=container.owner, container=container, number=number, opened_at=at, part_of=part_of))
    Case.objects.bulk_create(cases)
    for event in OPENING:
        case_step(cases=cases, event=event, by=by, at=at)
    return cases


def _drawn(taken: set[str]) -> str:
    """Draw a number nobody has; a digit more once half of them are taken."""
    digits = max(4, len(str(2 * len(taken))))
    while True:
        number = f"{_LETTER}-{secrets.randbelow(10**digits):0{digits}d}"
        if number not in taken:
            return number


def case_step(*, cases: Sequence[Case], event: str, by: Viewer, at: dt.datetime) -> None:
    """Take cases a step on, by the one table of remains.

    Raises
    ------
    TransitionError
        If a case's state does not allow it.
    """
    for case in cases:
        require(by, "write", thing(case.owner))
        case.state = step(Noun.REMAINS, case.state, event)
    Case.objects.bulk_update(cases, ["state"])
    Step.objects.bulk_create(Step(case=case, event=event, state=case.state, by_id=by.user, at=at) for case in cases)


def case_examine(*, case: Case, about: dict[str, str], by: Viewer, at: dt.datetime) -> None:
    """Note what the examination has seen."""
    require(by, "write", thing(case.owner))
    case.about = about
    case.save(update_fields=["about"])
    if case.state == "received":
        case_step(cases=[case], event="examine", by=by, at=at)


def item_add(*, case: Case, number: str, kind: str, what: str, by: Viewer, parent: Item | None = None) -> Item:
    """Add an item, or a part of one.

    Raises
    ------
    InputError
        If the number is taken, or the parent lies in another case.
    """
    require(by, "write", thing(case.owner))
    if not _NUMBER.fullmatch(number) or case.items.filter(number=number).exists():
        raise InputError(Fault("item", "", "number", number[:20], "number_free"))
    if parent is not None and parent.case_id != case.id:
        raise InputError(Fault("item", "", "parent", "", "of_this_case"))
    return Item.objects.create(
        owner=case.owner, case=case, parent=parent, number=number, kind=kind, what=what.strip() or None
    )


def case_split(*, case: Case, items: Sequence[Item], by: Viewer, at: dt.datetime) -> Case:
    """Take items of a commingled case into a case of their own; custody, samples and profiles go with them.

    Raises
    ------
    TransitionError
        If nothing would stay, nothing would go, or the state does not allow it.
    """
    require(by, "write", thing(case.owner))
    going = _with_parts({item.id for item in items}, dict(case.items.values_list("id", "parent")))
    if not going or case.items.exclude(id__in=going).count() == 0:
        raise TransitionError("split_leaves_nothing")
    if case.state != "commingled":
        case_step(cases=[case], event="find_commingled", by=by, at=at)
    (fresh,) = cases_open(containers=[case.container], by=by, at=at, part_of=case)
    case.items.filter(id__in=going, parent__isnull=False).exclude(parent__in=going).update(parent=None)
    case.items.filter(id__in=going).update(case=fresh)
    case.samples.filter(item__in=going).update(case=fresh)
    case_step(cases=[fresh], event="examine", by=by, at=at)
    for event in ("number_parts", *OPENING[1:], "examine"):
        case_step(cases=[case], event=event, by=by, at=at)
    for one in (case, fresh):
        if one.samples.filter(profiles__latest=True).exists():
            case_step(cases=[one], event="profile", by=by, at=at)
    return fresh


def _with_parts(chosen: set[str], parents: dict[str, str | None]) -> set[str]:
    """Add the parts of what was chosen, and the parts of these."""
    whole = set(chosen) & set(parents)
    while more := {item for item, parent in parents.items() if parent in whole} - whole:
        whole |= more
    return whole
