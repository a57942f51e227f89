"""The ledger beside the disk it writes to and beside pymerkle, in one run: python benchmarks/ledger.py [entries]."""

import os
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from goodoffices.engines.ledger.log import check_log
from goodoffices.engines.ledger.note import SigningKey
from goodoffices.engines.ledger.policy import write_policy
from goodoffices.engines.ledger.tree import leaf_hash
from goodoffices.engines.ledger.verify import check_inclusion
from goodoffices.store.sequencer import Sequencer
from goodoffices.store.sequencer_sqlite import SqliteBase
from goodoffices.store.tiles import LogFolder

KEY = SigningKey.from_seed("bench.example/log", 1, seed=bytes(32))
SECONDS = 4.0
CLIENTS = 32


def row(what, figure, aim=""):
    print(f"{what:<58}{figure:>22}  {aim}", flush=True)


def entry(number):
    return b'{"commitment":"%064x","kind":"count","previous":null,"roles":["A","B"],"statement":"s-%d"}' % (
        number,
        number,
    )


def single_and_disk(folder):
    """One durable signed entry after another, and the disk's own fdatasync of as much, in turns of half a second."""
    sequencer = Sequencer(SqliteBase(folder / "single.sqlite"), KEY.vkey.name, signer=KEY)
    handle = os.open(folder / "probe", os.O_CREAT | os.O_WRONLY)
    block, done, spent = bytes(4096), [0, 0], [0.0, 0.0]
    for turn in range(16):
        start = time.perf_counter()
        while time.perf_counter() - start < SECONDS / 8:
            if turn % 2:
                sequencer.add(entry(done[1]))
            else:
                os.write(handle, block)
                os.fdatasync(handle)
            done[turn % 2] += 1
        spent[turn % 2] += time.perf_counter() - start
    os.close(handle)
    sequencer.close()
    return done[0] / spent[0], done[1] / spent[1]


def group_rate(folder, each):
    """Clients that each wait for their entries before they send the next."""
    sequencer = Sequencer(SqliteBase(folder / f"group-{each}.sqlite"), KEY.vkey.name, signer=KEY)
    stop = time.perf_counter() + SECONDS
    counts = [0] * CLIENTS

    def client(number):
        while time.perf_counter() < stop:
            sequencer.add_all([entry(number)] * each)
            counts[number] += each

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = sum(counts) / (time.perf_counter() - start)
    sequencer.close()
    return rate


def large(folder, size):
    sequencer = Sequencer(SqliteBase(folder / "large.sqlite"), KEY.vkey.name, signer=KEY)
    start = time.perf_counter()
    for place in range(0, size, 10_000):
        sequencer.add_all([entry(number) for number in range(place, min(size, place + 10_000))])
    row(f"{size:,} entries appended in batches of 10,000", f"{time.perf_counter() - start:.1f} s")
    row("  database", f"{sum(path.stat().st_size for path in folder.glob('large.sqlite*')) / 2**20:.0f} MiB")
    times, chance = [], random.Random(1)
    for _ in range(2_000):
        index = chance.randrange(size)
        began = time.perf_counter()
        sequencer.prove(index)
        times.append((time.perf_counter() - began) * 1e3)
    times.sort()
    row(f"inclusion proof at {size:,}, median", f"{times[1000]:.3f} ms", "aim < 0.3 ms")
    row("  99th percentile", f"{times[1979]:.3f} ms", "aim < 2 ms")
    proof = sequencer.prove(7)
    root = root_of_head(sequencer)
    began = time.perf_counter()
    for _ in range(1_000):
        check_inclusion(leaf_hash(entry(7)), 7, size=size, proof=proof, root=root)
    row("  checked", f"{(time.perf_counter() - began) * 1e3:.1f} us")
    log = LogFolder(folder / "log")
    log.path.mkdir()
    log.write([("policy", write_policy(KEY.vkey, {}).encode())])
    began = time.perf_counter()
    sequencer.publish(log)
    row("  published as tiles and bundles, every file fsynced", f"{time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    verdict = check_log(log.read, log.names())
    row(f"{size:,} entries verified whole", f"{time.perf_counter() - began:.1f} s", "aim < 10 s")
    if verdict.failures:
        sys.exit(str(verdict.failures))
    sequencer.close()
    return times[1000]


def root_of_head(sequencer):
    from goodoffices.engines.ledger.checkpoint import Checkpoint
    from goodoffices.engines.ledger.note import parse_note

    return Checkpoint.parse(parse_note(sequencer.head).text).root


def peer(folder, size, ours):
    try:
        from pymerkle import SqliteTree
    except ImportError:
        row("pymerkle", "not installed", "make bench installs it")
        return
    tree = SqliteTree(str(folder / "peer.sqlite"), algorithm="sha256")
    few = size
    began = time.perf_counter()
    tree.append_entries([entry(number) for number in range(few)])
    row(f"pymerkle on SQLite: {few:,} entries appended", f"{time.perf_counter() - began:.1f} s")
    times, chance = [], random.Random(1)
    for _ in range(100):
        index = chance.randrange(few) + 1
        began = time.perf_counter()
        tree.prove_inclusion(index, few)
        times.append((time.perf_counter() - began) * 1e3)
    median = statistics.median(times)
    row(
        f"pymerkle: inclusion proof at {few:,}, median",
        f"{median:.3f} ms",
        f"ours is {median / ours:.0f} times as fast",
    )


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:  # TMPDIR chooses the disk
        folder = Path(name)
        disk, single = single_and_disk(folder)
        row("the disk's own fdatasync of one page", f"{disk:,.0f} /s")
        row("one durable entry under a signed head", f"{single:,.0f} /s", f"{single / disk:.2f} of the disk; aim 0.80")
        for each, what in ((1, "one entry each"), (8, "8 entries each")):
            group = group_rate(folder, each)
            row(
                f"group commit, {CLIENTS} clients, {what}",
                f"{group:,.0f} /s",
                f"{group / single:.1f} times single; aim 10",
            )
        ours = large(folder, size)
        peer(folder, size, ours)
        row("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
