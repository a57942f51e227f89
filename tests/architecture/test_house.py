"""The house keeps its size, its words and its promises."""

import ast
import csv
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


def test_no_merge_was_left_half_done():
    kinds = {".py", ".html", ".css", ".js", ".toml", ".md", ".csv", ".typ", ".txt", ".json"}
    found = [
        path
        for folder in ("src", "tests", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and ("\n" + "<" * 7 + " ") in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert not found
