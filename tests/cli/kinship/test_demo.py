"""The kinship part of the demo at a small scale."""

import csv

from goodoffices.cli.demo import kinship
from goodoffices.cli.demo.part import Stage


def test_the_demo_walks_a_transfer_and_is_the_same_twice(tmp_path):
    first = kinship.run(Stage(tmp_path / "a", 0.03, 7, lambda _: None))
    second = kinship.run(Stage(tmp_path / "b", 0.03, 7, lambda _: None))
    assert first.lines == second.lines
    counts = first.acts[0].content
    assert counts["containers"] == 30
    assert counts["identified"] <= counts["candidates"] <= counts["groups"]
    assert counts["wrong"] == 0
    for page, _ in first.pages:
        assert (tmp_path / "a" / page).exists()
    assert (tmp_path / "a" / "transfer.uk.html").exists()
    rows = list(csv.DictReader((tmp_path / "a" / "C.csv").read_text().splitlines()))
    assert rows[0]["rule"]
