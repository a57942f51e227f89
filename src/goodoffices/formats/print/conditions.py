"""The sheet of the four conditions: terms, list, date and place against the two sides; who confirmed, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.domain.errors import RangeError
from goodoffices.domain.process import Condition, Stance
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Sheet, clock, printed
from goodoffices.formats.words import Language, Words

_ACCEPTING = frozenset({Stance.ACCEPT, Stance.SUPPORT})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What one side says of one condition.

    Attributes
    ----------
    stance
        What it says.
    by
        The office that said it, not a person.
    at
        When.
    """

    stance: Stance
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ConditionSheet:
    """A transfer by its four conditions.

    Attributes
    ----------
    frame
        Around it.
    transfer
        Which one.
    sides
        Names of the two sides.
    proposed
        What is proposed under each condition, in words; a condition without it has none yet.
    said
        Side and condition to what that side says; nothing said has no entry.
    mark
        The last statement of the transfer; None while there is none.
    """

    frame: Frame
    transfer: str
    sides: tuple[str, str]
    proposed: Mapping[Condition, str]
    said: Mapping[tuple[str, Condition], Confirmation]
    mark: Mark | None = None

    def __post_init__(self) -> None:
        if len(set(self.sides)) != 2:
            raise RangeError("sides of a transfer, expected two different ones")
        strangers = {side for side, _ in self.said} - set(self.sides)
        if strangers:
            raise RangeError(f"{', '.join(sorted(strangers))} says something, expected one of {', '.join(self.sides)}")


def conditions_pdf(sheet: ConditionSheet, language: Language) -> bytes:
    """Print the sheet of the four conditions."""
    return printed([conditions_sheet(sheet, language)])


def conditions_sheet(sheet: ConditionSheet, language: Language) -> Sheet:
    """Lay out the sheet of the four conditions."""
    words, what = Words("print", language), Words("results", language)
    say = b.Tongues(words)
    columns = [
        b.Column(words("condition"), 20),
        b.Column(words("proposed"), 25, share=True),
        *(b.Column(side, 33, share=True) for side in sheet.sides),
    ]
    rows: list[list[b.Cell]] = [
        [
            b.strong(what(f"condition_{condition.value}")),
            sheet.proposed.get(condition) or b.soft(words("nothing_proposed")),
            *(_cell(sheet, side, condition, words) for side in sheet.sides),
        ]
        for condition in Condition
    ]
    blocks = [
        b.facts([(words("transfer"), sheet.transfer)]),
        b.truth(true_of(sheet, words)),
        b.listing(columns, rows, height="roomy", size=100),
        b.lead(words("conditions_rule")),
        b.signs([(words("side"), side) for side in sheet.sides], say),
    ]
    if sheet.mark is not None:
        blocks.append(b.proof(sheet.mark, say))
    digest = "" if sheet.mark is None else sheet.mark.sha256
    return Sheet(words("conditions_title"), sheet.frame, language, tuple(blocks), sha256=digest)


def true_of(sheet: ConditionSheet, words: Words) -> str:
    """Say in one sentence what is true: set, or not, and what is missing of whom."""
    accepted = {
        condition: [side for side in sheet.sides if _accepts(sheet.said.get((side, condition)))]
        for condition in Condition
    }
    open_ones = [condition for condition in Condition if len(accepted[condition]) < 2]
    if not open_ones:
        return words("conditions_set")
    what = Words("results", words.language)
    keys = ("accepted_none", "accepted_one")
    told = [what(keys[len(accepted[c])], condition=what(f"condition_{c.value}")) for c in open_ones]
    return words("conditions_not_set", open="; ".join(told))


def _accepts(one: Confirmation | None) -> bool:
    return one is not None and one.stance in _ACCEPTING


def _cell(sheet: ConditionSheet, side: str, condition: Condition, words: Words) -> b.Cell:
    one = sheet.said.get((side, condition))
    what = Words("results", words.language)
    if one is None:
        return b.soft(what("stance_none"))
    place = sheet.frame.places[0]
    return b.lines(b.strong(what(f"stance_{one.stance.value}")), one.by, b.soft(clock(one.at, place, words)))
