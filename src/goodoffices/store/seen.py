"""What a witness or a signer has seen last, in a file that only ever grows."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.store.tiles import sync_folder


@dataclass(frozen=True, slots=True)
class Seen:
    """An append-only state file; one line a head.

    Attributes
    ----------
    path
        Of the file.
    """

    path: Path

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    def start(self) -> None:
        """Make an empty state file, durably."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(exist_ok=True)
        sync_folder(self.path.parent)

    def last(self) -> dict[str, Checkpoint]:
        """Give the last head seen of each log.

        A last line without newline was never acknowledged and is passed over.

        Raises
        ------
        InputError
            If the file is missing or a line is malformed: a witness without memory must not sign.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            raise InputError(
                Fault(
                    str(self.path),
                    "",
                    "",
                    "no state file",
                    "the state of this witness: without it a rollback is not seen",
                )
            ) from error
        seen: dict[str, Checkpoint] = {}
        for number, line in enumerate(lines[:-1], 1):
            try:
                value = json.loads(line)
                found = Checkpoint(str(value["origin"]), int(value["size"]), bytes.fromhex(value["root"]))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(Fault(str(self.path), f"line {number}", "", "no head", "a head seen")) from error
            before = seen.get(found.origin)
            if before is not None and found.size < before.size:
                raise InputError(
                    Fault(str(self.path), f"line {number}", "size", str(found.size), f"at least {before.size}")
                )
            seen[found.origin] = found
        return seen

    def add(self, head: Checkpoint) -> None:
        """Add a head; it is on disk before this returns."""
        line = canonical_bytes({"origin": head.origin, "root": head.root.hex(), "size": head.size}) + b"\n"
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND)
        try:
            size = os.fstat(handle).st_size
            whole = os.pread(handle, size, 0)
            if whole and not whole.endswith(b"\n"):
                os.ftruncate(handle, whole.rfind(b"\n") + 1)
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time read, decide and add."""
        handle = os.open(self.path, os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
