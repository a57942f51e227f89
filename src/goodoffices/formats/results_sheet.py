"""Results as a workbook: commitments, movements, assertions."""

from __future__ import annotations

from collections.abc import Iterator

from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import Result
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.sheet import Cell, Rows, workbook


def results_sheet(process: Process, result: Result, phrases: Phrases) -> bytes:
    """Write a workbook of three sheets; figures are numbers, all else is text, what is not known stays a word."""
    words = phrases.words
    column = {name: words(f"col_{name}") for name in _COLUMNS}
    commitments = Rows(
        [
            "ID",
            column["commitment"],
            words("nav_talks"),
            words("promised"),
            column["direction"],
            column["unit"],
            column["party"],
            words("stated"),
            column["status"],
            words("confirmed"),
            words("time_title"),
            words("disputed"),
        ],
        list(_commitments(result, phrases)),
    )
    movements = Rows(
        [
            "ID",
            *(column[name] for name in ("date", "direction", "unit", "category", "giver", "receiver", "neutral")),
            words("withheld"),
            words("difference"),
            words("confirmed"),
            column["status"],
        ],
        list(_movements(result, phrases)),
    )
    assertions = Rows(
        [
            "ID",
            *(column[name] for name in ("date", "party", "organ", "about", "direction", "unit", "category")),
            column["figure"],
            words("stated"),
            column["commitment"],
            column["standing"],
            column["source"],
            "note",
            words("superseded"),
        ],
        list(_assertions(process, result, phrases)),
    )
    return workbook({"Commitments": commitments, "Movements": movements, "Assertions": assertions})


_COLUMNS = (
    "date",
    "party",
    "organ",
    "about",
    "figure",
    "standing",
    "source",
    "direction",
    "unit",
    "category",
    "giver",
    "receiver",
    "neutral",
    "status",
    "commitment",
)


def _commitments(result: Result, phrases: Phrases) -> Iterator[list[Cell]]:
    words = phrases.words
    for c in result.commitments:
        promise = c.commitment
        confirmed = {(line.direction, line.unit): line.quantity for line in c.confirmed}
        head: list[Cell] = [
            promise.id,
            phrases.text(promise.title),
            words(f"state_{promise.state}"),
            phrases.promise(promise),
        ]
        tail: list[Cell] = [words(f"commitment_{c.status}"), words("disputed") if c.disputed else None]
        if not c.stated:
            yield [*head, None, phrases.unit(promise.unit), None, None, words("not_stated"), None, *tail]
        for line in c.stated:
            quantity = confirmed.get((line.direction, line.unit))
            yield [
                *head,
                phrases.direction(line.direction),
                phrases.unit(line.unit),
                phrases.party(line.party),
                line.quantity,
                f"{phrases.sum(line)}. {phrases.coverage(line)}",
                words("not_confirmed") if quantity is None else quantity,
                *tail,
            ]


def _movements(result: Result, phrases: Phrases) -> Iterator[list[Cell]]:
    for m in result.movements:
        figures: list[Cell] = []
        for role in Role:
            given = set(m.figures[role])
            figures.append(given.pop() if len(given) == 1 and not m.bounds else phrases.said(m, role))
        yield [
            m.id,
            m.date,
            phrases.direction(m.direction),
            phrases.unit(m.unit),
            phrases.category(m.category),
            *figures,
            ", ".join(phrases.party(party) for party in m.withheld_by) or None,
            m.spread or None,
            phrases.words("not_confirmed") if m.confirmed is None else m.confirmed,
            phrases.status(m),
        ]


def _assertions(process: Process, result: Result, phrases: Phrases) -> Iterator[list[Cell]]:
    words = phrases.words
    for a in process.assertions:
        yield [
            a.id,
            a.date,
            phrases.party(a.party),
            phrases.speaker(a),
            words(f"kind_{a.kind}"),
            None if a.direction is None else phrases.direction(a.direction),
            None if a.unit is None else phrases.unit(a.unit),
            phrases.category(a.category),
            a.quantity,
            phrases.figure(a.quantity, a.bound),
            a.commitment,
            phrases.standing(a),
            a.source,
            a.note,
            words("superseded") if a.id in result.superseded else None,
        ]
