"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file by a temporary neighbour and a rename; the folder is made if it is missing.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    payload = data.encode() if isinstance(data, str) else data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(
            Fault(str(path), "", "", error.strerror or "no access", "a place that can be written")
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(payload)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise InputError(
            Fault(str(path), "", "", error.strerror or "no access", "a place that can be written")
        ) from error


def read_bytes(path: Path) -> bytes:
    """Read a file that a user named.

    Raises
    ------
    InputError
        If there is no such file or it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            Fault(str(path), "", "", (error.strerror or "unreadable").lower(), "a readable file")
        ) from error
