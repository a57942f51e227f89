"""People to classes: those whom terms, priorities and site do not distinguish are one column with a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.engines.exchange.eligible import Ints, People
from goodoffices.engines.exchange.lottery import Draw

Key = tuple[int, str, int, str, tuple[int, ...]]
"""Kind, heading, rank group, site and values of the criteria: what distinguishes a person."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Classes of units (single persons, or families that travel together), as columns of a program.

    Attributes
    ----------
    side
        0 or 1 per column, by the order of the sides.
    lower, upper
        How many units of the column must and can go.
    weight
        Of the column in the last criterion, `lottery`.
    size
        Persons per unit.
    units
        Per column an array (units, size) of rows of the side's `People`, in the order of tickets.
    member
        Column of each member of a unit; the arrays below are per member.
    kind, group, site, values
        As in `People`; `site` is a place in `sites`.
    sites
        Names of the places of detention, sorted.
    split
        Per side: rows of eligible people who stay because someone of their family cannot go.
    """

    side: Ints
    lower: Ints
    upper: Ints
    weight: Ints
    size: Ints
    units: tuple[Ints, ...]
    member: Ints
    kind: Ints
    group: Ints
    site: Ints
    values: Ints
    sites: tuple[str, ...]
    split: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.side)

    def sums(self, coefficients: npt.ArrayLike) -> Ints:
        """Sum a coefficient per member over the members of each column."""
        return np.bincount(self.member, weights=np.asarray(coefficients, dtype=float), minlength=self.count).astype(
            np.int64
        )

    def restrict(self, upper: Ints) -> tuple[Columns, Ints]:
        """Keep the columns whose new upper bound is above 0; give them and their places here."""
        keep = np.flatnonzero(upper > 0)
        new = np.full(self.count, -1, dtype=np.int64)
        new[keep] = np.arange(len(keep))
        inside = new[self.member] >= 0
        return Columns(
            side=self.side[keep],
            lower=np.zeros(len(keep), dtype=np.int64),
            upper=upper[keep],
            weight=self.weight[keep],
            size=self.size[keep],
            units=tuple(self.units[column] for column in keep),
            member=new[self.member[inside]],
            kind=self.kind[inside],
            group=self.group[inside],
            site=self.site[inside],
            values=self.values[inside],
            sites=self.sites,
            split=self.split,
        ), keep


def classes(people: Sequence[People], draw: Draw, *, lists_sha256: Mapping[str, str]) -> Columns:
    """Gather both sides' people into columns.

    Parameters
    ----------
    people
        The two sides, in the order of the terms.
    draw
        Tickets and weights.
    lists_sha256
        Side to the hash of its sealed list; keeps the weights of both sides apart without naming them.
    """
    made = [_side_columns(side, draw) for side in people]
    sites = sorted({key[3] for columns, _ in made for keys, _ in columns for key in keys})
    place = {site: number for number, site in enumerate(sites)}
    members: list[tuple[int, Key]] = []
    side_of, forced, weight, size = [], [], [], []
    units: list[Ints] = []
    for number, (columns, _) in enumerate(made):
        listed = people[number]
        for keys, rows in columns:
            column = len(units)
            members.extend((column, key) for key in keys)
            side_of.append(number)
            forced.append(any(key[0] == 1 for key in keys))
            weight.append(draw.weight(lists_sha256[listed.side], _first(listed, rows[0], draw)))
            size.append(len(keys))
            units.append(np.array(rows, dtype=np.int64).reshape(len(rows), len(keys)))
    upper = np.array([len(rows) for rows in units], dtype=np.int64)
    width = people[0].values.shape[1]
    return Columns(
        side=np.array(side_of, dtype=np.int64),
        lower=np.where(np.array(forced, dtype=bool), upper, 0),
        upper=upper,
        weight=np.array(weight, dtype=np.int64),
        size=np.array(size, dtype=np.int64),
        units=tuple(units),
        member=np.array([column for column, _ in members], dtype=np.int64),
        kind=np.array([key[0] for _, key in members], dtype=np.int64),
        group=np.array([key[2] for _, key in members], dtype=np.int64),
        site=np.array([place[key[3]] for _, key in members], dtype=np.int64),
        values=np.array([key[4] for _, key in members], dtype=np.int64).reshape(len(members), width),
        sites=tuple(sites),
        split=(made[0][1], made[1][1]),
    )


def _first(people: People, unit: tuple[int, ...], draw: Draw) -> str:
    refs = [people.ref[row] for row in unit]
    return min(zip(draw.tickets(refs), refs, strict=True))[1]


def _side_columns(
    people: People, draw: Draw
) -> tuple[list[tuple[tuple[Key, ...], list[tuple[int, ...]]]], tuple[int, ...]]:
    """Columns of one side, sorted by what distinguishes them, and the rows that a split family keeps back."""
    able = np.flatnonzero(people.kind >= 0).tolist()
    ticket = dict(zip(able, draw.tickets([people.ref[row] for row in able]), strict=True))
    values = [tuple(row) for row in people.values.tolist()]
    kind, group = people.kind.tolist(), people.group.tolist()
    keys: dict[int, Key] = {
        row: (kind[row], people.heading[row], group[row], people.site[row], values[row]) for row in able
    }
    units, split = _units(people, able, kind)
    gathered: defaultdict[tuple[Key, ...], list[tuple[bytes, str, tuple[int, ...]]]] = defaultdict(list)
    for unit in units:
        if len(unit) == 1:
            row = unit[0]
            gathered[keys[row],].append((ticket[row], people.ref[row], unit))
        else:
            ordered = tuple(sorted(unit, key=lambda row: (keys[row], ticket[row])))
            least = min((ticket[row], people.ref[row]) for row in unit)
            gathered[tuple(keys[row] for row in ordered)].append((*least, ordered))
    return [(key, [unit for _, _, unit in sorted(gathered[key])]) for key in sorted(gathered)], split


def _units(people: People, able: list[int], kind: list[int]) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    families: defaultdict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(people.family):
        if name:
            families[name].append(row)
    units: list[tuple[int, ...]] = [(row,) for row in able if not people.family[row]]
    split: list[int] = []
    for rows in families.values():
        going = [row for row in rows if kind[row] >= 0]
        if len(going) < len(rows):
            split.extend(row for row in going if kind[row] != 1)
            going = [row for row in going if kind[row] == 1]
        if going:
            units.append(tuple(going))
    return units, tuple(sorted(split))
