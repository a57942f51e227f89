"""The keys that seal personal fields: one data key a party and generation, wrapped by a master key.

A key file is `PARTY-N.key`: 12 bytes nonce, then AES-256-GCM of the 32-byte data key under the master key, the file's
name as associated data. The newest generation seals; every one that is still there opens. `PARTY.blind` keeps the key
of look-ups once the oldest generation has gone. Losing the folder is losing the fields: back-ups hold it apart
(`goodoffices desk backup`), and `goodoffices wipe` removes it first.

What is sealed says by which cipher: a byte of 128 plus its number, two bytes of generation, 12 of nonce, the text; the
first byte is bound into the seal. Without it (a generation is below 32,768) it is AES-256-GCM, as desks sealed
before there was a choice.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from django.conf import settings

from goodoffices.desk.remember import remembered
from goodoffices.domain.errors import Fault, InputError, VerificationError

_SETTLED = 50_000_000
"""Nanoseconds after which a folder's time tells of every later change."""
_NAME = re.compile(r"(?P<party>[A-Za-z0-9_]+)-(?P<number>\d+)\.key")
_MASTER, _NEXT = "master.key", "master.next"
CIPHERS = {"aes-256-gcm": 1, "chacha20-poly1305": 2}
"""Names and numbers of the ciphers that seal; a number is never given anew."""
_Ciphers = dict[int, AESGCM | ChaCha20Poly1305]


class KeyRing:
    """The data keys of all parties; files that another process adds or takes away are noticed."""

    def __init__(self, folder: Path, given: str, *, cipher: str = "aes-256-gcm") -> None:
        self._cipher = CIPHERS[cipher]
        self._folder = folder
        self._given = given
        self._lock = threading.Lock()
        self._seen = (-1, frozenset[tuple[str, int]]())
        self._masters: list[AESGCM] = []
        self._keys: dict[str, dict[int, _Ciphers]] = {}
        self._blind: dict[str, bytes] = {}
        self._fresh()

    def seal(self, party: str, text: bytes, *, bound_to: str) -> bytes:
        """Encrypt under a party's newest key, bound to a place such as table:row:field."""
        keys = self._of(party)
        number = max(keys)
        nonce, head = secrets.token_bytes(12), bytes([0x80 | self._cipher])
        sealed = keys[number][self._cipher].encrypt(nonce, text, head + f"{party}:{bound_to}".encode())
        return head + number.to_bytes(2, "big") + nonce + sealed

    def open(self, party: str, sealed: bytes, *, bound_to: str) -> bytes:
        """Decrypt what `seal` gave for the same party and place.

        Raises
        ------
        InputError
            If its key is gone: the field was erased with it.
        VerificationError
            If it was changed, or moved from another row or field.
        """
        remembered((KeyRing, id(self)), self._fresh)  # a page opens hundreds of fields: the folder is looked at once
        head, number, rest = _parts(sealed)
        if number not in self._keys.get(party, {}):
            self._fresh()  # made since
        ciphers = self._keys.get(party, {}).get(number)
        if ciphers is None:
            raise InputError(Fault("keys", party, bound_to, "no key of this generation", "the key, or its back-up"))
        cipher = ciphers.get(head[0] & 0x7F if head else CIPHERS["aes-256-gcm"])
        if cipher is None:
            raise VerificationError(f"{bound_to}: sealed by a cipher that this version does not know")
        try:
            return cipher.decrypt(rest[:12], rest[12:], head + f"{party}:{bound_to}".encode())
        except (InvalidTag, ValueError) as error:  # a value error where what is left is no nonce
            raise VerificationError(f"{bound_to}: the sealed field was changed or moved") from error

    def blind(self, party: str, text: str, *, purpose: str) -> bytes:
        """Give a keyed hash for exact look-up: texts of one party and purpose compare equal, nothing else shows."""
        self._of(party)
        return hmac.new(self._blind[party], f"{purpose}\0{text}".encode(), hashlib.sha256).digest()[:16]

    def renew(self, party: str) -> int:
        """Make a new generation; it seals from now on. Gives its number."""
        self._fresh()
        return self._make(party, max(self._keys.get(party, {0: None})) + 1)

    def drop(self, party: str, number: int) -> None:
        """Remove one generation for good; what only it opened is erased."""
        blind = self._folder / f"{party}.blind"
        if not blind.exists():  # look-ups survive the key they were derived from
            _write(blind, _wrap(self._masters[-1], self._blind[party], blind.name))
        remove(self._folder / f"{party}-{number}.key")
        self._fresh()

    def generations(self, party: str) -> tuple[int, ...]:
        """Give the numbers of a party's keys, oldest first."""
        self._fresh()
        return tuple(sorted(self._keys.get(party, {})))

    def parties(self) -> tuple[str, ...]:
        """Name the parties that have a key."""
        self._fresh()
        return tuple(sorted(self._keys))

    def rewrap(self) -> int:
        """Put every key under a new master key; gives how many files. After a crash, called again it ends the work.

        Raises
        ------
        InputError
            If the master key comes from the environment: then only its keeper can change it.
        """
        if self._given:
            raise InputError(
                Fault("GOODOFFICES_MASTER_KEY", "", "", "a master key of the environment", "one in the keys' folder")
            )
        following = self._folder / _NEXT
        if not following.exists():
            _write(following, secrets.token_hex(32).encode())
        key, done = AESGCM(_parsed(following.read_text(encoding="ascii"))), 0
        for path in [*self._folder.glob("*-*.key"), *self._folder.glob("*.blind")]:
            _replace(path, _wrap(key, self._unwrap(path), path.name))
            done += 1
        old = self._folder / f".{_MASTER}.old"
        old.unlink(missing_ok=True)
        os.link(self._folder / _MASTER, old)
        following.replace(self._folder / _MASTER)
        _sync(self._folder)
        remove(old)
        self._fresh()
        return done

    def _of(self, party: str) -> dict[int, _Ciphers]:
        self._fresh()
        if party not in self._keys:
            self._make(party, 1)
        return self._keys[party]

    def _make(self, party: str, number: int) -> int:
        path = self._folder / f"{party}-{number}.key"
        with suppress(FileExistsError):  # another process was first; its key is as good
            _write(path, _wrap(self._masters[-1], AESGCM.generate_key(256), path.name))
        self._fresh()
        return number

    def _fresh(self) -> None:
        """Read the folder anew if its files have changed since."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        if changed == self._seen[0] and self._masters:
            return
        with self._lock:
            self._masters = [AESGCM(key) for key in _masters(self._folder, self._given)]
            changed = self._folder.stat().st_mtime_ns if self._folder.exists() else 0
            files = frozenset(
                (path.name, path.stat().st_mtime_ns)
                for path in (self._folder.iterdir() if changed else ())
                if path.suffix in {".key", ".blind"}
            )
            if files != self._seen[1]:
                self._read()
            # A file system's clock stands still for milliseconds: what has just changed may change again unseen.
            settled = time.time_ns() - changed > _SETTLED
            self._seen = (changed if settled else -1, files)

    def _read(self) -> None:
        keys: dict[str, dict[int, _Ciphers]] = {}
        blind: dict[str, bytes] = {}
        named = ((_NAME.fullmatch(path.name), path) for path in self._folder.glob("*-*.key"))
        for party, number, path in sorted((name["party"], int(name["number"]), path) for name, path in named if name):
            raw = self._unwrap(path)
            keys.setdefault(party, {})[number] = _ciphers(raw)
            kept = self._folder / f"{party}.blind"
            if party not in blind:
                derived = hmac.new(raw, b"goodoffices/blind/v1", hashlib.sha256).digest()
                blind[party] = self._unwrap(kept) if kept.exists() else derived
        self._keys, self._blind = keys, blind

    def _unwrap(self, path: Path) -> bytes:
        data = path.read_bytes()
        for master in self._masters:
            try:
                return master.decrypt(data[:12], data[12:], path.name.encode())
            except InvalidTag:
                continue
        raise VerificationError(f"{path.name}: does not open under this master key")


def generation(sealed: bytes) -> int:
    """Give the number of the key that something is sealed under."""
    return _parts(sealed)[1]


def _parts(sealed: bytes) -> tuple[bytes, int, bytes]:
    """Take apart: the cipher's byte (none before there was a choice), the generation, nonce and text."""
    at = 1 if sealed[:1] >= b"\x80" else 0
    return sealed[:at], int.from_bytes(sealed[at : at + 2], "big"), sealed[at + 2 :]


def _ciphers(raw: bytes) -> _Ciphers:
    """Give every cipher under one data key; none uses the same bytes as another."""
    other = hmac.new(raw, b"goodoffices/chacha20-poly1305/v1", hashlib.sha256).digest()
    return {1: AESGCM(raw), 2: ChaCha20Poly1305(other)}


def remove(path: Path) -> None:
    """Take a key file away: out of sight first, so that a crash leaves no half key; then overwritten and removed."""
    hidden = path.replace(path.with_name(f".{path.stem}.removed"))
    with hidden.open("r+b") as file:
        file.write(secrets.token_bytes(hidden.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    hidden.unlink()
    _sync(path.parent)


def _wrap(master: AESGCM, raw: bytes, name: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + master.encrypt(nonce, raw, name.encode())


def _write(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all; nobody ever reads half a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hidden = _hidden(path, data)
    try:
        os.link(hidden, path)
    finally:
        hidden.unlink()
    _sync(path.parent)


def _replace(path: Path, data: bytes) -> None:
    _hidden(path, data).replace(path)
    _sync(path.parent)


def _hidden(path: Path, data: bytes) -> Path:
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return hidden


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _masters(folder: Path, given: str) -> list[bytes]:
    """Give the master key, and while it is being changed the next one after it."""
    following = folder / _NEXT
    there = [master_key(folder, given)]
    return there if given or not following.exists() else [*there, _parsed(following.read_text(encoding="ascii"))]


def master_key(folder: Path, given: str) -> bytes:
    """Give the master key: from the environment, or from the file beside the keys, made at its first use.

    Raises
    ------
    InputError
        If it is not 64 hex digits, or has gone while keys under it are there.
    """
    path = folder / _MASTER
    if not given and not path.exists():
        if any(folder.glob("*-*.key")):
            raise InputError(
                Fault(_MASTER, "", "", "nothing; the parties' keys open under it alone", "the file, or its back-up")
            )
        with suppress(FileExistsError):  # another process was first
            _write(path, secrets.token_hex(32).encode())
    return _parsed(given or path.read_text(encoding="ascii"))


def _parsed(text: str) -> bytes:
    text = text.strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise InputError(Fault("GOODOFFICES_MASTER_KEY", "", "", f"{len(text)} characters", "64 hex digits"))
    return bytes.fromhex(text)


@cache
def ring() -> KeyRing:
    """Give the ring of this desk."""
    return KeyRing(settings.KEYS, settings.MASTER_KEY, cipher=settings.CIPHER)
