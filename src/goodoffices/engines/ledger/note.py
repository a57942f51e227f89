"""Signed notes (c2sp.org/signed-note v1.0.0) with Ed25519 keys, and cosignatures (c2sp.org/tlog-cosignature v1.0.1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from goodoffices.domain.errors import VerificationError

ED25519 = 0x01
COSIGNATURE = 0x04
_KINDS = {ED25519, COSIGNATURE}
_DASH = "\u2014 "
_MOST_SIGNATURES = 100


def b64(data: bytes) -> str:
    """Write bytes in standard base64."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Read standard base64 in its one canonical spelling.

    Raises
    ------
    VerificationError
        If it is anything else; unused bits that are not zero are refused, so that no bit of a file is free.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VerificationError(f"base64: {text[:60]!r} cannot be read") from error
    if b64(data) != text:
        raise VerificationError(f"base64: {text[:60]!r} is not in canonical form")
    return data


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, `name+hex(key id)+base64(type || key)`.

    Attributes
    ----------
    name
        Without white space and plus sign.
    kind
        `ED25519` for notes, `COSIGNATURE` for cosignatures of checkpoints.
    public
        32 bytes.
    """

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(sign.isspace() or sign < " " for sign in self.name):
            raise VerificationError(f"key name {self.name!r}: expected no white space and no plus sign")
        if self.kind not in _KINDS or len(self.public) != 32:
            raise VerificationError(f"key {self.name}: type {self.kind}, expected 1 or 4 with 32 bytes")

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, tell which key has signed."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key as it is printed.

        Raises
        ------
        VerificationError
            If it is malformed or its key id is not its own.
        """
        name, _, rest = text.partition("+")
        key_id, _, body = rest.partition("+")
        data = unb64(body)
        if len(data) != 33:
            raise VerificationError(f"key {name!r}: {len(data)} bytes, expected 33")
        key = cls(name, data[0], data[1:])
        if key.key_id.hex() != key_id:
            raise VerificationError(f"key {name}: key id {key_id!r}, expected {key.key_id.hex()}")
        return key


class Signer(Protocol):
    """Something that holds a private key: a key file, an agent, a token."""

    @property
    def vkey(self) -> VerifierKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the Ed25519 signature."""


@lru_cache(maxsize=8)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory.

    Attributes
    ----------
    vkey
        The public half.
    seed
        32 secret bytes; never shown in a `repr`.
    """

    vkey: VerifierKey
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.vkey})"

    @classmethod
    def from_seed(cls, name: str, kind: int, *, seed: bytes) -> SigningKey:
        """Make the key that a seed gives."""
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(VerifierKey(name, kind, public), seed)

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the Ed25519 signature."""
        return _private(self.seed).sign(message)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note.

    Attributes
    ----------
    name
        Of the key.
    key_id
        Its four bytes.
    blob
        What follows them.
    """

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """Write the line, with its newline."""
        return f"{_DASH}{self.name} {b64(self.key_id + self.blob)}\n"

    @property
    def time(self) -> int:
        """Seconds since 1970 that a cosignature claims."""
        return int.from_bytes(self.blob[:8])


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was taken apart but not verified.

    Attributes
    ----------
    text
        What is signed; ends with a newline.
    signatures
        One or more, in order.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        return (self.text + "\n" + "".join(found.line() for found in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A note after verification.

    Attributes
    ----------
    text
        What is signed.
    verified
        Keys that have signed, with the first signature of each.
    unknown
        Lines of keys that were not given.
    """

    text: str
    verified: dict[VerifierKey, Signature]
    unknown: tuple[Signature, ...]


def parse_note(data: bytes) -> Note:
    """Take a note apart at its last empty line.

    Raises
    ------
    VerificationError
        If it is malformed.
    """
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise VerificationError("note: not UTF-8") from error
    if any(sign < " " and sign != "\n" for sign in whole):
        raise VerificationError("note: holds a control character")
    text, empty, tail = whole.rpartition("\n\n")
    if not empty or not tail.endswith("\n"):
        raise VerificationError("note: no empty line before the signatures, or no newline at the end")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise VerificationError(f"note: {len(lines)} signatures, expected at most {_MOST_SIGNATURES}")
    return Note(text + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Read one signature line without its newline.

    Raises
    ------
    VerificationError
        If it is malformed.
    """
    name, space, body = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name or not space or "+" in name:
        raise VerificationError(f"note: {line[:60]!r} is no signature line")
    blob = unb64(body)
    if len(blob) < 5:
        raise VerificationError(f"note: the signature of {name} is too short")
    return Signature(name, blob[:4], blob[4:])


def open_note(data: bytes | Note, keys: Iterable[VerifierKey]) -> Opened:
    """Verify a note: unknown keys are passed over, a known key with a wrong signature rejects the whole.

    Raises
    ------
    VerificationError
        If it is malformed, a known key's signature is wrong, or no known key has signed.
    """
    note = data if isinstance(data, Note) else parse_note(data)
    known = {(key.name, key.key_id): key for key in keys}
    verified: dict[VerifierKey, Signature] = {}
    unknown = []
    for found in note.signatures:
        key = known.get((found.name, found.key_id))
        if key is None:
            unknown.append(found)
            continue
        check_signature(note.text, found, key)
        verified.setdefault(key, found)
    if not verified:
        raise VerificationError("note: no signature by a known key")
    return Opened(note.text, verified, tuple(unknown))


def check_signature(text: str, found: Signature, key: VerifierKey) -> None:
    """Check one signature of a note's text.

    Raises
    ------
    VerificationError
        If it is wrong.
    """
    message, signature = text.encode(), found.blob
    if key.kind == COSIGNATURE:
        if len(signature) != 72:
            raise VerificationError(f"signature of {key.name}: {len(signature)} bytes, expected 72")
        message, signature = cosigned(text, found.time), signature[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise VerificationError(f"signature of {key.name}: wrong") from error


def sign_note(text: str, signer: Signer) -> Signature:
    """Sign a text with a key for notes.

    Raises
    ------
    VerificationError
        If the key is one for cosignatures: the two are never mixed.
    """
    if signer.vkey.kind != ED25519:
        raise VerificationError(f"key {signer.vkey.name} is for cosignatures and signs no text")
    return Signature(signer.vkey.name, signer.vkey.key_id, signer.sign(text.encode()))


def cosign(text: str, signer: Signer, *, time: int) -> Signature:
    """Cosign the text of a checkpoint at a time in seconds since 1970.

    Raises
    ------
    VerificationError
        If the key is not one for cosignatures: the two are never mixed.
    """
    if signer.vkey.kind != COSIGNATURE:
        raise VerificationError(f"key {signer.vkey.name} signs notes and cosigns no checkpoint")
    return Signature(signer.vkey.name, signer.vkey.key_id, time.to_bytes(8) + signer.sign(cosigned(text, time)))


def cosigned(text: str, time: int) -> bytes:
    """Give the bytes that a cosignature signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()
