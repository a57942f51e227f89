"""The single text as DOCX, PDF, Akoma Ntoso, calendar and page."""

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from lxml import etree

from goodoffices.domain.errors import InputError
from goodoffices.engines.talks.text import parse, unparse
from goodoffices.engines.talks.views import bracket_counts, negotiating_view, open_places
from goodoffices.formats.diary import Date, diary_ics
from goodoffices.formats.text_akn import text_akn
from goodoffices.formats.text_docx import docx_lines, plain_lines, text_docx
from goodoffices.formats.text_page import bracket_bars, clauses, open_table
from goodoffices.formats.text_pdf import text_pdf
from goodoffices.formats.words import Language, Words
from tests.engines.talks.strategies import documents, words

TEXT = parse("""@parties A B
4.1 [three, online]{A}
4.2 exchange [at least 1,200]{A}[]{B} prisoners [of [both]{B} sides]{A,B} \\[sic\\] & <Ґ>
4.3 done
""")
SCHEMA = Path(__file__).parents[1] / "data/akn/akomantoso30.xsd"
DAY = dt.datetime(2025, 7, 23, 12, tzinfo=dt.UTC)


@cache
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


def test_akoma_ntoso_is_valid_and_points_from_each_alternative_to_the_first():
    root = etree.fromstring(text_akn(TEXT, name="round-3", language="uk", on=DAY.date()))
    schema().assertValid(root)
    inline = root.findall(".//{*}inline")
    assert [(node.get("class"), node.get("alternativeTo") is not None) for node in inline] == [
        ("A", False),
        ("A", False),
        ("B", True),
        ("A B", False),
        ("B", False),
    ]
    ids = {node.get("eId") for node in inline}
    assert all(node.get("alternativeTo") in {None, *ids} for node in inline)


@given(documents(words))
@settings(max_examples=25, deadline=None)
def test_any_text_is_valid_akoma_ntoso(document):
    schema().assertValid(etree.fromstring(text_akn(document, name="t", language="en", on=DAY.date())))


@given(documents(words))
@settings(max_examples=25, deadline=None)
def test_a_text_reads_back_from_docx(document):
    view = negotiating_view(document, None)
    back = parse(docx_lines(text_docx(view, title="t"), file="t.docx"))
    expected = {c.id: unparse(type(view)((), (c,))).split() for c in view.clauses if c.wording}
    assert {c.id: unparse(type(back)((), (c,))).split() for c in back.clauses if c.wording} == expected


def test_the_docx_has_line_numbers_and_brackets_in_sight():
    data = text_docx(TEXT, title="Third round")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"w:lnNumType" in archive.read("word/document.xml")
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    assert lines[:2] == ["Third round", "4.1 [three, online]{A}"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_docx_opens_in_libreoffice(tmp_path):
    (tmp_path / "text.docx").write_bytes(text_docx(TEXT, title="Third round"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(tmp_path / "text.docx")]
    subprocess.run(["soffice", profile, *convert], check=True, capture_output=True, timeout=180)
    assert "[at least 1,200]{A}[]{B}" in (tmp_path / "text.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"not a zip", "something else"), (b"PK\x03\x04 broken", "something else")],
)
def test_what_is_no_docx_is_refused(data, found):
    with pytest.raises(InputError, match=found):
        docx_lines(data, file="t.docx")


def test_plain_text_becomes_a_first_version():
    raw = "Whereas [sic]\n\n2. the sides agree\r\n3) both\nand so on\n"
    assert plain_lines(raw) == "1 Whereas \\[sic\\]\n2 the sides agree\n3 both\n4 and so on\n"
    assert [clause.id for clause in parse(plain_lines(raw)).clauses] == ["1", "2", "3", "4"]
    assert plain_lines("") == ""


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_every_page_of_the_pdf_has_hash_and_number(tmp_path):
    lines = "\n".join(f"{number} clause {number} says [this]{{A}}[that]{{B}}" for number in range(1, 160))
    long = parse(f"@parties A B\n{lines}")
    texts = {"en": long, "uk": long}
    pdf = text_pdf(texts, "ab" * 32, title="Long", language=Language.UK, at=DAY)
    assert pdf == text_pdf(texts, "ab" * 32, title="Long", language=Language.UK, at=DAY)
    (tmp_path / "t.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(tmp_path / "t.pdf"), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pages = [page for page in done.stdout.split("\f") if page.strip()]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "ab" * 32 in page
        assert re.search(rf"Сторінка {number} / {len(pages)}", page)


def test_calendar_times_are_in_utc_and_a_time_without_zone_is_refused():
    text = diary_ics([Date("r3", DAY, DAY + dt.timedelta(minutes=39), "Round, third")], now=DAY).decode()
    assert "DTSTART:20250723T120000Z" in text
    assert "SUMMARY:Round\\, third" in text
    with pytest.raises(ValueError, match="without zone"):
        diary_ics([Date("r3", DAY.replace(tzinfo=None), DAY, "x")], now=DAY)


@pytest.mark.parametrize("language", Language)
def test_the_page_shows_alternatives_holders_and_what_is_open(language):
    talk = Words("talks", language)
    html = clauses(TEXT, talk)
    assert "at least 1,200" in html
    assert "&lt;Ґ&gt;" in html
    assert talk("delete") in html
    places = [(p.clause, p.why.value, p.wordings, p.waits_for) for p in open_places(TEXT)]
    table = open_table(places, talk)
    assert table.count("<tr>") == 1 + len(places)
    bars = bracket_bars({"6": bracket_counts(TEXT), "7": bracket_counts(parse("1 x"))}, talk)
    assert 'aria-label="A: 6 3, 7 0; B: 6 3, 7 0"' in bars
    assert bracket_bars({"7": {}}, talk) == ""
