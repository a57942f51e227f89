"""The single negotiating text: clauses, forks, attributed alternatives, in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

CHAIR = "chair"
NOBODY = "*"
"""Stands for every holder where none may be named."""


class Mark(StrEnum):
    """How a holder stands to a wording."""

    HELD = ""
    RESERVED = "!"
    UNTABLED = "?"


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """Who holds a wording, and how."""

    code: str
    mark: Mark = Mark.HELD

    def __str__(self) -> str:
        return self.code + self.mark.value


@dataclass(frozen=True, slots=True)
class Alternative:
    """One bracketed wording with those who hold it; an empty wording proposes to delete."""

    wording: Wording
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """One place of the text with its alternatives."""

    alternatives: tuple[Alternative, ...]


Wording = tuple["str | Fork", ...]
"""Text and forks in turn: no empty text, no two texts and no two forks side by side."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its stable identifier; `line` is where it stood in its file."""

    id: str
    wording: Wording
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """An empty line, or a remark of the chair; never part of a view."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One language of the single text.

    Attributes
    ----------
    head
        The `@key value` lines in order.
    items
        Clauses and what stands between them, in order.
    """

    head: tuple[tuple[str, str], ...]
    items: tuple[Clause | Remark, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses alone, in order."""
        return tuple(item for item in self.items if isinstance(item, Clause))

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that the head names, else everyone who holds a wording."""
        for key, value in self.head:
            if key == "parties":
                return tuple(value.split())
        found = {holder.code for clause in self.clauses for holder in holders_of(clause.wording)}
        return tuple(sorted(found - {CHAIR}))

    def value(self, key: str) -> str:
        """Give the value of one head line, empty if there is none."""
        return next((value for name, value in self.head if name == key), "")


def holders_of(wording: Wording) -> Iterator[Holder]:
    """Go through every holder in a wording, nested ones too."""
    for fork in forks_of(wording):
        for alternative in fork.alternatives:
            yield from alternative.holders


def forks_of(wording: Wording) -> Iterator[Fork]:
    """Go through every fork in a wording, outer ones first."""
    for node in wording:
        if isinstance(node, Fork):
            yield node
            for alternative in node.alternatives:
                yield from forks_of(alternative.wording)


def joined(nodes: list[str | Fork]) -> Wording:
    """Make a wording of nodes: empty text goes, neighbouring texts join, neighbouring forks become one."""
    out: list[str | Fork] = []
    for node in nodes:
        last = out[-1] if out else None
        if isinstance(node, str) and not node:
            continue
        if isinstance(node, str) and isinstance(last, str):
            out[-1] = last + node
        elif isinstance(node, Fork) and isinstance(last, Fork):
            out[-1] = Fork(last.alternatives + node.alternatives)
        else:
            out.append(node)
    return tuple(out)


def plain(wording: Wording) -> str:
    """Write a wording as plain text, nested alternatives parted by a slash."""
    return "".join(
        node if isinstance(node, str) else " / ".join(plain(choice.wording) or "—" for choice in node.alternatives)
        for node in wording
    )
