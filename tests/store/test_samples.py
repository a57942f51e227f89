"""The three samples are read exactly: every record, every fault, every line that is none."""

import datetime as dt
import json
from pathlib import Path

import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.formats.lists.report import as_json
from goodoffices.formats.sealed import sealed_csv
from goodoffices.store.read import check_list

SAMPLES = Path(__file__).parents[1] / "data/samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["files"]
TODAY = dt.date(2026, 11, 22)
FORMS = {"cp1251": "cp1251", "UTF-16": "UTF-16", "XLSX": "XLSX"}


@pytest.fixture(params=sorted(EXPECTED))
def sample(request):
    listed = check_list(SAMPLES / request.param, today=TODAY)
    return json.loads(json.dumps(as_json(listed))), EXPECTED[request.param]


def test_every_record_is_read_exactly(sample):
    found, expected = sample
    assert found["records"] == expected["records"]
    assert found["rows"] == expected["count"]


def test_every_fault_is_found_and_no_other(sample):
    found, expected = sample
    keys = ("row", "column", "message", "found", "read", "severity")
    read = [{**problem, "severity": "error"} for problem in found["faults"]]
    read += [{**problem, "severity": "warning"} for problem in found["warnings"]]
    wanted = [{**fault, "message": fault["fault"]} for fault in expected["faults"]]
    assert sorted(tuple(str(problem[key]) for key in keys) for problem in read) == sorted(
        tuple(str(problem[key]) for key in keys) for problem in wanted
    )
    assert found["accepted"] is expected["accepted"]


def test_header_kind_and_form_are_understood(sample):
    found, expected = sample
    assert found["columns"] == {column: title for title, column in expected["columns"].items()}
    assert list(found["columns"]) == list(expected["columns"].values())
    assert found["kind"] == expected["kind"]
    assert found["header_rows"] == expected["header_rows"]
    assert any(form in expected["format"] and form in found["form"] for form in FORMS)
    assert found["unknown_columns"] == []


def test_lines_that_are_no_records_are_named(sample):
    found, expected = sample
    wanted = [(line["row"], line["why"].split(";")[0]) for line in expected.get("not_records", [])]
    assert [(line["row"], line["why"]) for line in found["not_records"]] == wanted


def test_a_sealed_sample_reads_back_as_itself(tmp_path):
    listed = check_list(SAMPLES / "held-tr-utf16.csv", today=TODAY)
    sealed = sealed_csv(listed.records)
    (tmp_path / "held.csv").write_bytes(sealed)
    again = check_list(tmp_path / "held.csv", today=TODAY)
    assert (again.faults, again.warnings) == ((), ())
    assert sealed_csv(again.records) == sealed
    assert sha256_hex(sealed) == "7551878eb622c439a4ae3f29d1681e4ea0aa3379a6ea63847226b3ae26fcd20c"
