"""The vault: what ledger entries commit to, each content under a key of its own, erasable one by one.

Contents lie encrypted in one database; salts and keys lie in another, so that a back-up may hold the first and not
the second: without its key a content that was erased stays unreadable in every copy.
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from types import TracebackType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goodoffices.domain.errors import Fault, InputError, VerificationError

_CONTENT = "CREATE TABLE IF NOT EXISTS content (name TEXT PRIMARY KEY, nonce BLOB NOT NULL, sealed BLOB NOT NULL)"
_KEY = "CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, salt BLOB NOT NULL, key BLOB NOT NULL)"


class Vault:
    """Contents by name; `content.sqlite` may be backed up, `keys.sqlite` must not."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._contents = _open(folder / "content.sqlite", _CONTENT)
            self._secrets = _open(folder / "keys.sqlite", _KEY)
        except (OSError, sqlite3.Error) as error:
            raise InputError(Fault(str(folder), "", "", str(error), "a vault, or a place for one")) from error
        self.folder = folder

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both databases."""
        self._contents.close()
        self._secrets.close()

    def put(self, name: str, content: bytes) -> bytes:
        """Keep a content and give the fresh salt for its commitment.

        Raises
        ------
        InputError
            If there is one of that name.
        """
        salt, key, nonce = secrets.token_bytes(32), AESGCM.generate_key(256), secrets.token_bytes(12)
        sealed = AESGCM(key).encrypt(nonce, content, name.encode())
        self._secrets.execute("BEGIN IMMEDIATE")  # one writer at a time; a crash before the commit leaves no content
        try:
            taken = self._has(name)
            if not taken:
                self._contents.execute("INSERT OR REPLACE INTO content VALUES (?, ?, ?)", (name, nonce, sealed))
                self._secrets.execute("INSERT OR REPLACE INTO secret VALUES (?, ?, ?)", (name, salt, key))
            self._secrets.execute("COMMIT")
        except BaseException:
            self._secrets.execute("ROLLBACK")
            raise
        if taken:
            raise InputError(Fault(str(self.folder), "", name, "a content already", "a new name"))
        return salt

    def _has(self, name: str) -> bool:
        secret = self._secrets.execute("SELECT 1 FROM secret WHERE name = ?", (name,)).fetchone()
        return secret is not None and bool(
            self._contents.execute("SELECT 1 FROM content WHERE name = ?", (name,)).fetchone()
        )

    def get(self, name: str) -> tuple[bytes, bytes]:
        """Give a content and its salt.

        Raises
        ------
        InputError
            If there is none, or it was erased.
        VerificationError
            If it was changed.
        """
        row = self._contents.execute("SELECT nonce, sealed FROM content WHERE name = ?", (name,)).fetchone()
        secret = self._secrets.execute("SELECT salt, key FROM secret WHERE name = ?", (name,)).fetchone()
        if row is None or secret is None:
            raise InputError(Fault(str(self.folder), "", name, "nothing, or erased", "a content"))
        try:
            return AESGCM(secret[1]).decrypt(row[0], row[1], name.encode()), secret[0]
        except InvalidTag as error:
            raise VerificationError(f"vault: the content {name} was changed") from error

    def erase(self, name: str) -> None:
        """Remove a content, its salt and its key; freed pages are overwritten.

        Raises
        ------
        InputError
            If there is none.
        """
        gone = self._secrets.execute("DELETE FROM secret WHERE name = ?", (name,)).rowcount
        gone += self._contents.execute("DELETE FROM content WHERE name = ?", (name,)).rowcount
        for base in (self._secrets, self._contents):
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not gone:
            raise InputError(Fault(str(self.folder), "", name, "nothing to erase", "a content"))


def _open(path: Path, table: str) -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level=None, timeout=30)
    path.chmod(0o600)
    base.execute("PRAGMA secure_delete = ON")
    base.execute("PRAGMA synchronous = FULL")
    base.execute(table)
    return base
