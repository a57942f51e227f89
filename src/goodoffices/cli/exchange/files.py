"""Terms, lists and plans on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import ListKind
from goodoffices.domain.plan import Clash, Plan
from goodoffices.domain.tables import RECORDS
from goodoffices.domain.terms import Terms
from goodoffices.formats.plans import parse_plan, plan_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms import parse_terms
from goodoffices.store.read import read_list
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
    lists = {side: read_list(path.parent / terms.held[side], kind=ListKind.HELD).records for side in terms.sides}
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


def made_plan(desk: Desk, path: Path) -> Plan:
    """Read a plan that was made from these terms and lists.

    Raises
    ------
    InputError
        If it is no plan, or was made from other terms or lists.
    """
    plan = parse_plan(read_bytes(path), str(path))
    wanted = {"terms_sha256": sha256_hex(desk.terms_bytes)}
    found = {"terms_sha256": plan.terms_sha256}
    for side, text in desk.lists_sha256.items():
        wanted[f"lists_sha256.{side}"] = text
        found[f"lists_sha256.{side}"] = plan.lists_sha256.get(side, "nothing")
    faults = [
        Fault(str(path), name, "", found[name], f"{text}: the plan was made from another file")
        for name, text in wanted.items()
        if found[name] != text
    ]
    if faults:
        raise InputError(*faults)
    return plan


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


def plan_lists(plan: Path, data: bytes, sides: tuple[str, str], *, side: str | None) -> dict[str, bytes]:
    """Read the sealed lists that a plan names; for one side's audit, of the other half the released rows alone.

    Raises
    ------
    InputError
        If the plan names no lists, or one cannot be read.
    """
    try:
        tree = json.loads(data)
        names = {name: str(tree["lists"][name]) for name in sides} if "infeasible" not in tree else {}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            Fault(str(plan), "lists", "", "no path per side", "a plan as `exchange compose` writes it")
        ) from error
    found = {}
    for name, path in names.items():
        place = Path(path)
        if place.is_absolute() or ".." in place.parts:
            raise InputError(Fault(str(plan), f"lists.{name}", "", repr(path), "a path below the plan's folder"))
        wanted = path if side in (None, name) else released_name(path)
        found[name] = read_bytes(plan.parent / wanted)
    return found


def own_list(view: Path, data: bytes, side: str) -> bytes:
    """Read the sealed list that a side's view names.

    Raises
    ------
    InputError
        If the view is another side's, names no list, or it cannot be read.
    """
    names = json.loads(data).get("lists")
    place = Path(str(names.get(side, ""))) if isinstance(names, dict) else Path()
    if place == Path() or place.is_absolute() or ".." in place.parts:
        raise InputError(Fault(str(view), f"lists.{side}", "", str(place), "this side's list, below the view's folder"))
    return read_bytes(view.parent / place)
