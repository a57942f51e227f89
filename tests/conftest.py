"""The desk's settings for every test: mode test, and a workspace of this process alone.

They are set here and not in pyproject.toml, because pytest-django reads the settings before any conftest if it is told
there which they are; the tests would then begin in demo mode, in a workspace in the checkout, with one database for
every run and worker.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

_MEMORY = Path("/dev/shm")  # noqa: S108  looked at below
_ENOUGH = 4 << 30


def _write_in_memory():
    """Let tests write in memory where there is enough: a log, a vault and a desk wait for the disk at every step.

    What they wrote goes with the run; with TMPDIR set it stays there as pytest keeps it. The processes of a run share
    one folder, which the first of them makes; one whose process was killed is taken away by the next run.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return
    if os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        return
    for left in _MEMORY.glob("go-tests-*"):
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = _MEMORY / f"go-tests-{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


_write_in_memory()

_WORKSPACE = tempfile.TemporaryDirectory(prefix="goodoffices-desk-", ignore_cleanup_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "goodoffices.desk.settings"
os.environ["GOODOFFICES_MODE"] = "test"
os.environ["GOODOFFICES_WORKSPACE"] = _WORKSPACE.name
os.environ.pop("GOODOFFICES_KEYS", None)
django.setup()

# The test database waits for no disk; servers that tests start keep the desk's own setting.
_OPTIONS = settings.DATABASES["default"].get("OPTIONS", {})
if "init_command" in _OPTIONS:
    _OPTIONS["init_command"] += " PRAGMA synchronous=OFF;"


_WARM_UP = "from goodoffices.flow.ceasefire import warm_up; warm_up()"


# What takes longest begins first, so that no process is left with it alone when all else is done.
_LONGEST = ("desk/browser/", "desk/test_matrix.py", "desk/test_keeping.py", "desk/test_faults.py", "desk/")


def pytest_collection_modifyitems(items):
    """Put the longest tests first."""
    root = str(Path(__file__).parent) + "/"

    def place(item):
        name = str(item.path).removeprefix(root)
        return next((n for n, start in enumerate(_LONGEST) if name.startswith(start)), len(_LONGEST))

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    """Compile the ceasefire search while a run's processes begin; else each that comes to it compiles it for itself."""
    if not session.config.getoption("numprocesses", None) or session.config.option.collectonly:
        return (yield)
    with subprocess.Popen([sys.executable, "-c", _WARM_UP]) as compiling:
        try:
            return (yield)
        finally:
            compiling.kill()
