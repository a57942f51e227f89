"""Power cuts, two hands on one row, a full disk: what was acknowledged is there, once."""

import http.client
import json
import subprocess
import sys
import threading
from itertools import count

import pyrage
import pytest

from tests.desk.serving import ROOT, Browser, Server, environment, open_desk, python

MEMBERS = [
    "side-ua-1", "side-ua-2", "side-ru-1", "side-ru-2", "secretariat-1", "secretariat-2",
    "humanitarian-1", "humanitarian-2", "forensic-1", "forensic-2",
]  # fmt: skip
_LOOK = """
import django, json; django.setup()
from goodoffices.desk.keeping.models import Recipient, Unlock
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import log_folder, sequence
from goodoffices.desk.jobs.models import Job
from goodoffices.engines.ledger.log import check_log
while sequence(): pass
folder = log_folder()
verdict = check_log(folder.read, folder.names())
print(json.dumps({
    "reasons": [u.reason for u in Unlock.objects.all()],
    "keys": list(Recipient.objects.values_list("key", flat=True)),
    "told": Statement.objects.filter(kind="recipient").count(),
    "statements": Statement.objects.count(),
    "indexes": sorted(Statement.objects.values_list("index", flat=True)),
    "sound": verdict.is_sound, "size": verdict.head.checkpoint.size,
}))
"""


def look(folder, **more):
    return json.loads(python(_LOOK, folder, **more))


class Writer(threading.Thread):
    """One member who fills in forms, one after another, and sends each again until he is told that it was taken."""

    def __init__(self, server, username, stop, taken):
        super().__init__(daemon=True)
        self.browser = Browser(server.port).enter(username)
        self.name, self.stop, self.taken = username, stop, taken
        self.reasons, self.keys, self.resent = [], [], 0
        self.odd = []

    def run(self):
        for number in count():
            if self.stop.is_set():
                return
            key = f"{self.name}-{number}"
            if number % 2:
                self.write("/unlocks/ask", {"owner": "RU" if "ua" in self.name else "UA", "reason": key}, key)
                self.reasons.append(key)
            else:
                age = str(pyrage.x25519.Identity.generate().to_public())
                self.write("/recipients/add", {"name": key, "key": age}, key)
                self.keys.append(age)
            self.taken.release()

    def write(self, path, fields, key):
        while True:
            try:
                data = fields | {"once": key, "csrfmiddlewaretoken": self.browser.token("/unlocks")}
                status, _, _ = self.browser.send(path, data)
            except (OSError, http.client.HTTPException, TypeError):
                self.resent += 1
                continue
            if status == 302:
                return
            self.odd.append(status)


def under_load(folder, log, *, cuts, writes_each, **more):
    """Let ten members write while the whole desk is killed; gives the writers once all their writes are taken."""
    server, stop, taken = Server(folder, log, **more), threading.Event(), threading.Semaphore(0)
    server.start()
    writers = [Writer(server, username, stop, taken) for username in MEMBERS]
    for writer in writers:
        writer.start()
    for _ in range(cuts):
        for _ in range(writes_each):
            assert taken.acquire(timeout=60)
        server.kill()
        server.start()
    for _ in range(writes_each):
        assert taken.acquire(timeout=60)
    stop.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    server.kill()
    return writers


def check(folder, writers, **more):
    found = look(folder, **more)
    assert sorted(found["reasons"]) == sorted(reason for writer in writers for reason in writer.reasons)
    assert sorted(found["keys"]) == sorted(key for writer in writers for key in writer.keys)
    assert found["told"] == len(found["keys"])
    assert found["indexes"] == list(range(1, found["statements"] + 1))
    assert found["sound"]
    assert found["size"] == found["statements"] + 1
    assert not [status for writer in writers for status in writer.odd if status not in {500, 502}]


def test_killed_under_load_it_loses_nothing_acknowledged_and_doubles_nothing(tmp_path):
    open_desk(tmp_path / "desk")
    writers = under_load(tmp_path / "desk", tmp_path / "log", cuts=1, writes_each=20)
    check(tmp_path / "desk", writers)
    assert sum(writer.resent for writer in writers) > 0


@pytest.mark.slow
def test_killed_twenty_times_under_load_it_loses_nothing(tmp_path):
    open_desk(tmp_path / "desk")
    writers = under_load(tmp_path / "desk", tmp_path / "log", cuts=20, writes_each=60)
    check(tmp_path / "desk", writers)
    assert sum(len(writer.reasons) + len(writer.keys) for writer in writers) >= 20 * 60


def test_of_many_hands_on_one_row_one_wins_and_the_others_are_told(tmp_path):
    open_desk(tmp_path / "desk")
    server = Server(tmp_path / "desk", tmp_path / "log").start()
    try:
        asker = Browser(server.port).enter("humanitarian-1")
        fields = {"owner": "UA", "reason": "one row", "once": "a", "csrfmiddlewaretoken": asker.token("/unlocks")}
        assert asker.send("/unlocks/ask", fields)[0] == 302
        row = python(
            "import django; django.setup()\n"
            "from goodoffices.desk.keeping.models import Unlock; print(Unlock.objects.get().id)",
            tmp_path / "desk",
        ).strip()
        hands = [name for name in MEMBERS if not name.startswith("side") and name != "humanitarian-1"]
        browsers = [Browser(server.port).enter(name) for name in hands]
        tokens, gate, answers = [browser.token("/unlocks") for browser in browsers], threading.Barrier(len(hands)), []

        def approve(browser, token):
            gate.wait()
            answers.append(browser.send(f"/unlocks/{row}/approve", {"once": "b", "csrfmiddlewaretoken": token})[:2])

        threads = [threading.Thread(target=approve, args=pair) for pair in zip(browsers, tokens, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        server.kill()
    assert sorted(status for status, _ in answers) == [302] + [409] * (len(hands) - 1)
    assert all("Nothing was written" in text for status, text in answers if status == 409)


@pytest.mark.slow
def test_a_full_disk_takes_nothing_and_loses_nothing(tmp_path):
    folder = tmp_path / "desk"
    open_desk(folder)
    server = Server(folder, tmp_path / "log", limit=(folder / "desk.sqlite").stat().st_size + 120_000).start()
    taken, refused = [], 0
    try:
        browser = Browser(server.port).enter("humanitarian-1")
        token = browser.token("/unlocks")
        for number in range(400):
            fields = {
                "owner": "UA",
                "reason": "x" * 400 + f"{number}",
                "once": f"{number}",
                "csrfmiddlewaretoken": token,
            }
            try:
                status = browser.send("/unlocks/ask", fields)[0]
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 302:
                taken.append(fields["reason"])
            else:
                refused += 1
            if refused > 3:
                break
    finally:
        server.kill()
    assert refused > 3
    found = look(folder)
    assert set(taken) <= set(found["reasons"])
    assert len(set(found["reasons"])) == len(found["reasons"])
    Server(folder, tmp_path / "log").start().kill()


_WORKER = """
import django, datetime, sys; django.setup()
from pathlib import Path
from goodoffices.desk.jobs import work
from goodoffices.desk.jobs.models import Job
work.LEASE = datetime.timedelta(seconds=1)

@work.work("count")
def count(given, progress):
    total = 0
    for step in range(40):
        progress.tell("counting", step, 40)
        total += step * given["by"]
        print(given["by"], step, flush=True)
    return {"total": total}, "/"

while Job.objects.filter(state__in=["waiting", "running"]).exists():
    work.run_one()
"""


@pytest.mark.slow
def test_jobs_finish_once_though_their_worker_is_killed(tmp_path):
    folder = tmp_path / "desk"
    open_desk(folder)
    python(
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from goodoffices.desk.jobs.work import ask\n"
        "from tests.desk.conftest import viewer\n"
        "for n in range(1, 7): ask(kind='count', owner='DESK', given={'by': n}, by=viewer('humanitarian-1'),"
        " at=timezone.now())",
        folder,
    )
    for cut_at in ("1 20", "2 5", "4 30", ""):
        worker = subprocess.Popen(
            [sys.executable, "-c", _WORKER], env=environment(folder), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for line in worker.stdout:
            if line.strip() == cut_at:
                worker.kill()
        worker.stdout.close()
        worker.wait()
    found = python(
        "import django; django.setup()\n"
        "from goodoffices.desk.jobs.models import Job\n"
        "print([(j.given['by'], j.state, j.result['total']) for j in Job.objects.order_by('asked_at')],"
        " sum(j.attempts for j in Job.objects.all()))",
        folder,
    )
    expected = [(number, "done", number * sum(range(40))) for number in range(1, 7)]
    assert found.strip() == f"{expected} 9"
