"""Y-STR and mtDNA: whole haplotypes along the line of fathers or of mothers, as exclusion and with a counted weight.

A match weighs 1 / f, f being the upper bound of the one-sided 95 % confidence interval of Clopper and Pearson for x
sightings in n haplotypes. Without a database n = 0, f = 1 and the match weighs nothing, but the line does not exclude.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Household
from goodoffices.engines.kinship.panel import is_lineage
from goodoffices.engines.kinship.pedigree import build, line

Haplotype = Mapping[str, str]

Haplotypes = tuple[Mapping[str, str], frozenset[str] | None]
"""The Y haplotype and the mtDNA differences of one person."""

MANY_Y = 3
"""Y loci that differ and exclude; one or two may be mutations: the usual convention of kinship laboratories."""

MANY_MT = 2
"""Differences of mtDNA that exclude; one is inconclusive (SWGDAM mtDNA interpretation guidelines, 2019, 4.2)."""


@dataclass(frozen=True, slots=True)
class Line:
    """The comparison of one line.

    Attributes
    ----------
    kind
        `Y` or `mtDNA`.
    verdict
        `match`, `inconclusive` or `exclusion`.
    compared, different
        Loci (Y) or differences from the reference sequence (mtDNA).
    log10
        Weight of a match, 0 otherwise.
    """

    kind: str
    verdict: str
    compared: int
    different: int
    log10: float


def upper(seen: int, total: int) -> float:
    """Give the upper bound of the one-sided 95 % interval of a frequency.

    References
    ----------
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    from scipy.special import betaincinv

    return 1.0 if seen >= total else float(betaincinv(seen + 1, total - seen, 0.95))


def haplotypes(rows: Iterable[tuple[str, str, str | None, str | None]]) -> dict[str, Haplotypes]:
    """Collect per sample the Y haplotype and the set of mtDNA differences from (sample, locus, allele_1, allele_2)."""
    found: dict[str, tuple[dict[str, str], frozenset[str] | None]] = {}
    for sample, locus, one, two in rows:
        if not is_lineage(locus):
            continue
        y, mt = found.get(sample, ({}, None))
        values = [value for value in (one, two) if value]
        if locus.upper() in {"MTDNA", "MT"}:
            mt = frozenset(part for value in values for part in value.replace(",", " ").split())
        elif values:
            y[locus.upper()] = "/".join(sorted(set(values)))
        found[sample] = (y, mt)
    return {sample: (y, mt) for sample, (y, mt) in found.items()}


def compare_y(one: Haplotype, two: Haplotype, database: Sequence[Haplotype] = ()) -> Line | None:
    """Compare two Y haplotypes at the loci both have; None if there is none."""
    common = sorted(set(one) & set(two))
    if not common:
        return None
    different = sum(one[locus] != two[locus] for locus in common)
    verdict = "match" if not different else ("exclusion" if different >= MANY_Y else "inconclusive")
    held = [entry for entry in database if all(locus in entry for locus in common)]
    seen = sum(all(entry[locus] == one[locus] for locus in common) for entry in held)
    weight = -math.log10(upper(seen, len(held))) if verdict == "match" else 0.0
    return Line("Y", verdict, len(common), different, weight)


def compare_mt(one: frozenset[str], two: frozenset[str], database: Sequence[frozenset[str]] = ()) -> Line:
    """Compare two mtDNA haplotypes given as differences from the reference sequence."""
    different = max(len(one - two), len(two - one))
    verdict = "match" if not different else ("exclusion" if different >= MANY_MT else "inconclusive")
    weight = -math.log10(upper(sum(entry == one for entry in database), len(database))) if verdict == "match" else 0.0
    return Line("mtDNA", verdict, max(len(one), len(two)), different, weight)


def relatives(households: Sequence[Household]) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Give by (family, missing person) the reference samples in the person's line of fathers, and of mothers."""
    found = {}
    for household in households:
        try:
            pedigree = build(household.people)
        except RangeError:
            continue  # the search has named it
        lines = line(pedigree, of="M"), line(pedigree, of="F")
        for person in household.missing:
            place = pedigree.index(person)
            fathers, mothers = (
                [
                    household.samples[other]
                    for number, other in enumerate(pedigree.ids)
                    if other in household.samples and of[number] == of[place] >= 0
                ]
                for of in lines
            )
            found[household.name, person] = (fathers, mothers)
    return found


def of_hits(
    pairs: Sequence[tuple[str, str, str]],
    relatives: Mapping[tuple[str, str], tuple[Sequence[str], Sequence[str]]],
    held: tuple[Mapping[str, Haplotypes], Mapping[str, Haplotypes]],
    database: Sequence[Haplotypes] = (),
) -> dict[tuple[str, str, str], tuple[Line, ...]]:
    """Compare the lines of every pair (sample, family, person).

    Parameters
    ----------
    pairs
        Of a search.
    relatives
        By (family, person): reference samples in the person's line of fathers, and of mothers.
    held
        Haplotypes of remains and of references, by sample.
    database
        Haplotypes that matches are counted in.

    Returns
    -------
    dict
        Of one line with several relatives the comparison that speaks most against the pair.
    """
    found = {}
    y_base = [y for y, _ in database if y]
    mt_base = [mt for _, mt in database if mt is not None]
    for pair in pairs:
        y, mt = held[0].get(pair[0], ({}, None))
        fathers, mothers = relatives.get(pair[1:], ((), ()))
        compared = [compare_y(y, held[1].get(name, ({}, None))[0], y_base) for name in fathers]
        y_lines = [line for line in compared if line is not None]
        others = [held[1].get(name, ({}, None))[1] for name in mothers]
        mt_lines = [compare_mt(mt, other, mt_base) for other in others if mt is not None and other is not None]
        lines = [max(several, key=_against) for several in (y_lines, mt_lines) if several]
        if lines:
            found[pair] = tuple(lines)
    return found


def _against(line: Line) -> tuple[int, float]:
    return line.different, -line.log10
