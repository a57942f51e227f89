"""The heavy part of a linkage as tasks by slices of the left list, to be done here or on many machines alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.block import candidates
from goodoffices.engines.linkage.compare import Compared, Comparer
from goodoffices.engines.linkage.model import Model, Weighed, weigh
from goodoffices.engines.linkage.people import Lists
from goodoffices.engines.linkage.train import train

Codes = npt.NDArray[np.int64]
_T = TypeVar("_T")

SAMPLE = 400_000
"""Candidates that training looks at."""

CHANCE = 600_000
"""Random pairs drawn to learn what strangers share."""

CHUNK = 500_000
"""Pairs weighed at a time; bounds the memory."""

KEEP = 1e-3
"""Pairs less probable than this before rivals are weighed are forgotten."""


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that may matter.

    Attributes
    ----------
    pairs
        As `left * right.size + right`, shape (n,).
    weighed, compared
        Their weights and levels.
    """

    pairs: Codes
    weighed: Weighed
    compared: Compared


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done for a slice of the left list.

    Attributes
    ----------
    work
        The lists.
    start, stop
        Rows of the left list.
    model
        To weigh by; None gathers a sample to train on instead.
    judged
        Pairs kept whatever they weigh.
    """

    work: Work
    start: int
    stop: int
    model: Model | None
    judged: Codes

    def gather(self) -> tuple[int, Codes]:
        """Count the slice's candidates and give those with the smallest hashes, at most `SAMPLE`."""
        found = self.work.pairs(self.start, self.stop)
        return found.size, self.work.sample(found)

    def weigh(self) -> Found:
        """Weigh the slice's candidates and keep those that may matter."""
        assert self.model is not None  # noqa: S101 (a task without a model only gathers)
        n_right = self.work.lists.right.size
        own = self.judged[(self.judged >= self.start * n_right) & (self.judged < self.stop * n_right)]
        found = (
            np.union1d(self.work.pairs(self.start, self.stop), own)
            if own.size
            else self.work.pairs(self.start, self.stop)
        )
        parts = []
        for first in range(0, max(found.size, 1), CHUNK):
            pairs = found[first : first + CHUNK]
            compared = self.work.comparer(pairs // n_right, pairs % n_right)
            result = weigh(self.model, compared)
            keep = (result.probability() >= KEEP) | np.isin(pairs, own)
            parts.append(
                Found(
                    pairs[keep],
                    Weighed(result.same[keep], result.tied[keep], result.tie[keep]),
                    Compared(compared.levels[keep], compared.rarity[keep]),
                )
            )
        return _joined(parts)


class Spread(Protocol):
    """Does something for each task, in order, here or elsewhere."""

    slices: int

    def __call__(self, do: Callable[[Task], _T], tasks: Sequence[Task]) -> list[_T]:
        """Give what `do` gives for each task, in the tasks' order."""
        ...


class _OneByOne:
    slices = 1

    def __call__(self, do: Callable[[Task], _T], tasks: Sequence[Task]) -> list[_T]:
        return [do(task) for task in tasks]


one_by_one = _OneByOne()
"""Does all tasks here, one after another."""


class Work:
    """Two lists ready to be blocked and compared; made once, copied to wherever tasks are done.

    Attributes
    ----------
    lists
        The lists.
    comparer
        Compares rows of them.
    """

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.comparer = Comparer(lists)
        self._places = [np.argsort(np.argsort(np.array(side.refs))) for side in (lists.left, lists.right)]
        self._turned = sorted(lists.left.refs) > sorted(lists.right.refs)
        self._last: tuple[int, int, Codes] | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave the pairs found last behind when copied elsewhere."""
        return self.__dict__ | {"_last": None}

    def pairs(self, start: int, stop: int) -> Codes:
        """Give the candidates of a slice; the slice asked for last is remembered."""
        if self._last is None or self._last[:2] != (start, stop):
            self._last = (start, stop, candidates(self.lists, start, stop))
        return self._last[2]

    def gather(self, spread: Spread) -> tuple[int, Codes]:
        """Count all candidates and draw those that training looks at: the smallest by hash, whatever the slices."""
        parts = spread(Task.gather, self._tasks(spread.slices, None, np.zeros(0, np.int64)))
        return sum(count for count, _ in parts), np.sort(self.sample(np.concatenate([pairs for _, pairs in parts])))

    def sample(self, pairs: Codes) -> Codes:
        """Give the `SAMPLE` pairs with the smallest hashes: the same ones whatever the order of rows and of sides."""
        if pairs.size <= SAMPLE:
            return pairs
        one, other = self._places[0][pairs // self.lists.right.size], self._places[1][pairs % self.lists.right.size]
        first, second = (other, one) if self._turned else (one, other)
        mixed = first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)
        # The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return pairs[np.argpartition(mixed ^ (mixed >> np.uint64(31)), SAMPLE)[:SAMPLE]]

    def chance(self, draws: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
        """Draw pairs of rows at random: the same persons whatever the order of rows and of sides."""
        rows = [np.argsort(places) for places in self._places]
        first, second = (rows[1], rows[0]) if self._turned else (rows[0], rows[1])
        one, other = first[rng.integers(0, first.size, draws)], second[rng.integers(0, second.size, draws)]
        return (other, one) if self._turned else (one, other)

    def weigh_all(self, model: Model, judged: Codes, spread: Spread) -> Found:
        """Weigh every candidate and keep those that may matter."""
        return _joined(spread(Task.weigh, self._tasks(spread.slices, model, judged)))

    def fit(self, sample: Codes, count: int, *, rng: np.random.Generator) -> Model:
        """Train a model from a sample of `count` candidates."""
        n_left, n_right = self.lists.left.size, self.lists.right.size
        within = self.lists.within
        possible = n_left * (n_left - 1) / 2 if within else float(n_left) * n_right
        draws = CHANCE if possible > CHANCE / 4 else int(4 * possible)
        one, other = self.chance(draws, rng)
        if within:
            one, other = one[one != other], other[one != other]
        return train(
            self.comparer(sample // n_right, sample % n_right),
            count / max(sample.size, 1),
            self.comparer(one, other),
            pairs=max(possible, 1.0),
            smaller=min(n_left, n_right),
        )

    def _tasks(self, slices: int, model: Model | None, judged: Codes) -> list[Task]:
        edges = np.linspace(0, self.lists.left.size, min(slices, self.lists.left.size) + 1).astype(int).tolist()
        return [Task(self, start, stop, model, judged) for start, stop in itertools.pairwise(edges)]


def _joined(parts: Sequence[Found]) -> Found:
    return Found(
        np.concatenate([part.pairs for part in parts]),
        Weighed(
            np.concatenate([part.weighed.same for part in parts]),
            np.concatenate([part.weighed.tied for part in parts]),
            np.concatenate([part.weighed.tie for part in parts]),
        ),
        Compared(
            np.concatenate([part.compared.levels for part in parts]),
            np.concatenate([part.compared.rarity for part in parts]),
        ),
    )
