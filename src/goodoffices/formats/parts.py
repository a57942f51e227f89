"""A file too large for one QR code, as numbered parts: printed, scanned or pasted back in any order, whole or not."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError

FORM = "GOP1"
PAYLOAD = 500
"""Bytes of the packed file in one part: 800 signs, a code of version 20 at error level M."""
MOST_PARTS = 400
MOST_BYTES = 8_000_000
"""Of a file; and of all files together that are scanned at once, twice as many."""

_PART = re.compile(FORM + r":(\d{1,3})/(\d{1,3}):([0-9A-F]{16}):([A-Z2-7]{1,1000}):([A-Z2-7]{4})")
_PREVIOUS = re.compile(rb'"previous":"([0-9a-f]{64}|\^)"')


def parts_of(data: bytes) -> list[str]:
    """Cut a file into parts, each one line of letters and digits that fits one QR code.

    Raises
    ------
    InputError
        If it is empty, or needs more parts than anybody will scan.
    """
    packed = _pack(data)
    count = -(-len(packed) // PAYLOAD)
    if not data or len(data) > MOST_BYTES or count > MOST_PARTS:
        raise InputError(Fault("parts", "", "", f"{len(data)} bytes", f"a file of at most {MOST_PARTS} parts"))
    name = sha256_hex(data)[:16].upper()
    lines = []
    for number in range(1, count + 1):
        payload = base64.b32encode(packed[(number - 1) * PAYLOAD : number * PAYLOAD]).decode().rstrip("=")
        head = f"{FORM}:{number}/{count}:{name}:{payload}"
        lines.append(f"{head}:{_check(head)}")
    return lines


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was scanned of one file.

    Attributes
    ----------
    name
        First 16 hexadecimal digits of its SHA-256, as they stand on every part.
    count
        How many parts it has.
    missing
        Numbers of the parts that are not there.
    data
        The file, byte for byte; None while a part is missing, or where the parts do not give that SHA-256.
    """

    name: str
    count: int
    missing: tuple[int, ...]
    data: bytes | None


def gather(text: str) -> tuple[Gathered, ...]:
    """Put together what was scanned or pasted: parts in any order, of several files, some twice, lines broken anywhere.

    Parameters
    ----------
    text
        As it came. What is no part, or was read wrongly, is passed over: its number is then missing.

    Returns
    -------
    tuple
        One for each file of which there is a part, in the order of their names.
    """
    there: dict[tuple[str, int], dict[int, bytes]] = {}
    for name, count, number, payload in _read(text):
        there.setdefault((name, count), {})[number] = payload
    found: list[Gathered] = []
    left = 2 * MOST_BYTES
    for (name, count), payloads in sorted(there.items()):
        missing = tuple(number for number in range(1, count + 1) if number not in payloads)
        packed = b"" if missing else b"".join(payloads[number] for number in range(1, count + 1))
        data = None if missing else _unpack(packed, min(left, MOST_BYTES))
        left -= len(data) if data is not None else 0
        whole = data if data is not None and sha256_hex(data)[:16].upper() == name else None
        found.append(Gathered(name, count, missing, whole))
    return tuple(found)


def _read(text: str) -> Iterator[tuple[str, int, int, bytes]]:
    for found in _PART.finditer("".join(text.split()).upper()):
        number, count = int(found[1]), int(found[2])
        head = found[0].rpartition(":")[0]
        if _check(head) != found[5] or not 1 <= number <= count <= MOST_PARTS:
            continue
        padded = found[4] + "=" * (-len(found[4]) % 8)
        try:
            yield found[3], count, number, base64.b32decode(padded)
        except ValueError:
            continue


def _check(head: str) -> str:
    return base64.b32encode(bytes.fromhex(sha256_hex(head.encode())))[:4].decode()


def _pack(data: bytes) -> bytes:
    """Deflate; of a chain of statements without the hashes that follow from the lines before."""
    short = b"^" + b"\n".join(_without(data.split(b"\n")))
    return zlib.compress(short if _chained(short[1:]) == data else b"=" + data, 9)


def _unpack(packed: bytes, most: int) -> bytes | None:
    """Inflate, and put the hashes back; nothing for what is no such file or would be longer than allowed."""
    opener = zlib.decompressobj()
    try:
        plain = opener.decompress(packed, most + 1) if most > 0 else b""
    except zlib.error:
        return None
    if not opener.eof or not plain:
        return None
    if plain[:1] == b"=":
        return plain[1:]
    grown = len(plain) + 63 * plain.count(b'"previous":"^"')  # a sign becomes a hash of 64
    return _chained(plain[1:]) if grown <= most + 1 else None


def _without(lines: list[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        said = _PREVIOUS.search(line)
        follows = said is not None and said[1] == sha256_hex(before).encode()
        yield line[: said.start(1)] + b"^" + line[said.end(1) :] if said and follows else line
        before = line


def _chained(short: bytes) -> bytes:
    """Put the hashes back, line after line."""
    lines: list[bytes] = []
    for line in short.split(b"\n"):
        said = _PREVIOUS.search(line)
        if said is not None and said[1] == b"^":
            line = line[: said.start(1)] + sha256_hex(lines[-1] if lines else b"").encode() + line[said.end(1) :]  # noqa: PLW2901
        lines.append(line)
    return b"\n".join(lines)
