"""What each term of a clash would have to give, the others held: the nearest value with which a plan exists."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from goodoffices.desk.exchange.records import Lists
from goodoffices.domain.canonical import Json
from goodoffices.domain.terms import Legs, Terms
from goodoffices.engines.exchange.compose import prepare
from goodoffices.engines.exchange.solve import is_possible

_MOST = 1_000_000


def reliefs(paths: tuple[str, ...], terms: Terms, lists: Lists) -> list[dict[str, Json]]:
    """Say for each clashing term how far it alone would have to give way.

    Parameters
    ----------
    paths
        The clash, by TOML path.
    terms, lists
        What clashes.

    Returns
    -------
    list[dict[str, Json]]
        `path`, `how` (lower, raise, drop, others) and the value `to` that would do.
    """
    return [{"path": path, **_relief(path, terms, lambda given: _possible(given, lists))} for path in paths]


def _possible(terms: Terms, lists: Lists) -> bool:
    case = prepare(terms, lists.frames, terms_sha256="", lists_sha256=lists.sha256)
    return is_possible(case.program)


def _relief(path: str, terms: Terms, holds: Callable[[Terms], bool]) -> dict[str, Json]:
    part, _, side = path.rpartition(".")
    minima: Mapping[str, Callable[[int], Terms]] = {
        "numbers.minimum": lambda n: dataclasses.replace(terms, minimum={**terms.minimum, side: n}),
        "civilians.minimum": lambda n: dataclasses.replace(terms, civilians={**terms.civilians, side: n}),
        "gain.minimum": lambda n: dataclasses.replace(
            terms, gain=dataclasses.replace(terms.gain, minimum={**terms.gain.minimum, side: n})
        ),
    }
    if part in minima:
        wanted = {"numbers.minimum": terms.minimum, "civilians.minimum": terms.civilians}.get(part, terms.gain.minimum)
        found = _last(lambda n: holds(minima[part](n)), wanted[side])
        return {"how": "others"} if found is None else {"how": "lower", "from": wanted[side], "to": found}
    if path == "legs.per_site":
        limit = terms.legs.per_site or 0
        more = _first(lambda n: holds(_legs(terms, per_site=n)), limit)
        return {"how": "others"} if more is None else {"how": "raise", "from": limit, "to": more}
    if path == "legs.seats":
        seats = terms.legs.seats or ()
        more = _first(lambda n: holds(_legs(terms, seats=tuple(seat + n for seat in seats))), 0)
        return {"how": "others"} if more is None else {"how": "seats", "to": more}
    return {"how": "drop"} if holds(_without(path, terms)) else {"how": "others"}


def _legs(terms: Terms, **changes: object) -> Terms:
    legs: Legs = dataclasses.replace(terms.legs, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(terms, legs=legs)


def _without(path: str, terms: Terms) -> Terms:
    if path == "numbers.balance":
        return dataclasses.replace(terms, ratio=None)
    number = int(path[path.index("[") + 1 : -1])
    if path.startswith("all_for_all"):
        left = tuple(name for at, name in enumerate(terms.all_for_all) if at != number)
        return dataclasses.replace(terms, all_for_all=left)
    groups = tuple(group for at, group in enumerate(terms.rank_groups) if at != number)
    return dataclasses.replace(terms, rank_groups=groups)


def _last(holds: Callable[[int], bool], below: int) -> int | None:
    """Give the largest number below a bound that holds; what holds for more holds for less."""
    if not holds(0):
        return None
    low, high = 0, below
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _first(holds: Callable[[int], bool], above: int) -> int | None:
    """Give the smallest number above a bound that holds; what holds for less holds for more."""
    step = 1
    while not holds(above + step):
        step *= 2
        if step > _MOST:
            return None
    low, high = above + step // 2, above + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
