"""Runs a reader of untrusted bytes as a child process, which may run out of memory or time, or abort, without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.sheets import EXIT_FAULT

_WALL_SECONDS = 60.0
_MOST_OUTPUT = 512 << 20


def run(module: str, arguments: Sequence[str], data: bytes, *, otherwise: Fault) -> bytes:
    """Give what a module's child process writes about the bytes it is sent.

    Parameters
    ----------
    module
        Run by its name; it limits itself, reads standard input and writes standard output. With exit code `EXIT_FAULT`
        the last line of its output is a JSON list of faults without their file.
    arguments
        Of the command line; the first is the file's name.
    data
        The untrusted bytes.
    otherwise
        What to say if the child came to an end itself.

    Raises
    ------
    InputError
        If the child found the file unfit, or came to an end itself.
    """
    command = [sys.executable, "-I", "-m", module, *arguments]
    environment = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"PYTHONUTF8": "1"},
    ) as child:
        clock = threading.Timer(_WALL_SECONDS, child.kill)
        clock.start()
        try:
            feeder = threading.Thread(target=_feed, args=(child, data))
            feeder.start()
            payload = child.stdout.read(_MOST_OUTPUT + 1) if child.stdout else b""
            if len(payload) > _MOST_OUTPUT:
                child.kill()
            feeder.join()
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
    if code == EXIT_FAULT:
        faults = json.loads(payload[payload.rindex(b"\n") + 1 :])
        raise InputError(*(Fault(arguments[0], *map(str, fault)) for fault in faults))
    if code:
        raise InputError(otherwise)
    return payload


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    if child.stdin is None:
        return
    try:
        child.stdin.write(data)
        child.stdin.close()
    except OSError:
        return  # the child has gone; its exit code says why
