"""The worker outlives its database's absence, and a served desk outlives its worker."""

import sys
import threading

from click.testing import CliRunner
from django.db import OperationalError

from goodoffices.cli import worker
from goodoffices.cli.keeper import Keeper
from goodoffices.domain.errors import InputError


def test_a_worker_that_ended_by_itself_is_started_again_until_the_desk_stops():
    numbers, several = [], threading.Event()

    def started(number):
        numbers.append(number)
        if len(numbers) == 3:
            several.set()

    keeper = Keeper([sys.executable, "-c", ""], started, pauses=(0, 0.01))
    assert several.wait(60)
    keeper.stop()
    count = len(numbers)
    assert not keeper._thread.is_alive()
    assert len(set(numbers)) == count == len(numbers)


def test_a_worker_that_does_not_end_when_asked_is_killed():
    code = "import signal, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(flush=True)\nsignal.pause()"
    keeper = Keeper([sys.executable, "-c", code], lambda _: None)
    keeper.stop(0.5)
    assert keeper._child.poll() is not None


def test_the_worker_goes_on_once_its_database_is_back(monkeypatch):
    beats = []

    def sequence():
        beats.append(len(beats))
        if len(beats) < 3:
            raise OperationalError("server closed the connection unexpectedly")

    def run_one():
        beats.append("job")
        raise KeyboardInterrupt  # enough was seen

    monkeypatch.setattr(worker, "open_desk", lambda _: None)
    monkeypatch.setattr(worker, "_AWAY", 0.0)
    monkeypatch.setattr("goodoffices.desk.ledger.services.sequence", sequence)
    monkeypatch.setattr("goodoffices.desk.jobs.work.run_one", run_one)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    CliRunner().invoke(worker.command, [])
    assert beats == [0, 1, 2, "job"]
    beats.clear()
    assert isinstance(CliRunner().invoke(worker.command, ["--once"]).exception, InputError)
    assert beats == [0]
