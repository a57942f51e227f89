"""Writes of samples and profiles: a laboratory's file is read apart, looked at, and taken only on a yes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from django.db.models import Q

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.remains.models import Case, Import, Item, Profile, Reference, Sample
from goodoffices.desk.remains.selectors.standing import thing
from goodoffices.desk.remains.services.chain import case_step
from goodoffices.desk.remains.services.kin import families_take
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.store.read import printable
from goodoffices.store.typings import read_typings

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")
_LETTERS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,11}")
_LOCUS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,19}")
_HAPLOTYPE = re.compile(r"[0-9A-Za-z.,: -]{1,400}")
_REPEATS = re.compile(r"[0-9]{1,3}(\.[0-9])?|[XY]")
_LINES = ("mtdna", "mt")
MOST_FAULTS = 50


def sample_add(
    *, case: Case, code: str, tissue: str, taken_at: dt.datetime, by: Viewer, item: Item | None = None
) -> Sample:
    """Note a sample under its laboratory code.

    Raises
    ------
    InputError
        If the code is taken, or is more than a code.
    """
    require(by, "write", thing(case.owner))
    if not CODE.fullmatch(code) or Sample.objects.filter(owner=case.owner, code=code).exists():
        raise InputError(Fault("sample", "", "code", code[:24], "code_free"))
    if item is not None and item.case_id != case.id:
        raise InputError(Fault("sample", "", "item", "", "of_this_case"))
    return Sample.objects.create(owner=case.owner, case=case, item=item, code=code, tissue=tissue, taken_at=taken_at)


def import_read(*, kind: str, data: bytes, file: str, owner: str, by: Viewer, at: dt.datetime) -> Import:
    """Read a file apart and keep what it states, sealed, until somebody says yes.

    Raises
    ------
    InputError
        If the file cannot be read, or a row is not what it may be; names the rows.
    """
    require(by, "write", thing(owner) if kind == "profiles" else Thing("medical", owner))
    name = printable(file)[:80]
    read = read_typings(data, name, kind="families" if kind == "families" else "profiles")
    faults = _family_faults(read.rows, name) if kind == "families" else _typing_faults(read.rows, name, kind, owner)
    if faults:
        raise InputError(*faults[:MOST_FAULTS])
    content = {"rows": [list(row) for row in read.rows], "findings": [list(one) for one in read.findings]}
    return Import.objects.create(owner=owner, kind=kind, file=name, content=content, by_id=by.user, at=at)


def _typing_faults(rows: Sequence[tuple[str | float | None, ...]], file: str, kind: str, owner: str) -> list[Fault]:
    """Name what no laboratory's export has: a code nobody registered, a locus or an allele that is a sentence."""
    known = set(
        (Sample if kind == "profiles" else Reference).objects.filter(owner=owner).values_list("code", flat=True)
    )
    faults, unknown = [], set()
    for place, row in enumerate(rows, 2):
        sample, locus = str(row[0]), str(row[1])
        if sample not in known and sample not in unknown:
            unknown.add(sample)
            faults.append(Fault(file, str(place), "sample", sample[:24], "code_known"))
        if not _LOCUS.fullmatch(locus):
            faults.append(Fault(file, str(place), "locus", locus[:20], "locus"))
        form = _HAPLOTYPE if locus.casefold() in _LINES else _REPEATS
        faults += [
            Fault(file, str(place), name, str(value)[:20], "allele")
            for name, value in (("allele_1", row[2]), ("allele_2", row[3]))
            if value is not None and not form.fullmatch(str(value))
        ]
        if row[4] is not None and not CODE.fullmatch(str(row[4])):
            faults.append(Fault(file, str(place), "replicate", str(row[4])[:20], "code"))
    if not rows:
        faults.append(Fault(file, "", "", "", "rows"))
    return faults


def _family_faults(rows: Sequence[tuple[str | float | None, ...]], file: str) -> list[Fault]:
    """Name what is more than a letter or a number: pedigrees and samples carry no names."""
    names = ("family", "person", "father", "mother", "sample")
    faults = [
        Fault(file, str(row[0])[:24], name, str(value)[:24], "code")
        for row in rows
        for name, value in zip(names, (*row[:4], row[5]), strict=True)
        if value is not None and not (CODE if name in {"family", "sample"} else _LETTERS).fullmatch(str(value))
    ]
    return faults if rows else [Fault(file, "", "", "", "rows")]


def import_take(*, waiting: Import, by: Viewer, at: dt.datetime) -> int:
    """Take a file that was looked at; gives how many samples or families it brought.

    Raises
    ------
    TransitionError
        If it was taken before.
    """
    kind, owner = waiting.kind, waiting.owner
    require(by, "write", thing(owner) if kind == "profiles" else Thing("medical", owner))
    if not Import.objects.filter(id=waiting.id, taken_at__isnull=True).update(taken_at=at):
        raise TransitionError("taken_before")
    rows = waiting.content["rows"]
    if kind == "families":
        return families_take(rows=rows, owner=owner, by=by, at=at)
    by_code: dict[str, list[list[str | float | None]]] = {}
    for sample, locus, one, two, run, drop_out, *_ in rows:
        by_code.setdefault(str(sample), []).append([str(locus), one, two, run, drop_out])
    profiles_add(typings=by_code, kind=kind, owner=owner, by=by, at=at)
    waiting.content = None
    Import.objects.filter(id=waiting.id).update(content=None)
    return len(by_code)


def profiles_add(
    *, typings: Mapping[str, list[list[str | float | None]]], kind: str, owner: str, by: Viewer, at: dt.datetime
) -> None:
    """Keep what was typed, each as the latest of its sample; cases that were examined are profiled."""
    of_remains = kind == "profiles"
    samples = {one.code: one for one in Sample.objects.filter(owner=owner, code__in=list(typings)) if of_remains}
    relatives = {
        one.code: one for one in Reference.objects.filter(owner=owner, code__in=list(typings)) if not of_remains
    }
    before = Q(sample__in=list(samples.values())) | Q(reference__in=list(relatives.values()))
    Profile.objects.filter(before).update(latest=False)
    Profile.objects.bulk_create(
        Profile(
            owner=owner,
            sample=samples.get(code),
            reference=relatives.get(code),
            typings=rows,
            loci=len({row[0] for row in rows if row[1] is not None or row[2] is not None}),
            at=at,
        )
        for code, rows in typings.items()
    )
    if of_remains:
        ready = Case.objects.filter(samples__in=list(samples.values()), state="examined").distinct()
        case_step(cases=list(ready), event="profile", by=by, at=at)
    content: dict[str, Json] = {"kind": kind, "samples": len(typings), "at": at.astimezone(dt.UTC).isoformat()}
    statement_record(kind="profiles_taken", content=content, owner=owner, by=by, at=at)
