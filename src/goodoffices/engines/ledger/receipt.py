"""A proof that an entry is in the log, in one text (c2sp.org/tlog-proof): what a receipt carries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Head, read_head
from goodoffices.engines.ledger.note import b64, unb64
from goodoffices.engines.ledger.policy import Policy
from goodoffices.engines.ledger.tree import HASH_BYTES, leaf_hash
from goodoffices.engines.ledger.verify import check_inclusion

FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof, not yet checked.

    Attributes
    ----------
    index
        Of the entry.
    proof
        Inclusion proof.
    checkpoint
        The head, as it was signed.
    extra
        Bytes that nobody has signed; ours hold the entry, which the check then binds to the tree.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def text(self) -> str:
        """Write the proof."""
        head = [FIRST] + ([] if self.extra is None else [f"extra {b64(self.extra)}"]) + [f"index {self.index}"]
        return "\n".join([*head, *map(b64, self.proof), "", ""]) + self.checkpoint.decode()

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read a proof.

        Raises
        ------
        VerificationError
            If it is malformed.
        """
        head, empty, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != FIRST or not empty:
            raise VerificationError(f"proof: expected {FIRST!r} and an empty line before the checkpoint")
        rest = lines[1:]
        extra = unb64(rest.pop(0).removeprefix("extra ")) if rest and rest[0].startswith("extra ") else None
        if not rest or not rest[0].startswith("index ") or not _INDEX.fullmatch(rest[0].removeprefix("index ")):
            raise VerificationError("proof: expected a line 'index N'")
        return cls(int(rest[0].removeprefix("index ")), read_hashes(rest[1:]), checkpoint.encode(), extra)


def read_hashes(lines: list[str]) -> tuple[bytes, ...]:
    """Read hashes in base64, one a line.

    Raises
    ------
    VerificationError
        If there are more than 63, or one has not 32 bytes.
    """
    hashes = tuple(unb64(line) for line in lines)
    if len(hashes) > _MOST_HASHES or any(len(found) != HASH_BYTES for found in hashes):
        raise VerificationError(f"proof: expected at most {_MOST_HASHES} hashes of {HASH_BYTES} bytes")
    return hashes


def check_receipt(receipt: Receipt, entry: bytes, *, policy: Policy) -> Head:
    """Check that an entry is in the log under a head of this policy; the quorum stands in the answer.

    Raises
    ------
    VerificationError
        If the head or the proof does not hold.
    """
    head = read_head(receipt.checkpoint, policy)
    size, root = head.checkpoint.head
    check_inclusion(leaf_hash(entry), receipt.index, size=size, proof=receipt.proof, root=root)
    return head
