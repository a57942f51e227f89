"""Options and inputs that the commands share, and how files become material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import polars as pl

from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.kin import Finding, Household, Locus, Mutation, MutationKind
from goodoffices.engines.kinship import panel
from goodoffices.engines.kinship.observe import Noise
from goodoffices.engines.kinship.search import Material
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.formats.pedigrees import read_families
from goodoffices.formats.profiles import read_profiles
from goodoffices.store.write import read_bytes

DEFAULT_MUTATION = "equal:0.002"


@dataclass(frozen=True, slots=True)
class Files:
    """Everything read from files.

    Attributes
    ----------
    loci
        Of the frequency table.
    profiles, references
        Long frames; either may be empty.
    households
        The families.
    findings
        Noticed while reading.
    """

    loci: tuple[Locus, ...]
    profiles: pl.DataFrame
    references: pl.DataFrame
    households: tuple[Household, ...]
    findings: tuple[Finding, ...]


def parse_mutation(text: str) -> Mutation:
    """Read `none`, `equal:R`, `proportional:R`, `onestep:R`, `dawid:R[,RANGE]` or `stepwise:R[,R2,RANGE]`.

    Raises
    ------
    RangeError
        If it is something else.
    """
    kind, _, numbers = text.partition(":")
    try:
        model = MutationKind(kind)
        values = [float(number) for number in numbers.split(",")] if numbers else []
    except ValueError:
        values, model = [-1.0], MutationKind.NONE
    most = {MutationKind.NONE: 0, MutationKind.STEPWISE: 3, MutationKind.DAWID: 2}.get(model, 1)
    if not (0 if model is MutationKind.NONE else 1) <= len(values) <= most or any(value < 0 for value in values):
        raise RangeError(
            f"mutation is {text}, expected none, equal:R, proportional:R, onestep:R, dawid:R or stepwise:R,R2,RANGE"
        )
    if model is MutationKind.DAWID:
        return Mutation(model, values[0], 0.0, values[1] if len(values) > 1 else 0.1)
    rate, rate2, span = [*values, *([0.0, 0.0, 0.1][len(values) :])]
    return Mutation(model, rate, rate2, span)


def read_files(
    *,
    profiles: Path | None,
    families: Path | None,
    references: Path | None,
    frequencies: Path,
    origin: str | None = None,
) -> Files:
    """Read the files of a search; references whose donor has withdrawn consent are not used, and that is said."""
    loci = read_frequencies(read_bytes(frequencies), str(frequencies), origin=origin)
    findings: list[Finding] = []
    frames = []
    for path in (profiles, references):
        if path is None:
            frames.append(
                pl.DataFrame(
                    schema={"sample": pl.String, "locus": pl.String, "allele_1": pl.String, "allele_2": pl.String}
                )
            )
            continue
        frame, noticed = read_profiles(read_bytes(path), str(path))
        findings += noticed
        frame, withdrawn = _consented(frame)
        findings += withdrawn
        frames.append(frame)
    households: tuple[Household, ...] = ()
    if families is not None:
        households, noticed = read_families(read_bytes(families), str(families))
        findings += noticed
    return Files(loci, frames[0], frames[1], households, tuple(findings))


def _consented(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out samples whose donor has withdrawn consent."""
    gone = frame.filter(pl.col("consent").str.to_lowercase() == "withdrawn")["sample"].unique().sort().to_list()
    text = "the donor has withdrawn consent; the sample is not used"
    return frame.filter(~pl.col("sample").is_in(gone)), [Finding("consent_withdrawn", name, "", text) for name in gone]


def material_of(files: Files, *, mutation: Mutation, noise: Noise, rare: float) -> tuple[Material, tuple[Finding, ...]]:
    """Turn files into numbers.

    Raises
    ------
    InputError
        If no locus is left, or nothing was typed.
    """
    loci, noticed = panel.panel(
        files.loci, [files.profiles, files.references], mutation=(mutation, mutation), rare=rare
    )
    if not loci:
        raise InputError(Fault("profiles", "", "locus", "no locus of the frequency table", "typings at its loci"))
    try:
        panel.models(loci)
    except RangeError as error:
        raise InputError(Fault("--mutation", "", "", str(error), "a model that fits the loci")) from error
    remains = panel.code_remains(files.profiles, loci, noise=noise)
    references = panel.code_references(files.references, loci)
    absent = _absent(files.households, references.rows)
    return Material(loci, remains, references, files.households), (*files.findings, *noticed, *absent)


def _absent(households: tuple[Household, ...], rows: dict[str, int]) -> list[Finding]:
    return [
        Finding("sample_absent", household.name, "", f"sample {sample} of person {person} is not among the references")
        for household in households
        for person, sample in household.samples.items()
        if sample not in rows
    ]


def tell(findings: tuple[Finding, ...] | list[Finding], *, most: int = 12) -> None:
    """Print findings on standard error, the first of each kind in full and how many more there are."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for several in by_code.values():
        for finding in several[:most]:
            click.echo(f"warning: {finding}", err=True)
        if len(several) > most:
            click.echo(f"warning: ... and {len(several) - most} more of this kind", err=True)


def path(name: str, *, required: bool = True, text: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give an option that names a file to read."""
    return click.option(f"--{name}", required=required, type=click.Path(dir_okay=False, path_type=Path), help=text)
