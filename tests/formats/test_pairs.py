"""The forms that linkage writes and reads stand as the docs show them."""

import re
from pathlib import Path

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.domain.evidence import Reason
from goodoffices.engines.linkage import FIELDS, MARKS, TIES, Note
from goodoffices.formats.codes import codes_csv, read_codes
from goodoffices.formats.linkage_page import LinkageView, PairView, linkage_page
from goodoffices.formats.pairs import PairRow, pairs_csv, plain_cell, read_judgements
from goodoffices.formats.words import Language, Words

DOCS = Path(__file__).parents[2] / "docs/linkage.md"
REASONS = (
    Reason("prior", -9.1, "prior"),
    Reason("given_name", 5.4, "same_name"),
    Reason("birth_date", 8.1, "day_month_swapped"),
)
ROW = PairRow("A-1", "B-7", 4.4, 0.954773, 0.01, "namesake", "review", REASONS)


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def test_the_docs_show_a_pair_as_it_is_written():
    assert pairs_csv([ROW], Words("linkage", Language.EN)) in blocks("csv")


def test_the_docs_show_judgements_that_can_be_read():
    example = next(block for block in blocks("csv") if block.startswith("left_ref,right_ref,verdict\n"))
    assert read_judgements(example, "docs") == (("A-1", "B-7", True), ("A-2", "B-9", False))


def test_every_code_has_words_in_every_language():
    codes = {level.code for field in FIELDS for level in field.levels} | {tie.code for tie in TIES}
    codes |= {"better_elsewhere", "judged_same", "judged_other", "is_prior"}
    codes |= {field.name for field in FIELDS} | {f"note_{note.value}" for note in Note}
    for language in Language:
        words = Words("linkage", language)
        assert all(words.has(code) for code in codes), [code for code in codes if not words.has(code)]


def test_a_reference_that_a_spreadsheet_would_run_is_kept_from_it():
    assert plain_cell("=1+1") == "'=1+1"
    assert plain_cell("A-1") == "A-1"


def test_codes_are_read_as_they_were_written():
    names = tuple("+".join(kind) for kind in MARKS)
    rows = [("ab12", ("0" * 20, *([""] * (len(names) - 1))))]
    text = codes_csv("0123456789abcdef", names, rows)
    assert read_codes(text, "x", names) == ("0123456789abcdef", tuple(rows))
    with pytest.raises(InputError, match="no marks"):
        read_codes(text.replace("0" * 20, "zz"), "x", names)
    with pytest.raises(InputError, match="twice"):
        read_codes(text + text.splitlines()[-1] + "\n", "x", names)


@pytest.mark.parametrize("language", list(Language))
def test_the_page_shows_both_records_in_their_scripts_and_escapes_what_they_say(language):
    pair = PairView(
        ROW,
        {"name": "Коваленко Олексій <b>", "birth_date": "1998-03-07", "sex": "m"},
        {"name": "Коваленко Алексей", "birth_date": "1998-07-03"},
        {"name": "Kovalenko Oleksii"},
        {"name": "Kovalenko Aleksei"},
        ("unit",),
    )
    view = LinkageView(("a.csv", "b.csv"), (10, 12), 3, 1, (6, 8), (("priors", 3.0),), (pair,), (pair,), "PAIRS.csv")
    page = linkage_page(view, language)
    plain = page.replace("<mark>", "").replace("</mark>", "")
    assert "<mark>" in page
    for text in ("Коваленко Олексій &lt;b&gt;", "Kovalenko Aleksei", "95.5 %", "−9.1", "+8.1", "A-1"):
        assert text in plain
    assert "<b>" not in page
    assert "<script" not in page
    assert 'id="main"' in page
    assert linkage_page(view, language) == page


def test_contradictions_stand_on_the_page_only_where_there_are_any():
    view = LinkageView(("a", "b"), (1, 1), 1, 0, (0, 0), (), (), (), "P.csv")
    shown = LinkageView(("a", "b"), (1, 1), 1, 0, (0, 0), (), (), (), "P.csv", contradictions=(("a 1", "c 4", 0.002),))
    assert "Contradictions" not in linkage_page(view)
    assert "c 4" in linkage_page(shown)
