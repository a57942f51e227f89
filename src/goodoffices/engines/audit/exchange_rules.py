"""The terms as the auditor reads them: straight from TERMS.toml, with no help from the desk."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.ranks import Rank, rank_of

KNOWN = (
    "seriously_wounded_or_ill", "wounded", "under_25", "aged_18_to_25", "women", "medical",
    "requested:1", "requested:2", "requested:3", "longest_held",
)  # fmt: skip


class UnreadableError(ValueError):
    """Something handed to the auditor cannot be read; the message says what."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What was agreed.

    Attributes
    ----------
    sides, on
        The two sides and the day that counts.
    sealed, minimum, civilians, gain_minimum
        By side.
    ratio
        Releases of the first and the second side that balance; None: free.
    everyone
        Categories that go all for all.
    groups
        Ranks that are balanced, group by group.
    own_heading
        Whether retained personnel stand apart.
    order
        Priorities without `most_people`.
    extra
        Criteria that only weights name.
    seats, per_site, legs, leg_by_leg
        Of the legs; None: no limit.
    commit, reveal
        Of the lottery; None where there is none.
    weights
        Side to criterion to weight of a gain.
    """

    sides: tuple[str, str]
    on: dt.date
    sealed: Mapping[str, str]
    minimum: Mapping[str, int]
    civilians: Mapping[str, int]
    gain_minimum: Mapping[str, int]
    ratio: tuple[int, int] | None
    everyone: tuple[str, ...]
    groups: tuple[tuple[Rank, ...], ...]
    own_heading: bool
    order: tuple[str, ...]
    extra: tuple[str, ...]
    seats: tuple[int, ...] | None
    per_site: int | None
    legs: int
    leg_by_leg: bool
    commit: Mapping[str, str] | None
    reveal: Mapping[str, str] | None
    weights: Mapping[str, Mapping[str, int]]


def read_rules(data: bytes) -> Rules:
    """Read TERMS.toml.

    Raises
    ------
    UnreadableError
        If the terms are not such terms; names the place.
    """
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise UnreadableError(f"terms: {error}") from error
    head = _inner(tree, "exchange")
    both, on = _who(head)
    weights = _weights(_inner(tree, "gain").get("weights", {}), both)
    order, extra, everyone = _criteria(tree, weights)
    legs = _inner(tree, "legs")
    seats = legs.get("seats")
    listed = None if seats is None else tuple(_whole(seat, "legs.seats") for seat in _listed(seats, "legs.seats"))
    per_site = legs.get("per_site")
    ratio = _ratio(_inner(tree, "numbers").get("balance", "equal"), both)
    lottery = _inner(tree, "lottery") if "lottery" in tree else None
    return Rules(
        sides=both,
        on=on,
        sealed={side: text.lower() for side, text in _texts(head.get("sealed", {}), both, "exchange.sealed").items()},
        minimum=_counts(_inner(tree, "numbers").get("minimum", {}), both, "numbers.minimum"),
        civilians=_counts(_inner(tree, "civilians").get("minimum", {}), both, "civilians.minimum"),
        gain_minimum=_counts(_inner(tree, "gain").get("minimum", {}), both, "gain.minimum"),
        ratio=ratio,
        everyone=everyone,
        groups=_groups(_inner(tree, "rank_balance").get("groups", [])),
        own_heading=_inner(tree, "retained").get("heading") == "own",
        order=order,
        extra=extra,
        seats=listed,
        per_site=None if per_site is None else _whole(per_site, "legs.per_site"),
        legs=1 if listed is None else len(listed),
        leg_by_leg=ratio is not None and legs.get("balanced", True) is not False,
        commit=None if lottery is None else _texts(lottery.get("commit"), both, "lottery.commit"),
        reveal=None if lottery is None else _texts(lottery.get("reveal"), both, "lottery.reveal"),
        weights=weights,
    )


def _who(head: Mapping[str, object]) -> tuple[tuple[str, str], dt.date]:
    sides, on = head.get("sides"), head.get("on")
    if not (isinstance(sides, list) and len(sides) == 2 and sides[0] != sides[1] and all(map(_is_text, sides))):
        raise UnreadableError("exchange.sides")
    if isinstance(on, dt.datetime) or not isinstance(on, dt.date):
        raise UnreadableError("exchange.on")
    return (str(sides[0]), str(sides[1])), on


def _criteria(
    tree: Mapping[str, object], weights: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give the priorities, the criteria that only weights name, and the categories all for all.

    Raises
    ------
    UnreadableError
        If a criterion is not known, or stands twice.
    """
    order = [str(name) for name in _listed(_inner(tree, "priority").get("order", []), "priority.order")]
    if order[-1:] == ["most_people"]:
        order.pop()
    named = {name for table in weights.values() for name in table}
    everyone = tuple(
        str(row.get("category")) if isinstance(row, dict) else ""
        for row in _listed(tree.get("all_for_all", []), "all_for_all")
    )
    for name in (*order, *named, *everyone):
        if name not in KNOWN or (name in everyone and name == "longest_held"):
            raise UnreadableError(f"unknown criterion {name!r}")
    if len(set(order)) < len(order):
        raise UnreadableError("priority.order names a criterion twice")
    return tuple(order), tuple(name for name in KNOWN if name in named and name not in order), everyone


def _inner(tree: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = tree.get(key, {})
    if not isinstance(found, dict):
        raise UnreadableError(f"{key} is no table")
    return found


def _is_text(found: object) -> bool:
    return isinstance(found, str) and bool(found)


def _listed(found: object, where: str) -> list[object]:
    if not isinstance(found, list):
        raise UnreadableError(f"{where} is no list")
    return found


def _whole(found: object, where: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise UnreadableError(f"{where} is no whole number")
    return found


def _sided(found: object, sides: tuple[str, str], where: str) -> Mapping[str, object]:
    if not isinstance(found, dict) or not set(found) <= set(sides):
        raise UnreadableError(f"{where} is not by side")
    return found


def _counts(found: object, sides: tuple[str, str], where: str) -> dict[str, int]:
    return {side: _whole(value, where) for side, value in _sided(found, sides, where).items()}


def _texts(found: object, sides: tuple[str, str], where: str) -> dict[str, str]:
    return {side: str(value) for side, value in _sided(found, sides, where).items()}


def _ratio(found: object, sides: tuple[str, str]) -> tuple[int, int] | None:
    if found == "free":
        return None
    if found == "equal":
        return 1, 1
    parts = _counts(found, sides, "numbers.balance")
    if set(parts) != set(sides) or 0 in parts.values():
        raise UnreadableError("numbers.balance")
    return parts[sides[0]], parts[sides[1]]


def _groups(found: object) -> tuple[tuple[Rank, ...], ...]:
    groups: list[tuple[Rank, ...]] = []
    for names in _listed(found, "rank_balance.groups"):
        ranks = tuple(rank_of(str(name)) for name in _listed(names, "rank_balance.groups"))
        good = tuple(rank for rank in ranks if rank is not None)
        if len(good) < len(ranks):
            raise UnreadableError("rank_balance.groups names an unknown rank")
        groups.append(good)
    return tuple(groups)


def _weights(found: object, sides: tuple[str, str]) -> dict[str, dict[str, int]]:
    if not isinstance(found, dict):
        raise UnreadableError("gain.weights is no table")
    apart = any(side in found for side in sides)
    if apart and not set(found) <= set(sides):
        raise UnreadableError("gain.weights is not by side")
    tables = {side: found.get(side, {}) if apart else found for side in sides}
    if not all(isinstance(table, dict) for table in tables.values()):
        raise UnreadableError("gain.weights is no table")
    return {
        side: {str(name): _whole(value, "gain.weights") for name, value in table.items()}
        for side, table in tables.items()
    }
