"""The notice of a silence procedure: which text, from when, until when, and who has received it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Sheet, clock, printed, times
from goodoffices.formats.words import Language, Words


@dataclass(frozen=True, slots=True)
class Received:
    """A party's receipt of the notice; `at` is None while there is none."""

    party: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence procedure.

    Attributes
    ----------
    frame
        Around it; its places give the clocks.
    paper, version
        Which text.
    opens, ends
        When silence begins and ends; not printed while a receipt is missing, as it has not begun.
    receipts
        One per party; silence cannot begin before the last of them.
    mark
        The statement, and the hash of the text.
    """

    frame: Frame
    paper: str
    version: str
    opens: dt.datetime
    ends: dt.datetime
    receipts: tuple[Received, ...]
    mark: Mark

    def __post_init__(self) -> None:
        if self.ends <= self.opens:
            raise RangeError("silence that ends before it begins, expected a later end")


def silence_pdf(silence: Silence, language: Language) -> bytes:
    """Print the notice of a silence procedure."""
    return printed([silence_sheet(silence, language)])


def silence_sheet(silence: Silence, language: Language) -> Sheet:
    """Lay out the notice of a silence procedure."""
    words = Words("print", language)
    say = b.Tongues(words)
    frame = silence.frame
    waiting = [one.party for one in silence.receipts if one.at is None]
    hours = round((silence.ends - silence.opens).total_seconds() / 3600)
    told = words("silence_waits", parties=", ".join(waiting)) if waiting else words("silence_all")
    rows: list[list[b.Cell]] = [
        [
            b.strong(one.party),
            b.soft(words("not_yet")) if one.at is None else clock(one.at, frame.places[0], words),
            "",
            "",
        ]
        for one in silence.receipts
    ]
    columns = [
        b.Column(words("party"), 24, share=True),
        b.Column(words("silence_received"), 46, share=True),
        b.Column(words("sign_office"), 26, share=True),
        b.Column(words("sign_signature"), 26, share=True),
    ]
    blocks = (
        b.truth(
            words("silence_truth_waiting")
            if waiting
            else words("silence_truth", at=clock(silence.ends, frame.places[0], words))
        ),
        b.facts(
            [
                (words("silence_paper"), silence.paper),
                (words("version"), silence.version),
                (words("silence_opens"), words("not_yet") if waiting else times(silence.opens, frame, words)),
                (words("silence_ends"), words("not_yet") if waiting else times(silence.ends, frame, words)),
                (words("silence_length"), words("hours", n=hours)),
            ]
        ),
        b.head(words("silence_receipts")),
        b.plain(told),
        b.listing(columns, rows, height="roomy", size=100),
        b.head(words("silence_break")),
        b.plain(words("silence_how")),
        b.field(words("silence_reason"), height=16),
        b.signs([(words("silence_breaker"), "")], say),
        b.proof(silence.mark, say),
    )
    return Sheet(words("silence_title"), frame, language, blocks, sha256=silence.mark.sha256)
