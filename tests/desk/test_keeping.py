"""What keeps a desk: keys renewed, back-up and restore, upgrade, retention, wipe; each through its command."""

import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as conf
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodoffices.desk.jobs import work
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping import retention, rotation, selectors
from goodoffices.desk.keeping.models import Backup, Canary, Erasure, Unlock
from goodoffices.desk.keeping.services import canary_check, canary_plant, unlock_ask
from goodoffices.desk.keys import KeyRing, generation, ring
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence, statement_record
from goodoffices.desk.lists.models import List, Record
from goodoffices.desk.parties.models import Process, Reading
from goodoffices.desk.parties.services import reading_note
from goodoffices.desk.remains.models import Family
from goodoffices.domain.errors import InputError, TransitionError, VerificationError
from goodoffices.store.vault import Vault
from goodoffices.store.wipe import wipe
from tests.desk.conftest import post, viewer
from tests.desk.lists.making import listed
from tests.desk.pairs.making import compared
from tests.desk.serving import environment, open_desk, python

QUIET = {"say": lambda *_: None, "grace": lambda: None}


def fill(count=5):
    """Rows with sealed fields of two owners."""
    now = timezone.now()
    for number in range(count):
        canary_plant(ref=f"UA-{number:04}", by=viewer("side-ua-1"), at=now)
        canary_plant(ref=f"RU-{number:04}", by=viewer("side-ru-1"), at=now)
    unlock_ask(owner="UA", reason="a secret reason", by=viewer("humanitarian-1"), at=now)


def raw():
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref FROM keeping_canary ORDER BY id")
        return [bytes(row[0]) for row in cursor.fetchall()]


# ------------------------------------------------------------------ keys
def test_renewed_keys_open_every_row_and_the_old_ones_are_gone(desk, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    fill()
    before = ring().generations("UA"), raw()
    assert rotation.rotate(["UA"], **QUIET) == {"UA": 2}
    assert (before[0], ring().generations("UA"), ring().generations("RU")) == ((1,), (2,), (1,))
    assert {generation(value) for value in raw()} == {1, 2}
    assert sorted(row.ref for row in Canary.objects.filter(owner="UA")) == [f"UA-{n:04}" for n in range(5)]
    assert canary_check(by=viewer("side-ru-1"), owner="UA", refs=["UA-0003"], verb="read", at=timezone.now()) == 1
    rotation.rotate(ring().parties(), **QUIET)
    fresh = KeyRing(conf.KEYS, "")
    assert fresh.blind("UA", "UA-0003", purpose="canary") == ring().blind("UA", "UA-0003", purpose="canary")
    assert not list(conf.KEYS.glob("UA-[12].key"))
    with pytest.raises(InputError, match="no key"):
        rotation.rotate(["XX"], **QUIET)


def test_a_rotation_holds_few_rows_and_nothing_of_other_tables_in_memory(desk):
    data = "ref,surname\n" + "".join(f"A-{number},Вигаданий\n" for number in range(30))
    version = listed("side-ua-1", data)
    with CaptureQueriesContext(connection) as asked:
        rotation.rotate(["UA"], **QUIET)
    opened = [
        one["sql"] for one in asked if one["sql"].startswith("SELECT") and '"lists_record"."fields"' in one["sql"]
    ]
    assert len(opened) >= 6, "ten rows at a time, in two passes"
    assert not any("lists_listfile" in sql for sql in opened), "a file of 32 MB beside each of its lines"
    assert {record.fields["surname"] for record in Record.objects.filter(version=version)} == {"Вигаданий"}


def test_a_rotation_that_was_cut_off_anywhere_loses_nothing_and_is_ended_by_the_next(desk, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    fill()
    for stop_at in range(1, 12):
        steps = 0

        def cut(*_, stop_at=stop_at):
            nonlocal steps
            steps += 1
            if steps == stop_at:
                raise KeyboardInterrupt

        try:
            rotation.rotate(["UA"], say=cut, grace=lambda: None)
        except KeyboardInterrupt:
            assert len(ring().generations("UA")) == 2
        assert len({row.ref for row in Canary.objects.all()}) == 10
    rotation.rotate(["UA"], **QUIET)
    assert len(ring().generations("UA")) == 1
    assert len({row.ref for row in Canary.objects.all()}) == 10


def test_another_process_notices_a_new_key_at_once(desk):
    other = KeyRing(conf.KEYS, "")
    old = other.seal("UA", b"x", bound_to="p")
    ring().renew("UA")
    assert generation(other.seal("UA", b"x", bound_to="p")) == 2
    assert ring().open("UA", old, bound_to="p") == b"x"
    ring().drop("UA", 1)
    with pytest.raises(InputError, match="no key of this generation"):
        other.open("UA", old, bound_to="p")


def test_a_new_master_key_opens_what_the_old_one_did_not_any_more(desk, monkeypatch):
    fill(1)
    old = (conf.KEYS / "master.key").read_text()
    first = ring().rewrap()
    assert first == len(list(conf.KEYS.glob("*-*.key")))
    assert KeyRing(conf.KEYS, "").generations("UA") == (1,)
    with pytest.raises(VerificationError, match="master key"):
        KeyRing(conf.KEYS, old)
    # cut off in the middle: half the files under the next key, and still every one opens
    replace, done = Path.replace, []

    def cut(self, target):
        if Path(target).suffix == ".key" and Path(target).name != "master.key":
            done.append(target)
            if len(done) == 2:
                raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        ring().rewrap()
    monkeypatch.undo()
    assert KeyRing(conf.KEYS, "").parties() == ring().parties()
    assert ring().rewrap() == first
    assert not (conf.KEYS / "master.next").exists()
    assert Canary.objects.get(owner="UA").ref == "UA-0000"


def test_a_lost_key_is_told_in_plain_words(desk):
    fill(1)
    (conf.KEYS / "UA-1.key").unlink()
    with pytest.raises(InputError, match="expected the key, or its back-up"):
        _ = Canary.objects.get(owner="UA").ref
    (conf.KEYS / "master.key").unlink()
    ring.cache_clear()
    with pytest.raises(InputError, match=r"master\.key"):
        ring()


# -------------------------------------------------------------- retention
def test_what_is_due_is_erased_by_two_persons_with_its_contents_and_keys(enter):
    fill(2)
    now = timezone.now()
    reading_note(by=viewer("humanitarian-1"), owner="UA", kind="list", row="a", at=now)
    planted = Canary.objects.filter(owner="UA").first()
    by = viewer("side-ua-1")
    about = statement_record(
        kind="list_sealed", content={"n": 1}, owner="UA", by=by, at=now, subject=f"canary:{planted.id}"
    )
    other = statement_record(kind="text_frozen", content={"n": 2}, owner="UA", by=by, at=now, subject="text:4.2")
    sequence()
    keys = ring().generations("UA")
    first, second = enter("secretariat-1"), enter("secretariat-2")
    assert post(enter("side-ua-1"), "/retention/end", ended_on="2025-01-01").status_code == 404
    assert post(first, "/retention/end", ended_on="2099-01-01").status_code == 422
    recent = (now - dt.timedelta(days=29)).date().isoformat()
    assert post(first, "/retention/end", ended_on=recent).status_code == 302
    assert post(first, "/retention/ask").status_code == 409  # kept for 30 days
    Process.objects.update(retention_days=20)
    assert "keeping.Canary" in first.get("/retention").content.decode()
    assert "UA-0000" not in first.get("/retention").content.decode()
    assert post(first, "/retention/ask").status_code == 302
    erasure = Erasure.objects.get()
    assert erasure.counts["keeping.Canary"] == 4
    assert post(first, f"/retention/{erasure.id}/approve").status_code == 409
    assert Canary.objects.count() == 4
    assert post(second, f"/retention/{erasure.id}/approve").status_code == 302
    assert work.run_one()
    assert Job.objects.get().state == "done", Job.objects.get().faults
    assert not Canary.objects.exists()
    assert not Unlock.objects.exists()
    assert not Reading.objects.exists()
    assert ring().generations("UA") != keys
    with Vault(conf.WORKSPACE / "vault") as vault:
        with pytest.raises(InputError, match="erased"):
            vault.get(about.name)
        assert vault.get(other.name)
    assert Statement.objects.filter(kind="erasure").count() == 1
    assert sequence() >= 1
    assert not retention.due(timezone.now())
    with pytest.raises(TransitionError):
        retention.erasure_ask(by=viewer("secretariat-1"), at=timezone.now())


def erased(**purpose):
    """State that a purpose ended long ago, and erase what is due."""
    now = timezone.now()
    retention.purpose_end(**purpose, ended_at=now - dt.timedelta(days=31), by=viewer("secretariat-1"), at=now)
    return retention.erase(timezone.now(), say=lambda *_: None)


def test_what_others_point_at_stays_without_its_words_and_keys_are_renewed_ever_after(enter):
    run = compared(20)
    assert erased(kind="list", row=run.left.list_id)["lists.Record"] == 20
    assert List.objects.get(id=run.left.list_id).title is None, "the run holds its version, and that its list"
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM lists_list")
        assert all(row[0] is not None for row in cursor.fetchall()), "sealed, but nothing"
    before = ring().generations("UA")
    rotation.rotate(ring().parties(), **QUIET)
    assert ring().generations("UA") == (before[-1] + 1,)
    pages = ("/", "/lists", f"/lists/{run.left.list_id}", "/pairs", f"/pairs?run={run.id}", "/releases", "/digest")
    for username in ("side-ua-1", "side-ru-1", "humanitarian-1"):
        client = enter(username)
        assert not [page for page in pages if client.get(page).status_code >= 500], username


def test_a_page_of_what_was_erased_says_so_and_today_goes_on_without_it(enter):
    given = {"owner": "UA", "code": "K-1000", "ref_blind": b"1", "pedigree": [], "at": timezone.now()}
    family = Family.objects.create(own={"ref": "UA-F-1", "names": {}, "contact": ""}, **given)
    client = enter("side-ua-1")
    assert "UA-F-1" in client.get("/remains/families").content.decode()
    retention._empty(family)
    answer = client.get("/remains/families?lang=uk")
    assert answer.status_code == 410
    assert "Це стерто" in answer.content.decode()
    assert client.get("/").status_code == 200
    assert Family.objects.get().own is None
    Family.objects.all().delete()
    Family.objects.create(own={}, **given)
    client.raise_request_exception = False
    assert client.get("/remains/families").status_code == 500, "a defect where nothing was erased stays one"


def test_an_erasure_that_was_cut_off_before_its_keys_were_dropped_is_ended_by_the_next(desk, monkeypatch):
    fill(2)
    old = raw()[0]

    def cut(*_, **__):
        raise KeyboardInterrupt

    key = Process.objects.get().id
    monkeypatch.setattr(retention, "rotate", cut)
    with pytest.raises(KeyboardInterrupt):
        erased(kind=retention.PROCESS, row=key)
    monkeypatch.undo()
    assert not Canary.objects.exists()
    assert len(ring().generations("UA")) == 2, "what was freed could still be opened"
    assert not retention.due(timezone.now())
    retention.erase(timezone.now(), say=lambda *_: None)
    assert len(ring().generations("UA")) == 1
    assert generation(old) not in ring().generations("UA")


# ------------------------------------------------- commands on a workspace
FILL = """
import django; django.setup()
from django.utils import timezone
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.services import release_approve, release_ask
from tests.desk.conftest import viewer
from tests.desk.test_keeping import fill
fill()
now, first, second = timezone.now(), viewer("side-ua-1"), viewer("side-ua-2")
asked = release_ask(owner="UA", audience="RU", kind="list", row="0" * 12, fields=("surname",), starts_at=now,
    ends_at=None, by=first, at=now)
release_approve(release=asked, by=second, at=now)
sequence()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A desk in a folder of its own, as its commands see it; made by a process of its own."""
    folder = tmp_path_factory.mktemp("keeping") / "desk"
    open_desk(folder)
    python(FILL, folder)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it for one test."""
    return Path(shutil.copytree(made, tmp_path / "desk"))


def run(*arguments, folder, code=0, text="", **more):
    command = [sys.executable, "-m", "goodoffices.cli.main", *map(str, arguments)]
    done = subprocess.run(
        command,
        env=environment(folder, GOODOFFICES_MODE="test", **more),
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_every_command_shows_an_example():
    for words in ("backup", "restore", "upgrade", "retention", "keys rotate", "keys master"):
        done = subprocess.run(
            [sys.executable, "-m", "goodoffices.cli.main", "desk", *words.split(), "--help"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert f"goodoffices desk {words}" in done.stdout


def test_a_back_up_is_restored_with_keys_and_record_or_refused(folder, tmp_path):
    identity = pyrage.x25519.Identity.generate()
    to, key = tmp_path / "to.txt", tmp_path / "key.txt"
    to.write_text(f"# the host's safe\n{identity.to_public()}\n")
    key.write_text(f"# private\n{identity}\n")
    out, again = tmp_path / "b1", tmp_path / "again"
    assert "--keys-in-clear" in run("desk", "backup", "--out", out, folder=folder, code=2)
    run("desk", "backup", "--out", out, "--recipients", to, folder=folder)
    sealed = tmp_path / "b1.keys.age"
    assert sealed.read_bytes().startswith(b"age-encryption.org/")
    names = {path.name for path in out.rglob("*")}
    assert not {"master.key", "keys.sqlite", "UA-1.key"} & names
    assert "a sealed file" in run("desk", "restore", out, "--keys", sealed, "--into", again, folder=again, code=2)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(str(pyrage.x25519.Identity.generate()))
    run("desk", "restore", out, "--keys", sealed, "--identity", wrong, "--into", again, folder=again, code=2)
    assert not again.exists()
    run("desk", "restore", out, "--keys", sealed, "--identity", key, "--into", again, folder=again)
    before, after = ({str(row) for row in _dump(place / "desk.sqlite")} for place in (out, again))
    assert before == after
    assert "nothing is due" in run("desk", "retention", folder=again)
    assert "something there" in run(
        "desk", "restore", out, "--keys", sealed, "--identity", key, "--into", again, folder=again, code=2
    )
    entry = next((out / "log").rglob("entries/*"))
    while entry.is_dir():
        entry = next(path for path in entry.rglob("*") if path.is_file())
    entry.write_bytes(entry.read_bytes().replace(b"release", b"releasf"))
    third = tmp_path / "third"
    told = run("desk", "restore", out, "--keys", sealed, "--identity", key, "--into", third, folder=third, code=1)
    assert "changed since the back-up" in told
    manifest = json.loads((out / "manifest.json").read_text())
    name = entry.relative_to(out).as_posix()
    from goodoffices.desk.keeping.backup import _sha256

    manifest["files"][name] = {"bytes": entry.stat().st_size, "sha256": _sha256(entry)}
    (out / "manifest.json").write_text(json.dumps(manifest))
    run("desk", "restore", out, "--keys", sealed, "--identity", key, "--into", third, folder=third, code=1)
    assert not third.exists()


def _dump(path):
    base = sqlite3.connect(path)
    tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    rows = [(table, row) for table in tables for row in base.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
    base.close()
    return [row for row in rows if row[0] != "sqlite_sequence"]


def test_an_older_schema_is_backed_up_changed_and_verified(folder, tmp_path):
    environ = environment(folder)
    subprocess.run([sys.executable, "-m", "django", "migrate", "keeping", "zero", "-v", "0"], env=environ, check=True)
    assert "`goodoffices desk upgrade` first" in run("desk", "recover", folder=folder, code=2)
    told = run("desk", "upgrade", "--backup", tmp_path / "b", "--keys-in-clear", folder=folder)
    assert "1 steps taken" in told
    assert (tmp_path / "b.keys.tar").stat().st_mode & 0o777 == 0o600
    assert "0 steps taken" in run("desk", "upgrade", "--backup", tmp_path / "c", "--keys-in-clear", folder=folder)


def test_keys_are_renewed_by_command_and_the_desk_still_opens(folder):
    assert "generation 2" in run("desk", "keys", "rotate", "--grace", "0", folder=folder)
    assert "new master key" in run("desk", "keys", "master", folder=folder)
    assert "UA: generation 3" in run("desk", "keys", "rotate", "--party", "UA", "--grace", "0", folder=folder)
    assert "no key" in run("desk", "keys", "rotate", "--party", "XX", "--grace", "0", folder=folder, code=2)


def test_wipe_needs_no_database_and_leaves_nothing(folder):
    base = sqlite3.connect(folder / "desk.sqlite", isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")  # somebody holds the database
    assert "another name" in run("wipe", "--workspace", folder, folder=folder, code=2, text="wrong\n")
    assert (folder / "keys/master.key").exists()
    assert "destroyed" in run("wipe", "--workspace", folder, folder=folder, text=f"{folder.name}\n")
    assert not folder.exists()
    base.close()


def test_wipe_takes_the_keys_first_and_refuses_what_is_no_desk(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="no desk"):
        wipe(tmp_path, tmp_path / "keys")
    workspace, keys = tmp_path / "w", tmp_path / "elsewhere"
    for path in (keys / "UA-1.key", workspace / "vault/keys.sqlite", workspace / "desk.sqlite", workspace / "log/a"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"secret")
    order, unlink = [], Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda self, **given: (order.append(self.name), unlink(self, **given))[1])
    wipe(workspace, keys)
    assert order[:3] == ["UA-1.key", "keys.sqlite", "desk.sqlite"]
    assert not keys.exists()
    assert not workspace.exists()


def test_the_machine_shows_how_it_runs_and_nobody(enter):
    fill(1)
    page = enter("operator").get("/machine").content.decode()
    assert "UA-0000" not in page
    assert "secret reason" not in page
    assert sqlite3.sqlite_version in page or connection.vendor != "sqlite"
    assert enter("side-ua-1").get("/machine").status_code == 404


def test_today_tells_the_operator_of_back_ups_and_the_auditor_how_much_was_read(enter):
    now = timezone.now()
    assert "There is no back-up of this desk yet" in enter("operator").get("/").content.decode()
    Backup.objects.create(at=now - dt.timedelta(days=8), bytes=1, keys="none")
    assert [one.key for one in selectors.notices(viewer("operator"), now)] == ["notice_old_backup"]
    Backup.objects.create(at=now, bytes=1, keys="none")
    assert not list(selectors.notices(viewer("operator"), now))
    reading_note(by=viewer("forensic-1"), owner="UA", kind="remains", row="item:x", at=now)
    (told,) = selectors.notices(viewer("auditor"), now)
    assert (told.key, told.values, told.at) == ("notice_reads", {"n": 1}, now)
    assert not list(selectors.notices(viewer("observer"), now))
