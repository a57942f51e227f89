"""The reference cases, computed by two independent engines elsewhere (tests/data/kinship/README.md)."""

import json
import math
from pathlib import Path

import pytest

from goodoffices.engines.kinship.case import evaluate
from goodoffices.engines.kinship.decide import decide
from goodoffices.formats.cases import read_case

FOLDER = Path(__file__).parents[2] / "data/kinship"
RATIOS = sorted(FOLDER.glob("o[0-9]*.json"))
OPEN = sorted(FOLDER.glob("o_dvi*.json"))


@pytest.mark.parametrize("path", RATIOS, ids=lambda path: path.stem)
def test_likelihoods_and_ratios_are_those_of_the_reference(path):
    expected = json.loads(path.read_text())["result"]
    ratio = evaluate(read_case(path.read_bytes(), path.name)).ratio
    assert ratio.first == pytest.approx(expected["likelihood"]["H1"], rel=1e-9)
    assert ratio.second == pytest.approx(expected["likelihood"]["H2"], rel=1e-9)
    assert ratio.per_locus == pytest.approx(expected["lr_per_marker"], rel=1e-9)
    assert ratio.ln == pytest.approx(expected["ln_lr"], rel=1e-9)


@pytest.mark.parametrize(
    "path", [p for p in RATIOS if "pruned_convention" in p.read_text()], ids=lambda path: path.stem
)
def test_the_pruned_convention_is_that_of_the_reference(path):
    expected = json.loads(path.read_text())["result"]["pruned_convention"]
    ratio = evaluate(read_case(path.read_bytes(), path.name), prune=True).ratio
    assert ratio.first == pytest.approx(expected["likelihood"]["H1"], rel=1e-9)
    assert ratio.second == pytest.approx(expected["likelihood"]["H2"], rel=1e-9)


@pytest.mark.parametrize("path", OPEN, ids=lambda path: path.stem)
def test_joint_answers_are_those_of_the_reference(path):
    expected = json.loads(path.read_text())["result"]
    decision = decide(read_case(path.read_bytes(), path.name))
    for row, line in enumerate(expected["pairwise"]["lr"]):
        for column, value in enumerate(line):
            found = decision.ln[row, column]
            assert math.isnan(found) if value is None else math.exp(found) == pytest.approx(value, rel=1e-9)
    assert decision.joint.count == expected["joint"]["n_assignments"]
    for (pairs, ln, posterior), wanted in zip(decision.joint.top, expected["joint"]["top"], strict=True):
        placed = dict.fromkeys(decision.remains, "*")
        placed |= {decision.remains[row]: decision.missing[column] for row, column in pairs}
        assert placed == wanted["assignment"]
        assert posterior == pytest.approx(wanted["posterior"], rel=1e-9)
        if wanted["posterior"]:
            assert ln + decision.base == pytest.approx(wanted["loglik"], rel=1e-9)
    for row, line in enumerate(expected["joint"]["marginal"]["posterior"]):
        found = [decision.joint.marginal.get((row, column), 0.0) for column in range(len(decision.missing))]
        assert [*found, decision.joint.nobody[row]] == pytest.approx(line, rel=1e-9)
