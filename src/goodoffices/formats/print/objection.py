"""The objection: which numbers are in dispute, what each side finds, what would cure it; signed by who objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Sheet, printed
from goodoffices.formats.words import Language, Words


class Dispute(StrEnum):
    """What is in dispute about a number."""

    NOT_THERE = "not_there"
    NOT_ON_LIST = "not_on_list"
    SEAL_DIFFERS = "seal_differs"
    SEAL_BROKEN = "seal_broken"
    NOT_OURS = "not_ours"
    CATEGORY = "category"
    COUNT = "count"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Disputed:
    """One number in dispute; never a name.

    Attributes
    ----------
    number
        On the manifest, or empty for the whole.
    dispute
        What it is about.
    stated, found
        What the other side states, and what was found, in words or figures.
    """

    number: str
    dispute: Dispute
    stated: str
    found: str


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a transfer, a list or an act.

    Attributes
    ----------
    frame
        Around it.
    against
        What it objects to, by its number.
    by
        Name of the party that objects.
    lines
        What is in dispute.
    reason, cure
        Why, and what would settle it.
    blank
        Lines to be filled by hand.
    mark
        The statement; None for a form that is signed on paper first.
    """

    frame: Frame
    against: str
    by: str
    lines: tuple[Disputed, ...]
    reason: str = ""
    cure: str = ""
    blank: int = 4
    mark: Mark | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.blank <= 40:
            raise RangeError(f"{self.blank} blank lines, expected 0 to 40")


def objection_pdf(objection: Objection, language: Language) -> bytes:
    """Print an objection."""
    return printed([objection_sheet(objection, language)])


def objection_sheet(objection: Objection, language: Language) -> Sheet:
    """Lay out an objection."""
    words = Words("print", language)
    say = b.Tongues(words)
    columns = [
        b.Column(words("number"), 18, align="right"),
        b.Column(words("dispute"), 30, share=True),
        b.Column(words("dispute_stated"), 30, share=True),
        b.Column(words("dispute_found"), 30, share=True),
    ]
    rows: list[list[b.Cell]] = [
        [b.strong(one.number or words("whole")), words(f"dispute_{one.dispute.value}"), one.stated, one.found]
        for one in objection.lines
    ]
    rows += [[""] * 4 for _ in range(objection.blank)]
    blocks = [
        b.facts(
            [(words("objection_against"), objection.against)]
            + ([(words("objection_by"), objection.by)] if objection.by else [])
        ),
        b.lead(words("objection_lead")),
        b.listing(columns, rows, height="roomy", size=95),
        b.field(words("objection_reason"), height=20, value=objection.reason),
        b.field(words("objection_cure"), height=16, value=objection.cure),
        b.signs([(words("objector"), objection.by), (words("objection_taken"), "")], say),
    ]
    if objection.mark is not None:
        blocks.append(b.proof(objection.mark, say))
    digest = "" if objection.mark is None else objection.mark.sha256
    return Sheet(words("objection_title"), objection.frame, language, tuple(blocks), sha256=digest)
