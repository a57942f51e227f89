"""The results page, the workbook, the table: what they say, and that they say it in four languages."""

import gzip
import io
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.flow.result import overall, results
from goodoffices.formats.process import read_process
from goodoffices.formats.results_page import Origin, results_page
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.results_sheet import results_sheet
from goodoffices.formats.results_text import WIDTH, results_text
from goodoffices.formats.texts import read_texts
from goodoffices.formats.words import Language
from goodoffices.store.example import EXAMPLE, TEXTS, example_process, example_texts
from tests.flow.invented import assertion, attested, process

DATA = example_process()
LANGUAGES = list(Language)


def parts(language, data=DATA, texts=None):
    talks = read_process(data, EXAMPLE)
    found = results(talks)
    if texts is None:
        texts = read_texts(example_texts(), language, file=TEXTS) if data is DATA else {}
    return talks, found, Phrases(talks, language, texts)


def page(language=Language.EN, data=DATA, **origin):
    talks, found, phrases = parts(language, data)
    made = Origin(EXAMPLE, sha256_hex(data), **origin)
    return results_page(talks, found, phrases, overall=overall(talks, found), origin=made)


def invented_page(talks):
    return page(data=json.dumps(talks).encode())


def words_of(html):
    """The visible text of a page, tags gone, spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<(style|title)[^>]*>.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL))


class Reader(HTMLParser):
    """Keeps tags in order, and fails on what is not closed."""

    VOID = ("meta", "link", "br", "line", "rect", "path", "col", "circle")

    def __init__(self):
        super().__init__()
        self.open, self.headings, self.images, self.ids, self.targets = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if attributes.get("role") == "img":
            self.images.append(attributes.get("aria-label"))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if (attributes.get("href") or "").startswith("#"):
            self.targets.append(attributes["href"][1:])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


# ------------------------------------------------------------------------------------------------------- the page
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_its_outline_has_no_gap(language):
    html = page(language)
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert f'<html lang="{language.value}">' in html
    assert reader.headings[0] == 1
    assert reader.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(reader.headings, reader.headings[1:], strict=False))
    assert reader.images
    assert all(reader.images)
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.targets) <= set(reader.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_no_script_no_network_and_few_bytes(language):
    html = page(language)
    assert "<script" not in html
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
    assert "@import" not in html
    assert len(gzip.compress(html.encode())) < 60_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_one_language_without_exclamation(language):
    text = words_of(page(language))
    assert "!" not in text
    if language is not Language.EN:
        for english in ("not yet confirmed", "withheld", "movements", "Who says so", "Ministry of Defence", "stated"):
            assert english not in text.replace("withheld.txt", ""), english


def test_every_public_figure_is_there_with_its_organ():
    text = words_of(page()).replace("\u202f", " ")
    for figure in ("6 057", "6 060", "4 812", "1 245", "1 248", "1 003", "14 060", "693", "359", "331"):
        assert figure in text, figure
    for said in (
        "The difference of 3 is found: it lies in what moved on 16 June 2025",
        "Date: accepted by one side only",
        "Not set",
        "at least 20",
        "not computable",
        "figure withheld in 9 of 9",
        "not yet confirmed",
        "no figure stated",
    ):
        assert said in text, said
    assert not re.search(r"\blate\b", re.sub(r"nobody is late|late August", "", text))


def test_every_assertion_stands_on_the_page_with_its_source():
    talks, _, _ = parts(Language.EN)
    text = words_of(page()).replace("&quot;", '"').replace("&#x27;", "'")
    for a in talks.assertions:
        assert re.sub(r"\s+", " ", a.source) in text
        if a.speaker:
            assert a.speaker in text


def test_persons_and_bodies_are_never_added():
    text = words_of(page()).replace("\u202f", "")
    for wrong in (6057 + 1000, 14060 + 1265, 12060 + 415):
        assert str(wrong) not in text


def test_zero_withheld_unknown_and_not_yet_have_four_words_and_four_looks():
    talks = process(
        [
            assertion("a", quantity=0),
            assertion("b", party="B", quantity=None, bound="withheld"),
            assertion("c", party="N", quantity=None, bound="no_count", kind="observation"),
        ]
    )
    html = invented_page(talks)
    for look, word in (
        ("none", "none"),
        ("withheld", "withheld"),
        ("unknown", "no figure"),
        ("not_yet", "not yet confirmed"),
    ):
        assert f'<span class="w w-{look}">{word}</span>' in html
    assert ">0<" not in html


def test_confirmed_is_drawn_solid_and_over_delivery_is_named():
    html = invented_page(process(attested(quantity=120)))
    assert "<b>120</b>" in html
    assert "20 beyond the figure promised" in words_of(html)
    assert re.search(r'<rect class="b-ok"[^>]*width="(?!0\.00)', html)
    assert "b-over" in html


def test_a_superseded_statement_stays_visible_and_counts_no_more():
    told = [assertion("old", quantity=390), assertion("new", quantity=391, supersedes="old")]
    html = invented_page(process(told))
    assert "superseded: counts no more" in html
    assert "replaces old" in html
    assert "<b>391</b>" in html
    assert "<b>390</b>" not in html


def test_what_the_file_says_is_text_and_never_markup():
    evil = '<script>alert("x")</script>&amp;'
    talks = process([assertion("a", organ=evil, note=evil, source=evil, speaker=evil)])
    talks["process"]["name"] = evil
    talks["commitments"][0]["title"] = evil
    talks["forums"][0]["title"] = evil
    talks["parties"][0]["name"] = evil
    html = invented_page(talks)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 6


def test_a_process_without_movements_has_a_page():
    html = invented_page(process())
    assert "0 movements on record" in words_of(html)
    assert "not begun" in html


def test_the_page_leads_to_its_other_languages():
    html = page(pages={Language.EN: "results.html", Language.UK: "results.uk.html"})
    assert '<a href="results.uk.html" lang="uk" hreflang="uk">Українська</a>' in html
    assert 'href="results.html"' not in html


def test_equal_input_gives_equal_bytes():
    assert page(Language.TR) == page(Language.TR)


# --------------------------------------------------------------------------------------------------- translations
@pytest.mark.parametrize("language", [Language.UK, Language.RU, Language.TR])
def test_titles_readings_names_and_organs_of_the_example_are_translated(language):
    talks, _, _ = parts(language)
    texts = read_texts(example_texts(), language, file=TEXTS)
    needed = {talks.name, *(party.name for party in talks.parties), *(forum.title for forum in talks.forums)}
    needed |= {c.title for c in talks.commitments} | {a.organ for a in talks.assertions}
    needed |= {r.text for c in talks.commitments for _, r in c.readings if r is not None}
    needed |= {c.condition for c in talks.commitments if c.condition} | {p.text for p in talks.proposals}
    needed |= {p.note for t in talks.transfers for p in t.positions if p.note}
    assert needed <= texts.keys()


# ---------------------------------------------------------------------------------------------------- the workbook
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_three_sheets_and_no_formula(language):
    book = openpyxl.load_workbook(io.BytesIO(results_sheet(*parts(language))))
    assert book.sheetnames == ["Commitments", "Movements", "Assertions"]
    assert (book["Movements"].max_row, book["Assertions"].max_row) == (65, 109)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_figures_are_numbers_and_what_is_not_known_is_a_word():
    book = openpyxl.load_workbook(io.BytesIO(results_sheet(*parts(Language.EN))))
    rows = {row[0]: row for row in book["Movements"].iter_rows(values_only=True)}
    bodies = rows["2025-06-16-RU-UA-bodies"]
    assert (bodies[5], bodies[6], bodies[11]) == (1248, 1245, "differ by 3")
    hidden = rows["2025-06-09-RU-UA-persons-under_25"]
    assert (hidden[5], hidden[6], hidden[11]) == ("no figure stated", "withheld", "withheld")


def test_a_formula_in_a_note_stays_text():
    data = json.dumps(process([assertion("a", note="=1+1", organ="=cmd")])).encode()
    book = openpyxl.load_workbook(io.BytesIO(results_sheet(*parts(Language.EN, data))))
    cells = [cell for row in book["Assertions"].iter_rows() for cell in row if cell.value in {"=1+1", "=cmd"}]
    assert len(cells) == 2
    assert all(cell.data_type == "s" for cell in cells)


# ------------------------------------------------------------------------------------------------------- the table
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_fits_a_hundred_columns(language):
    text = results_text(*parts(language))
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_table_says_who_said_what():
    text = results_text(*parts(Language.EN)).replace("\u202f", " ")
    for line in (
        r"Ukraine +6 057 +5 movements",
        r"Russian Federation +6 060 +5 movements",
        r"Difference +differ by 3 +16 June 2025",
        r"Ukraine +not computable +figure withheld in 9 of 9",
        r"Russian Federation +693 +in 2 of 3 movements",
        r"Confirmed +not yet confirmed",
        r"Date: accepted by one side only",
    ):
        assert re.search(line, text), line
