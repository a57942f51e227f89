"""Terms, lists and plans on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.plan import Clash, Plan
from goodoffices.domain.tables import RECORDS
from goodoffices.domain.terms import Terms
from goodoffices.formats.plans import plan_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms import parse_terms
from goodoffices.store.write import read_bytes, write_whole


@dataclass(frozen=True, slots=True)
class Desk:
    """Terms and both lists, read and checked against their seals.

    Attributes
    ----------
    terms, terms_bytes
        The terms and their file.
    lists, sealed
        Side to whom it holds, as a table and in canonical form.
    """

    terms: Terms
    terms_bytes: bytes
    lists: Mapping[str, pl.DataFrame]
    sealed: Mapping[str, bytes]

    @property
    def lists_sha256(self) -> dict[str, str]:
        """Side to the SHA-256 of its sealed list."""
        return {side: sha256_hex(data) for side, data in self.sealed.items()}


def open_terms(path: Path) -> Desk:
    """Read terms and the lists they name.

    Raises
    ------
    InputError
        If terms or a list have faults, or a list is not the one that was sealed.
    """
    data = read_bytes(path)
    terms = parse_terms(data, str(path))
    lists = {side: _records(path.parent / terms.held[side]) for side in terms.sides}
    sealed = {side: sealed_csv(frame) for side, frame in lists.items()}
    faults = [
        Fault(
            str(path.parent / terms.held[side]),
            "",
            "SHA-256",
            sha256_hex(sealed[side]),
            f"{terms.sealed[side]} as exchange.sealed.{side} of {path.name} says (another list was sealed)",
        )
        for side in terms.sides
        if side in terms.sealed and sha256_hex(sealed[side]) != terms.sealed[side]
    ]
    if faults:
        raise InputError(*faults)
    return Desk(terms, data, lists, sealed)


def list_paths(out: Path, sides: tuple[str, str]) -> dict[str, str]:
    """Name the sealed lists beside a plan, relative to it."""
    return {side: f"{out.stem}.lists/{side}.csv" for side in sides}


def write_plan(out: Path, plan: Plan | Clash, desk: Desk) -> None:
    """Write the sealed lists, the released people's own rows, and last the plan."""
    names = list_paths(out, desk.terms.sides)
    if isinstance(plan, Plan):
        for side, name in names.items():
            write_whole(out.parent / name, desk.sealed[side])
            write_whole(out.parent / released_name(name), sealed_csv(released(desk.lists[side], plan, side)))
    write_whole(out, plan_bytes(plan, lists=names))


def released_name(name: str) -> str:
    """Name the file that holds the rows of released people alone: what the other side's auditor may read."""
    return f"{name.removesuffix('.csv')}.released.csv"


def released(records: pl.DataFrame, plan: Plan, side: str) -> pl.DataFrame:
    """Keep the rows of those whom a side releases."""
    refs = [ref for leg in plan.legs for ref in leg.release.get(side, ())]
    return RECORDS.check(records).filter(pl.col("ref").is_in(refs))


def _records(path: Path) -> pl.DataFrame:
    data = read_bytes(path)
    try:
        frame = pl.read_csv(data, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise InputError(Fault(str(path), "", "", "no CSV", "a list in canonical CSV")) from error
    return RECORDS.check(frame)
