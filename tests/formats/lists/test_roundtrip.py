"""Any list, written by a spreadsheet program or as text in any encoding, reads back equal."""

import csv
import datetime as dt
import io

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.lists import COLUMNS, Category, Health, Sex, Status, YesNo
from goodoffices.domain.tables import RECORDS
from goodoffices.formats.lists.canonical import read_canonical
from goodoffices.formats.lists.delimited import read_delimited
from goodoffices.formats.lists.encoding import decode
from goodoffices.formats.lists.letters import clean, repair
from goodoffices.formats.lists.pack import pack
from goodoffices.formats.lists.read import read_book
from goodoffices.formats.lists.unpack import unpack
from goodoffices.formats.lists.vocabulary import is_total, is_unknown
from goodoffices.formats.lists.workbook import Limits
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.sheet import Rows, workbook

TODAY = dt.date(2026, 11, 22)
CYRILLIC = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЮЯЁЫЭЪЬабвгґдеєжзиіїйклмнопрстуфхцчшщюяёыэъь"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TURKISH = "ÇĞİÖŞÜçğıöşü"


def settled(text):
    """Whether a text says just what it is: nothing to repair, no dash, no formula, not "unknown"."""
    return (
        clean(text) == (text, False)
        and repair(text, others="") == (text, None)
        and not is_unknown(text)
        and not is_total(text)
        and text[:1] not in set("'=-—–−")
        and "??" not in text
        and text.lower() not in COLUMNS
    )


def words(letters, extra=" .,;-'\"№/0123456789\t"):
    return (
        st.text(st.sampled_from(letters + extra), min_size=1, max_size=14)
        .map(lambda text: clean(text)[0])
        .filter(lambda text: text and settled(text) and any(letter.isalpha() for letter in text))
    )


def dates(first=1900):
    days = st.dates(dt.date(first, 1, 1), TODAY).map(str)
    return st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))


@st.composite
def lists(draw, letters=CYRILLIC):
    closed = {
        "sex": Sex,
        "category": Category,
        "health": Health,
        "status": Status,
        "fit_to_travel": YesNo,
        "withheld": YesNo,
    }
    name = words(letters, " -'")
    rows = draw(st.integers(1, 5))
    columns = {"ref": [f"{draw(st.sampled_from('ABЖ'))}{number}" for number in range(rows)]}
    for column in COLUMNS[1:]:
        if column == "full_name":
            continue
        if column in closed:
            cell = st.sampled_from([word.value for word in closed[column]])
        elif column == "birth_date":
            cell = dates()
        elif column == "captured_on":
            cell = st.just(str(TODAY))
        elif column == "requested":
            cell = st.sampled_from("123")
        else:
            cell = name if column in {"surname", "given_name", "patronymic"} else words(letters)
        filled = cell if column == "surname" else st.none() | cell
        columns[column] = draw(st.lists(filled, min_size=rows, max_size=rows))
    names = [
        " ".join(filter(None, parts))
        for parts in zip(*(columns[n] for n in ("surname", "given_name", "patronymic")), strict=True)
    ]
    if any(repair(part, others=whole)[1] for whole in names for part in whole.split()):
        columns |= {"given_name": [None] * rows, "patronymic": [None] * rows}
    return RECORDS.check(pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.String)))


def as_text(frame, separator, codec):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.rows())
    return out.getvalue().encode(codec)


def as_openpyxl(frame):
    book = openpyxl.Workbook()
    for row in [frame.columns, *frame.rows()]:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if cell.value is not None else "n"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_text(data):
    return read_book(read_delimited(decode(data, "list"), "list"), "list", today=TODAY)


def read_workbook(data):
    return read_book(unpack("".join(pack(data, "list", Limits())).encode()), "list", today=TODAY)


def same(listed, frame):
    assert [problem.message for problem in listed.faults] == []
    assert listed.records.drop("full_name").to_dicts() == frame.drop("full_name").to_dicts()


@settings(max_examples=60, deadline=None)
@given(
    lists(CYRILLIC),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_a_cyrillic_list_reads_back_from_text(frame, separator, codec):
    same(read_text(as_text(frame, separator, codec)), frame)


@settings(max_examples=40, deadline=None)
@given(lists(LATIN + TURKISH), st.sampled_from(";\t"), st.sampled_from(["utf-8", "utf-16"]))
def test_a_latin_list_reads_back_from_text(frame, separator, codec):
    same(read_text(as_text(frame, separator, codec)), frame)


NAMES = [
    "Іваненко",
    "Щербак",
    "Петренко",
    "Обʼєдков".replace("ʼ", "'"),
    "Сидоров",
    "Мельничук",
    "Їжакевич",
    "Ґалаґан",
    "Юрченко",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=3, max_size=9), st.sampled_from(["cp1251", "koi8-u"]))
def test_a_list_of_names_reads_back_from_the_old_encodings(names, codec):
    frame = RECORDS.check(pl.DataFrame({"ref": [str(number) for number in range(len(names))], "surname": names}))
    same(read_text(as_text(frame.select("ref", "surname", "note"), ";", codec)), frame)


@settings(max_examples=30, deadline=None)
@given(lists(CYRILLIC))
def test_a_list_reads_back_from_openpyxl_and_from_our_own_sheets(frame):
    same(read_workbook(as_openpyxl(frame)), frame)
    same(read_workbook(workbook({"List": Rows(frame.columns, frame.rows())})), frame)


@settings(max_examples=60, deadline=None)
@given(lists(CYRILLIC))
def test_a_sealed_list_reads_back_the_same_by_the_fast_and_the_long_way(frame):
    sealed = sealed_csv(frame)
    listed = read_text(sealed)
    same(listed, frame.sort("ref"))
    fast = read_canonical(sealed, "list", today=TODAY)
    if fast is not None:
        assert fast.records.equals(listed.records)
        assert (fast.faults, fast.warnings, tuple(fast.rows)) == (listed.faults, listed.warnings, listed.rows)
        assert (fast.kind, dict(fast.columns), fast.form) == (listed.kind, dict(listed.columns), listed.form)
    assert sealed_csv(listed.records.with_columns(full_name=pl.lit(None, pl.String))) == sealed


PLAIN = RECORDS.check(
    pl.DataFrame({
        "ref": ["A-1", "A-2"], "surname": ["Коваль", "Шевчук"], "given_name": ["Іван", "Петро"], "sex": ["m", None],
        "birth_date": ["1984-07-11", "1990"], "captured_on": ["2023-02", None], "held_at": ["Табір 1", None],
        "note": [None, "сказав: \"так\", двічі"],
    })
)  # fmt: skip


def test_a_plain_sealed_list_goes_the_fast_way():
    fast = read_canonical(sealed_csv(PLAIN), "sought.csv", today=TODAY)
    assert fast.records.equals(PLAIN)
    assert fast.kind == "sought"


SPOILED = [
    ("A-2", "A-1", "a reference twice"),
    ("1984-07-11", "1984-07-32", "no such day"),
    ("1984-07-11", "1984-13", "no such month"),
    ("1984-07-11", "2027-01-01", "a day to come"),
    ("1984-07-11", "1884-07-11", "too early"),
    ("2023-02", "1983-02", "captured before birth"),
    (",m,", ",x,", "no such word"),
    ("Шевчук", "Шeвчук", "a Latin letter"),
    ("Шевчук", "Шевчук ", "a space"),
    ("Шевчук", "Шев\u200bчук", "an invisible letter"),
    ("Шевчук", "невідомо", "said to be unknown"),
    ("Шевчук", "Cop", "look-alikes alone"),
    ("Табір 1", "'=1", "a mark against formulas"),
    ("A-2,", "Усього,", "a total"),
    ("A-2,Шевчук,Петро", ",Шевчук,Петро", "no reference"),
    ("A-2,Шевчук,Петро", "A-2,,", "no name"),
    ("A-2,Шевчук,Петро", "A-2,Петро", "a cell too few"),
    ("A-2,Шевчук,Петро", "A-2,Шевчук,Петро,", "a cell too many"),
    ("A-2,", "\nA-2,", "an empty line"),
    ("A-2,", "А-2,", "references in two scripts"),
]


@pytest.mark.parametrize(("old", "new", "why"), SPOILED, ids=[case[2] for case in SPOILED])
def test_a_sealed_list_with_anything_to_say_goes_the_long_way(old, new, why):
    data = sealed_csv(PLAIN).decode()
    assert old in data
    assert read_canonical(data.replace(old, new, 1).encode(), "list", today=TODAY) is None, why
