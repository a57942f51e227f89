"""A day's signed statements on paper: numbered codes that are scanned back in any order."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.domain.process import Role
from goodoffices.formats.parts import parts_of
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.qr import qr_svg
from goodoffices.formats.words import Language, Words


@dataclass(frozen=True, slots=True)
class Parts:
    """One file of signed statements.

    Attributes
    ----------
    frame
        Around it.
    role
        Who signed it.
    data
        The file, byte for byte.
    """

    frame: Frame
    role: Role
    data: bytes


def parts_pdf(parts: Parts, language: Language) -> bytes:
    """Print a file as numbered codes."""
    return printed([parts_sheet(parts, language)])


def parts_sheet(parts: Parts, language: Language) -> Sheet:
    """Lay out a file as numbered codes, six a page.

    Raises
    ------
    InputError
        If the file is too large for paper.
    """
    words = Words("print", language)
    lines = parts_of(parts.data)
    count, name = len(lines), lines[0].split(":")[2]
    cells: list[Json] = [
        {
            "number": f"{number}/{count}",
            "code": name.lower(),
            "leg": words("part_of", number=number, count=count),
            "process": words(parts.role.value),
            "qr": {
                "svg": qr_svg(line.encode(), scale=1, mode="alphanumeric"),
                "alt": words("part_of", number=number, count=count),
            },
        }
        for number, line in enumerate(lines, 1)
    ]
    block: b.Block = {"kind": "slips", "across": 2, "height": 80, "figure": 15, "qr": 62, "slips": cells}
    return Sheet(words("parts_title"), parts.frame, language, (block,), tight=True)
