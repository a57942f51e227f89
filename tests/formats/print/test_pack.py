"""The pack for tomorrow: one PDF of sheets, or a ZIP of sheets and files; the same bytes twice."""

import io
import subprocess
import zipfile

import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import RangeError
from goodoffices.formats.pack import Pack, Paper, pack_pdf, pack_zip
from goodoffices.formats.print.frame import printed
from goodoffices.formats.words import Language, Words
from tests.formats.print.invented import SHEETS, frame
from tests.formats.print.test_sheets import PDFTOTEXT, flat, needs_text, pdf_of, text_of


def pack(language, *more, names=tuple(SHEETS)):
    return Pack(frame("K-1"), "Handover T-12, leg 2, 20 July", (*(SHEETS[name](language) for name in names), *more))


@needs_text
@pytest.mark.parametrize("language", list(Language))
def test_a_pack_is_one_tagged_pdf_whose_contents_name_every_sheet_and_its_page(language):
    made = pack(language)
    pdf = pack_pdf(made, language)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert language is not Language.EN or pdf == pack_pdf(made, language)
    pages = text_of(pdf, "-layout").split("\f")
    assert Words("print", language)("pack_title") in pages[0]
    at = 2
    for number, (name, item) in enumerate(zip(SHEETS, made.items, strict=True), 1):
        assert any(line.split()[:1] == [str(number)] and line.split()[-1] == str(at) for line in pages[0].splitlines())
        assert item.name in flat(pages[at - 1])
        at += text_of(pdf_of(name, language)).count("\f")
    assert at == len(pages)


def test_a_pack_with_a_file_made_elsewhere_is_a_zip():
    text = b"%PDF-1.7 a bracketed text"
    made = pack(Language.UK, Paper("Єдиний текст", text, "P-7"), names=("act", "slips"))
    with pytest.raises(RangeError, match="the ZIP takes both"):
        pack_pdf(made, Language.UK)
    data = pack_zip(made, Language.UK)
    assert data == pack_zip(made, Language.UK)
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = archive.namelist()
    assert names[0] == "00-contents.pdf"
    assert [name[:3] for name in names[1:]] == ["01-", "02-", "03-"]
    assert all(name.isascii() and "/" not in name for name in names)
    assert archive.read(names[3]) == text
    assert archive.read(names[1]) == printed([made.items[0]])
    if PDFTOTEXT is not None:
        contents = text_of(archive.read("00-contents.pdf")).replace("\n", "")
        assert sha256_hex(text) in contents
        assert all(name in contents for name in names[1:])


@pytest.mark.parametrize("title", ["../../etc/passwd", "\u202e\x00", "😀", "a" * 300, "CON"])
def test_a_hostile_title_makes_a_harmless_file_name(title):
    data = pack_zip(Pack(frame(""), "x", (Paper(title, b"%PDF-"),)), Language.EN)
    name = zipfile.ZipFile(io.BytesIO(data)).namelist()[1]
    assert name.startswith("01-")
    assert name.isascii()
    assert not set(name) & set("/\\:\x00")
    assert len(name) < 60


def test_an_empty_pack_and_what_is_no_pdf_are_refused():
    with pytest.raises(RangeError, match="0 documents in a pack"):
        Pack(frame(""), "x", ())
    with pytest.raises(RangeError, match="is no PDF"):
        Paper("x", b"PK")


@needs_text
def test_a_pack_is_read_by_another_program_without_complaint():
    done = subprocess.run(
        [PDFTOTEXT, "-", "-"], input=pack_pdf(pack(Language.TR), Language.TR), capture_output=True, check=True
    )
    assert done.stderr == b""
