"""Variable elimination: sums a product of labelled arrays in a good order, with matrix products where possible."""

from __future__ import annotations

import math
import string
from functools import lru_cache

import numpy as np

from goodoffices.domain.errors import RangeError
from goodoffices.engines.kinship.mutation import Floats

Labels = tuple[int, ...]
Operand = tuple[Floats, Labels]
Step = tuple[int, int, Labels]

BATCH = 0
"""The label along which families lie side by side; it is never summed."""

_LARGEST = 1 << 28
_FEW = 4
_NOMINAL = 14


def contract(operands: list[Operand], out: Labels) -> Floats:
    """Multiply all arrays and sum every label that is not in `out`.

    Parameters
    ----------
    operands
        Arrays, each with the labels of its axes.
    out
        Labels of the result, in order.

    Returns
    -------
    Floats
        The sum of products, axes as in `out`.

    Raises
    ------
    RangeError
        If an array in between would exceed 2 GB: the pedigree is too entangled for exact elimination.
    """
    sizes = {
        label: length
        for array, labels in operands
        for label, length in zip(labels, array.shape, strict=True)
        if label != BATCH
    }
    nominal = tuple(sorted((label, size if size <= _FEW else _NOMINAL) for label, size in sizes.items()))
    steps = _plan(tuple(labels for _, labels in operands), out, nominal)
    slots: list[Operand | None] = list(operands)
    for left, right, labels in steps:
        one, two = slots[left], slots[right]
        slots[left] = slots[right] = None
        if one is not None and two is not None:  # a plan never names a slot twice
            slots.append((_pair(one, two, labels), labels))
    array, labels = (slots[-1] if slots else None) or (np.ones(()), ())
    return _arranged(array, labels, out)


def _pair(one: Operand, two: Operand, labels: Labels) -> Floats:
    a, la = one
    b, lb = two
    a, la = _summed(a, la, set(lb) | set(labels))
    b, lb = _summed(b, lb, set(la) | set(labels))
    sizes = dict(zip(la + lb, a.shape + b.shape, strict=True))
    if math.prod(sizes[label] for label in labels) > _LARGEST:
        raise RangeError("the pedigree is too entangled for exact elimination; leave distant untyped members out")
    if any(label in lb for label in la if label in labels) or math.prod(sizes.values()) < 64:
        letter = dict(zip(dict.fromkeys(la + lb), string.ascii_letters, strict=False))
        one_side, other_side, left = ("".join(letter[x] for x in scope) for scope in (la, lb, labels))
        return np.asarray(np.einsum(f"{one_side},{other_side}->{left}", a, b, optimize=False))
    axes = [(la.index(label), lb.index(label)) for label in la if label in lb]
    result = np.tensordot(a, b, axes=([x for x, _ in axes], [y for _, y in axes]))
    rest = tuple(x for x in la if x not in lb) + tuple(x for x in lb if x not in la)
    return _arranged(result, rest, labels)


def _summed(array: Floats, labels: Labels, needed: set[int]) -> tuple[Floats, Labels]:
    gone = tuple(place for place, label in enumerate(labels) if label not in needed)
    if not gone:
        return array, labels
    return array.sum(axis=gone), tuple(label for label in labels if label in needed)


def _arranged(array: Floats, labels: Labels, out: Labels) -> Floats:
    array, labels = _summed(array, labels, set(out))
    return array.transpose([labels.index(label) for label in out])


@lru_cache(maxsize=4096)
def _plan(scopes: tuple[Labels, ...], out: Labels, nominal: tuple[tuple[int, int], ...]) -> tuple[Step, ...]:
    """Choose the order: absorb what fits into another, then eliminate the label that leaves the least behind."""
    planner = _Planner(dict(enumerate(scopes)), set(out), dict(nominal))
    planner.absorb()
    while True:
        waiting = {label for scope in planner.live.values() for label in scope} - planner.out - {BATCH}
        if not waiting:
            break
        planner.eliminate(min(sorted(waiting), key=planner.cost))
    planner.fold(sorted(planner.live))
    return tuple(planner.steps)


class _Planner:
    def __init__(self, live: dict[int, Labels], out: set[int], sizes: dict[int, int]) -> None:
        self.live = live
        self.out = out
        self.sizes = sizes
        self.steps: list[Step] = []
        self.next = len(live)

    def size(self, labels: Labels | set[int]) -> float:
        """Give the elements of an array with these labels; the batch counts as many."""
        return math.prod(1000 if label == BATCH else self.sizes[label] for label in labels)

    def cost(self, label: int) -> tuple[float, float]:
        """Give what eliminating a label leaves behind, then what it touches."""
        joint = {x for scope in self.live.values() if label in scope for x in scope}
        return self.size(self._kept(joint, [n for n, scope in self.live.items() if label in scope])), self.size(joint)

    def absorb(self) -> None:
        """Multiply each array into the smallest one that has all its labels."""
        for number in sorted(self.live, key=lambda n: self.size(self.live[n])):
            if number not in self.live:
                continue
            scope = set(self.live[number])
            homes = [n for n, other in self.live.items() if n != number and scope <= set(other)]
            if homes:
                home = min(homes, key=lambda n: (BATCH in self.live[n], self.size(self.live[n]), n))
                self._join(number, home)

    def eliminate(self, label: int) -> None:
        """Multiply what holds the label, what all families share apart from what is each family's own."""
        holders = [n for n, scope in self.live.items() if label in scope]
        shared = sorted((n for n in holders if BATCH not in self.live[n]), key=lambda n: self.size(self.live[n]))
        own = sorted((n for n in holders if BATCH in self.live[n]), key=lambda n: self.size(self.live[n]))
        last = [part for part in (self.fold(own), self.fold(shared)) if part is not None]
        if len(last) == 2:
            self._join(last[0], last[1])
        elif len(holders) == 1:
            self._drop(holders[0])

    def fold(self, numbers: list[int]) -> int | None:
        """Multiply arrays one after another; give the number of the product."""
        if not numbers:
            return None
        result = numbers[0]
        for number in numbers[1:]:
            result = self._join(result, number)
        return result

    def _kept(self, joint: set[int], parts: list[int]) -> set[int]:
        elsewhere = {x for n, scope in self.live.items() if n not in parts for x in scope}
        return {x for x in joint if x in elsewhere or x in self.out or x == BATCH}

    def _join(self, one: int, two: int) -> int:
        joint = dict.fromkeys(self.live[one] + self.live[two])
        kept = self._kept(set(joint), [one, two])
        labels = tuple(label for label in joint if label in kept)
        del self.live[one], self.live[two]
        self.steps.append((one, two, labels))
        self.live[self.next] = labels
        self.next += 1
        return self.next - 1

    def _drop(self, number: int) -> None:
        """Forget a label that only one array has; the array is summed when it is next used."""
        kept = self._kept(set(self.live[number]), [number])
        labels = tuple(label for label in self.live[number] if label in kept)
        self.live[number] = labels
