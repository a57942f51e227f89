"""Rows and nouns: profiles as frames of typings, families as households, parts of a search as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from goodoffices.desk.remains.models import Family, Profile
from goodoffices.domain.kin import Finding, Household, Person
from goodoffices.engines.kinship.panel import SEX_LOCI, is_lineage
from goodoffices.engines.kinship.search import Found, Hits, Material

Typing = list[str | float | None]
"""Locus, allele 1, allele 2, replicate, drop-out."""
COMMINGLED = 3
"""Loci with more than two alleles from which the samples of a case are those of several persons."""
_SCHEMA = {
    "sample": pl.String(),
    "locus": pl.String(),
    "allele_1": pl.String(),
    "allele_2": pl.String(),
    "replicate": pl.String(),
    "drop_out": pl.Float64(),
}


def frame_of(named: Iterable[tuple[str, Profile]], *, replicates: bool = False) -> pl.DataFrame:
    """Give typings under the names they are given; several profiles of one name are replicates of each other."""
    rows = [
        (
            name,
            locus,
            one,
            two,
            f"{profile.id}{run or ''}" if replicates and str(locus).upper() not in SEX_LOCI else run,
            drop_out,
        )
        for name, profile in named
        for locus, one, two, run, drop_out in profile.typings
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").unique(maintain_order=True)


def agreed(frame: pl.DataFrame, *, drop_out: float) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Take typings of several samples of one case together, where they can be one person.

    Parameters
    ----------
    frame
        With replicates, under the key of the case.
    drop_out
        Least chance of drop-out where a case has several profiles.

    Returns
    -------
    tuple
        A locus at which the samples show more than two alleles is left out; a case with `COMMINGLED` such loci is left
        out whole, and both are named.
    """
    seen = pl.concat(
        [frame.select("sample", "locus", allele=pl.col(name)) for name in ("allele_1", "allele_2")]
    ).filter(pl.col("allele").is_not_null() & ~pl.col("locus").str.to_uppercase().is_in(SEX_LOCI))
    lineages = [name for name in frame["locus"].unique().to_list() if is_lineage(name)]
    alleles = (
        seen.filter(~pl.col("locus").is_in(lineages)).group_by("sample", "locus").agg(n=pl.col("allele").n_unique())
    )
    bad = alleles.filter(pl.col("n") > 2).sort("sample", "locus")
    mixed = bad.group_by("sample").len().filter(pl.col("len") >= COMMINGLED)["sample"].sort()
    single = bad.filter(~pl.col("sample").is_in(mixed.to_list()))
    findings = (
        *(Finding("commingled", case, "", "its samples are not one person") for case in mixed),
        *(Finding("contradiction", case, locus, "left out") for case, locus, _ in single.iter_rows()),
    )
    kept = frame.filter(~pl.col("sample").is_in(mixed.to_list())).join(single, on=["sample", "locus"], how="anti")
    runs = pl.col("replicate").n_unique().over("sample") > 1
    level = pl.when(runs).then(pl.max_horizontal("drop_out", pl.lit(drop_out))).otherwise("drop_out")
    return kept.with_columns(level.alias("drop_out")), findings


def household_of(family: Family, typed: Sequence[tuple[str, str]]) -> Household:
    """Give a family with the reference (person, name in the frame) of each member who gave a sample."""
    people = tuple(Person(row[0], row[1], row[2], row[3]) for row in family.pedigree)
    missing = tuple(row[0] for row in family.pedigree if row[4])
    return Household(family.id, people, missing, dict(typed))


def part_of(found: Found) -> dict[str, object]:
    """Give what a part of a search found as plain values, for a search that goes on after a crash."""
    hits = found.hits
    return {
        "remains": hits.remains.tolist(),
        "target": hits.target.tolist(),
        "ln": hits.ln.tolist(),
        "loci": hits.loci.tolist(),
        "mismatches": hits.mismatches.tolist(),
        "mass": found.mass.tolist(),
        "close": found.close.tolist(),
        "lifetime": found.lifetime.tolist(),
    }


def found_of(part: dict[str, list[float]], material: Material) -> Found:
    """Give back what a part found."""
    whole = {name: np.array(part[name], dtype=np.int64) for name in ("remains", "target", "loci", "mismatches")}
    hits = Hits(whole["remains"], whole["target"], np.array(part["ln"]), whole["loci"], whole["mismatches"])
    close, lifetime = np.array(part["close"], dtype=np.int64), np.array(part["lifetime"], dtype=bool)
    return Found(material.targets, hits, np.array(part["mass"]), close, lifetime, material.findings)
