"""Joint assignment: every set of remains is one missing person or nobody of them, and nobody is found twice.

Families are independent given the assignment, so an assignment's probability is a product over families. The sum over
all assignments runs family by family over the subsets of remains already given away: exact, and 2^n instead of n!.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goodoffices.engines.kinship.mutation import Floats

MOST = 16
"""Remains that one exact sum takes; larger components are split at their weakest pairs, and that is said."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to place remains in one family.

    Attributes
    ----------
    pairs
        (remains, person) positions, none twice; empty: nobody of this family is among the remains.
    ln
        Weight: ln of likelihood ratio times prior odds, against all of these remains being nobody's.
    """

    pairs: tuple[Pair, ...]
    ln: float


@dataclass(frozen=True, slots=True)
class Joint:
    """The joint answer.

    Attributes
    ----------
    count
        Assignments summed over.
    top
        The most probable assignments with their ln weight and posterior, best first.
    marginal
        Posterior of each pair (remains, person) that is possible at all.
    nobody
        Posterior of each of the remains to be none of the missing.
    """

    count: int
    top: tuple[tuple[tuple[Pair, ...], float, float], ...]
    marginal: dict[Pair, float]
    nobody: tuple[float, ...]


def solve(families: Sequence[Sequence[Option]], remains: int, *, top: int = 10) -> Joint:
    """Sum over all assignments.

    Parameters
    ----------
    families
        Options of each family; the empty option is added where it is missing.
    remains
        How many sets of remains there are, at most `MOST`.
    top
        How many assignments to list.

    Returns
    -------
    Joint
        Posteriors and the best assignments.
    """
    options = [
        tuple(family) if any(not option.pairs for option in family) else (Option((), 0.0), *family)
        for family in families
    ]
    after, scale = _backward(options, remains)
    before = np.zeros(1 << remains)
    before[0] = 1.0
    marginal: dict[Pair, float] = {}
    nobody = np.ones(remains)
    for number, family in enumerate(options):
        forward = np.zeros_like(before)
        # The two passes are scaled apart; the posteriors of one family's options sum to one, which mends it.
        parts = []
        for option in family:
            moved = _place(before, option, 0.0 if option.ln == -math.inf else math.exp(option.ln - scale[number]))
            parts.append(float(moved @ after[number]))
            forward += moved
        whole = math.fsum(parts)
        for option, part in zip(family, parts, strict=True):
            for pair in option.pairs:
                marginal[pair] = marginal.get(pair, 0.0) + part / whole
                nobody[pair[0]] -= part / whole
        before = forward / forward.max()
    count = _count(options, remains)
    return Joint(
        count, _best(options, top, _ln_total(options, after, scale)), marginal, tuple(_nobody(options, remains))
    )


def _mask(option: Option) -> int:
    return sum(1 << remains for remains, _ in option.pairs)


def _place(values: Floats, option: Option, weight: float) -> Floats:
    """Move mass to the subsets that contain the option's remains."""
    mask = _mask(option)
    if not mask:
        return values * weight
    subsets = np.arange(len(values))
    free = (subsets & mask) == 0
    moved = np.zeros_like(values)
    moved[subsets[free] | mask] = values[free] * weight
    return moved


def _backward(options: Sequence[Sequence[Option]], remains: int) -> tuple[list[Floats], list[float]]:
    """Sum what families after each one may still do, by the subset already given away; scaled to at most 1."""
    after = [np.ones(1 << remains)]
    scale = []
    subsets = np.arange(1 << remains)
    for family in reversed(options):
        highest = max(option.ln for option in family)
        scale.append(highest)
        later = after[-1]
        total = np.zeros_like(later)
        for option in family:
            if option.ln == -math.inf:
                continue
            mask = _mask(option)
            free = (subsets & mask) == 0
            total[free] += later[subsets[free] | mask] * math.exp(option.ln - highest)
        after.append(total)
    after.reverse()
    scale.reverse()
    return after[1:], scale


def _ln_total(options: Sequence[Sequence[Option]], after: Sequence[Floats], scale: Sequence[float]) -> float:
    """Give ln of the sum over all assignments."""
    total = 0.0
    for option in options[0]:
        if option.ln > -math.inf:
            total += math.exp(option.ln - scale[0]) * float(after[0][_mask(option)])
    return math.log(total) + math.fsum(scale)


def _nobody(options: Sequence[Sequence[Option]], remains: int) -> list[float]:
    """Sum the assignments in which one set of remains is nobody's, without the loss of a difference from one."""
    whole = _total(options, remains)
    shares = []
    for one in range(remains):
        without = [[option for option in family if all(pair[0] != one for pair in option.pairs)] for family in options]
        shares.append(math.exp(_total(without, remains) - whole))
    return shares


def _total(options: Sequence[Sequence[Option]], remains: int) -> float:
    after, scale = _backward(options, remains)
    return _ln_total(options, after, scale)


def _count(options: Sequence[Sequence[Option]], remains: int) -> int:
    """Count assignments, the impossible ones of several members of one family among them."""
    flat = [[Option(option.pairs, 0.0) for option in family] for family in options]
    return round(math.exp(_total(flat, remains)))


def _best(
    options: Sequence[Sequence[Option]], top: int, total: float
) -> tuple[tuple[tuple[Pair, ...], float, float], ...]:
    """Find the most probable assignments by depth-first search with a bound."""
    ordered = [sorted(family, key=lambda option: -option.ln) for family in options]
    rest = [0.0] * (len(ordered) + 1)
    for number in range(len(ordered) - 1, -1, -1):
        rest[number] = rest[number + 1] + ordered[number][0].ln
    heap: list[tuple[float, int, tuple[Pair, ...]]] = []
    serial = 0
    stack: list[tuple[int, int, float, tuple[Pair, ...]]] = [(0, 0, 0.0, ())]
    while stack:
        number, used, ln, pairs = stack.pop()
        if len(heap) == top and ln + rest[number] <= heap[0][0]:
            continue
        if number == len(ordered):
            serial += 1
            (heapq.heappush if len(heap) < top else heapq.heappushpop)(heap, (ln, -serial, pairs))
            continue
        for option in reversed(ordered[number]):
            if not used & _mask(option):
                stack.append((number + 1, used | _mask(option), ln + option.ln, pairs + option.pairs))
    best = sorted(heap, reverse=True)
    return tuple((tuple(sorted(pairs)), ln, math.exp(ln - total)) for ln, _, pairs in best)


def components(pairs: Sequence[tuple[int, int, float]], *, most: int = MOST) -> tuple[list[list[int]], float]:
    """Split pairs (remains, family, ln) into connected components of at most `most` remains.

    Returns
    -------
    tuple
        Positions of the pairs of each component; and the largest ln of a pair that had to be cut (minus infinity if none).
    """
    order = sorted(range(len(pairs)), key=lambda place: (-pairs[place][2], pairs[place][:2]))
    leader: dict[tuple[str, int], tuple[str, int]] = {}
    size: dict[tuple[str, int], int] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        leader.setdefault(node, node)
        size.setdefault(node, 1 if node[0] == "r" else 0)
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    cut = -math.inf
    kept = []
    for place in order:
        remains, family, ln = pairs[place]
        one, two = find(("r", remains)), find(("f", family))
        if one != two and size[one] + size[two] > most:
            cut = max(cut, ln)
            continue
        if one != two:
            leader[two] = one
            size[one] += size[two]
        kept.append(place)
    groups: dict[tuple[str, int], list[int]] = {}
    for place in sorted(kept):
        groups.setdefault(find(("r", pairs[place][0])), []).append(place)
    return list(groups.values()), cut
