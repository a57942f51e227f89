"""What kinship work speaks of: loci, mutation, people of a family, findings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from goodoffices.domain.errors import RangeError


class MutationKind(StrEnum):
    """How an allele changes on its way from parent to child."""

    NONE = "none"
    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    STEPWISE = "stepwise"
    ONESTEP = "onestep"
    DAWID = "dawid"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mutation model of one sex.

    Attributes
    ----------
    kind
        The model.
    rate
        Chance of a mutation per transmission, 0 to 1.
    rate2
        Stepwise: chance of a change between groups of microvariants.
    range
        Stepwise and Dawid: each further step is this many times as likely, 0 to 1.
    """

    kind: MutationKind = MutationKind.NONE
    rate: float = 0.0
    rate2: float = 0.0
    range: float = 0.1

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises
        ------
        RangeError
            If a rate lies outside 0 to 1 or the range outside 0 to 1.
        """
        if not (0 <= self.rate <= 1 and 0 <= self.rate2 <= 1 and self.rate + self.rate2 <= 1):
            raise RangeError(f"mutation rates are {self.rate} and {self.rate2}, expected 0 to 1 in sum")
        if not 0 < self.range <= 1:
            raise RangeError(f"mutation range is {self.range}, expected above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Locus:
    """A marker with its alleles.

    Attributes
    ----------
    name
        As in the kit.
    alleles
        Names as text ("9.3" is nine repeats and three bases), unique.
    frequencies
        One per allele, in sum 1.
    chromosome
        `auto` or `X`.
    silent
        Frequency of an allele that is never seen; the visible ones then have `frequencies * (1 - silent)`.
    female, male
        Mutation of mothers and fathers.
    linkage
        Name of the linkage group; of one group only one X locus counts. Empty: unknown.
    """

    name: str
    alleles: tuple[str, ...]
    frequencies: tuple[float, ...]
    chromosome: str = "auto"
    silent: float = 0.0
    female: Mutation = field(default_factory=Mutation)
    male: Mutation = field(default_factory=Mutation)
    linkage: str = ""

    def __post_init__(self) -> None:
        """Check what types cannot say.

        Raises
        ------
        RangeError
            If alleles repeat, frequencies do not fit, or the chromosome is unknown.
        """
        if len(set(self.alleles)) != len(self.alleles) or not self.alleles:
            raise RangeError(f"{self.name}: an allele stands twice, or there is none")
        if len(self.alleles) != len(self.frequencies) or min(self.frequencies) <= 0:
            raise RangeError(f"{self.name}: expected one frequency above 0 for each allele")
        if not math.isclose(math.fsum(self.frequencies), 1.0, abs_tol=1e-6):
            raise RangeError(f"{self.name}: frequencies sum to {math.fsum(self.frequencies):.6f}, expected 1")
        if self.chromosome not in {"auto", "X"} or not 0 <= self.silent < 1:
            raise RangeError(f"{self.name}: expected chromosome auto or X and a silent allele from 0 to below 1")


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a pedigree.

    Attributes
    ----------
    id
        Unique in the family.
    father, mother
        Identifiers, or None.
    sex
        `M`, `F`, or empty where unknown.
    """

    id: str
    father: str | None = None
    mother: str | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Household:
    """A family that seeks: its pedigree, whom it misses, whose samples there are.

    Attributes
    ----------
    name
        The family's reference.
    people
        Its members.
    missing
        Identifiers of who is sought.
    samples
        Sample of each member who gave one; of a missing member, a lifetime sample.
    """

    name: str
    people: tuple[Person, ...]
    missing: tuple[str, ...]
    samples: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the material that a person should know; the work goes on without the part it names.

    Attributes
    ----------
    code
        What it is; words for it stand in `words/kinship.toml`.
    subject
        Sample, family or locus it is about.
    locus
        Locus, or empty.
    detail
        What was found and what was done.
    """

    code: str
    subject: str
    locus: str
    detail: str

    def __str__(self) -> str:
        where = f"{self.subject}, {self.locus}" if self.locus else self.subject
        return f"{where}: {self.detail}"


Genotypes = Mapping[str, Mapping[str, tuple[str, str]]]
"""By person, by locus: the two alleles seen."""


@dataclass(frozen=True, slots=True)
class Case:
    """Two hypotheses about one set of remains.

    Attributes
    ----------
    name
        Of the case.
    loci
        In order.
    hypotheses
        The people under each; empty for a direct match.
    genotypes
        What was seen.
    theta
        Co-ancestry.
    drop_out
        By person: the chance that an allele of theirs was not seen.
    """

    name: str
    loci: tuple[Locus, ...]
    hypotheses: tuple[tuple[Person, ...], ...]
    genotypes: Genotypes
    theta: float = 0.0
    drop_out: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Several remains against several families, to be decided together.

    Attributes
    ----------
    name
        Of the case.
    loci
        In order.
    remains
        Identifier and sex of each.
    families
        With who is missing.
    genotypes
        What was seen, of remains and relatives.
    theta
        Co-ancestry.
    """

    name: str
    loci: tuple[Locus, ...]
    remains: tuple[tuple[str, str], ...]
    families: tuple[Household, ...]
    genotypes: Genotypes
    theta: float = 0.0
