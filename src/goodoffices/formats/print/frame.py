"""The frame of printed sheets, and the one place where sheets become PDF."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast

import typst

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import RangeError
from goodoffices.formats.print.letters import readable
from goodoffices.formats.words import Language, Words

Said = str | list[list[str]]
"""A text, or the same in several languages: pairs of language and text."""

MOST_BYTES = 400
"""In a code of 30 mm that any phone reads."""

_HEADER = 70


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose clock is shown.

    Attributes
    ----------
    name
        As the reader calls it.
    zone
        Of the tz database, as Europe/Istanbul.
    """

    name: str
    zone: str

    def __post_init__(self) -> None:
        try:
            zoneinfo.ZoneInfo(self.zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise RangeError(f"zone {self.zone!r}, expected a name of the tz database, as Europe/Istanbul") from error


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every sheet.

    Attributes
    ----------
    process
        Name of the process.
    number
        Of the document; empty for none.
    at
        When it was printed, with its zone, or None where that is not said; equal input gives equal bytes.
    places
        Whose clocks are shown, the reader's first; one or more, none without a time.
    """

    process: str
    number: str
    at: dt.datetime | None
    places: tuple[Place, ...]

    def __post_init__(self) -> None:
        if self.at is None:
            return
        if self.at.tzinfo is None:
            raise RangeError("a time without its zone, expected one with it")
        if not self.places:
            raise RangeError("no place, expected one or more whose clocks are shown")


@dataclass(frozen=True, slots=True)
class Mark:
    """What ties a sheet to the record.

    Attributes
    ----------
    statement
        Identifier of the statement.
    sha256
        Of the statement's content, in hex.
    address
        Where its proof is found; empty where it is on paper or in a file only.
    """

    statement: str
    sha256: str
    address: str = ""

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise RangeError(f"a hash of {len(self.sha256)} letters, expected 64 hexadecimal digits in lower case")

        if len(self.text.encode()) > MOST_BYTES:
            raise RangeError(f"{len(self.text.encode())} bytes for a QR code, expected at most {MOST_BYTES}")

    @property
    def text(self) -> str:
        """What the QR code holds: three lines at most, readable by any phone without network."""
        return "\n".join(part for part in (self.statement, f"SHA-256 {self.sha256}", self.address) if part)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document ready to be set, alone or in a pack.

    Attributes
    ----------
    title
        As on the paper.
    frame
        Around it.
    language
        Of the frame.
    blocks
        What stands on it.
    sha256
        Printed at the foot of every page; empty for none.
    copy
        Which original it is; empty for none.
    tight
        Whether it is to be cut, with narrow margins and its title in the header alone.
    also
        Other languages that stand on it.
    paper
        Its size, a4 or a5.
    """

    title: Said
    frame: Frame
    language: Language
    blocks: tuple[dict[str, Json], ...]
    sha256: str = ""
    copy: Said = ""
    tight: bool = False
    also: tuple[Language, ...] = ()
    paper: Literal["a4", "a5"] = "a4"

    @property
    def name(self) -> str:
        """Its title in its first language."""
        return self.title if isinstance(self.title, str) else self.title[0][1]


def clock(at: dt.datetime, place: Place, words: Words) -> str:
    """Write a time as one place has it, its distance from UTC beside it."""
    local = at.astimezone(zoneinfo.ZoneInfo(place.zone))
    return f"{words.date(local.date())}, {local:%H:%M} ({clock_name(local, place.name)})"


def clock_name(local: dt.datetime, place: str) -> str:
    """Name the clock of a local time: the place and its distance from UTC."""
    offset = _offset(local)
    return f"{place},\N{NO-BREAK SPACE}{offset}" if place and place != "UTC" else offset


def plain_clock(at: dt.datetime, place: Place) -> str:
    """Write a time in figures alone, for a sheet in several languages."""
    local = at.astimezone(zoneinfo.ZoneInfo(place.zone))
    return f"{local:%Y-%m-%d %H:%M} ({clock_name(local, place.name)})"


def _offset(local: dt.datetime) -> str:
    minutes = round((local.utcoffset() or dt.timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes >= 0 else "\u2212"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def times(at: dt.datetime, frame: Frame, words: Words) -> str:
    """Write a time as every place of the frame has it, a line each."""
    return "\n".join(clock(at, place, words) for place in frame.places)


def printed(sheets: Sequence[Sheet], *, title: str = "", marks: bool = False) -> bytes:
    """Set one or several sheets as one tagged PDF (PDF/UA-1), each with its own frame and page numbers.

    Parameters
    ----------
    sheets
        In their order.
    title
        Of the file; the first sheet's own if empty.
    marks
        Whether sheets after the first are marked for the contents page that the first one is.

    Returns
    -------
    bytes
        The PDF; the same for equal input.
    """
    bundle: dict[str, Json] = {
        "title": title or sheets[0].name,
        "dated": sheets[0].frame.at is not None,
        "sheets": [_data(sheet, at - 1 if marks and at else None) for at, sheet in enumerate(sheets)],
    }
    templates = files("goodoffices.formats") / "print"
    press = typst.Compiler(
        (templates / "sheet.typ").read_bytes(),
        root=str(templates),  # nothing but the templates can be read
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(readable(bundle), ensure_ascii=False)},
    )
    at = sheets[0].frame.at
    pdf = press.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0 if at is None else int(at.timestamp()))
    return cast("bytes", pdf)


def _data(sheet: Sheet, mark: int | None) -> dict[str, Json]:
    frame, words = sheet.frame, Words("print", sheet.language)
    room = _HEADER - len(sheet.name) if sheet.tight else _HEADER
    short = frame.process if len(frame.process) <= room else f"{frame.process[:room]}…"
    return {
        "title": sheet.title,
        "process": frame.process,
        "short": f"{short} · {sheet.name}" if sheet.tight else short,
        "number": frame.number if len(frame.number) <= _HEADER // 2 else f"{frame.number[: _HEADER // 2]}…",
        "language": sheet.language.value,
        "hash": f"SHA-256 {sheet.sha256}" if sheet.sha256 else "",
        "printed": "" if frame.at is None else f"{words('printed', at=clock(frame.at, frame.places[0], words))} · ",
        "paper": sheet.paper,
        "languages": " · ".join(Words("results", one)("language_name") for one in (sheet.language, *sheet.also)),
        "page": words("page"),
        "copy": sheet.copy or None,
        "tight": sheet.tight,
        "mark": mark,
        "blocks": list(sheet.blocks),
    }
