"""A real desk is opened by a command: all of it or nothing; and no command makes a desk of a name mistyped."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from goodoffices.cli import desk_open
from goodoffices.desk.access import Role
from goodoffices.desk.founding import desk_found
from goodoffices.desk.ledger.services import log_folder, sequence
from goodoffices.desk.parties.members import invitation_accept, invitation_open
from goodoffices.desk.parties.models import Party, Process, User
from goodoffices.desk.results.models import Assertion
from goodoffices.domain.errors import InputError
from goodoffices.store.example import example_process
from goodoffices.store.keys import Keys
from tests.desk.serving import environment

MUST = ("DESK", "RU", "UA")


@pytest.fixture
def empty(db, workspace):
    return workspace


@pytest.fixture
def keys(tmp_path):
    """Public keys as the parties hand them over."""
    made = Keys(tmp_path / "elsewhere")
    made.path.mkdir()
    return {
        kind: {code: made.make(f"{code.lower()}.example/{kind}", kind, passphrase=None).vkey for code in MUST}
        for kind in ("witness", "statement")
    }


def found(keys, **more):
    desk = Party(code="DESK", name="The desk", kind="neutral", zone=more.pop("zone", "Europe/Istanbul"))
    given = {"document": example_process(), "desk": desk, "origin": "desk.example/log", "at": timezone.now()}
    given |= {"witnesses": keys["witness"], "statements": keys["statement"]} | more
    return desk_found(**given)


def test_the_command_opens_a_desk_whose_first_member_comes_in(empty, keys, tmp_path):
    file = tmp_path / "process.json"
    file.write_bytes(example_process())
    given = [f"--{kind}={code}={key}" for kind, parties in keys.items() for code, key in parties.items()]
    arguments = [str(file), "--zone", "Europe/Istanbul", "--origin", "desk.example/log", *given, "--two-reviewers"]
    told = CliRunner().invoke(desk_open.open_, arguments, catch_exceptions=False)
    assert "no members yet" in told.output
    opened = Process.objects.get()
    assert (opened.two_reviewers, opened.retention_days, opened.desk_id) == (True, 30, "DESK")
    assert not User.objects.exists()
    assert Assertion.objects.exists()
    assert Client().get("/results").status_code == 200
    assert Client().get("/record").status_code == 200
    now = timezone.now()
    for code, role in (("DESK", Role.SECRETARIAT), ("UA", Role.SIDE)):
        row, _ = invitation_open(party=Party.objects.get(code=code), role=role, at=now)
        user = invitation_accept(
            invitation=row, username=f"first-{code.lower()}", password=None, language="en", zone="UTC", at=now
        )  # fmt: skip
        assert (user.party_id, user.role) == (code, role)
    assert sequence() > 0, "what was done stands in the record"
    assert not list((empty / "party-keys").glob("*")), "the parties' keys are the parties'"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda k: {"witnesses": {"UA": k["witness"]["UA"]}}, ["no key of DESK", "no key of RU"]),
        (lambda k: {"statements": k["witness"]}, ["another kind"] * 3 + ["one key twice"]),
        (lambda k: {"statements": k["statement"] | {"TR": k["statement"]["UA"]}}, ["TR", "one key twice"]),
        (lambda k: {"zone": "Nowhere/City"}, ["Nowhere/City"]),
        (lambda k: {"document": b"{}"}, ["no such field"]),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_once_and_nothing_is_made(empty, keys, change, expected):
    with pytest.raises(InputError) as caught:
        found(keys, **change(keys))
    said = [str(fault) for fault in caught.value.faults]
    assert all(any(words in fault for fault in said) for words in expected), said
    assert not Process.objects.exists()
    assert not Party.objects.exists()
    assert not log_folder().path.exists()


def test_a_desk_is_opened_once(empty, keys):
    found(keys)
    with pytest.raises(InputError, match="one desk, one process"):
        found(keys)
    assert Process.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [
        ["desk", "backup", "--out", "b", "--keys-in-clear"],
        ["desk", "upgrade", "--backup", "b", "--keys-in-clear"],
        ["desk", "keys", "rotate"],
        ["desk", "retention"],
        ["worker", "--once"],
    ],
)
def test_a_name_mistyped_is_no_desk_and_becomes_none(tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-m", "goodoffices.cli.main", *words, "--workspace", "mistyped"],
        cwd=tmp_path,
        env=environment(tmp_path / "none"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "mistyped: found no desk" in done.stderr
    assert not list(tmp_path.iterdir()), "no folder, no empty desk, no back-up of nothing"
