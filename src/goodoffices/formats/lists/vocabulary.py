"""The words that lists use, looked up in folded form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from goodoffices.domain.lists import ListKind
from goodoffices.formats.lists.letters import fold, repair

_YES_NO_COLUMNS = ("fit_to_travel", "withheld")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]|\{[^}]*\}")
_PARTS = re.compile(r"[/|\n]| - | – ")


@dataclass(frozen=True, slots=True)
class Title:
    """What a column's title was understood as.

    Attributes
    ----------
    column
        A column of the contract.
    is_weak
        Whether it gives way to a clearer title of the same or another column.
    """

    column: str
    is_weak: bool = False


def read_title(text: str) -> tuple[Title, ...]:
    """Say which columns a title may mean, clearest first; nothing if it is unknown.

    The order of words, brackets and a second language after a slash do not matter.
    """
    for wording in (text, _BRACKETS.sub(" ", text)):
        found = _lookup(wording)
        if found:
            return found
    parts = [_lookup(part) for part in _PARTS.split(_BRACKETS.sub(" ", text)) if part.strip()]
    known = [part for part in parts if part]
    if known and len({part[0].column for part in known}) == 1:
        return known[0]
    return ()


def read_word(column: str, text: str) -> str | None:
    """Give the canonical word of a closed column, or None if the text is none of its words."""
    vocabulary = _words()["yes_no" if column in _YES_NO_COLUMNS else column]
    key = fold(text)
    return vocabulary.get(key) or vocabulary.get(fold(repair(text, others="я" if not key.isascii() else "")[0]))


def is_closed(column: str) -> bool:
    """Whether a column takes only words of a closed vocabulary."""
    return column in _YES_NO_COLUMNS or column in _words()


def read_kind(text: str) -> ListKind | None:
    """Say which kind of list a title or a file's name speaks of; None if it names none or several."""
    padded = f" {fold(text)} "
    found = {kind for phrase, kind in _kinds().items() if f" {phrase} " in padded}
    if len(found) > 1:
        found.discard(ListKind.HELD)  # "prisoners of war who are sought": the other word says more
    return found.pop() if len(found) == 1 else None


def is_total(text: str) -> bool:
    """Whether a cell begins a line of totals."""
    if text.lstrip()[:2].casefold() not in _beginnings("total"):
        return False
    first = fold(re.split(r"[:=\d]", text, maxsplit=1)[0])
    return first in _set("rows", "total") or any(first.startswith(f"{word} ") for word in _set("rows", "total"))


def is_unknown(text: str) -> bool:
    """Whether a cell says that nothing is known."""
    return (
        text[:2].casefold().replace("/", " ") in _beginnings("unknown")
        and len(text) < 24
        and fold(text) in _set("rows", "unknown")
    )


def title_order_is_given_first(text: str) -> bool:
    """Whether a title of a whole name puts the given name before the surname."""
    return fold(_BRACKETS.sub(" ", text)) in _set("names", "given_first")


def months() -> Mapping[str, int]:
    """Give the number of every month's name, folded, and of its beginnings of three letters or more."""
    return _months()


def words_of(table: str, key: str) -> frozenset[str]:
    """Give a folded set of words of the vocabulary's tables of `dates`, `names` and `rows`."""
    return _set(table, key)


def _lookup(text: str) -> tuple[Title, ...]:
    key = _title_key(text)
    found = _titles().get(key, ())
    return found or _titles().get(_title_key(repair(text, others="я")[0]), ())


def _title_key(text: str) -> str:
    return " ".join(sorted(fold(text).split()))


@cache
def _titles() -> dict[str, tuple[Title, ...]]:
    titles: dict[str, tuple[Title, ...]] = {}
    for is_weak in (False, True):
        for column, entry in cast("dict[str, dict[str, list[str]]]", _table()["columns"]).items():
            texts = entry.get("weak", []) if is_weak else [*entry["strong"], column]
            for text in texts:
                key = _title_key(text)
                known = titles.get(key, ())
                if Title(column, is_weak) not in known and not (is_weak and column in {t.column for t in known}):
                    titles[key] = (*known, Title(column, is_weak))
    return titles


@cache
def _words() -> dict[str, dict[str, str]]:
    tables = cast("dict[str, dict[str, list[str]]]", _table()["words"])
    words = {
        column: {fold(text): word for word, texts in entry.items() for text in [word, *texts]}
        for column, entry in tables.items()
    }
    return words | {"requested": {number: number for number in ("1", "2", "3")}}


@cache
def _kinds() -> dict[str, ListKind]:
    tables = cast("dict[str, list[str]]", _table()["kind"])
    return {fold(text): ListKind(kind) for kind, texts in tables.items() for text in [*texts, kind]}


@cache
def _months() -> dict[str, int]:
    lines = cast("list[list[str]]", cast("dict[str, object]", _table()["dates"])["months"])
    numbers: dict[str, int] = {}
    for number, names in enumerate(lines, 1):
        for name in names:
            folded = fold(name)
            for length in range(3, len(folded) + 1):
                numbers.setdefault(folded[:length], number)
    return numbers


@cache
def _set(table: str, key: str) -> frozenset[str]:
    return frozenset(fold(text) for text in cast("dict[str, list[str]]", _table()[table])[key])


@cache
def _beginnings(key: str) -> frozenset[str]:
    return frozenset(word[:2] for word in _set("rows", key))


@cache
def _table() -> dict[str, object]:
    text = (files("goodoffices.formats.lists") / "vocabulary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
