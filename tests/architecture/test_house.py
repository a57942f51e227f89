"""The house keeps its size, its words and its promises."""

import ast
import csv
import re
from pathlib import Path

import pytest

from goodoffices.formats.words import Language, _table, parts

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_no_file_is_two_ideas():
    assert len(SOURCES) > 100
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert [f"{name}: {lines} lines, expected at most 400" for name, lines in lengths.items() if lines > 400] == []


def test_no_function_is_two_ideas():
    found, seen = [], 0
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                seen += 1
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > 50:
                    found.append(f"{path.relative_to(ROOT)}: {node.name} has {length} lines, expected at most 50")
    assert seen > 1000
    assert found == []


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
    "ClaimReview": "uk ru tr", "Excel": "uk ru tr", "JSON": "uk ru tr", "PDF": "uk ru tr",
    "SHA-256": "uk ru tr", "Y-STR": "uk ru tr",
    "DNA (STR)": "tr", "forum": "tr", "Disk": "tr", "Forum": "tr", "LR": "tr", "No.": "tr", "Organ": "tr", "Plan": "tr",
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


# Terms of docs/glossary.csv that mean one thing wherever they stand: how English writes the term, and what its form in
# the other languages must contain, however it is inflected. The rest of the glossary has words of everyday use too
# (side, held, list, minutes, leg): where they stand for the term, a reader has to see to it.
TERMS = {
    "working group": (r"\bworking group", "робоч", "рабоч", "çalışma grubu|çalışma grup"),
    "caucus": (r"\bcaucus", "нарад", "совещан", "taraf içi istişare"),
    "silence procedure": (r"\bsilence procedure", "мовчазної згоди", "молчаливого согласия", "sessizlik usulü"),
    "round of talks": (r"\bround of talks", "раунд переговорів", "раунд переговоров", "müzakere turu"),
    "prisoner of war": (r"\bprisoners? of war", "військовополонен", "военноплен", "savaş esir"),
    "chain of custody": (r"\bchain of custody", "ланцюг", "цепоч", "muhafaza zincir"),
    "likelihood ratio": (r"\blikelihood ratio", "правдоподібн", "правдоподоби", "olabilirlik oran"),
    "ceasefire": (r"\bceasefire", "припинен\\w* вогню", "прекращен\\w* огня", "ateşkes"),
    "crossing point": (r"\bcrossing point", "пункт\\w* перетину", "пункт\\w* пропуска", "geçiş nokta"),
    "demining": (r"\bdemining", "розмінуван", "разминирован", "mayın temizl"),
    "commitment": (r"^Commitment(s|)$|\bcommitment (is|to|that)\b", "зобов.язан", "обязательств", "taahhü"),
    "identified": (
        r"\bidentified person|\bpersons? identified",
        "ідентифікован",
        "идентифицирован",
        "kimliği belirlen",
    ),
    "observer": (r"\bobserver", "спостерігач", "наблюдател", "gözlemci"),
    "movement": (
        r"\bmovements? (in time|on record|that)|^movement$|(one|known|new) movement\b",
        "переміщен",
        "перемещен",
        "hareket",
    ),
    "incident": (r"\bincidents?\b", "інцидент", "инцидент", "olay"),
    "access denied": (r"\baccess denied$", "доступ не надано", "доступ не предоставлен", "erişime izin verilmedi"),
    "embargo": (r"\bembargo", "ембарго", "эмбарго", "ambargo"),
}


def _said(entry):
    return " ".join(entry.values()) if isinstance(entry, dict) else str(entry)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_the_glossary_has_one_name_in_each_language(term):
    pattern, *wanted = TERMS[term]
    met, faults = 0, []
    for part in parts():
        for key, entry in _table(part).items():
            if re.search(pattern, _said(entry["en"]), re.IGNORECASE):
                met += 1
                faults += [
                    f"{part}.{key} ({language}): {_said(entry[language])}"
                    for language, stem in zip(("uk", "ru", "tr"), wanted, strict=True)
                    if not re.search(
                        stem, _said(entry[language]).casefold() if stem.islower() else _said(entry[language])
                    )
                ]
    assert met, "nothing says this any more"
    assert faults == []


def test_no_merge_was_left_half_done():
    kinds = {".py", ".html", ".css", ".js", ".toml", ".md", ".csv", ".typ", ".txt", ".json"}
    found = [
        path
        for folder in ("src", "tests", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and ("\n" + "<" * 7 + " ") in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert not found
