"""Compares two encoded lists without names: which fields of a pair agree follows from which marks are equal."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.evidence import Reason
from goodoffices.engines.linkage.encode import MARKS, Codes
from goodoffices.engines.linkage.resolve import rival_bits, verdicts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIELDS = ("surname", "given", "father", "year", "day", "place", "unit", "service")
"""What a pair can agree in; the other parts of marks are forms of these."""

_PARTS = {"stem": "surname", "initial": "given"}
_BOTH = {"names": ("surname", "given"), "turned": ("year", "day")}

_SAME = np.array([0.85, 0.9, 0.93, 0.93, 0.9, 0.62, 0.85, 0.9])
_UNRELATED = np.array([0.0012, 0.02, 0.02, 0.03, 0.003, 0.002, 0.003, 0.000002])
"""How often each of `FIELDS` agrees in one person and in strangers; where training begins, and for strangers stays,
since a list without names cannot tell. Rounded from the model of `fields.py`."""

_AGREE, _DIFFER = 1, 2
_PULL = 40.0


@dataclass(frozen=True, slots=True)
class BlindPair:
    """A pair found without names.

    Attributes
    ----------
    left, right
        Pseudonyms.
    bits, probability, verdict
        As in PAIRS.csv.
    reasons
        The prior, then the fields that agree or differ.
    """

    left: str
    right: str
    bits: float
    probability: float
    verdict: str
    reasons: tuple[Reason, ...]


def blind(left: Codes, right: Codes, *, least: float = 0.01) -> tuple[BlindPair, ...]:
    """Find pairs of two encoded lists.

    Parameters
    ----------
    left, right
        As each side encoded them.
    least
        Pairs below this probability are left out.

    Returns
    -------
    tuple[BlindPair, ...]
        By bits, descending.

    Raises
    ------
    InputError
        If the two were encoded under different secrets or versions, or one is empty.
    """
    if left.check != right.check:
        raise InputError(
            Fault("codes", "first line", "check", "two secrets or two versions", "both lists encoded alike")
        )
    if not left.codes or not right.codes:
        raise InputError(Fault("codes", "", "", "no records", "at least one on each list"))
    shared = _shared(left, right)
    if not shared:
        return ()
    pairs = sorted(shared)
    patterns = np.array([_states(left.marks[i], right.marks[j]) for i, j in pairs], np.int64)
    same, rate = _train(patterns, len(left.codes) * len(right.codes), min(len(left.codes), len(right.codes)))
    weights = _weights(same)
    prior = float(np.log2(rate / (1 - rate)))
    steps = np.take_along_axis(weights[None, :, :], patterns[:, :, None], axis=2)[:, :, 0]
    ties = _ties(steps, patterns, prior)
    tied = np.logaddexp2.reduce(ties, axis=0)
    alone = steps.sum(axis=1) + prior - np.logaddexp2(tied, 0.0)
    rows = np.array(pairs, np.int64)
    rivals, _ = rival_bits(rows[:, 0], rows[:, 1], alone)
    bits = alone + rivals
    probability = np.exp2(-np.logaddexp2(0.0, -bits))
    verdict = verdicts(probability)
    out = []
    for k in np.lexsort((rows[:, 1], rows[:, 0], -bits)).tolist():
        if probability[k] < least:
            continue
        told = [Reason("prior", prior, "prior")]
        told += [
            Reason(_FIELD_NAMES[field], float(steps[k, f]), "same" if patterns[k, f] == _AGREE else "differs")
            for f, field in enumerate(FIELDS)
            if patterns[k, f]
        ]
        if tied[k] > -4:
            told.append(Reason("relative", float(-np.logaddexp2(tied[k], 0.0)), _TIES[int(ties[:, k].argmax())].code))
        if rivals[k] < -0.05:
            told.append(Reason("rivals", float(rivals[k]), "better_elsewhere"))
        i, j = pairs[k]
        out.append(
            BlindPair(
                left.codes[i], right.codes[j], float(bits[k]), float(probability[k]), str(verdict[k]), tuple(told)
            )
        )
    return tuple(out)


_FIELD_NAMES = {
    "surname": "surname", "given": "given_name", "father": "patronymic", "year": "birth_year", "day": "birth_day",
    "place": "birth_place", "unit": "unit", "service": "service_number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tie:
    """A way in which two people come to look alike: as `fields.Tie`, for what marks can tell."""

    code: str
    weight: float
    shared: tuple[str, ...]
    partly: tuple[str, ...]


_TIES = (
    _Tie("sibling", 0.02, ("surname", "father"), ("place",)),
    _Tie("twin", 0.005, ("surname", "father", "year", "day"), ("place",)),
    _Tie("namesake", 0.02, ("surname", "given", "father"), ()),
    _Tie("family", 0.05, ("surname",), ("place",)),
)


def _ties(steps: Floats, patterns: Ints, prior: float) -> Floats:
    """Give log2 odds of each tie against strangers, shape (ties, pairs)."""
    out = np.empty((len(_TIES), len(steps)))
    given = FIELDS.index("given")
    for row, tie in enumerate(_TIES):
        out[row] = prior + np.log2(tie.weight)
        for column, field in enumerate(FIELDS):
            if field in tie.shared:
                out[row] += steps[:, column]
            elif field in tie.partly:
                out[row] += np.log2(0.8 * np.exp2(steps[:, column]) + 0.2)
        if "given" not in tie.shared:
            # Brothers seldom bear one name.
            out[row] += np.where(patterns[:, given] == _AGREE, np.log2(0.1), 0.0)
    return out


def _shared(left: Codes, right: Codes) -> Counter[tuple[int, int]]:
    """Count the equal marks of every pair that has one; marks are already bounded in number by the encoder."""
    counts: Counter[tuple[int, int]] = Counter()
    for kind in range(len(MARKS)):
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for i, marks in enumerate(left.marks):
            if marks[kind]:
                rows[marks[kind]].append(i)
        for j, marks in enumerate(right.marks):
            if marks[kind] in rows:
                counts.update(product(rows[marks[kind]], (j,)))
    return counts


def _states(one: tuple[str, ...], other: tuple[str, ...]) -> list[int]:
    """Tell which fields agree, which differ, and which nobody can tell from the marks."""
    agree: set[str] = set()
    for kind, a, b in zip(MARKS, one, other, strict=True):
        if a and a == b:
            for part in kind:
                # The stem or the initial alone says less than the name: it counts as neither.
                agree.update(_BOTH.get(part, () if part in _PARTS else (part,)))
    differ: set[str] = set()
    for kind, a, b in zip(MARKS, one, other, strict=True):
        if a and b and a != b:
            doubt = {part for part in kind if part not in _PARTS and part not in _BOTH} - agree
            if len(doubt) == 1 and not any(part in _PARTS or part in _BOTH for part in kind):
                differ |= doubt
    return [_AGREE if field in agree else _DIFFER if field in differ else 0 for field in FIELDS]


def _weights(same: Floats) -> Floats:
    """Give bits by field and state (0 unknown, agrees, differs)."""
    return np.stack([np.zeros(len(FIELDS)), np.log2(same / _UNRELATED), np.log2((1 - same) / (1 - _UNRELATED))], axis=1)


def _train(patterns: Ints, possible: int, smaller: int) -> tuple[Floats, float]:
    """Estimate how often fields of one person agree, and how many pairs are one person, by expectation maximisation."""
    kinds, counts = np.unique(patterns, axis=0, return_counts=True)
    same, rate = _SAME.copy(), min(0.4 * smaller / possible, 0.5)
    for _ in range(50):
        bits = np.take_along_axis(_weights(same)[None, :, :], kinds[:, :, None], axis=2)[:, :, 0].sum(axis=1)
        belief = counts / (1 + np.exp2(-(bits + np.log2(rate / (1 - rate)))))
        agreed = ((kinds == _AGREE) * belief[:, None]).sum(axis=0)
        told = ((kinds > 0) * belief[:, None]).sum(axis=0)
        same = np.clip((agreed + _PULL * _SAME) / (told + _PULL), 0.02, 0.998)
        rate = float(np.clip(belief.sum(), 0.05 * smaller**0.5, 1.2 * smaller)) / possible
        rate = min(rate, 0.5)
    return same, rate
