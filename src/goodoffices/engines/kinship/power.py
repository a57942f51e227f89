"""How far a family can be told apart: the distribution of its likelihood ratio, exactly up to a proven bound.

Over loci log10 LR is a sum of independent terms. Loci are joined in threes exactly; each of these sums is rounded down
to a grid of step h and the threes are convolved. With G of them the true value lies less than G h above the grid's, so
P(grid >= t) <= P(LR >= 10^t) <= P(grid > t - G h): bounds G h = 0.01 apart, without simulation. Under unrelatedness
P2(LR = x) = P1(LR = x) / x, so one convolution gives both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from goodoffices.engines.kinship.contract import BATCH, contract
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Model, Network, Seen, model_of
from goodoffices.engines.kinship.observe import typed_batch
from goodoffices.engines.kinship.pedigree import without_barren
from goodoffices.engines.kinship.search import Material
from goodoffices.engines.kinship.shapes import Shape
from goodoffices.engines.kinship.table import genotypes

WIDTH = 0.01
"""How far apart the two bounds lie on the log10 scale."""

LOW = -10.0
"""Bottom of the grid: P1(LR <= 10^-10) <= 10^-10, since P1 = LR P2 there."""

_POINTS = 1 << 15
_BATCH = 4
_PART = 256

Run = Callable[[Callable[[Shape], "list[Power]"], Iterable[Shape]], Iterable["list[Power]"]]


@dataclass(frozen=True, slots=True)
class Power:
    """How far one missing person can be told apart.

    Attributes
    ----------
    target
        Position.
    chance
        Lower and upper bound of P(LR >= needed | the remains are this person).
    false
        The same if they are unrelated.
    quantiles
        (5 %, 50 %, 95 %) of log10 LR if they are this person, each less than `WIDTH` too low.
    bits
        Expected bits if they are this person.
    """

    target: int
    chance: tuple[float, float]
    false: tuple[float, float]
    quantiles: tuple[float, float, float]
    bits: float


def power(material: Material, *, needed: float, run: Run = map) -> Iterator[Power]:
    """Give the power of every missing person's family.

    Parameters
    ----------
    material
        Families and references; remains do not matter.
    needed
        log10 LR that an identification needs.
    run
        How parts are run: `map`, or the `map` of a pool of threads that the shell opened.
    """
    models = [model_of(locus) for locus in material.loci]
    parts = [
        Shape(shape.pedigree, shape.target, shape.targets[start : start + _PART], shape.rows[start : start + _PART])
        for shape in material.shapes
        for start in range(0, len(shape.targets), _PART)
    ]
    for answers in run(lambda part: list(_of_part(part, material, models, needed)), parts):
        yield from answers


def _of_part(part: Shape, material: Material, models: Sequence[Model], needed: float) -> Iterator[Power]:
    count = len(part.targets)
    atoms = [_atoms(part, material, model, number) for number, model in enumerate(models)]
    most = max(values.shape[1] for values, _ in atoms)
    values = np.zeros((count, len(atoms), most))
    chances = np.zeros((count, len(atoms), most))
    for number, (value, chance) in enumerate(atoms):
        values[:, number, : value.shape[1]] = value
        chances[:, number, : chance.shape[1]] = chance
    bits = (chances * values).sum(axis=(1, 2)) / math.log10(2)
    for start in range(0, count, _BATCH):
        stop = min(count, start + _BATCH)
        for place, answer in enumerate(_distribution(values[start:stop], chances[start:stop], needed)):
            yield Power(int(part.targets[start + place]), *answer, float(bits[start + place]))


def _atoms(part: Shape, material: Material, model: Model, locus: int) -> tuple[Floats, Floats]:
    """Give log10 LR and probability under kinship of every genotype, most probable first; shape (targets, n)."""
    first, second = np.triu_indices(len(model.share))
    if model.is_x and part.pedigree.sex[part.target] == "M":
        first = second = np.arange(len(model.share))
        alone = model.share.copy()
    else:
        alone = model.share[first] * model.share[second] * np.where(first == second, 1.0, 2.0)
    value = np.zeros((len(part.targets), len(alone)))
    chance = np.zeros_like(value)
    chance[:, 0] = 1.0  # nothing typed: LR is 1
    silent = material.loci[locus].silent > 0
    for places, phi in genotypes(part, material.references, model, locus, silent=silent):
        total = phi.sum(axis=(1, 2))
        good = total > 0
        share = phi[good][:, first, second] + np.where(first == second, 0.0, phi[good][:, second, first])
        share /= total[good, None]
        order = np.argsort(-share, axis=1)
        share = np.take_along_axis(share, order, axis=1)
        with np.errstate(divide="ignore"):
            ratio = np.log10(share / alone[order])
        chance[places[good]] = share
        value[places[good]] = np.where(share > 0, ratio, 0.0)
    return value, chance


def _distribution(
    values: Floats, chances: Floats, needed: float
) -> Iterator[tuple[tuple[float, float], tuple[float, float], tuple[float, float, float]]]:
    """Convolve a few families side by side."""
    count, loci, _ = values.shape
    groups = -(-loci // 3)
    step = WIDTH / groups
    shift = round(-LOW / step)
    grids = np.zeros((count, groups, _POINTS))
    lost = np.zeros(count)
    _spread(values, chances, step, shift, grids, lost)
    spectrum = fft.rfft(grids, axis=2, overwrite_x=True).prod(axis=1)
    mass = np.maximum(fft.irfft(spectrum, _POINTS, axis=1), 0.0)
    # Index n of the circular grid stands for (n - shift) h.
    below = (np.arange(_POINTS) - shift) * step
    weight = 10.0**-below
    over = _overflow(values, chances, float(below[-1]))
    rising = np.cumsum(mass, axis=1)
    sure, may = int(np.searchsorted(below, needed)), int(np.searchsorted(below, needed - WIDTH, side="right"))
    for one in range(count):
        missed = float(lost[one] + over[one]) + 10.0**LOW
        low = float(mass[one, sure:].sum()) - 10.0**LOW
        high = float(mass[one, may:].sum()) + missed
        # Plain sums: a threaded product of such short rows costs more in waiting than in work.
        wrong_low = float((mass[one, sure:] * weight[sure:]).sum()) * 10.0**-WIDTH
        wrong_high = float((mass[one, may:] * weight[may:]).sum()) + missed * 10.0**-needed
        places = np.minimum(np.searchsorted(rising[one], (0.05, 0.5, 0.95)), _POINTS - 1)
        first, middle, last = (float(below[place]) for place in places)
        yield (
            (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)),
            (wrong_low, min(wrong_high, 1.0)),
            (first, middle, last),
        )


def _overflow(values: Floats, chances: Floats, top: float) -> Floats:
    """Bound P(log10 LR >= top) by Chernoff: min over s of 10^(-s top) E[LR^s]."""
    best = np.ones(len(values))
    for power_of in (0.25, 0.5, 1.0, 2.0):
        moment = np.log10(np.maximum((chances * 10.0 ** (power_of * values)).sum(axis=2), 1e-300)).sum(axis=1)
        best = np.minimum(best, 10.0 ** np.minimum(moment - power_of * top, 0.0))
    return best


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _spread(values, chances, step, shift, grids, lost):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0917
    """Join loci in threes exactly and put their sums on the grid, rounded down; add up what is too improbable."""
    count, loci, most = values.shape
    points = grids.shape[2]
    rate = 1.0 / step
    tiny = 1e-9
    for one in range(count):
        for group in range(grids.shape[1]):
            a, b, c = 3 * group, 3 * group + 1, 3 * group + 2
            kept = 0.0
            offset = shift if group == 0 else 0
            for i in range(most):
                p = chances[one, a, i]
                if p < tiny:
                    break
                x = values[one, a, i]
                for j in range(most if b < loci else 1):
                    q = p * (chances[one, b, j] if b < loci else 1.0)
                    if q < tiny:
                        break
                    y = x + (values[one, b, j] if b < loci else 0.0)
                    for k in range(most if c < loci else 1):
                        r = q * (chances[one, c, k] if c < loci else 1.0)
                        if r < tiny:
                            break
                        z = y + (values[one, c, k] if c < loci else 0.0)
                        grids[one, group, (int(np.floor(z * rate)) + offset) % points] += r
                        kept += r
            lost[one] += max(0.0, 1.0 - kept)


def gains(material: Material, target: int) -> list[tuple[str, float]]:
    """Give, for every untyped relative of one missing person, the bits that a sample of theirs is expected to add.

    Parameters
    ----------
    material
        Families and references.
    target
        Position of the missing person.

    Returns
    -------
    list
        (relative, bits), the most useful first: E[KL(P(g | family, c) || p)] - KL(P(g | family) || p), over all c.
    """
    shape = next(form for form in material.shapes if target in form.targets)
    place = int(np.flatnonzero(shape.targets == target)[0])
    rows = shape.rows[place]
    household = next(h for h in material.households if h.name == material.targets[target].family)
    found = []
    for member, name in enumerate(shape.pedigree.ids):
        if member == shape.target or rows[member] >= 0 or not name.isdigit():
            continue
        person = household.people[int(name)].id
        if person not in household.missing:
            bits = sum(_gain(shape, rows, member, material, number) for number in range(len(material.loci)))
            found.append((person, bits))
    return sorted(found, key=lambda pair: -pair[1])


def _gain(shape: Shape, rows: NDArray[np.int64], member: int, material: Material, locus: int) -> float:
    """Give the expected bits that one relative adds at one locus."""
    model = model_of(material.loci[locus])
    if model.is_x:
        return 0.0
    ids, target = shape.pedigree.ids, shape.pedigree.ids[shape.target]
    typed = {
        ids[n]: material.references.alleles[row, locus].astype(np.int64)
        for n, row in enumerate(rows)
        if row >= 0 and material.references.alleles[row, locus, 0] >= 0 and n != shape.target
    }
    smaller = without_barren(shape.pedigree, {*typed, target, ids[member]})
    seen: dict[int, Seen] = {}
    for n, name in enumerate(smaller.ids):
        if name in typed:
            founder = smaller.father[n] < 0 and smaller.mother[n] < 0
            seen[n] = typed_batch(typed[name][:1], typed[name][1:], is_founder=founder, single=False)
    network = Network(smaller, model, seen)
    network.founders()
    labels = network.labels[smaller.index(target)] + network.labels[smaller.index(ids[member])]
    joint = contract([operand for operand in network.operands if BATCH not in operand[1]], labels)
    total = joint.sum()
    if total <= 0:
        return 0.0
    joint = (joint + joint.transpose(1, 0, 2, 3)) / (2 * total)
    joint = (joint + joint.transpose(0, 1, 3, 2)) / 2
    own = joint.sum(axis=(2, 3), keepdims=True)
    other = joint.sum(axis=(0, 1), keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(joint > 0, joint * np.log2(joint / (own * other)), 0.0).sum())
