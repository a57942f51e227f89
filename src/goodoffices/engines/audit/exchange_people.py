"""Whom a sealed list names, read anew: who can go, why not, and under which heading."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from goodoffices.domain.lists import COLUMNS
from goodoffices.domain.ranks import rank_of
from goodoffices.engines.audit.exchange_rules import KNOWN, Rules, UnreadableError

_SAID_YES = frozenset({"yes", "y", "true", "1", "так", "да", "evet"})
_SAID_NO = frozenset({"no", "n", "false", "0", "ні", "нет", "hayır", "hayir"})
_LEGAL = frozenset({"military", "medical", "chaplain", "civilian", "child"})
_KEPT = frozenset({"died", "escaped", "released", "judicial_hold"})

PRISONER, EVERYONE, RETAINED, CIVILIAN = "balance", "all_for_all", "retained", "civilian"


@dataclass(slots=True)
class Person:
    """One line of a list, judged by the terms.

    Attributes
    ----------
    ref, site, family
        As the list has them.
    why
        Why the person cannot go; empty if he can.
    heading
        Under which he would go.
    kind
        The heading without its category.
    marks
        Value per criterion: the priorities, then those that only weights name.
    group
        Which balanced group of ranks, -1 for none; only under the balance.
    badly
        Seriously wounded or ill, and a prisoner of war or retained.
    category
        As the list has it.
    """

    ref: str
    site: str
    family: str
    why: str
    heading: str
    kind: str
    marks: tuple[int, ...]
    group: int
    badly: bool
    category: str


@dataclass(slots=True)
class Held:
    """Everyone on one list.

    Attributes
    ----------
    side
        The holder.
    people
        By reference, in the order of the list.
    units
        Who can go, in units that travel together: single persons and families.
    kept
        References of people who stay because their family cannot go whole.
    unsure
        How many birth dates, and dates of capture, leave a criterion open.
    """

    side: str
    people: dict[str, Person]
    units: list[tuple[Person, ...]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    unsure: dict[str, int] = field(default_factory=dict)


def read_held(data: bytes, side: str, rules: Rules, *, gone: frozenset[str] = frozenset()) -> Held:
    """Read a sealed list and judge everyone on it.

    Raises
    ------
    UnreadableError
        If it is not a list in canonical form.
    """
    rows = _rows(data, side)
    header = next(rows, [])
    if tuple(header) != COLUMNS:
        raise UnreadableError(f"list of {side}: the columns are not the contract's, in order")
    judge = _Judge(rules, gone)
    held = Held(side, {})
    last = b""
    for row in rows:
        if len(row) != len(COLUMNS):
            raise UnreadableError(f"list of {side}: a row with {len(row)} cells")
        person = judge(row)
        key = person.ref.encode()
        if key <= last:
            raise UnreadableError(f"list of {side}: references are not unique and in order")
        last = key
        held.people[person.ref] = person
    held.unsure = judge.unsure
    _families(held)
    return held


def _rows(data: bytes, side: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    except (ValueError, csv.Error) as error:
        raise UnreadableError(f"list of {side}: {error}") from error


class _Judge:
    """One row to one person; repeated cells are judged once."""

    def __init__(self, rules: Rules, gone: frozenset[str]) -> None:
        self.rules, self.gone = rules, gone
        self.names = (*rules.order, *rules.extra)
        self.at = at = {name: place for place, name in enumerate(COLUMNS)}
        told = ("ref", "category", "health", "held_at", "family", "rank", "birth_date", "captured_on")
        self.cells = itemgetter(*(at[name] for name in told))
        self.bars = itemgetter(*(at[name] for name in ("withheld", "fit_to_travel", "status")))
        self.age = cache(self._age)
        self.bands = cache(self._bands)
        self.rank = cache(self._rank)
        self.tests = [self._test(name) for name in self.names]
        self.everyone = [(name, self._test(name)) for name in rules.everyone]
        self.ages_count = bool({"under_25", "aged_18_to_25"} & {*self.names, *rules.everyone})
        self.held_counts = "longest_held" in self.names
        self.unsure: dict[str, int] = defaultdict(int)

    def __call__(self, row: list[str]) -> Person:
        ref, category, health, site, family, rank, born, taken = self.cells(row)
        ref, category, health = ref.strip(), category.strip().lower(), health.strip().lower()
        why = self.why(row, category) or ("gone" if ref in self.gone else "")
        heading = kind = ""
        if category == "civilian":
            heading = kind = CIVILIAN
        elif category == "military" or (category in {"medical", "chaplain"} and not self.rules.own_heading):
            heading = kind = PRISONER
            for name, test in self.everyone:
                if test(row):
                    heading, kind = f"{EVERYONE}:{name}", EVERYONE
                    break
        elif category in {"medical", "chaplain"}:
            heading = kind = RETAINED
        if not why:
            self.note(born, taken)
        group = self.rank(rank) if kind == PRISONER and not why and self.rules.groups else -1
        return Person(
            ref,
            site.strip(),
            family.strip(),
            why,
            heading,
            kind,
            tuple([test(row) for test in self.tests]),
            group,
            health in {"seriously_wounded", "seriously_ill"} and category in {"military", "medical", "chaplain"},
            category,
        )

    def why(self, row: list[str], category: str) -> str:
        """Give the first reason in the fixed order: child, category, withheld, unfit, status."""
        if category == "child":
            return "child"
        if category not in _LEGAL:
            return "category"
        withheld, fit, status = self.bars(row)
        if withheld and self.answer(withheld, _SAID_YES, _SAID_NO):
            return "withheld"
        if fit and self.answer(fit, _SAID_NO, _SAID_YES):
            return "unfit"
        status = status.strip().lower()
        return f"status:{status}" if status in _KEPT else ""

    def answer(self, cell: str, wanted: frozenset[str], other: frozenset[str]) -> bool:
        """Read yes or no.

        Raises
        ------
        UnreadableError
            If the cell says neither.
        """
        said = cell.strip().lower()
        if not said or said in other:
            return False
        if said in wanted:
            return True
        raise UnreadableError("withheld or fit_to_travel says neither yes nor no")

    def note(self, born: str, taken: str) -> None:
        """Count the dates that leave a criterion open."""
        if self.ages_count and self.age(born)[2]:
            self.unsure["birth_date_unsure"] += 1
        if self.held_counts and len(taken.strip()) != 10:
            self.unsure["captured_on_unsure"] += 1

    def _test(self, name: str) -> Callable[[list[str]], int]:
        at = self.at
        if name not in KNOWN:
            raise UnreadableError(f"unknown criterion {name!r}")
        if name == "longest_held":
            return lambda row: self.bands(row[at["captured_on"]])
        if name == "under_25":
            return lambda row: self.age(row[at["birth_date"]])[0]
        if name == "aged_18_to_25":
            return lambda row: self.age(row[at["birth_date"]])[1]
        column, words = {
            "seriously_wounded_or_ill": ("health", {"seriously_wounded", "seriously_ill"}),
            "wounded": ("health", {"wounded", "seriously_wounded"}),
            "women": ("sex", {"f"}),
            "medical": ("category", {"medical"}),
        }.get(name, ("requested", {name[-1]}))
        place = at[column]
        return lambda row: int(row[place].strip().lower() in words)

    def _age(self, text: str) -> tuple[int, int, bool]:
        days = span(text.strip())
        if days is None:
            return 0, 0, True
        ages = [_birthdays(day, self.rules.on) for day in days]
        young = [int(age < 25) for age in ages]
        grown = [int(18 <= age < 26) for age in ages]
        return min(young), min(grown), young[0] != young[1] or grown[0] != grown[1]

    def _bands(self, text: str) -> int:
        days = span(text.strip())
        return 0 if days is None else max(0, (self.rules.on - days[1]).days // 90)

    def _rank(self, text: str) -> int:
        rank = rank_of(text)
        return next((place for place, ranks in enumerate(self.rules.groups) if rank in ranks), -1)


def span(text: str) -> tuple[dt.date, dt.date] | None:
    """Give the first and the last day that YYYY, YYYY-MM or YYYY-MM-DD allows; None for anything else."""
    parts = text.split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        return None
    numbers = [int(part) for part in parts]
    try:
        first = dt.date(numbers[0], *[*numbers[1:], 1, 1][:2])
        if len(numbers) == 3:
            return first, first
        year, month = (numbers[0], 12) if len(numbers) == 1 else (numbers[0], numbers[1])
        end = dt.date(year, month, 31) if month == 12 else dt.date(year, month + 1, 1) - dt.timedelta(days=1)
    except ValueError:
        return None
    return first, end


def _birthdays(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - (1 if (on.month, on.day) < (born.month, born.day) else 0)


def _families(held: Held) -> None:
    """Bind families: whole if everyone of it can go, else only who must go all for all."""
    families: dict[str, list[Person]] = defaultdict(list)
    for person in held.people.values():
        if person.family:
            families[person.family].append(person)
        elif not person.why:
            held.units.append((person,))
    for members in families.values():
        able = tuple(person for person in members if not person.why)
        if len(able) < len(members):
            held.kept.update(person.ref for person in able if person.kind != EVERYONE)
            able = tuple(person for person in able if person.kind == EVERYONE)
        if able:
            held.units.append(able)
