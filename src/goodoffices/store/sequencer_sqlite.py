"""The sequencer's database in one SQLite file: write-ahead log, one fsync a transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError, VerificationError

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS node (id INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, note BLOB NOT NULL);
"""


class SqliteBase:
    """A log in one file; one connection writes, one reads."""

    def __init__(self, path: Path) -> None:
        try:
            self._writer = self._open(path)
            self._writer.executescript(_TABLES)
            self._reader = self._open(path)
        except sqlite3.Error as error:
            raise InputError(Fault(str(path), "", "", str(error), "a database of the ledger")) from error
        self._reading = threading.Lock()

    def head(self) -> bytes | None:
        """Give the signed head, or None in a new log."""
        row = self._writer.execute("SELECT note FROM head").fetchone()
        return None if row is None else bytes(row[0])

    def commit(
        self, old: int, entries: Sequence[bytes], *, nodes: tuple[int, Sequence[bytes]], head: tuple[int, bytes]
    ) -> None:
        """Write everything in one durable transaction, if the head's size is still `old`."""
        base, (place, hashes) = self._writer, nodes
        base.execute("BEGIN IMMEDIATE")
        try:
            self._replace(old, *head)
            base.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(entries, max(old, 0)))
            base.executemany("INSERT INTO node VALUES (?, ?)", enumerate(hashes, place))
            base.execute("COMMIT")
        except BaseException:
            if base.in_transaction:
                base.execute("ROLLBACK")
            raise

    def _replace(self, old: int, size: int, note: bytes) -> None:
        if old < 0:
            changed = self._writer.execute("INSERT OR IGNORE INTO head VALUES (1, ?, ?)", (size, note))
        else:
            changed = self._writer.execute("UPDATE head SET size = ?, note = ? WHERE size = ?", (size, note, old))
        if changed.rowcount != 1:
            raise VerificationError("another process has written to this log")

    def nodes(self, places: Sequence[int]) -> list[bytes]:
        """Give complete subtrees by `stored_index`, in the order asked for."""
        if not places:
            return []
        marks = ",".join("?" * len(places))
        with self._reading:
            rows = self._reader.execute(f"SELECT id, hash FROM node WHERE id IN ({marks})", places)  # noqa: S608
            found = dict(rows.fetchall())
        return [found[place] for place in places]

    def entries(self, start: int, stop: int) -> list[bytes]:
        """Give entries."""
        with self._reading:
            rows = self._reader.execute("SELECT data FROM entry WHERE id >= ? AND id < ? ORDER BY id", (start, stop))
            return [row[0] for row in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._reader.close()
        self._writer.close()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        base = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("PRAGMA wal_autocheckpoint = 8000")
        return base
