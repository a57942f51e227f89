"""The desk in the demo: the same process in a browser, one login per role, made ready by a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

from goodoffices.cli.demo.part import Outcome, Stage
from goodoffices.domain.errors import VerificationError
from goodoffices.formats.words import number

_PERSONS = ("members", "lists", "records", "pairs", "cases", "transfers", "statements")


def run(stage: Stage) -> Outcome:
    """Make the desk's demo workspace and say what is in it.

    Raises
    ------
    VerificationError
        If the other process fails.
    """
    if stage.folder.exists():
        shutil.rmtree(stage.folder)
    stage.say("filling the desk's rooms")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOODOFFICES_")}
    command = [sys.executable, "-m", "goodoffices.cli.main", "desk", "prepare", "--workspace", str(stage.folder)]
    done = subprocess.run(  # noqa: S603  our own command
        command,
        env=kept | {"GOODOFFICES_DEMO_SCALE": str(stage.scale), "GOODOFFICES_MODE": "demo"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise VerificationError(f"goodoffices desk prepare: exit {done.returncode}: {done.stderr.strip()[-400:]}")
    found: dict[str, int] = json.loads(done.stdout)
    counts = ", ".join(f"{number(found[name])} {name}" for name in _PERSONS if name in found)
    lines = (
        f"{counts}; every statement in the record",
        "one login per role, and a guided walk in ten steps: make serve, then open /walk",
    )
    return Outcome(lines)
