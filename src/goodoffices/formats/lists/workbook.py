"""Untrusted workbooks: what a file is by its first bytes, and the limits a packed one must keep."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import Fault, InputError


class Form(StrEnum):
    """What a file is by its first bytes."""

    ZIP = "zip"
    OLE = "ole"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an untrusted file may ask for; the defaults admit a list of 100,000 rows with every column.

    Attributes
    ----------
    workbook_bytes, text_bytes
        Size of the file.
    entries
        Files in a packed workbook.
    unpacked_bytes
        Their size unpacked, as declared and as counted.
    ratio
        Unpacked to packed, of any entry above a megabyte.
    cells
        Of one sheet, its empty ones counted.
    columns
        Of one sheet.
    """

    workbook_bytes: int = 20_000_000
    text_bytes: int = 64_000_000
    entries: int = 200
    unpacked_bytes: int = 320_000_000
    ratio: int = 100
    cells: int = 8_000_000
    columns: int = 1_000


_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    *((magic, "a picture") for magic in (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")),
    *((magic, "an archive") for magic in (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")),
    (b"SQLite format 3", "a database"),
    *((magic, "a program") for magic in (b"\x7fELF", b"MZ")),
)
_WANTED = "a spreadsheet: XLSX, XLS, ODS or CSV"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|meta)", re.IGNORECASE)
_STEP = 1 << 20


def recognise(head: bytes, file: str) -> Form:
    """Say by its first bytes what kind of file it is.

    Raises
    ------
    InputError
        If it is empty, or known to be something other than a spreadsheet.
    """
    if not head:
        raise InputError(Fault(file, "", "", "an empty file", _WANTED))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Form.ZIP
    if head.startswith(_OLE):
        return Form.OLE
    for magic, name in _OTHERS:
        if head.startswith(magic) and not (magic == b"MZ" and b"\x00" not in head[:64]):
            raise InputError(Fault(file, "", "", f"no spreadsheet but {name}", _WANTED))
    if _MARKUP.match(head):
        raise InputError(
            Fault(file, "", "", "no spreadsheet but a web page or XML", f"{_WANTED}; open it and save it as XLSX")
        )
    return Form.TEXT


def check_ole(data: bytes, file: str) -> None:
    """Refuse an encrypted workbook and documents that are no workbook, in the old compound format.

    Raises
    ------
    InputError
        If it is one of these.
    """
    if _utf16("EncryptedPackage") in data:
        raise InputError(Fault(file, "", "", "an encrypted workbook", "the same without a password"))
    if _utf16("WordDocument") in data:
        raise InputError(Fault(file, "", "", "no spreadsheet but a text document (DOC)", _WANTED))
    if _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise InputError(Fault(file, "", "", "a compound file without a workbook", _WANTED))


def check_zip(data: bytes, file: str, limits: Limits) -> str:
    """Check a packed workbook against its limits by unpacking it; say whether it is XLSX or ODS.

    What a packed file declares of itself is checked first, then counted, for declared sizes lie.

    Raises
    ------
    InputError
        If it is damaged, encrypted, a bomb, or no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_declared(entries, len(data), file, limits)
            form = _form({entry.filename for entry in entries}, file)
            left = limits.unpacked_bytes
            for entry in entries:
                left -= _count(archive, entry, left, file)
            if form == "ODS" and b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
                raise InputError(Fault(file, "", "", "an encrypted workbook", "the same without a password"))
            return form
    except KeyError:
        return "ODS"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise InputError(Fault(file, "", "", "a damaged packed file", "a whole XLSX or ODS")) from error


def _check_declared(entries: list[zipfile.ZipInfo], size: int, file: str, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise InputError(Fault(file, "", "", f"{len(entries)} packed files", f"at most {limits.entries}"))
    if len({entry.filename for entry in entries}) < len(entries):
        raise InputError(
            Fault(file, "", "", "two packed files of one name", "a workbook as a spreadsheet program saves it")
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InputError(Fault(file, "", "", "an encrypted workbook", "the same without a password"))
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise InputError(
            Fault(file, "", "", f"{size} bytes that unpack to {total}", f"at most {limits.unpacked_bytes}")
        )
    for entry in entries:
        _check_ratio(entry.file_size, entry.compress_size, file, limits)


def _check_ratio(unpacked: int, packed: int, file: str, limits: Limits) -> None:
    if unpacked > _STEP and unpacked > limits.ratio * max(packed, 1):
        found = f"a zip bomb: {packed} bytes that unpack to {unpacked}"
        raise InputError(Fault(file, "", "", found, f"at most {limits.ratio} times as much"))


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, file: str) -> int:
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_STEP):
            size += len(chunk)
            if size > left or size > entry.file_size:
                found = f"a packed file that declares {entry.file_size} bytes and holds more"
                raise InputError(Fault(file, "", "", found, "a workbook as a spreadsheet program saves it"))
    return size


def _form(names: set[str], file: str) -> str:
    if "xl/workbook.xml" in names:
        return "XLSX"
    if "content.xml" in names and "mimetype" in names:
        return "ODS"
    if any(name.startswith("word/") for name in names):
        raise InputError(Fault(file, "", "", "no spreadsheet but a text document (DOCX)", _WANTED))
    if "xl/workbook.bin" in names:
        raise InputError(Fault(file, "", "", "a binary workbook (XLSB)", f"{_WANTED}; save it as XLSX"))
    raise InputError(Fault(file, "", "", "an archive that is no workbook", _WANTED))


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
