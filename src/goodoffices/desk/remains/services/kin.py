"""Writes of families: the pedigree of those who seek, who gave a sample, who has withdrawn it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.remains.models import Family, Finding, Reference
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, RangeError, TransitionError
from goodoffices.domain.kin import Person
from goodoffices.engines.kinship.pedigree import Pedigree, build, close_relatives

_LETTER = "K"
Row = Sequence[str | float | None]


def families_take(*, rows: Sequence[Row], owner: str, by: Viewer, at: dt.datetime) -> int:
    """Take families as a file states them; gives how many. A reference that is there already is refused.

    Raises
    ------
    InputError
        If a family or a sample is there already, or a pedigree contradicts itself.
    """
    require(by, "write", Thing("medical", owner))
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(str(row[0]), []).append(row)
    taken = set(Family.objects.values_list("code", flat=True))
    codes = set(Reference.objects.filter(owner=owner).values_list("code", flat=True))
    refs = {bytes(one) for one in Family.objects.filter(owner=owner).values_list("ref_blind", flat=True)}
    families, references, faults = [], [], []
    for ref, members in grouped.items():
        blind = ring().blind(owner, ref, purpose="family")
        pedigree = _pedigree(members)
        samples = {str(row[5]) for row in members if row[5]}
        if blind in refs:
            faults.append(Fault("families", ref, "family", ref, "family_free"))
        if samples & codes:
            faults.append(Fault("families", ref, "sample", min(samples & codes), "code_free"))
        if pedigree is None:
            faults.append(Fault("families", ref, "", "", "pedigree"))
            continue
        codes |= samples
        families.append(
            Family(
                owner=owner,
                code=_drawn(taken),
                ref_blind=blind,
                own={"ref": ref, "contact": "", "names": {}},
                pedigree=[[str(row[1]), row[2], row[3], row[4] or "", row[6] == "missing"] for row in members],
                at=at,
            )
        )
        references += _references(families[-1], pedigree, members)
    if faults:
        raise InputError(*faults)
    Family.objects.bulk_create(families)
    Reference.objects.bulk_create(references)
    content: dict[str, Json] = {
        "families": len(families),
        "references": len(references),
        "at": at.astimezone(dt.UTC).isoformat(),
    }
    statement_record(kind="families_taken", content=content, owner=owner, by=by, at=at)
    return len(families)


def _references(family: Family, pedigree: Pedigree, members: Sequence[Row]) -> list[Reference]:
    """Give the samples of a family's members."""
    return [
        Reference(
            owner=family.owner,
            family=family,
            person=str(row[1]),
            code=str(row[5]),
            category=_category(pedigree, members, row),
            at=family.at,
        )
        for row in members
        if row[5]
    ]


def _drawn(taken: set[str]) -> str:
    digits = max(4, len(str(2 * len(taken))))
    while True:
        code = f"{_LETTER}-{secrets.randbelow(10**digits):0{digits}d}"
        if code not in taken:
            taken.add(code)
            return code


def _pedigree(members: Sequence[Row]) -> Pedigree | None:
    try:
        return build([Person(str(row[1]), _text(row[2]), _text(row[3]), str(row[4] or "")) for row in members])
    except RangeError:
        return None


def _text(value: str | float | None) -> str | None:
    return None if value is None else str(value)


def _category(pedigree: Pedigree, members: Sequence[Row], row: Row) -> str:
    """Say what a relative is to the nearest of the missing."""
    if row[6] == "missing":
        return "lifetime"
    found = {
        close_relatives(pedigree, pedigree.index(str(one[1]))).get(pedigree.index(str(row[1])), "other")
        for one in members
        if one[6] == "missing"
    }
    return min(found, key=("child", "parent", "sibling", "other").index)


def family_name(*, family: Family, contact: str, names: dict[str, str], by: Viewer) -> None:
    """Keep whom the family misses and how to reach it: for its own side alone."""
    require(by, "write", Thing("medical", family.owner))
    known = {row[0] for row in family.pedigree if row[4]}
    family.own = {
        "ref": family.own["ref"],
        "contact": contact.strip(),
        "names": {person: name.strip() for person, name in names.items() if person in known and name.strip()},
    }
    family.save(update_fields=["own"])


def reference_withdraw(*, reference: Reference, by: Viewer, at: dt.datetime) -> list[Finding]:
    """Withdraw a relative's sample: no search uses it again, and what rested on it is named for the board.

    Raises
    ------
    TransitionError
        If it was withdrawn before.
    """
    require(by, "write", Thing("medical", reference.owner))
    if not Reference.objects.filter(id=reference.id, withdrawn_at__isnull=True).update(withdrawn_at=at):
        raise TransitionError("withdrawn_before")
    content = {"reference": reference.id, "at": at.astimezone(dt.UTC).isoformat()}
    statement_record(kind="correction", content=content, owner=reference.owner, by=by, at=at)
    return [one for one in Finding.objects.filter(kind="identified") if reference.id in one.rests_on]
