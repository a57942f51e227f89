"""Asks a virus scanner (clamd) about bytes nobody vouches for, over a socket of this machine, within a time limit.

The protocol is clamd's INSTREAM: the command, then pieces each with its length, then a length of nought; one line comes
back. Whatever is not a plain yes or no is an error: a file that was not examined is not taken.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from goodoffices.domain.errors import Fault, InputError, UnexaminedError

PIECE = 1 << 16
MOST_ANSWER = 4096
"""Bytes of an answer; more is no answer."""
_FOUND = re.compile(r"stream: ([\x21-\x7e]{1,200}) FOUND")


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where a scanner listens: a path of a Unix socket, or a port of this machine.

    Attributes
    ----------
    path
        Of the Unix socket; empty for a port.
    host, port
        A loopback address and its port; empty and 0 for a path.
    """

    path: str = ""
    host: str = ""
    port: int = 0


def scanner_at(address: str) -> Scanner:
    """Read `unix:/path` or `tcp://127.0.0.1:3310`; files go to no other machine.

    Raises
    ------
    InputError
        If it is neither, or the host is not this machine.
    """
    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Scanner(path=parts.path)
    with suppress(ValueError):  # no number where a port belongs, no address where a host belongs
        if parts.scheme == "tcp" and parts.port and ip_address(parts.hostname or "").is_loopback:
            return Scanner(host=parts.hostname or "", port=parts.port)
    raise InputError(Fault("scanner", "", "address", address, "unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310"))


def examine(scanner: Scanner, data: bytes, *, seconds: float) -> str:
    """Ask about some bytes: the name of what was found, or nothing where nothing was.

    Raises
    ------
    UnexaminedError
        If no plain answer comes in time.
    """
    answer = _asked(scanner, b"zINSTREAM\0", data, seconds)
    if answer == "stream: OK":
        return ""
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise UnexaminedError("the scanner gave no verdict")
    return found[1]


def version(scanner: Scanner, *, seconds: float) -> str:
    """Ask which scanner it is and of which day its signatures are.

    Raises
    ------
    UnexaminedError
        If it does not answer in time.
    """
    answer = _asked(scanner, b"zVERSION\0", None, seconds)
    if not answer.startswith("ClamAV") or not answer.isprintable():
        raise UnexaminedError("what listens there is no clamd")
    return answer[:200]


def _asked(scanner: Scanner, command: bytes, data: bytes | None, seconds: float) -> str:
    """Send a command, and bytes with it; give the one line that comes back.

    Raises
    ------
    UnexaminedError
        If it fails in any way, time included.
    """
    until = time.monotonic() + seconds
    family = socket.AF_UNIX if scanner.path else socket.AF_INET6 if ":" in scanner.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as line:
            _hurry(line, until)
            line.connect(scanner.path or (scanner.host, scanner.port))
            with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough; its answer says why
                line.sendall(command)
                if data is not None:
                    _send(line, data, until)
            return _answer(line, until)
    except OSError as error:
        raise UnexaminedError(f"the scanner did not answer: {type(error).__name__}") from error


def _send(line: socket.socket, data: bytes, until: float) -> None:
    view = memoryview(data)
    for start in range(0, len(data), PIECE):
        piece = view[start : start + PIECE]
        _hurry(line, until)
        line.sendall(struct.pack(">I", len(piece)))
        line.sendall(piece)
    line.sendall(struct.pack(">I", 0))


def _answer(line: socket.socket, until: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) <= MOST_ANSWER:
        _hurry(line, until)
        piece = line.recv(1024)
        if not piece:
            break
        answer += piece
    said, end, rest = answer.partition(b"\0")
    if not end or rest or len(said) > MOST_ANSWER:
        raise UnexaminedError("the scanner broke off")
    return said.decode("ascii", "replace").strip()


def _hurry(line: socket.socket, until: float) -> None:
    """Leave the socket no more than the time that is left."""
    line.settimeout(max(until - time.monotonic(), 0.001))
