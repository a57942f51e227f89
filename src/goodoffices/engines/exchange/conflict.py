"""Terms that cannot hold together: a smallest set of them, and the counts that say why."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from goodoffices.domain.canonical import Json
from goodoffices.domain.plan import ALL_FOR_ALL, Clash
from goodoffices.domain.terms import Terms, group_name
from goodoffices.engines.exchange.classes import Columns
from goodoffices.engines.exchange.eligible import People
from goodoffices.engines.exchange.model import gains, program
from goodoffices.engines.exchange.solve import is_possible

_NO_LIMIT = 1_000_000
_MOST_TESTS = 400


def clash(columns: Columns, terms: Terms, people: Sequence[People], *, families_by_leg: bool = False) -> Clash:
    """Find a smallest set of terms that cannot hold together.

    Terms are dropped one at a time until each that is left is needed; then every smaller set is tried,
    within a fixed number of tests. What a heading means stays fixed: a category dropped from
    `all_for_all` no longer must go, and still stands outside the balance.

    Parameters
    ----------
    columns, terms, people
        The case.
    families_by_leg
        Whether the clash shows only when families must travel whole.

    Returns
    -------
    Clash
        TOML paths in the order of the file, and a reason with counts for each.
    """
    needed = smallest(paths(terms), _Test(columns, terms, people, families_by_leg).holds)
    return Clash(tuple(needed), tuple(_reason(path, columns, terms, people) for path in needed))


def paths(terms: Terms) -> tuple[str, ...]:
    """Name every term that can be violated by its TOML path, in the order of the contract."""
    found = [f"numbers.minimum.{side}" for side in terms.sides if terms.minimum.get(side)]
    found += ["numbers.balance"] if terms.ratio is not None else []
    found += [f"all_for_all[{number}]" for number in range(len(terms.all_for_all))]
    found += [f"rank_balance.groups[{number}]" for number in range(len(terms.rank_groups))]
    found += [f"civilians.minimum.{side}" for side in terms.sides if terms.civilians.get(side)]
    found += ["legs.seats"] if terms.legs.seats is not None else []
    found += ["legs.per_site"] if terms.legs.per_site is not None else []
    found += [f"gain.minimum.{side}" for side in terms.sides if terms.gain.minimum.get(side)]
    return tuple(found)


def smallest(every: Sequence[str], holds: Callable[[frozenset[str]], bool]) -> list[str]:
    """Find a smallest set of terms that cannot hold, given a test that more terms never pass more easily."""
    needed = list(every)
    for path in every:
        rest = [other for other in needed if other != path]
        if not holds(frozenset(rest)):
            needed = rest
    tests = 0
    for size in range(1, len(needed)):
        for some in itertools.combinations(every, size):
            tests += 1
            if tests > _MOST_TESTS:
                return needed
            if not holds(frozenset(some)):
                return list(some)
    return needed


class _Test:
    """Whether some of the terms can hold together."""

    def __init__(self, columns: Columns, terms: Terms, people: Sequence[People], families_by_leg: bool) -> None:
        self.columns, self.terms, self.families_by_leg = columns, terms, families_by_leg
        self.forced: list[set[str]] = []
        for side, units in zip(columns.side.tolist(), columns.units, strict=True):
            listed = people[side]
            self.forced.append({listed.heading[row] for row in units[0].tolist() if listed.kind[row] == 1})

    def holds(self, some: frozenset[str]) -> bool:
        """Whether these terms alone leave a plan."""
        terms = _only(self.terms, some)
        headings = {f"{ALL_FOR_ALL}:{name}" for name in terms.all_for_all}
        must = np.array([bool(forced & headings) for forced in self.forced], dtype=bool)
        columns = dataclasses.replace(self.columns, lower=np.where(must, self.columns.upper, 0))
        return is_possible(program(columns, terms, families_by_leg=self.families_by_leg))


def _only(terms: Terms, some: frozenset[str]) -> Terms:
    legs = terms.legs
    if legs.seats is not None and "legs.seats" not in some:
        legs = dataclasses.replace(legs, seats=(_NO_LIMIT,) * legs.count)
    if "legs.per_site" not in some:
        legs = dataclasses.replace(legs, per_site=None)
    return dataclasses.replace(
        terms,
        minimum={side: n for side, n in terms.minimum.items() if f"numbers.minimum.{side}" in some},
        ratio=terms.ratio if "numbers.balance" in some else None,
        all_for_all=tuple(n for i, n in enumerate(terms.all_for_all) if f"all_for_all[{i}]" in some),
        rank_groups=tuple(
            group if f"rank_balance.groups[{i}]" in some else () for i, group in enumerate(terms.rank_groups)
        ),
        civilians={side: n for side, n in terms.civilians.items() if f"civilians.minimum.{side}" in some},
        legs=legs,
        gain=dataclasses.replace(
            terms.gain, minimum={side: n for side, n in terms.gain.minimum.items() if f"gain.minimum.{side}" in some}
        ),
    )


def _reason(path: str, columns: Columns, terms: Terms, people: Sequence[People]) -> Mapping[str, Json]:
    part, _, side = path.rpartition(".")
    by_side = {"numbers.minimum": _minimum, "civilians.minimum": _civilians}
    if part in by_side:
        return {"path": path, **by_side[part](people[terms.sides.index(side)], terms)}
    if part == "gain.minimum":
        most = int(gains(columns, terms)[side] @ columns.upper)
        return {"path": path, "code": "gain", "side": side, "wanted": terms.gain.minimum[side], "most": most}
    if path.startswith("legs."):
        return {"path": path, **_limits(path, columns, terms, people)}
    return {"path": path, **_category(path, terms, people)}


def _minimum(people: People, terms: Terms) -> dict[str, Json]:
    stay = _stay(people, lambda heading: heading not in {"", "civilian", "retained"})
    return {
        "code": "minimum",
        "side": people.side,
        "wanted": terms.minimum[people.side],
        **_eligible(people, (0, 1)),
        "stay": stay,
    }


def _civilians(people: People, terms: Terms) -> dict[str, Json]:
    stay = _stay(people, lambda heading: heading == "civilian")
    return {
        "code": "civilians",
        "side": people.side,
        "wanted": terms.civilians[people.side],
        **_eligible(people, (3,)),
        "stay": stay,
    }


def _eligible(people: People, kinds: tuple[int, ...]) -> dict[str, int]:
    return {"eligible": int(np.isin(people.kind, kinds).sum())}


def _stay(people: People, counts: Callable[[str], bool]) -> dict[str, Json]:
    found = Counter(
        reason for reason, heading in zip(people.reason, people.heading, strict=True) if reason and counts(heading)
    )
    return dict(sorted(found.items()))


def _limits(path: str, columns: Columns, terms: Terms, people: Sequence[People]) -> dict[str, Json]:
    if path == "legs.seats":
        seats = terms.legs.seats or (0,)
        forced: dict[str, Json] = {listed.side: int((listed.kind == 1).sum()) for listed in people}
        largest = int(columns.size.max(initial=1))
        return {"code": "seats", "seats": sum(seats), "largest": max(seats), "all_for_all": forced, "family": largest}
    crowd: dict[str, Json] = {}
    for listed in people:
        sites = Counter(listed.site[row] for row in np.flatnonzero(listed.kind == 1))
        crowd[listed.side] = max(sites.values(), default=0)
    return {"code": "per_site", "limit": terms.legs.per_site, "legs": terms.legs.count, "all_for_all": crowd}


def _category(path: str, terms: Terms, people: Sequence[People]) -> dict[str, Json]:
    if path == "numbers.balance":
        able: dict[str, Json] = {listed.side: int((listed.kind == 0).sum()) for listed in people}
        return {"code": "balance", "ratio": list(terms.ratio or (1, 1)), "available": able}
    number = int(path[path.index("[") + 1 : -1])
    if path.startswith("all_for_all"):
        name = terms.all_for_all[number]
        heading = f"{ALL_FOR_ALL}:{name}"
        count: dict[str, Json] = {
            listed.side: sum(_goes(listed, row, heading) for row in range(len(listed.ref))) for listed in people
        }
        return {"code": "all_for_all", "category": name, "count": count}
    officers: dict[str, Json] = {listed.side: int((listed.group == number).sum()) for listed in people}
    return {"code": "rank_balance", "group": group_name(terms.rank_groups[number]), "available": officers}


def _goes(people: People, row: int, heading: str) -> bool:
    return bool(people.kind[row] == 1) and people.heading[row] == heading
