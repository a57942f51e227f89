"""The custody form of one item: who had it, from when, with which seal; lines filled and lines to fill."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Sheet, clock, printed
from goodoffices.formats.words import Language, Words


class SealState(StrEnum):
    """How a seal was found when an item changed hands."""

    INTACT = "intact"
    BROKEN = "broken"
    REPLACED = "replaced"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Custody:
    """One change of hands; offices, not persons.

    Attributes
    ----------
    at
        When.
    giver, receiver
        Offices.
    place
        Where.
    seal, state
        Number of the seal (empty where none was noted), and how it was found.
    note
        What stands against the line, such as a gap before it; empty for nothing.
    """

    at: dt.datetime
    giver: str
    receiver: str
    place: str
    seal: str
    state: SealState
    note: str = ""


@dataclass(frozen=True, slots=True)
class CustodyForm:
    """The chain of custody of one item.

    Attributes
    ----------
    frame
        Around it.
    item, parent
        The item's number, and of which item it is a part (empty for none).
    description
        What it is, without any person's name.
    lines
        Changes of hands so far, oldest first.
    blank
        Lines to be filled by hand.
    mark
        The last statement of the chain; None while there is none.
    """

    frame: Frame
    item: str
    parent: str
    description: str
    lines: tuple[Custody, ...]
    blank: int = 6
    mark: Mark | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.blank <= 40:
            raise RangeError(f"{self.blank} blank lines, expected 0 to 40")
        if any(a.at > z.at for a, z in zip(self.lines, self.lines[1:], strict=False)):
            raise RangeError("a chain of custody out of order, expected the oldest first")


def custody_pdf(form: CustodyForm, language: Language) -> bytes:
    """Print a custody form."""
    return printed([custody_sheet(form, language)])


def custody_sheet(form: CustodyForm, language: Language) -> Sheet:
    """Lay out a custody form."""
    words = Words("print", language)
    say = b.Tongues(words)
    columns = [
        b.Column("№", 8, align="right"),
        b.Column(words("when_where"), 32, share=True),
        b.Column(words("custody_from"), 26, share=True),
        b.Column(words("custody_to"), 26, share=True),
        b.Column(words("seal"), 28, share=True),
        b.Column(words("sign_both"), 26, share=True),
    ]
    rows: list[list[b.Cell]] = [
        [
            str(at),
            b.lines(clock(one.at, form.frame.places[0], words), b.soft(one.place), *_noted(one)),
            one.giver,
            one.receiver,
            _seal(one, words),
            "",
        ]
        for at, one in enumerate(form.lines, 1)
    ]
    rows += [[str(len(form.lines) + at), *[""] * 5] for at in range(1, form.blank + 1)]
    blocks = [
        b.facts(
            [
                (words("item"), form.item),
                (words("item_parent"), form.parent or words("none")),
                (words("item_what"), form.description),
            ]
        ),
        b.head(words("custody_lines")),
        b.listing(columns, rows, height="roomy", size=85),
        b.lead(words("custody_rule")),
    ]
    if form.mark is not None:
        blocks.append(b.proof(form.mark, say))
    digest = "" if form.mark is None else form.mark.sha256
    return Sheet(words("custody_title"), form.frame, language, tuple(blocks), sha256=digest)


def _noted(one: Custody) -> list[b.Cell]:
    return [b.strong(one.note)] if one.note else []


def _seal(one: Custody, words: Words) -> b.Cell:
    """Write how the seal was and its number, or that no number was noted."""
    state = b.strong(words(f"seal_{one.state.value}"))
    if one.state is SealState.NONE:
        return state
    return b.lines(b.code(one.seal) if one.seal else b.soft(words("seal_unnumbered")), state)
