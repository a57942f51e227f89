"""A receipt on one page of PDF: the statement in words and a QR code that holds the whole proof."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.statement import kind_of, lines_of
from goodoffices.formats.words import Language, Words, number

_MOST = 18
"""Lines of a content that fit beside its proof on one page."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a receipt.

    Attributes
    ----------
    proof
        Text of the proof, for the code.
    kind
        Of the entry.
    statement
        Its identifier.
    content
        What is shown of it: the content, or what the entry itself says.
    is_whole
        Whether that is the content.
    origin, index, size, root
        The log, the entry's place in it, the head.
    signers
        Names of the keys that signed the head.
    """

    proof: str
    kind: str
    statement: str
    content: Json
    is_whole: bool
    origin: str
    index: int
    size: int
    root: str
    signers: tuple[str, ...]


def receipt_pdf(slip: Slip, language: Language) -> bytes:
    """Write the page in the reader's language."""
    words = Words("ledger", language)
    shown = [(words("field_statement"), slip.statement), *lines_of(slip.content, words)]
    if not slip.is_whole:
        shown.append(("", words("receipt_hidden")))
    facts = [
        (words("receipt_record"), slip.origin),
        (words("receipt_entry"), number(slip.index)),
        (words("receipt_size"), number(slip.size)),
        (words("receipt_root"), slip.root),
        (words("receipt_cosigned"), ", ".join(slip.signers)),
    ]
    left = len(shown) - _MOST
    rows = [(label, value) for label, value in shown[:_MOST]] + ([("", f"… {number(left)}")] if left > 0 else [])
    notes = [words("receipt_lead"), words("receipt_not"), words("receipt_keep")]
    blocks = (
        b.truth(kind_of(slip.kind, words)),
        b.facts(rows),
        b.head(words("receipt_record")),
        b.facts(facts),
        b.whole(slip.proof, f"QR: {words('receipt_lead')}", notes),
    )
    frame = Frame(slip.origin, f"{words('receipt_entry')} {number(slip.index)}", None, ())
    return printed([Sheet(words("receipt_title"), frame, language, blocks)])
