"""A process to be killed: says an index only after the entry was acknowledged."""

import os
import sys
import threading
from itertools import count
from pathlib import Path

from goodoffices.domain.errors import SequencerStoppedError
from goodoffices.engines.ledger.note import SigningKey
from goodoffices.store.heads import HeadStore
from goodoffices.store.publish import append, publish
from goodoffices.store.sequencer import Sequencer
from goodoffices.store.sequencer_sqlite import SqliteBase
from goodoffices.store.tiles import LogFolder

ORIGIN = "goodoffices.example/crash"
KEY = SigningKey.from_seed(ORIGIN, 1, seed=bytes(32))


def say(index, entry):
    os.write(1, f"{index} {entry.decode()}\n".encode())


def sequence(folder: Path, mark: str):
    sequencer = Sequencer(SqliteBase(folder / "log.sqlite"), ORIGIN, signer=KEY)

    def client(number):
        for turn in count():
            entry = f"{mark}-{number}-{turn}".encode()
            try:
                say(sequencer.add(entry), entry)
            except SequencerStoppedError as error:
                os.write(2, f"{error}\n".encode())
                return

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write(folder: Path, mark: str):
    log, heads = LogFolder(folder / "log"), HeadStore(folder / "heads.sqlite")
    for turn in count():
        entries = [f'{{"kind":"count","n":"{mark}-{turn}-{n}-{"x" * 150}"}}'.encode() for n in range(3)]
        indexes = append(log, entries)
        for index, entry in zip(indexes, entries, strict=True):
            say(index, entry)
        if turn % 2:
            publish(log, lambda _: KEY, heads=heads)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
    {"sequence": sequence, "write": write}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
