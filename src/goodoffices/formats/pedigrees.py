"""Families that seek: PED order, `family, person, father, mother, sex, sample, role`."""

from __future__ import annotations

import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.kin import Finding, Household, Person
from goodoffices.formats.delimited import read_table, read_text, require

_SEX = {"m": "M", "1": "M", "male": "M", "f": "F", "2": "F", "female": "F", "": "", "0": "", "u": "", "unknown": ""}
_NOBODY = {None, "", "0", "-9", "na", "NA"}


def read_families(data: bytes, file: str) -> tuple[tuple[Household, ...], tuple[Finding, ...]]:
    """Read families.

    Parameters
    ----------
    data
        CSV with a header; or a PED file without one, its columns in order and separated by blanks.
    file
        Its name, for messages.

    Returns
    -------
    tuple
        Families in the order of the file; findings about families that were left out or miss nobody.

    Raises
    ------
    InputError
        If a column is missing, or a sex or role is not known.
    """
    frame = _table(data, file)
    require(frame, file, "family", "person", "father", "mother", "sex")
    for name in ("sample", "role"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    grouped: dict[str, list[tuple[str | None, ...]]] = {}
    faults = []
    columns = ("family", "person", "father", "mother", "sex", "sample", "role")
    for number, row in enumerate(frame.select(columns).iter_rows()):
        family, person, _, _, sex, _, role = row
        if family is None or person is None:
            faults.append(Fault(file, f"row {number + 2}", "person", "an empty cell", "family and person"))
        elif (sex or "").lower() not in _SEX:
            faults.append(Fault(file, f"row {number + 2}", "sex", str(sex), "M or F"))
        elif (role or "").lower() not in {"", "missing", "relative"}:
            faults.append(Fault(file, f"row {number + 2}", "role", str(role), "missing, relative or empty"))
        else:
            grouped.setdefault(family, []).append(row)
    if faults:
        raise InputError(*faults)
    households = []
    findings = []
    for family, rows in grouped.items():
        household = _household(family, rows)
        if household.missing:
            households.append(household)
        else:
            findings.append(Finding("nobody_missing", family, "", "nobody has the role missing; left out"))
    return tuple(households), (*findings, *_shared(households))


def _table(data: bytes, file: str) -> pl.DataFrame:
    lines = [line for line in read_text(data, file).splitlines() if line.strip()]
    if lines and not any(mark in lines[0] for mark in ",;\t") and "person" not in lines[0].lower():
        names = "family,person,father,mother,sex,sample,role"
        rows = [",".join((line.split() + [""] * 7)[:7]) for line in lines if not line.startswith("#")]
        data = "\n".join([names, *rows]).encode()
    frame = read_table(data, file)
    return frame.rename(
        {"fid": "family", "id": "person", "iid": "person", "pat": "father", "mat": "mother"}, strict=False
    )


def _household(family: str, rows: list[tuple[str | None, ...]]) -> Household:
    people = tuple(
        Person(
            str(person),
            None if father in _NOBODY else father,
            None if mother in _NOBODY else mother,
            _SEX[(sex or "").lower()],
        )
        for _, person, father, mother, sex, _, _ in rows
    )
    missing = tuple(str(row[1]) for row in rows if (row[6] or "").lower() == "missing")
    return Household(family, people, missing, {str(row[1]): row[5] for row in rows if row[5]})


def _shared(households: list[Household]) -> list[Finding]:
    """Find samples that stand for more than one person."""
    owner: dict[str, tuple[str, str]] = {}
    findings = []
    for household in households:
        for person, sample in household.samples.items():
            if sample in owner and owner[sample] != (household.name, person):
                text = f"also given for person {owner[sample][1]} of family {owner[sample][0]}"
                findings.append(Finding("sample_shared", household.name, "", f"sample {sample}: {text}"))
            owner.setdefault(sample, (household.name, person))
    return findings
