"""Destroys a workspace in danger: keys first, then everything; needs no database, no lock and no running desk.

What is sealed is gone with the keys, within milliseconds and in every copy that has none. Overwriting is as good as the
disk lets it be: a solid-state disk may keep old blocks, so a laptop's disk should be encrypted as a whole beneath this.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError

PIDS = "desk.pid"
_MARKS = ("desk.sqlite", "keys", "log", "vault")
_CHUNK = 1 << 20


def wipe(workspace: Path, keys: Path) -> dict[str, int]:
    """Destroy the keys, stop the desk's own processes, then remove everything; gives how many files of each.

    Parameters
    ----------
    workspace
        Folder of a desk.
    keys
        Its folder of keys, wherever it lies.

    Raises
    ------
    InputError
        If the folder is no desk's.
    """
    if not any((workspace / name).exists() for name in _MARKS):
        raise InputError(Fault(str(workspace), "", "", "no desk", "the workspace of a desk"))
    vault = workspace / "vault"
    gone = sum(_destroy(path) for path in _files(keys, workspace / "party-keys"))
    gone += sum(_destroy(path) for path in sorted(vault.glob("keys.sqlite*")))
    stopped = _stop(workspace / PIDS)
    gone += sum(_destroy(path) for path in _files(keys, workspace / "party-keys"))  # a process may have made one anew
    rest = 0
    for path in [*sorted(workspace.glob("*.sqlite*")), *_files(workspace)]:
        if path.is_file() or path.is_symlink():
            rest += _cut(path)
    for folder in (keys, workspace):
        shutil.rmtree(folder, ignore_errors=True)
    return {"keys": gone, "files": rest, "processes": stopped}


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() or path.is_symlink():
                yield path


def _destroy(path: Path) -> int:
    """Overwrite a file with random bytes, then remove it."""
    with contextlib.suppress(OSError):
        if not path.is_symlink():
            size = path.stat().st_size
            with path.open("r+b") as file:
                for start in range(0, size, _CHUNK):
                    file.write(secrets.token_bytes(min(_CHUNK, size - start)))
                file.flush()
                os.fsync(file.fileno())
        path.unlink()
        return 1
    return 0


def _cut(path: Path) -> int:
    """Cut a file to nothing, so that a process that holds it open has nothing either, then remove it."""
    with contextlib.suppress(OSError):
        if not path.is_symlink() and not path.name.endswith("-shm"):  # mapped into memory; it holds no row
            os.truncate(path, 0)
        path.unlink()
        return 1
    return 0


def _stop(path: Path) -> int:
    """Kill the processes that the desk has noted, if they are still ours."""
    stopped = 0
    for pid in _noted(path):
        with contextlib.suppress(OSError):
            if b"goodoffices" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
                stopped += 1
    return stopped


def _noted(path: Path) -> Iterable[int]:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ()
    return tuple(int(word) for word in text.split() if word.isdigit())
