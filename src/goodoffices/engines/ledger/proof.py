"""Builds inclusion and consistency proofs from stored subtrees; `verify` checks them and shares no code with this."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goodoffices.domain.errors import RangeError
from goodoffices.engines.ledger.tree import Node, fold, subtrees

Fetch = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the hashes of complete subtrees, in the order asked for."""

Span = tuple[int, int]
"""Leaves from the first to before the second."""


def inclusion(index: int, size: int, *, fetch: Fetch) -> tuple[bytes, ...]:
    """Prove that the entry at `index` is in the tree of `size` entries (RFC 6962, 2.1.1).

    Raises
    ------
    RangeError
        If the entry is not in the tree.
    """
    if not 0 <= index < size:
        raise RangeError(f"entry {index} is not in a tree of {size} entries")
    return _hashes(inclusion_spans(index, size), fetch)


def consistency(old: int, size: int, *, fetch: Fetch) -> tuple[bytes, ...]:
    """Prove that the tree of `size` entries begins with the tree of `old` entries (RFC 6962, 2.1.2).

    Raises
    ------
    RangeError
        If the old tree is larger.
    """
    if not 0 <= old <= size:
        raise RangeError(f"a tree of {size} entries cannot begin with one of {old}")
    return _hashes(consistency_spans(old, size), fetch)


def root(size: int, *, fetch: Fetch) -> bytes:
    """Give the root of the first `size` entries."""
    return fold(fetch(subtrees(0, size)))


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """Name the ranges whose roots make the proof, lowest first."""
    spans: list[Span] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    return tuple(reversed(spans))


def consistency_spans(old: int, size: int) -> tuple[Span, ...]:
    """Name the ranges whose roots make the proof, lowest first."""
    if old in {0, size}:
        return ()
    spans: list[Span] = []
    start, stop = 0, size
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, stop))
    return tuple(reversed(spans))


def _hashes(spans: Sequence[Span], fetch: Fetch) -> tuple[bytes, ...]:
    parts = [subtrees(start, stop) for start, stop in spans]
    found = iter(fetch([node for part in parts for node in part]))
    return tuple(fold([next(found) for _ in part]) for part in parts)


def _split(leaves: int) -> int:
    return 1 << ((leaves - 1).bit_length() - 1)
