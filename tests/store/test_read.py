"""What an untrusted file may not do to us; each refusal says what was found and what would be accepted."""

import datetime as dt
import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.formats.lists.workbook import Limits
from goodoffices.store.read import check_list, printable, read_list
from tests.store.making import HEADER, PERSON, lying, ods, ods_row, text, xlsx

TODAY = dt.date(2026, 11, 22)


def check(folder, data, name="list", **options):
    path = folder / name
    path.write_bytes(data)
    return check_list(path, today=TODAY, **options)


def refusal(folder, data, **options):
    with pytest.raises(InputError) as caught:
        check(folder, data, **options)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def far_cell():
    return xlsx(HEADER + PERSON + '<row r="1048576">' + text("XFD1048576", "x") + "</row>")


def billion_cells():
    rows = "".join(
        f'<row r="{row}">' + text(f"A{row}", "x") + text(f"ALL{row}", "x") + "</row>" for row in (1, 1_000_000)
    )
    return xlsx(rows)


def zip_bomb():
    return xlsx("", more=[("xl/media/a.bin", b"\x00" * 60_000_000)])


def long_bomb():
    rows = "".join(f'<row r="{row}">' + text(f"A{row}", "x" * 3000) + "</row>" for row in range(1, 3))
    return xlsx(rows, more=[("xl/a.xml", random.Random(1).randbytes(1000) * 120_000)])


BOMBS = [
    ("a cell at the end of the world", far_cell, "absurdly far out"),
    ("a billion cells", billion_cells, "absurdly far out"),
    ("zeros, packed", zip_bomb, "zip bomb"),
    ("repetition, packed", long_bomb, "zip bomb"),
    ("sizes that lie", lambda: lying(xlsx(HEADER + PERSON + "<!--" + "x" * 500_000 + "-->")), "damaged|declares"),
    ("too many packed files", lambda: xlsx("", more=[(f"xl/{n}.xml", "") for n in range(300)]), "305 packed files"),
    (
        "ODS rows repeated",
        lambda: ods(ods_row(*"x" * 50, repeated=1_048_576)),
        r"breaks its reader|a sheet of \d+ x \d+ cells",
    ),
]


def test_the_smallest_bomb_is_small():
    assert len(far_cell()) < 2000


@pytest.mark.parametrize(("make", "says"), [case[1:] for case in BOMBS], ids=[case[0] for case in BOMBS])
def test_a_bomb_is_refused_in_words(tmp_path, make, says):
    with pytest.raises(InputError, match=says):
        check(tmp_path, make())


def test_a_workbook_of_16384_columns_is_refused(tmp_path):
    wide = xlsx(
        '<row r="1">'
        + text("A1", "ref")
        + text("B1", "surname")
        + "".join(text(f"XF{c}1", "x") for c in "ABCD")
        + "</row>"
    )
    assert "absurdly far out: XFA1" in refusal(tmp_path, wide)


def test_a_styled_but_empty_cell_far_out_does_no_harm(tmp_path):
    data = xlsx(HEADER + PERSON.replace("</row>", '<c r="XFD2" s="0"/></row>'))
    assert check(tmp_path, data).records["ref"].to_list() == ["A-1"]


def edges(rows):
    """Two cells a row, 702 columns apart: within the limit of columns, not within that of cells."""
    line = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="ZZ{0}"><v>1</v></c></row>'
    return xlsx("".join(line.format(row) for row in range(1, rows + 1)))


def test_a_sheet_of_too_many_cells_is_refused_with_their_number(tmp_path):
    assert "a sheet of 20000 x 702 cells, expected at most 8000000 cells" in refusal(tmp_path, edges(20_000))


def test_a_reader_that_aborts_for_want_of_memory_is_a_refusal_like_another(tmp_path):
    assert "breaks its reader" in refusal(tmp_path, edges(60_000))


NO_SHEETS = [
    (b"", "an empty file"),
    (b"%PDF-1.7\n", "a PDF document"),
    (b"\xff\xd8\xff\xe0JFIF", "a picture"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"{\\rtf1 }", "a text document"),
    (b"<html><table><tr><td>ref</td></tr></table></html>", "a web page or XML"),
    (b"<?xml version='1.0'?><a/>", "a web page or XML"),
    (b"\x1f\x8b\x08\x00", "an archive"),
    (b"MZ\x90\x00", "a program"),
    (b"PK\x03\x04 not a zip", "a damaged packed file"),
    (b"just words, no list\n", "no header"),
    (b"ref,surname\nA-1,Ko\x00val\n", "a NUL byte"),
]


@pytest.mark.parametrize(("data", "says"), NO_SHEETS, ids=[says for _, says in NO_SHEETS])
def test_what_is_no_list_is_refused_by_its_name(tmp_path, data, says):
    assert says in refusal(tmp_path, data)


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_other_packed_documents_are_refused_by_their_name(tmp_path):
    assert "text document (DOCX)" in refusal(tmp_path, packed(**{"word/document.xml": "x"}))
    assert "XLSB" in refusal(tmp_path, packed(**{"xl/workbook.bin": "x"}))
    assert "an archive that is no workbook" in refusal(tmp_path, packed(**{"photo.jpg": "x"}))


def test_encrypted_workbooks_are_refused_as_such(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    assert "an encrypted workbook" in refusal(tmp_path, ole + "EncryptedPackage".encode("utf-16-le"))
    assert "text document (DOC)" in refusal(tmp_path, ole + "WordDocument".encode("utf-16-le"))
    assert "without a workbook" in refusal(tmp_path, ole)
    assert "a damaged workbook" in refusal(tmp_path, ole + "Workbook".encode("utf-16-le"))
    marked = ods(ods_row("ref", "surname"), manifest="<manifest:encryption-data/>")
    assert "an encrypted workbook" in refusal(tmp_path, marked)
    data = bytearray(packed(**{"xl/workbook.xml": "x"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert "an encrypted workbook" in refusal(tmp_path, bytes(data))


def test_limits_of_size_are_kept_and_named(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as stream:
        stream.truncate(65_000_000)
    with pytest.raises(InputError, match="65000000 bytes, expected at most 64000000"):
        check_list(path, today=TODAY)
    data = xlsx(HEADER + PERSON)
    assert "in a workbook" in refusal(tmp_path, data, limits=Limits(workbook_bytes=100))


def test_a_line_of_ten_megabytes_is_refused(tmp_path):
    assert "a line of 10000000 letters" in refusal(tmp_path, b"ref,surname\n" + b"x" * 10_000_000)


def test_a_text_of_16384_columns_is_refused(tmp_path):
    assert "16384 columns, expected at most 1000" in refusal(tmp_path, b"ref;surname;" + b";" * 16_381)


def test_a_quotation_mark_never_closed_is_refused(tmp_path):
    data = b'ref,surname\nA-1,"Koval\n' + b"A-2,Bondar\n" * 20_000
    assert "never closed" in refusal(tmp_path, data)


def test_no_other_kind_of_file_is_opened(tmp_path):
    for path, says in ((tmp_path, "no regular file"), (tmp_path / "none.csv", "no such file")):
        with pytest.raises(InputError, match=says):
            check_list(path)
    with pytest.raises(InputError):
        check_list(tmp_path / "a\x00b.csv")


def test_a_hostile_name_cannot_move_the_terminal(tmp_path):
    name = "list\u202evsc\x1b[2J.xlsx"
    says = refusal(tmp_path, b"%PDF", name=name)
    assert "\x1b" not in says
    assert "\u202e" not in says
    assert printable("a\nb\u202e") == "a\\u000ab\\u202e"


def test_a_list_with_a_fault_is_no_ground_for_other_commands(tmp_path):
    path = tmp_path / "held.csv"
    path.write_text("ref,surname\nA-1,Koval\nA-1,Bondar\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 3, ref: found A-1 \\(duplicate reference, first in row 2\\)"):
        read_list(path, today=TODAY)
    assert check_list(path, today=TODAY).records.height == 2


def test_an_ods_is_read_as_an_xlsx_is(tmp_path):
    rows = [("ref", "surname", "birth date"), ("A-1", "Коваль", "11.07.1984")]
    as_ods = check(tmp_path, ods("".join(ods_row(*row) for row in rows)))
    as_csv = check(tmp_path, "\n".join(";".join(row) for row in rows).encode())
    assert as_ods.form == "ODS"
    assert as_ods.records.equals(as_csv.records)


def test_an_xls_is_read_with_its_merged_header_and_dates():
    listed = check_list(Path(__file__).parents[1] / "data/samples/held-uk.xls", today=TODAY)
    assert (listed.form, listed.kind, listed.header_rows, listed.rows) == ("XLS", "held", (2, 3), (4, 5, 6))
    assert listed.records.select("ref", "surname", "given_name", "birth_date", "family").rows() == [
        ("1", "Коваль", "Іван", "1984-07-11", "F1"),
        ("2", "Шевчук", "Петро", "1973-04-01", "F1"),
        ("3", "Бондар", "Олег", "1984-07-11", None),
    ]
    assert [problem.code for problem in listed.warnings] == ["merged_cells"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_break_the_reader(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "random"
    path.write_bytes(data)
    try:
        check_list(path, today=TODAY)
    except InputError as error:
        refused = error
    else:
        return
    assert refused.faults


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_a_damaged_workbook_never_breaks_the_reader(tmp_path_factory, chance, hits):
    data = bytearray(xlsx(HEADER + PERSON))
    for _ in range(hits):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(bytes(data))
    try:
        check_list(path, today=TODAY)
    except InputError as error:
        refused = error
    else:
        return
    assert refused.faults
