"""Who of one list can go, why not, and what the terms see of each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from goodoffices.domain.canonical import Json
from goodoffices.domain.dates import parse_partial, whole_years
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import Category, Health, Sex, Status
from goodoffices.domain.plan import ALL_FOR_ALL, BALANCE, CIVILIAN, RETAINED
from goodoffices.domain.ranks import rank_of
from goodoffices.domain.tables import RECORDS
from goodoffices.domain.terms import LONGEST_HELD, Terms

Ints = npt.NDArray[np.int64]

YES = ("yes", "y", "true", "1", "так", "да", "evet")
NO = ("no", "n", "false", "0", "ні", "нет", "hayır", "hayir")
BAND_DAYS = 90
KINDS = (BALANCE, ALL_FOR_ALL, RETAINED, CIVILIAN)
"""Kinds of heading; a person's kind is the place in this tuple, -1 for who cannot go."""

_EXCLUDING = (Status.DIED, Status.ESCAPED, Status.RELEASED, Status.JUDICIAL_HOLD)


@dataclass(frozen=True, slots=True)
class People:
    """Everyone on one side's list, as the terms see them; row i of every field is one person, sorted by `ref`.

    Attributes
    ----------
    side
        Who holds them.
    ref, site, family
        As on the list; empty where the list states nothing.
    reason
        Why a person cannot go; empty for the eligible.
    kind
        Place in `KINDS`, -1 for who cannot go.
    heading
        Under which the person would go.
    values
        Criterion by criterion of `Terms.criteria`, shape (n, criteria).
    group
        Place in `Terms.rank_groups`, -1 for none.
    warnings
        Codes with counts: what could not be read for certain.
    """

    side: str
    ref: list[str]
    site: list[str]
    family: list[str]
    reason: list[str]
    kind: Ints
    heading: list[str]
    values: Ints
    group: Ints
    warnings: tuple[Mapping[str, Json], ...]


def eligible(records: pl.DataFrame, side: str, *, terms: Terms, gone: frozenset[str] = frozenset()) -> People:
    """Judge everyone on one side's list by the terms.

    Parameters
    ----------
    records
        The list, as `RECORDS`.
    side
        Who holds them.
    terms
        The terms.
    gone
        References of people who cannot go after all (reason `gone`).

    Returns
    -------
    People
        Sorted by `ref`, so that the order of the rows does not matter.

    Raises
    ------
    InputError
        If a reference is blank or stands twice, or `withheld` or `fit_to_travel` cannot be read.
    """
    table = RECORDS.check(records).with_columns(pl.col(pl.String).fill_null("").str.strip_chars()).sort("ref")
    _check_refs(table["ref"], side)
    column = {name: table[name].str.to_lowercase() for name in ("category", "health", "sex", "status", "requested")}
    holds = {name: _array(column[name]) for name in column}
    withheld, unfit = _yes(table, "withheld", side), _no(table, "fit_to_travel", side)
    reason = np.full(table.height, "", dtype=object)
    category = holds["category"]
    for status in reversed(_EXCLUDING):
        reason[holds["status"] == status.value] = f"status:{status.value}"
    reason[unfit] = "unfit"
    reason[withheld] = "withheld"
    reason[~np.isin(category, [known.value for known in Category])] = "category"
    reason[category == Category.CHILD.value] = "child"
    if gone:
        reason[np.isin(_array(table["ref"]), list(gone)) & (reason == "")] = "gone"
    facts = _facts(table, holds, terms.on)
    kind, heading = _headings(category, facts, terms)
    kind[reason != ""] = -1
    names = terms.criteria
    values = np.column_stack([facts[name] for name in names]) if names else np.zeros((table.height, 0), np.int64)
    group, rank_warnings = _groups(table["rank"], terms, side)
    return People(
        side=side,
        ref=table["ref"].to_list(),
        site=table["held_at"].to_list(),
        family=table["family"].to_list(),
        reason=reason.tolist(),
        kind=kind,
        heading=heading,
        values=values.astype(np.int64),
        group=np.where(kind == 0, group, -1),
        warnings=(*_warnings(table, holds, terms, kind, side), *rank_warnings),
    )


def _check_refs(refs: pl.Series, side: str) -> None:
    if refs.len() and refs[0] == "":
        raise InputError(Fault(f"list of {side}", "", "ref", "a blank", "a reference on every row"))
    twice = refs.filter(refs.is_duplicated())
    if twice.len():
        raise InputError(
            Fault(f"list of {side}", f"ref {twice[0]}", "ref", "the reference twice", "each reference once")
        )


def _array(series: pl.Series) -> npt.NDArray[np.object_]:
    return np.array(series.to_list(), dtype=object)


def _yes(table: pl.DataFrame, name: str, side: str) -> npt.NDArray[np.bool_]:
    return _word(table, name, side, YES)


def _no(table: pl.DataFrame, name: str, side: str) -> npt.NDArray[np.bool_]:
    return _word(table, name, side, NO)


def _word(table: pl.DataFrame, name: str, side: str, words: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    cells = table[name].str.to_lowercase()
    unread = table.filter(~cells.is_in([*YES, *NO, ""]))
    if unread.height:
        faults = (
            Fault(f"list of {side}", f"ref {ref}", name, repr(text), "yes or no")
            for ref, text in unread.select("ref", name).head(20).rows()
        )
        raise InputError(*faults)
    return cells.is_in(list(words)).to_numpy()


def _facts(table: pl.DataFrame, holds: Mapping[str, npt.NDArray[np.object_]], on: dt.date) -> dict[str, Ints]:
    births = {text: _ages(text, on) for text in table["birth_date"].unique().to_list()}
    born = table["birth_date"].to_list()
    bands = {text: _bands(text, on) for text in table["captured_on"].unique().to_list()}
    health, asked = holds["health"], holds["requested"]
    flags = {
        "seriously_wounded_or_ill": np.isin(health, [Health.SERIOUSLY_WOUNDED.value, Health.SERIOUSLY_ILL.value]),
        "wounded": np.isin(health, [Health.WOUNDED.value, Health.SERIOUSLY_WOUNDED.value]),
        "under_25": np.array([births[text][0] for text in born], dtype=bool),
        "aged_18_to_25": np.array([births[text][1] for text in born], dtype=bool),
        "women": holds["sex"] == Sex.FEMALE.value,
        "medical": holds["category"] == Category.MEDICAL.value,
        "requested:1": asked == "1",
        "requested:2": asked == "2",
        "requested:3": asked == "3",
        LONGEST_HELD: np.array([bands[text] for text in table["captured_on"].to_list()], dtype=np.int64),
    }
    return {name: flag.astype(np.int64) for name, flag in flags.items()}


def _ages(text: str, on: dt.date) -> tuple[bool, bool, bool]:
    """Whether someone is under 25, and 18 to 25, for every day that the date allows; and whether that is unsure."""
    try:
        date = parse_partial(text)
    except ValueError:
        return False, False, True
    oldest, youngest = whole_years(date.first, on), whole_years(date.last, on)
    under = {age < 25 for age in (oldest, youngest)}
    young = {18 <= age <= 25 for age in (oldest, youngest)}
    return under == {True}, young == {True}, len(under) > 1 or len(young) > 1


def _bands(text: str, on: dt.date) -> int:
    """Count the whole bands of 90 days since capture; of a partial date, those that every day it allows gives."""
    try:
        return max(0, (on - parse_partial(text).last).days) // BAND_DAYS
    except ValueError:
        return 0


def _headings(category: npt.NDArray[np.object_], facts: Mapping[str, Ints], terms: Terms) -> tuple[Ints, list[str]]:
    prisoner = category == Category.MILITARY.value
    retained = np.isin(category, [Category.MEDICAL.value, Category.CHAPLAIN.value])
    kind = np.full(len(category), -1, dtype=np.int64)
    heading = np.full(len(category), "", dtype=object)
    kind[category == Category.CIVILIAN.value] = 3
    heading[category == Category.CIVILIAN.value] = CIVILIAN
    if terms.retained_apart:
        kind[retained] = 2
        heading[retained] = RETAINED
    else:
        prisoner |= retained
    kind[prisoner] = 0
    heading[prisoner] = BALANCE
    for name in reversed(terms.all_for_all):
        fits = prisoner & (facts[name] > 0)
        kind[fits] = 1
        heading[fits] = f"{ALL_FOR_ALL}:{name}"
    return kind, heading.tolist()


def _groups(ranks: pl.Series, terms: Terms, side: str) -> tuple[Ints, tuple[Mapping[str, Json], ...]]:
    if not terms.rank_groups:
        return np.full(ranks.len(), -1, dtype=np.int64), ()
    place = {rank: number for number, group in enumerate(terms.rank_groups) for rank in group}
    known = {text: rank_of(text) for text in ranks.unique().to_list()}
    found = {text: -1 if rank is None else place.get(rank, -1) for text, rank in known.items()}
    group = np.array([found[text] for text in ranks.to_list()], dtype=np.int64)
    unread = sum(known[text] is None for text in ranks.to_list())
    return group, ({"code": "rank_unread", "side": side, "count": unread},) if unread else ()


def _warnings(
    table: pl.DataFrame, holds: Mapping[str, npt.NDArray[np.object_]], terms: Terms, kind: Ints, side: str
) -> tuple[Mapping[str, Json], ...]:
    can_go = kind >= 0
    used = {*terms.criteria, *terms.all_for_all}
    births = {text: _ages(text, terms.on)[2] for text in table["birth_date"].unique().to_list()}
    captured = table["captured_on"].to_list()
    checks: list[tuple[str, npt.NDArray[np.bool_]]] = [
        ("child", holds["category"] == Category.CHILD.value),
        ("category_unread", ~np.isin(holds["category"], [known.value for known in Category])),
        ("status_unread", ~np.isin(holds["status"], [known.value for known in Status] + [""])),
        ("health_unread", ~np.isin(holds["health"], [known.value for known in Health] + [""])),
    ]
    if used & {"under_25", "aged_18_to_25"}:
        checks.append(
            ("birth_date_unsure", can_go & np.array([births[text] for text in table["birth_date"].to_list()], bool))
        )
    if LONGEST_HELD in used:
        checks.append(("captured_on_unsure", can_go & np.array([len(text) != 10 for text in captured], bool)))
    if terms.legs.per_site is not None:
        checks.append(("site_missing", can_go & np.array([not text for text in table["held_at"].to_list()], bool)))
    return tuple({"code": code, "side": side, "count": int(mask.sum())} for code, mask in checks if mask.any())
