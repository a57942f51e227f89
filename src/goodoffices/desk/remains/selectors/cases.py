"""Reads of transfers, containers, cases, items and custody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.parties.models import Release
from goodoffices.desk.parties.selectors import released_to
from goodoffices.desk.remains.models import Case, Container, Custody, Item, Transfer
from goodoffices.desk.remains.selectors.standing import conclusions, thing
from goodoffices.desk.remains.selectors.standing import gaps as gaps_of
from goodoffices.domain.errors import NotYoursError
from goodoffices.engines.kinship.conclusions import Standing

RELEASED_FIELDS = ("items", "custody", "samples", "about")
"""What a release of a case to the other side may name; number, state and finding go with every one."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder; `count` is None where nobody has stated one."""

    key: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Branch:
    """An item of the tree with its depth."""

    item: Item
    depth: int


@dataclass(frozen=True, slots=True)
class Hand:
    """One step of custody as it is shown; `gap` says what is missing before it."""

    step: Custody
    gap: str


def transfers(viewer: Viewer) -> list[Transfer]:
    """Give the transfers of remains, the latest first: whoever knows of a transfer knows of these."""
    require(viewer, "read", Thing("transfer"))
    return list(Transfer.objects.select_related("giver", "receiver").order_by("-handed_at", "number"))


def transfer_of(viewer: Viewer, key: str) -> Transfer:
    """Give one transfer.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    require(viewer, "read", Thing("transfer"))
    found = Transfer.objects.select_related("giver", "receiver").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such transfer")
    return found


def sees_cases(viewer: Viewer, transfer: Transfer) -> bool:
    """Whether the viewer reads the cases of a transfer, or at most counts."""
    return may(viewer, "read", thing(transfer.receiver_id))


def ladder(viewer: Viewer, several: list[Transfer]) -> list[Rung]:
    """Count each rung by itself: containers, bodies declared, cases, persons identified. Rungs are never added up.

    Who gave the containers counts what he declared; cases and persons are the receiver's and the neutral's.
    """
    declared = [one.declared_bodies for one in several]
    bodies = None if None in declared or not declared else sum(one or 0 for one in declared)
    containers = Container.objects.filter(transfer__in=several)
    rungs = [Rung("container", containers.count()), Rung("declared_body", bodies)]
    counted = [one for one in several if any(may(viewer, verb, thing(one.receiver_id)) for verb in ("count", "read"))]
    if not counted:
        return rungs
    if len(counted) < len(several):  # a side sees the lower rungs of what it has received
        return ladder(viewer, counted)
    inside = Case.objects.filter(container__transfer__in=several)
    standing = [key for key, how in conclusions().items() if how == Standing.STANDS]
    persons = inside.filter(findings__in=standing).values("findings__candidate__family", "findings__candidate__person")
    return [*rungs, Rung("case", inside.count()), Rung("identified_person", persons.distinct().count())]


def containers_of(viewer: Viewer, transfer: Transfer) -> QuerySet[Container]:
    """Give a transfer's containers with how many cases each holds, where the viewer may read cases."""
    found = transfer.containers.order_by("number")
    return found.annotate(held=Count("cases")) if sees_cases(viewer, transfer) else found


def container_of(viewer: Viewer, key: str) -> Container:
    """Give one container to who reads what is in it.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    found = Container.objects.select_related("transfer").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such container")
    require(viewer, "read", thing(found.owner))
    return found


def mine(viewer: Viewer, now: dt.datetime) -> QuerySet[Case]:
    """Give the cases a viewer reads: all for the forensic coordinator, a side's own and those released to it.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    found = Case.objects.select_related("container__transfer", "joined_to")
    if may(viewer, "read", thing("")):
        return found
    if not may(viewer, "read", thing(viewer.party)):
        raise NotYoursError("no cases for this role")
    return found.filter(Q(owner=viewer.party) | Q(id__in=_released(viewer, now).values("object")))


def case_of(viewer: Viewer, key: str, now: dt.datetime) -> Case:
    """Give one case.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    case = Case.objects.select_related("container__transfer", "joined_to", "part_of").filter(id=key).first()
    if case is None:
        raise NotYoursError("no such case")
    facts = ("released_side",) if _released(viewer, now).filter(object=case.id).exists() else ()
    require(viewer, "read", thing(case.owner, *facts))
    return case


def fields_seen(viewer: Viewer, case: Case, now: dt.datetime) -> frozenset[str]:
    """Give which parts of a case the viewer sees: all, or what its release names."""
    if may(viewer, "read", thing(case.owner)):
        return frozenset(RELEASED_FIELDS)
    released = _released(viewer, now).filter(object=case.id)
    return frozenset(field for one in released for field in one.fields)


def _released(viewer: Viewer, now: dt.datetime) -> QuerySet[Release]:
    return released_to(viewer, "remains", now)


def may_write(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer works on the case."""
    return may(viewer, "write", thing(case.owner))


def tree(case: Case) -> list[Branch]:
    """Give a case's items as a tree, parents before their parts."""
    below: dict[str | None, list[Item]] = {}
    for item in case.items.order_by("number"):
        below.setdefault(item.parent_id, []).append(item)
    found: list[Branch] = []

    def walk(parent: str | None, depth: int) -> None:
        for item in below.get(parent, ()):
            found.append(Branch(item, depth))
            walk(item.id, depth + 1)

    walk(None, 0)
    return found


def line_of(one: Container | Item) -> list[Hand]:
    """Give who held a thing, in the order of time, with what is missing between."""
    steps = list(one.custody.select_related("noted_by").order_by("at", "noted_at", "id"))
    return [Hand(step, gap) for step, gap in zip(steps, gaps_of(steps), strict=True)]


def gaps(viewer: Viewer) -> QuerySet[Container]:
    """Give containers whose line of custody has a gap, themselves or in an item of theirs."""
    found = Container.objects.filter(Q(has_gap=True) | Q(cases__items__has_gap=True)).distinct()
    if not may(viewer, "read", thing("")):
        require(viewer, "read", thing(viewer.party))
        found = found.filter(owner=viewer.party)
    return found.select_related("transfer").order_by("transfer__number", "number")


def item_of(viewer: Viewer, key: str) -> Item:
    """Give one item to who reads its case as owner or examiner.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    found = Item.objects.select_related("case__container__transfer").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such item")
    require(viewer, "read", thing(found.owner))
    return found


def number_of(key: str) -> str:
    """Give a case's number, for the list of releases of its owner."""
    return Case.objects.values_list("number", flat=True).filter(id=key).first() or ""
