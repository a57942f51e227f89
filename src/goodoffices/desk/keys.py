"""The keys that seal personal fields: one data key a party and generation, wrapped by a master key.

A key file is `PARTY-N.key`: 12 bytes nonce, then AES-256-GCM of the 32-byte data key under the master key, the file's
name as associated data. The newest generation seals; every one that is still there opens. Losing the folder is losing
the fields: back-ups hold it apart (`goodoffices desk backup`), and `goodoffices wipe` removes it first.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from goodoffices.domain.errors import Fault, InputError, VerificationError

_NAME = re.compile(r"(?P<party>[A-Za-z0-9_]+)-(?P<number>\d+)\.key")


class KeyRing:
    """The data keys of all parties, read once."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self._folder = folder
        self._master = AESGCM(master)
        self._keys: dict[str, dict[int, AESGCM]] = {}
        self._blind: dict[str, bytes] = {}
        for path in sorted(folder.glob("*-*.key")):
            if found := _NAME.fullmatch(path.name):
                self._take(found["party"], int(found["number"]), path)

    def seal(self, party: str, text: bytes, *, bound_to: str) -> bytes:
        """Encrypt under a party's newest key, bound to a place such as table:row:field."""
        number, key = max(self._of(party).items())
        nonce = secrets.token_bytes(12)
        return number.to_bytes(2, "big") + nonce + key.encrypt(nonce, text, f"{party}:{bound_to}".encode())

    def open(self, party: str, sealed: bytes, *, bound_to: str) -> bytes:
        """Decrypt what `seal` gave for the same party and place.

        Raises
        ------
        InputError
            If its key is gone: the field was erased with it.
        VerificationError
            If it was changed, or moved from another row or field.
        """
        key = self._keys.get(party, {}).get(int.from_bytes(sealed[:2], "big"))
        if key is None:
            raise InputError(Fault("keys", party, bound_to, "no key of this generation", "the key, or its back-up"))
        try:
            return key.decrypt(sealed[2:14], sealed[14:], f"{party}:{bound_to}".encode())
        except InvalidTag as error:
            raise VerificationError(f"{bound_to}: the sealed field was changed or moved") from error

    def blind(self, party: str, text: str, *, purpose: str) -> bytes:
        """Give a keyed hash for exact look-up: texts of one party and purpose compare equal, nothing else shows."""
        self._of(party)
        return hmac.new(self._blind[party], f"{purpose}\0{text}".encode(), hashlib.sha256).digest()[:16]

    def renew(self, party: str) -> int:
        """Make a new generation; it seals from now on. Gives its number."""
        number = max(self._keys.get(party, {0: None})) + 1
        path = self._folder / f"{party}-{number}.key"
        nonce = secrets.token_bytes(12)
        _write(path, nonce + self._master.encrypt(nonce, AESGCM.generate_key(256), path.name.encode()))
        self._take(party, number, path)
        return number

    def drop(self, party: str, number: int) -> None:
        """Remove one generation for good; what only it opened is erased."""
        (self._folder / f"{party}-{number}.key").unlink()
        del self._keys[party][number]

    def generations(self, party: str) -> tuple[int, ...]:
        """Give the numbers of a party's keys, oldest first."""
        return tuple(sorted(self._keys.get(party, {})))

    def _of(self, party: str) -> dict[int, AESGCM]:
        if party not in self._keys:
            self.renew(party)
        return self._keys[party]

    def _take(self, party: str, number: int, path: Path) -> None:
        data = path.read_bytes()
        try:
            raw = self._master.decrypt(data[:12], data[12:], path.name.encode())
        except InvalidTag as error:
            raise VerificationError(f"{path.name}: does not open under this master key") from error
        self._keys.setdefault(party, {})[number] = AESGCM(raw)
        if party not in self._blind:  # the oldest generation's: look-ups survive a rotation
            self._blind[party] = hmac.new(raw, b"goodoffices/blind/v1", hashlib.sha256).digest()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def master_key(folder: Path, given: str) -> bytes:
    """Give the master key: from the environment, or from the file beside the keys, made at its first use.

    Raises
    ------
    InputError
        If it is not 64 hex digits.
    """
    path = folder / "master.key"
    if not given and not path.exists():
        _write(path, secrets.token_hex(32).encode())
    text = given or path.read_text(encoding="ascii").strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise InputError(Fault("GOODOFFICES_MASTER_KEY", "", "", f"{len(text)} characters", "64 hex digits"))
    return bytes.fromhex(text)


@cache
def ring() -> KeyRing:
    """Give the ring of this desk; `ring.cache_clear()` after keys have changed on disk."""
    return KeyRing(settings.KEYS, master_key(settings.KEYS, settings.MASTER_KEY))
