"""TERMS.toml: the terms of an exchange, read with every fault named by its path."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.ranks import Rank, rank_of
from goodoffices.domain.terms import CATEGORIES, CRITERIA, MOST_PEOPLE, Gain, Legs, Lottery, Terms

_HEX = re.compile(r"^[0-9a-f]{64}$")
_CODE = re.compile(r"^[^\s:/\\\x00-\x1f]{1,24}$")
_MOST = 1_000_000
_KEYS: Mapping[str, tuple[str, ...]] = {
    "exchange": ("sides", "held", "sealed", "on"),
    "numbers": ("minimum", "balance"),
    "rank_balance": ("groups",),
    "civilians": ("minimum",),
    "retained": ("heading",),
    "priority": ("order",),
    "legs": ("seats", "per_site", "balanced"),
    "lottery": ("commit", "reveal"),
    "gain": ("weights", "minimum"),
}


def parse_terms(data: bytes, file: str) -> Terms:
    """Read the terms of an exchange.

    Parameters
    ----------
    data
        The file's bytes, TOML in UTF-8.
    file
        Its name, for messages.

    Returns
    -------
    Terms
        Terms in which every name is known and every number is possible by itself.

    Raises
    ------
    InputError
        With one fault per thing that is wrong.
    """
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(Fault(file, f"byte {error.start}", "", "not UTF-8", "TOML in UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(Fault(file, "", "", f"no TOML: {error}", "TOML 1.0")) from error
    reader = _Reader(file, tree)
    terms = reader.terms()
    if reader.faults:
        raise InputError(*reader.faults)
    return terms


class _Reader:
    """Collects faults while it reads, and reads on with something harmless."""

    def __init__(self, file: str, tree: Mapping[str, object]) -> None:
        self.file = file
        self.tree = tree
        self.faults: list[Fault] = []
        self.sides = ("A", "B")

    def fault(self, path: str, found: object, expected: str) -> None:
        shown = found if isinstance(found, str) and found.startswith("no ") else repr(found)
        self.faults.append(Fault(self.file, path, "", str(shown)[:120], expected))

    def terms(self) -> Terms:
        self._names()
        head = self._table("exchange")
        self.sides = self._sides(head.get("sides"))
        on = head.get("on")
        if isinstance(on, dt.datetime) or not isinstance(on, dt.date):
            self.fault("exchange.on", "no such key" if on is None else on, "a day, such as 2025-08-14")
            on = dt.date(2000, 1, 1)
        held = self._by_side("exchange.held", head.get("held"), str, need=True)
        sealed = self._by_side("exchange.sealed", head.get("sealed", {}), str)
        for side, text in sealed.items():
            if not _HEX.match(str(text).lower()):
                self.fault(f"exchange.sealed.{side}", text, "64 hexadecimal digits")
        numbers = self._table("numbers")
        return Terms(
            sides=self.sides,
            on=on,
            held={side: str(name) for side, name in held.items()},
            sealed={side: str(text).lower() for side, text in sealed.items()},
            minimum=self._counts("numbers.minimum", numbers.get("minimum", {})),
            ratio=self._ratio(numbers.get("balance", "equal")),
            all_for_all=self._all_for_all(),
            rank_groups=self._groups(),
            civilians=self._counts("civilians.minimum", self._table("civilians").get("minimum", {})),
            retained_apart=self._retained(),
            order=self._order(),
            legs=self._legs(),
            lottery=self._lottery(),
            gain=self._gain(),
        )

    def _names(self) -> None:
        for key, inner in self.tree.items():
            if key == "all_for_all":
                continue
            if key not in _KEYS:
                self.fault(key, key, f"one of {', '.join((*_KEYS, 'all_for_all'))}")
            elif not isinstance(inner, dict):
                self.fault(key, inner, f"a table [{key}]")
            else:
                for name in inner:
                    if name not in _KEYS[key]:
                        self.fault(f"{key}.{name}", name, f"one of {', '.join(_KEYS[key])}")
        if "exchange" not in self.tree:
            self.fault("exchange", "no such table", "a table [exchange] with sides, held and on")

    def _table(self, key: str) -> Mapping[str, object]:
        inner = self.tree.get(key, {})
        return inner if isinstance(inner, dict) else {}

    def _sides(self, found: object) -> tuple[str, str]:
        match found:
            case [str(first), str(second)] if first != second and _CODE.match(first) and _CODE.match(second):
                return first, second
            case _:
                shown = "no such key" if found is None else found
                self.fault("exchange.sides", shown, 'two different codes without spaces, such as ["A", "B"]')
                return "A", "B"

    def _by_side(self, path: str, found: object, kind: type, *, need: bool = False) -> dict[str, object]:
        if not isinstance(found, dict):
            self.fault(
                path, "no such key" if found is None else found, f"a value for each of {' and '.join(self.sides)}"
            )
            return {}
        good: dict[str, object] = {}
        for side, value in found.items():
            if side not in self.sides:
                self.fault(f"{path}.{side}", side, f"a side: {' or '.join(self.sides)}")
            elif not isinstance(value, kind) or isinstance(value, bool):
                self.fault(f"{path}.{side}", value, "text" if kind is str else "a whole number")
            else:
                good[side] = value
        for side in self.sides if need else ():
            if side not in found:
                self.fault(f"{path}.{side}", "no such key", "a value for each side")
        return good

    def _counts(self, path: str, found: object) -> dict[str, int]:
        counts: dict[str, int] = {}
        for side, value in self._by_side(path, found, int).items():
            if isinstance(value, int) and 0 <= value <= _MOST:
                counts[side] = value
            else:
                self.fault(f"{path}.{side}", value, f"a whole number from 0 to {_MOST}")
        return counts

    def _ratio(self, found: object) -> tuple[int, int] | None:
        match found:
            case "equal":
                return 1, 1
            case "free":
                return None
            case dict():
                parts = self._by_side("numbers.balance", found, int, need=True)
                first, second = (parts.get(side, 1) for side in self.sides)
                for side, part in zip(self.sides, (first, second), strict=True):
                    if not isinstance(part, int) or not 1 <= part <= 1000:
                        self.fault(f"numbers.balance.{side}", part, "a whole number from 1 to 1000")
                        return 1, 1
                return (first, second) if isinstance(first, int) and isinstance(second, int) else (1, 1)
            case _:
                self.fault("numbers.balance", found, '"equal", "free" or a ratio such as { A = 2, B = 1 }')
                return 1, 1

    def _all_for_all(self) -> tuple[str, ...]:
        rows = self.tree.get("all_for_all", [])
        if not isinstance(rows, list):
            self.fault("all_for_all", rows, "tables [[all_for_all]] with a category each")
            return ()
        good: list[str] = []
        for number, row in enumerate(rows):
            path = f"all_for_all[{number}]"
            category = row.get("category") if isinstance(row, dict) else row
            for name in row if isinstance(row, dict) else ():
                if name != "category":
                    self.fault(f"{path}.{name}", name, "category")
            if category not in CATEGORIES:
                self.fault(f"{path}.category", category, f"one of {', '.join(CATEGORIES)}")
            elif category in good:
                self.fault(f"{path}.category", category, "a category that is not named twice")
            else:
                good.append(category)
        return tuple(good)

    def _groups(self) -> tuple[tuple[Rank, ...], ...]:
        found = self._table("rank_balance").get("groups", [])
        if not isinstance(found, list):
            self.fault("rank_balance.groups", found, 'groups such as [["captain", "major"]]')
            return ()
        groups: list[tuple[Rank, ...]] = []
        seen: set[Rank] = set()
        for number, names in enumerate(found):
            path = f"rank_balance.groups[{number}]"
            if not isinstance(names, list) or not names:
                self.fault(path, names, "a list of ranks")
                continue
            ranks: list[Rank] = []
            for name in names:
                rank = rank_of(name) if isinstance(name, str) else None
                if rank is None:
                    self.fault(path, name, f"a rank such as {', '.join(list(Rank)[18:22])}")
                elif rank in seen:
                    self.fault(path, name, "a rank that stands in one group only")
                else:
                    seen.add(rank)
                    ranks.append(rank)
            groups.append(tuple(ranks))
        return tuple(groups)

    def _retained(self) -> bool:
        heading = self._table("retained").get("heading", "prisoners")
        if heading not in {"own", "prisoners"}:
            self.fault("retained.heading", heading, '"own" or "prisoners"')
        return heading == "own"

    def _order(self) -> tuple[str, ...]:
        found = self._table("priority").get("order", [])
        if not isinstance(found, list):
            self.fault("priority.order", found, "a list of criteria")
            return ()
        order: list[str] = []
        for number, name in enumerate(found):
            path = f"priority.order[{number}]"
            if name == MOST_PEOPLE and number == len(found) - 1:
                continue
            if name == MOST_PEOPLE:
                self.fault(path, name, "most_people at the end, where it stands by itself")
            elif name not in CRITERIA:
                self.fault(path, name, f"one of {', '.join(CRITERIA)}")
            elif name in order:
                self.fault(path, name, "a criterion that is not named twice")
            else:
                order.append(name)
        return tuple(order)

    def _legs(self) -> Legs:
        table = self._table("legs")
        seats = table.get("seats")
        if seats is not None and not (
            isinstance(seats, list) and seats and len(seats) <= 60 and all(_is_count(seat) for seat in seats)
        ):
            self.fault("legs.seats", seats, "1 to 60 whole numbers, such as [320, 320]")
            seats = None
        per_site = table.get("per_site")
        if per_site is not None and not _is_count(per_site):
            self.fault("legs.per_site", per_site, "a whole number")
            per_site = None
        balanced = table.get("balanced", True)
        if not isinstance(balanced, bool):
            self.fault("legs.balanced", balanced, "true or false")
        return Legs(
            tuple(seats) if isinstance(seats, list) else None,
            per_site if isinstance(per_site, int) else None,
            balanced is not False,
        )

    def _lottery(self) -> Lottery | None:
        if "lottery" not in self.tree:
            return None
        table = self._table("lottery")
        commit = {
            side: str(text).lower()
            for side, text in self._by_side("lottery.commit", table.get("commit"), str, need=True).items()
        }
        reveal = {
            side: str(text)
            for side, text in self._by_side("lottery.reveal", table.get("reveal"), str, need=True).items()
        }
        for side, text in commit.items():
            if not _HEX.match(text):
                self.fault(f"lottery.commit.{side}", text, "64 hexadecimal digits")
            elif side in reveal and sha256_hex(reveal[side].encode()) != text:
                found = f"no fit: the SHA-256 of the reveal is {sha256_hex(reveal[side].encode())}"
                self.fault(f"lottery.reveal.{side}", found, f"a text whose SHA-256 is {text}")
        for side, text in reveal.items():
            if len(text) < 16 or "\n" in text:
                self.fault(f"lottery.reveal.{side}", f"{len(text)} characters", "at least 16 characters on one line")
        return Lottery(commit, reveal)

    def _gain(self) -> Gain:
        table = self._table("gain")
        found = table.get("weights", {})
        shared = isinstance(found, dict) and not any(side in found for side in self.sides)
        weights: dict[str, dict[str, int]] = {}
        for side in self.sides:
            inner = found if shared else found.get(side, {}) if isinstance(found, dict) else found
            path = "gain.weights" if shared else f"gain.weights.{side}"
            weights[side] = self._weights(path, inner)
            if shared:
                weights = dict.fromkeys(self.sides, weights[side])
                break
        return Gain(weights, self._counts("gain.minimum", table.get("minimum", {})))

    def _weights(self, path: str, found: object) -> dict[str, int]:
        if not isinstance(found, dict):
            self.fault(path, found, "criteria with whole numbers")
            return {}
        good: dict[str, int] = {}
        for name, value in found.items():
            if name not in CRITERIA:
                self.fault(f"{path}.{name}", name, f"one of {', '.join(CRITERIA)}")
            elif not _is_count(value) or value > 1000:
                self.fault(f"{path}.{name}", value, "a whole number from 0 to 1000")
            else:
                good[name] = value
        return good


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
