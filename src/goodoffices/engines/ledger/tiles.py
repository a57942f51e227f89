"""The tree and its entries as immutable tiles (c2sp.org/tlog-tiles v0.1.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from goodoffices.domain.errors import RangeError, VerificationError
from goodoffices.engines.ledger.tree import HASH_BYTES, Node, leaf_hash, root_of

WIDTH = 256
HEIGHT = 8
LARGEST_ENTRY = 65_535
ENTRIES = "entries"

Read = Callable[[str], bytes | None]
"""Gives the bytes of a file of the log by its path, or None if there is none."""


def tile_path(level: int | str, number: int, *, width: int = WIDTH) -> str:
    """Name the file of a tile: `tile/0/x001/x234/067`, with `.p/W` if it is partial.

    Raises
    ------
    RangeError
        If the width is not 1 to 256.
    """
    if not 1 <= width <= WIDTH:
        raise RangeError(f"a tile has 1 to {WIDTH} hashes, not {width}")
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    name = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def levels(size: int) -> Iterator[tuple[int, int, int]]:
    """Name each level of a tree: its number, its full tiles, and the width of its partial tile (0: none)."""
    level, hashes = 0, size
    while hashes:
        yield level, hashes // WIDTH, hashes % WIDTH
        level, hashes = level + 1, hashes // WIDTH


def storeys(size: int) -> Iterator[tuple[int | str, int, int]]:
    """Name the bundles of entries and then each level, as `levels` does."""
    yield ENTRIES, size // WIDTH, size % WIDTH
    yield from levels(size)


def layout(size: int) -> Iterator[str]:
    """Name every file of a tree of this size: bundles of entries first, then tiles from the lowest level up."""
    for level, full_tiles, partial in storeys(size):
        for number in range(full_tiles):
            yield tile_path(level, number)
        if partial:
            yield tile_path(level, full_tiles, width=partial)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Write up to 256 entries as one bundle: each with its length in two bytes before it.

    Raises
    ------
    RangeError
        If an entry is too long.
    """
    parts = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise RangeError(f"an entry has at most {LARGEST_ENTRY} bytes, not {len(entry)}")
        parts += [len(entry).to_bytes(2), entry]
    return b"".join(parts)


def unbundle(data: bytes, count: int) -> list[bytes]:
    """Read the entries of a bundle.

    Raises
    ------
    VerificationError
        If it does not hold exactly `count` entries.
    """
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 2])
        entry = data[place + 2 : place + 2 + length]
        if place + 2 + length > len(data):
            raise VerificationError(f"bundle: entry {len(entries)} is cut off")
        entries.append(entry)
        place += 2 + length
    if len(entries) != count:
        raise VerificationError(f"bundle: {len(entries)} entries, expected {count}")
    return entries


def hashes_of(data: bytes) -> list[bytes]:
    """Split a tile into its hashes."""
    return [data[place : place + HASH_BYTES] for place in range(0, len(data), HASH_BYTES)]


def read_tile(read: Read, path: str, *, width: int) -> list[bytes]:
    """Read a tile of the width its path says.

    Raises
    ------
    VerificationError
        If it is missing or has another length.
    """
    data = read(path)
    if data is None:
        raise VerificationError(f"{path}: missing")
    if len(data) != width * HASH_BYTES:
        raise VerificationError(f"{path}: {len(data)} bytes, expected {width * HASH_BYTES}")
    return hashes_of(data)


def read_bundle(read: Read, number: int, *, width: int = WIDTH) -> list[bytes]:
    """Read the entries of one bundle of the log.

    Raises
    ------
    VerificationError
        If it is missing or does not hold that many entries.
    """
    path = tile_path(ENTRIES, number, width=width)
    data = read(path)
    if data is None:
        raise VerificationError(f"{path}: missing")
    try:
        return unbundle(data, width)
    except VerificationError as error:
        raise VerificationError(f"{path}: {error}") from error


def entries_of(read: Read, size: int, *, start: int = 0) -> Iterator[bytes]:
    """Read the entries of a log from `start` on, in order."""
    for number in range(start // WIDTH, -(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        yield from read_bundle(read, number, width=width)[max(0, start - number * WIDTH) :]


@dataclass(slots=True)
class TileHashes:
    """Gives the hashes of complete subtrees from the tiles of a log, as `proof` asks for them.

    Attributes
    ----------
    read
        Gives a file of the log.
    size
        Number of entries of the log; no tile beyond it is read.
    """

    read: Read
    size: int
    _seen: dict[str, list[bytes]] = field(default_factory=dict)

    def __call__(self, nodes: Sequence[Node]) -> list[bytes]:
        """Give the hashes of these subtrees, in order."""
        return [self._one(level, number) for level, number in nodes]

    def _one(self, level: int, number: int) -> bytes:
        tile_level, inner = divmod(level, HEIGHT)
        first = number << inner
        tile, place = divmod(first, WIDTH)
        width = min(WIDTH, (self.size >> (HEIGHT * tile_level)) - tile * WIDTH)
        path = tile_path(tile_level, tile, width=width)
        if path not in self._seen:
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[path] = read_tile(self.read, path, width=width)
        return root_of(self._seen[path][place : place + (1 << inner)])


@dataclass(slots=True)
class TileWriter:
    """Grows a tree tile by tile; holds one partial tile a level and one partial bundle.

    Attributes
    ----------
    size
        Entries taken so far.
    """

    size: int = 0
    _tails: list[list[bytes]] = field(default_factory=list)
    _entries: list[bytes] = field(default_factory=list)
    _from: int = 0

    @classmethod
    def resume(cls, read: Read, size: int) -> TileWriter:
        """Take up a log of this size from its partial tiles."""
        tails = [
            read_tile(read, tile_path(level, full, width=part), width=part) if part else []
            for level, full, part in levels(size)
        ]
        part = size % WIDTH
        entries = read_bundle(read, size // WIDTH, width=part) if part else []
        return cls(size, tails, entries, size)

    def add(self, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """Take entries and give every bundle and tile that became full, each bundle before its tile."""
        for entry in entries:
            self._entries.append(entry)
            self.size += 1
            if len(self._entries) == WIDTH:
                full, self._entries = self._entries, []
                yield tile_path(ENTRIES, self.size // WIDTH - 1), bundle(full)
            yield from self._push(0, leaf_hash(entry))

    def partials(self) -> Iterator[tuple[str, bytes]]:
        """Give the bundle and the tiles that are not full yet and have grown since the log was taken up."""
        if self.size == self._from:
            return
        if self._entries:
            yield tile_path(ENTRIES, self.size // WIDTH, width=len(self._entries)), bundle(self._entries)
        for level, tail in enumerate(self._tails):
            if tail and self._from >> (HEIGHT * level) != self.size >> (HEIGHT * level):
                number = (self.size >> (HEIGHT * level)) // WIDTH
                yield tile_path(level, number, width=len(tail)), b"".join(tail)

    def root(self) -> bytes:
        """Give the root of all entries taken so far."""
        rest: list[bytes] = []
        for tail in self._tails:
            joined = [*tail, *rest]
            rest = [root_of(joined)] if joined else []
        return root_of(rest)

    def _push(self, level: int, found: bytes) -> Iterator[tuple[str, bytes]]:
        if level == len(self._tails):
            self._tails.append([])
        tail = self._tails[level]
        tail.append(found)
        if len(tail) == WIDTH:
            self._tails[level] = []
            number = (self.size >> (HEIGHT * level)) // WIDTH - 1
            yield tile_path(level, number), b"".join(tail)
            yield from self._push(level + 1, root_of(tail))
