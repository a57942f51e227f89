"""The record in the demo."""

import json
from pathlib import Path

import pytest

from goodoffices.cli.demo.ledger import PARTIES, run
from goodoffices.cli.demo.part import Act, Stage
from goodoffices.verify.__main__ import main as verify_main

ACTS = (
    Act("list_sealed", "list-a", {"side": "A", "sha256": "ab" * 32}, ("A", "neutral")),
    Act("text_frozen", "text/1", {"sha256": "cd" * 32}, ("A", "B")),
    Act("count", "handover-1", {"quantity": 300, "place": "crossing c1", "person": "Secretname"}, PARTIES),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return Stage(tmp_path_factory.mktemp("w") / "ledger", 1.0, 1, lambda _: None, ACTS)


@pytest.fixture(scope="module")
def outcome(stage):
    return run(stage)


def test_every_act_is_in_force_but_the_one_whose_consent_was_held_back(outcome, stage):
    assert "10 entries, 4 statements, 3 in force" in outcome.lines[0]
    assert any("handover-1 is not in force: it lacks the consent of neutral" in line for line in outcome.lines)
    for page, _ in outcome.pages:
        assert (stage.folder / page).stat().st_size > 0


def test_the_verifier_holds_the_bundle_and_fails_the_changed_copy(outcome, stage, capsys):
    policy = ["--policy", str(stage.folder / "policy-on-paper.txt")]
    assert verify_main([str(stage.folder / "bundle"), *policy]) == 0
    assert verify_main([str(stage.folder / "tampered"), *policy]) == 1
    assert verify_main([str(stage.folder / "receipt.txt"), *policy]) == 0
    assert "bundle holds" in outcome.lines[1]
    assert "FAILS" in outcome.lines[2]
    capsys.readouterr()


def test_no_content_and_no_key_leaves_the_house(outcome, stage):
    del outcome
    public = [path for path in (stage.folder / "bundle").rglob("*") if path.is_file()]
    public += [stage.folder / "record.html", stage.folder / "log" / "policy"]
    seeds = [json.loads(path.read_text())["seed"].encode() for path in stage.folder.glob("keys-*/*.key")]
    assert len(seeds) == 7
    for path in public:
        data = Path(path).read_bytes()
        assert b"Secretname" not in data, path
        assert not any(seed in data for seed in seeds), path


def test_a_demo_without_acts_still_has_a_record(tmp_path):
    outcome = run(Stage(tmp_path / "ledger", 1.0, 1, lambda _: None))
    assert "1 entries, 1 statements" in outcome.lines[0]
