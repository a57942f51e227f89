"""Allele frequency tables: long, wide (alleles by loci, as strvalidator and many papers have them), STRidER's XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree

import polars as pl

from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.kin import Locus
from goodoffices.formats.delimited import read_table, require

_NUMBER = re.compile(r"^[<>]?\d+(\.\d+)?$")
_NOT_ALLELES = {
    "n",
    "n_alleles",
    "sum",
    "total",
    "h",
    "ho",
    "he",
    "pic",
    "pd",
    "pe",
    "pm",
    "mp",
    "p",
    "hobs",
    "hexp",
    "min",
}


def read_frequencies(data: bytes, file: str, *, origin: str | None = None) -> tuple[Locus, ...]:
    """Read a frequency table.

    Parameters
    ----------
    data
        Long (`locus, allele, frequency`; strvalidator's `Marker, Allele, Frequency`), wide (a column `allele`, then a
        column per locus), or STRidER's XML.
    file
        Its name, for messages.
    origin
        Population of an XML with several.

    Returns
    -------
    tuple of Locus
        In the order of the file; frequencies scaled to sum 1 if they are within 2 % of it.

    Raises
    ------
    InputError
        If the form is not known, a frequency is no number from 0 to 1, or a locus sums to something else than 1.
    """
    if data.lstrip()[:1] == b"<":
        rows = _from_xml(data, file, origin)
    else:
        frame = read_table(data, file).rename({"marker": "locus", "size": "allele"}, strict=False)
        is_long = {"locus", "allele"} <= set(frame.columns)
        rows = _from_long(frame, file) if is_long else _from_wide(frame, file)
    return _loci(rows, file)


def _from_long(frame: pl.DataFrame, file: str) -> list[tuple[str, str, str, str]]:
    frame = frame.rename({"freq": "frequency", "frequencies": "frequency"}, strict=False)
    require(frame, file, "locus", "allele", "frequency")
    kinds = frame["chromosome"].to_list() if "chromosome" in frame.columns else [None] * len(frame)
    rows = []
    for number, (name, allele, share) in enumerate(frame.select("locus", "allele", "frequency").iter_rows()):
        if name is None or allele is None or share is None:
            raise InputError(Fault(file, f"row {number + 2}", "", "an empty cell", "locus, allele and frequency"))
        rows.append((name, allele, share, kinds[number] or ""))
    return rows


def _from_wide(frame: pl.DataFrame, file: str) -> list[tuple[str, str, str, str]]:
    first = frame.columns[0]
    if first not in {"allele", "alleles"}:
        raise InputError(
            Fault(
                file, "row 1", first, "an unknown form", "columns locus, allele, frequency, or allele and one per locus"
            )
        )
    rows = []
    for values in frame.iter_rows(named=True):
        allele = values[first]
        if allele is None or allele.lower() in _NOT_ALLELES or not _NUMBER.match(allele):
            continue
        rows += [
            (name.upper(), allele, share, "")
            for name, share in values.items()
            if name != first and share is not None and share not in {"-", "0"}
        ]
    return rows


def _from_xml(data: bytes, file: str, origin: str | None) -> list[tuple[str, str, str, str]]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(Fault(file, "", "", "an XML document with a document type", "plain XML without entities"))
    try:
        root = Tree.fromstring(data)  # noqa: S314 - a document type, and with it every entity, is refused above
    except Tree.ParseError as error:
        raise InputError(Fault(file, "", "", f"XML that cannot be read ({error})", "STRidER's XML")) from error
    rows: list[tuple[str, str, str, str]] = []
    names: list[str] = []
    for marker in root.iter("marker"):
        name = (marker.findtext("name") or "").strip()
        for place in marker.iter("origin"):
            here = place.get("name", "")
            names.append(here)
            if origin is not None and here.upper() != origin.upper():
                continue
            rows += [(name, e.get("allele", ""), (e.text or "").strip(), "") for e in place.iter("frequency")]
    if origin is None and len(set(names)) > 1:
        found = f"{len(set(names))} populations"
        raise InputError(Fault(file, "", "origin", found, f"one of {', '.join(sorted(set(names))[:30])}"))
    if not rows:
        raise InputError(Fault(file, "", "", "no frequencies", "STRidER's marker, origin and frequency elements"))
    return rows


def _loci(rows: list[tuple[str, str, str, str]], file: str) -> tuple[Locus, ...]:
    table: dict[str, dict[str, float]] = {}
    kinds: dict[str, str] = {}
    faults = []
    for name, allele, text, kind in rows:
        try:
            share = float(text.replace(",", "."))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            faults.append(Fault(file, name, allele, text, "a frequency from 0 to 1"))
        elif allele in table.setdefault(name, {}):
            faults.append(Fault(file, name, allele, "an allele twice", "every allele once"))
        elif share > 0:
            table[name][allele] = share
        kinds[name] = "X" if kind.upper() == "X" or (not kind and is_x(name)) else "auto"
    for name, shares in table.items():
        if abs(sum(shares.values()) - 1) > 0.02:
            faults.append(Fault(file, name, "frequency", f"a sum of {sum(shares.values()):.4f}", "a sum of 1"))
    if faults:
        raise InputError(*faults)
    try:
        return tuple(
            Locus(name, tuple(s), tuple(v / sum(s.values()) for v in s.values()), kinds[name])
            for name, s in table.items()
        )
    except RangeError as error:
        raise InputError(Fault(file, "", "", str(error), "a frequency table")) from error


def is_x(name: str) -> bool:
    """Whether a locus by its usual name lies on the X chromosome."""
    return name.upper().startswith("DXS") or name.upper() in {"HPRTB", "GATA172D05", "GATA31E08"}
