"""Merges what the devices of a day have signed: a union of statements, so order, repeats and partitions do not matter.

Only one thing replaces a statement: a later one of the same role that names it. Clocks decide nothing. Two devices of
one role that say different things of one number are a conflict, and both stay until that role itself corrects one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from goodoffices.domain.handover import OF_A_NUMBER, Day, Say, Statement
from goodoffices.domain.process import Role
from goodoffices.flow.handover.signed import Received

_FAR = dt.timedelta(hours=36)
"""A clock further than this from the hour of the manifest is shown as such."""


class Mark(StrEnum):
    """What is to be known of a statement; a mark deletes nothing."""

    REVOKED = "revoked"
    FORK = "fork"
    NOT_THEIRS = "not_theirs"
    NAMES_UNKNOWN = "names_unknown"
    CLOCK_BACK = "clock_back"
    CLOCK_FAR = "clock_far"


@dataclass(frozen=True, slots=True)
class Revocations:
    """What the log knows: its order decides, no device's clock.

    Attributes
    ----------
    keys
        Public key to the index of the entry that ended its mandate.
    arrived
        SHA-256 of a file of statements to the index under which it was logged.
    """

    keys: Mapping[str, int] = field(default_factory=dict)
    arrived: Mapping[str, int] = field(default_factory=dict)

    def counts(self, received: Received) -> bool:
        """Whether one of the file's keys was in force when the file was logged."""
        when = self.arrived.get(received.sha256)
        return any(key not in self.keys or (when is not None and when < self.keys[key]) for key in received.keys)


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as it stands in the merged day.

    Attributes
    ----------
    statement
        What was said.
    id
        Its identifier.
    live
        Whether it counts: not replaced, not undone, its key in force.
    replaced_by
        Identifiers of the live statements that name it.
    marks
        What is to be known of it.
    files
        SHA-256 of the files that it came in.
    """

    statement: Statement
    id: str
    live: bool
    replaced_by: tuple[str, ...]
    marks: frozenset[Mark]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Devices of one role that say different things of one number, or of the act; both stay.

    Attributes
    ----------
    role, item
        Whose, and of which number; item None is the act.
    said
        Pairs of what is said and the statement's identifier.
    """

    role: Role
    item: str | None
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """One day of one transfer from every file that has come in.

    Attributes
    ----------
    day
        Its manifest.
    kept
        Every statement, by role, device, place in its chain, identifier.
    """

    day: Day
    kept: tuple[Kept, ...]

    def said(self, role: Role) -> dict[str, tuple[Say, ...]]:
        """Give what a role says of each number: nothing yet, one thing, or several where its devices differ."""
        found: dict[str, set[Say]] = {item.number: set() for item in self.day.items}
        for kept in self.kept:
            one = kept.statement
            if kept.live and one.role is role and one.say in OF_A_NUMBER and one.item is not None:
                found[one.item].add(one.say)
        return {number: tuple(sorted(says)) for number, says in found.items()}

    def live(self, role: Role, say: Say) -> tuple[Kept, ...]:
        """Give the statements of one kind that count for a role."""
        return tuple(
            kept for kept in self.kept if kept.live and (kept.statement.role, kept.statement.say) == (role, say)
        )

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where one role says different things; never resolved here."""
        groups: dict[tuple[Role, str | None], set[tuple[str, str]]] = defaultdict(set)
        for kept in self.kept:
            one = kept.statement
            if kept.live and one.say in OF_A_NUMBER:
                groups[one.role, one.item].add((one.say.value, kept.id))
            elif kept.live and one.say is Say.ACT_SIGNED and one.scope is not None:
                groups[one.role, None].add((one.scope.value, kept.id))
        order = {item.number: place for place, item in enumerate(self.day.items)}
        found = [
            Conflict(role, item, tuple(sorted(said)))
            for (role, item), said in groups.items()
            if len({what for what, _ in said}) > 1
        ]
        return tuple(sorted(found, key=lambda one: (one.role, order.get(one.item or "", -1))))

    @property
    def discrepancies(self) -> tuple[tuple[str, tuple[tuple[Role, Say], ...]], ...]:
        """Numbers of which two roles say different things, each of them without a conflict of its own."""
        said = {role: self.said(role) for role in self.day.roles}
        found = []
        for item in self.day.items:
            ones = tuple((role, says[item.number][0]) for role, says in said.items() if len(says[item.number]) == 1)
            if len({say for _, say in ones}) > 1:
                found.append((item.number, ones))
        return tuple(found)


def merge(day: Day, received: Iterable[Received], revocations: Revocations | None = None) -> Merged:
    """Merge every file that has come in.

    Parameters
    ----------
    day
        The manifest.
    received
        Files after `receive`, in any order, any of them more than once; those with problems add nothing.
    revocations
        Keys whose mandate has ended, by the log's order.

    Returns
    -------
    Merged
        The same for the same set of files.
    """
    known = revocations or Revocations()
    statements: dict[str, Statement] = {}
    files: dict[str, set[str]] = defaultdict(set)
    in_force: set[str] = set()
    for one in received:
        counts = known.counts(one)
        for statement in one.statements:
            name = statement.id
            statements[name] = statement
            files[name].add(one.sha256)
            if counts:
                in_force.add(name)
    named_by = _named_by(statements, in_force)
    live = _live(statements, named_by, in_force)
    marks = _marks(day, statements, in_force)
    kept = [
        Kept(
            statement,
            name,
            name in live,
            tuple(sorted(later for later in named_by[name] if later in live)),
            frozenset(marks[name]),
            tuple(sorted(files[name])),
        )
        for name, statement in statements.items()
    ]
    kept.sort(key=lambda one: (one.statement.role, one.statement.device, one.statement.n, one.id))
    return Merged(day, tuple(kept))


def _named_by(statements: Mapping[str, Statement], in_force: set[str]) -> dict[str, list[str]]:
    """Give for each statement those of the same role, on the same number, that name it and may do so."""
    found: dict[str, list[str]] = {name: [] for name in statements}
    for name, statement in statements.items():
        if name in in_force:
            for earlier in statement.about:
                if earlier in statements and _may_replace(statement, statements[earlier]):
                    found[earlier].append(name)
    return found


def _may_replace(later: Statement, earlier: Statement) -> bool:
    return later.role is earlier.role and later.item == earlier.item


def _live(statements: Mapping[str, Statement], named_by: Mapping[str, list[str]], in_force: set[str]) -> set[str]:
    """Tell which statements count: in force, and named by none that counts; an undone correction brings back the first.

    A name is a hash of what it names, so there is no ring; the walk keeps its own stack as chains may be long.
    """
    verdict: dict[str, bool] = {name: False for name in statements if name not in in_force}
    for start in statements:
        stack = [start]
        while stack:
            name = stack[-1]
            waiting = [later for later in named_by[name] if later not in verdict] if name not in verdict else []
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if name not in verdict:
                verdict[name] = not any(verdict[later] for later in named_by[name])
    return {name for name, counts in verdict.items() if counts}


def _marks(day: Day, statements: Mapping[str, Statement], in_force: set[str]) -> dict[str, set[Mark]]:
    places: dict[tuple[str, int], int] = defaultdict(int)
    for one in statements.values():
        places[one.device, one.n] += 1
    found = {}
    for name, one in statements.items():
        marks = {Mark.REVOKED} if name not in in_force else set()
        if places[one.device, one.n] > 1:
            marks.add(Mark.FORK)
        found[name] = marks | _clock_marks(day, one, statements.get(one.previous)) | _name_marks(one, statements)
    return found


def _clock_marks(day: Day, one: Statement, before: Statement | None) -> set[Mark]:
    at = dt.datetime.fromisoformat(one.at)
    marks = {Mark.CLOCK_FAR} if abs(at - day.starts) > _FAR else set()
    if before is not None and at < dt.datetime.fromisoformat(before.at):
        marks.add(Mark.CLOCK_BACK)
    return marks


def _name_marks(one: Statement, statements: Mapping[str, Statement]) -> set[Mark]:
    earlier = [statements.get(name) for name in one.about]
    return {
        Mark.NAMES_UNKNOWN if found is None else Mark.NOT_THEIRS
        for found in earlier
        if found is None or not _may_replace(one, found)
    }
