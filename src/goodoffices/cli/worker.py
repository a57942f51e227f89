"""goodoffices worker: does the desk's long work and appends what was written to its log."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from goodoffices.cli.workspace import open_desk, workspace_option


@click.command()
@workspace_option
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
def command(workspace: Path | None, once: bool) -> None:
    """Take jobs one after another until stopped; one that died with its worker is taken up again.

    Example: goodoffices worker --workspace workspace/desk --once
    """
    open_desk(workspace)
    from goodoffices.desk.jobs.work import run_one
    from goodoffices.desk.ledger.services import sequence

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        sequence()
        if not run_one():
            if once:
                return
            stop.wait(0.5)
