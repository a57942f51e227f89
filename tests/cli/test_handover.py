"""goodoffices handover at a terminal: manifest, page, read, merge, status; what it says and how it ends."""

import json

import pytest

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.handover import Say
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import COSIGNATURE, SigningKey
from goodoffices.formats.day import day_bytes, read_day
from goodoffices.formats.parts import parts_of
from goodoffices.store.example import example_process
from tests.cli.ledger_world import call
from tests.flow.handover.making import KEYS, STRANGER, Device, full_day, made_day

DAY = made_day(3)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "DAY.json").write_bytes(day_bytes(DAY))
    for device in full_day(DAY):
        (tmp_path / f"{device.role}.statements").write_bytes(device.file())
    return tmp_path


def files(place):
    return [place / f"{role}.statements" for role in Role]


def merge(place, *more):
    return call("handover", "merge", *more, "--day", place / "DAY.json", "--out", place / "STATE.json")


def state(place):
    return json.loads((place / "STATE.json").read_text())


def test_a_manifest_is_written_from_numbers_and_a_page_from_it(tmp_path, capsys):
    (tmp_path / "n.txt").write_text("A-0192 S77\nA-0193\n")
    keys = [part for role in Role for part in ("--key", f"{role}={KEYS[role].vkey}")]
    common = ("--transfer", "T1", "--from", "A", "--to", "B", "--neutral", "N", "--place", "c1", *keys)
    more = ("--unit", "container", "--starts", "2025-07-24T10:00+03:00", "--out", tmp_path / "DAY.json")
    assert call("handover", "manifest", tmp_path / "n.txt", *common, *more) == 0
    day = read_day((tmp_path / "DAY.json").read_bytes(), "DAY.json")
    assert day.hash in capsys.readouterr().out
    assert [item.seal for item in day.items] == ["S77", None]
    out = tmp_path / "page.html"
    assert call("handover", "page", tmp_path / "DAY.json", "--role", "neutral", "--out", out) == 0
    assert sha256_hex(out.read_bytes()) in capsys.readouterr().out
    assert call("handover", "manifest", tmp_path / "n.txt", *common, *more, "--category", "child") == 2
    assert "their own process" in capsys.readouterr().err
    assert call("handover", "manifest", tmp_path / "n.txt", *common, *more, "--key", "chair=x") == 2
    witness = SigningKey.from_seed("w.example", COSIGNATURE, seed=bytes(32)).vkey
    assert call("handover", "manifest", tmp_path / "n.txt", *common, *more, "--key", f"giver={witness}") == 2


def test_a_page_for_a_role_without_a_key_is_refused(tmp_path, capsys):
    (tmp_path / "DAY.json").write_bytes(day_bytes(made_day(1, neutral=None)))
    assert call("handover", "page", tmp_path / "DAY.json", "--role", "neutral", "--out", tmp_path / "p.html") == 2
    assert "no key of the neutral" in capsys.readouterr().err
    assert not (tmp_path / "p.html").exists()


def test_files_are_read_and_each_that_is_not_taken_says_why_in_the_readers_language(place, capsys):
    assert call("handover", "read", *files(place), "--day", place / "DAY.json") == 0
    assert capsys.readouterr().out.count("6 statements taken") == 3
    bad = place / "giver.statements"
    bad.write_bytes(bad.read_bytes().replace(b'"item":"2"', b'"item":"3"', 1))
    assert call("handover", "read", bad, "--day", place / "DAY.json", "--language", "uk") == 1
    said = capsys.readouterr().out
    assert "рядок 7: цей рядок змінено" in said
    assert "підпис giver.example неправильний" in said
    assert call("handover", "read", bad, "--day", place / "DAY.json", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found[0]["problems"]] == ["altered", "signature"]
    assert found[0]["statements"] == 0


def test_a_merge_is_the_same_in_any_order_and_ends_in_assertions(place, capsys):
    assert merge(place, *files(place)) == 0
    first = (place / "STATE.json").read_bytes()
    assert merge(place, *reversed(files(place)), files(place)[0]) == 0
    assert (place / "STATE.json").read_bytes() == first
    found = state(place)
    assert found["state"] == "handed_over"
    assert [(a["organ"], a["quantity"], a["standing"]) for a in found["assertions"]] == [
        (role.value, 3, "attested") for role in Role
    ]
    assert "Giver attests 3" in capsys.readouterr().out


def test_a_merge_keeps_what_it_can_names_what_it_cannot_and_says_conflicts(place, capsys):
    second = Device(DAY, Role.NEUTRAL, 44)
    second.say(Say.MISSING, "2")
    (place / "second.statements").write_bytes(second.file())
    stranger = Device(DAY, Role.GIVER, 45, key=STRANGER)
    stranger.say(Say.COUNTED, "1")
    (place / "stranger.statements").write_bytes(stranger.file())
    assert merge(place, *files(place), place / "second.statements", place / "stranger.statements") == 1
    said = capsys.readouterr().out
    assert "stranger.example, a key that the manifest does not name" in said
    assert "number 2: its devices differ (Counted, Missing)" in said
    found = state(place)
    assert len(found["statements"]) == 19
    assert [one["organ"] for one in found["assertions"]] == ["giver", "receiver"]
    assert found["missing"][0]["conflicts"] == 1


def test_a_revoked_key_is_marked_and_what_was_logged_before_counts(place, capsys):
    key = str(KEYS[Role.GIVER].vkey)
    assert merge(place, *files(place), "--revoked", key) == 0
    assert "whose mandate had ended" in capsys.readouterr().out
    assert [a["organ"] for a in state(place)["assertions"]] == ["receiver", "neutral"]
    assert len(state(place)["statements"]) == 18
    assert merge(place, *files(place), "--revoked", key, "--logged", files(place)[0]) == 0
    assert len(state(place)["assertions"]) == 3


def test_the_process_says_whether_the_transfer_was_set(place, capsys):
    process = json.loads(example_process())
    (place / "P.json").write_text(json.dumps(process))
    assert merge(place, *files(place), "--process", place / "P.json") == 2
    assert "no transfer x1-leg-1" in capsys.readouterr().err
    process["transfers"][0]["id"] = DAY.transfer
    (place / "P.json").write_text(json.dumps(process))
    assert merge(place, *files(place), "--process", place / "P.json") == 0
    assert (state(place)["state"], state(place)["one_sided"]) == ("conditions", ["giver", "receiver"])


def test_the_status_says_in_one_sentence_why_a_transfer_is_not_set(capsys):
    assert call("handover", "status") == 1
    said = capsys.readouterr().out
    assert "Not set: list, date, place: accepted by one side only." in said
    assert "nobody is late" in said
    assert call("handover", "status", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["T-2025-06-06"]["why"] == [["one_side", ["list", "date", "place"]]]


def test_bad_input_is_exit_2_with_one_line_a_fault(place, capsys):
    (place / "DAY.json").write_text("{}")
    assert call("handover", "read", files(place)[0], "--day", place / "DAY.json") == 2
    assert call("handover", "read", files(place)[0], "--day", place / "none.json") == 2
    assert call("handover", "read", place / "none", "--day", place / "none.json") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_goes_on_paper_as_codes_and_comes_back_by_join(place, capsys):
    pdf, file = place / "CODES.pdf", place / "giver.statements"
    assert call("handover", "codes", file, "--day", place / "DAY.json", "--out", pdf) == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    lines = [*parts_of(file.read_bytes()), *parts_of((place / "neutral.statements").read_bytes())]
    (place / "scanned.txt").write_text("\n".join(reversed(lines)))
    assert call("handover", "join", place / "scanned.txt", "--out", place / "joined") == 0
    found = {one.read_bytes() for one in (place / "joined").iterdir()}
    assert found == {file.read_bytes(), (place / "neutral.statements").read_bytes()}
    more = made_day(200, transfer="x2")
    long = parts_of(full_day(more)[0].file())
    (place / "scanned.txt").write_text("".join(long[1:]))
    capsys.readouterr()
    assert call("handover", "join", place / "scanned.txt", "--out", place / "joined") == 1
    assert f"missing parts 1 of {len(long)}" in capsys.readouterr().out
    (place / "scanned.txt").write_text("nothing")
    assert call("handover", "join", place / "scanned.txt", "--out", place / "joined") == 2
    file.write_bytes(file.read_bytes().replace(b"counted", b"missing"))
    assert call("handover", "codes", file, "--day", place / "DAY.json", "--out", pdf) == 2
