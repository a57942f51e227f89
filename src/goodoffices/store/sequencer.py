"""The desk's log: entries get one order, and one is acknowledged only when it is durable under a signed head.

Entries of many clients that arrive while a transaction is written go into the next one together (group commit): the
first of the clients that wait writes it for all of them, so that one client alone never waits for another thread.
An error of the database stops the sequencer for good: after a failed fsync nobody knows what is on the disk, so nothing
is tried again; whoever starts it anew reads what is really there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Protocol

from goodoffices.domain.errors import RangeError, SequencerStoppedError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.note import Signer, open_note, parse_note
from goodoffices.engines.ledger.proof import inclusion
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import LARGEST_ENTRY, TileWriter
from goodoffices.engines.ledger.tree import EMPTY_ROOT, Frontier, Node, grow, leaf_hash, stored_index, subtrees
from goodoffices.store.heads import HeadStore
from goodoffices.store.tiles import LogFolder

_STEP = 16_384


class Base(Protocol):
    """A database that holds entries, complete subtrees and the signed head."""

    def head(self) -> bytes | None:
        """Give the signed head, or None in a new log."""

    def commit(
        self, old: int, entries: Sequence[bytes], *, nodes: tuple[int, Sequence[bytes]], head: tuple[int, bytes]
    ) -> None:
        """Write everything in one durable transaction, if the head's size is still `old`."""

    def nodes(self, places: Sequence[int]) -> list[bytes]:
        """Give complete subtrees by `stored_index`, in the order asked for."""

    def entries(self, start: int, stop: int) -> list[bytes]:
        """Give entries."""

    def close(self) -> None:
        """Let go of the database."""


class _Ticket:
    """Entries of one client, and what became of them."""

    __slots__ = ("entries", "error", "first", "gate", "is_done")

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.entries = entries
        self.first = 0
        self.error: Exception | None = None
        self.is_done = False
        self.gate = threading.Lock()
        self.gate.acquire()


class Sequencer:
    """Takes entries from many threads; gives proofs; writes tiles."""

    def __init__(self, base: Base, origin: str, *, signer: Signer, heads: HeadStore | None = None) -> None:
        self._base = base
        self._origin = origin
        self._signer = signer
        self._heads = heads
        self._frontier, self._head = self._load()
        self._turn = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._is_led = False
        self._last = 0
        self._broken: Exception | None = None

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self._frontier.size

    @property
    def head(self) -> bytes:
        """The signed head over them."""
        return self._head

    def add(self, entry: bytes) -> int:
        """Add one entry and give its index once it is durable."""
        return self.add_all([entry])[0]

    def add_all(self, entries: Sequence[bytes]) -> range:
        """Add entries together and give their indexes once they are durable.

        Raises
        ------
        RangeError
            If an entry is too long; then none is added.
        SequencerStoppedError
            If they are not durable, as far as can be known.
        """
        if any(len(entry) > LARGEST_ENTRY for entry in entries):
            raise RangeError(f"an entry has at most {LARGEST_ENTRY} bytes")
        ticket = _Ticket(entries)
        with self._turn:
            if self._broken is not None:
                raise SequencerStoppedError(f"the sequencer has stopped: {self._broken}")
            self._waiting.append(ticket)
            leads, self._is_led = not self._is_led, True
        if not leads:
            ticket.gate.acquire()
            leads = not ticket.is_done
        if leads:
            self._lead()
        if ticket.error is not None:
            raise SequencerStoppedError(f"not acknowledged: {ticket.error}")
        return range(ticket.first, ticket.first + len(entries))

    def prove(self, index: int) -> tuple[bytes, ...]:
        """Prove an entry under the present head."""
        return inclusion(index, self.size, fetch=self.fetch)

    def fetch(self, nodes: Sequence[Node]) -> list[bytes]:
        """Give complete subtrees, as `proof` asks for them."""
        return self._base.nodes([stored_index(level, number) for level, number in nodes])

    def publish(self, folder: LogFolder) -> Checkpoint:
        """Write bundles and tiles, then the second store, then the checkpoint.

        Raises
        ------
        VerificationError
            If the folder or the second store holds another history.
        """
        head_note, size = self._head, self._frontier.size
        new = Checkpoint.parse(parse_note(head_note).text)
        data = folder.read("checkpoint")
        start = 0
        if data is not None:
            opened = open_note(data, [self._signer.vkey])
            before = Checkpoint.parse(opened.text)
            start = before.size
            if before.origin != new.origin or start > size or root_at(start, fetch=self.fetch) != before.root:
                raise VerificationError(f"{folder.path}: holds another history at size {start}")
        writer = TileWriter.resume(folder.read, start)
        for place in range(start, size, _STEP):
            folder.write(writer.add(self._base.entries(place, min(size, place + _STEP))))
        folder.write(writer.partials())
        if self._heads is not None:
            self._heads.swap(self._heads.last(self._origin), new)
        if start and start != size:
            folder.write([(f"heads/{start}", data or b"")])
        if start != size or data is None:
            folder.write([("checkpoint", head_note)])
        return new

    def close(self) -> None:
        """Take nothing more and let go of the database; what is being written is finished first."""
        with self._turn:
            leads, self._is_led = not self._is_led, True
            if self._broken is None:
                self._broken = RuntimeError("closed")
            if not leads:
                last = _Ticket([])
                self._waiting.append(last)
        if not leads:
            last.gate.acquire()
            if not last.is_done:
                self._lead()
        self._base.close()

    def _load(self) -> tuple[Frontier, bytes]:
        """Read the head and check it against the tree and the second store.

        Raises
        ------
        VerificationError
            If it does not hold.
        """
        data = self._base.head()
        if data is None:
            empty = Checkpoint(self._origin, 0, EMPTY_ROOT)
            data = bytes(sign_checkpoint(empty, self._signer))
            self._base.commit(-1, [], nodes=(0, []), head=(0, data))
        head = Checkpoint.parse(open_note(data, [self._signer.vkey]).text)
        peaks = tuple(self.fetch(subtrees(0, head.size)))
        frontier = Frontier(head.size, peaks)
        if head.origin != self._origin or frontier.root() != head.root:
            raise VerificationError(f"{self._origin}: the database's head is not that of its tree")
        last = self._heads.last(self._origin) if self._heads else None
        if last is not None and (last.size > head.size or root_at(last.size, fetch=self.fetch) != last.root):
            raise VerificationError(
                f"last signed head: size {last.size}; the database has {head.size} entries and does not continue it: "
                "it was rolled back or is another one"
            )
        return frontier, data

    def _lead(self) -> None:
        """Write everything that waits in one transaction, then let the first of those that came meanwhile lead."""
        self._gather()
        with self._turn:
            batch, self._waiting = self._waiting, []
            self._last = len(batch)
        try:
            first = self._commit([entry for ticket in batch for entry in ticket.entries])
        except Exception as error:  # noqa: BLE001  whatever it is, nothing may be acknowledged after it
            self._stop(error, batch)
            return
        for ticket in batch:
            ticket.first, ticket.is_done = first, True
            first += len(ticket.entries)
            ticket.gate.release()
        with self._turn:
            if self._waiting:
                self._waiting[0].gate.release()
            else:
                self._is_led = False

    def _gather(self) -> None:
        """Let the clients of the last transaction come back with their next entries, as long as they do come."""
        seen = 0
        while seen < len(self._waiting) < self._last:
            seen = len(self._waiting)
            time.sleep(0)

    def _commit(self, entries: Sequence[bytes]) -> int:
        before = self._frontier
        if not entries:
            return before.size
        frontier, done = grow(before, map(leaf_hash, entries))
        checkpoint = Checkpoint(self._origin, frontier.size, frontier.root())
        head = bytes(sign_checkpoint(checkpoint, self._signer))
        place = stored_index(0, before.size)
        self._base.commit(before.size, entries, nodes=(place, done), head=(frontier.size, head))
        self._frontier, self._head = frontier, head
        return before.size

    def _stop(self, error: Exception, batch: Sequence[_Ticket]) -> None:
        with self._turn:
            self._broken = error
            left, self._waiting = [*batch, *self._waiting], []
            self._is_led = False
        for ticket in left:
            ticket.error, ticket.is_done = error, True
            ticket.gate.release()
