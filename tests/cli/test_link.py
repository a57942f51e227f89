"""goodoffices link, as an officer at three in the morning uses it."""

import csv
import json

import pytest

from goodoffices.cli.main import run
from goodoffices.formats.pairs import PAIR_COLUMNS
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.people import side_lists


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("link")
    for right in ("ru", "latin"):
        lists = side_lists(250, seed=6, right=right)
        (folder / "a.csv").write_bytes(sealed_csv(lists.left))
        (folder / f"{right}.csv").write_bytes(sealed_csv(lists.right))
    (folder / "key").write_text("a secret of sixteen bytes or more\n")
    return folder


def call(*arguments):
    with pytest.raises(SystemExit) as stop:
        run([str(argument) for argument in arguments])
    return stop.value.code


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_pairs_keep_the_contract(folder, capsys):
    out, page = folder / "PAIRS.csv", folder / "pairs.html"
    assert call("link", folder / "a.csv", folder / "ru.csv", "--out", out, "--page", page) == 0
    found = rows(out)
    assert tuple(found[0]) == PAIR_COLUMNS
    bits = [float(row["bits"]) for row in found]
    assert bits == sorted(bits, reverse=True)
    assert {row["verdict"] for row in found} <= {"link", "review", "no"}
    for row in found:
        steps = [reason.split(":", 2) for reason in row["reasons"].split("; ")]
        assert all(len(step) == 3 and step[2] for step in steps)
        assert sum(float(step[1]) for step in steps) == pytest.approx(float(row["bits"]), abs=0.8)
    assert "link " in capsys.readouterr().out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_gives_the_pairs_and_the_notes(folder, capsys):
    out = folder / "json.csv"
    assert call("link", folder / "a.csv", folder / "ru.csv", "--out", out, "--json", "--min-probability", "0.5") == 0
    told = json.loads(capsys.readouterr().out)[0]
    assert len(told["pairs"]) == len(rows(out))
    assert all(pair["probability"] >= 0.5 for pair in told["pairs"])
    assert "expected" in told["notes"]


@pytest.mark.parametrize("language", ["uk", "ru", "tr"])
def test_reasons_speak_the_readers_language(folder, language):
    out = folder / f"PAIRS.{language}.csv"
    assert call("link", folder / "a.csv", folder / "ru.csv", "--out", out, "--language", language) == 0
    assert "same day" not in out.read_text(encoding="utf-8")


def test_duplicates_within_one_list(folder):
    out = folder / "within.csv"
    assert call("link", "--within", folder / "ru.csv", "--out", out) == 0
    assert all(row["left_ref"] != row["right_ref"] for row in rows(out))


def test_three_lists_give_clusters_with_contradictions_shown(folder):
    out, clusters = folder / "three.csv", folder / "clusters.csv"
    files = [folder / f"{name}.csv" for name in ("a", "ru", "latin")]
    assert call("link", *files, "--out", out, "--clusters", clusters) == 0
    assert {row["right_list"] for row in rows(out)} == {"ru.csv", "latin.csv"}
    groups = rows(clusters)
    assert {row["list"] for row in groups} == {"a.csv", "ru.csv", "latin.csv"}
    sizes = [sum(row["cluster"] == number for row in groups) for number in {row["cluster"] for row in groups}]
    assert min(sizes) >= 2


def test_a_file_named_twice_is_two_lists(folder):
    out = folder / "self.csv"
    assert call("link", folder / "a.csv", folder / "a.csv", "--out", out, "--clusters", folder / "selfc.csv") == 0
    assert {row["list"].split(":")[0] for row in rows(folder / "selfc.csv")} == {"1", "2"}


def test_judgements_are_read_and_honoured(folder):
    out, judged = folder / "first.csv", folder / "judged.csv"
    call("link", folder / "a.csv", folder / "ru.csv", "--out", out)
    best = rows(out)[0]
    judged.write_text(f"left_ref,right_ref,verdict\n{best['left_ref']},{best['right_ref']},no\n", encoding="utf-8")
    assert call("link", folder / "a.csv", folder / "ru.csv", "--judgements", judged, "--out", out) == 0
    again = next(
        row for row in rows(out) if (row["left_ref"], row["right_ref"]) == (best["left_ref"], best["right_ref"])
    )
    assert again["verdict"] == "no"
    assert "judgement" in again["reasons"]


def test_comparison_without_names_from_end_to_end(folder, capsys):
    for name in ("a", "ru"):
        key, codes = folder / "key", folder / f"{name}.codes"
        assert call("link", "encode", folder / f"{name}.csv", "--secret-file", key, "--out", codes) == 0
    out = folder / "blind.csv"
    assert call("link", "blind", folder / "a.codes", folder / "ru.codes", "--out", out) == 0
    home = {row["code"]: row["ref"] for row in rows(folder / "a.codes.refs.csv")}
    assert {row["left_ref"] for row in rows(out)} <= set(home)
    assert len([row for row in rows(out) if row["verdict"] == "link"]) > 100
    assert "stays at home" in capsys.readouterr().out


FAULTS = {
    "one list": (("a.csv",), "expected two or more"),
    "no such file": (("a.csv", "nowhere.csv"), "nowhere.csv"),
    "an empty list": (("a.csv", "empty.csv"), "empty.csv"),
    "no name column": (("a.csv", "nameless.csv"), "name"),
    "a reference twice": (("a.csv", "twice.csv"), "X-1"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_bad_lists_are_exit_2_with_one_clear_message(folder, capsys, case):
    (folder / "empty.csv").write_text("ref,surname\n", encoding="utf-8")
    (folder / "nameless.csv").write_text("ref,birth_date\n1,1990-01-02\n", encoding="utf-8")
    (folder / "twice.csv").write_text("ref,surname\nX-1,Коваль\nX-1,Бондар\n", encoding="utf-8")
    files, told = FAULTS[case]
    out = folder / "never.csv"
    assert call("link", *(folder / name for name in files), "--out", out) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert not out.exists()


def test_a_list_is_never_written_over(folder, capsys):
    before = (folder / "ru.csv").read_bytes()
    assert call("link", folder / "a.csv", folder / "ru.csv", "--out", folder / "ru.csv") == 2
    assert "a file that is read" in capsys.readouterr().err
    assert (folder / "ru.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("left,right\n1,2\n", "no such column"),
        ("left_ref,right_ref,verdict\nA-000001,B-000001,maybe\n", "maybe"),
        ("left_ref,right_ref,verdict\nA-000001,B-000001,link\nA-000001,B-000001,no\n", "both ways"),
        ("left_ref,right_ref,verdict\nNOBODY,B-000001,link\n", "NOBODY"),
    ],
)
def test_bad_judgements_are_exit_2(folder, capsys, text, told):
    judged = folder / "bad.csv"
    judged.write_text(text, encoding="utf-8")
    assert call("link", folder / "a.csv", folder / "ru.csv", "--judgements", judged, "--out", folder / "n.csv") == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing", "goodoffices codes"),
        ("# goodoffices codes 1 0123456789abcdef\ncode,x\n", "other columns"),
        ("ї", "no encoded list"),
    ],
)
def test_bad_codes_are_exit_2(folder, capsys, text, told):
    (folder / "bad.codes").write_text(text, encoding="utf-8")
    assert call("link", "blind", folder / "bad.codes", folder / "bad.codes", "--out", folder / "n.csv") == 2
    assert told in capsys.readouterr().err


def test_a_short_secret_is_exit_2_and_is_not_shown(folder, capsys):
    (folder / "short").write_text("hunter2", encoding="utf-8")
    code = call("link", "encode", folder / "a.csv", "--secret-file", folder / "short", "--out", folder / "n.codes")
    said = capsys.readouterr().err
    assert code == 2
    assert "7 bytes" in said
    assert "hunter2" not in said
