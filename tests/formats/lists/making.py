"""Lists made in a test, read without files."""

import datetime as dt

from goodoffices.formats.lists.delimited import read_delimited
from goodoffices.formats.lists.encoding import decode
from goodoffices.formats.lists.model import Book, Sheet
from goodoffices.formats.lists.read import read_book

TODAY = dt.date(2026, 11, 22)


def from_text(text, **options):
    return from_bytes(text.encode(), **options)


def from_bytes(data, *, file="list.csv", today=TODAY, **options):
    return read_book(read_delimited(decode(data, file), file), file, today=today, **options)


def from_rows(*rows, file="list.xlsx", today=TODAY, **marks):
    """A sheet of cells; `marks` are those of `Sheet`."""
    sheet = Sheet("List", [list(row) for row in rows], **marks)
    return read_book(Book("XLSX", (sheet,)), file, today=today)


def codes(listed):
    return [problem.code for problem in (*listed.faults, *listed.warnings)]


def values(listed, column):
    return listed.records[column].to_list()
