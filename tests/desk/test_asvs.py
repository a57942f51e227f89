"""docs/asvs.csv: every line of levels 1 and 2 once, a known state, and no test that is not there."""

import csv
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = [line for line in (ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
ROWS = list(csv.DictReader(LINES))


def test_every_line_of_both_levels_stands_once():
    """ASVS 5.0.0 has 70 requirements of level 1 and 183 of level 2."""
    assert Counter(row["level"] for row in ROWS) == {"1": 70, "2": 183}
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", row["id"]) for row in ROWS)
    assert {int(row["id"].split(".")[0]) for row in ROWS} == set(range(1, 18))


def test_every_line_says_how_it_stands():
    for row in ROWS:
        assert row["state"] in {"held", "partly", "not applicable", "not held"}, row["id"]
        assert row["how"], row["id"]


def test_every_test_that_is_named_is_there():
    named = [row["test"] for row in ROWS if row["test"]]
    assert len(named) > 90
    for name in named:
        path, test = name.split("::")
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), name


def test_documents_that_are_named_are_there():
    for row in ROWS:
        for path in re.findall(r"docs/[\w.]+", row["how"]):
            assert (ROOT / path).exists(), row["id"]


def test_the_page_says_how_many_hold():
    count = Counter(row["state"] for row in ROWS)
    said = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    words = (
        f"{count['held']} held, {count['partly']} partly, {count['not held']} not held, "
        f"{count['not applicable']} not applicable"
    )
    assert words in said, words
