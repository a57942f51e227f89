"""goodoffices results at a terminal."""

import json

import openpyxl
import pytest

from goodoffices.cli.main import run
from goodoffices.store.example import EXAMPLE, example_process
from tests.flow.invented import assertion, process


def call(*arguments):
    with pytest.raises(SystemExit) as stop:
        run(["results", *map(str, arguments)])
    return stop.value.code


@pytest.fixture
def record(tmp_path):
    path = tmp_path / EXAMPLE
    path.write_bytes(example_process())
    return path


def test_a_file_gives_the_table(record, capsys):
    assert call(record) == 0
    out, err = capsys.readouterr()
    assert "not computable" in out
    assert "differ by 3" in out
    assert err == ""


def test_without_a_file_the_example_is_used_and_named(capsys):
    assert call() == 0
    out, err = capsys.readouterr()
    assert "Istanbul talks 2025" in out
    assert "No file given" in err


def test_json_is_the_contract_and_nothing_else_on_standard_output(record, capsys):
    assert call(record, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {
        "movements": 64, "confirmed": 0, "agree": 16, "differ": 2, "one-sided": 29, "withheld": 17,
    }  # fmt: skip
    assert {"movement", "date", "from", "to", "unit", "category", "giver", "receiver", "neutral", "withheld_by",
            "assertions", "status"} <= found["movements"][0].keys()  # fmt: skip
    assert {"id", "title", "promised", "bound", "readings", "stated", "confirmed", "disputed", "status"} <= (
        found["commitments"][0].keys()
    )


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Tangible results"), ("uk", "Відчутні"), ("ru", "Ощутимые"), ("tr", "Somut")]
)
def test_page_and_workbook_are_written_in_the_language(record, tmp_path, language, word):
    page, book = tmp_path / "out/page.html", tmp_path / "out/book.xlsx"
    assert call(record, "--html", page, "--xlsx", book, "--language", language) == 0
    assert word in page.read_text(encoding="utf-8")
    assert openpyxl.load_workbook(book).sheetnames[0] == "Commitments"


def test_the_page_names_the_file_and_its_hash_but_no_folder(record, tmp_path):
    page = tmp_path / "page.html"
    assert call(record, "--html", page) == 0
    html = page.read_text(encoding="utf-8")
    assert EXAMPLE in html
    assert str(tmp_path) not in html


def test_bad_input_is_exit_2_names_each_fault_and_writes_nothing(tmp_path, capsys):
    path, page = tmp_path / "talks.json", tmp_path / "page.html"
    path.write_text(json.dumps(process([assertion("a", unit="heads"), assertion("b", to="A")])), encoding="utf-8")
    assert call(path, "--html", page, "--json") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"error: {path}, assertions[0], unit: found 'heads', expected one of offered" in err
    assert f"error: {path}, assertions[1], to: found 'A', as in from, expected another party" in err
    assert "Traceback" not in err
    assert not page.exists()


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_what_is_not_there_or_no_file_is_exit_2(tmp_path, name, capsys):
    assert call(tmp_path / name) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_exit_2(record, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    assert call(record, "--html", blocked / "page.html") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_translations_of_another_form_are_refused(record, tmp_path, capsys):
    texts = tmp_path / "texts.toml"
    for content in ("x = 1", "[[text]]\nen = 'a'", "not toml"):
        texts.write_text(content, encoding="utf-8")
        assert call(record, "--texts", texts, "--language", "uk") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_translations_of_ones_own_file_are_used(record, tmp_path, capsys):
    texts = tmp_path / "texts.toml"
    texts.write_text("[[text]]\nen = 'Ukraine'\nuk = 'УКРАЇНА'\nru = 'a'\ntr = 'b'\n", encoding="utf-8")
    assert call(record, "--texts", texts, "--language", "uk") == 0
    assert "УКРАЇНА" in capsys.readouterr().out
