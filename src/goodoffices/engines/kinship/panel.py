"""The loci of a search and every typing as numbers: alleles as positions, remains as classes per locus.

All frames have the columns `sample, locus, allele_1, allele_2` as text, and may have `replicate`, `drop_out`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from goodoffices.domain.kin import Finding, Locus, Mutation
from goodoffices.engines.kinship.case import unlinked
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Model, model_of
from goodoffices.engines.kinship.observe import Noise, weights

Classes = NDArray[np.int32]

_MANY = 4096

SEX_LOCI = ("AMEL", "AMELOGENIN", "AM", "AMELX", "AMELY")


@dataclass(frozen=True, slots=True)
class Class:
    """One way remains may look at one locus.

    Attributes
    ----------
    replicates
        Positions of the alleles seen in each amplification.
    noise
        Drop-out and drop-in of the sample.
    sex
        `M` or `F` at an X locus, else empty.
    """

    replicates: tuple[tuple[int, ...], ...]
    noise: Noise
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Remains:
    """The remains' samples in numbers.

    Attributes
    ----------
    names
        Sample names, sorted.
    codes
        Class of each sample at each locus, counted from 1 within the locus, 0 where not typed; shape (n, loci).
    classes
        The classes of each locus.
    sexes
        `M`, `F` or empty, by amelogenin.
    """

    names: tuple[str, ...]
    codes: Classes
    classes: tuple[tuple[Class, ...], ...]
    sexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class References:
    """The relatives' samples in numbers.

    Attributes
    ----------
    rows
        Row of each sample.
    alleles
        Positions of the two alleles, -1 where not typed; shape (samples, loci, 2).
    sexes
        `M`, `F` or empty, by amelogenin.
    """

    rows: dict[str, int]
    alleles: NDArray[np.int16]
    sexes: tuple[str, ...]


def panel(
    loci: Sequence[Locus], typings: Sequence[pl.DataFrame], *, mutation: tuple[Mutation, Mutation], rare: float
) -> tuple[tuple[Locus, ...], tuple[Finding, ...]]:
    """Choose the loci of a search: those typed and in the table, with rare alleles added and linked X loci left out.

    Parameters
    ----------
    loci
        Of the frequency table.
    typings
        Frames of remains and references.
    mutation
        Of mothers and of fathers.
    rare
        Frequency given to an allele that the table has not; the others are scaled down to keep the sum 1.

    Returns
    -------
    tuple
        Loci, and findings about what was added or left out.
    """
    found = pl.concat([_alleles(frame) for frame in typings]).unique().sort("locus", "allele")
    seen = dict(found.group_by("locus", maintain_order=True).agg("allele").iter_rows())
    table = {locus.name: locus for locus in loci}
    findings = [
        Finding("locus_unknown", "table", name, "not in the frequency table; left out")
        for name in seen
        if name not in table and name.upper() not in SEX_LOCI and not is_lineage(name)
    ]
    chosen = []
    for name in (locus.name for locus in loci if locus.name in seen):
        locus = table[name]
        new = tuple(sorted(set(seen[name]) - set(locus.alleles)))
        for allele in new:
            text = f"allele {allele} is not in the frequency table; given the frequency {rare:g}"
            findings.append(Finding("allele_rare", "table", name, text))
        if new:
            scale = 1 - rare * len(new)
            shares = (*(share * scale for share in locus.frequencies), *(rare for _ in new))
            locus = replace(locus, alleles=locus.alleles + new, frequencies=shares)
        chosen.append(replace(locus, female=mutation[0], male=mutation[1]))
    kept, linked = unlinked(chosen)
    return kept, (*findings, *linked)


def _alleles(frame: pl.DataFrame) -> pl.DataFrame:
    columns = [frame.select("locus", pl.col(name).alias("allele")) for name in ("allele_1", "allele_2")]
    return pl.concat(columns).filter(pl.col("allele").is_not_null()).unique()


def is_lineage(locus: str) -> bool:
    """Whether a locus is inherited whole, from father to son or from the mother."""
    name = locus.upper()
    return name.startswith(("DYS", "DYF", "YGATA", "Y-GATA", "Y_GATA", "RM_Y")) or name in {"MTDNA", "MT", "Y"}


def models(loci: Sequence[Locus]) -> tuple[Model, ...]:
    """Make every locus ready."""
    return tuple(model_of(locus) for locus in loci)


def sexes(frame: pl.DataFrame) -> dict[str, str]:
    """Read each sample's sex from amelogenin: X and Y is a man; X alone a woman, unless drop-out is allowed for."""
    rows = frame.filter(pl.col("locus").str.to_uppercase().is_in(SEX_LOCI))
    found: dict[str, set[str]] = {}
    for sample, one, two in rows.select("sample", "allele_1", "allele_2").iter_rows():
        found.setdefault(sample, set()).update({str(one).upper(), str(two).upper()} & {"X", "Y"})
    return {sample: "M" if "Y" in alleles else "F" for sample, alleles in found.items() if alleles}


def code_references(frame: pl.DataFrame, loci: Sequence[Locus]) -> References:
    """Turn the relatives' typings into positions of alleles."""
    names = sorted(frame["sample"].unique().to_list())
    rows = {name: number for number, name in enumerate(names)}
    alleles = np.full((len(names), len(loci), 2), -1, dtype=np.int16)
    coded = _positions(frame, loci, names).unique(["row", "place"], keep="first", maintain_order=True)
    alleles[coded["row"].to_numpy(), coded["place"].to_numpy(), 0] = coded["one"].to_numpy()
    alleles[coded["row"].to_numpy(), coded["place"].to_numpy(), 1] = coded["two"].to_numpy()
    sex = sexes(frame)
    return References(rows, alleles, tuple(sex.get(name, "") for name in names))


def _positions(frame: pl.DataFrame, loci: Sequence[Locus], names: Sequence[str]) -> pl.DataFrame:
    """Give sample row, locus place, and the positions of the two alleles (the lower first), one row a typing."""
    index = pl.DataFrame(
        [(locus.name, allele, n, m) for n, locus in enumerate(loci) for m, allele in enumerate(locus.alleles)],
        schema={"locus": pl.String, "allele": pl.String, "place": pl.Int32, "position": pl.Int32},
        orient="row",
    )
    rows = pl.DataFrame(
        {"sample": names, "row": np.arange(len(names), dtype=np.int64)}, schema_overrides={"sample": pl.String}
    )
    typed = frame.filter(pl.col("allele_1").is_not_null() | pl.col("allele_2").is_not_null()).with_columns(
        pl.coalesce("allele_1", "allele_2").alias("a"), pl.coalesce("allele_2", "allele_1").alias("b")
    )
    typed = typed.join(index, left_on=["locus", "a"], right_on=["locus", "allele"], maintain_order="left").rename(
        {"position": "x"}
    )
    typed = typed.join(
        index.drop("place"), left_on=["locus", "b"], right_on=["locus", "allele"], maintain_order="left"
    ).rename({"position": "y"})
    return typed.join(rows, on="sample", maintain_order="left").with_columns(
        pl.min_horizontal("x", "y").alias("one"), pl.max_horizontal("x", "y").alias("two")
    )


def code_remains(frame: pl.DataFrame, loci: Sequence[Locus], *, noise: Noise) -> Remains:
    """Turn the remains' typings into classes.

    Parameters
    ----------
    frame
        Long form; a `drop_out` of a sample overrides that of `noise`; rows that differ in `replicate` are
        amplifications of one extract.
    loci
        Of the search.
    noise
        For samples that state none.
    """
    names = sorted(frame["sample"].unique().to_list())
    sex = sexes(frame)
    levels = _levels(frame, names, noise)
    people = pl.DataFrame(
        {"row": range(len(names)), "level": levels, "sex": [sex.get(name, "") for name in names]},
        schema={"row": pl.Int64, "level": pl.Float64, "sex": pl.String},
    )
    coded = (
        _positions(frame, loci, names)
        .with_columns((pl.col("one") * _MANY + pl.col("two")).cast(pl.String).alias("pair"))
        .group_by("place", "row")
        .agg(
            pl.col("pair").sort().str.join(";"),
            pl.len().alias("runs"),
            (pl.col("one") != pl.col("two")).any().alias("two"),
        )
        .join(people, on="row")
        .sort("row", "place")
    )
    codes = np.zeros((len(names), len(loci)), dtype=np.int32)
    classes = [
        _classes_at(part, codes, number, locus, noise)
        for number, locus in enumerate(loci)
        for part in [coded.filter(pl.col("place") == number)]
    ]
    known = tuple(
        "" if sex.get(name, "") == "F" and levels[row] > 0 else sex.get(name, "") for row, name in enumerate(names)
    )
    return Remains(tuple(names), codes, tuple(classes), known)


def _classes_at(coded: pl.DataFrame, codes: Classes, place: int, locus: Locus, noise: Noise) -> tuple[Class, ...]:
    """Give the classes of one locus and write each sample's number into `codes`."""
    if locus.chromosome == "X":
        coded = coded.filter(pl.col("sex") != "")
    else:
        # A clean pair of different alleles is certain whatever the drop-out: one class for all levels.
        certain = pl.lit(not noise.drop_in) & (pl.col("runs") == 1) & pl.col("two")
        coded = coded.with_columns(
            pl.when(certain).then(0.0).otherwise("level").alias("level"), pl.lit("").alias("sex")
        )
    kinds = coded.select("pair", "level", "sex").unique().sort("pair", "level", "sex").with_row_index("code", 1)
    rows = coded.join(kinds, on=["pair", "level", "sex"]).select("row", "code")
    codes[rows["row"].to_numpy(), place] = rows["code"].to_numpy()
    found = []
    for _, pairs, level, sex in kinds.iter_rows():
        seen = tuple(tuple(dict.fromkeys(divmod(int(pair), _MANY))) for pair in pairs.split(";"))
        found.append(Class(seen, Noise(level, noise.drop_in), sex))
    return tuple(found)


def _levels(frame: pl.DataFrame, names: Sequence[str], noise: Noise) -> list[float]:
    if "drop_out" not in frame.columns:
        return [noise.drop_out] * len(names)
    stated = dict(frame.group_by("sample").agg(pl.col("drop_out").cast(pl.Float64, strict=False).max()).iter_rows())
    return [noise.drop_out if stated.get(name) is None else round(stated[name], 2) for name in names]


def class_weights(kind: Class, model: Model, *, silent: bool = False) -> Floats:
    """Give the probability of what was seen in all amplifications given each pair of alleles, shape (k, k)."""
    whole = np.ones((len(model.share), len(model.share)))
    for seen in kind.replicates:
        whole = whole * weights(seen, model.share, noise=kind.noise, silent=silent, single=kind.sex == "M")
    return whole
