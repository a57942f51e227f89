"""The sequencer's database in PostgreSQL, by a connection string; needs the optional package psycopg."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from typing import Any

from goodoffices.domain.errors import Fault, InputError, VerificationError

_TABLES = (
    "CREATE TABLE IF NOT EXISTS ledger_entry (id BIGINT PRIMARY KEY, data BYTEA NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ledger_node (id BIGINT PRIMARY KEY, hash BYTEA NOT NULL)",
    (
        "CREATE TABLE IF NOT EXISTS ledger_head "
        "(one INT PRIMARY KEY CHECK (one = 1), size BIGINT NOT NULL, note BYTEA NOT NULL)"
    ),
)


class PostgresBase:
    """A log in three tables; one connection writes, one reads."""

    def __init__(self, dsn: str) -> None:
        try:
            psycopg = importlib.import_module("psycopg")
        except ImportError as error:
            raise InputError(
                Fault("psycopg", "", "", "not installed", "the extra: pip install 'goodoffices[postgres]'")
            ) from error
        try:
            self._writer: Any = psycopg.connect(dsn, autocommit=True)
            self._reader: Any = psycopg.connect(dsn, autocommit=True)
            self._writer.execute("SET synchronous_commit = on")
            for table in _TABLES:
                self._writer.execute(table)
        except psycopg.Error as error:
            raise InputError(
                Fault("PostgreSQL", "", "", str(error).strip(), "a database that can be written")
            ) from error
        self._reading = threading.Lock()

    def head(self) -> bytes | None:
        """Give the signed head, or None in a new log."""
        row = self._writer.execute("SELECT note FROM ledger_head").fetchone()
        return None if row is None else bytes(row[0])

    def commit(
        self, old: int, entries: Sequence[bytes], *, nodes: tuple[int, Sequence[bytes]], head: tuple[int, bytes]
    ) -> None:
        """Write everything in one durable transaction, if the head's size is still `old`.

        Raises
        ------
        VerificationError
            If another process has written.
        """
        base, (place, hashes), (size, note) = self._writer, nodes, head
        with base.transaction():
            row = base.execute("SELECT size FROM ledger_head FOR UPDATE").fetchone()
            if (-1 if row is None else row[0]) != old:
                raise VerificationError("another process has written to this log")
            with base.cursor() as cursor:
                _copy(cursor, "ledger_entry (id, data)", max(old, 0), entries)
                _copy(cursor, "ledger_node (id, hash)", place, hashes)
                cursor.execute(
                    "INSERT INTO ledger_head VALUES (1, %s, %s) "
                    "ON CONFLICT (one) DO UPDATE SET size = excluded.size, note = excluded.note",
                    (size, note),
                )

    def nodes(self, places: Sequence[int]) -> list[bytes]:
        """Give complete subtrees by `stored_index`, in the order asked for."""
        if not places:
            return []
        with self._reading:
            rows = self._reader.execute(
                "SELECT id, hash FROM ledger_node WHERE id = ANY(%s)", (list(places),)
            ).fetchall()
        found = {row[0]: bytes(row[1]) for row in rows}
        return [found[place] for place in places]

    def entries(self, start: int, stop: int) -> list[bytes]:
        """Give entries."""
        query = "SELECT data FROM ledger_entry WHERE id >= %s AND id < %s ORDER BY id"
        with self._reading:
            return [bytes(row[0]) for row in self._reader.execute(query, (start, stop)).fetchall()]

    def close(self) -> None:
        """Let go of the database."""
        self._reader.close()
        self._writer.close()


def _copy(
    cursor: Any,  # noqa: ANN401  psycopg is optional: its types are not at hand
    table: str,
    start: int,
    values: Sequence[bytes],
) -> None:
    if len(values) < 8:
        cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s)", list(enumerate(values, start)))  # noqa: S608
        return
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for place, value in enumerate(values, start):
            copy.write_row((place, value))
