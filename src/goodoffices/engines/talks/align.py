"""Alarms where the languages of one text diverge: clauses, brackets, numbers, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.text import Clause, Document, Fork, Wording, plain

_MONTHS = {
    1: "january січня января ocak",
    2: "february лютого февраля şubat",
    3: "march березня марта mart",
    4: "april квітня апреля nisan",
    5: "may травня мая mayıs",
    6: "june червня июня haziran",
    7: "july липня июля temmuz",
    8: "august серпня августа ağustos",
    9: "september вересня сентября eylül",
    10: "october жовтня октября ekim",
    11: "november листопада ноября kasım",
    12: "december грудня декабря aralık",
}
_MONTH = {word: month for month, words in _MONTHS.items() for word in words.split()}
_LONG_DATE = re.compile(r"(\d{1,2})\s+([^\W\d]+)\s+(\d{4})", re.UNICODE)
_SHORT_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMBER = re.compile(r"\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?!\d)|\d+")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One divergence between two languages of a text.

    Attributes
    ----------
    clause
        The clause's id.
    code
        missing, order, brackets, numbers or dates.
    languages
        The first language, then the one that differs from it.
    found, expected
        In the second language, and in the first.
    """

    clause: str
    code: str
    languages: tuple[str, str]
    found: str
    expected: str


def alarms(texts: Mapping[str, Document]) -> tuple[Alarm, ...]:
    """Compare every language of a text with the first one.

    Parameters
    ----------
    texts
        Language code to text; at least one.

    Returns
    -------
    tuple of Alarm
        In the order of the first text. Numbers written as words are not compared.
    """
    (base, first), *rest = texts.items()
    out: list[Alarm] = []
    for language, other in rest:
        pair = (base, language)
        theirs = {clause.id: clause for clause in other.clauses}
        for clause in first.clauses:
            if clause.id not in theirs:
                out.append(Alarm(clause.id, "missing", pair, "no such clause", clause.id))
            else:
                out.extend(_compare(clause, theirs[clause.id], pair))
        ours = {clause.id for clause in first.clauses}
        out.extend(
            Alarm(c.id, "missing", (language, base), "no such clause", c.id) for c in other.clauses if c.id not in ours
        )
        common = [c.id for c in first.clauses if c.id in theirs]
        order = [c.id for c in other.clauses if c.id in ours]
        if common != order:
            where = next(a for a, b in zip(common, order, strict=True) if a != b)
            out.append(Alarm(where, "order", pair, " ".join(order[:6]), " ".join(common[:6])))
    return tuple(out)


def _compare(clause: Clause, other: Clause, pair: tuple[str, str]) -> list[Alarm]:
    checks = (("brackets", _shape), ("dates", _dates), ("numbers", _numbers))
    out: list[Alarm] = []
    for code, read in checks:
        expected, found = read(clause.wording), read(other.wording)
        if expected != found:
            out.append(Alarm(clause.id, code, pair, found or "none", expected or "none"))
    return out


def _shape(wording: Wording) -> str:
    """Write the brackets of a wording without its words: who holds what, and how they nest."""
    return " ".join(
        "".join(
            f"[{'' if choice.wording else '-'}{_shape(choice.wording)}]{{{','.join(sorted(map(str, choice.holders)))}}}"
            for choice in node.alternatives
        )
        for node in wording
        if isinstance(node, Fork)
    )


def _dates(wording: Wording) -> str:
    text = plain(wording)
    found = [(int(y), _MONTH[m.casefold()], int(d)) for d, m, y in _LONG_DATE.findall(text) if m.casefold() in _MONTH]
    for day, month, year, y, m, d in _SHORT_DATE.findall(text):
        found.append((int(year or y), int(month or m), int(day or d)))
    return ", ".join(f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in sorted(found))


def _numbers(wording: Wording) -> str:
    text = _SHORT_DATE.sub(" ", plain(wording))
    text = _LONG_DATE.sub(lambda match: " " if match[2].casefold() in _MONTH else match[0], text)
    counts = Counter(int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(text))
    return ", ".join(str(number) for number in sorted(counts.elements()))
