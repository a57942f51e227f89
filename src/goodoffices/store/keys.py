"""Key files in a folder that lies outside every log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.keyfile import KINDS, KeyFile, plain, wrap
from goodoffices.engines.ledger.note import SigningKey, VerifierKey
from goodoffices.store.tiles import durable, sync_folder
from goodoffices.store.write import read_bytes

Passphrase = Callable[[str], str]
"""Gives the passphrase for the key of this name."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A folder of key files.

    Attributes
    ----------
    path
        Of the folder.
    """

    path: Path

    def apart_from(self, log: Path) -> Keys:
        """Refuse a folder that lies inside a log, or that a log lies in the place of.

        Raises
        ------
        InputError
            If keys would be published with the log.
        """
        if self.path.resolve().is_relative_to(log.resolve()):
            raise InputError(
                Fault(
                    str(self.path),
                    "",
                    "--keys",
                    "a folder inside the log",
                    "a folder outside: a log is published whole",
                )
            )
        return self

    def find(self, name: str, kind: str) -> KeyFile | None:
        """Find the key of a name and a kind."""
        for path in sorted(self.path.glob("*.key")):
            found = read_key(path)
            if (found.vkey.name, found.kind) == (name, kind):
                return found
        return None

    def of(self, vkey: VerifierKey) -> KeyFile | None:
        """Find the key file of a public key."""
        return next((found for path in sorted(self.path.glob("*.key")) if (found := read_key(path)).vkey == vkey), None)

    def need(self, name: str, kind: str) -> KeyFile:
        """Find a key that must be there.

        Raises
        ------
        InputError
            If it is not.
        """
        found = self.find(name, kind)
        if found is None:
            raise InputError(Fault(str(self.path), "", "", f"no {kind} key of {name}", "its key file (ledger keygen)"))
        return found

    def make(self, name: str, kind: str, *, passphrase: str | None, another: bool = False) -> KeyFile:
        """Make a new key and write its file; without a passphrase the file is not wrapped.

        With `another` a key of that name and kind may be there already: one key then replaces the other by a change
        of the charter.

        Raises
        ------
        InputError
            If there is one of that name and kind already, or the name cannot be a key's.
        """
        if not another and self.find(name, kind) is not None:
            raise InputError(Fault(str(self.path), "", name, f"a {kind} key already", "a name without one"))
        try:
            key = SigningKey.from_seed(name, KINDS[kind], seed=secrets.token_bytes(32))
        except VerificationError as error:
            raise InputError(Fault("NAME", "", "", repr(name), "a name without white space and plus sign")) from error
        if passphrase is None:
            file = plain(kind, key)
        else:
            file = wrap(kind, key, passphrase=passphrase, salt=secrets.token_bytes(16), nonce=secrets.token_bytes(12))
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            mark = f"-{key.vkey.key_id.hex()}" if another else ""
            durable(self.path / f"{stem(name)}{mark}.{kind}.key", file.write(), mode=0o600)
            sync_folder(self.path)
        except OSError as error:
            raise InputError(
                Fault(str(self.path), "", "", (error.strerror or "no access").lower(), "a folder that can be written")
            ) from error
        return file


def read_key(path: Path) -> KeyFile:
    """Read a key file.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return KeyFile.parse(read_bytes(path))
    except VerificationError as error:
        raise InputError(Fault(str(path), "", "", str(error), "a key file of ledger keygen")) from error


def unlock(file: KeyFile, passphrase: Passphrase) -> SigningKey:
    """Open a key file, with its passphrase if it is wrapped.

    Raises
    ------
    InputError
        If the passphrase is wrong.
    """
    try:
        return file.open(passphrase(file.vkey.name) if file.is_wrapped else "")
    except VerificationError as error:
        raise InputError(Fault("key", "", "", str(error), "the passphrase it was made with")) from error


def stem(name: str) -> str:
    """Give a file name for the name of a key."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)
