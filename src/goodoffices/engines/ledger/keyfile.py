"""A party's private key in a file, wrapped by a passphrase; the offline page reads the same form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import RangeError, VerificationError
from goodoffices.engines.ledger.note import COSIGNATURE, ED25519, SigningKey, VerifierKey, b64, unb64

FORM = "goodoffices/key@v1"
ITERATIONS = 600_000
KINDS = {"log": ED25519, "witness": COSIGNATURE, "statement": ED25519}


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file that is still closed.

    Attributes
    ----------
    kind
        log, witness or statement.
    vkey
        The public half.
    fields
        Everything the file holds.
    """

    kind: str
    vkey: VerifierKey
    fields: dict[str, Json]

    @property
    def is_wrapped(self) -> bool:
        """Whether a passphrase is needed."""
        return "sealed" in self.fields

    def write(self) -> bytes:
        """Write the file."""
        return canonical_bytes(self.fields) + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> KeyFile:
        """Read a key file.

        Raises
        ------
        VerificationError
            If it is malformed or its kind and its key do not fit.
        """
        try:
            fields = json.loads(data)
            kind, vkey, form = fields["kind"], VerifierKey.parse(fields["vkey"]), fields["form"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise VerificationError("key file: not in the expected form") from error
        if form != FORM or KINDS.get(kind) != vkey.kind or not ("sealed" in fields) ^ ("seed" in fields):
            raise VerificationError("key file: not in the expected form")
        return cls(kind, vkey, fields)

    def open(self, passphrase: str = "") -> SigningKey:
        """Unwrap the key.

        Raises
        ------
        VerificationError
            If the passphrase is wrong or the file was changed.
        """
        if self.is_wrapped:
            salt, nonce, sealed = (unb64(str(self.fields[name])) for name in ("salt", "nonce", "sealed"))
            rounds = self.fields["iterations"]
            if not isinstance(rounds, int) or not ITERATIONS <= rounds <= 100 * ITERATIONS:
                raise VerificationError(f"key file: {rounds} rounds, expected at least {ITERATIONS}")
            try:
                seed = AESGCM(_stretch(passphrase, salt, rounds)).decrypt(nonce, sealed, str(self.vkey).encode())
            except (InvalidTag, ValueError) as error:
                raise VerificationError(f"key {self.vkey.name}: wrong passphrase, or the file was changed") from error
        else:
            seed = unb64(str(self.fields["seed"]))
        key = SigningKey.from_seed(self.vkey.name, self.vkey.kind, seed=seed)
        if key.vkey != self.vkey:
            raise VerificationError(f"key {self.vkey.name}: the private half is not that of the public half")
        return key


def plain(kind: str, key: SigningKey) -> KeyFile:
    """Write a key without passphrase, for tests and for machines that guard it otherwise."""
    return KeyFile(kind, key.vkey, {"form": FORM, "kind": kind, "seed": b64(key.seed), "vkey": str(key.vkey)})


def wrap(kind: str, key: SigningKey, *, passphrase: str, salt: bytes, nonce: bytes) -> KeyFile:
    """Wrap a key by a passphrase: PBKDF2-SHA256 with 600,000 rounds, then AES-256-GCM.

    Raises
    ------
    RangeError
        If the salt has not 16 bytes or the nonce not 12.
    """
    if len(salt) != 16 or len(nonce) != 12:
        raise RangeError("a key file has a salt of 16 bytes and a nonce of 12")
    sealed = AESGCM(_stretch(passphrase, salt, ITERATIONS)).encrypt(nonce, key.seed, str(key.vkey).encode())
    return KeyFile(
        kind,
        key.vkey,
        {
            "cipher": "AES-256-GCM",
            "form": FORM,
            "iterations": ITERATIONS,
            "kdf": "PBKDF2-SHA256",
            "kind": kind,
            "nonce": b64(nonce),
            "salt": b64(salt),
            "sealed": b64(sealed),
            "vkey": str(key.vkey),
        },
    )


def _stretch(passphrase: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, rounds, 32)
