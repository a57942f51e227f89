"""DNA profiles: long and wide tables, GeneMapper's export, CODIS CMF XML.

Whatever the form, the outcome is one frame, `COLUMNS`: all text but `drop_out`.
Where a file says nothing, the column is null.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree

import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.kin import Finding
from goodoffices.formats.delimited import read_table, require

COLUMNS = ("sample", "locus", "allele_1", "allele_2", "replicate", "drop_out", "container", "consent")

_NAMES = {
    "sample_name": "sample",
    "sample_id": "sample",
    "sample_file": "sample_file",
    "marker": "locus",
    "marker_name": "locus",
    "locus_name": "locus",
    "allele1": "allele_1",
    "allele2": "allele_2",
    "allele3": "allele_3",
    "dropout": "drop_out",
}
_NOTHING = {"", "-", "0", "?", "na", "n/a", "null", "ol"}
_WIDE = re.compile(r"^(?P<locus>.+?)(?:[ _.](?P<side>[12ab]))?$")
_FIXED = {
    "sample",
    "replicate",
    "drop_out",
    "container",
    "consent",
    "height",
    "sex",
    "run",
    "panel",
    "sample_file",
    "note",
}


def read_profiles(data: bytes, file: str) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Read profiles of remains or of relatives.

    Parameters
    ----------
    data
        Long CSV, wide CSV (one row per sample; `D3S1358_1, D3S1358_2` or one column `14/15` per locus), GeneMapper's
        tab-separated export (`Sample Name`, `Marker`, `Allele 1`, ...), or CODIS CMF XML (`SPECIMEN`, `LOCUS`).
    file
        Its name, for messages.

    Returns
    -------
    tuple
        The frame, and findings: rows that are mixtures, samples that contradict themselves.

    Raises
    ------
    InputError
        If the form is not known or a `drop_out` is no number from 0 to below 1.
    """
    if data.lstrip()[:1] == b"<":
        frame = _from_cmf(data, file)
    else:
        table = read_table(data, file)
        table = table.rename({name: _NAMES[name] for name in table.columns if name in _NAMES}, strict=False)
        require(table, file, "sample")
        frame = table if "locus" in table.columns else _from_wide(table, file)
    return _canonical(frame, file)


def _from_wide(table: pl.DataFrame, file: str) -> pl.DataFrame:
    sides: dict[str, list[str]] = {}
    for name in table.columns:
        match = _WIDE.match(name)
        if name not in _FIXED and match:
            locus = match["locus"] if match["side"] else name
            sides.setdefault(locus, []).append(name)
    if not sides:
        raise InputError(
            Fault(file, "row 1", "", "no column of a locus", "columns locus, allele_1, allele_2, or one per locus")
        )
    fixed = [name for name in table.columns if name in _FIXED]
    parts = []
    for locus, columns in sides.items():
        both = (
            [pl.col(columns[0]).alias("allele_1"), pl.col(columns[1]).alias("allele_2")]
            if len(columns) == 2
            else [
                pl.col(columns[0])
                .str.split_exact(_slash(table[columns[0]]), 1)
                .struct[n]
                .str.strip_chars()
                .alias(f"allele_{n + 1}")
                for n in (0, 1)
            ]
        )
        parts.append(table.select(*fixed, pl.lit(locus.upper()).alias("locus"), *both))
    return pl.concat(parts)


def _slash(column: pl.Series) -> str:
    return max("/,; ", key=lambda mark: column.str.contains(mark, literal=True).sum() or 0)


def _from_cmf(data: bytes, file: str) -> pl.DataFrame:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(Fault(file, "", "", "an XML document with a document type", "plain XML without entities"))
    try:
        root = Tree.fromstring(data)  # noqa: S314 - a document type, and with it every entity, is refused above
    except Tree.ParseError as error:
        raise InputError(Fault(file, "", "", f"XML that cannot be read ({error})", "CODIS CMF XML")) from error
    rows = []
    for specimen in (node for node in root.iter() if _tag(node) == "SPECIMEN"):
        name = next(((node.text or "").strip() for node in specimen if _tag(node) == "SPECIMENID"), "")
        for locus in (node for node in specimen if _tag(node) == "LOCUS"):
            where = next(((node.text or "").strip() for node in locus if _tag(node) == "LOCUSNAME"), "")
            alleles = [
                (value.text or "").strip()
                for allele in locus
                if _tag(allele) == "ALLELE"
                for value in allele
                if _tag(value) == "ALLELEVALUE"
            ]
            third = "/".join(alleles[2:]) or None
            rows.append((name, where, *[*alleles, None, None][:2], third))
    if not rows:
        raise InputError(Fault(file, "", "SPECIMEN", "no specimen with a locus", "CODIS CMF: SPECIMEN, LOCUS, ALLELE"))
    names = ("sample", "locus", "allele_1", "allele_2", "allele_3")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")


def _tag(node: Tree.Element) -> str:
    return node.tag.rpartition("}")[2].upper()


def _canonical(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    require(frame, file, "sample", "locus", "allele_1")
    for name in ("allele_2", "allele_3", *COLUMNS[4:]):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    alleles = [
        pl.when(pl.col(name).str.to_lowercase().is_in(_NOTHING)).then(None).otherwise(_tidy(name)).alias(name)
        for name in ("allele_1", "allele_2", "allele_3")
    ]
    frame = frame.filter(pl.col("sample").is_not_null() & pl.col("locus").is_not_null()).with_columns(alleles)
    frame = frame.with_columns(_drop_out(frame, file))
    frame, mixed = _without_mixtures(frame)
    frame, twice = _without_contradictions(frame.select(COLUMNS))
    return frame, (*mixed, *twice)


def _tidy(name: str) -> pl.Expr:
    """Write 14.0 as 14 and 9,3 as 9.3; a sequence or a haplotype stays as it is."""
    text = pl.col(name).str.replace(r"^(\d+),(\d)$", "${1}.${2}")
    return text.str.replace(r"^(\d+)\.0+$", "${1}")


def _drop_out(frame: pl.DataFrame, file: str) -> pl.Series:
    column = frame["drop_out"]
    number = column.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    bad = column.is_not_null() & ~number.is_between(0, 1, closed="left").fill_null(value=False)
    if bad.any():
        place = int(bad.arg_max() or 0)
        raise InputError(Fault(file, f"row {place + 2}", "drop_out", str(column[place]), "a number from 0 to below 1"))
    return number.alias("drop_out")


def _without_mixtures(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    third = pl.col("allele_3").is_not_null() | pl.col("allele_2").str.contains("/", literal=True).fill_null(value=False)
    findings = tuple(
        Finding("mixture", sample, locus, "more than two alleles; the locus is left out")
        for sample, locus in frame.filter(third).select("sample", "locus").iter_rows()
    )
    return frame.filter(~third), findings


def _without_contradictions(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Drop equal rows; leave out a sample that states one locus twice without saying that these are replicates."""
    pair = pl.concat_str(
        pl.min_horizontal("allele_1", "allele_2"),
        pl.max_horizontal("allele_1", "allele_2"),
        separator="/",
        ignore_nulls=True,
    )
    frame = frame.with_columns(pair.alias("pair"))
    frame = frame.unique(["sample", "locus", "replicate", "pair"], keep="first", maintain_order=True)
    runs = frame.filter(pl.col("pair").is_not_null()).group_by("sample", "locus", "replicate").agg(pl.len().alias("n"))
    twice = sorted(runs.filter(pl.col("n") > 1)["sample"].unique().to_list())
    findings = tuple(
        Finding(
            "sample_twice", sample, "", "stands twice with different alleles; left out until it is known which is right"
        )
        for sample in twice
    )
    return frame.filter(~pl.col("sample").is_in(twice)).drop("pair"), findings
