"""What is in force: a pure function of the entries below a head. It never fails open.

A statement is in force if, below a head that meets the quorum of the charter then valid, it is followed by a valid
signed consent of every role that the charter names for its kind and of every role that the entry itself asks for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.charter import Charter, approvals, parse_charter
from goodoffices.engines.ledger.entry import Entry, consent_text, parse_entry
from goodoffices.engines.ledger.note import open_note, parse_note

_NO_STATEMENT = {"consent", "erasure"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the log that was passed over, and why.

    Attributes
    ----------
    index
        Entry.
    why
        In words.
    """

    index: int
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement stands.

    Attributes
    ----------
    index
        Its entry.
    kind
        Of the entry.
    statement
        Its identifier.
    in_force
        Whether it binds.
    signed
        Roles that have validly consented, in order.
    missing
        Roles that have not yet.
    lacks
        What else is missing: `quorum`, `charter`, `rule`, `unique`, or empty.
    erased
        Whether its content was erased.
    followed_by
        Entries that name it as the one they continue, correct or object to.
    """

    index: int
    kind: str
    statement: str
    in_force: bool
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    erased: bool = False
    followed_by: tuple[int, ...] = ()


@dataclass(slots=True)
class _Statement:
    index: int
    entry: Entry
    charter: Charter | None
    signed: dict[str, str] = field(default_factory=dict)
    double: bool = False
    proposed: Charter | None = None


@dataclass(slots=True)
class Reading:
    """A log as it is read entry by entry.

    Attributes
    ----------
    origin
        Of the log; every consent must name it.
    size
        Entries read.
    charters
        Every charter that came into effect, with the index from which it holds.
    findings
        What was passed over.
    """

    origin: str
    size: int = 0
    charters: list[tuple[int, Charter]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _statements: dict[str, _Statement] = field(default_factory=dict)
    _plain: list[_Statement] = field(default_factory=list)
    _erased: set[int] = field(default_factory=set)
    _followers: dict[int, list[int]] = field(default_factory=dict)

    @property
    def charter(self) -> Charter | None:
        """The charter in effect after the last entry read."""
        return self.charters[-1][1] if self.charters else None

    def take(self, entries: Iterable[bytes]) -> Reading:
        """Read further entries, in order."""
        for data in entries:
            try:
                self._take(parse_entry(data))
            except VerificationError as error:
                self.findings.append(Finding(self.size, str(error)))
            self.size += 1
        return self

    def standings(self, *, quorum_met: bool) -> tuple[Standing, ...]:
        """Tell where every statement stands below a head of exactly this size."""
        return tuple(self._standing(found, quorum_met=quorum_met) for found in self._plain)

    def standing(self, index: int, *, quorum_met: bool) -> Standing | None:
        """Tell where the statement of one entry stands; None if the entry is no statement or cannot be read."""
        place = bisect_left(self._plain, index, key=lambda found: found.index)
        if place == len(self._plain) or self._plain[place].index != index:
            return None
        return self._standing(self._plain[place], quorum_met=quorum_met)

    def _take(self, entry: Entry) -> None:
        if entry.previous is not None:
            if entry.previous >= self.size:
                raise VerificationError(f"entry: previous names {entry.previous}, which is not before it")
            self._followers.setdefault(entry.previous, []).append(self.size)
        if entry.kind == "consent":
            self._consent(entry)
        elif entry.kind == "erasure":
            self._erased.add(-1 if entry.previous is None else entry.previous)
        else:
            self._statement(entry)

    def _statement(self, entry: Entry) -> None:
        found = _Statement(self.size, entry, self.charter)
        self._plain.append(found)
        if entry.statement:
            first = self._statements.setdefault(entry.statement, found)
            if first is not found:
                first.double = found.double = True
                raise VerificationError(f"two statements are named {entry.statement!r}; neither can be in force")
        if entry.kind == "policy":
            self._policy(found)

    def _policy(self, found: _Statement) -> None:
        charter = parse_charter((found.entry.fields or {}).get("document"))
        if charter.hash != found.entry.commitment:
            raise VerificationError("charter: the commitment is not the hash of the document")
        if not self.charters:
            if charter.previous:
                raise VerificationError("charter: the first one names a previous one")
            self.charters.append((self.size, charter))
            found.charter = charter
        found.proposed = charter

    def _consent(self, entry: Entry) -> None:
        charter = self.charter
        found = self._statements.get(entry.statement)
        if charter is None or found is None:
            raise VerificationError("consent: no charter or no such statement before it")
        role = entry.text_of("role")
        key = charter.keys.get(role)
        if key is None:
            raise VerificationError(f"consent: the charter knows no role {role!r}")
        note = parse_note(entry.text_of("note").encode())
        commitment = found.entry.commitment
        expected = consent_text(self.origin, entry.statement, commitment=commitment or "-", policy_hash=charter.hash)
        if note.text != expected:
            raise VerificationError("consent: names another log, statement, commitment or charter")
        open_note(note, [key])
        found.signed.setdefault(role, charter.hash)
        if found.proposed is not None and found.proposed.previous == charter.hash and not found.double:
            self._change(found, charter)

    def _change(self, found: _Statement, old: Charter) -> None:
        new = found.proposed
        valid = {role for role, under in found.signed.items() if under == old.hash}
        if new is not None and any(valid >= set(roles) for roles in approvals(old, new)):
            self.charters.append((self.size, new))

    def _standing(self, found: _Statement, *, quorum_met: bool) -> Standing:
        charter = found.charter or self.charter
        needed = set(found.entry.roles)
        lacks = [] if quorum_met else ["quorum"]
        if charter is None:
            lacks.append("charter")
        else:
            rule = charter.change if found.proposed is not None else charter.needed(found.entry.kind)
            lacks += [] if rule is not None else ["rule"]
            needed |= set(rule or ())
        if found.double or not found.entry.statement or not found.entry.commitment:
            lacks.append("unique" if found.double else "statement")
        missing = tuple(sorted(needed - set(found.signed)))
        agreed = not missing and bool(needed)
        if found.proposed is not None:
            agreed = any(charter.hash == found.proposed.hash for _, charter in self.charters)
            missing = () if agreed else missing
        return Standing(
            found.index,
            found.entry.kind,
            found.entry.statement,
            agreed and not lacks,
            tuple(sorted(found.signed)),
            missing,
            tuple(lacks),
            found.index in self._erased,
            tuple(self._followers.get(found.index, ())),
        )


def summary(standings: Iterable[Standing]) -> Mapping[str, int]:
    """Count the statements in force and those that lack something."""
    counts = {"in_force": 0, "open": 0}
    for found in standings:
        counts["in_force" if found.in_force else "open"] += 1
    return counts
