"""Reads of the record: heads for anyone, entries for those whom they concern."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.frame.told import told
from goodoffices.desk.ledger.models import Consent, Statement
from goodoffices.desk.ledger.standing import Book, book
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import neutral, neutrals
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.engines.ledger.checkpoint import Head
from goodoffices.engines.ledger.force import Standing
from goodoffices.engines.ledger.receipt import Receipt
from goodoffices.store.asks import content_of, entry_at, policy_of, receipt_of, receipt_under


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One head as a page shows it."""

    size: int
    root: str
    cosigned: tuple[tuple[str, dt.datetime], ...]
    binds: bool


@dataclass(frozen=True, slots=True)
class Witnessed:
    """How far one party has cosigned.

    Attributes
    ----------
    role, name
        Code of the party, name of its witness's key.
    size
        Of the last head it cosigned, 0 if none.
    at
        When, as it claims.
    behind
        Entries since then.
    """

    role: str
    name: str
    size: int
    at: dt.datetime | None
    behind: int


@dataclass(frozen=True, slots=True)
class Record:
    """The heads, and who stands where."""

    origin: str
    size: int
    root: str
    heads: tuple[HeadRow, ...]
    witnesses: tuple[Witnessed, ...]
    bound: int
    charter: str

    @property
    def unbound(self) -> int:
        """Entries above the newest head that binds: nothing among them is in force."""
        return self.size - self.bound

    @property
    def lagging(self) -> tuple[Witnessed, ...]:
        """Those who have not cosigned the present head, the farthest behind first."""
        return tuple(sorted((w for w in self.witnesses if w.behind), key=lambda w: -w.behind))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as a list shows it; `statement` is None where the reader sees kind and number only."""

    index: int
    kind: str
    statement: Statement | None
    standing: Standing | None


def opened() -> Book:
    """Give this desk's log, read as far as it goes."""
    found = book(settings.WORKSPACE / "log")
    found.read_on()
    return found


def record(viewer: Viewer, *, most: int = 12) -> Record:
    """Give the heads, and up to where each party has cosigned."""
    require(viewer, "read", Thing("head"))
    found = opened()
    head = found.head("checkpoint")
    size = head.checkpoint.size
    last: dict[str, tuple[int, int]] = {}
    policy = {name: role for role, name in _witnesses(found).items()}
    shown: list[HeadRow] = []
    for one in found.heads():
        for name, time in one.times.items():
            last.setdefault(name, (one.checkpoint.size, time))
        if len(shown) < most and (one.times or one is head):
            shown.append(_row(one))
        if len(shown) >= most and set(last) >= set(policy):
            break
    rows, keys = [], policy_of(found.folder).witnesses
    for name, role in sorted(policy.items(), key=lambda pair: pair[1]):
        seen, time = last.get(name, (0, 0))
        rows.append(
            Witnessed(
                role,
                keys[name].name if name in keys else name,
                seen,
                dt.datetime.fromtimestamp(time, dt.UTC) if seen else None,
                size - seen,
            )
        )
    charter = found.charter
    return Record(
        head.checkpoint.origin,
        size,
        head.checkpoint.root.hex(),
        tuple(shown),
        tuple(rows),
        found.bound.size,
        charter.hash if charter else "",
    )


def _row(head: Head) -> HeadRow:
    times = tuple((name, dt.datetime.fromtimestamp(time, dt.UTC)) for name, time in sorted(head.times.items()))
    return HeadRow(head.checkpoint.size, head.checkpoint.root.hex(), times, head.quorum_met)


def _witnesses(found: Book) -> dict[str, str]:
    charter = found.charter
    return dict(charter.witnesses) if charter else {}


def signing_roles() -> frozenset[str]:
    """Name the roles that have a key in the charter, or will once it is under a head: who can be asked to sign."""
    found = opened()
    return frozenset(found.charter.keys if found.charter else policy_of(found.folder).witnesses)


def entries(viewer: Viewer, *, kind: str = "", before: int | None = None, most: int = 50) -> list[EntryRow]:
    """List statements, the newest first: all of their kinds and numbers, the words of those that concern the viewer.

    Raises
    ------
    NotYoursError
        If the viewer reads heads alone.
    """
    if not any(may(viewer, "read", Thing("entry", facts=frozenset({fact}))) for fact in ("party_named", "neutral")):
        raise NotYoursError("entries are for those whom they concern")
    found = opened()
    rows = Statement.objects.filter(index__isnull=False).order_by("-index")
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(index__lt=before)
    return [
        EntryRow(row.index or 0, row.kind, row if may_read(viewer, row) else None, found.standing(row.index or 0))
        for row in rows[:most]
    ]


def may_read(viewer: Viewer, statement: Statement) -> bool:
    """Whether the viewer may read what a statement says."""
    return may(viewer, "read", Thing("entry", statement.owner, facts_of(viewer, statement)))


def readable(viewer: Viewer, indices: Iterable[int | None]) -> frozenset[int]:
    """Give those of some entries whose page the viewer may open."""
    rows = Statement.objects.filter(index__in=[index for index in indices if index is not None])
    return frozenset(row.index for row in rows if row.index is not None and may_read(viewer, row))


def may_consent(viewer: Viewer, statement: Statement) -> bool:
    """Whether the viewer's party is asked for its consent, and he may bring it."""
    return may(viewer, "consent", Thing("entry", statement.owner, facts_of(viewer, statement)))


def facts_of(viewer: Viewer, statement: Statement) -> frozenset[str]:
    """State what is true of a statement for a viewer, in the words of the access table."""
    facts = set()
    if viewer.party and viewer.party in {statement.owner, *statement.roles}:
        facts.add("party_named")
    if viewer.party and viewer.party in statement.roles:
        facts.add("role_named")
    if statement.owner in neutrals() or neutral().code in statement.roles:
        facts.add("neutral")
    return frozenset(facts)


def statement_at(viewer: Viewer, index: int) -> Statement:
    """Give the statement of an entry that the viewer may read.

    Raises
    ------
    NotYoursError
        If there is none, or it is not his to read.
    """
    row = Statement.objects.filter(index=index).first()
    if row is None or not may_read(viewer, row):
        raise NotYoursError("no such entry")
    return row


def statement_to_sign(viewer: Viewer, index: int) -> Statement:
    """Give the statement of an entry that asks for the consent of the viewer's party.

    Raises
    ------
    NotYoursError
        If there is none, or it does not ask him.
    """
    row = Statement.objects.filter(index=index).first()
    if row is None or not may_consent(viewer, row):
        raise NotYoursError("no such entry to sign")
    return row


def consents(statement: Statement) -> list[Consent]:
    """Give the roles that a statement asks, and what they have signed."""
    return list(statement.consents.order_by("role"))


def waiting(viewer: Viewer) -> QuerySet[Consent]:
    """Give what waits for the signature of the viewer's party; nothing to a member who may not bring it."""
    if not may(viewer, "consent", Thing("entry", facts=frozenset({"role_named"}))):
        return Consent.objects.none()
    rows = Consent.objects.filter(role=viewer.party, note="", statement__index__isnull=False)
    return rows.select_related("statement").order_by("statement__index")


def content(statement: Statement) -> Json:
    """Give what a statement says; None once it was erased."""
    if statement.index is None:
        return json.loads(json.dumps(statement.content))  # type: ignore[no-any-return]
    try:
        return content_of(settings.WORKSPACE / "vault", statement.name)[0]
    except InputError:
        return None


def receipt(index: int) -> Receipt:
    """Prove an entry: under the newest head that binds if it covers the entry, else under the present head."""
    found = opened()
    for head in found.heads():
        if head.quorum_met and head.checkpoint.size > index:
            return receipt_under(found.folder, index, bytes(head.note))
    return receipt_of(found.folder, index)


def entry_text(index: int) -> str:
    """Give an entry as it stands in the log."""
    return entry_at(opened().folder, index).decode()


def standing(index: int) -> Standing | None:
    """Tell where the statement of an entry stands."""
    return opened().standing(index)


def names() -> dict[str, str]:
    """Give the parties' names by their codes."""
    return {code: told(name) for code, name in Party.objects.values_list("code", "name")}
