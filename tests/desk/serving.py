"""A desk that runs as it does for people: gunicorn and the worker as processes of their own, clients over HTTP."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from tests.desk.tables import bring

ROOT = Path(__file__).parents[2]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_BEGIN = """
import django; django.setup()
from django.utils import timezone
from goodoffices.desk import demo
demo.prepare(); demo.open_process(timezone.now())
"""


def environment(folder, **more):
    """What a process of this desk gets to know; nothing of the test run's own desk."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOODOFFICES_")}
    ours = {"GOODOFFICES_MODE": "demo", "GOODOFFICES_WORKSPACE": str(folder), "PYTHONPATH": str(ROOT)}
    return kept | ours | {"DJANGO_SETTINGS_MODULE": "goodoffices.desk.settings"} | more


def tables(folder):
    """Lay the tables into the folder of a desk that is yet to begin, whose own migrations then find nothing to do."""
    folder.mkdir(parents=True)
    bring(folder / "desk.sqlite")


def python(code, folder, **more):
    """Run a few lines inside the desk, in a process of its own; gives what they print."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(folder, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _opened():
    """A desk on SQLite as it is after its opening; made once in a test process."""
    kept = tempfile.TemporaryDirectory(prefix="goodoffices-opened-")
    folder = Path(kept.name) / "desk"
    tables(folder)
    python(_BEGIN, folder)
    return kept, folder


def open_desk(folder, **more):
    """Make a desk with the example process, its members and its log; a copy where nothing else is asked for."""
    if more:
        python(_BEGIN, folder, **more)
    else:
        shutil.copytree(_opened()[1], folder, dirs_exist_ok=True)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """`goodoffices desk` in a process group of its own, so that all of it can be killed at once."""

    def __init__(self, folder, log, *, limit=0, **more):
        self.folder, self.log, self.limit, self.more = folder, log, limit, more
        self.port = free_port()
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "goodoffices.cli.main", "desk", "--port", str(self.port), "--threads", "4"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=environment(self.folder, **self.more),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self._limit if self.limit else None,  # noqa: PLW1509  no thread runs yet
            )
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                Browser(self.port).get("/enter")
            except OSError:
                continue
            return self

    def kill(self):
        """End all its processes as a power cut would: kill -9, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while True:  # gunicorn's and the worker's processes are nobody's children here
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _limit(self):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self.limit))


class Browser:
    """Cookies, forms and their token; a connection per request."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def enter(self, username):
        """Go through the demo's door."""
        page = self.get("/enter")[1]
        status, _, _ = self.send(f"/enter/{username}", {"csrfmiddlewaretoken": _TOKEN.search(page)[1]})
        assert status == 302
        return self

    def get(self, path):
        status, text, _ = self._ask("GET", path)
        return status, text

    def token(self, path):
        return _TOKEN.search(self.get(path)[1])[1]

    def send(self, path, fields):
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, verb, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text, answer.getheader("Location", "")
