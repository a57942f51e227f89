"""The demo's lists: written, read back without a fault, and two of them checked as they were sent."""

import json

import polars as pl
import pytest

from goodoffices.cli.demo import lists
from goodoffices.cli.demo.part import Stage
from goodoffices.domain.canonical import sha256_hex
from goodoffices.store.read import check_list


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("ws") / "lists", 0.02, 1, lambda _: None)
    return stage, lists.run(stage)


def test_both_sides_lists_are_written_at_the_scale_and_read_without_a_fault(done):
    stage, outcome = done
    sizes = {"held-by-a": 120, "held-by-b": 130, "sought-by-a": 150, "sought-by-b": 140}
    for name, rows in sizes.items():
        listed = check_list(stage.folder / f"{name}.csv", today=lists.ON)
        assert (listed.records.height, listed.faults, listed.warnings) == (rows, (), ())
        assert listed.kind == name.split("-", maxsplit=1)[0]
    assert outcome.lines[0].startswith("held by A: 120 records accepted, sealed ")


def test_the_truth_names_records_of_both_lists(done):
    stage, _ = done
    for holder, seeker in (("a", "b"), ("b", "a")):
        truth = pl.read_csv(stage.folder / f"truth-held-by-{holder}.csv")
        held = pl.read_csv(stage.folder / f"held-by-{holder}.csv", infer_schema=False)
        sought = pl.read_csv(stage.folder / f"sought-by-{seeker}.csv", infer_schema=False)
        assert set(truth["held_ref"]) <= set(held["ref"])
        assert set(truth["sought_ref"]) <= set(sought["ref"])
        assert truth.height == round(held.height * 0.7)


def test_each_sealed_list_is_an_act_with_its_hash(done):
    stage, outcome = done
    assert [act.kind for act in outcome.acts] == ["list_sealed", "list_sealed"]
    for act in outcome.acts:
        path = stage.folder / act.content["list"]
        assert act.content["sha256"] == sha256_hex(path.read_bytes())
        assert json.dumps(act.content)


def test_the_lists_as_sent_show_their_faults_and_the_page_says_them(done):
    stage, _ = done
    workbook = check_list(stage.folder / "as-sent-by-a.xlsx", today=lists.ON)
    text = check_list(stage.folder / "as-sent-by-b.csv", today=lists.ON)
    assert [problem.code for problem in workbook.faults] == ["future_date"]
    assert {"latin_letter", "no_date", "formula"} <= {problem.code for problem in workbook.warnings}
    assert sorted(problem.code for problem in text.faults) == ["duplicate_reference", "unknown_word"]
    assert text.unknown == ("Размер обуви",)
    for name in ("check.html", "check-uk.html", "check-ru.html", "check-tr.html"):
        page = (stage.folder / name).read_text(encoding="utf-8")
        assert "12.05.2091" in page
        assert "as-sent-by-b.csv" in page
        assert str(stage.folder) not in page


def test_what_was_sent_reads_as_what_is_held(done):
    stage, _ = done
    held = pl.read_csv(stage.folder / "held-by-a.csv", infer_schema=False)
    sent = check_list(stage.folder / "as-sent-by-a.xlsx", today=lists.ON).records
    both = held.join(sent, on="ref", suffix="_sent")
    assert both.height == 120
    for column in ("surname", "given_name", "patronymic", "sex", "category", "health", "rank", "service_number"):
        assert both[column].equals(both[f"{column}_sent"], check_names=False), column
    differs = both.filter(~pl.col("birth_date").eq_missing(pl.col("birth_date_sent")))
    assert differs.height <= 2


def test_equal_seeds_write_equal_bytes(done, tmp_path):
    stage, _ = done
    again = Stage(tmp_path / "lists", 0.02, 1, lambda _: None)
    lists.run(again)
    for path in stage.folder.glob("*.[cx][sl][vs]*"):
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name
