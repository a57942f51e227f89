"""goodoffices text at a terminal."""

import json

import pytest

from goodoffices.cli.main import run

REV6 = "@version 6\n@language en\n@parties A B\n4.2 exchange [at least 1,200]{A}[all]{B} persons [hidden]{chair?}\n"
REV7 = "@version 7\n@language en\n@parties A B\n4.2 exchange at least 1,200 persons\n"
UK = "@language uk\n@parties A B\n4.2 обмін щонайменше 1 000 осіб\n"


@pytest.fixture
def files(tmp_path):
    for name, text in (("6.txt", REV6), ("7.txt", REV7), ("uk.txt", UK), ("bad.txt", "4.2 [x\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        run(["text", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return stop.value.code, out, err


def test_show_prints_the_text_back(files, capsys):
    assert call(capsys, "show", files / "6.txt")[:2] == (0, REV6)
    code, out, _ = call(capsys, "show", files / "6.txt", "--json")
    assert (code, json.loads(out)["clean"]) == (0, False)


def test_a_fault_is_named_with_its_place(files, capsys):
    code, _, err = call(capsys, "show", files / "bad.txt")
    assert code == 2
    assert "line 1, column 5, 4.2: found '[' that is never closed" in err
    code, _, err = call(capsys, "show", files / "nowhere.txt")
    assert (code, "no such file" in err) == (2, True)


def test_the_view_of_one_side(files, capsys):
    assert call(capsys, "view", files / "6.txt", "--as", "A")[1] == "4.2 exchange at least 1,200 persons\n"
    assert "hidden" not in call(capsys, "view", files / "6.txt", "--for", "B")[1]
    assert "hidden" in call(capsys, "view", files / "6.txt", "--for", "chair")[1]
    found = json.loads(call(capsys, "view", files / "6.txt", "--open", "--json")[1])["open"]
    assert [place["why"] for place in found] == ["alternatives"]
    code, _, err = call(capsys, "view", files / "6.txt", "--as", "C")
    assert (code, "expected one of A, B" in err) == (2, True)


def test_what_changed_in_words(files, capsys):
    code, out, _ = call(capsys, "diff", files / "6.txt", files / "7.txt")
    assert (code, out) == (0, "4.2: changed\n    settled: “at least 1,200” stands\n")
    code, out, _ = call(capsys, "diff", files / "7.txt", files / "7.txt", "--language", "uk")
    assert (code, out) == (0, "Нічого не змінилося.\n")


def test_languages_that_diverge_are_exit_1(files, capsys):
    code, out, _ = call(capsys, "diff", files / "7.txt", files / "uk.txt", "--languages")
    assert (code, out) == (1, "4.2: numbers differ: en 1200, uk 1000\n")


EXPORTS = {"t.docx": b"PK", "t.pdf": b"%PDF", "t.xml": b"<?xml", "t.html": b"<!doc"}


@pytest.mark.parametrize(("name", "magic"), EXPORTS.items())
def test_exports_hold_no_untabled_wording(files, capsys, name, magic):
    out = files / name
    assert call(capsys, "export", files / "6.txt", "--out", out, "--on", "2025-07-23")[0] == 0
    data = out.read_bytes()
    assert data.startswith(magic)
    assert b"[hidden" not in data
    assert b">hidden" not in data


def test_an_unknown_ending_is_refused_and_nothing_written(files, capsys):
    code, _, err = call(capsys, "export", files / "6.txt", "--out", files / "t.odt")
    assert (code, ".docx, .pdf, .xml or .html" in err, (files / "t.odt").exists()) == (2, True, False)


def test_a_docx_comes_in_as_a_first_version(files, capsys):
    call(capsys, "export", files / "6.txt", "--out", files / "t.docx", "--title", "T")
    code, out, _ = call(capsys, "show", files / "t.docx", "--from-docx")
    assert (code, out) == (0, "4.2 exchange [at least 1,200]{A}[all]{B} persons\n")
