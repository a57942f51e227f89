"""The page of the documentation holds: its manifest, its statements, its states, its sentence."""

import re
from pathlib import Path

from goodoffices.domain.handover import Say
from goodoffices.domain.process import Role
from goodoffices.engines.talks.states import TABLES, Noun
from goodoffices.flow.handover.merge import merge
from goodoffices.flow.handover.signed import receive
from goodoffices.formats.day import read_day
from tests.cli.ledger_world import call

PAGE = (Path(__file__).parents[2] / "docs/handover.md").read_text(encoding="utf-8")


def block(language, start):
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if text.startswith(start))


def test_the_example_of_a_file_is_taken_and_says_what_it_says():
    day = read_day(block("json", "{").encode(), "docs/handover.md")
    found = receive(block("text", "goodoffices/day@v1").encode(), day)
    assert not found.problems
    said = merge(day, [found]).said(Role.NEUTRAL)
    assert said == {"1": (Say.COUNTED,), "2": (Say.DOES_NOT_GO,)}


def test_every_statement_and_every_state_of_a_transfer_stands_on_the_page():
    sentence = re.search(r"`say`: (.*?)\. `words`", PAGE, re.DOTALL)[1]
    for say in Say:
        assert say.value in sentence
    for state, events in TABLES[Noun.TRANSFER].items():
        told = ", ".join(f"`{event}` → {target}" for event, target in events.items()) or "an end"
        assert f"| {state} | {told} |" in PAGE


def test_the_lines_of_python_run():
    from goodoffices.flow.handover.attest import attest
    from goodoffices.flow.handover.merge import Revocations
    from goodoffices.flow.handover.setting import setting
    from goodoffices.flow.handover.state import course, seen_by
    from goodoffices.formats.process import read_process
    from goodoffices.store.example import example_process

    names = {
        "files": [block("text", "goodoffices/day@v1").encode()],
        "day": read_day(block("json", "{").encode(), "docs/handover.md"),
        "transfer": read_process(example_process(), "f").transfers[0],
        "ended_keys": {},
        "logged_files": {},
        "assertions_so_far": (),
        "receive": receive,
        "merge": merge,
        "Revocations": Revocations,
        "course": course,
        "setting": setting,
        "attest": attest,
        "seen_by": seen_by,
        "Role": Role,
    }
    exec(block("python", "received"), names)  # noqa: S102  the documentation's own lines
    assert [a.quantity for a in names["made"].assertions] == [1]
    assert names["how"].state == "conditions"


def test_the_sentence_is_what_the_command_says(capsys):
    assert call("handover", "status") == 1
    assert capsys.readouterr().out == block("text", "T-2025-06-06")
