"""Keeps the worker of a served desk alive: one that ended by itself is started again, ever more slowly."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Sequence


class Keeper:
    """One child process, started again until it is stopped.

    Attributes
    ----------
    command
        What is run.
    started
        Told the number of each process that was started.
    pauses
        Seconds before the first, second, ... start after an end; the last holds for all later ones.
    """

    def __init__(
        self, command: Sequence[str], started: Callable[[int], None], *, pauses: Sequence[float] = (1, 5, 30)
    ) -> None:
        self.command = list(command)
        self.started = started
        self.pauses = pauses
        self._over = threading.Event()
        self._child = self._start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(self.command)  # noqa: S603  our own command, no shell
        self.started(child.pid)
        return child

    def _keep(self) -> None:
        ends = 0
        while True:
            self._child.wait()
            if self._over.wait(self.pauses[min(ends, len(self.pauses) - 1)]):
                return
            ends += 1
            self._child = self._start()

    def stop(self, seconds: float = 10) -> None:
        """End the child and start no other; one that does not end in time is killed."""
        self._over.set()
        self._child.terminate()
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._child.kill()
            self._thread.join(seconds)
