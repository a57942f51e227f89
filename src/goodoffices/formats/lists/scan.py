"""Finds in a workbook's XML what the reader of cells does not tell: formulas, errors, cells far out, the epoch."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from html import unescape

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.lists.workbook import Limits

Places = tuple[tuple[int, int], ...]

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FORMULA = re.compile(rb"<f[\s>/]")
_ERROR = re.compile(rb'<c [^>]*t="e"[^>]*>')
_FAR = re.compile(rb'<c [^>]*r="([A-Z]{3,})(\d+)"[^>]*[^/]>')
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')
_MOST_MARKS = 200_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands in one sheet beside its values.

    Attributes
    ----------
    formulas, broken
        Cells with a formula and with an error, from 0.
    """

    formulas: Places = ()
    broken: Places = ()


def scan_xlsx(data: bytes, file: str, limits: Limits) -> tuple[dict[str, Marks], bool]:
    """Give the marks of every sheet by its name, and whether serial days count from 1904.

    Raises
    ------
    InputError
        If a sheet has cells absurdly far out.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        book = archive.read("xl/workbook.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else b""
        targets = {
            _attribute(tag, b"Id"): _attribute(tag, b"Target").removeprefix("/xl/").removeprefix("xl/")
            for tag in _RELATION.findall(relations)
        }
        marks = {}
        for tag in _SHEET.findall(book):
            path = "xl/" + targets.get(_attribute(tag, b"r:id"), "")
            if path in names:
                name = unescape(_attribute(tag, b"name"))
                marks[name] = _scan_sheet(archive.read(path), file, name, limits)
    return marks, re.search(rb'date1904="(1|true)"', book) is not None


def _scan_sheet(xml: bytes, file: str, name: str, limits: Limits) -> Marks:
    far = next((match for match in _FAR.finditer(xml) if _has_content(xml, match.end())), None)
    if far and _column(far[1]) >= limits.columns:
        raise _too_far(file, name, f"{far[1].decode()}{far[2].decode()}")
    last = xml.rfind(b"<row ")
    row = _ROW.match(xml, last) if last >= 0 else None
    if row and int(row[1]) > 50_000 + 20 * xml.count(b"<row "):
        raise _too_far(file, name, f"row {row[1].decode()}")
    formulas: list[tuple[int, int]] = []
    for match in _FORMULA.finditer(xml):
        start = xml.rfind(b"<c ", 0, match.start())
        place = _place(xml[start : match.start()])
        if place and len(formulas) < _MOST_MARKS:
            formulas.append(place)
    broken = [place for match in _ERROR.finditer(xml) if (place := _place(match[0]))]
    return Marks(tuple(formulas), tuple(broken[:_MOST_MARKS]))


def _has_content(xml: bytes, at: int) -> bool:
    return not xml.startswith(b"</c>", at)


def _too_far(file: str, sheet: str, where: str) -> InputError:
    return InputError(
        Fault(file, f"sheet {sheet!r}", "", f"a cell absurdly far out: {where}", "a list without stray cells")
    )


def _place(tag: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.search(tag)
    return (int(match[2]) - 1, _column(match[1])) if match else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + re.escape(name) + rb'="([^"]*)"', tag)
    return match[1].decode("utf-8", errors="replace") if match else ""
