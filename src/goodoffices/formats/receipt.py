"""A receipt on one page of PDF: the statement in words and a QR code that holds the whole proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import typst

from goodoffices.domain.canonical import Json
from goodoffices.formats.qr import qr_svg
from goodoffices.formats.statement import kind_of, lines_of
from goodoffices.formats.words import Language, Words, number

_LONG = 40


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
    data = {
        "title": words("receipt_title"),
        "kind": kind_of(slip.kind, words),
        "shown": [(label, _breakable(value)) for label, value in shown],
        "facts": [(label, _breakable(value)) for label, value in facts],
        "notes": [words("receipt_lead"), words("receipt_not"), words("receipt_keep")],
        "language": language.value,
        "qr": qr_svg(slip.proof.encode()),
    }
    template = (files("goodoffices.formats") / "pages" / "receipt.typ").read_bytes()
    page = typst.compile(template, sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    return bytes(page)


def _breakable(text: str) -> str:
    """Let a long word break anywhere; hashes are such words."""
    return " ".join("\u200b".join(word) if len(word) > _LONG else word for word in text.split(" "))
