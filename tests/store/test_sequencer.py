"""The sequencer: order, durability, faults."""

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from goodoffices.domain.errors import RangeError, SequencerStoppedError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.log import check_log
from goodoffices.engines.ledger.note import open_note
from goodoffices.engines.ledger.policy import write_policy
from goodoffices.engines.ledger.tree import EMPTY_ROOT, leaf_hash, root_of
from goodoffices.engines.ledger.verify import check_inclusion
from goodoffices.store.heads import HeadStore
from goodoffices.store.publish import append, publish
from goodoffices.store.sequencer import Sequencer
from goodoffices.store.sequencer_sqlite import SqliteBase
from goodoffices.store.tiles import LogFolder
from tests.store.crash_worker import KEY, ORIGIN

WORKER = Path(__file__).parent / "crash_worker.py"


def opened(folder, heads=None):
    return Sequencer(SqliteBase(folder / "log.sqlite"), ORIGIN, signer=KEY, heads=heads)


def head_of(sequencer):
    return Checkpoint.parse(open_note(sequencer.head, [KEY.vkey]).text)


def check_whole(folder):
    """The head equals the recomputed root of what is stored; gives the entries."""
    sequencer = opened(folder)
    head = head_of(sequencer)
    entries = sequencer._base.entries(0, 1 << 40)
    assert len(entries) == head.size == sequencer.size
    assert root_of([leaf_hash(entry) for entry in entries]) == head.root
    sequencer.close()
    return entries


def test_entries_of_many_threads_get_one_order_and_proofs(tmp_path):
    sequencer = opened(tmp_path)
    got = {}

    def client(number):
        for turn in range(20):
            entry = f"{number}-{turn}".encode()
            got[entry] = sequencer.add(entry)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got.values()) == list(range(160))
    head = head_of(sequencer)
    for entry, index in got.items():
        check_inclusion(leaf_hash(entry), index, size=160, proof=sequencer.prove(index), root=head.root)
    sequencer.close()
    assert check_whole(tmp_path) == sorted(got, key=got.__getitem__)


def test_an_entry_that_is_too_long_is_refused_and_harms_nobody(tmp_path):
    sequencer = opened(tmp_path)
    with pytest.raises(RangeError):
        sequencer.add(bytes(65_536))
    assert sequencer.add(b"x") == 0
    sequencer.close()
    with pytest.raises(SequencerStoppedError):
        sequencer.add(b"y")


def test_publishing_writes_a_log_that_verifies_and_grows(tmp_path):
    heads = HeadStore(tmp_path / "heads.sqlite")
    sequencer = opened(tmp_path, heads)
    folder = LogFolder(tmp_path / "log")
    folder.path.mkdir()
    folder.write([("policy", write_policy(KEY.vkey, {}).encode())])
    for stop in (1, 300, 600):
        done = sequencer.add_all([f'{{"kind":"count","n":{n}}}'.encode() for n in range(sequencer.size, stop)])
        assert done[-1] == stop - 1
        assert sequencer.publish(folder).size == stop
        assert check_log(folder.read, folder.names()).failures == []
    sequencer.close()
    assert heads.last(ORIGIN).size == 600


def test_a_restored_back_up_is_not_signed(tmp_path):
    heads = HeadStore(tmp_path / "heads.sqlite")
    sequencer = opened(tmp_path, heads)
    sequencer.add(b"1")
    sequencer.close()
    shutil.copy(tmp_path / "log.sqlite", tmp_path / "back-up")
    sequencer = opened(tmp_path, heads)
    sequencer.add(b"2")
    (tmp_path / "log").mkdir()
    sequencer.publish(LogFolder(tmp_path / "log"))
    sequencer.close()
    shutil.copy(tmp_path / "back-up", tmp_path / "log.sqlite")
    with pytest.raises(VerificationError, match="rolled back"):
        opened(tmp_path, heads)


def test_another_writer_stops_the_sequencer(tmp_path):
    first, second = opened(tmp_path), opened(tmp_path)
    first.add(b"1")
    with pytest.raises(SequencerStoppedError, match="another process"):
        second.add(b"2")
    with pytest.raises(SequencerStoppedError):
        second.add(b"3")
    first.close()
    second.close()


class FailingBase(SqliteBase):
    """Fails in the commit's own fsync, as far as the sequencer can tell."""

    left = 3

    def commit(self, *arguments, **more):
        self.left -= 1
        if self.left < 0:
            raise sqlite3.OperationalError("disk I/O error")
        super().commit(*arguments, **more)


def test_an_error_of_the_disk_stops_it_for_good_and_acknowledges_nothing(tmp_path):
    sequencer = Sequencer(FailingBase(tmp_path / "log.sqlite"), ORIGIN, signer=KEY)
    assert [sequencer.add(b"1"), sequencer.add(b"2")] == [0, 1]
    with pytest.raises(SequencerStoppedError, match="not acknowledged: disk I/O error"):
        sequencer.add(b"3")
    sequencer._base.left = 99
    with pytest.raises(SequencerStoppedError):
        sequencer.add(b"4")
    sequencer.close()
    assert check_whole(tmp_path) == [b"1", b"2"]


def run_and_kill(kind, folder, *, mark, lines):
    """Run a worker, kill it (SIGKILL) after so many acknowledgements, and give all of them."""
    said = []
    with subprocess.Popen(
        [sys.executable, str(WORKER), kind, str(folder), mark],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=".",
    ) as worker:
        for line in worker.stdout:
            said.append(line)
            if len(said) == lines:
                worker.kill()
    whole = (line.strip().split(b" ", 1) for line in said if line.endswith(b"\n"))
    return {int(index): entry for index, entry in whole}


def kill_rounds(tmp_path, rounds, seed):
    chance = random.Random(seed)
    acknowledged = {}
    for turn in range(rounds):
        found = run_and_kill("sequence", tmp_path, mark=str(turn), lines=chance.randrange(1, 300))
        assert not found.keys() & acknowledged.keys()
        acknowledged |= found
        entries = check_whole(tmp_path)
        assert all(entries[index] == entry for index, entry in acknowledged.items())
    return len(acknowledged)


def test_after_kill_9_nothing_acknowledged_is_lost(tmp_path):
    assert kill_rounds(tmp_path, 15, seed=1) > 500


@pytest.mark.slow
def test_after_100_kills_nothing_acknowledged_is_lost(tmp_path):
    assert kill_rounds(tmp_path, 100, seed=2) > 5_000


def new_log(tmp_path):
    folder, heads = LogFolder(tmp_path / "log"), HeadStore(tmp_path / "heads.sqlite")
    folder.path.mkdir(parents=True)
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    heads.swap(None, empty)
    policy = write_policy(KEY.vkey, {}).encode()
    folder.write([("policy", policy), ("checkpoint", bytes(sign_checkpoint(empty, KEY)))])
    return folder, heads


def folder_kill_rounds(tmp_path, rounds, seed):
    chance = random.Random(seed)
    folder, heads = new_log(tmp_path)
    acknowledged = {}
    for turn in range(rounds):
        acknowledged |= run_and_kill("write", tmp_path, mark=str(turn), lines=chance.randrange(1, 60))
        head = publish(folder, lambda _: KEY, heads=heads)
        verdict = check_log(folder.read, folder.names())
        assert verdict.failures == []
        entries = list(all_entries(folder, head.size))
        assert all(entries[index] == entry for index, entry in acknowledged.items())


def all_entries(folder, size):
    from goodoffices.engines.ledger.tiles import entries_of

    return entries_of(folder.read, size)


def test_a_folder_survives_kill_9(tmp_path):
    folder_kill_rounds(tmp_path, 5, seed=3)


@pytest.mark.slow
def test_a_folder_survives_100_kills(tmp_path):
    folder_kill_rounds(tmp_path, 100, seed=4)


@pytest.mark.parametrize("kind", ["sequence", "write"])
def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_there(tmp_path, kind):
    """A limit on the size of files makes the system refuse writes, as a full disk does."""
    folder, heads = new_log(tmp_path)
    limit = 600_000 if kind == "sequence" else 17_000  # over 20 transactions, even if every entry gets one of its own
    done = subprocess.run(
        [sys.executable, str(WORKER), kind, str(tmp_path), "full", str(limit)], capture_output=True, check=False
    )
    said = dict(line.split(b" ", 1) for line in done.stdout.splitlines())
    assert len(said) > 20
    if kind == "sequence":
        assert b"not acknowledged" in done.stderr
        entries = check_whole(tmp_path)
    else:
        assert b"OSError" in done.stderr
        head = publish(folder, lambda _: KEY, heads=heads)
        assert check_log(folder.read, folder.names()).failures == []
        entries = list(all_entries(folder, head.size))
    assert all(entries[int(index)] == entry for index, entry in said.items())


@pytest.mark.parametrize("fails_at", range(1, 24))
def test_an_fsync_error_at_any_point_leaves_a_log_that_goes_on(tmp_path, monkeypatch, fails_at):
    import os

    folder, heads = new_log(tmp_path)
    kept = append(folder, [b'{"kind":"count"}'] * 300)
    assert kept == range(300)
    calls = 0
    true_fsync = os.fsync

    def fsync(handle):
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise OSError(5, "Input/output error")
        true_fsync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    try:
        publish(folder, lambda _: KEY, heads=heads)
    except OSError:
        monkeypatch.undo()
        publish(folder, lambda _: KEY, heads=heads)
    monkeypatch.undo()
    verdict = check_log(folder.read, folder.names())
    assert verdict.failures == []
    assert verdict.head.checkpoint.size == 300


def test_appending_continues_after_a_head_and_indexes_are_right(tmp_path):
    folder, heads = new_log(tmp_path)
    assert append(folder, [b'{"kind":"a"}']) == range(1)
    assert append(folder, [b'{"kind":"b"}', b'{"kind":"c"}']) == range(1, 3)
    publish(folder, lambda _: KEY, heads=heads)
    assert append(folder, [b'{"kind":"d"}']) == range(3, 4)
    assert publish(folder, lambda _: KEY, heads=heads).size == 4
    assert publish(folder, lambda _: KEY, heads=heads).size == 4
    assert list(all_entries(folder, 4)) == [b'{"kind":"%c"}' % letter for letter in b"abcd"]


def test_the_second_store_refuses_a_smaller_head_another_head_and_a_second_writer(tmp_path):
    heads = HeadStore(tmp_path / "heads.sqlite")
    one, two, other = (Checkpoint("o", size, bytes([byte]) * 32) for size, byte in ((1, 1), (2, 2), (2, 3)))
    heads.swap(None, one)
    heads.swap(one, two)
    with pytest.raises(VerificationError, match="smaller or another"):
        heads.swap(two, one)
    with pytest.raises(VerificationError, match="smaller or another"):
        heads.swap(two, other)
    with pytest.raises(VerificationError, match="meanwhile"):
        heads.swap(one, two)
    assert heads.last("o") == two
