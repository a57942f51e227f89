"""The demo's first leg is counted by three roles on four devices and confirmed; nothing in it is a name."""

import json

from goodoffices.cli.demo import exchange, handover
from goodoffices.cli.demo.part import Stage
from goodoffices.flow.handover.signed import receive
from goodoffices.formats.day import read_day


def stage(folder, scale, name):
    return Stage(folder / name, scale, 1, lambda _: None)


def test_without_an_exchange_nobody_is_handed_over(tmp_path):
    assert handover.run(stage(tmp_path, 0.02, "handover")).acts == ()


def test_both_directions_are_counted_merged_corrected_and_confirmed(tmp_path):
    exchange.run(stage(tmp_path, 0.1, "exchange"))
    outcome = handover.run(stage(tmp_path, 0.1, "handover"))
    assert len(outcome.lines) == len(outcome.acts) == 2
    for line, act in zip(outcome.lines, outcome.acts, strict=True):
        assert "1 does not go" in line
        assert "conflicts 1, after the correction 0" in line
        folder = tmp_path / "handover" / f"from-{act.content['from'].lower()}"
        day = read_day((folder / "DAY.json").read_bytes(), "DAY.json")
        assert act.content["quantity"] == len(day.items) - 1
        found = json.loads((folder / "STATE.json").read_text())
        assert (found["state"], found["conflicts"], len(found["assertions"])) == ("partial", [], 3)
        for path in folder.glob("*.statements"):
            assert not receive(path.read_bytes(), day).problems
    for path, _ in outcome.pages:
        assert (tmp_path / "handover" / path).exists()
    refs = {row.split(",")[0] for row in (tmp_path / "exchange" / "held-by-a.csv").read_text().splitlines()[1:]}
    text = (tmp_path / "handover" / "from-a" / "STATE.json").read_text()
    assert not [ref for ref in refs if f'"{ref}"' in text]
