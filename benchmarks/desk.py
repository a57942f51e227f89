"""The desk under load: 50 clients, each one request a second, on a workspace of 100,000 records; writes; search.

    python benchmarks/desk.py [RECORDS] [SECONDS]

Server: `goodoffices desk` on loopback, 2 processes of 8 threads. The generator is a process of its own. Beside it
stands a Django view that does nothing, under the same server: what the frame costs at least. PostgreSQL is tried where
its programs and psycopg are installed.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).parents[1]
CLIENTS, WRITERS = 50, 16
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

BUILD = """
import sys, django; django.setup()
from django.utils import timezone
from goodoffices.desk import demo
from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.lists.services import file_accept, file_take, list_start, version_seal
from goodoffices.desk.parties.models import User
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.held import held_list
size = int(sys.argv[1])
demo.prepare(); demo.open_process(timezone.now())
for number, side in enumerate(("ua", "ru")):
    user = User.objects.get(username=f"side-{side}-1")
    by, at = Viewer(Role(user.role), user.party_id, user.id), timezone.now()
    made = list_start(kind="held", title=f"Invented list of {side}", by=by, at=at)
    data = sealed_csv(held_list(size // 2, seed=number, script={"ua": "uk"}.get(side, side)))
    file = file_take(list_=made, name="held.csv", data=data, by=by, at=at)
    while run_one(): pass
    file.refresh_from_db()
    version = file_accept(file=file, by=by, at=at)
    while run_one(): pass
    version.refresh_from_db()
    version_seal(version=version, by=by, at=at)
    print(made.id, version.records)
sequence()
bad = [(j.kind, j.faults) for j in Job.objects.exclude(state="done")]
assert not bad, bad
"""
BARE = """
import django
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="__main__", SECRET_KEY="x", MIDDLEWARE=[])
django.setup()
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("nothing"))]
import sys
from django.core.wsgi import get_wsgi_application
from goodoffices.cli import desk
app = get_wsgi_application()
import types
module = types.ModuleType("goodoffices.desk.wsgi"); module.application = app
sys.modules["goodoffices.desk.wsgi"] = module
desk._serve("127.0.0.1:" + sys.argv[1], 8, 2)
"""


def environment(folder: Path, database: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOODOFFICES_")}
    kept |= {"GOODOFFICES_MODE": "demo", "GOODOFFICES_WORKSPACE": str(folder)}
    kept |= {"DJANGO_SETTINGS_MODULE": "goodoffices.desk.settings"}
    return kept | ({"GOODOFFICES_DATABASE": database} if database else {})


class Server:
    """A server in a process group of its own; ended when the block ends."""

    def __init__(self, command: list[str], folder: Path, database: str = "") -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.command = [word.replace("PORT", str(self.port)) for word in command]
        self.folder, self.database = folder, database

    def __enter__(self) -> int:
        self.log = (self.folder.parent / "log").open("ab")
        self.process = subprocess.Popen(
            self.command,
            env=environment(self.folder, self.database),
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        GROUPS[self.port] = self.process.pid
        while True:
            if self.process.poll() is not None:
                raise SystemExit((self.folder.parent / "log").read_text()[-2000:])
            try:
                ask(self.port, "GET", "/")
            except OSError:
                time.sleep(0.1)
            else:
                return self.port

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
        self.log.close()


def processor(port: int) -> float:
    """Give the processor seconds of the server on a port, worker and all: other load hardly changes them."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == GROUPS[port]:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


GROUPS: dict[int, int] = {}
DESK = [sys.executable, "-m", "goodoffices.cli.main", "desk", "--port", "PORT", "--threads", "8", "--processes", "2"]


def ask(port: int, verb: str, path: str, cookies: dict[str, str] | None = None, body: str | None = None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(verb, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    if cookies is not None:
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]
    return answer.status, text


def enter(port: int, username: str) -> dict[str, str]:
    cookies: dict[str, str] = {}
    page = ask(port, "GET", "/enter", cookies)[1]
    ask(port, "POST", f"/enter/{username}", cookies, urlencode({"csrfmiddlewaretoken": _TOKEN.search(page)[1]}))
    return cookies


def generate(port: int, seconds: int, plan: list[tuple[str, dict[str, str]]]) -> None:
    """The generator's own process: client N asks for page N of the plan, once a second, each at its own moment."""
    took: dict[str, list[float]] = {}
    errors = []
    lock, begin = threading.Lock(), time.monotonic() + 0.5

    def client(number: int) -> None:
        path, cookies = plan[number % len(plan)]
        for turn in range(seconds):
            time.sleep(max(0.0, begin + turn + number / CLIENTS - time.monotonic()))
            asked = time.monotonic()
            try:
                status = ask(port, "GET", path, dict(cookies))[0]
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            with lock:
                took.setdefault(path, []).append(time.monotonic() - asked)
                if status not in {200, 304}:
                    errors.append(f"{path}: {status}")

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"took": took, "errors": errors}))


def load(port: int, seconds: int, plan: list[tuple[str, dict[str, str]]]) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--generate", str(port), str(seconds), json.dumps(plan)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def line(name: str, took: list[float], errors: int) -> None:
    cut = statistics.quantiles(took, n=100)
    middle, slow = cut[49] * 1e3, cut[98] * 1e3
    print(f"  {name:<34} {len(took):>6,} answers  p50 {middle:6.1f} ms  p99 {slow:6.1f} ms  errors {errors}")


def writes(port: int, seconds: float) -> tuple[int, int]:
    """Count forms that were taken: each one transaction, acknowledged only when it is on the disk."""
    names = [f"{role}-{n}" for role in ("secretariat", "humanitarian", "forensic") for n in (1, 2)]
    taken, refused, stop = [0] * WRITERS, [0] * WRITERS, time.monotonic() + seconds

    def client(number: int) -> None:
        cookies = enter(port, names[number % len(names)])
        token = _TOKEN.search(ask(port, "GET", "/unlocks", cookies)[1])[1]
        turn = 0
        while time.monotonic() < stop:
            turn += 1
            once = f"{number}-{turn}-{time.monotonic_ns()}"
            data = {"owner": "UA", "reason": "a measured write", "once": once, "csrfmiddlewaretoken": token}
            status = ask(port, "POST", "/unlocks/ask", cookies, urlencode(data))[0]
            if status == 302:
                taken[number] += 1
            else:
                refused[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(taken), sum(refused)


def search(port: int, cookies: dict[str, str], key: str) -> None:
    """Type names letter by letter into the search of a list of half the records."""
    begin = time.monotonic()
    ask(port, "GET", f"/lists/{key}/found?q={quote('ко')}", cookies)
    first, took, errors = time.monotonic() - begin, [], 0
    for word in ("Коваленко", "kovalenko", "Шевчук", "Бондар", "melnyk", "Иванов", "1987"):
        for end in range(1, len(word) + 1):
            begin = time.monotonic()
            status = ask(port, "GET", f"/lists/{key}/found?q={quote(word[:end])}", cookies)[0]
            took.append(time.monotonic() - begin)
            errors += status != 200
    line("search as you type", took, errors)
    print(f"    the first letter after the page: {first * 1e3:.0f} ms (the index is built in memory, per process)")


def measure(records: int, seconds: int, folder: Path, database: str, name: str) -> None:
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(records)],
        env=environment(folder, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    keys = [text.split()[0] for text in done.stdout.splitlines()]
    print(f"{name}: {records:,} records stored through the services in {time.monotonic() - begin:.0f} s")
    with Server(DESK, folder, database) as port:
        side, officer = enter(port, "side-ua-1"), enter(port, "humanitarian-1")
        pages = [("/results", {}), ("/results", {}), ("/results/C4", {}), ("/record", {})]
        pages += [("/", side), ("/lists", side), (f"/lists/{keys[0]}", side), ("/pairs", officer), ("/", officer)]
        pages = [(path, cookies) for path, cookies in pages if ask(port, "GET", path, dict(cookies))[0] == 200]
        used = processor(port)
        found = load(port, seconds, pages)
        used = processor(port) - used
        for path in sorted(found["took"]):
            line(
                path.replace(keys[0], "KEY"),
                found["took"][path],
                sum(e.startswith(path + ":") for e in found["errors"]),
            )
        line(f"all, {CLIENTS} clients at 1/s", [t for one in found["took"].values() for t in one], len(found["errors"]))
        answers = sum(len(one) for one in found["took"].values())
        print(
            f"    processor: {used / answers * 1e3:.1f} ms an answer, {used / seconds:.2f} of 2 cores; "
            f"machine's load average {os.getloadavg()[0]:.1f}"
        )
        used = processor(port)
        search(port, side, keys[0])
        print(f"    processor: {(processor(port) - used) / 47 * 1e3:.1f} ms a letter")
        taken, refused = writes(port, 10)
        print(f"  durable writes                     {taken / 10:6.0f} /s from {WRITERS} clients, {refused} refused")


def bare(seconds: int, folder: Path) -> None:
    with Server([sys.executable, "-c", BARE, "PORT"], folder) as port:
        found = load(port, seconds, [("/", {})])
        line("peer: a Django view of one word", found["took"]["/"], len(found["errors"]))


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    if not (ROOT / "src/goodoffices/desk/lists/services.py").exists():
        raise SystemExit("the lists are not built here: nothing to measure")
    with tempfile.TemporaryDirectory() as place:
        if database := os.environ.get("GOODOFFICES_DATABASE", ""):
            measure(records, seconds, Path(place) / "postgres", database, "PostgreSQL")
            return
        (Path(place) / "bare").mkdir()
        measure(records, seconds, Path(place) / "sqlite", "", "SQLite")
        bare(min(seconds, 20), Path(place) / "bare")
    if importlib.util.find_spec("psycopg") and (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*"))):
        subprocess.run(
            ["sh", str(ROOT / "packaging/postgres.sh"), sys.executable, __file__, str(records), str(seconds)],
            check=True,
        )
    else:
        print("PostgreSQL or psycopg is not installed here: not measured")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--generate"]:
        generate(int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4]))
    else:
        main()
