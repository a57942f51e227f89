"""The desk under load: 50 clients, each one request a second, on a whole process; writes; search as you type.

The process is the demo's with its lists made long: 100,000 records linked both ways, 20 rounds, a text of 2,000
clauses, 1,000 more assertions.

    python benchmarks/desk.py [RECORDS] [SECONDS]

Server: `goodoffices desk` on loopback, 2 processes of 8 threads. The generator is a process of its own. Beside it
stands a Django view that does nothing, under the same server: what the frame costs at least. PostgreSQL is tried where
its programs and psycopg are installed.
"""

from __future__ import annotations

import gzip
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
ROUNDS, CLAUSES, FIGURES = 20, 2_000, 1_000
HEAVIEST = 60_000
WARM = 8
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

BUILD = """
import datetime as dt, random, sys
import django; django.setup()
from django.utils import timezone
from goodoffices.desk import demo
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.lists import demo as lists
from goodoffices.desk.lists.models import List, Record
from goodoffices.desk.parties.models import User
from goodoffices.desk.results.demo import CODE, _figure
from goodoffices.desk.results.services import attested_make
from goodoffices.desk.talks import drafting, services
from goodoffices.desk.talks.demo import viewer_of
from goodoffices.domain.commitment import Moved
records, rounds, clauses, figures = (int(word) for word in sys.argv[1:])
lists.HELD = tuple((records // 4, script) for script in ("uk", "ru"))
lists.SOUGHT = lists.HELD
demo.build()
at, chair = timezone.now(), viewer_of("secretariat-1")
for number in range(4, rounds + 1):
    made = services.forum_open(code=f"r{number}", kind="round", title=f"Round {number}", members=["UA", "RU"],
                               online=False, order=number, by=chair, at=at)
    services.sitting_plan(forum=made, starts_at=at + dt.timedelta(days=number), minutes=90, place="Istanbul",
                          zone="Europe/Istanbul", agenda=[{"number": 1, "title": "Text"}], by=chair, at=at)
rng = random.Random(1)
words = "the sides agree to exchange wounded prisoners and return bodies through crossing list date place days".split()
lines = ["@parties RU UA"]
for number in range(clauses):
    said = [rng.choice(words) for _ in range(30)]
    said[rng.randrange(30)] = "[so]{RU}[thus]{UA}"
    lines.append(f"{number // 20 + 1}.{number % 20 + 1} {' '.join(said)}")
drafting.text_open(forum=made, title="A long text", source={"en": "\\n".join(lines) + "\\n"}, by=chair, at=at)
members = [viewer_of("side-ua-1"), viewer_of("side-ru-1"), viewer_of("humanitarian-1")]
for number in range(figures):
    figure = _figure(f"bench-{number // 3}", Moved.PRISONER_OF_WAR, 20 + number // 3 % 50, ("UA", "RU"), at.date())
    attested_make(figure=figure, by=members[number % 3], at=at)
sequence()
while run_one(): pass
bad = [(j.kind, j.faults) for j in Job.objects.exclude(state="done")]
assert not bad, bad
longest = List.objects.filter(owner="UA", versions__isnull=False).order_by("-versions__records").first()
print(Record.objects.count(), longest.id, made.code)
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
    kept |= {"GOODOFFICES_READ_CAP": "1000000000"}  # one officer here reads for many
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


def weight(port: int, path: str, cookies: dict[str, str]) -> int:
    """Give the bytes of a page compressed; stops where one does not answer."""
    status, text = ask(port, "GET", path, cookies)
    if status != 200:
        raise SystemExit(f"{path}: {status}")
    return len(gzip.compress(text.encode(), 6))


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
        [sys.executable, "-c", BUILD, *map(str, (records, ROUNDS, CLAUSES, FIGURES))],
        env=environment(folder, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    stored, longest, forum = done.stdout.split()[-3:]
    print(
        f"{name}: {stored} records, {ROUNDS} rounds, {CLAUSES:,} clauses, {FIGURES:,} assertions beside the demo's, "
        f"made through the services in {time.monotonic() - begin:.0f} s"
    )
    with Server(DESK, folder, database) as port:
        side, officer, chair = (enter(port, who) for who in ("side-ua-1", "humanitarian-1", "secretariat-1"))
        text = f"/talks/{forum}/text"
        pages = [("/results", {}), ("/results", {}), ("/results/C4", {}), ("/record", {})]
        pages += [("/", side), ("/lists", side), (f"/lists/{longest}", side), ("/pairs", officer), ("/", officer)]
        pages += [
            ("/", chair),
            ("/talks", side),
            (text, side),
            (text, chair),
            ("/record", side),
            ("/results/all", side),
        ]
        for _ in range(WARM):  # each process answers each page before it is measured
            weights = {path: weight(port, path, dict(cookies)) for path, cookies in pages}
        used = processor(port)
        found = load(port, seconds, pages)
        used = processor(port) - used
        for path in sorted(found["took"]):
            line(
                path.replace(longest, "KEY"),
                found["took"][path],
                sum(e.startswith(path + ":") for e in found["errors"]),
            )
        line(f"all, {CLIENTS} clients at 1/s", [t for one in found["took"].values() for t in one], len(found["errors"]))
        most = max(weights, key=lambda path: weights[path])
        print(f"    heaviest page as it travels: {weights[most]:,} bytes ({most}), at most {HEAVIEST:,} wanted")
        answers = sum(len(one) for one in found["took"].values())
        print(
            f"    processor: {used / answers * 1e3:.1f} ms an answer, {used / seconds:.2f} of 2 cores; "
            f"machine's load average {os.getloadavg()[0]:.1f}"
        )
        used = processor(port)
        search(port, side, longest)
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
