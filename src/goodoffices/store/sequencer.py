"""The desk's log: one thread orders entries; one is acknowledged only when it is durable under a signed head.

Entries of many clients that arrive while a transaction is written go into the next one together (group commit).
An error of the database stops the sequencer for good: after a failed fsync nobody knows what is on the disk, so nothing
is tried again; whoever starts it anew reads what is really there.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from goodoffices.domain.errors import GoodOfficesError, RangeError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.note import Signer, open_note, parse_note
from goodoffices.engines.ledger.proof import inclusion
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import LARGEST_ENTRY, TileWriter
from goodoffices.engines.ledger.tree import EMPTY_ROOT, Frontier, Node, grow, leaf_hash, stored_index, subtrees
from goodoffices.store.heads import HeadStore
from goodoffices.store.tiles import LogFolder

_MOST_AT_ONCE = 20_000
_STEP = 16_384


class SequencerStoppedError(GoodOfficesError):
    """The sequencer met an error of its database and takes nothing more; what it had acknowledged is durable."""


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


class Sequencer:
    """Takes entries from many threads; gives proofs; writes tiles."""

    def __init__(self, base: Base, origin: str, *, signer: Signer, heads: HeadStore | None = None) -> None:
        self._base = base
        self._origin = origin
        self._signer = signer
        self._heads = heads
        self._frontier, self._head = self._load()
        self._turn = threading.Condition()
        self._waiting: list[tuple[bytes, Future[int]]] = []
        self._broken: Exception | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="sequencer", daemon=True)
        self._thread.start()

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self._frontier.size

    @property
    def head(self) -> bytes:
        """The signed head over them."""
        return self._head

    def add(self, entry: bytes) -> int:
        """Add one entry and give its index once it is durable.

        Raises
        ------
        SequencerStoppedError
            If it is not.
        """
        return self.submit([entry])[0].result()

    def submit(self, entries: Sequence[bytes]) -> list[Future[int]]:
        """Hand in entries, to be written as soon as may be; each future gives an index once the entry is durable.

        Raises
        ------
        RangeError
            If an entry is too long.
        SequencerStoppedError
            If the sequencer has stopped.
        """
        if any(len(entry) > LARGEST_ENTRY for entry in entries):
            raise RangeError(f"an entry has at most {LARGEST_ENTRY} bytes")
        pairs = [(entry, Future[int]()) for entry in entries]
        with self._turn:
            if self._broken is not None or self._closing:
                raise SequencerStoppedError(f"the sequencer has stopped: {self._broken or 'closed'}")
            self._waiting += pairs
            self._turn.notify()
        return [future for _, future in pairs]

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
        """Write what waits, then stop."""
        with self._turn:
            self._closing = True
            self._turn.notify()
        self._thread.join()
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

    def _work(self) -> None:
        while True:
            with self._turn:
                while not self._waiting and not self._closing:
                    self._turn.wait()
                batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            if not batch:
                return
            try:
                first = self._commit([entry for entry, _ in batch])
            except Exception as error:  # noqa: BLE001  whatever it is, nothing may be acknowledged after it
                self._stop(error, batch)
                return
            for place, (_, future) in enumerate(batch):
                future.set_result(first + place)

    def _commit(self, entries: Sequence[bytes]) -> int:
        before = self._frontier
        frontier, done = grow(before, map(leaf_hash, entries))
        checkpoint = Checkpoint(self._origin, frontier.size, frontier.root())
        head = bytes(sign_checkpoint(checkpoint, self._signer))
        place = stored_index(0, before.size)
        self._base.commit(before.size, entries, nodes=(place, done), head=(frontier.size, head))
        self._frontier, self._head = frontier, head
        return before.size

    def _stop(self, error: Exception, batch: Sequence[tuple[bytes, Future[int]]]) -> None:
        with self._turn:
            self._broken = error
            left, self._waiting = [*batch, *self._waiting], []
        for _, future in left:
            future.set_exception(SequencerStoppedError(f"not acknowledged: {error}"))
