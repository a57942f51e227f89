"""goodoffices ceasefire plan --side and verify --whole: one side's view, and how it is checked."""

import json

import pytest

from tests.cli.test_ceasefire import SMALL, folder, go, plan
from tests.engines.ceasefire.cases import encode

__all__ = ["folder"]


@pytest.fixture
def viewed(folder):
    assert plan(folder, "--side", "A", "--whole", folder / "whole.json") == 0
    return folder


def verify(folder, *more):
    return go("verify", folder / "w.json", folder / "p.json", *more)


def test_a_view_holds_against_the_whole_plan_it_was_made_from(viewed, capsys):
    assert verify(viewed, "--whole", viewed / "whole.json") == 0
    assert "side A" in capsys.readouterr().out
    assert go("verify", viewed / "w.json", viewed / "whole.json") == 0


def test_a_view_alone_cannot_be_audited_and_it_is_said(viewed, capsys):
    assert verify(viewed) == 2
    assert "cannot be audited alone" in capsys.readouterr().err


def test_a_view_of_another_plan_is_exit_1(viewed, capsys):
    whole = viewed / "whole.json"
    whole.write_bytes(whole.read_bytes() + b"\n")
    assert verify(viewed, "--whole", whole) == 1
    assert "another plan" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["hidden", "moved", "added"])
def test_a_view_that_says_other_than_the_plan_is_exit_1(viewed, capsys, change):
    view = json.loads((viewed / "p.json").read_text())
    if change == "hidden":
        view["visits"].pop()
    elif change == "moved":
        view["visits"][0]["leave"] = view["visits"][0]["arrive"]
    else:
        view["visits"] += [
            one for one in json.loads((viewed / "whole.json").read_text())["visits"] if one["site"] == "s2"
        ]
    (viewed / "p.json").write_text(json.dumps(view))
    assert verify(viewed, "--whole", viewed / "whole.json") == 1
    assert "broken: the view's visits" in capsys.readouterr().out


def test_a_view_of_a_plan_that_breaks_a_rule_is_exit_1(viewed, capsys):
    other = dict(SMALL, margin_minutes=SMALL["margin_minutes"] + 500)
    (viewed / "w.json").write_bytes(encode(other))
    assert verify(viewed, "--whole", viewed / "whole.json") == 1
    assert "does not hold" in capsys.readouterr().err


def test_what_was_kept_is_told_and_json_shows_the_view_alone(folder, capsys):
    plan(folder, "--side", "A")
    assert "--whole" in capsys.readouterr().out
    plan(folder, "--side", "A", "--json")
    told = capsys.readouterr().out
    assert json.loads(told) == json.loads((folder / "p.json").read_text())
    assert "s2" not in told


def test_whole_without_a_view_is_exit_2(folder):
    assert plan(folder, "--whole", folder / "whole.json") == 2
    assert plan(folder, "--side", "A", "--whole", folder / "p.json") == 2
    assert plan(folder) == 0
    assert verify(folder, "--whole", folder / "p.json") == 2


@pytest.mark.parametrize("view", ["[]", '{"side": "A"}', '{"side": 3, "plan_sha256": "x"}'])
def test_a_damaged_view_is_exit_2(folder, view):
    plan(folder)
    text = (folder / "p.json").read_text()
    (folder / "p.json").write_text(text.replace("{", '{"view": ' + view + ",", 1))
    assert verify(folder, "--whole", folder / "p.json") == 2
