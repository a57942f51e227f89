"""The Merkle tree of RFC 6962: leaves, nodes, roots, and where a complete subtree is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]
"""A complete subtree: its height and its number from the left at that height."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Give the root over neighbouring subtrees of one height; the last may be smaller than the others.

    Pairs are joined level by level and an odd last one is passed up, which is the same as RFC 6962's
    split at the largest power of two below the number.
    """
    if not hashes:
        return EMPTY_ROOT
    sha256 = hashlib.sha256
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[0::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def fold(peaks: Sequence[bytes]) -> bytes:
    """Join the roots of complete subtrees, largest first, into the root over all of them."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def subtrees(start: int, stop: int) -> tuple[Node, ...]:
    """Split the leaves from `start` to before `stop` into complete subtrees, largest first.

    `start` is a multiple of the largest power of two that is at most `stop - start`, as in every range of a proof.
    """
    found = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return tuple(found)


def stored_index(level: int, number: int) -> int:
    """Give the place of a complete subtree in the order in which subtrees become complete."""
    last = ((number + 1) << level) - 1
    return 2 * last - last.bit_count() + level


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that a growing tree must remember.

    Attributes
    ----------
    size
        Number of leaves.
    peaks
        Roots of the complete subtrees, largest first: one for every bit set in `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """Give the root of the tree."""
        return fold(self.peaks)


def grow(frontier: Frontier, leaves: Iterable[bytes]) -> tuple[Frontier, list[bytes]]:
    """Add leaf hashes and give every subtree that became complete, in the order of `stored_index`."""
    size, peaks = frontier.size, list(frontier.peaks)
    done: list[bytes] = []
    for leaf in leaves:
        current = leaf
        done.append(current)
        height = size
        while height & 1:
            current = node_hash(peaks.pop(), current)
            done.append(current)
            height >>= 1
        peaks.append(current)
        size += 1
    return Frontier(size, tuple(peaks)), done
