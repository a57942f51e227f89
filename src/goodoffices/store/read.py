"""Reads lists from files nobody vouches for: text here, workbooks in a child process with limits."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import json
import stat
from collections.abc import Mapping
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import ListKind
from goodoffices.formats.lists.canonical import read_canonical
from goodoffices.formats.lists.delimited import read_delimited
from goodoffices.formats.lists.encoding import decode
from goodoffices.formats.lists.model import Book, ListFile
from goodoffices.formats.lists.read import read_book
from goodoffices.formats.lists.unpack import unpack
from goodoffices.formats.lists.workbook import Form, Limits, recognise
from goodoffices.store.apart import run


def read_list(
    path: Path, *, kind: ListKind | None = None, today: dt.date | None = None, sheet: str | None = None
) -> ListFile:
    """Read a list that must be without fault; what other commands start from.

    Parameters
    ----------
    path
        XLSX, XLS, ODS or CSV.
    kind
        What the list states of those on it; otherwise the file says.
    today
        No date lies after it; the machine's date if not given.
    sheet
        The sheet to read, where several hold a list.

    Returns
    -------
    ListFile
        `records` keeps to `domain.tables.RECORDS`.

    Raises
    ------
    InputError
        If the file cannot be read or has a fault; every fault is named.
    """
    listed = check_list(path, kind=kind, today=today, sheet=sheet)
    if listed.faults:
        raise InputError(*(problem.as_fault(listed.file) for problem in listed.faults))
    return listed


def check_list(
    path: Path,
    *,
    kind: ListKind | None = None,
    today: dt.date | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
) -> ListFile:
    """Read a list with all its faults and warnings.

    Parameters
    ----------
    path
        XLSX, XLS, ODS or CSV.
    kind
        What the list states of those on it; otherwise the file says.
    today
        No date lies after it; the machine's date if not given.
    sheet
        The sheet to read, where several hold a list.
    limits
        What the file may ask for.

    Raises
    ------
    InputError
        If the file is refused as a whole.
    """
    file, limits = printable(str(path)), limits or Limits()
    return check_bytes(_read(path, file, limits), file, kind=kind, today=today, sheet=sheet, limits=limits)


def check_bytes(  # noqa: PLR0913
    data: bytes,
    file: str,
    *,
    kind: ListKind | None = None,
    today: dt.date | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
    given: Mapping[str, str] | None = None,
) -> ListFile:
    """Read a list that lies in memory with all its faults and warnings.

    Parameters
    ----------
    data
        XLSX, XLS, ODS or CSV.
    file
        Its name, printable.
    kind, today, sheet, limits
        As of `check_list`.
    given
        Column by title as a person has said.

    Raises
    ------
    InputError
        If the file is refused as a whole.
    """
    day = today or dt.datetime.now().astimezone().date()
    was_on = gc.isenabled()
    gc.disable()  # millions of small cells, none of them in a cycle: looking for cycles took a quarter of the time
    try:
        quick = None if sheet or given else read_canonical(data, file, today=day, kind=kind)
        if quick is not None:
            return quick
        return read_book(book_of(data, file, limits), file, today=day, kind=kind, sheet=sheet, given=given)
    finally:
        if was_on:
            gc.enable()


def book_of(data: bytes, file: str, limits: Limits | None = None) -> Book:
    """Read the cells of a file alone: text here, a workbook in a child process with limits.

    Raises
    ------
    InputError
        If the file is refused as a whole.
    """
    limits = limits or Limits()
    if recognise(data[:64], file) is Form.TEXT:
        if len(data) > limits.text_bytes:
            raise InputError(Fault(file, "", "", f"{len(data)} bytes", f"at most {limits.text_bytes}"))
        return read_delimited(decode(data, file), file)
    if len(data) > limits.workbook_bytes:
        raise InputError(Fault(file, "", "", f"{len(data)} bytes", f"at most {limits.workbook_bytes} in a workbook"))
    return _read_apart(data, file, limits)


def printable(name: str) -> str:
    """Give a file's name without letters that control a terminal or turn its direction."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in name)


def _read(path: Path, file: str, limits: Limits) -> bytes:
    most = max(limits.text_bytes, limits.workbook_bytes)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise InputError(Fault(file, "", "", "no regular file", "a file with a list"))
        if about.st_size > most:
            raise InputError(Fault(file, "", "", f"{about.st_size} bytes", f"at most {most}"))
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "no such file").lower()
        raise InputError(Fault(file, "", "", reason, "a readable file")) from error


def _read_apart(data: bytes, file: str, limits: Limits) -> Book:
    """Parse a workbook in a child process: it may run out of memory or time, or abort, without harm to us.

    Raises
    ------
    InputError
        If the child found the file unfit, or came to an end itself.
    """
    found = "a workbook that breaks its reader or asks for more memory or time than any list"
    expected = "a list saved anew by a spreadsheet program"
    arguments = (file, json.dumps(dataclasses.asdict(limits)))
    return unpack(run("goodoffices.store.sheets", arguments, data, otherwise=Fault(file, "", "", found, expected)))
