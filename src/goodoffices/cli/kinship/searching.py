"""What `kinship search` and `kinship joint` do with files: read, search, assess, write."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from goodoffices.cli.kinship.options import Files, material_of, parse_mutation, read_files
from goodoffices.cli.kinship.told import find_unused, read_evidence
from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.evidence import Evidence
from goodoffices.domain.kin import Finding
from goodoffices.engines.kinship import lineage
from goodoffices.engines.kinship.assess import Answers, Frame
from goodoffices.engines.kinship.observe import Noise
from goodoffices.engines.kinship.panel import is_lineage
from goodoffices.engines.kinship.prior import parse
from goodoffices.engines.kinship.reweigh import assess_exactly
from goodoffices.engines.kinship.search import Found, Material, joined, search, split
from goodoffices.formats.profiles import read_profiles
from goodoffices.store.write import read_bytes, write_whole


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    profiles, families, references, frequencies
        Files.
    mutation, drop_out, drop_in, rare, theta
        The model, as text or numbers from the command line.
    prior, threshold, top
        Of posteriors and of what is kept.
    evidence, haplotypes
        Files of other evidence and of a haplotype database, if given.
    origin
        Population within a frequency file with several.
    engine
        `local` or `spark`.
    """

    profiles: Path
    families: Path
    references: Path
    frequencies: Path
    mutation: str
    drop_out: float = 0.0
    drop_in: float = 0.0
    rare: float = 0.001
    theta: float = 0.0
    prior: str = "default"
    threshold: float = 0.9995
    top: int = 5
    evidence: Path | None = None
    haplotypes: Path | None = None
    origin: str | None = None
    engine: str = "local"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search gave.

    Attributes
    ----------
    material, found, answers
        Numbers, hits, and pairs with posteriors.
    findings
        Everything noticed.
    frame
        Prior, threshold, other evidence.
    told
        Other evidence with its sources.
    """

    material: Material
    found: Found
    answers: Answers
    findings: tuple[Finding, ...]
    frame: Frame
    told: Mapping[tuple[str, str, str], Evidence]


def run(request: Request) -> Outcome:
    """Search and assess.

    Raises
    ------
    InputError
        If an option or a file cannot be used.
    """
    files = read_files(
        profiles=request.profiles,
        families=request.families,
        references=request.references,
        frequencies=request.frequencies,
        origin=request.origin,
    )
    try:
        mutation, prior = parse_mutation(request.mutation), parse(request.prior)
        noise = Noise(request.drop_out, request.drop_in)
        material, findings = material_of(files, mutation=mutation, noise=noise, rare=request.rare)
        prior.nobody(len(material.targets))
    except RangeError as error:
        raise InputError(Fault("options", "", "", str(error), "values within their bounds")) from error
    found = _searched(material, request)
    told = read_evidence(request.evidence)
    unused = find_unused(told, material)
    bits = {key: evidence.bits for key, evidence in told.items()}
    lines = _lines(material, found, files, request.haplotypes)
    frame = Frame(prior, request.threshold, bits, lines)
    found, answers = assess_exactly(material, found, frame, theta=request.theta)
    return Outcome(material, found, answers, (*findings, *found.findings, *answers.findings, *unused), frame, told)


def _searched(material: Material, request: Request) -> Found:
    if request.engine == "spark":
        from goodoffices.store.spark import spark_spread

        with spark_spread() as spread:
            parts = split(material, min(spread.slices, 8))
            return joined(spread.each(partial(search, keep=request.top), parts))
    threads = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        return search(material, keep=request.top, run=pool.map, threads=threads)


def _lines(
    material: Material, found: Found, files: Files, database: Path | None
) -> dict[tuple[str, str, str], tuple[lineage.Line, ...]]:
    """Compare Y-STR and mtDNA where both sides have them."""
    held = tuple(lineage.haplotypes(_lineage_rows(frame)) for frame in (files.profiles, files.references))
    if not held[0] or not held[1]:
        return {}
    base: list[lineage.Haplotypes] = []
    if database is not None:
        frame, _ = read_profiles(read_bytes(database), str(database))
        base = list(lineage.haplotypes(_lineage_rows(frame)).values())
    pairs = [
        (material.remains.names[one], found.targets[target].family, found.targets[target].person)
        for one, target in zip(found.hits.remains.tolist(), found.hits.target.tolist(), strict=True)
    ]
    return lineage.of_hits(pairs, lineage.relatives(material.households), (held[0], held[1]), base)


def _lineage_rows(frame: pl.DataFrame) -> list[tuple[str, str, str | None, str | None]]:
    names = [name for name in frame["locus"].unique().to_list() if is_lineage(name)]
    return frame.filter(pl.col("locus").is_in(names)).select("sample", "locus", "allele_1", "allele_2").rows()


def write_pairs(pairs: pl.DataFrame, path: Path) -> None:
    """Write `C.csv`."""
    shown = pairs.with_columns(
        pl.col("log10_lr", "bits", "other_bits").round(4), pl.col("posterior", "joint_posterior").round_sig_figs(9)
    )
    write_whole(path, shown.write_csv())


def write_rows(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write a small table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_whole(path, out.getvalue())
