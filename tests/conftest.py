"""The desk's settings for every test: mode test, and a workspace of this process alone.

They are set here and not in pyproject.toml, because pytest-django reads the settings before any conftest if it is told
there which they are; the tests would then begin in demo mode, in a workspace in the checkout, with one database for
every run and worker.
"""

import os
import subprocess
import sys
import tempfile

import django
import pytest
from django.conf import settings

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
