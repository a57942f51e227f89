"""The log's folder on a POSIX disk: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class LogFolder:
    """A log on disk.

    Attributes
    ----------
    path
        Of the folder.
    waits
        Whether a writer waits for the other, as the desk's processes do, instead of being refused.
    """

    path: Path
    waits: bool = False

    def read(self, name: str) -> bytes | None:
        """Give a file of the log, or None if there is none.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise InputError(
                Fault(str(self.path / name), "", "", error.strerror or "unreadable", "a readable file")
            ) from error

    def names(self) -> Iterator[str]:
        """Name every file in the folder, with slashes, in order."""
        for folder, folders, files in os.walk(self.path):
            folders.sort()
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self.path).as_posix()

    def write(self, files: Iterable[tuple[str, bytes]]) -> int:
        """Write files durably: each is on disk before it has its name, and all names are before this returns.

        Raises
        ------
        OSError
            If the disk refuses; what was written before stays, and no file is half written.
        """
        folders: dict[Path, None] = {}
        count = 0
        for name, data in files:
            target = self.path / name
            folders |= dict.fromkeys(self._folder(target.parent))
            durable(target, data)
            folders[target.parent] = None
            count += 1
        for folder in folders:
            sync_folder(folder)
        return count

    def remove(self, name: str) -> None:
        """Remove a file durably."""
        (self.path / name).unlink(missing_ok=True)
        sync_folder(self.path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer of this log out, in this process and others.

        Raises
        ------
        InputError
            If there is no such folder, or another process is writing and this one does not wait.
        """
        import fcntl

        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise InputError(Fault(str(self.path), "", "", (error.strerror or "").lower(), "a log's folder")) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if self.waits else fcntl.LOCK_NB))
            yield
        except BlockingIOError as error:
            raise InputError(Fault(str(self.path), "", "", "another writer at work", "one writer at a time")) from error
        finally:
            os.close(handle)

    def _folder(self, folder: Path) -> list[Path]:
        """Make a folder and name those whose list of names has changed by it."""
        made = []
        while not folder.is_dir():
            made.append(folder)
            folder = folder.parent
        for new in reversed(made):
            new.mkdir(exist_ok=True)
        return [path.parent for path in made]


def durable(target: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write one file through a temporary neighbour that is on disk before it takes the name."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
