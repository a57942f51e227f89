"""A transferable proof that a log has shown two histories, which anyone can check without the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.note import Opened, VerifierKey, b64, open_note, parse_note, unb64
from goodoffices.engines.ledger.proof import Fetch, Span, consistency_spans
from goodoffices.engines.ledger.tree import HASH_BYTES, fold, subtrees
from goodoffices.engines.ledger.verify import roots_from_consistency

FORM = "goodoffices/split-view@v1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two heads of one log that cannot both be true.

    Attributes
    ----------
    first, second
        The heads as they were signed, the smaller first.
    hashes
        Empty if the sizes are equal. Else they lead to the larger head's root and, over the smaller one's
        entries, to a root that is not the one signed.
    """

    first: bytes
    second: bytes
    hashes: tuple[bytes, ...] = ()

    def write(self) -> bytes:
        """Write it as canonical JSON."""
        return (
            canonical_bytes(
                {
                    "checkpoints": [self.first.decode(), self.second.decode()],
                    "form": FORM,
                    "hashes": [b64(found) for found in self.hashes],
                }
            )
            + b"\n"
        )

    @classmethod
    def parse(cls, data: bytes) -> Evidence:
        """Read it.

        Raises
        ------
        VerificationError
            If it is malformed.
        """
        try:
            value = json.loads(data)
            first, second = (str(text).encode() for text in value["checkpoints"])
            hashes = tuple(unb64(text) for text in value["hashes"])
            form = value["form"]
        except (ValueError, KeyError, TypeError) as error:
            raise VerificationError("evidence: not in the expected form") from error
        if form != FORM or any(len(found) != HASH_BYTES for found in hashes):
            raise VerificationError("evidence: not in the expected form")
        return cls(first, second, hashes)


@dataclass(frozen=True, slots=True)
class Conviction:
    """What the evidence shows.

    Attributes
    ----------
    log
        Key of the log that signed both.
    witnesses
        Keys of witnesses that cosigned both.
    sizes
        Sizes of the two heads.
    """

    log: VerifierKey
    witnesses: tuple[VerifierKey, ...]
    sizes: tuple[int, int]


def check_evidence(evidence: Evidence, *, logs: Iterable[VerifierKey], witnesses: Iterable[VerifierKey]) -> Conviction:
    """Check that the evidence shows a split view; a proof that merely fails shows none.

    Raises
    ------
    VerificationError
        If it does not.
    """
    log_keys, keys = tuple(logs), (*logs, *witnesses)
    opened = [open_note(found, keys) for found in (evidence.first, evidence.second)]
    heads = [Checkpoint.parse(found.text) for found in opened]
    both = [key for key in opened[0].verified if key in opened[1].verified]
    log = next((key for key in both if key in log_keys and key.name == heads[0].origin == heads[1].origin), None)
    if log is None:
        raise VerificationError("evidence: the heads are not signed by one key of one log")
    first, second = heads
    if first.size == second.size:
        differs = first.root != second.root
    else:
        before, after = roots_from_consistency(first.size, second.size, proof=evidence.hashes)
        differs = after == second.root and before != first.root
    if not differs:
        raise VerificationError("evidence: the two heads do not contradict each other")
    convicted = tuple(key for key in both if key not in log_keys)
    return Conviction(log, convicted, (first.size, second.size))


def find_evidence(heads: Sequence[tuple[bytes, Fetch | None]], *, logs: Iterable[VerifierKey]) -> Evidence | None:
    """Look for two heads that contradict each other.

    Each head comes with the hashes of its own log, if they are at hand: heads of one size need none; of two
    sizes the larger one's are needed. A head that the log has not signed is passed over.
    """
    log_keys = tuple(logs)
    signed: list[tuple[Checkpoint, bytes, Fetch | None]] = []
    for data, fetch in heads:
        try:
            opened: Opened = open_note(parse_note(data), log_keys)
        except VerificationError:
            continue
        signed.append((Checkpoint.parse(opened.text), data, fetch))
    signed.sort(key=lambda found: (found[0].size, found[0].root))
    for place, (small, first, _) in enumerate(signed):
        for large, second, fetch in signed[place + 1 :]:
            if large.origin != small.origin or small.size == 0:
                continue
            found = _contradiction(small, large, fetch)
            if found is not None:
                return Evidence(first, second, found)
    return None


def _contradiction(small: Checkpoint, large: Checkpoint, fetch: Fetch | None) -> tuple[bytes, ...] | None:
    if small.size == large.size:
        return () if small.root != large.root else None
    if fetch is None:
        return None
    spans: list[Span] = list(consistency_spans(small.size, large.size))
    if small.size & (small.size - 1) == 0:
        spans.insert(0, (0, small.size))
    hashes = tuple(fold(fetch(subtrees(*span))) for span in spans)
    before, after = roots_from_consistency(small.size, large.size, proof=hashes)
    return hashes if after == large.root and before != small.root else None
