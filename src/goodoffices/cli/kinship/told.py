"""Other evidence of a search: bits that a person or another command says of pairs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.evidence import Evidence, Reason
from goodoffices.domain.kin import Finding
from goodoffices.engines.kinship.search import Material
from goodoffices.flow.weigh import weigh
from goodoffices.formats.delimited import read_table, require
from goodoffices.store.write import read_bytes

Told = Mapping[tuple[str, str, str], Evidence]
"""Evidence by (sample, family, person)."""

_COLUMNS = ("sample", "family", "person", "bits", "source")

_STEP = re.compile(r"(?:^|;)\s*(prior|rivals):(-?\d+(?:\.\d+)?):")


def read_evidence(path: Path | None) -> dict[tuple[str, str, str], Evidence]:
    """Read bits of other evidence: `sample, family, person, bits` and perhaps `source`, one row per source.

    The pairs of `goodoffices link` do too, if left_ref is the sample and right_ref is family/person. Their bits are
    posterior: the prior and the price of better candidates are taken out, for the search has its own.

    Raises
    ------
    InputError
        If a column is missing, the bits are no number, a reference is not family/person, or one source speaks twice of
        a pair.
    """
    if path is None:
        return {}
    file = str(path)
    table = read_table(read_bytes(path), file)
    if {"left_ref", "right_ref"} <= set(table.columns):
        table = _of_linkage(table, file)
    require(table, file, "sample", "family", "person", "bits")
    if "source" not in table.columns:
        table = table.with_columns(pl.lit("other").alias("source"))
    found: dict[tuple[str, str, str], Evidence] = {}
    for number, (sample, family, person, bits, source) in enumerate(table.select(_COLUMNS).iter_rows(), 2):
        place = f"row {number}"
        reason = Reason(source or "other", _number(bits, file, place), "told")
        told = Evidence(sample, f"{family}/{person}", (reason,))
        key = (sample, family, person)
        try:
            found[key] = weigh(found[key], told) if key in found else told
        except RangeError as error:
            raise InputError(Fault(file, place, "source", str(source), "one row per pair and source")) from error
    return found


def find_unused(told: Told, material: Material) -> list[Finding]:
    """Name the evidence about pairs that are not of this search."""
    samples = set(material.remains.names)
    missing = {(target.family, target.person) for target in material.targets}
    return [
        Finding("evidence_unused", sample, "", f"evidence about {family}/{person}, no pair of this search; not used")
        for sample, family, person in told
        if sample not in samples or (family, person) not in missing
    ]


def _of_linkage(table: pl.DataFrame, file: str) -> pl.DataFrame:
    """Turn pairs of `goodoffices link` into evidence, the prior and the price of rivals taken out.

    Raises
    ------
    InputError
        If a reference is not family/person, or the reasons name no prior.
    """
    require(table, file, "left_ref", "right_ref", "bits", "reasons")
    rows = []
    for number, row in enumerate(table.select("left_ref", "right_ref", "bits", "reasons").iter_rows(), 2):
        left, right, bits, reasons = row
        place = f"row {number}"
        family, slash, person = _plain(right).partition("/")
        if not (slash and family and person):
            raise InputError(Fault(file, place, "right_ref", str(right), "family/person, as F1/X"))
        steps = dict(_STEP.findall(reasons or ""))
        if "prior" not in steps:
            raise InputError(Fault(file, place, "reasons", "no prior", "reasons as link writes them, prior:BITS:..."))
        own = _number(bits, file, place) - math.fsum(float(step) for step in steps.values())
        rows.append((_plain(left), family, person, f"{own:.2f}", "linkage"))
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def _plain(cell: str | None) -> str:
    """Take off the mark that keeps a spreadsheet from running a cell."""
    text = cell or ""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "@"} else text


def _number(text: str | None, file: str, place: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(Fault(file, place, "bits", str(text), "a number of bits"))
    return value
