"""The objective recounted, and its bounds proven by weak duality in exact fractions: no solver.

For any multipliers y of rows `low <= a x <= high`, no point within the bounds of its variables has
`c x > sum_i y_i (high_i if y_i > 0 else low_i) + sum_j max over x_j of (c_j - y a_j) x_j`.
The rows are those of `docs/exchange.md`, written here anew from terms and lists.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from goodoffices.engines.audit.exchange_counts import Found
from goodoffices.engines.audit.exchange_order import Kind, Unit
from goodoffices.engines.audit.exchange_people import CIVILIAN, EVERYONE, PRISONER, RETAINED, Held
from goodoffices.engines.audit.exchange_plan import Claim, Going, Paper
from goodoffices.engines.audit.exchange_rules import Rules, UnreadableError

Marks = tuple[str, str, int, str, tuple[int, ...]]
_PREFIX = {PRISONER: "", RETAINED: "retained:", CIVILIAN: "civilian:"}


@dataclass(frozen=True, slots=True)
class Column:
    """A class as the auditor counts it.

    Attributes
    ----------
    side
        Its holder.
    kind
        What the terms see of each member of one unit.
    least, most
        Units that must and can go.
    weight
        In the lottery between classes.
    """

    side: str
    kind: Kind
    least: int
    most: int
    weight: int


def columns(
    held: Held, alike: Mapping[Kind, list[tuple[bytes, str, Unit]]], *, key: bytes, list_sha256: str
) -> list[Column]:
    """Make a column of each class; its weight is drawn from the reference with its smallest ticket."""
    found = []
    for kind, units in alike.items():
        drawn = hmac.digest(key, f"{list_sha256} {units[0][1]}".encode(), "sha256")
        must = any(member[0] == EVERYONE for member in kind)
        found.append(
            Column(held.side, kind, len(units) if must else 0, len(units), 1 + (int.from_bytes(drawn[:4]) >> 12))
        )
    return found


def tie_key(seed: bytes | None, lists_sha256: Mapping[str, str]) -> bytes:
    """Give the key of the weights: the seed, or without a lottery a hash of both lists."""
    if seed is not None:
        return seed
    lines = sorted([b"goodoffices/ties/v1", *(text.encode() for text in lists_sha256.values())])
    return sha256(b"\n".join(lines)).digest()


def criteria(rules: Rules, kinds: set[str]) -> list[str]:
    """Name the criteria in the order in which they count."""
    names = []
    for kind, prefix in _PREFIX.items():
        if kind == PRISONER or kind in kinds:
            names += [prefix + name for name in (*rules.order, "most_people")]
    return [*names, "lottery"]


def recount(rules: Rules, going: Going, name: str) -> int:
    """Count one criterion over everyone who goes."""
    first, _, rest = name.partition(":")
    kind, plain = (first, rest) if first in {CIVILIAN, RETAINED} else (PRISONER, name)
    people = (person for side in rules.sides for person in going.all(side) if person.kind == kind)
    if plain == "most_people":
        return sum(1 for _ in people)
    place = rules.order.index(plain)
    return sum(person.marks[place] for person in people)


def lottery_value(
    held: Held, alike: Mapping[Kind, list[tuple[bytes, str, Unit]]], cols: Sequence[Column], going: Going
) -> int:
    """Sum the weights of the units of one side that go."""
    leg = going.leg[held.side]
    return sum(
        column.weight * sum(unit[0].ref in leg for _, _, unit in units)
        for column, units in zip(cols, alike.values(), strict=True)
    )


class Proof:
    """Rows and columns of one case, and the bound that multipliers prove."""

    def __init__(self, rules: Rules, cols: Sequence[Column], values: Mapping[str, int]) -> None:
        self.rules, self.cols, self.values = rules, cols, values
        self.level_names = list(values)
        # Everyone of one side, heading and place flows into the legs together.
        self.flows: dict[str, dict[tuple[str, str], None]] = {side: {} for side in rules.sides}
        self.limited = rules.seats is not None or rules.per_site is not None
        for column in cols:
            for member in column.kind:
                self.flows[column.side][self.head(member[0]), self.place(member[3])] = None

    def head(self, kind: str) -> str:
        """Name the heading under which a kind flows into the legs."""
        if not self.rules.leg_by_leg:
            return "all"
        return "balance" if kind == PRISONER else "others"

    def place(self, site: str) -> str:
        """Name the place from which people flow into the legs."""
        return site if self.rules.per_site is not None else ""

    def bounds_of(self, row: str) -> tuple[int | None, int | None]:
        """Give low and high of a row by its name; None: no bound.

        Raises
        ------
        UnreadableError
            If the terms have no such row.
        """
        rules, part, rest = self.rules, *row.partition(":")[::2]
        sides = set(rules.sides)
        tables = {
            "numbers.minimum": rules.minimum,
            "civilians.minimum": rules.civilians,
            "gain.minimum": rules.gain_minimum,
        }
        if part in tables and rest in sides:
            return tables[part].get(rest, 0), None
        if row == "numbers.balance" and rules.ratio is not None:
            return 0, 0
        if part == "rank_balance" and rest in {"+".join(group) for group in rules.groups}:
            return 0, 0
        if part == "level" and rest in self.values:
            return self.values[rest], None
        if self.limited:
            found = self.leg_bounds(part, rest)
            if found is not None:
                return found
        raise UnreadableError(f"no row {row!r} under these terms")

    def leg_bounds(self, part: str, rest: str) -> tuple[int | None, int | None] | None:
        """Give low and high of a row of the legs; None if there is no such row."""
        rules = self.rules
        side, _, more = rest.partition(":")
        if part == "place" and side in rules.sides:
            head, _, site = more.partition(":")
            return (0, 0) if (head, site) in self.flows[side] else None
        legs = {str(number): number for number in range(1, rules.legs + 1)}
        if part == "legs.seats" and side in rules.sides and more in legs and rules.seats is not None:
            return None, rules.seats[legs[more] - 1]
        if part == "legs.per_site" and side in rules.sides and more.partition(":")[0] in legs:
            return (None, rules.per_site) if rules.per_site is not None else None
        if part == "legs.balance" and rest in legs and rules.leg_by_leg:
            return 0, 0
        return None

    def bound(self, claim: Claim) -> int:
        """Prove a bound of one criterion from its multipliers, rounded down.

        Raises
        ------
        UnreadableError
            If a multiplier names no row, a later criterion, or a side of a row that has no bound.
        """
        earlier = self.level_names[: self.level_names.index(claim.criterion)]
        common = math.lcm(*(multiplier.denominator for multiplier in claim.multipliers.values()))
        y: dict[str, int] = {}
        total = 0
        for row, multiplier in claim.multipliers.items():
            if row.startswith("level:") and row.removeprefix("level:") not in earlier:
                raise UnreadableError(f"{row} is not held before {claim.criterion}")
            low, high = self.bounds_of(row)
            side = high if multiplier > 0 else low
            if side is None:
                raise UnreadableError(f"row {row!r} has no bound on that side")
            y[row] = int(multiplier * common)
            total += y[row] * side
        total += self.people(claim.criterion, y, common) + self.travel(y)
        return total // common

    def people(self, criterion: str, y: Mapping[str, int], common: int) -> int:
        """Sum what the classes can add at most to the bound, times the common denominator."""
        worth: dict[str, dict[str, list[int]]] = {side: {} for side in self.rules.sides}
        for side in self.rules.sides:
            for kind in (PRISONER, EVERYONE, RETAINED, CIVILIAN):
                worth[side][kind] = self.per_mark(side, kind, criterion, y, common)
        base: dict[tuple[str, str, int, str], int] = {}
        total = 0
        for column in self.cols:
            reduced = column.weight * common if criterion == "lottery" else 0
            for kind, _, group, site, marks in column.kind:
                key = (column.side, kind, group, site)
                fixed = base.get(key)
                if fixed is None:
                    fixed = base[key] = self.fixed(*key, y)
                weights = worth[column.side][kind]
                reduced += weights[-1] - fixed
                for weight, mark in zip(weights, marks, strict=False):
                    if mark:
                        reduced += weight * mark
            total += reduced * (column.most if reduced > 0 else column.least)
        return total

    def per_mark(self, side: str, kind: str, criterion: str, y: Mapping[str, int], common: int) -> list[int]:
        """Per criterion mark, then for the person as such: cost less multipliers of levels and gains."""
        names = (*self.rules.order, *self.rules.extra)
        found = [0] * (len(names) + 1)
        prefix = _PREFIX.get(kind)
        if prefix is not None:
            for place, name in enumerate(self.rules.order):
                found[place] -= y.get(f"level:{prefix}{name}", 0)
                found[place] += common if criterion == prefix + name else 0
            found[-1] -= y.get(f"level:{prefix}most_people", 0)
            found[-1] += common if criterion == f"{prefix}most_people" else 0
        first, second = self.rules.sides
        other = second if side == first else first
        multiplier = y.get(f"gain.minimum:{other}", 0)
        for place, name in enumerate(names):
            found[place] -= multiplier * self.rules.weights.get(other, {}).get(name, 0)
        found[-1] -= multiplier
        return found

    def fixed(self, side: str, kind: str, group: int, site: str, y: Mapping[str, int]) -> int:
        """Sum the multipliers of the rows in which a person of this side, kind, group and site stands."""
        rules = self.rules
        first = side == rules.sides[0]
        total = 0
        if kind in {PRISONER, EVERYONE}:
            total += y.get(f"numbers.minimum:{side}", 0)
        if kind == CIVILIAN:
            total += y.get(f"civilians.minimum:{side}", 0)
        if kind == PRISONER and rules.ratio is not None:
            total += y.get("numbers.balance", 0) * (rules.ratio[1] if first else -rules.ratio[0])
        if kind == PRISONER and group >= 0:
            total += y.get(f"rank_balance:{'+'.join(rules.groups[group])}", 0) * (1 if first else -1)
        return total + y.get(f"place:{side}:{self.head(kind)}:{self.place(site)}", 0)

    def travel(self, y: Mapping[str, int]) -> int:
        """Sum what the flows into the legs can add at most."""
        rules = self.rules
        if not self.limited:
            return 0
        total = 0
        for number in range(1, rules.legs + 1):
            limits = [] if rules.seats is None else [rules.seats[number - 1]]
            limits += [] if rules.per_site is None else [rules.per_site]
            for side in rules.sides:
                for head, site in self.flows[side]:
                    reduced = y.get(f"place:{side}:{head}:{site}", 0) - y.get(f"legs.seats:{side}:{number}", 0)
                    if rules.per_site is not None:
                        reduced -= y.get(f"legs.per_site:{side}:{number}:{site}", 0)
                    if rules.leg_by_leg and rules.ratio is not None and head == "balance":
                        sign = rules.ratio[1] if side == rules.sides[0] else -rules.ratio[0]
                        reduced -= y.get(f"legs.balance:{number}", 0) * sign
                    total += max(0, reduced) * min(limits)
        return total


def objective(rules: Rules, paper: Paper, proof: Proof) -> Iterator[Found]:
    """Check names, values and bounds of the objective."""
    del rules
    names = [claim.criterion for claim in paper.claims]
    if names != proof.level_names:
        yield "objective", {"found": list(names), "expected": list(proof.level_names)}
        return
    for claim in paper.claims:
        value = proof.values[claim.criterion]
        if claim.value != value:
            yield "objective", {"criterion": claim.criterion, "found": claim.value, "expected": value}
            continue
        try:
            proven = proof.bound(claim)
        except UnreadableError as error:
            yield "certificate", {"criterion": claim.criterion, "found": str(error)}
            continue
        if proven > claim.bound or value > claim.bound:
            yield "bound", {"criterion": claim.criterion, "found": claim.bound, "expected": max(proven, value)}


def gaps(paper: Paper) -> dict[str, int]:
    """Name the criteria that are not proven to be the best, with the gap."""
    return {claim.criterion: claim.bound - claim.value for claim in paper.claims if claim.bound > claim.value}


def kinds_of(cols: Sequence[Column]) -> set[str]:
    """Name the kinds of heading that anyone eligible has."""
    return {member[0] for column in cols for member in column.kind}
