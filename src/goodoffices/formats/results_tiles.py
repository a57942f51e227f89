"""One tile per kind of thing: persons, remains, groups, ceasefires, meetings; kinds are never added."""

from __future__ import annotations

from collections.abc import Sequence

from goodoffices.domain.assertion import AssertionKind
from goodoffices.domain.commitment import MOVING, Direction, Unit
from goodoffices.domain.process import Process
from goodoffices.domain.result import CommitmentResult, Result, Stated
from goodoffices.formats.page import Html, join, tag
from goodoffices.formats.results_cards import word
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.words import number


def tiles(process: Process, result: Result, phrases: Phrases, *, overall: Sequence[Stated]) -> Html:
    """Make one tile per unit that was promised, moved or found."""
    found = {a.unit for a in process.assertions if a.kind is AssertionKind.FINDING}
    made = []
    for unit in Unit:
        lines = [line for line in overall if line.unit is unit]
        promised = [c for c in result.commitments if c.commitment.unit is unit]
        if unit in MOVING and lines:
            made.append(_moving(unit, lines, result, phrases))
        elif unit in found:
            made.append(_found(unit, process, result, phrases))
        elif promised:
            made.append(_promised(unit, promised, phrases))
    return tag("div", *made, class_="tiles")


def _moving(unit: Unit, lines: Sequence[Stated], result: Result, phrases: Phrases) -> Html:
    words = phrases.words
    rows: list[Html] = []
    for direction in dict.fromkeys(line.direction for line in lines):
        towards = words("to", party=phrases.party(direction.receiver))
        rows.append(tag("dt", f"{towards} · {words('stated')}", class_="d"))
        told = {line.party: line for line in lines if line.direction == direction}
        for party in dict.fromkeys([direction.receiver, direction.giver, *told]):
            line = told.get(party)
            rows += [tag("dt", phrases.party(party)), tag("dd", _sum(line, phrases))]
            coverage = phrases.coverage(line)
            if coverage:
                rows.append(tag("dd", coverage, class_="x"))
        rows += [tag("dt", words("confirmed")), tag("dd", _confirmed(direction, unit, result, phrases))]
    return tag("div", tag("h3", phrases.heading(unit)), tag("dl", *rows), class_="tile")


def _sum(line: Stated | None, phrases: Phrases) -> Html:
    told = phrases.sum(line)
    if line is None or line.movements == 0:
        return word("unknown", told)
    return word("withheld", told) if line.quantity is None else tag("span", told)


def _confirmed(direction: Direction, unit: Unit, result: Result, phrases: Phrases) -> Html:
    figures = [
        m.confirmed for m in result.movements if m.confirmed is not None and m.direction == direction and m.unit is unit
    ]
    if not figures:
        return word("not_yet", phrases.words("not_confirmed"))
    return tag("span", number(sum(figures)))


def _promised(unit: Unit, commitments: Sequence[CommitmentResult], phrases: Phrases) -> Html:
    words = phrases.words
    rows = []
    for c in commitments:
        link = tag("a", f"{c.commitment.id} ", phrases.quote(c.commitment.title), href=f"#commitment-{c.commitment.id}")
        rows += [
            tag("dt", link, class_="d"),
            tag("dt", words(f"state_{c.commitment.state}")),
            tag("dd", word("not_yet", words(f"commitment_{c.status}"))),
        ]
    return tag("div", tag("h3", phrases.heading(unit)), tag("dl", *rows), class_="tile")


def _found(unit: Unit, process: Process, result: Result, phrases: Phrases) -> Html:
    words = phrases.words
    told = [
        a
        for a in process.assertions
        if a.kind is AssertionKind.FINDING and a.unit is unit and a.id not in result.superseded
    ]
    rows = [
        join(
            [
                tag("dt", f"{phrases.party(a.party)}: {phrases.category(a.category)}"),
                tag("dd", phrases.figure(a.quantity, a.bound)),
                tag("dd", f"{phrases.speaker(a)}, {words.date(a.date)}", class_="x"),
                tag("dd", phrases.quote(a.note), class_="x") if a.note else "",
            ]
        )
        for a in told
    ]
    title = tag("h3", f"{words('findings')}: {phrases.unit(unit)}")
    return tag("div", title, tag("dl", *rows), class_="tile")
