"""Slips and labels to be cut: a number, a code and a QR code; whoever finds one learns no name."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.checks import check_code
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.words import Language, Words

SLIPS = {8: (2, 64, 40, 44), 10: (2, 51, 34, 38), 18: (3, 42, 26, 26), 21: (3, 36, 24, 23), 24: (3, 31, 20, 20)}
"""Slips on a page: columns, height in mm, size of the number in points, side of the code in mm."""

LABELS = {4: (2, 128, 58, 46, 22), 6: (2, 85, 46, 38, 20), 8: (2, 64, 32, 30, 17)}
"""Labels on a page: columns, height in mm, size of the number in points, side of the code in mm, size of the seal."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: what a person carries instead of a name.

    Attributes
    ----------
    number
        On the manifest.
    code
        Of the slip; the QR code holds exactly this.
    leg
        Of the transfer.
    """

    number: int
    code: str
    leg: int

    def __post_init__(self) -> None:
        check_code(self.code, "code of a slip")


@dataclass(frozen=True, slots=True)
class Slips:
    """Slips of one leg or of several, with the size that is wanted."""

    frame: Frame
    slips: tuple[Slip, ...]
    per_page: int = 10

    def __post_init__(self) -> None:
        if self.per_page not in SLIPS:
            raise RangeError(f"{self.per_page} slips a page, expected one of {', '.join(map(str, SLIPS))}")


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a container.

    Attributes
    ----------
    number
        Of the container in its transfer.
    code
        Of the container; the QR code holds this and, on a second line, the seal.
    seal
        Number of the seal; empty where none is stated: the label has a line to write it on.
    """

    number: int
    code: str
    seal: str = ""

    def __post_init__(self) -> None:
        check_code(self.code, "code of a container")
        if self.seal:
            check_code(self.seal, "number of a seal")


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of the containers of one transfer, from whom to whom."""

    frame: Frame
    transfer: str
    giver: str
    receiver: str
    labels: tuple[Label, ...]
    per_page: int = 6

    def __post_init__(self) -> None:
        if self.per_page not in LABELS:
            raise RangeError(f"{self.per_page} labels a page, expected one of {', '.join(map(str, LABELS))}")


def slips_pdf(slips: Slips, language: Language) -> bytes:
    """Print slips by number."""
    return printed([slips_sheet(slips, language)])


def slips_sheet(slips: Slips, language: Language) -> Sheet:
    """Lay out slips by number."""
    words = Words("print", language)
    across, height, figure, side = SLIPS[slips.per_page]
    process = _short(slips.frame.process)
    cells: list[Json] = [
        {
            "number": str(one.number),
            "code": one.code,
            "leg": words("slip_leg", leg=one.leg),
            "process": process,
            "qr": b.qr(one.code),
        }
        for one in slips.slips
    ]
    block: b.Block = {"kind": "slips", "across": across, "height": height, "figure": figure, "qr": side, "slips": cells}
    return Sheet(words("slips_title"), slips.frame, language, (block,), tight=True)


def labels_pdf(labels: Labels, language: Language) -> bytes:
    """Print labels of containers."""
    return printed([labels_sheet(labels, language)])


def labels_sheet(labels: Labels, language: Language) -> Sheet:
    """Lay out labels of containers."""
    words = Words("print", language)
    across, height, figure, side, seal = LABELS[labels.per_page]
    way = f"{_short(labels.giver)} → {_short(labels.receiver)}"
    transfer = f"{words('transfer')}: {_short(labels.transfer)}"
    cells: list[Json] = [
        {
            "number": str(one.number),
            "code": one.code,
            "seal": one.seal,
            "way": way,
            "transfer": f"{transfer} · {one.code}",
            "qr": b.qr(f"{one.code}\n{one.seal}" if one.seal else one.code),
        }
        for one in labels.labels
    ]
    block: b.Block = {
        "kind": "labels",
        "across": across,
        "height": height,
        "figure": figure,
        "qr": side,
        "seal": seal,
        "labels": cells,
        "words": {"number": words("label_number"), "seal": words("label_seal")},
    }
    return Sheet(words("labels_title"), labels.frame, language, (block,), tight=True)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
