"""The same sequencer on PostgreSQL: run where psycopg and a server's programs are, skipped and counted elsewhere."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from goodoffices.domain.errors import InputError, SequencerStoppedError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.note import open_note
from goodoffices.engines.ledger.tree import leaf_hash, root_of
from goodoffices.store.sequencer import Sequencer
from tests.store.crash_worker import KEY, ORIGIN

HAS_PSYCOPG = importlib.util.find_spec("psycopg") is not None
INITDB = shutil.which("initdb") or next((str(p) for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)


@pytest.fixture(scope="module")
def dsn(tmp_path_factory):
    if not HAS_PSYCOPG:
        pytest.skip("psycopg is not installed: the PostgreSQL back end was not tried")
    if "GOODOFFICES_TEST_DSN" in os.environ:
        yield os.environ["GOODOFFICES_TEST_DSN"]
        return
    if INITDB is None or os.geteuid() == 0:
        pytest.skip("no PostgreSQL server to start (or run by root) and no GOODOFFICES_TEST_DSN: not tried")
    folder = tmp_path_factory.mktemp("postgres")
    tools = Path(INITDB).parent
    subprocess.run([INITDB, "-D", folder / "data", "-A", "trust", "-U", "test"], check=True, capture_output=True)
    control = [tools / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", f"-k {folder} -h ''", "start"], check=True, capture_output=True)
    yield f"host={folder} user=test dbname=postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)


def test_the_sequencer_runs_on_postgresql(dsn):
    from goodoffices.store.sequencer_postgres import PostgresBase

    sequencer = Sequencer(PostgresBase(dsn), ORIGIN, signer=KEY)
    first = sequencer.size
    done = sequencer.add_all([b"%d" % number for number in range(500)])
    assert done == range(first, first + 500)
    assert sequencer.add(b"one") == first + 500
    other = Sequencer(PostgresBase(dsn), ORIGIN, signer=KEY)
    sequencer.add(b"two")
    with pytest.raises(SequencerStoppedError, match="another process"):
        other.add(b"three")
    other.close()
    head = Checkpoint.parse(open_note(sequencer.head, [KEY.vkey]).text)
    entries = sequencer._base.entries(0, 1 << 40)
    assert root_of([leaf_hash(entry) for entry in entries]) == head.root
    sequencer.close()


@pytest.mark.skipif(HAS_PSYCOPG, reason="psycopg is installed")
def test_without_psycopg_the_way_to_it_is_told():
    from goodoffices.store.sequencer_postgres import PostgresBase

    with pytest.raises(InputError, match="goodoffices\\[postgres\\]"):
        PostgresBase("host=nowhere")
