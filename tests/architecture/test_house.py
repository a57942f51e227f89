"""The house keeps its size, its words and its promises."""

import ast
import csv
import re
from pathlib import Path

import pytest

from goodoffices.formats.words import Language, _table, parts

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_no_file_is_two_ideas(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400, f"{len(lines)} lines, expected at most 400"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_no_function_is_two_ideas(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1
                assert length <= 50, f"{node.name} has {length} lines, expected at most 50"


@pytest.mark.parametrize("part", parts())
def test_every_word_stands_in_four_languages(part):
    for key, entry in _table(part).items():
        assert set(entry) == {language.value for language in Language}, f"{part}.{key}"


def test_glossary_has_a_word_per_language_for_every_term():
    with (ROOT / "docs/glossary.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert all(row[code] for code in ("en", "uk", "ru", "tr")), row["en"]


# Words that are the same in English and another language: names of formats and of marks of science, and Turkish words
# that English shares. Anything else that equals its English text was not translated.
SHARED = {
    "ClaimReview": "uk ru tr", "Excel": "uk ru tr", "JSON": "uk ru tr", "SHA-256": "uk ru tr", "Y-STR": "uk ru tr",
    "DNA (STR)": "tr", "Disk": "tr", "Forum": "tr", "LR": "tr", "No.": "tr", "Organ": "tr", "Plan": "tr",
    "Plan, SHA-256": "tr", "mtDNA": "tr", "{km} km": "tr",
}  # fmt: skip
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_PLACES = re.compile(r"\{[^}]*\}")


@pytest.mark.parametrize("part", parts())
def test_no_word_is_left_in_english(part):
    left = [
        f"{key} ({language}): {entry['en']}"
        for key, entry in _table(part).items()
        for language in ("uk", "ru", "tr")
        if entry[language] == entry["en"] and _LETTERS.search(_PLACES.sub("", str(entry["en"])))
        if language not in SHARED.get(str(entry["en"]), "").split()
    ]
    assert left == []
