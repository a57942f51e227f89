"""The same desk on PostgreSQL: run below `packaging/postgres.sh`, skipped and counted elsewhere."""

import os
from urllib.parse import urlsplit

import pytest

from tests.desk.serving import open_desk, python
from tests.desk.test_faults import check, under_load
from tests.desk.test_keeping import FILL, run

ADDRESS = os.environ.get("GOODOFFICES_DATABASE", "")
pytestmark = pytest.mark.skipif(not ADDRESS, reason="no GOODOFFICES_DATABASE: PostgreSQL was not tried")

_BUILD = "import django; django.setup()\nfrom goodoffices.desk.demo import build\nbuild()"
_COUNT = """
import django; django.setup()
from goodoffices.desk.demo import counts
for name, number in counts().items(): print(name, number)
"""
_LOOK = """
import django; django.setup()
from goodoffices.desk.keeping.models import Canary
print(*sorted(canary.ref for canary in Canary.objects.all()))
"""


@pytest.fixture
def databases(request):
    """Two empty databases of this test alone."""
    import psycopg

    names = [f"{request.node.name[:40].lower()}_{number}" for number in range(2)]
    with psycopg.connect(ADDRESS, autocommit=True) as base:
        for name in names:
            base.execute(f'CREATE DATABASE "{name}"')
        yield [urlsplit(ADDRESS)._replace(path=f"/{name}").geturl() for name in names]
        for name in names:
            base.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_whole_demo_is_built(databases, tmp_path):
    more = {"GOODOFFICES_DATABASE": databases[0], "GOODOFFICES_DEMO_SCALE": "0.02"}
    python(_BUILD, tmp_path / "desk", **more)
    counts = dict(line.split() for line in python(_COUNT, tmp_path / "desk", **more).splitlines())
    assert all(int(number) for number in counts.values()), counts


def test_backed_up_restored_renewed_and_wiped(databases, tmp_path):
    first, second = ({"GOODOFFICES_DATABASE": address} for address in databases)
    folder, out, again = tmp_path / "desk", tmp_path / "out", tmp_path / "again"
    open_desk(folder, **first)
    python(FILL, folder, **first)
    run("desk", "backup", "--out", out, "--keys-in-clear", folder=folder, **first)
    assert (out / "desk.dump").stat().st_size
    restore = ("desk", "restore", out, "--keys", f"{out}.keys.tar", "--into", again)
    assert "expected an empty database" in run(*restore, folder=again, code=2, **first)
    assert not again.exists()
    run(*restore, folder=again, **second)
    assert "generation 2" in run("desk", "keys", "rotate", "--grace", "0", folder=again, **second)
    assert python(_LOOK, again, **second) == python(_LOOK, folder, **first)
    told = run("wipe", "--workspace", again, "--yes", folder=again, **second)
    assert "the PostgreSQL database is empty" in told
    assert not again.exists()


def test_killed_under_load_it_loses_nothing(databases, tmp_path):
    more = {"GOODOFFICES_DATABASE": databases[0]}
    open_desk(tmp_path / "desk", **more)
    writers = under_load(tmp_path / "desk", tmp_path / "log", cuts=1, writes_each=20, **more)
    check(tmp_path / "desk", writers, **more)
