"""Refusals in the reader's words: each phrase is found in `words/faults.toml` by the English that was raised.

Engines, files' readers and the command line raise English; whoever shows a page says it in the reader's language.
A phrase that the table has not stays English and says so, so that a page can mark it; a test fails for every such
phrase that the desk can raise. What a person or a file has written is never translated.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import NamedTuple

from goodoffices.domain.errors import Fault
from goodoffices.formats.words import Language, Words

PART = "faults"
_PHRASE = "p_"
_JOINS = re.compile(r"(, | or )")
_ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
_LONGEST = 1_000
"""Characters of what is looked for among the phrases; longer is what somebody wrote, and would be slow to match."""


class Telling(NamedTuple):
    """Words for a reader.

    Attributes
    ----------
    text
        What is said.
    language
        In which language: the reader's, or English where the table has no words.
    """

    text: str
    language: Language


class Said(NamedTuple):
    """A fault for a reader, part by part.

    Attributes
    ----------
    where
        File, place and field, those that were named.
    found, expected
        What stands there and what would be accepted.
    """

    where: tuple[Telling, ...]
    found: Telling
    expected: Telling


class _Phrase(NamedTuple):
    """A phrase of the table, as it is looked for: its longest plain part, its pattern, its key."""

    plain: str
    pattern: str
    key: str


def tell(text: str, language: Language) -> Telling:
    """Say one phrase: a refused step, or what was found or expected."""
    told = _told(text, Words(PART, language))
    if told is not None:
        return Telling(told, language)
    return Telling(text, Language.EN if _ENGLISH.search(text) else language)


def tell_fault(fault: Fault, language: Language, *, is_beside: bool = False) -> Said:
    """Say a fault.

    Parameters
    ----------
    fault
        As it was raised.
    language
        The reader's.
    is_beside
        Whether the words stand beside the field they are about, so that file and field need not be named.
    """
    words = Words(PART, language)
    field = Telling(fault.field, language) if "." in fault.file else _named(fault.field, words)  # a file has its own
    named = [_named(fault.file, words), tell(fault.place, language), field]
    where = tuple(one for one in (named[1:2] if is_beside else named) if one.text)
    found = _told(fault.found, words)
    return Said(where, Telling(fault.found if found is None else found, language), tell(fault.expected, language))


def line_of(said: Said, language: Language) -> str:
    """Write a fault as one line of plain text."""
    where = ", ".join(one.text for one in said.where)
    key = "say_fault" if where else "say_fault_here"
    return Words(PART, language)(key, where=where, found=said.found.text, expected=said.expected.text)


def _named(name: str, words: Words) -> Telling:
    key = f"field_{name.replace(' ', '_')}"
    return Telling(words(key) if words.has(key) else name, words.language)


def _told(text: str, words: Words) -> str | None:
    """Give a phrase in words, or nothing if the table has none that fits."""
    code = _code("term", text, words)
    if code is not None:
        return code
    for phrase in _phrases() if len(text) <= _LONGEST else ():
        if phrase.plain in text and (match := _compiled(phrase.pattern).fullmatch(text)):
            values = {name: _filled(name, value, words) for name, value in match.groupdict().items()}
            return words(phrase.key, **values)
    coded = _coded(text, words)
    return None if coded == text else coded


def _filled(name: str, value: str, words: Words) -> str:
    return (
        _coded(value, words, "event") if name.startswith("event") else _coded(value, words) if _is_code(name) else value
    )


def _is_code(name: str) -> bool:
    return name.startswith("word")


def _coded(value: str, words: Words, kind: str = "term") -> str:
    """Give codes in words, several with commas; what is no code stands as it is."""
    parts = _JOINS.split(value)
    known = [_code(kind, part, words) or _code("term", part, words) for part in parts[::2]]
    said = [told or part for told, part in zip(known, parts[::2], strict=True)]
    joins = [words("say_or") if join == " or " and any(known) else join for join in parts[1::2]]
    return "".join(part + join for part, join in zip(said, [*joins, ""], strict=True))


def _code(kind: str, code: str, words: Words) -> str | None:
    key = f"{kind}_{code}"
    return words(key) if words.has(key) else None


@cache
def _phrases() -> tuple[_Phrase, ...]:
    """Give the table's phrases, those with most plain text first: the closest fits."""
    english = Words(PART, Language.EN)
    found = []
    for key in english.keys():  # noqa: SIM118  a table of words, no mapping
        if key.startswith(_PHRASE):
            parts = list(Formatter().parse(english.template(key)))
            plain = [literal for literal, _, _, _ in parts]
            pattern = "".join(re.escape(literal) + _slot(name) for literal, name, _, _ in parts)
            found.append((sum(map(len, plain)), _Phrase(max(plain, key=len), pattern, key)))
    return tuple(phrase for _, phrase in sorted(found, key=lambda one: -one[0]))


def _slot(name: str | None) -> str:
    return "" if name is None else rf"(?P<{name}>.*?)"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)
