"""Reports of a search: one HTML page per pair that may be reported."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl

from goodoffices.cli.kinship.searching import Outcome
from goodoffices.engines.kinship.together import Desk
from goodoffices.flow.weigh import of_dna, waterfall, weigh
from goodoffices.formats.kinship_page import Marker, Report, report_page
from goodoffices.formats.words import Language
from goodoffices.store.write import write_whole


def reports_of(outcome: Outcome, pairs: pl.DataFrame, *, mutation: str) -> list[Report]:
    """Gather what the reports of some pairs show."""
    desks = {theta: Desk(outcome.material, theta=theta) for theta in (0.0, outcome.found.theta)}
    prior = outcome.frame.prior
    found = []
    for row in pairs.iter_rows(named=True):
        desk = desks[row["theta"]]
        placed = {row["person"]: row["sample"]}
        lines = [tuple(text.split(":")) for text in row["lines"].split(";") if text]
        about = [f for f in outcome.findings if f.subject in {row["sample"], row["family"]}]
        found.append(
            Report(
                row["sample"],
                row["person"],
                desk.households[row["family"]],
                tuple(
                    Marker(one.locus, one.remains, one.relatives, one.lr) for one in desk.lines(row["family"], placed)
                ),
                row["log10_lr"],
                row["other_bits"],
                row["posterior"],
                row["joint_posterior"],
                outcome.frame.threshold,
                (prior.kind, len(outcome.found.targets), prior.size),
                row["rule"],
                tuple(code for code in row["lacking"].split(";") if code),
                row["mismatches"],
                row["close_relatives"],
                tuple((line[0], line[1], line[2], line[3]) for line in lines),
                mutation,
                row["theta"],
                tuple(about),
                _steps(outcome, (row["sample"], row["family"], row["person"]), row["bits"] * math.log(2)),
            )
        )
    return found


def _steps(outcome: Outcome, key: tuple[str, str, str], ln: float) -> tuple[tuple[str, float, float], ...]:
    """Lay prior, DNA and every other source out on one scale of bits."""
    prior, missing = outcome.frame.prior, len(outcome.found.targets)
    against = prior.nobody(missing) + missing - 1
    evidence = of_dna((key[0], f"{key[1]}/{key[2]}"), ln, outcome.frame.lines.get(key, ()))
    if key in outcome.told:
        evidence = weigh(evidence, outcome.told[key])
    start = -math.log2(against) if against > 0 else 0.0
    return tuple((step.field, step.start, step.stop) for step in waterfall(evidence, start))


def write_reports(outcome: Outcome, folder: Path, *, language: str, mutation: str) -> int:
    """Write a page for every pair that meets the whole rule; give how many."""
    ready = outcome.answers.pairs.filter(pl.col("lacking") == "")
    for report in reports_of(outcome, ready, mutation=mutation):
        write_whole(
            folder / f"{_safe(report.sample)}-{_safe(report.household.name)}.html",
            report_page(report, Language(language)),
        )
    return len(ready)


def _safe(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)
