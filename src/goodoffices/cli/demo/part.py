"""What a part of the demo gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from goodoffices.domain.canonical import Json


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done and belongs into the record.

    Attributes
    ----------
    kind
        Kind of the ledger's entry, such as `list_sealed`.
    statement
        Identifier of the statement, unique in the demo.
    content
        What the entry commits to; stays in the vault.
    roles
        Roles whose consent the statement needs, such as `A`, `B`, `neutral`.
    """

    kind: str
    statement: str
    content: Mapping[str, Json]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a part of the demo did.

    Attributes
    ----------
    lines
        A few lines for the summary on the terminal.
    pages
        Pages and files worth opening, best first: path relative to the workspace and a caption.
    acts
        What belongs into the record.
    """

    lines: tuple[str, ...]
    pages: tuple[tuple[str, str], ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What a part of the demo works with.

    Attributes
    ----------
    folder
        The workspace; each part writes below a folder of its own name.
    scale
        1.0 is the public record's scale; smaller is faster.
    seed
        Of everything invented.
    say
        Shows one line of progress.
    acts
        What earlier parts did, in order.
    """

    folder: Path
    scale: float
    seed: int
    say: Callable[[str], None]
    acts: tuple[Act, ...] = field(default=())

    def size(self, full: int, least: int = 10) -> int:
        """Give a number at the demo's scale, never below `least`."""
        return max(least, round(full * self.scale))
