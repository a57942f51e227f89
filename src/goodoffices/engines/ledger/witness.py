"""What a witness answers to `add-checkpoint` (c2sp.org/tlog-witness): it cosigns growth and refuses everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.note import Note, Signer, VerifierKey, b64, cosign, open_note, parse_note
from goodoffices.engines.ledger.receipt import read_hashes
from goodoffices.engines.ledger.tree import EMPTY_ROOT
from goodoffices.engines.ledger.verify import check_consistency

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to cosign a head.

    Attributes
    ----------
    old
        Size that the log believes the witness saw last.
    proof
        Consistency proof from there.
    checkpoint
        The head, signed by the log.
    """

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def body(self) -> bytes:
        """Write the body."""
        return "\n".join([f"old {self.old}", *map(b64, self.proof), "", ""]).encode() + self.checkpoint

    @classmethod
    def parse(cls, body: bytes) -> Request:
        """Read a body.

        Raises
        ------
        VerificationError
            If it is malformed.
        """
        head, empty, checkpoint = body.partition(b"\n\n")
        lines = head.decode("ascii", errors="replace").split("\n")
        found = _OLD.fullmatch(lines[0])
        if not empty or not found:
            raise VerificationError("request: expected 'old SIZE', hashes, an empty line and a checkpoint")
        return cls(int(found[1]), read_hashes(lines[1:]), checkpoint)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers.

    Attributes
    ----------
    status
        As over HTTP: 200 cosigned; 400, 403, 404, 409, 422 refused.
    body
        The signature line; at 409 the size that the witness saw last.
    why
        In words; empty if it cosigned.
    seen
        What the witness must have stored durably before it gives the answer away.
    """

    status: int
    body: bytes = b""
    why: str = ""
    seen: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness with its key, before a request.

    Attributes
    ----------
    signer
        Its key for cosignatures.
    logs
        Keys of the logs it watches, by origin.
    seen
        The last head it cosigned of each origin.
    """

    signer: Signer
    logs: Mapping[str, tuple[VerifierKey, ...]]
    seen: Mapping[str, Checkpoint]

    def answer(self, body: bytes, *, time: int) -> Answer:
        """Answer a request; the caller stores `seen` before the answer leaves the house."""
        try:
            request = Request.parse(body)
            note = parse_note(request.checkpoint)
            checkpoint = Checkpoint.parse(note.text)
        except VerificationError as error:
            return Answer(400, why=str(error))
        if checkpoint.origin not in self.logs:
            return Answer(404, why=f"the log {checkpoint.origin!r} is not one that this witness watches")
        try:
            open_note(note, self.logs[checkpoint.origin])
        except VerificationError as error:
            return Answer(403, why=str(error))
        return self._compare(request, note, checkpoint, time)

    def _compare(self, request: Request, note: Note, checkpoint: Checkpoint, time: int) -> Answer:
        seen = self.seen.get(checkpoint.origin, Checkpoint(checkpoint.origin, 0, EMPTY_ROOT))
        if request.old > checkpoint.size:
            return Answer(400, why=f"old size {request.old} is above the new size {checkpoint.size}")
        if request.old != seen.size:
            why = f"this witness saw size {seen.size} last, not {request.old}"
            return Answer(409, f"{seen.size}\n".encode(), why)
        if checkpoint.size == 0:
            return Answer(422, why="an empty log is not cosigned")
        try:
            check_consistency(seen.head, checkpoint.head, proof=request.proof)
        except VerificationError as error:
            return Answer(422, why=str(error))
        return Answer(200, cosign(note.text, self.signer, time=time).line().encode(), seen=checkpoint)
