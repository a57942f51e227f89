"""What docs/lists.md shows is what happens."""

import datetime as dt
import json
import re
from pathlib import Path

from goodoffices.formats.lists.report import as_json, summary
from goodoffices.store.read import check_list

PAGE = (Path(__file__).parents[2] / "docs/lists.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {re.escape(mark)} -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_example_of_the_docs_is_read_as_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("example.csv").write_text(block("example: example.csv"), encoding="utf-8")
    listed = check_list(Path("example.csv"), today=dt.date(2025, 7, 23))
    assert [*summary(listed, most=20)] == block("output").splitlines()
    assert as_json(listed)["records"][-1] == json.loads(block("record"))
    assert not listed.is_accepted
