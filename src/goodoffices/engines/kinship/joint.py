"""Joint assignment: every set of remains is one missing person or nobody of them, and nobody is found twice.

Families are independent given the assignment, so an assignment's probability is a product over families. The sum over
all assignments runs family by family. Its state is which of the remains were given away, of those alone that a family
seen and a family yet to come both claim (the frontier): exact, and cheap wherever claims seldom cross.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST = 14
"""Widest frontier of an exact sum; components beyond it are split at their weakest pairs, and that is said."""

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


@dataclass(frozen=True, slots=True)
class _Step:
    """One family in the order of the sum: its options as (mask, weight, option), and the remains it closes."""

    options: tuple[tuple[int, float, Option], ...]
    closes: int
    highest: float


def solve(families: Sequence[Sequence[Option]], remains: int, *, top: int = 10) -> Joint:
    """Sum over all assignments.

    Parameters
    ----------
    families
        Options of each family; the empty option is added where it is missing.
    remains
        How many sets of remains there are.
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
    steps = _steps(options)
    after, scale = _backward(steps)
    marginal: dict[Pair, float] = {}
    nobody = [1.0] * remains
    before = {0: 1.0}
    for number, step in enumerate(steps):
        before = _forward(step, before, after[number + 1], marginal, nobody)
    count = _count(steps)
    total = math.log(after[0][0]) + scale
    return Joint(count, _best(options, top, total) if top else (), marginal, tuple(nobody))


def width(families: Sequence[Sequence[Option]]) -> int:
    """Give the widest frontier that a sum over these families would meet."""
    steps, open_now, widest = _steps(families), 0, 0
    for step in steps:
        for mask, _, _ in step.options:
            open_now |= mask
        widest = max(widest, open_now.bit_count())
        open_now &= ~step.closes
    return widest


def _mask(option: Option) -> int:
    return sum(1 << remains for remains, _ in option.pairs)


def _steps(families: Sequence[Sequence[Option]]) -> list[_Step]:
    """Order families so that few remains are open at a time, and note which each one closes."""
    claims = [0] * len(families)
    for number, family in enumerate(families):
        for option in family:
            claims[number] |= _mask(option)
    order = _order(claims)
    last: dict[int, int] = {}
    for place, number in enumerate(order):
        for bit in _bits(claims[number]):
            last[bit] = place
    closing = [0] * len(order)
    for bit, place in last.items():
        closing[place] |= 1 << bit
    steps = []
    for number, closes in zip(order, closing, strict=True):
        highest = max(option.ln for option in families[number])
        weighed = tuple(
            (_mask(option), math.exp(option.ln - highest) if option.ln > -math.inf else 0.0, option)
            for option in families[number]
        )
        steps.append(_Step(weighed, closes, highest))
    return steps


def _order(claims: Sequence[int]) -> list[int]:
    """Take next the family, of those that claim remains already open, that opens the fewest new ones."""
    by_bit: dict[int, list[int]] = {}
    for number, claim in enumerate(claims):
        for bit in _bits(claim):
            by_bit.setdefault(bit, []).append(number)
    taken = [False] * len(claims)
    order: list[int] = []
    near: set[int] = set()
    seen = 0
    for start in range(len(claims)):
        if not taken[start]:
            near.add(start)
        while near:
            best = min(near, key=lambda n: ((claims[n] & ~seen).bit_count(), n))
            near.discard(best)
            taken[best] = True
            order.append(best)
            for bit in _bits(claims[best] & ~seen):
                near.update(other for other in by_bit[bit] if not taken[other])
            seen |= claims[best]
    return order


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _backward(steps: Sequence[_Step]) -> tuple[list[dict[int, float]], float]:
    """Sum what later families may still do, for every state of the frontier that can be reached."""
    reached = [{0}]
    for step in steps:
        reached.append(
            {(state | mask) & ~step.closes for state in reached[-1] for mask, _, _ in step.options if not state & mask}
        )
    after: list[dict[int, float]] = [dict.fromkeys(reached[-1], 1.0)]
    scale = 0.0
    for step, states in zip(reversed(steps), reversed(reached[:-1]), strict=True):
        later = after[-1]
        total = {
            state: math.fsum(
                weight * later[(state | mask) & ~step.closes] for mask, weight, _ in step.options if not state & mask
            )
            for state in states
        }
        highest = max(total.values())
        scale += step.highest + math.log(highest)
        after.append({state: value / highest for state, value in total.items()})
    after.reverse()
    return after, scale


def _forward(
    step: _Step,
    before: dict[int, float],
    after: dict[int, float],
    marginal: dict[Pair, float],
    nobody: list[float],
) -> dict[int, float]:
    """Move on by one family; note its options' posteriors and which remains it leaves with nobody."""
    parts = []
    states: dict[int, float] = {}
    left = dict.fromkeys(_bits(step.closes), 0.0)
    for mask, weight, option in step.options:
        part = 0.0
        for state, value in before.items():
            if state & mask or not weight:
                continue
            taken = state | mask
            moved = value * weight
            states[taken & ~step.closes] = states.get(taken & ~step.closes, 0.0) + moved
            share = moved * after[taken & ~step.closes]
            part += share
            for bit in left:
                if not taken >> bit & 1:
                    left[bit] += share
        parts.append((option, part))
    whole = math.fsum(part for _, part in parts)
    for option, part in parts:
        for pair in option.pairs:
            marginal[pair] = marginal.get(pair, 0.0) + part / whole
    for bit, value in left.items():
        nobody[bit] = value / whole
    highest = max(states.values())
    return {state: value / highest for state, value in states.items()}


def _count(steps: Sequence[_Step]) -> int:
    """Count assignments, the impossible ones of several members of one family among them."""
    states = {0: 1}
    for step in steps:
        moved: dict[int, int] = {}
        for state, ways in states.items():
            for mask, _, _ in step.options:
                if not state & mask:
                    place = (state | mask) & ~step.closes
                    moved[place] = moved.get(place, 0) + ways
        states = moved
    return sum(states.values())


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
        stack.extend(
            (number + 1, used | _mask(option), ln + option.ln, pairs + option.pairs)
            for option in reversed(ordered[number])
            if not used & _mask(option)
        )
    best = sorted(heap, reverse=True)
    return tuple((tuple(sorted(pairs)), ln, math.exp(ln - total)) for ln, _, pairs in best)


def components(pairs: Sequence[tuple[int, int, float]], *, most: int) -> tuple[list[list[int]], float]:
    """Split pairs (remains, family, ln) into connected components of at most `most` remains.

    Returns
    -------
    tuple
        Positions of the pairs of each component; the largest ln of a pair that was cut (minus infinity if none).
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
