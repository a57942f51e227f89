"""What `kinship power` computes."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from goodoffices.cli.kinship.options import material_of, parse_mutation, read_files
from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.kin import Finding
from goodoffices.engines.kinship import power as engine
from goodoffices.engines.kinship.observe import CLEAN
from goodoffices.engines.kinship.prior import Prior, parse

COLUMNS = (
    "family",
    "person",
    "chance_low",
    "chance_high",
    "log10_lr_05",
    "log10_lr_50",
    "log10_lr_95",
    "expected_bits",
    "false_low",
    "false_high",
    "next",
    "next_bits",
)


def needed_log10(prior: Prior, threshold: float, missing: int) -> float:
    """Give the log10 LR at which the posterior reaches the threshold, every other missing person weighing one."""
    rest = prior.nobody(missing) + missing - 1
    return math.log10(max(rest, 1e-12)) + math.log10(threshold / (1 - threshold)) if threshold < 1 else math.inf


def evaluate(
    options: Mapping[str, object], *, weakest: int
) -> tuple[list[tuple[object, ...]], float, tuple[Finding, ...]]:
    """Compute one row per missing person.

    Raises
    ------
    InputError
        If an option or a file cannot be used.
    """
    files = read_files(
        profiles=None,
        families=Path(str(options["families"])),
        references=Path(str(options["references"])),
        frequencies=Path(str(options["frequencies"])),
        origin=None if options["origin"] is None else str(options["origin"]),
    )
    try:
        mutation, prior = parse_mutation(str(options["mutation"])), parse(str(options["prior"]))
        material, findings = material_of(files, mutation=mutation, noise=CLEAN, rare=float(str(options["rare"])))
        given = options["log10_lr"]
        threshold = float(str(options["threshold"]))
        needed = needed_log10(prior, threshold, len(material.targets)) if given is None else float(str(given))
    except RangeError as error:
        raise InputError(Fault("options", "", "", str(error), "values within their bounds")) from error
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        answers = sorted(engine.power(material, needed=needed, run=pool.map), key=lambda one: one.target)
    weak = sorted((one for one in answers if one.chance[0] < 0.95), key=lambda one: (one.chance[0], one.bits))[:weakest]
    following = {one.target: engine.gains(material, one.target)[:1] for one in weak}
    rows: list[tuple[object, ...]] = []
    for one in answers:
        target = material.targets[one.target]
        best = following.get(one.target, [])
        rows.append(
            (
                target.family,
                target.person,
                round(one.chance[0], 6),
                round(one.chance[1], 6),
                *(round(quantile, 3) for quantile in one.quantiles),
                round(one.bits, 3),
                float(f"{one.false[0]:.4g}"),
                float(f"{one.false[1]:.4g}"),
                best[0][0] if best else "",
                round(best[0][1], 2) if best else "",
            )
        )
    return rows, needed, (*findings, *material.findings)


def summary(rows: Sequence[tuple[object, ...]], needed: float) -> str:
    """Say in a few lines how many families can be told apart, and which samples would help most."""
    lows = [float(str(row[2])) for row in rows]
    lines = [f"{len(rows)} missing; an identification needs log10 LR {needed:.2f}, bounds {engine.WIDTH} apart"]
    counts = {level: sum(low >= level for low in lows) for level in (0.99, 0.95, 0.5)}
    lines += [f"{count:>8} with a chance of at least {level:.0%} to reach it" for level, count in counts.items()]
    lines.append(f"{sum(low < 0.5 for low in lows):>8} with less than an even chance")
    best = sorted((row for row in rows if row[11] != ""), key=lambda row: -float(str(row[11])))[:5]
    if best:
        lines.append("whom to sample next, among the weakest families:")
        lines += [f"  {row[0]}: {row[10]}, about {float(str(row[11])):.1f} bits more" for row in best]
    return "\n".join(lines)
