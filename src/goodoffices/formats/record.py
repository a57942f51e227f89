"""The record as a page: every entry in words, whether it is in force or what it lacks, and the heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.statement import kind_of
from goodoffices.formats.words import Language, Words, number


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One statement of the record.

    Attributes
    ----------
    index, kind, statement
        Of its entry.
    signed
        Roles that have consented.
    missing
        Roles that have not.
    lacks
        What else is missing, as codes: `quorum`, or a reason for which it can never be in force.
    in_force, erased
        Its state.
    """

    index: int
    kind: str
    statement: str
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    lacks: tuple[str, ...]
    in_force: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What the page shows.

    Attributes
    ----------
    origin
        Of the log.
    size
        Number of entries.
    rows
        Statements, in order.
    heads
        Size, root and witnesses of each head, newest first.
    charter
        Hash of the rules.
    checked
        The verdict of the verifier, in its own words.
    tampered
        What the verifier said of a changed copy; empty if none was tried.
    """

    origin: str
    size: int
    rows: Sequence[RecordRow]
    heads: Sequence[tuple[int, str, Sequence[str]]]
    charter: str
    checked: str
    tampered: str = ""


def record_page(record: Record, language: Language) -> str:
    """Write the page in the reader's language."""
    words = Words("ledger", language)
    in_force = sum(row.in_force for row in record.rows)
    figures = [
        (record.size, words("record_entries"), "kpi"),
        (in_force, words("record_in_force"), "kpi ok"),
        (len(record.rows) - in_force, words("record_open"), "kpi claim"),
    ]
    body = join(
        [
            tag("h1", words("record_title")),
            tag("p", words("record_lead"), class_="lead"),
            tag(
                "dl",
                *(
                    tag("div", tag("dt", label), tag("dd", number(value)), class_=kind)
                    for value, label, kind in figures
                ),
                class_="kpis",
            ),
            _entries(record, words),
            _heads(record, words),
            _checked(record, words),
        ]
    )
    return render(Page(words("record_title"), body, language))


def _entries(record: Record, words: Words) -> Html:
    names = [words("receipt_entry"), words("record_what"), words("record_consents"), words("record_state")]
    head = _head(names)
    rows = [
        tag(
            "tr",
            tag("td", number(row.index), class_="n", data_l=names[0]),
            tag("th", kind_of(row.kind, words), tag("div", row.statement, class_="sub"), scope="row"),
            tag("td", ", ".join(_roles(row.signed, words)) or "–", data_l=names[2]),
            tag("td", *_state(row, words), data_l=names[3]),
        )
        for row in record.rows
    ]
    return tag("section", tag("table", head, tag("tbody", *rows), class_="stack"), class_="card")


def _head(names: Sequence[str]) -> Html:
    """Name the columns; the first is of numbers."""
    cells = [tag("th", name, scope="col", class_="n" if place == 0 else None) for place, name in enumerate(names)]
    return tag("thead", tag("tr", *cells))


def _state(row: RecordRow, words: Words) -> list[Html]:
    parts = [tag("span", words("record_force"), class_="tag ok")] if row.in_force else []
    if row.missing:
        parts.append(
            tag("span", f"{words('record_lacks')}: {', '.join(_roles(row.missing, words))}", class_="tag wait")
        )
    if "quorum" in row.lacks:
        parts.append(tag("span", words("record_quorum"), class_="tag wait"))
    if set(row.lacks) - {"quorum"}:
        parts.append(tag("span", words("record_other"), class_="tag gap"))
    if row.erased:
        parts.append(tag("span", words("record_erased"), class_="tag wait"))
    return [Html(part + " ") for part in parts]


def _heads(record: Record, words: Words) -> Html:
    names = [words("record_size"), words("receipt_root"), words("record_cosigned")]
    head = _head(names)
    rows = [
        tag(
            "tr",
            tag("td", number(size), class_="n", data_l=names[0]),
            tag("td", tag("code", root), data_l=names[1]),
            tag("td", ", ".join(_roles(tuple(cosigned), words)) or "–", data_l=names[2]),
        )
        for size, root, cosigned in record.heads
    ]
    return tag(
        "section",
        tag("h2", words("record_heads")),
        tag("p", record.origin, class_="sub"),
        tag("table", head, tag("tbody", *rows), class_="stack"),
        tag("p", words("record_charter"), ": ", tag("code", record.charter)),
        class_="card",
    )


def _checked(record: Record, words: Words) -> Html:
    parts = [tag("h2", words("record_checked")), tag("p", tag("code", record.checked))]
    if record.tampered:
        parts += [tag("h2", words("record_fails")), tag("p", tag("code", record.tampered))]
    return tag("section", *parts, class_="card")


def _roles(roles: Sequence[str], words: Words) -> list[str]:
    return [words(f"value_{role}") if words.has(f"value_{role}") else role for role in roles]
