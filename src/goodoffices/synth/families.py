"""Invented families that seek, their STR profiles by gene dropping, and what partial and degraded remains show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from goodoffices.domain.kin import Locus

Alleles = NDArray[np.int16]
Row = tuple[str, str, str, str, bool]

FORMS: dict[str, tuple[Row, ...]] = {
    "parents": (("F", "", "", "M", True), ("M", "", "", "F", True), ("X", "F", "M", "", False)),
    "spouse_child": (("X", "", "", "", False), ("W", "", "", "", True), ("C", "X", "W", "F", True)),
    "mother_sibling": (
        ("F", "", "", "M", False),
        ("M", "", "", "F", True),
        ("X", "F", "M", "", False),
        ("S", "F", "M", "M", True),
    ),
    "grandparents_uncle_mother": (
        ("GF", "", "", "M", True),
        ("GM", "", "", "F", True),
        ("F", "GF", "GM", "M", False),
        ("U", "GF", "GM", "M", True),
        ("M", "", "", "F", True),
        ("X", "F", "M", "", False),
    ),
    "mother": (("F", "", "", "M", False), ("M", "", "", "F", True), ("X", "F", "M", "", False)),
    "sibling": (
        ("F", "", "", "M", False),
        ("M", "", "", "F", False),
        ("X", "F", "M", "", False),
        ("S", "F", "M", "F", True),
    ),
    "two_siblings": (
        ("F", "", "", "M", False),
        ("M", "", "", "F", False),
        ("X", "F", "M", "", False),
        ("S", "F", "M", "M", True),
        ("T", "F", "M", "F", True),
    ),
}
"""Pedigrees by name: (person, father, mother, sex, whether typed); X is missing, of either sex."""


@dataclass(frozen=True, slots=True)
class Families:
    """Invented families.

    Attributes
    ----------
    families
        As `families.csv`.
    references
        Typings of the relatives, long form.
    alleles
        The truth: positions of the missing persons' alleles, shape (families, loci, 2).
    sexes
        Of the missing persons.
    names
        Of the families.
    """

    families: pl.DataFrame
    references: pl.DataFrame
    alleles: Alleles
    sexes: tuple[str, ...]
    names: tuple[str, ...]


def invent(
    forms: Sequence[str], loci: Sequence[Locus], *, rng: np.random.Generator, men: float = 0.95, rate: float = 0.0
) -> Families:
    """Invent one family per named form.

    Parameters
    ----------
    forms
        Names in `FORMS`, one per family.
    loci
        Autosomal.
    rng
        Source of chance.
    men
        Share of men among the missing.
    rate
        Chance that an allele changes into any other on its way to a child.
    """
    count = len(forms)
    width = len(str(count))
    names = [f"F{number + 1:0{width}d}" for number in range(count)]
    sexes = np.where(rng.random(count) < men, "M", "F")
    missing = np.zeros((count, len(loci), 2), dtype=np.int16)
    family_rows: list[pl.DataFrame] = []
    typed: list[pl.DataFrame] = []
    for form in dict.fromkeys(forms):
        places = np.array([number for number, name in enumerate(forms) if name == form])
        people = _dropped(FORMS[form], loci, len(places), rng=rng, rate=rate)
        missing[places] = people["X"]
        here = [names[place] for place in places]
        for order, row in enumerate(FORMS[form]):
            family_rows.append(_family_rows(row, order, here, places, sexes[places]))
            if row[4]:
                typed.append(long_form([f"{name}-{row[0]}" for name in here], people[row[0]], loci))
    families = pl.concat(family_rows).sort("number", "order").drop("number", "order")
    return Families(families, pl.concat(typed), missing, tuple(sexes.tolist()), tuple(names))


def _family_rows(
    row: Row, order: int, names: list[str], places: NDArray[np.int64], sexes: NDArray[np.str_]
) -> pl.DataFrame:
    person, father, mother, sex, is_typed = row
    other = np.where(sexes == "M", "F", "M").tolist()
    # A spouse has the other sex, so who is whose father depends on the missing person.
    swap = {"X", "W"} & {father}
    parents = np.where(sexes == "M", father or "0", mother or "0") if swap else np.full(len(names), father or "0")
    mothers = np.where(sexes == "M", mother or "0", father or "0") if swap else np.full(len(names), mother or "0")
    return pl.DataFrame(
        {
            "family": names,
            "person": [person] * len(names),
            "father": parents.tolist(),
            "mother": mothers.tolist(),
            "sex": sexes.tolist() if person == "X" else (other if person == "W" else [sex] * len(names)),
            "sample": [f"{name}-{person}" if is_typed else "" for name in names],
            "role": ["missing" if person == "X" else ("relative" if is_typed else "")] * len(names),
            "number": places,
            "order": [order] * len(names),
        }
    )


def _dropped(
    form: tuple[Row, ...], loci: Sequence[Locus], count: int, *, rng: np.random.Generator, rate: float
) -> dict[str, Alleles]:
    people: dict[str, Alleles] = {}
    for person, father, mother, _, _ in form:
        if not father:
            people[person] = draw(loci, count, rng=rng)
            continue
        sides = []
        for parent in (father, mother):
            pick = rng.integers(0, 2, (count, len(loci), 1))
            sides.append(_mutated(np.take_along_axis(people[parent], pick, axis=2)[:, :, 0], loci, rng=rng, rate=rate))
        people[person] = np.stack(sides, axis=2)
    return people


def _mutated(alleles: Alleles, loci: Sequence[Locus], *, rng: np.random.Generator, rate: float) -> Alleles:
    if not rate:
        return alleles
    counts = np.array([len(locus.alleles) for locus in loci])
    step = rng.integers(1, counts, alleles.shape)
    return np.where(rng.random(alleles.shape) < rate, (alleles + step) % counts, alleles).astype(np.int16)


def draw(loci: Sequence[Locus], count: int, *, rng: np.random.Generator) -> Alleles:
    """Draw unrelated people: positions of their alleles, shape (count, loci, 2)."""
    columns = [
        rng.choice(len(locus.alleles), size=(count, 2), p=np.array(locus.frequencies) / sum(locus.frequencies))
        for locus in loci
    ]
    return np.stack(columns, axis=1).astype(np.int16)


def long_form(samples: Sequence[str], alleles: Alleles, loci: Sequence[Locus]) -> pl.DataFrame:
    """Write typings as `sample, locus, allele_1, allele_2`; a negative position is no result.

    Parameters
    ----------
    samples
        Names.
    alleles
        Positions, shape (samples, loci, 2).
    loci
        In order.
    """
    frames = []
    for number, locus in enumerate(loci):
        words = np.array([*locus.alleles, ""], dtype=object)
        here = np.sort(alleles[:, number], axis=1)
        frames.append(
            pl.DataFrame(
                {
                    "sample": list(samples),
                    "locus": [locus.name] * len(samples),
                    "allele_1": words[here[:, 0]].tolist(),
                    "allele_2": words[here[:, 1]].tolist(),
                    "number": np.arange(len(samples)),
                }
            )
        )
    whole = pl.concat(frames).filter(pl.col("allele_2") != "")
    return (
        whole.sort("number", maintain_order=True)
        .drop("number")
        .with_columns(pl.when(pl.col("allele_1") == "").then("allele_2").otherwise("allele_1").alias("allele_1"))
    )


def partial(alleles: Alleles, share: float, *, rng: np.random.Generator, least: int, most: int) -> Alleles:
    """Take away loci: a share of the samples keep between `least` and `most` loci.

    Parameters
    ----------
    alleles
        Positions, shape (samples, loci, 2).
    share
        Of the samples that are partial, 0 to 1.
    rng
        Source of chance.
    least, most
        Loci kept.
    """
    count, loci, _ = alleles.shape
    keep = np.where(rng.random(count) < share, rng.integers(least, most + 1, count), loci)
    order = rng.random((count, loci)).argsort(axis=1).argsort(axis=1)
    return np.where((order < keep[:, None])[:, :, None], alleles, -1).astype(np.int16)


def degraded(alleles: Alleles, drop_out: NDArray[np.float64], *, rng: np.random.Generator) -> Alleles:
    """Let alleles drop out: each of a heterozygote with the sample's chance, a homozygote with its square.

    Parameters
    ----------
    alleles
        Positions, shape (samples, loci, 2).
    drop_out
        One chance per sample.
    rng
        Source of chance.

    Returns
    -------
    Alleles
        A lone allele stands twice.
    """
    lost = rng.random(alleles.shape) < drop_out[:, None, None]
    first = np.where(lost[:, :, 0], alleles[:, :, 1], alleles[:, :, 0])
    second = np.where(lost[:, :, 1], alleles[:, :, 0], alleles[:, :, 1])
    both = np.asarray(lost.all(axis=2))[:, :, None]
    return np.where(both, -1, np.stack([first, second], axis=2)).astype(np.int16)
