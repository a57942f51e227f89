"""Terms as rows over columns: the linear program that every plan of an exchange satisfies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from goodoffices.domain.terms import Terms, group_name
from goodoffices.engines.exchange.classes import Columns
from goodoffices.engines.exchange.eligible import Ints

INF = float("inf")


@dataclass(slots=True)
class Program:
    """Rows `low <= coefficients * x <= high` over whole variables `lower <= x <= upper`, built row by row.

    Attributes
    ----------
    lower, upper
        Bounds of the variables.
    names, terms, low, high
        Of each row its name, the term (TOML path) it comes from, and its bounds.
    columns, values
        Of each row the variables and coefficients that are not zero.
    """

    lower: list[int]
    upper: list[int]
    names: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Ints] = field(default_factory=list)

    def variables(self, lower: Sequence[int], upper: Sequence[int]) -> Ints:
        """Add variables and give their places."""
        start = len(self.lower)
        self.lower.extend(lower)
        self.upper.extend(upper)
        return np.arange(start, len(self.lower), dtype=np.int64)

    def row(self, name: str, term: str, bounds: tuple[float, float], coefficients: Ints) -> None:
        """Add a row from a coefficient per variable; shorter arrays are filled with zeros."""
        places = np.flatnonzero(coefficients)
        self.names.append(name)
        self.terms.append(term)
        self.low.append(bounds[0])
        self.high.append(bounds[1])
        self.columns.append(places)
        self.values.append(coefficients[places])

    def sparse_row(self, name: str, term: str, bounds: tuple[float, float], pairs: Sequence[tuple[Ints, Ints]]) -> None:
        """Add a row from places and coefficients."""
        self.names.append(name)
        self.terms.append(term)
        self.low.append(bounds[0])
        self.high.append(bounds[1])
        self.columns.append(np.concatenate([places for places, _ in pairs]))
        self.values.append(np.concatenate([values for _, values in pairs]))

    def activity(self, x: npt.NDArray[np.int64]) -> list[int]:
        """Compute every row in whole numbers."""
        return [
            int(values @ x[places]) if len(places) else 0
            for places, values in zip(self.columns, self.values, strict=True)
        ]

    def holds(self, x: npt.NDArray[np.int64]) -> bool:
        """Whether a point keeps every bound and row, in whole numbers."""
        inside = bool(np.all(x >= np.array(self.lower)) and np.all(x <= np.array(self.upper)))
        return inside and all(
            low <= found <= high for low, found, high in zip(self.low, self.activity(x), self.high, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """One criterion to maximise.

    Attributes
    ----------
    name
        As in the plan's `objective`.
    cost
        Coefficient per column.
    """

    name: str
    cost: Ints


def program(columns: Columns, terms: Terms, *, families_by_leg: bool = False) -> Program:
    """Write the terms as rows.

    People of one place and heading flow into legs as a whole, so that no variable per class and leg
    is needed; families may then be split between legs, which only widens what is allowed (bounds
    stay true). `families_by_leg` forbids that at the price of one variable per family class and leg.
    """
    made = Program(columns.lower.tolist(), columns.upper.tolist())
    _numbers(made, columns, terms)
    if terms.legs.seats is not None or terms.legs.per_site is not None:
        legs = range(1, terms.legs.count + 1)
        flows(made, columns, terms, legs=legs, whole=families_by_leg)
    return made


def goals(columns: Columns, terms: Terms) -> list[Goal]:
    """List the criteria in order: prisoners under the balance, retained personnel, civilians; then the lottery."""
    found: list[Goal] = []
    for kind, prefix in ((0, ""), (2, "retained:"), (3, "civilian:")):
        mask = columns.kind == kind
        if kind and not mask.any():
            continue
        for place, name in enumerate(terms.criteria[: len(terms.order)]):
            found.append(Goal(prefix + name, columns.sums(mask * columns.values[:, place])))
        found.append(Goal(f"{prefix}most_people", columns.sums(mask)))
    return [*found, Goal("lottery", columns.weight.copy())]


def gains(columns: Columns, terms: Terms) -> dict[str, Ints]:
    """Give per side what each column is worth to it: its own people, held by the other side, each 1 plus weights."""
    worth: dict[str, Ints] = {}
    for number, side in enumerate(terms.sides):
        weights = terms.gain.weights.get(side, {})
        vector = np.array([weights.get(name, 0) for name in terms.criteria], dtype=np.int64)
        worth[side] = columns.sums(1 + columns.values @ vector) * (columns.side != number)
    return worth


def _numbers(made: Program, columns: Columns, terms: Terms) -> None:
    side, kind = columns.side[columns.member], columns.kind
    for number, name in enumerate(terms.sides):
        if terms.minimum.get(name):
            prisoners = columns.sums((side == number) & (kind <= 1))
            made.row(f"numbers.minimum:{name}", f"numbers.minimum.{name}", (terms.minimum[name], INF), prisoners)
        if terms.civilians.get(name):
            civilians = columns.sums((side == number) & (kind == 3))
            made.row(f"civilians.minimum:{name}", f"civilians.minimum.{name}", (terms.civilians[name], INF), civilians)
    if terms.ratio is not None:
        sign = np.where(side == 0, terms.ratio[1], -terms.ratio[0])
        made.row("numbers.balance", "numbers.balance", (0, 0), columns.sums((kind == 0) * sign))
    for number, group in enumerate(terms.rank_groups):
        if not group:
            continue  # a term left out while a clash is sought
        sign = np.where(side == 0, 1, -1)
        equal = columns.sums(((kind == 0) & (columns.group == number)) * sign)
        made.row(f"rank_balance:{group_name(group)}", f"rank_balance.groups[{number}]", (0, 0), equal)
    for name, worth in gains(columns, terms).items():
        if terms.gain.minimum.get(name):
            made.row(f"gain.minimum:{name}", f"gain.minimum.{name}", (terms.gain.minimum[name], INF), worth)


def flows(made: Program, columns: Columns, terms: Terms, *, legs: Sequence[int], whole: bool = False) -> None:
    """Add how many of each place and heading travel in each leg, and the seats, sites and balance of each leg.

    Parameters
    ----------
    made, columns, terms
        The program whose first variables are the columns.
    legs
        Numbers of the legs to which all people of the columns flow.
    whole
        Families have variables of their own per leg, so that they cannot be split.
    """
    builder = _Legs(made, columns, terms, list(legs), whole)
    builder.places()
    builder.limits()


class _Legs:
    """Variables and rows of the legs."""

    def __init__(self, made: Program, columns: Columns, terms: Terms, legs: list[int], whole: bool) -> None:
        self.made, self.columns, self.terms, self.legs = made, columns, terms, legs
        self.by_site = terms.legs.per_site is not None
        self.place = columns.site if self.by_site else np.zeros_like(columns.site)
        self.head = (columns.kind != 0).astype(np.int64) if terms.leg_balanced else np.zeros_like(columns.kind)
        self.family: dict[int, Ints] = {}
        self.flow: dict[tuple[int, int, int], Ints] = {}
        if whole:
            for column in np.flatnonzero(columns.size > 1).tolist():
                upper = int(columns.upper[column])
                places = made.variables([0] * len(legs), [upper] * len(legs))
                self.family[column] = places
                made.sparse_row(
                    f"family:{column}",
                    "family",
                    (0, 0),
                    [(np.array([column]), np.array([1])), (places, np.full(len(legs), -1))],
                )

    def most(self, leg: int) -> int:
        seats = self.terms.legs.seats
        limits = [seats[leg - 1]] if seats is not None else []
        if self.terms.legs.per_site is not None:
            limits.append(self.terms.legs.per_site)
        return min(limits)

    def places(self) -> None:
        """Tie the columns of one side, place and heading to the flows of the legs."""
        columns, made = self.columns, self.made
        side = columns.side[columns.member]
        single = ~np.isin(columns.member, list(self.family))
        order = np.lexsort((self.place, self.head, side))
        keys = np.stack([side, self.head, self.place])[:, order]
        new = np.any(keys[:, 1:] != keys[:, :-1], axis=0)
        for members in np.split(order, np.flatnonzero(new) + 1) if len(order) else ():
            key = (int(side[members[0]]), int(self.head[members[0]]), int(self.place[members[0]]))
            flow = made.variables([0] * len(self.legs), [self.most(leg) for leg in self.legs])
            self.flow[key] = flow
            inside = members[single[members]]
            found, counts = np.unique(columns.member[inside], return_counts=True)
            made.sparse_row(
                self.name(key),
                "legs",
                (0, 0),
                [(found, counts.astype(np.int64)), (flow, np.full(len(flow), -1))],
            )

    def name(self, key: tuple[int, int, int]) -> str:
        heading = ("balance" if key[1] == 0 else "others") if self.terms.leg_balanced else "all"
        return f"place:{self.terms.sides[key[0]]}:{heading}:{self.columns.sites[key[2]] if self.by_site else ''}"

    def limits(self) -> None:
        """Add seats, sites and the balance of each leg."""
        for number, leg in enumerate(self.legs):
            for side, name in enumerate(self.terms.sides):
                if self.terms.legs.seats is not None:
                    seats = self.terms.legs.seats[leg - 1]
                    self.limit(number, f"legs.seats:{name}:{leg}", "legs.seats", (side, None, None), (-INF, seats))
                if self.terms.legs.per_site is not None:
                    for site in sorted({key[2] for key in self.flow if key[0] == side}):
                        self.limit(
                            number,
                            f"legs.per_site:{name}:{leg}:{self.columns.sites[site]}",
                            "legs.per_site",
                            (side, None, site),
                            (-INF, self.terms.legs.per_site),
                        )
            if self.terms.leg_balanced:
                self.limit(number, f"legs.balance:{leg}", "legs.balanced", (None, 0, None), (0, 0))

    def limit(
        self,
        number: int,
        name: str,
        term: str,
        match: tuple[int | None, int | None, int | None],
        bounds: tuple[float, float],
    ) -> None:
        ratio = self.terms.ratio if match[0] is None and self.terms.ratio else (1, 1)
        factor = (ratio[1], -ratio[0]) if match[0] is None else (1, 1)
        pairs: list[tuple[int, int]] = [
            (int(flow[number]), factor[key[0]])
            for key, flow in self.flow.items()
            if all(want is None or want == have for want, have in zip(match, key, strict=True))
        ]
        for column, places in self.family.items():
            inside = self.columns.member == column
            side = int(self.columns.side[column])
            if match[0] in (None, side):
                chosen = inside.copy()
                if match[1] is not None:
                    chosen &= self.head == match[1]
                if match[2] is not None:
                    chosen &= self.place == match[2]
                if chosen.any():
                    pairs.append((int(places[number]), factor[side] * int(chosen.sum())))
        if pairs:
            self.made.sparse_row(
                name,
                term,
                bounds,
                [(np.array([place for place, _ in pairs]), np.array([value for _, value in pairs], dtype=np.int64))],
            )
