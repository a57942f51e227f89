"""What sheets consist of: text, facts, tables, boxes to write in and to sign, a proof; data for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from goodoffices.domain.canonical import Json
from goodoffices.domain.process import Role
from goodoffices.formats.print.frame import Mark, Said
from goodoffices.formats.qr import qr_svg
from goodoffices.formats.words import Words

Block = dict[str, Json]
Cell = Said | dict[str, Json]
Align = Literal["left", "right", "center"]

BOX: dict[str, Json] = {"box": True}
"""A cell with a square to tick."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in millimetres or, if it shares what is left, its share."""

    head: Said
    width: int
    share: bool = False
    align: Align = "left"


class Tongues:
    """The words of one part in one or more languages at once.

    Attributes
    ----------
    words
        A table of words per language; the first is the sheet's own.
    """

    def __init__(self, *words: Words) -> None:
        self.words = words

    def __call__(self, key: str, **values: object) -> Said:
        """Give the text of a key: plain in one language, pairs of language and text in several."""
        if len(self.words) == 1:
            return self.words[0](key, **values)
        texts = [[words.language.value, words(key, **values)] for words in self.words]
        once = [pair for at, pair in enumerate(texts) if pair[1] not in {text for _, text in texts[:at]}]
        return once if len(once) > 1 else once[0][1]


def lead(text: Said) -> Block:
    """Say in a quiet line what the sheet is for."""
    return {"kind": "lead", "text": text}


def plain(text: Said) -> Block:
    """Say something."""
    return {"kind": "plain", "text": text}


def head(text: Said) -> Block:
    """Head a part of the sheet."""
    return {"kind": "head", "text": text}


def truth(text: Said) -> Block:
    """Say in one sentence what is true, so that nobody overlooks it."""
    return {"kind": "truth", "text": text}


def facts(rows: Iterable[tuple[Said, Said]]) -> Block:
    """List labels and values."""
    return {"kind": "facts", "narrow": False, "rows": [[label, value] for label, value in rows]}


def key(rows: Iterable[tuple[Said, Said]]) -> Block:
    """Explain letters that stand in a table."""
    return facts(rows) | {"narrow": True}


def sums(cells: Iterable[tuple[Said, Said]]) -> Block:
    """Show figures large, side by side; they are never added."""
    return {"kind": "sums", "cells": [[label, value] for label, value in cells]}


def listing(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    height: Literal["normal", "dense", "roomy"] = "normal",
    size: int = 95,
) -> Block:
    """Lay out a table; its head is repeated on every page, `size` counts tenths of a point.

    A table that surely fits on a page stays whole, below its heading.
    """
    shape: list[Json] = [
        {"head": column.head, "width": column.width, "share": column.share, "align": column.align} for column in columns
    ]
    body = [list(row) for row in rows]
    points = sum(_LINE * max(1 + _letters(cell) // _LETTERS for cell in row) + _AROUND[height] for row in body)
    whole = points < (420 if height == "dense" else 300)
    return {"kind": "listing", "columns": shape, "rows": body, "height": height, "size": size, "whole": whole}


_LINE, _LETTERS = 12.0, 14
"""Height of a line in points, and letters that stand in it even in a narrow column."""
_AROUND = {"normal": 8.5, "dense": 5.5, "roomy": 18.0}


def _letters(cell: Json) -> int:
    """Count the letters of a cell, in all its languages."""
    if isinstance(cell, str):
        return len(cell)
    inner = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list | tuple) else ()
    return sum(_letters(one) for one in inner)


def strong(text: Said) -> Cell:
    """Set a cell bold."""
    return {"strong": text}


def soft(text: Said) -> Cell:
    """Set a cell that says why there is no figure."""
    return {"soft": text}


def code(text: str) -> Cell:
    """Set a code in letters of equal width."""
    return {"code": text}


def lines(*cells: Cell) -> Cell:
    """Put cells under one another."""
    return {"lines": list(cells)}


def ticks(options: Iterable[Said], *, across: int = 2) -> Block:
    """Offer squares to tick."""
    return {"kind": "ticks", "options": list(options), "across": across}


def letters(label: Said, groups: Sequence[int], *, between: str = "") -> Block:
    """Offer one box per letter, in groups."""
    return {"kind": "letters", "label": label, "groups": list(groups), "between": between}


def beside(*blocks: Block) -> Block:
    """Put boxes to write in side by side."""
    return {"kind": "beside", "blocks": list(blocks)}


def field(label: Said, *, height: int = 12, value: str = "") -> Block:
    """Offer a box to write in, or show what was written."""
    return {"kind": "field", "label": label, "height": height, "value": value}


def signs(boxes: Iterable[tuple[Said, str]], say: Tongues) -> Block:
    """Offer a box to sign per role: who signs writes office, signature and time by hand."""
    rows: list[Json] = [say("sign_office"), say("sign_signature"), say("sign_time")]
    return {"kind": "signs", "boxes": [{"role": role, "party": party} for role, party in boxes], "rows": rows}


def proof(mark: Mark, say: Tongues) -> Block:
    """Tie the sheet to the record: a QR code with the statement and its hash, and the same in letters."""
    rows: list[Json] = [[say("proof_statement"), mark.statement], ["SHA-256", mark.sha256]]
    if mark.address:
        rows.append([say("proof_address"), mark.address])
    return {"kind": "proof", "qr": qr(mark.text), "rows": rows, "note": say("proof_note")}


def whole(text: str, alt: str, notes: Iterable[str]) -> Block:
    """Show a whole proof as one large code, and what it is good for."""
    svg = {"svg": qr_svg(text.encode()), "alt": alt}
    return {"kind": "whole", "qr": svg, "notes": list(notes)}


def leaf() -> Block:
    """Begin a new page, unless one has just begun."""
    return {"kind": "leaf"}


def qr(text: str) -> dict[str, Json]:
    """Draw a code, its text beside it for who cannot see it."""
    return {"svg": qr_svg(text.encode(), scale=1), "alt": f"QR: {text}"}


def role_boxes(parties: Mapping[Role, str], say: Tongues) -> Block:
    """Offer a box to sign for giver, receiver and neutral."""
    return signs([(say(f"role_{role.value}"), party) for role, party in parties.items()], say)
