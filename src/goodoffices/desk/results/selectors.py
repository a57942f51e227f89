"""Reads of results: what the public sees, what the parties see; computed from assertions, stored nowhere."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties import selectors as parties
from goodoffices.desk.parties.models import Party as PartyRow
from goodoffices.desk.parties.models import Process as ProcessRow
from goodoffices.desk.results import promises
from goodoffices.desk.results.models import Assertion, Embargo, Lift, Publication
from goodoffices.desk.results.records import noun_of
from goodoffices.domain import assertion as noun
from goodoffices.domain.assertion import Standing
from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.commitment import Commitment
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.process import Process
from goodoffices.domain.result import Result, Stated
from goodoffices.domain.sides import Party, PartyKind
from goodoffices.flow.result import overall, results
from goodoffices.formats.process import read_process
from goodoffices.formats.results_assertions import assertion_of


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page of results is made from.

    Attributes
    ----------
    key
        Changes whenever anything shown may.
    process, result, overall
        What was said, and what was computed from it.
    publication
        Number of the last publication, 0 if there is none.
    at
        When the last of it was written.
    statements
        Of each attested assertion, the name of its statement in the record.
    """

    key: str
    process: Process
    result: Result
    overall: tuple[Stated, ...]
    publication: int
    at: dt.datetime
    statements: Mapping[str, str]

    def commitment(self, name: str) -> Commitment:
        """Find a commitment.

        Raises
        ------
        NotYoursError
            If there is none of that name.
        """
        found = next((c for c in self.process.commitments if c.id == name), None)
        if found is None:
            raise NotYoursError("no such commitment")
        return found


def public_key() -> str:
    """Give what changes whenever the public page may."""
    started = ProcessRow.objects.values_list("created_at", flat=True).get()
    said = public_statements().aggregate(last=Max("at"))["last"] or started
    number = Publication.objects.aggregate(last=Max("number"))["last"] or 0
    parts = [str(settings.WORKSPACE), started.isoformat(), said.isoformat(), str(public_statements().count())]
    return "|".join([*parts, str(number), promises.mark()])


def shown_public(viewer: Viewer) -> Shown:
    """Give the public record: public statements as they were made, and the last publication."""
    require(viewer, "read", Thing("result"))
    return _public(public_key())


def shown_all(viewer: Viewer) -> Shown:
    """Give everything that parties may read of one another's assertions, published or not.

    Raises
    ------
    NotYoursError
        If the viewer may not.
    """
    if not any(may(viewer, "read", Thing("assertion", party.code)) for party in PartyRow.objects.all()):
        raise NotYoursError(f"{viewer.role} may not read assertion")
    return _all(f"{public_key()}|{_said_key()}")


def _said_key() -> str:
    """Give what changes whenever anything more is said: rows are only added, the database refuses to edit them."""
    rows = Assertion.objects.aggregate(last=Max("at"), number=Count("id"))
    return f"{settings.WORKSPACE}|{rows['number']}|{rows['last']}|{_handovers().count()}"


def public_statements() -> QuerySet[Assertion]:
    """Give what was said in public, as it was made."""
    return Assertion.objects.exclude(standing=Standing.ATTESTED)


@dataclass(frozen=True, slots=True)
class Attestation:
    """An attested assertion, and the name of its statement in the record."""

    said: noun.Assertion
    statement: str


def attestations() -> tuple[Attestation, ...]:
    """Give every attested assertion: those made on these pages, and those that handovers have given."""
    return _attestations(_said_key())


@lru_cache(maxsize=2)
def _attestations(_key: str) -> tuple[Attestation, ...]:
    own = [Attestation(noun_of(r), r.statement) for r in Assertion.objects.filter(standing=Standing.ATTESTED)]
    given = [Attestation(assertion_of(r.content), r.statement) for r in _handovers()]
    return tuple(sorted([*own, *given], key=lambda one: one.said.id))


def _handovers() -> QuerySet[Any]:
    """Give what handovers have attested; nothing where that room is not built."""
    model = apps.all_models["handover"].get("attested")
    return Assertion.objects.none() if model is None else model._default_manager.all()  # noqa: SLF001  Django's name


def attested() -> list[noun.Assertion]:
    """Give every live attested assertion."""
    found = [one.said for one in attestations()]
    gone = {a.supersedes for a in found}
    return [a for a in found if a.id not in gone]


def last_publication() -> Publication | None:
    """Give the last publication."""
    return Publication.objects.order_by("-number").first()


def publications(viewer: Viewer) -> QuerySet[Publication]:
    """Give every publication, the latest first."""
    require(viewer, "read", Thing("result"))
    return Publication.objects.order_by("-number")


def lifted() -> set[tuple[str, str]]:
    """Give who has lifted the embargo on its figures of what: party and movement (or total)."""
    return set(Lift.objects.values_list("owner_id", "movement"))


def lifted_since_publication() -> int:
    """Count what a side has lifted its embargo for since the last publication."""
    last = last_publication()
    rows = Lift.objects.filter(at__gt=last.at) if last else Lift.objects.all()
    return rows.values("movement").distinct().count()


def embargoed(now: dt.datetime) -> dict[str, dt.datetime]:
    """Give the commitments under an embargo at a moment, and until when; the last one set holds."""
    last = dict(Embargo.objects.order_by("at").values_list("commitment", "until"))
    return {commitment: until for commitment, until in last.items() if until > now}


def talks() -> Process:
    """Give the process with its parties as the desk has them, and no assertion."""
    return _talks(str(settings.WORKSPACE), parties.process().id, PartyRow.objects.count())


@lru_cache(maxsize=8)
def _talks(_workspace: str, _process: str, _parties: int) -> Process:
    read = read_process(json.dumps(ProcessRow.objects.get().document).encode(), "process")
    known = {party.code for party in read.parties}
    added = tuple(
        Party(row.code, row.name, PartyKind(row.kind))
        for row in PartyRow.objects.order_by("code")
        if row.code not in known
    )
    return replace(read, parties=(*read.parties, *added), assertions=())


@lru_cache(maxsize=4)
def _public(key: str) -> Shown:
    said = [noun_of(row) for row in public_statements().order_by("id")]
    last = last_publication()
    content = last.content if last else {"assertions": [], "statements": {}}
    published = [assertion_of(value) for value in content["assertions"]]
    return _shown(key, [*said, *published], content["statements"], only_public=True)


@lru_cache(maxsize=4)
def _all(key: str) -> Shown:
    said = [noun_of(row) for row in public_statements().order_by("id")]
    made = attestations()
    statements = {one.said.id: one.statement for one in made}
    return _shown(key, [*said, *(one.said for one in made)], statements, only_public=False)


def _shown(key: str, assertions: list[noun.Assertion], statements: Mapping[str, str], *, only_public: bool) -> Shown:
    base, last = talks(), last_publication()
    made = promises.agreed(base, assertions, only_public=only_public)
    commitments = (*promises.moved(base), *made)
    known = {one.id for one in commitments}
    assertions = [a if a.commitment in known else replace(a, commitment=None) for a in assertions]
    days = [base.as_of, *(a.date for a in assertions), *([last.at.date()] if last else [])]
    process = replace(base, commitments=commitments, assertions=tuple(assertions), as_of=max(days))
    found = results(process)
    said = Assertion.objects.aggregate(last=Max("at"))["last"] or ProcessRow.objects.get().created_at
    at = max(last.at, public_statements().aggregate(last=Max("at"))["last"] or last.at) if last else said
    return Shown(key, process, found, overall(process, found), last.number if last else 0, at, dict(statements))


def attestation_visible(viewer: Viewer, name: str) -> Attestation:
    """Give an attested assertion that the viewer may read: the public, once it is published as it stands.

    Raises
    ------
    NotYoursError
        If there is none, or it is not the viewer's to read.
    """
    found = next((one for one in attestations() if one.said.id == name), None)
    if found is None:
        raise NotYoursError("no such assertion")
    last = last_publication()
    facts = frozenset({"released"}) if last and name in last.content["statements"] else frozenset[str]()
    require(viewer, "read", Thing("assertion", found.said.party, facts))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the public record: a publication, or statements that came in together."""

    kind: str
    name: str
    number: int
    count: int
    at: dt.datetime


def changes() -> list[Change]:
    """Give the changes of the public record, the latest first."""
    published = [
        Change("publication", f"publication-{p.number}", p.number, len(p.content["assertions"]), p.at)
        for p in Publication.objects.order_by("-number")[:50]
    ]
    said = public_statements().values("at").annotate(count=Count("id")).order_by("-at")[:50]
    told = [
        Change("statements", f"statements-{row['at'].isoformat()}", row["count"], row["count"], row["at"])
        for row in said
    ]
    return sorted([*published, *told], key=lambda change: change.at, reverse=True)


@dataclass(frozen=True, slots=True)
class EmbargoRow:
    """One subject under the viewer's embargo, or no more.

    Attributes
    ----------
    subject
        Movement, or series of totals.
    told
        What is attested of it, by whomever.
    lifted
        Whether the viewer's party has lifted its embargo.
    waits
        Parties that have not.
    """

    subject: str
    told: tuple[noun.Assertion, ...]
    lifted: bool
    waits: tuple[str, ...]


def embargo_rows(viewer: Viewer) -> list[EmbargoRow]:
    """Give what waits for the viewer's party to lift its embargo, first; then what it has lifted."""
    require(viewer, "lift", Thing("result", viewer.party))
    open_ones, known = lifted(), talks()
    groups: dict[str, list[noun.Assertion]] = {}
    for a in attested():
        if viewer.party in must_lift(a, known):
            groups.setdefault(subject_of(a), []).append(a)
    rows = []
    for subject, told in groups.items():
        asked = frozenset().union(*(must_lift(a, known) for a in told))
        waits = tuple(sorted(side for side in asked if (side, subject) not in open_ones))
        rows.append(
            EmbargoRow(subject, tuple(sorted(told, key=lambda a: a.party)), (viewer.party, subject) in open_ones, waits)
        )
    return sorted(rows, key=lambda row: (row.lifted, -row.told[0].date.toordinal(), row.subject))


def subject_of(a: noun.Assertion) -> str:
    """Name what an embargo is lifted for: the movement, or the series of totals."""
    if a.movement is not None:
        return a.movement
    ends = (a.direction.giver, a.direction.receiver) if a.direction else ("", "")
    return ":".join(["total", a.party, a.unit or "", *ends, a.category or "", a.commitment or ""])


def must_lift(a: noun.Assertion, process: Process) -> frozenset[str]:
    """Name the sides that must have lifted the embargo before this figure is published.

    Where the process has an embargo, both sides of the movement; else the party itself, if it is a side.
    """
    sides = {party.code for party in process.sides}
    ends = {a.direction.giver, a.direction.receiver} if a.direction else sides
    return frozenset(sides & (ends if process.rules.embargo else {a.party}))


def entry_of(statement: str) -> int | None:
    """Give the number of a statement's entry; None while it is on its way."""
    return Statement.objects.filter(name=statement).values_list("index", flat=True).first()


def statement_of(name: str) -> Statement | None:
    """Give a statement by its name."""
    return Statement.objects.filter(name=name).first()


def publication_bytes(viewer: Viewer, number: int) -> bytes:
    """Give a publication as the bytes whose hash stands in the record.

    Raises
    ------
    NotYoursError
        If there is none of that number.
    """
    row = publications(viewer).filter(number=number).first()
    if row is None:
        raise NotYoursError("no such publication")
    return canonical_bytes(row.content)


def commitment_titles() -> dict[str, str]:
    """Give every commitment that figures may be ascribed to, with its title."""
    return {one.id: one.title for one in talks().commitments} | promises.titles()


def commitment_codes() -> frozenset[str]:
    """Name every commitment that figures may be ascribed to."""
    return frozenset(commitment_titles())
