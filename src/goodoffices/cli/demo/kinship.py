"""Demo: a transfer of containers against the families that seek; what was found, against the truth, rung by rung."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.kinship.options import material_of, read_files
from goodoffices.cli.kinship.reports import reports_of
from goodoffices.cli.kinship.searching import Outcome as Searched
from goodoffices.cli.kinship.searching import Request, write_pairs, write_rows
from goodoffices.cli.kinship.searching import run as search
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.kin import Mutation
from goodoffices.engines.kinship.observe import Noise
from goodoffices.engines.kinship.reassociate import Groups, reassociate
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.formats.kinship_page import ladder_page, report_page
from goodoffices.formats.words import Language
from goodoffices.formats.words import number as thin
from goodoffices.store.write import write_whole
from goodoffices.synth.families import FORMS, Families, invent
from goodoffices.synth.remains import Transfer, frequency_table, kit, transfer

LEAST_LOCI = 8
"""Loci from which a profile is compared."""

SHARES = {
    "parents": 0.2,
    "spouse_child": 0.2,
    "mother_sibling": 0.2,
    "two_siblings": 0.1,
    "grandparents_uncle_mother": 0.1,
    "mother": 0.1,
    "sibling": 0.1,
}


def run(stage: Stage) -> Outcome:
    """Invent, reassociate, search, and show each rung against the truth."""
    stage.say("families and a transfer are invented")
    families, sent = _invented(stage)
    stage.say("samples of one person are joined")
    groups = _joined(stage, sent)
    _write_consensus(stage.folder, sent, groups)
    stage.say("every person found is compared with every family")
    mutation = "equal:0.002"
    found = search(
        Request(
            stage.folder / "persons.csv",
            stage.folder / "families.csv",
            stage.folder / "references.csv",
            stage.folder / "frequencies.csv",
            mutation=mutation,
        )
    )
    write_pairs(found.answers.pairs, stage.folder / "C.csv")
    rungs = _rungs(sent, groups, found)
    values = {"n": LEAST_LOCI, "threshold": f"{100 * found.frame.threshold:g} %"}
    for language in Language:
        suffix = "" if language is Language.EN else f".{language.value}"
        write_whole(stage.folder / f"transfer{suffix}.html", ladder_page(rungs, values, language))
    pages = (("transfer.html", "One transfer, rung by rung"), *_reports(stage.folder, found, mutation))
    counts = {key: number for key, number, _ in rungs}
    lines = (
        f"{thin(counts['containers'])} containers, {thin(counts['samples'])} samples, {counts['groups']} persons",
        f"{counts['commingled']} containers hold parts of several persons; {thin(len(families.names))} families seek",
        f"{counts['candidates']} persons have a family above the threshold, {counts['identified']} meet the whole rule",
        f"{counts['wrong']} of these were given to a wrong family",
    )
    content: dict[str, Json] = {"pairs_sha256": sha256_hex((stage.folder / "C.csv").read_bytes()), **counts}
    return Outcome(lines, pages, (Act("remains_compared", "remains-1", content, ("neutral",)),))


def _invented(stage: Stage) -> tuple[Families, Transfer]:
    rng = np.random.default_rng(stage.seed)
    loci = kit(read_frequencies(frequency_table(), "frequencies.csv"))
    count = stage.size(3000, 20)
    forms = rng.choice(list(SHARES), size=count, p=list(SHARES.values())).tolist()
    families = invent([str(form) for form in forms if form in FORMS], loci, rng=rng, rate=0.002)
    sent = transfer(families, loci, stage.size(1000, 20), rng=rng)
    names = [locus.name for locus in loci]
    table = pl.read_csv(frequency_table(), infer_schema=False).filter(pl.col("locus").is_in(names))
    for name, frame in (
        ("frequencies", table),
        ("families", families.families),
        ("references", families.references),
        ("profiles", sent.profiles),
        ("truth", sent.truth),
    ):
        write_whole(stage.folder / f"{name}.csv", frame.write_csv())
    return families, sent


def _joined(stage: Stage, sent: Transfer) -> Groups:
    """Join the samples that are good enough to compare."""
    files = read_files(
        profiles=stage.folder / "profiles.csv",
        families=None,
        references=None,
        frequencies=stage.folder / "frequencies.csv",
    )
    material, _ = material_of(files, mutation=Mutation(), noise=Noise(0.02), rare=0.001)
    containers = dict(sent.truth.select("sample", "container").iter_rows())
    groups = reassociate(material.remains, material.loci, containers=containers)
    rows: list[tuple[object, ...]] = [
        (
            number,
            member.sample,
            "" if member.log10 is None else f"{member.log10:.4f}",
            containers[member.sample],
            ";".join(member.contradicts),
        )
        for number, group in enumerate(groups.groups, 1)
        for member in group
    ]
    write_rows(stage.folder / "G.csv", ("group", "sample", "log10_lr_to_group", "container", "contradicts"), rows)
    return groups


def _good(sent: Transfer) -> set[str]:
    loci = sent.profiles.filter(pl.col("locus") != "AMEL").group_by("sample").len()
    return set(loci.filter(pl.col("len") >= LEAST_LOCI)["sample"].to_list())


def _write_consensus(folder: Path, sent: Transfer, groups: Groups) -> None:
    """Write each group with a good sample as one person, its samples as replicates."""
    good = _good(sent)
    person = {
        member.sample: f"P{number:04d}"
        for number, group in enumerate(groups.groups, 1)
        if any(one.sample in good for one in group)
        for member in group
    }
    table = pl.DataFrame({"old": list(person), "sample": list(person.values())})
    frame = sent.profiles.rename({"sample": "old"}).join(table, on="old", maintain_order="left")
    frame = frame.with_columns(pl.when(pl.col("locus") == "AMEL").then(pl.lit("")).otherwise("old").alias("replicate"))
    columns = ("sample", "locus", "allele_1", "allele_2", "replicate", "drop_out")
    write_whole(folder / "persons.csv", frame.select(columns).unique(maintain_order=True).write_csv())


def _rungs(sent: Transfer, groups: Groups, found: Searched) -> list[tuple[str, int, int | None]]:
    truth = sent.truth
    best = found.answers.pairs.sort("joint_posterior", descending=True).unique(
        "sample", keep="first", maintain_order=True
    )
    above = best.filter(pl.col("joint_posterior") >= found.frame.threshold)
    ready = best.filter(pl.col("lacking") == "")
    families = _families_of(groups, truth)
    wrong = sum(row[1] not in families.get(row[0], set()) for row in ready.select("sample", "family").iter_rows())
    good = _good(sent)
    placed = {member.sample: number for number, group in enumerate(groups.groups) for member in group}
    cases = {
        (box, placed[sample]) for sample, box in truth.select("sample", "container").iter_rows() if sample in placed
    }
    mixed = truth.group_by("container").agg(pl.col("body").n_unique().alias("n")).filter(pl.col("n") > 1)
    persons = sum(any(member.sample in good for member in group) for group in groups.groups)
    bodies = truth.filter(pl.col("sample").is_in(list(good)))["body"].n_unique()
    sought = truth.filter(pl.col("sample").is_in(list(good)) & (pl.col("family") != ""))["body"].n_unique()
    return [
        ("containers", truth["container"].n_unique(), truth["container"].n_unique()),
        ("cases", len(cases), truth.select("container", "body").unique().height),
        ("samples", truth.height, truth.height),
        ("profiles", len(good), None),
        ("groups", persons, bodies),
        ("commingled", sum(f.code == "commingled" for f in groups.findings), mixed.height),
        ("candidates", above.height, sought),
        ("identified", ready.height, None),
        ("wrong", wrong, 0),
        ("rest", persons - above.height, bodies - sought),
    ]


def _families_of(groups: Groups, truth: pl.DataFrame) -> Mapping[str, set[str]]:
    family = dict(truth.select("sample", "family").iter_rows())
    return {
        f"P{number:04d}": {family[member.sample] for member in group} for number, group in enumerate(groups.groups, 1)
    }


def _reports(folder: Path, found: Searched, mutation: str) -> tuple[tuple[str, str], ...]:
    """Write three reports: the strongest, the weakest that meets the rule, and one that lacks something."""
    pairs = found.answers.pairs
    ready = pairs.filter(pl.col("lacking") == "")
    lacking = pairs.filter((pl.col("lacking") != "") & (pl.col("posterior") >= found.frame.threshold))
    chosen = pl.concat([ready.head(1), ready.tail(1), lacking.head(1)]).unique(maintain_order=True)
    captions = ("A report", "A report just above the threshold", "Above the threshold, yet not reportable")
    pages = []
    for number, (report, caption) in enumerate(
        zip(reports_of(found, chosen, mutation=mutation), captions, strict=False), 1
    ):
        for language in Language:
            suffix = "" if language is Language.EN else f".{language.value}"
            write_whole(folder / f"report-{number}{suffix}.html", report_page(report, language))
        pages.append((f"report-{number}.html", caption))
    return tuple(pages)
