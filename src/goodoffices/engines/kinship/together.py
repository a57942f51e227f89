"""Likelihoods of one family, locus by locus, outside the tables: several remains in a family, theta, reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.kin import Household, Person
from goodoffices.engines.kinship import theta as urn
from goodoffices.engines.kinship.likelihood import likelihood
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import model_of
from goodoffices.engines.kinship.observe import weights
from goodoffices.engines.kinship.panel import class_weights
from goodoffices.engines.kinship.pedigree import Pedigree, build
from goodoffices.engines.kinship.search import Material


@dataclass(frozen=True, slots=True)
class Placed:
    """One locus of one pair.

    Attributes
    ----------
    locus
        Name.
    remains, relatives
        Alleles seen in the remains, and of each typed relative.
    lr
        Likelihood ratio.
    """

    locus: str
    remains: str
    relatives: tuple[tuple[str, str], ...]
    lr: float


class Desk:
    """Weighs single families of a search exactly."""

    def __init__(self, material: Material, *, theta: float = 0.0, largest: int = urn.LARGEST) -> None:
        self.material = material
        self.theta = theta
        self.largest = largest
        self.models = [model_of(locus) for locus in material.loci]
        self.households = {household.name: household for household in material.households}
        self.row = {name: number for number, name in enumerate(material.remains.names)}

    def family_ln(self, family: str, placed: Mapping[str, str]) -> float:
        """Give ln LR of remains placed in a family (person -> sample) against all of them unrelated."""
        return math.fsum(_ln(value) for value in self.per_locus(family, placed))

    def per_locus(self, family: str, placed: Mapping[str, str]) -> list[float]:
        """Give the likelihood ratio of every locus."""
        household = self.households[family]
        pedigree = build(household.people)
        strangers = tuple(Person(f"\n{person}", sex=_sex(pedigree, person)) for person in placed)
        apart = build((*household.people, *strangers))
        return [self._ratio(number, (pedigree, apart), household, placed) for number in range(len(self.models))]

    def seen(self, number: int, household: Household, pedigree: Pedigree) -> dict[str, Floats]:
        """Give what was seen of a family's relatives at one locus."""
        found = {}
        model, locus = self.models[number], self.material.loci[number]
        for person, sex in zip(pedigree.ids, pedigree.sex, strict=True):
            row = self.material.references.rows.get(household.samples.get(person, ""), -1)
            if row >= 0 and self.material.references.alleles[row, number, 0] >= 0:
                alleles = {int(allele) for allele in self.material.references.alleles[row, number]}
                single = model.is_x and sex == "M"
                found[person] = weights(alleles, model.share, silent=locus.silent > 0, single=single)
        return found

    def of_remains(self, number: int, sample: str) -> Floats | None:
        """Give what was seen of remains at one locus, or None."""
        code = int(self.material.remains.codes[self.row[sample], number])
        if not code:
            return None
        kind = self.material.remains.classes[number][code - 1]
        return class_weights(kind, self.models[number], silent=self.material.loci[number].silent > 0)

    def _ratio(
        self, number: int, pedigrees: tuple[Pedigree, Pedigree], household: Household, placed: Mapping[str, str]
    ) -> float:
        family = self.seen(number, household, pedigrees[0])
        joined, apart = dict(family), dict(family)
        for person, sample in placed.items():
            weight = self.of_remains(number, sample)
            if weight is None:
                continue
            joined[person] = joined[person] * weight if person in joined else weight
            apart[f"\n{person}"] = weight
        if len(apart) == len(family):
            return 1.0
        model = self.models[number]
        below, above = (
            likelihood(pedigree, model, seen, theta=self.theta, largest=self.largest)
            for pedigree, seen in ((pedigrees[1], apart), (pedigrees[0], joined))
        )
        return above / below if below else 1.0

    def lines(self, family: str, placed: Mapping[str, str]) -> list[Placed]:
        """Give what a report shows of every locus that was compared."""
        household = self.households[family]
        pedigree = build(household.people)
        shown = []
        for number, ratio in enumerate(self.per_locus(family, placed)):
            sample = next(iter(placed.values()))
            code = int(self.material.remains.codes[self.row[sample], number])
            locus = self.material.loci[number]
            relatives = []
            for person in pedigree.ids:
                row = self.material.references.rows.get(household.samples.get(person, ""), -1)
                if row >= 0 and self.material.references.alleles[row, number, 0] >= 0:
                    pair = self.material.references.alleles[row, number].tolist()
                    relatives.append((person, "/".join(locus.alleles[allele] for allele in pair)))
            if code and relatives:
                kind = self.material.remains.classes[number][code - 1]
                runs = ["/".join(locus.alleles[allele] for allele in run) for run in kind.replicates]
                shown.append(Placed(locus.name, "; ".join(runs), tuple(relatives), ratio))
        return shown


def _sex(pedigree: Pedigree, person: str) -> str:
    return pedigree.sex[pedigree.index(person)]


def _ln(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf
