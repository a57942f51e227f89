"""Several remains against several families, decided together: the small exact case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goodoffices.domain.kin import Household, OpenCase
from goodoffices.engines.kinship.joint import Joint, Option, Pair, solve
from goodoffices.engines.kinship.likelihood import likelihood
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Model, model_of
from goodoffices.engines.kinship.observe import weights
from goodoffices.engines.kinship.pedigree import build

PairLn = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to an open case.

    Attributes
    ----------
    remains, missing
        Identifiers, the rows and columns of `ln`.
    ln
        ln LR of each pair alone; minus infinity if impossible, not a number where the sexes differ.
    joint
        All decided together.
    base
        ln likelihood of everything if no remains are anybody's.
    """

    remains: tuple[str, ...]
    missing: tuple[str, ...]
    ln: Floats
    joint: Joint
    base: float


class _Material:
    """Likelihoods of one open case, each computed once."""

    def __init__(self, case: OpenCase) -> None:
        self.case = case
        self.models = {locus.name: model_of(locus) for locus in case.loci}
        self.sex = dict(case.remains)

    def seen(self, person: str, locus_number: int, sex: str) -> Floats | None:
        """Give the weights of one person's typing, or None."""
        locus = self.case.loci[locus_number]
        typed = self.case.genotypes.get(person, {}).get(locus.name)
        if typed is None:
            return None
        model = self.models[locus.name]
        alleles = {locus.alleles.index(allele) for allele in typed}
        single = model.is_x and sex == "M"
        return weights(alleles, model.share, silent=locus.silent > 0, single=single)

    def alone(self, remains: str) -> float:
        """Give ln of the probability of one unrelated profile."""
        total = 0.0
        for number, locus in enumerate(self.case.loci):
            weight = self.seen(remains, number, self.sex[remains])
            if weight is not None:
                total += _ln(_unrelated(weight, self.models[locus.name], self.sex[remains]))
        return total

    def family(self, household: Household, placed: Mapping[str, str]) -> float:
        """Give ln of the likelihood of one family with remains placed in it (person -> remains)."""
        pedigree = build(household.people)
        sexes = dict(zip(pedigree.ids, pedigree.sex, strict=True))
        total = 0.0
        for number, locus in enumerate(self.case.loci):
            found: dict[str, Floats] = {}
            for person in pedigree.ids:
                for source in (person, placed.get(person)):
                    weight = self.seen(source, number, sexes[person]) if source else None
                    if weight is not None:
                        found[person] = found[person] * weight if person in found else weight
            total += _ln(likelihood(pedigree, self.models[locus.name], found, theta=self.case.theta))
        return total


def _unrelated(weight: Floats, model: Model, sex: str) -> float:
    if model.is_x and sex == "M":
        return float(np.diag(weight) @ model.share)
    return float(model.share @ weight @ model.share)


def _ln(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def decide(case: OpenCase, *, top: int = 50) -> Decision:
    """Weigh every pair alone and all of them together.

    Parameters
    ----------
    case
        As read.
    top
        How many assignments to list.

    Returns
    -------
    Decision
        The prior is flat over all assignments that sex allows.
    """
    material = _Material(case)
    remains = tuple(name for name, _ in case.remains)
    missing = tuple(person for family in case.families for person in family.missing)
    alone = {name: material.alone(name) for name in remains}
    base = [material.family(family, {}) for family in case.families]
    ln = np.full((len(remains), len(missing)), np.nan)
    families = []
    for number, family in enumerate(case.families):
        sexes = {person.id: person.sex for person in family.people}
        for name in family.missing:
            for row, one in enumerate(remains):
                if material.sex[one] and sexes[name] and material.sex[one] != sexes[name]:
                    continue
                ln[row, missing.index(name)] = material.family(family, {name: one}) - base[number] - alone[one]
        columns = [missing.index(name) for name in family.missing]
        options = []
        for pairs in ways(ln, columns):
            placed = {missing[column]: remains[row] for row, column in pairs}
            value = (
                ln[pairs[0]]
                if len(pairs) == 1
                else material.family(family, placed) - base[number] - math.fsum(alone[remains[row]] for row, _ in pairs)
            )
            options.append(Option(pairs, float(value)))
        families.append(options)
    joint = solve(families, len(remains), top=top)
    return Decision(remains, missing, ln, joint, math.fsum(base) + math.fsum(alone.values()))


def ways(ln: Floats, columns: Sequence[int]) -> Iterator[tuple[Pair, ...]]:
    """Give every non-empty way to place remains (rows) in these columns by pairs that are possible alone."""
    if not columns:
        return
    first, rest = columns[0], columns[1:]
    rows = [row for row in range(len(ln)) if ln[row, first] > -np.inf]
    yield from ways(ln, rest)
    for row in rows:
        yield ((row, first),)
        for others in ways(ln, rest):
            if all(other[0] != row for other in others):
                yield ((row, first), *others)
