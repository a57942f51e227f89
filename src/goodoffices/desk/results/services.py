"""Writes of results: what is said, attested, lifted and published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn, cast

from django.db import transaction

from goodoffices.desk.access import Role, Thing, Viewer, require
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.ids import new_id
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.selectors import signing_roles
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral
from goodoffices.desk.results import models, selectors
from goodoffices.desk.results.publishing import Draft, draft
from goodoffices.desk.results.records import noun_of, row_of
from goodoffices.desk.results.selectors import must_lift, subject_of
from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.commitment import MOVING, Bound, Direction, Moved, Unit
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.domain.process import Process
from goodoffices.formats.results_assertions import json_of


@transaction.atomic
def statements_import(*, talks: Process, at: dt.datetime) -> int:
    """Take the public statements of a process file as they were made; gives how many.

    Raises
    ------
    InputError
        If the file holds an attested one: what is attested is signed at this desk, not typed into a file.
    """
    faults = [
        Fault("process", f"assertions {a.id}", "standing", "attested", "official, relayed or anonymous")
        for a in talks.assertions
        if a.standing is Standing.ATTESTED
    ]
    if faults:
        raise InputError(*faults)
    later = {a.id for a in talks.assertions if a.supersedes is not None}
    rows = [row_of(a, at=at) for a in talks.assertions]
    models.Assertion.objects.bulk_create([row for row in rows if row.id not in later])
    models.Assertion.objects.bulk_create([row for row in rows if row.id in later])
    return len(rows)


_SIGNED = ("kind", "movement", "date", "party", "from", "to", "unit", "category", "quantity", "bound", "scope")
"""What a party signs of a figure, beside the commitment and the statement that it replaces."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is said of a movement or a total, as it comes from a form or another room.

    Attributes
    ----------
    kind, date, bound, quantity
        What it is, of which day, how many.
    movement
        The movement it counts; empty for a total or a finding.
    giver, receiver, unit, category, commitment
        From whom to whom, what, who, under which commitment; empty where there is none.
    scope
        How it is known; of an attested figure alone.
    supersedes
        The own assertion that this one replaces, or empty.
    """

    kind: AssertionKind
    date: dt.date
    bound: Bound
    quantity: int | None
    movement: str = ""
    giver: str = ""
    receiver: str = ""
    unit: str = ""
    category: str = ""
    commitment: str = ""
    scope: str = ""
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class Public:
    """Who said it in public, and where that is found."""

    party: str
    organ: str
    speaker: str
    standing: Standing
    source: str
    note: str = ""


@transaction.atomic
def attested_make(*, figure: Figure, by: Viewer, at: dt.datetime) -> models.Assertion:
    """Attest a figure at the desk: it stands in the record, and waits for the signature of the party's own key.

    Raises
    ------
    InputError
        If it contradicts itself or what is said of the same movement.
    """
    require(by, "make", Thing("assertion", by.party))
    organ = say("desk_results", "en", f"organ_{by.role}")
    made = _noun(figure, party=by.party, organ=organ, standing=Standing.ATTESTED, today=at.date())
    old = _superseded(figure, made.party, Standing.ATTESTED)
    content = {name: value for name, value in json_of(made).items() if value is not None and name in _SIGNED}
    if made.commitment:
        content["under"] = made.commitment
    if old:
        content["replaces"] = old.statement
    kind = "correction" if old else "finding" if made.kind is AssertionKind.FINDING else "count"
    before = Statement.objects.filter(name=old.statement).first() if old else None
    statement = statement_record(
        kind=kind,
        content=content,
        owner=by.party,
        by=by,
        at=at,
        roles=(by.party,) if by.party in signing_roles() else (),
        subject=f"assertion:{made.id}",
        previous=before.index if before else None,
    )
    row = row_of(replace(made, source=statement.name), at=at, by=by.user, statement=statement.name)
    row.save()
    return row


@transaction.atomic
def stated_make(*, figure: Figure, public: Public, by: Viewer, at: dt.datetime) -> models.Assertion:
    """Take down a public statement with its source, as it was made.

    Raises
    ------
    InputError
        If it contradicts itself, or a side takes down another's words.
    """
    require(by, "make", Thing("statement", by.party))
    if by.role is Role.SIDE and public.party != by.party:
        _refuse("party", public.party, f"{by.party}: a side takes down its own words")
    if public.standing is Standing.ATTESTED:
        _refuse("standing", "attested", "official, relayed or anonymous")
    made = _noun(figure, party=public.party, organ=public.organ, standing=public.standing, today=at.date())
    made = replace(made, speaker=public.speaker or None, source=public.source, note=public.note or None)
    _superseded(figure, made.party, public.standing)
    row = row_of(made, at=at, by=by.user)
    row.save()
    return row


def _noun(figure: Figure, *, party: str, organ: str, standing: Standing, today: dt.date) -> Assertion:
    """Check a figure against itself, the process and the movement, and give the noun.

    Raises
    ------
    InputError
        With every fault.
    """
    talks = selectors.talks()
    known = {one.code for one in talks.parties}
    faults = []
    for name, code in (("giver", figure.giver), ("receiver", figure.receiver)):
        if code and code not in known:
            faults.append(Fault("assertion", "", name, code, "a party"))
    if figure.unit in {unit.value for unit in MOVING} and not (figure.giver and figure.receiver):
        faults.append(Fault("assertion", "", "giver", "nobody", "from whom and to whom it moved"))
    if figure.giver and figure.giver == figure.receiver:
        faults.append(Fault("assertion", "", "receiver", figure.receiver, "another party than the giver"))
    if figure.bound.has_figure != (figure.quantity is not None):
        expected = "a figure" if figure.bound.has_figure else "no figure under this bound"
        faults.append(Fault("assertion", "", "quantity", str(figure.quantity), expected))
    if figure.date > today:
        faults.append(Fault("assertion", "", "date", str(figure.date), f"{today} or earlier"))
    if figure.commitment and figure.commitment not in selectors.commitment_codes():
        faults.append(Fault("assertion", "", "commitment", figure.commitment, "a commitment of this process"))
    if figure.kind is AssertionKind.MOVEMENT and not figure.movement:
        faults.append(Fault("assertion", "", "movement", "nothing", "the movement that is counted"))
    if faults:
        raise InputError(*faults)
    direction = Direction(figure.giver, figure.receiver) if figure.giver else None
    made = Assertion(
        f"a-{new_id()}",
        figure.kind,
        figure.movement or None,
        figure.date,
        party,
        organ,
        None,
        direction,
        Unit(figure.unit) if figure.unit else None,
        Moved(figure.category) if figure.category else None,
        figure.quantity,
        figure.bound,
        figure.commitment or None,
        standing,
        Scope(figure.scope) if figure.scope else None,
        Certainty.HIGH,
        "",
        None,
        figure.supersedes or None,
    )
    _fits_movement(made)
    return made


def _fits_movement(made: Assertion) -> None:
    """Check that a movement stays one direction, one unit, one category.

    Raises
    ------
    InputError
        If others have said of it that something else moved.
    """
    if made.movement is None:
        return
    gone = models.Assertion.objects.filter(supersedes__isnull=False).values_list("supersedes_id", flat=True)
    for row in models.Assertion.objects.filter(movement=made.movement).exclude(id__in=gone):
        other = noun_of(row)
        if other.id == made.supersedes:
            continue
        for name, mine, theirs in (
            ("giver", made.direction, other.direction),
            ("unit", made.unit, other.unit),
            ("category", made.category, other.category),
        ):
            if mine != theirs:
                _refuse(name, str(mine), f"{theirs}, as others say of the movement {made.movement}")


def _superseded(figure: Figure, party: str, standing: Standing) -> models.Assertion | None:
    """Give the own live assertion that is replaced.

    Raises
    ------
    InputError
        If it is another's, of another standing, or replaced already.
    """
    if not figure.supersedes:
        return None
    old: models.Assertion | None = models.Assertion.objects.filter(id=figure.supersedes, party=party).first()
    if old is None or (old.standing == Standing.ATTESTED) != (standing is Standing.ATTESTED):
        _refuse("supersedes", figure.supersedes, "an assertion of the same party and standing")
    if models.Assertion.objects.filter(supersedes=old).exists():
        _refuse("supersedes", figure.supersedes, "the last word: this one is replaced already")
    return old


def _refuse(field: str, found: str, expected: str) -> NoReturn:
    raise InputError(Fault("assertion", "", field, found, expected))


@transaction.atomic
def embargo_lift(*, subjects: Sequence[str], by: Viewer, at: dt.datetime) -> int:
    """Lift the viewer's embargo on figures; what is public stays public. Gives how many were lifted anew."""
    require(by, "lift", Thing("result", by.party))
    talks = selectors.talks()
    mine = {subject_of(a) for a in selectors.attested() if by.party in must_lift(a, talks)}
    fresh = [name for name in dict.fromkeys(subjects) if name in mine and (by.party, name) not in selectors.lifted()]
    models.Lift.objects.bulk_create(
        [models.Lift(owner_id=by.party, movement=name, by_id=by.user, at=at) for name in fresh]
    )
    if fresh:
        statement_record(
            kind="release", content={"subjects": list(fresh), "party": by.party}, owner=by.party, by=by, at=at
        )
    return len(fresh)


@transaction.atomic
def embargo_set(*, commitment: str, until: dt.datetime, by: Viewer, at: dt.datetime) -> models.Embargo:
    """Set a moment before which nothing attested under a commitment (`*`: under any) is published.

    Raises
    ------
    InputError
        If there is no such commitment.
    """
    require(by, "embargo", Thing("result"))
    if commitment != "*" and commitment not in selectors.commitment_codes():
        _refuse("commitment", commitment, "a commitment of this process")
    return models.Embargo.objects.create(commitment=commitment, until=until, by_id=by.user, at=at)


def publication_draft(*, by: Viewer, at: dt.datetime) -> Draft:
    """Show what the next publication would hold."""
    require(by, "publish", Thing("result"))
    return draft(at)


@transaction.atomic
def publication_make(*, by: Viewer, at: dt.datetime) -> models.Publication:
    """Publish what may be published, as one batch whose hash stands in the record.

    Raises
    ------
    TransitionError
        If nothing has changed since the last publication.
    """
    require(by, "publish", Thing("result"))
    found = draft(at)
    if not found.fresh and not found.gone:
        raise TransitionError("nothing to publish: nothing has changed since the last publication")
    content = found.content
    digest = sha256_hex(canonical_bytes(content))
    number = cast("int", content["number"])
    statement = statement_record(
        kind="results",
        content={"process": content["process"], "number": number, "sha256": digest},
        owner=neutral().code,
        by=by,
        at=at,
        roles=(neutral().code,),
        subject=f"publication:{number}",
    )
    return models.Publication.objects.create(
        number=number,
        content=content,
        blocks=found.blocks,
        sha256=digest,
        statement=statement.name,
        by_id=by.user,
        at=at,
    )
