"""goodoffices worker: does the desk's long work and appends what was written to its log."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from goodoffices.cli.workspace import open_desk, workspace_option
from goodoffices.domain.errors import Fault, InputError

_AWAY = 2.0
"""Seconds until a database that did not answer is asked again."""
_LOG = logging.getLogger("goodoffices.worker")


@click.command()
@workspace_option
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
def command(workspace: Path | None, once: bool) -> None:
    """Take jobs one after another until stopped; one that died with its worker is taken up again.

    Example: goodoffices worker --workspace workspace/desk --once

    \f

    Raises
    ------
    InputError
        If the database does not answer and there is only one try.
    """
    open_desk(workspace)
    from django.db import Error, connection

    from goodoffices.desk.jobs.work import run_one
    from goodoffices.desk.ledger.services import sequence

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        try:
            sequence()
            done = run_one()
        except Error as error:  # the database is away, or was: nothing is lost, so it goes on once that is back
            if once:
                raise InputError(Fault("", "", "database", type(error).__name__, "one that answers")) from error
            _LOG.warning("the database does not answer (%s); trying again", type(error).__name__)
            connection.close()
            stop.wait(_AWAY)
            continue
        if not done:
            if once:
                return
            stop.wait(0.5)
