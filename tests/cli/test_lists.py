"""goodoffices lists: what an officer types and gets, and with which exit code."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from goodoffices.cli.main import run

SAMPLES = Path(__file__).parents[1] / "data/samples"
TODAY = ["--today", "2026-11-22"]


def goodoffices(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "held.csv"
    path.write_text("№;Прізвище;Дата народження;Взуття\n1;Коваль;11.07.1984;42\n2;Рудь;1990;\n", encoding="utf-8")
    return path


def test_check_prints_the_contracts_json(capsys):
    code, out, _ = goodoffices(capsys, "lists", "check", SAMPLES / "held-ru-cp1251.csv", "--json", *TODAY)
    found = json.loads(out)
    assert code == 2
    assert {"file", "kind", "rows", "columns", "records", "faults", "warnings", "accepted"} <= set(found)
    assert found["columns"]["full_name"] == "Ф.И.О."
    (fault,) = found["faults"]
    assert {"row", "column", "found", "expected", "message"} <= set(fault)
    assert (fault["row"], fault["column"], fault["found"]) == (29, "Рег. номер", "РФ-012")
    assert len(found["records"]) == found["rows"] == 30


def test_check_of_a_good_list_ends_with_nothing_wrong(capsys, good):
    code, out, err = goodoffices(capsys, "lists", "check", good, *TODAY)
    assert (code, err) == (0, "")
    assert "accepted" in out
    assert "kept, not understood:  'Взуття'" in out


def test_check_goes_on_after_a_file_that_is_no_list(capsys, good, tmp_path):
    (tmp_path / "photo.xlsx").write_bytes(b"\x89PNG\r\n")
    code, out, err = goodoffices(capsys, "lists", "check", tmp_path / "photo.xlsx", good, "--json", *TODAY)
    refused, accepted = json.loads(out)
    assert code == 2
    assert (refused["accepted"], refused["records"], accepted["accepted"]) == (False, [], True)
    assert "no spreadsheet but a picture" in err
    assert "no spreadsheet but a picture" in refused["faults"][0]["message"]


def test_the_kind_may_be_said(capsys, good):
    _, out, _ = goodoffices(capsys, "lists", "check", good, "--kind", "missing", "--json", *TODAY)
    assert json.loads(out)["kind"] == "missing"


def test_a_long_report_is_cut_unless_all_is_asked_for(capsys, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ref;surname\n" + "1;Коваль\n" * 40, encoding="utf-8")
    _, short, _ = goodoffices(capsys, "lists", "check", path, *TODAY)
    _, whole, _ = goodoffices(capsys, "lists", "check", path, "--all", *TODAY)
    assert "... and 19 more (--all shows them)" in short
    assert "row 41" in whole


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_the_page_is_written_in_four_languages_and_escapes_what_it_shows(capsys, tmp_path, language):
    path = tmp_path / "list.csv"
    path.write_text("ref;surname;<script>\n1;<b>Коваль</b>;&\n1;Рудь;\n", encoding="utf-8")
    page = tmp_path / "out" / "check.html"
    code, _, _ = goodoffices(capsys, "lists", "check", path, "--html", page, "--language", language, *TODAY)
    html = page.read_text(encoding="utf-8")
    assert code == 2
    assert f'<html lang="{language}">' in html
    assert "<script>" not in html
    assert "&lt;b&gt;Коваль&lt;/b&gt;" in html


def test_seal_writes_canonical_bytes_and_prints_their_hash(capsys, good, tmp_path):
    out_path = tmp_path / "sealed.csv"
    code, out, err = goodoffices(capsys, "lists", "seal", good, "--out", out_path, *TODAY)
    data = out_path.read_bytes()
    assert code == 0
    assert out.split() == [hashlib.sha256(data).hexdigest(), str(out_path)]
    assert data.splitlines()[1].decode() == "1,Коваль,,,,,1984-07-11" + "," * 15
    assert err == "not in the seal: 1 cells of 'Взуття'\n"


def test_seal_refuses_a_list_with_a_fault_and_writes_nothing(capsys, tmp_path):
    code, out, err = goodoffices(
        capsys, "lists", "seal", SAMPLES / "held-ru-cp1251.csv", "--out", tmp_path / "sealed.csv", *TODAY
    )
    assert (code, out) == (2, "")
    assert "row 29, Рег. номер: found РФ-012" in err
    assert list(tmp_path.iterdir()) == []


def test_diff_compares_a_list_with_its_seal(capsys, tmp_path):
    sealed = tmp_path / "sealed.csv"
    goodoffices(capsys, "lists", "seal", SAMPLES / "held-tr-utf16.csv", "--out", sealed, *TODAY)
    code, out, _ = goodoffices(capsys, "lists", "diff", SAMPLES / "held-tr-utf16.csv", sealed, "--json", *TODAY)
    found = json.loads(out)
    assert code == 0
    assert (found["same"], found["added"], found["gone"], found["changed"]) == (24, [], [], [])


def test_bad_usage_ends_with_two_and_words(capsys, tmp_path):
    assert goodoffices(capsys, "lists", "check")[0] == 2
    code, _, err = goodoffices(capsys, "lists", "check", tmp_path / "none.csv")
    assert code == 2
    assert "no such file" in err
    assert goodoffices(capsys, "lists", "check", SAMPLES / "held-tr-utf16.csv", "--today", "tomorrow")[0] == 2


@pytest.mark.parametrize("command", ["check", "diff", "seal"])
def test_every_help_has_an_example(capsys, command):
    code, out, _ = goodoffices(capsys, "lists", command, "--help")
    assert code == 0
    assert f"Example: goodoffices lists {command}" in out


def test_a_reader_that_goes_away_is_no_traceback():
    program = "from goodoffices.cli.main import run; run()"
    command = [sys.executable, "-c", program, "lists", "check", str(SAMPLES / "held-tr-utf16.csv"), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        child.stdout.read(10)
        child.stdout.close()
        assert b"Traceback" not in child.stderr.read()
