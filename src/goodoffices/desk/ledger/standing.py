"""The log as the desk reads it: kept in memory and read on from where it stood; no page costs a full reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.charter import Charter
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head, read_head
from goodoffices.engines.ledger.force import Reading, Standing
from goodoffices.engines.ledger.log import HEAD, POLICY
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.tiles import entries_of
from goodoffices.store.asks import heads_kept
from goodoffices.store.tiles import LogFolder

_FARTHEST = 2000
"""Heads looked back through for a witness's last cosignature."""


@dataclass
class Book:
    """One log, read as far as its head, and once more as far as the newest head that meets the quorum.

    Attributes
    ----------
    folder
        The log.
    now, bound
        Readings at the newest head and at the newest one that binds.
    """

    folder: LogFolder
    now: Reading
    bound: Reading
    lock: Lock = field(default_factory=Lock)

    def read_on(self) -> Head:
        """Read what has come since; gives the present head."""
        with self.lock:
            head = self.head(HEAD)
            size = head.checkpoint.size
            if size > self.now.size:
                self.now.take(entries_of(self.folder.read, size, start=self.now.size))
            for found in self.heads():
                if found.quorum_met:
                    if found.checkpoint.size > self.bound.size:
                        start, stop = self.bound.size, found.checkpoint.size
                        self.bound.take(entries_of(self.folder.read, stop, start=start))
                    break
            return head

    def heads(self) -> Iterator[Head]:
        """Give the heads, the newest first."""
        for place, name in enumerate(heads_kept(self.folder)):
            if place >= _FARTHEST:
                return
            yield self.head(name)

    def head(self, name: str) -> Head:
        """Read one signed head."""
        return _head(str(self.folder.path), name, self.folder.read(name) or b"", self.folder.read(POLICY) or b"")

    def standing(self, index: int) -> Standing | None:
        """Tell where the statement of one entry stands, under the newest head that binds."""
        with self.lock:
            found = self.bound.standing(index, quorum_met=True) if index < self.bound.size else None
            later = self.now.standing(index, quorum_met=self.bound.size == self.now.size)
        if found is None or later is None or found.in_force:
            return found or later
        return later

    @property
    def charter(self) -> Charter | None:
        """The charter in effect."""
        return self.now.charter


@lru_cache(maxsize=4096)
def _head(path: str, name: str, data: bytes, policy: bytes) -> Head:
    del path, name
    return read_head(data, parse_policy(policy.decode()))


@lru_cache(maxsize=8)
def book(path: Path) -> Book:
    """Open the log in a folder.

    Raises
    ------
    VerificationError
        If there is none.
    """
    folder = LogFolder(path)
    data = folder.read(HEAD)
    if data is None:
        raise VerificationError("no log")
    origin = Checkpoint.parse(data.decode().partition("\n\n")[0] + "\n").origin
    return Book(folder, Reading(origin), Reading(origin))
