"""Checkpoints, the signed heads of a log (c2sp.org/tlog-checkpoint v1.0.0), and who has cosigned them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.note import (
    Note,
    Opened,
    Signature,
    Signer,
    b64,
    open_note,
    parse_note,
    sign_note,
    unb64,
)
from goodoffices.engines.ledger.policy import Policy
from goodoffices.engines.ledger.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes
    ----------
    origin
        Name of the log.
    size
        Number of entries.
    root
        Root of the tree over them.
    """

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write the text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @property
    def head(self) -> tuple[int, bytes]:
        """Size and root, as `verify` wants them."""
        return self.size, self.root

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint; extension lines are refused.

        Raises
        ------
        VerificationError
            If it is malformed.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise VerificationError("checkpoint: expected three lines: origin, size, root")
        if not _SIZE.fullmatch(lines[1]):
            raise VerificationError(f"checkpoint: size {lines[1]!r}, expected a decimal number without leading zero")
        root = unb64(lines[2])
        if len(root) != HASH_BYTES:
            raise VerificationError(f"checkpoint: root of {len(root)} bytes, expected {HASH_BYTES}")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint that its log has signed, and its cosignatures under a policy.

    Attributes
    ----------
    checkpoint
        What is signed.
    note
        As it was read.
    times
        Seconds since 1970 at which each witness of the policy says it cosigned, by the policy's name for it.
    unknown
        Lines by keys that the policy does not name.
    quorum_met
        Whether the witnesses that cosigned are enough.
    """

    checkpoint: Checkpoint
    note: Note
    times: Mapping[str, int]
    unknown: tuple[Signature, ...]
    quorum_met: bool


def read_head(data: bytes, policy: Policy) -> Head:
    """Verify a checkpoint: signed by the log, no wrong signature by a known witness.

    A quorum that is not met is no error here: `quorum_met` says it, and nothing is in force under such a head.

    Raises
    ------
    VerificationError
        If it is malformed, not signed by a log of the policy, or a known key's signature is wrong.
    """
    note = parse_note(data)
    checkpoint = Checkpoint.parse(note.text)
    logs = [key for key in policy.logs if key.name == checkpoint.origin]
    opened: Opened = open_note(note, [*logs, *policy.witnesses.values()])
    if not any(key in opened.verified for key in logs):
        raise VerificationError(f"checkpoint: not signed by the log {checkpoint.origin!r} that the policy names")
    times = {name: opened.verified[key].time for name, key in policy.witnesses.items() if key in opened.verified}
    return Head(checkpoint, note, times, opened.unknown, policy.is_met(times))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> Note:
    """Sign a head with the log's key.

    Raises
    ------
    VerificationError
        If the key has another name than the log.
    """
    if signer.vkey.name != checkpoint.origin:
        raise VerificationError(f"key {signer.vkey.name}: expected the key of {checkpoint.origin}")
    return Note(checkpoint.text(), (sign_note(checkpoint.text(), signer),))


def with_signature(note: Note, found: Signature) -> Note:
    """Add a signature line to a note, in place of an older one by the same key."""
    kept = tuple(old for old in note.signatures if (old.name, old.key_id) != (found.name, found.key_id))
    return Note(note.text, (*kept, found))
