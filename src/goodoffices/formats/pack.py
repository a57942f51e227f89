"""The paper pack for tomorrow: chosen sheets as one PDF with a contents page, or sheets and files as one ZIP."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.words import Language, Words


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is made elsewhere: a bracketed text, a receipt, cards of a ceasefire.

    Attributes
    ----------
    title
        As the contents page names it.
    pdf
        Its bytes.
    number
        Of the document; empty for none.
    """

    title: str
    pdf: bytes
    number: str = ""

    def __post_init__(self) -> None:
        if not self.pdf.startswith(b"%PDF-"):
            raise RangeError(f"{self.title!r} is no PDF")


@dataclass(frozen=True, slots=True)
class Pack:
    """What is wanted on paper.

    Attributes
    ----------
    frame
        Of the cover.
    occasion
        For what, as "Handover, leg 2, 14 August".
    items
        In the order in which they are needed.
    """

    frame: Frame
    occasion: str
    items: tuple[Sheet | Paper, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.items) <= 99:
            raise RangeError(f"{len(self.items)} documents in a pack, expected 1 to 99")


def pack_pdf(pack: Pack, language: Language) -> bytes:
    """Print a pack of sheets as one tagged PDF: cover, contents with page numbers, bookmarks, then every sheet.

    Raises
    ------
    RangeError
        If a document of the pack was made elsewhere; `pack_zip` takes those.
    """
    sheets = [item for item in pack.items if isinstance(item, Sheet)]
    if len(sheets) != len(pack.items):
        raise RangeError("a document made elsewhere in a pack as one PDF, expected sheets; the ZIP takes both")
    rows = [{"title": sheet.title, "number": sheet.frame.number} for sheet in sheets]
    words = Words("print", language)
    cover = _cover(pack, language, ({"kind": "contents", "rows": rows},), words("pack_pages"))
    return printed([cover, *sheets], marks=True)


def pack_zip(pack: Pack, language: Language) -> bytes:
    """Write a pack as a ZIP: a cover with the contents, then each document under its number.

    Returns
    -------
    bytes
        The ZIP; the same for equal input.
    """
    files = [(item, printed([item]) if isinstance(item, Sheet) else item.pdf) for item in pack.items]
    names = [f"{at:02d}-{_slug(_title(item))}.pdf" for at, item in enumerate(pack.items, 1)]
    words = Words("print", language)
    columns = [
        b.Column(words("pack_file"), 52),
        b.Column(words("pack_document"), 50, share=True),
        b.Column("SHA-256", 46, share=True),
    ]
    rows: list[list[b.Cell]] = [
        [b.code(name), b.lines(_title(item), b.soft(_number(item))), b.code(sha256_hex(pdf))]
        for name, (item, pdf) in zip(names, files, strict=True)
    ]
    cover = _cover(pack, language, (b.listing(columns, rows, size=85),), words("pack_files"))
    return _zipped(
        [("00-contents.pdf", printed([cover])), *((n, pdf) for n, (_, pdf) in zip(names, files, strict=True))]
    )


def _cover(pack: Pack, language: Language, contents: tuple[b.Block, ...], lead: str) -> Sheet:
    words = Words("print", language)
    return Sheet(
        words("pack_title"),
        pack.frame,
        language,
        (
            b.truth(pack.occasion),
            b.lead(lead),
            b.sums([(words("pack_count", n=len(pack.items)), str(len(pack.items)))]),
            b.head(words("contents")),
            *contents,
        ),
    )


def _title(item: Sheet | Paper) -> str:
    return item.name if isinstance(item, Sheet) else item.title


def _number(item: Sheet | Paper) -> str:
    return item.frame.number if isinstance(item, Sheet) else item.number


def _slug(title: str) -> str:
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")[:40].strip("-") or "document"


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
