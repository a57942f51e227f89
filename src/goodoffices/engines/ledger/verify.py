"""Checks inclusion and consistency proofs by the loops of RFC 9162, 2.1.3.2 and 2.1.4.2; builds none."""

from __future__ import annotations

from collections.abc import Sequence

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.tree import EMPTY_ROOT, node_hash


def root_from_inclusion(leaf: bytes, index: int, *, size: int, proof: Sequence[bytes]) -> bytes:
    """Compute the root that an inclusion proof leads to.

    Raises
    ------
    VerificationError
        If the proof has too many or too few hashes for its place.
    """
    if not 0 <= index < size:
        raise VerificationError(f"inclusion: index {index}, expected below the size {size}")
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise VerificationError("inclusion: the proof has more hashes than the tree has levels")
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while here and not here & 1:
                here >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        here >>= 1
        last >>= 1
    if last:
        raise VerificationError("inclusion: the proof has fewer hashes than the tree has levels")
    return found


def check_inclusion(leaf: bytes, index: int, *, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in a tree.

    Raises
    ------
    VerificationError
        If it is not shown to be.
    """
    if root_from_inclusion(leaf, index, size=size, proof=proof) != root:
        raise VerificationError(f"inclusion: the proof of entry {index} does not lead to the root of the head")


def roots_from_consistency(old: int, size: int, *, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Compute the old and the new root that a consistency proof leads to.

    The proof begins with the root of the largest complete subtree at the old tree's end: where `old` is a power
    of two that is the old root itself, which RFC 9162 leaves out and the caller puts in front.

    Raises
    ------
    VerificationError
        If the proof has too many or too few hashes.
    """
    if not 0 < old < size or not proof:
        raise VerificationError(f"consistency: no proof leads from {old} to {size}")
    here, last = old - 1, size - 1
    while here & 1:
        here >>= 1
        last >>= 1
    before = after = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            raise VerificationError("consistency: the proof has more hashes than the tree has levels")
        if here & 1 or here == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while here and not here & 1:
                here >>= 1
                last >>= 1
        else:
            after = node_hash(after, sibling)
        here >>= 1
        last >>= 1
    if last:
        raise VerificationError("consistency: the proof has fewer hashes than the tree has levels")
    return before, after


def check_consistency(old: tuple[int, bytes], new: tuple[int, bytes], *, proof: Sequence[bytes]) -> None:
    """Check that a tree begins with an older tree; each is given by its size and its root.

    Raises
    ------
    VerificationError
        If it is not shown to.
    """
    (old_size, old_root), (size, root) = old, new
    if old_size > size:
        raise VerificationError(f"consistency: the old size {old_size} is above the new size {size}")
    if old_size in {0, size}:
        expected = EMPTY_ROOT if old_size == 0 else root
        if proof:
            raise VerificationError("consistency: the proof must be empty here")
        if old_root != expected:
            raise VerificationError(f"consistency: two different roots at size {old_size}")
        return
    seeded = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if roots_from_consistency(old_size, size, proof=seeded) != (old_root, root):
        raise VerificationError(
            f"consistency: the tree of {size} entries is not shown to begin with that of {old_size}"
        )
