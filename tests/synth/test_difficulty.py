"""The lists are as hard as the linkage was designed for, and the second noise is another one."""

import importlib
import re
import runpy
from pathlib import Path

import pytest

from goodoffices.domain.dates import parse_partial
from goodoffices.domain.tables import RECORDS
from goodoffices.synth.people import side_lists

SCRIPTS = [("uk", "ru", 0.963), ("uk", "latin", 0.908), ("ru", "latin", 0.855)]
second_noise = importlib.import_module("benchmarks.second_noise")


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right", "published"), SCRIPTS)
def test_stock_splink_scores_as_noted(left, right, published):
    stock_splink = importlib.import_module("benchmarks.stock_splink")
    lists = side_lists(20_000, seed=1, left=left, right=right)
    run = stock_splink.link(lists.left, lists.right, library="anyascii")
    assert stock_splink.score(run.pairs, lists.truth, 0.99).f1 == pytest.approx(published, abs=0.01)


def test_scores_count_every_pair_of_a_person():
    stock_splink = importlib.import_module("benchmarks.stock_splink")
    truth = stock_splink.pl.DataFrame({"left_ref": ["a", "a", "b"], "right_ref": ["x", "y", "z"]})
    pairs = stock_splink.pl.DataFrame(
        {
            "left_ref": ["a", "b", "c", "a"],
            "right_ref": ["x", "z", "z", "y"],
            "probability": [0.999, 0.995, 0.992, 0.5],
            "weight": [9.0, 8.0, 7.0, 1.0],
        }
    )
    at = stock_splink.score(pairs, truth, 0.99)
    assert (at.precision, at.recall, at.f1) == (2 / 3, 2 / 3, 2 / 3)
    # All four pairs: three of them right, all three of the truth: 6 / 7.
    assert stock_splink.best(pairs, truth).f1 == pytest.approx(6 / 7)


@pytest.mark.parametrize(("left", "right"), [("uk", "ru"), ("uk", "latin"), ("ru", "latin")])
def test_the_second_noise_has_the_same_form(left, right):
    lists = second_noise.side_lists(600, seed=5, left=left, right=right)
    again = second_noise.side_lists(600, seed=5, left=left, right=right)
    for frame, other in ((lists.left, again.left), (lists.right, again.right)):
        assert frame.equals(other)
        assert frame.columns == list(RECORDS.columns)
        assert frame["ref"].n_unique() == frame.height == 600
        for date in frame["birth_date"].drop_nulls():
            assert str(parse_partial(date)) == date
    assert lists.truth.equals(again.truth)
    assert set(lists.truth["left_ref"]) <= set(lists.left["ref"])
    assert set(lists.truth["right_ref"]) <= set(lists.right["ref"])
    assert 0.5 * 600 < lists.truth.height < 0.75 * 600


def test_true_pairs_of_the_second_noise_are_one_person():
    lists = second_noise.side_lists(2000, seed=6, left="ru", right="ru")
    pairs = lists.truth.join(lists.left, left_on="left_ref", right_on="ref")
    pairs = pairs.join(lists.right, left_on="right_ref", right_on="ref", suffix="_right")
    assert (pairs["sex"] == pairs["sex_right"]).all()
    assert (pairs["birth_date"] == pairs["birth_date_right"]).mean() > 0.7


def test_the_example_in_the_docs_runs(tmp_path):
    page = (Path(__file__).parents[2] / "docs/synth.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    found = runpy.run_path(str(script))
    assert found["lists"].left.height == 20_000
    assert found["held"].height == 6_000
