"""Results on paper: per commitment the promise, what each side says, what is confirmed, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodoffices.domain.commitment import Direction, Unit
from goodoffices.domain.process import Process
from goodoffices.domain.result import CommitmentResult, MovementStatus, Result
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Said, Sheet, printed
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.words import Language, Words, number


@dataclass(frozen=True, slots=True)
class ResultsSheet:
    """Results of a process as they are to be printed.

    Attributes
    ----------
    frame
        Around them.
    process, result
        The record, and what follows from it.
    sha256
        Of the record's file.
    texts
        Language to translations of the record's own texts.
    """

    frame: Frame
    process: Process
    result: Result
    sha256: str
    texts: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)


def results_pdf(results: ResultsSheet, language: Language) -> bytes:
    """Print a summary of results."""
    return printed([results_sheet(results, language)])


def results_sheet(results: ResultsSheet, language: Language) -> Sheet:
    """Lay out a summary of results."""
    phrases = Phrases(results.process, language, results.texts.get(language))
    words, own = phrases.words, Words("print", language)
    counts = results.result.counts
    blocks = [
        b.lead(f"{words('lead')} {words('as_of', date=words.date(results.process.as_of))}."),
        b.head(words("strip_title", n=len(results.result.movements))),
        b.sums([(words(f"status_{s}"), number(counts[s]) if counts[s] else words("none")) for s in MovementStatus]),
    ]
    for commitment in results.result.commitments:
        blocks += _commitment(commitment, phrases, own)
    differing = [m for m in results.result.movements if m.status is MovementStatus.DIFFER]
    if differing:
        rows: list[list[b.Cell]] = [
            [words.date(m.date), phrases.direction(m.direction), phrases.unit(m.unit), b.strong(phrases.status(m))]
            for m in differing
        ]
        columns = [
            b.Column(own("when"), 20, share=True),
            b.Column(own("way"), 30, share=True),
            b.Column(own("unit"), 26, share=True),
            b.Column(words("difference"), 22, share=True),
        ]
        blocks += [b.head(words("nav_differences")), b.listing(columns, rows, size=90)]
    return Sheet(words("title"), results.frame, language, tuple(blocks), sha256=results.sha256)


def _commitment(c: CommitmentResult, phrases: Phrases, own: Words) -> list[b.Block]:
    words, promise = phrases.words, c.commitment
    tags = [words(f"state_{promise.state}"), words(f"commitment_{c.status}")]
    if c.disputed:
        tags.append(words("disputed"))
    shown: list[tuple[Said, Said]] = [
        (words("promised"), phrases.promise(promise)),
        (own("state"), " · ".join(tags)),
    ]
    if c.disputed:
        for party, reading in promise.readings:
            text = words("no_reading") if reading is None else phrases.text(reading.text)
            shown.append((words("reads", party=phrases.party(party)), text))
    rows: list[list[b.Cell]] = []
    for line in c.confirmed:
        rows += _direction(line.direction, line.unit, c, phrases)
    columns = [
        b.Column(own("way"), 38, share=True),
        b.Column(own("who_says"), 32, share=True),
        b.Column(own("figure"), 36, align="right"),
        b.Column(own("covers"), 40, share=True),
    ]
    table = [b.listing(columns, rows, size=90)] if rows else []
    return [b.head(f"{promise.id}  {phrases.text(promise.title)}"), b.facts(shown), *table]


def _direction(direction: Direction, unit: Unit, c: CommitmentResult, phrases: Phrases) -> list[list[b.Cell]]:
    words = phrases.words
    told = {line.party: line for line in c.stated if (line.direction, line.unit) == (direction, unit)}
    way = b.lines(phrases.direction(direction), b.soft(phrases.unit(unit)))
    rows: list[list[b.Cell]] = []
    for party in dict.fromkeys([direction.receiver, direction.giver, *told]):
        line = told.get(party)
        first = "" if rows else way
        rows.append([first, phrases.party(party), phrases.sum(line), phrases.coverage(line)])
    quantity = next(x.quantity for x in c.confirmed if (x.direction, x.unit) == (direction, unit))
    shown = b.soft(words("not_confirmed")) if quantity is None else b.strong(number(quantity))
    rows.append(["", b.strong(words("confirmed")), shown, ""])
    return rows
