"""Appends to a log's folder and signs its head, in an order in which a crash loses nothing and signs nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.force import Reading
from goodoffices.engines.ledger.log import HEAD, POLICY, parse_pending, write_pending
from goodoffices.engines.ledger.note import Signer, VerifierKey, open_note
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import TileHashes, TileWriter, entries_of
from goodoffices.store.heads import HeadStore
from goodoffices.store.tiles import LogFolder

SignerFor = Callable[[Sequence[VerifierKey]], Signer]
"""Gives the private key of one of these public keys."""

PENDING = "pending"
_STEP = 65_536


def current(folder: LogFolder) -> Checkpoint:
    """Give the head as it lies in the folder, unverified.

    Raises
    ------
    VerificationError
        If there is none.
    """
    data = folder.read(HEAD)
    if data is None:
        raise VerificationError(f"{folder.path}: no checkpoint; not a log, or ledger init was not finished")
    return Checkpoint.parse(data.decode("utf-8", errors="replace").partition("\n\n")[0] + "\n")


def append(folder: LogFolder, entries: Sequence[bytes]) -> range:
    """Store entries durably until the next head, and give their indexes."""
    with folder.locked():
        size = current(folder).size
        waiting = _waiting(folder, size)
        folder.write([(PENDING, write_pending(size, [*waiting, *entries]))])
        first = size + len(waiting)
    return range(first, first + len(entries))


def publish(folder: LogFolder, signer_for: SignerFor, *, heads: HeadStore, adopt: bool = False) -> Checkpoint:
    """Put what waits into tiles and sign the head over it: bundles, tiles, the second store, the checkpoint.

    Parameters
    ----------
    folder
        The log.
    signer_for
        Gives the log's private key for one of the public keys that a policy names.
    heads
        The second store of the last signed head.
    adopt
        Take the folder's own head as the last one if the second store has none.

    Returns
    -------
    Checkpoint
        The head, as it stands signed in the folder.

    Raises
    ------
    VerificationError
        If the folder does not continue the last signed head.
    """
    with folder.locked():
        head = current(folder)
        policy = folder.read(POLICY) or b""
        open_note(folder.read(HEAD) or b"", parse_policy(policy.decode("utf-8", errors="replace")).logs)
        waiting = _waiting(folder, head.size)
        last = heads.last(head.origin)
        if last is None and not adopt:
            raise VerificationError(
                f"{heads.path}: holds no last signed head of {head.origin}; if it was lost, "
                "compare the log with what the parties hold, then use --adopt"
            )
        _continues(folder, head, waiting, last or head)
        if waiting:
            head = _grow(folder, head, waiting, signer_for=signer_for, swap=lambda new: heads.swap(last, new))
        elif last != head:
            heads.swap(last, head)
        if folder.read(PENDING) is not None:
            folder.remove(PENDING)
        return head


def _grow(
    folder: LogFolder,
    head: Checkpoint,
    waiting: Sequence[bytes],
    *,
    signer_for: SignerFor,
    swap: Callable[[Checkpoint], None],
) -> Checkpoint:
    policy = _policy_after(folder, head, waiting)
    signer = signer_for(parse_policy(policy).logs)
    writer = TileWriter.resume(folder.read, head.size)
    for place in range(0, len(waiting), _STEP):
        folder.write(writer.add(waiting[place : place + _STEP]))
    folder.write(writer.partials())
    new = Checkpoint(head.origin, writer.size, writer.root())
    signed = bytes(sign_checkpoint(new, signer))
    swap(new)
    if head.size:
        folder.write([(f"heads/{head.size}", folder.read(HEAD) or b"")])
    if folder.read(POLICY) != policy.encode():
        folder.write([(POLICY, policy.encode())])
    folder.write([(HEAD, signed)])
    return new


def _policy_after(folder: LogFolder, head: Checkpoint, waiting: Sequence[bytes]) -> str:
    """Give the policy that the charter in effect after these entries names, or the folder's own."""
    own = (folder.read(POLICY) or b"").decode("utf-8", errors="replace")
    if not any(mark in entry for entry in waiting for mark in (b'"kind":"policy"', b'"kind":"consent"')):
        return own
    reading = Reading(head.origin).take(entries_of(folder.read, head.size)).take(waiting)
    return own if reading.charter is None else reading.charter.policy


def _continues(folder: LogFolder, head: Checkpoint, waiting: Sequence[bytes], last: Checkpoint) -> None:
    """Refuse, before anything is written, to sign a tree that does not begin with the last one signed.

    Raises
    ------
    VerificationError
        If the folder was rolled back or holds another tree.
    """
    if last.size > head.size + len(waiting):
        raise VerificationError(
            f"last signed head: size {last.size}, the folder has only {head.size + len(waiting)} entries; "
            "it was rolled back and will not be signed"
        )
    if last.size <= head.size:
        found = root_at(last.size, fetch=TileHashes(folder.read, head.size))
    else:
        writer = TileWriter.resume(folder.read, head.size)
        for _ in writer.add(waiting[: last.size - head.size]):
            pass
        found = writer.root()
    if found != last.root:
        raise VerificationError(
            f"last signed head: the folder holds another tree at size {last.size}; it will not be signed"
        )


def _waiting(folder: LogFolder, size: int) -> list[bytes]:
    data = folder.read(PENDING)
    return [] if data is None else parse_pending(data, size)
