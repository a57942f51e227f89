"""The last signed head, kept apart from the log: it refuses a smaller tree, another tree and a second writer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint

_TABLE = "CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)"


@dataclass(frozen=True, slots=True)
class HeadStore:
    """A small database outside the log's folder and outside its back-up.

    Attributes
    ----------
    path
        Of the database.
    """

    path: Path

    def last(self, origin: str) -> Checkpoint | None:
        """Give the last head signed for a log."""
        with closing(self._open()) as base:
            row = base.execute("SELECT size, root FROM head WHERE origin = ?", (origin,)).fetchone()
        return Checkpoint(origin, row[0], row[1]) if row else None

    def swap(self, old: Checkpoint | None, new: Checkpoint) -> None:
        """Replace the last head, if it is still the one that the caller knows, durably before this returns.

        Raises
        ------
        VerificationError
            If another head was signed meanwhile, or the new one is smaller or another tree of the same size.
        """
        if old is not None and (new.size < old.size or (new.size == old.size and new.root != old.root)):
            raise VerificationError(
                f"last signed head: size {old.size}; a head of size {new.size} would be a smaller or another tree"
            )
        with closing(self._open()) as base, base:
            base.execute("BEGIN IMMEDIATE")
            row = base.execute("SELECT size, root FROM head WHERE origin = ?", (new.origin,)).fetchone()
            if (None if row is None else tuple(row)) != (None if old is None else old.head):
                raise VerificationError("last signed head: another process has signed meanwhile")
            base.execute("INSERT OR REPLACE INTO head VALUES (?, ?, ?)", (new.origin, new.size, new.root))

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        base.execute("PRAGMA synchronous = FULL")
        base.execute(_TABLE)
        return base
