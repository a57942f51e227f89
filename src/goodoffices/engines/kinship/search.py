"""Blind search: N remains against M missing persons, tables once, then additions; the best kept and weighed exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.kin import Finding, Household, Locus, Mutation
from goodoffices.engines.kinship import scan, shapes, table
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import model_of
from goodoffices.engines.kinship.panel import References, Remains
from goodoffices.engines.kinship.shapes import Shape, Target

CHUNK = 16_384
"""Missing persons per table: bounds memory whatever the size of the search."""

_NEGLIGIBLE = 1e-6

Run = Callable[[Callable[[tuple[int, int]], object], Iterable[tuple[int, int]]], Iterable[object]]
"""How parts of a scan are run: `map`, or the `map` of a pool of threads that the shell opened."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Pairs kept by a search, the best of each sample first.

    Attributes
    ----------
    remains, target
        Positions.
    ln
        ln LR in double precision.
    loci
        Loci compared.
    mismatches
        Loci at which the pair is impossible without mutation.
    """

    remains: NDArray[np.int64]
    target: NDArray[np.int64]
    ln: Floats
    loci: NDArray[np.int64]
    mismatches: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Attributes
    ----------
    targets
        The missing.
    hits
        Pairs kept.
    mass
        Sum of the likelihood ratios of each sample over all the missing.
    close
        Typed close relatives of each of the missing.
    lifetime
        Whether a lifetime sample of the missing person is among the references.
    findings
        What was noticed.
    theta
        Co-ancestry asked for.
    weighed, refused
        Places of the hits weighed with it, and of those that could not be; the others are weighed without.
    """

    targets: tuple[Target, ...]
    hits: Hits
    mass: Floats
    close: NDArray[np.int64]
    lifetime: NDArray[np.bool_]
    findings: tuple[Finding, ...]
    theta: float = 0.0
    weighed: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything in numbers.

    Attributes
    ----------
    loci
        Of the search, with mutation.
    remains, references
        Typings.
    households
        The families.
    """

    loci: tuple[Locus, ...]
    remains: Remains
    references: References
    households: tuple[Household, ...]
    shapes: tuple[Shape, ...] = field(init=False)
    targets: tuple[Target, ...] = field(init=False)
    findings: tuple[Finding, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the families by shape."""
        targets, forms, findings = shapes.group(self.households, self.references)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "shapes", forms)
        object.__setattr__(self, "findings", findings)


def search(material: Material, *, keep: int = 5, run: Run = map, threads: int = 1) -> Found:
    """Compare every set of remains with every missing person.

    Parameters
    ----------
    material
        In numbers.
    keep
        Pairs kept per sample.
    run, threads
        How the scan is shared out.

    Returns
    -------
    Found
        Equal whatever the threads and the chunks.
    """
    count, remains = len(material.targets), len(material.remains.names)
    floor = math.log(_NEGLIGIBLE / max(count, 1))
    best = np.full((remains, 0), -np.inf)
    where = np.full((remains, 0), -1, dtype=np.int64)
    extra = np.zeros((remains, 0, 2), dtype=np.int64)
    mass = np.zeros(remains)
    findings = list(material.findings)
    for start in range(0, count, CHUNK):
        part = chunk(material.shapes, start, min(start + CHUNK, count))
        whole = _tables(material, part, min(CHUNK, count - start))
        findings += _impossible(material, whole, start)
        laid = scan.blocks(whole.ln)
        columns = column_codes(material.remains, whole.starts)
        laid, columns = _with_sex(laid, columns, material, start)
        top, here, sums = _scanned(laid, columns, keep=keep, floor=floor, run=run, threads=threads)
        del laid
        ln, details = _exact(material, whole, part, here, columns)
        mass += sums
        best, where, extra = _merged((best, where, extra), (ln, np.where(here >= 0, here + start, -1), details), keep)
        del top, whole
    rows, order = np.nonzero((where >= 0) & (best > -np.inf))
    hits = Hits(rows, where[rows, order], best[rows, order], extra[rows, order, 0], extra[rows, order, 1])
    close, lifetime = _close(material)
    return Found(material.targets, hits, mass, close, lifetime, (*findings, *_sex_findings(material)))


def split(material: Material, parts: int) -> list[Material]:
    """Cut the remains into parts that can be searched apart."""
    remains = material.remains
    edges = np.linspace(0, len(remains.names), max(1, min(parts, len(remains.names))) + 1).astype(int).tolist()
    return [
        replace(
            material,
            remains=Remains(remains.names[a:b], remains.codes[a:b], remains.classes, remains.sexes[a:b]),
        )
        for a, b in itertools.pairwise(edges)
    ]


def joined(found: Sequence[Found]) -> Found:
    """Join what was found for parts of the remains, in their order; equal to one search of them all."""
    sizes = np.cumsum([0, *(len(part.mass) for part in found)])
    rows = [part.hits.remains + size for part, size in zip(found, sizes[:-1].tolist(), strict=True)]
    hits = Hits(
        np.concatenate(rows),
        np.concatenate([part.hits.target for part in found]),
        np.concatenate([part.hits.ln for part in found]),
        np.concatenate([part.hits.loci for part in found]),
        np.concatenate([part.hits.mismatches for part in found]),
    )
    return replace(found[0], hits=hits, mass=np.concatenate([part.mass for part in found]))


def column_codes(remains: Remains, starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Turn classes per locus into columns of the table, 0 where not typed."""
    return np.where(remains.codes > 0, remains.codes + starts[:-1].astype(np.int32), 0).astype(np.int32)


def chunk(forms: Sequence[Shape], start: int, stop: int) -> list[Shape]:
    """Give the targets from `start` to before `stop`, counted from nought, by shape."""
    parts = []
    for form in forms:
        inside = (form.targets >= start) & (form.targets < stop)
        if inside.any():
            parts.append(replace(form, targets=form.targets[inside] - start, rows=form.rows[inside]))
    return parts


def _tables(material: Material, part: Sequence[Shape], count: int) -> table.Table:
    models = [model_of(locus) for locus in material.loci]
    return table.build(part, material.references, material.loci, models, material.remains.classes, count=count)


def without_mutation(material: Material, part: Sequence[Shape], count: int) -> table.Table:
    """Compute the same table as if no allele ever changed: minus infinity marks a mismatch."""
    loci = [replace(locus, female=Mutation(), male=Mutation()) for locus in material.loci]
    models = [model_of(locus) for locus in loci]
    return table.build(part, material.references, loci, models, material.remains.classes, count=count)


def _impossible(material: Material, whole: table.Table, start: int) -> Iterator[Finding]:
    for target, locus in whole.impossible:
        family = material.targets[start + target].family
        text = "the family's own typings contradict each other under the mutation model; the locus is left out for it"
        yield Finding("impossible", family, material.loci[locus].name, text)


def _with_sex(
    laid: scan.Singles, columns: NDArray[np.int32], material: Material, start: int
) -> tuple[scan.Singles, NDArray[np.int32]]:
    """Add two columns, remains of a man and of a woman, that exclude the missing of the other sex."""
    width = laid.shape[1]
    sexes = np.array([target.sex for target in material.targets[start : start + CHUNK]])
    extra = np.zeros((len(laid), 2, scan.BLOCK), dtype=np.float32)
    for number, other in ((0, "F"), (1, "M")):
        bad = np.flatnonzero(sexes == other)
        extra[bad // scan.BLOCK, number, bad % scan.BLOCK] = -np.inf
    code = np.array([{"M": width, "F": width + 1, "": 0}[sex] for sex in material.remains.sexes], dtype=np.int32)
    return np.concatenate([laid, extra], axis=1), np.concatenate([columns, code.reshape(-1, 1)], axis=1)


def _scanned(
    laid: scan.Singles, columns: NDArray[np.int32], *, keep: int, floor: float, run: Run, threads: int
) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Scan in equal parts of blocks and join what the parts kept."""
    edges = np.linspace(0, len(laid), min(threads, len(laid)) + 1).astype(int)

    def one(part: tuple[int, int]) -> tuple[scan.Singles, NDArray[np.int64], Floats]:
        return scan.scan(laid, columns, keep=keep, floor=floor, parts=part)

    parts = list(run(one, list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))))
    found = [part for part in parts if isinstance(part, tuple)]
    top = np.concatenate([part[0] for part in found], axis=1)
    where = np.concatenate([part[1] for part in found], axis=1)
    order = np.lexsort((where, -top), axis=1)[:, :keep]
    mass = np.sum([part[2] for part in found], axis=0)
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(where, order, axis=1), mass


def _exact(
    material: Material, whole: table.Table, part: Sequence[Shape], here: NDArray[np.int64], columns: NDArray[np.int32]
) -> tuple[Floats, NDArray[np.int64]]:
    """Sum again in double precision; count loci compared and mismatches."""
    loci = len(material.loci)
    rows = np.maximum(here, 0)
    ln = np.zeros(here.shape)
    compared = np.zeros(here.shape, dtype=np.int64)
    mismatched = np.zeros(here.shape, dtype=np.int64)
    count = len(whole.ln)
    strict = whole if _never_mutates(material.loci) else without_mutation(material, part, count)
    for locus in range(loci):
        column = columns[:, locus][:, None]
        ln += whole.ln[rows, column]
        compared += (column > 0) & whole.informed[rows, locus]
        mismatched += np.isneginf(strict.ln[rows, column])
    return np.where(here >= 0, ln, -np.inf), np.stack([compared, mismatched], axis=2)


def _never_mutates(loci: Sequence[Locus]) -> bool:
    return all(locus.male.rate == 0 and locus.female.rate == 0 for locus in loci)


def _merged(
    old: tuple[Floats, NDArray[np.int64], NDArray[np.int64]],
    new: tuple[Floats, NDArray[np.int64], NDArray[np.int64]],
    keep: int,
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    best = np.concatenate([old[0], new[0]], axis=1)
    where = np.concatenate([old[1], new[1]], axis=1)
    extra = np.concatenate([old[2], new[2]], axis=1)
    order = np.lexsort((where, -best), axis=1)[:, :keep]
    return (
        np.take_along_axis(best, order, axis=1),
        np.take_along_axis(where, order, axis=1),
        np.take_along_axis(extra, order[:, :, None], axis=1),
    )


def _close(material: Material) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    typed = (material.references.alleles[:, :, 0] >= 0).any(axis=1)
    typed = np.append(typed, False)  # row -1
    close = np.zeros(len(material.targets), dtype=np.int64)
    lifetime = np.zeros(len(material.targets), dtype=bool)
    for form in material.shapes:
        close[form.targets] = shapes.typed_close(form, typed)
        lifetime[form.targets] = typed[form.rows[:, form.target]]
    return close, lifetime


def _sex_findings(material: Material) -> Iterator[Finding]:
    """Say where a relative's amelogenin contradicts the sex stated in the pedigree."""
    for form in material.shapes:
        for member, sex in enumerate(form.pedigree.sex):
            if not sex:
                continue
            for row, target in zip(form.rows[:, member].tolist(), form.targets.tolist(), strict=True):
                seen = material.references.sexes[row] if row >= 0 else ""
                if seen and seen != sex:
                    text = f"a relative's amelogenin says {seen}, the pedigree {sex}; check the sample"
                    yield Finding("sex", material.targets[target].family, "AMEL", text)
