"""The ledger at the terminal: what officers and parties do, and what goes wrong."""

import json
import shutil

import pytest

from goodoffices.verify.__main__ import main as verify_main
from tests.cli.ledger_world import ROLES, World, call


@pytest.fixture
def world(tmp_path):
    return World(tmp_path).start()


def report(capsys, world, *more):
    capsys.readouterr()
    code = world.verify("--json", *more)
    return code, json.loads(capsys.readouterr().out)


def test_a_statement_is_in_force_only_when_all_have_signed_and_all_have_cosigned(world, capsys):
    world.state({"kind": "count", "quantity": 300}, statement="s-1")
    assert world.checkpoint() == 0
    code, found = report(capsys, world)
    assert code == 1
    assert not found["quorum_met"]
    assert found["in_force"] == 0
    world.cosign()
    for role in ROLES:
        assert world.consent("s-1", role) == 0
    assert report(capsys, world)[1]["in_force"] == 1  # the charter alone: consents wait for a head
    assert world.checkpoint() == 0
    world.cosign("A", "B")
    code, found = report(capsys, world)
    assert (code, found["in_force"], found["in_force_at_size"]) == (1, 1, 2)  # the neutral has not cosigned
    world.cosign("neutral")
    code, found = report(capsys, world)
    assert (code, found["in_force"], found["statements"]) == (0, 2, 2)


def test_the_last_head_that_met_the_quorum_still_binds(world, capsys):
    world.state({"quantity": 1}, statement="s-1")
    world.checkpoint()
    for role in ROLES:
        world.consent("s-1", role)
    world.checkpoint()
    world.cosign()
    world.state({"quantity": 2}, statement="s-2")
    world.checkpoint()
    code, found = report(capsys, world)
    assert code == 1
    assert (found["in_force"], found["in_force_at_size"], found["size"]) == (2, 5, 6)


def test_goodoffices_verify_agrees_and_a_changed_copy_fails(world, tmp_path, capsys):
    world.state({"quantity": 1}, statement="s-1")
    world.checkpoint()
    world.cosign()
    policy = tmp_path / "policy-from-paper"
    shutil.copy(world.log / "policy", policy)
    assert verify_main([str(world.log), "--policy", str(policy)]) == 0
    bundle = next((world.log / "tile" / "entries").rglob("2"))
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(data)
    assert verify_main([str(world.log)]) == 1
    assert "FAILS" in capsys.readouterr().out


def test_proof_receipt_and_growth(world, tmp_path, capsys):
    world.append(world.lines(*({"kind": "count", "statement": f"s-{n}"} for n in range(300))))
    world.checkpoint()
    world.cosign()
    old = tmp_path / "old"
    shutil.copy(world.log / "checkpoint", old)
    world.append(world.lines({"kind": "count", "statement": "t"}))
    world.checkpoint()
    world.cosign()
    proof = tmp_path / "proof.txt"
    assert world.ledger("prove", world.log, "--index", 17, "--out", proof) == 0
    assert verify_main([str(proof), "--policy", str(world.log / "policy")]) == 0
    assert verify_main([str(proof)]) == 2  # nothing to trust
    assert world.ledger("prove", world.log, "--from", 301, "--out", tmp_path / "growth.txt") == 0
    assert world.verify("--old", old) == 0
    text = proof.read_text().replace("index 17", "index 18")
    proof.write_text(text)
    assert verify_main([str(proof), "--policy", str(world.log / "policy")]) == 1
    capsys.readouterr()


def test_a_witness_elsewhere_answers_by_file(world, tmp_path):
    world.state({"quantity": 1}, statement="s-1")
    world.checkpoint()
    policy = tmp_path / "policy-from-paper"
    shutil.copy(world.log / "policy", policy)
    ask, reply = tmp_path / "request.txt", tmp_path / "answer.txt"
    assert world.ledger("request", world.log, "--out", ask, "--qr", tmp_path / "request.svg") == 0
    witness = ("--witness", "a.example/witness", "--keys", world.party["A"], "--policy", policy)
    assert world.ledger("answer", ask, *witness, "--out", reply) == 0
    assert world.ledger("cosign", world.log, "--answer", reply) == 0
    assert world.ledger("answer", ask, *witness, "--out", reply) == 1  # it has moved on: 409
    assert world.ledger("request", world.log, "--old", 2, "--out", ask) == 0
    assert world.ledger("answer", ask, *witness, "--out", reply) == 0


def test_a_witness_refuses_a_log_that_was_rolled_back(world, tmp_path, capsys):
    world.checkpoint()
    world.cosign()
    shutil.copytree(world.log, tmp_path / "back-up")
    world.state({"quantity": 1}, statement="s-1")
    world.checkpoint()
    world.cosign()
    shutil.rmtree(world.log)
    shutil.copytree(tmp_path / "back-up", world.log)
    name = ("--witness", "a.example/witness", "--keys", world.party["A"])
    assert world.ledger("cosign", world.log, *name) == 1
    assert "old size 2 is above the new size 1" in capsys.readouterr().err
    assert world.checkpoint() == 1  # the second store refuses too
    assert "rolled back" in capsys.readouterr().err


def test_a_witness_that_lost_its_state_does_not_start_anew_in_silence(world, capsys):
    world.checkpoint()
    world.cosign()
    next(world.party["A"].glob("*witness.state")).unlink()
    name = ("--witness", "a.example/witness", "--keys", world.party["A"])
    assert world.ledger("cosign", world.log, *name) == 2
    assert world.ledger("cosign", world.log, *name, "--first") == 0
    capsys.readouterr()


def test_two_histories_give_evidence_that_convicts_log_and_witness(world, tmp_path, capsys):
    fork_log, fork_keys = tmp_path / "fork", tmp_path / "fork-keys"
    world.append(world.lines(*({"kind": "count", "statement": f"s-{n}"} for n in range(4))))
    shutil.copytree(world.log, fork_log)
    shutil.copytree(world.keys, fork_keys)
    shutil.copytree(world.party["A"], tmp_path / "keys-A2")
    world.checkpoint()
    world.cosign()
    world.append(world.lines({"kind": "count", "statement": "more"}))
    pending = world.lines({"kind": "count", "statement": "instead"}, {"kind": "count", "statement": "and"})
    assert world.ledger("append", fork_log, "--entries", pending) == 0
    assert world.ledger("checkpoint", fork_log, "--keys", fork_keys) == 0
    assert world.ledger("cosign", fork_log, "--witness", "a.example/witness", "--keys", tmp_path / "keys-A2") == 0
    out = tmp_path / "evidence.json"
    assert world.ledger("evidence", world.log / "checkpoint", fork_log / "checkpoint", "--out", out) == 1  # a prefix
    world.checkpoint()
    world.cosign("A")
    capsys.readouterr()
    assert world.ledger("evidence", world.log / "checkpoint", fork_log / "checkpoint", "--out", out) == 0
    assert "a.example/witness has cosigned both" in capsys.readouterr().out
    assert verify_main([str(out), "--policy", str(world.log / "policy")]) == 0
    assert verify_main([str(out)]) == 2
    capsys.readouterr()


def test_erasing_keeps_every_proof(world, tmp_path, capsys):
    world.state({"person": "somebody"}, statement="s-1")
    world.checkpoint()
    proof = tmp_path / "proof.txt"
    world.cosign()
    world.ledger("prove", world.log, "--index", 1, "--out", proof)
    assert world.ledger(
        "erase", world.log, "--index", 1, "--statement", "s-1", "--ground", "Art. 17", "--vault", world.vault
    ) == 0  # fmt: skip
    world.checkpoint()
    world.cosign()
    assert world.verify() == 0
    assert verify_main([str(proof), "--policy", str(world.log / "policy")]) == 0
    assert b"somebody" not in b"".join(path.read_bytes() for path in world.vault.iterdir())
    capsys.readouterr()


def test_a_key_that_is_gone_is_replaced_by_the_written_way_out(world, tmp_path, capsys):
    world.checkpoint()
    world.cosign()
    for path in world.party["A"].iterdir():
        path.unlink()
    for kind in ("witness", "statement"):
        world.ledger("keygen", f"a.example/{kind}", "--kind", kind, "--keys", world.party["A"], "--no-passphrase")
    text = (world.log / "policy").read_text().split("\n")
    from goodoffices.engines.ledger.policy import with_checksum

    changed = [
        f"witness a.example/witness {world.vkey('A', 'witness')}" if "witness a.ex" in line else line for line in text
    ]
    changed = [line for line in changed if line and not line.startswith("#")]
    # the name of the witness in the policy is the name of its key
    policy = tmp_path / "policy-2"
    policy.write_text(with_checksum("\n".join(changed) + "\n"))
    out = tmp_path / "charter-1.jsonl"
    asked = ("--role", f"A={world.vkey('A', 'statement')}", "--policy", policy, "--out", out)
    assert world.ledger("charter", world.log, "--statement", "charter-1", *asked) == 0
    world.append(out)
    world.checkpoint()
    for role in ("B", "neutral"):
        assert world.consent("charter-1", role, vault=False) == 0
    assert world.checkpoint() == 0
    world.cosign()
    code, found = report(capsys, world)
    assert code == 0, found
    assert [charter["from"] for charter in found["charters"]] == [0, 3]
    world.state({"quantity": 1}, statement="s-1")
    world.checkpoint()
    assert world.consent("s-1", "A") == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"kind": "count"}', "canonical"),
        (b'{"kind":"Count"}', "kind"),
        (b'{"a":1.5,"kind":"count"}', "canonical JSON"),
        (b"not json", "canonical JSON"),
        (b'{"commitment":"ab","kind":"count"}', "64 hex digits"),
        (b'{"kind":"count","x":"' + b"y" * 65_536 + b'"}', "65535"),
        (b"\xff\xfe", "canonical JSON"),
        (b"[" * 5000, "canonical JSON"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_stored(world, tmp_path, capsys, line, said):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"kind":"count"}\n' + line + b"\n")
    assert world.ledger("append", world.log, "--entries", path) == 2
    error = capsys.readouterr().err
    assert "line 2" in error
    assert said in error
    assert world.checkpoint() == 0
    assert "size 1\n" in capsys.readouterr().out


def test_keys_inside_the_log_are_refused(world, tmp_path, capsys):
    assert world.ledger("checkpoint", world.log, "--keys", world.log / "keys") == 2
    assert world.ledger("init", tmp_path / "n", "--origin", "x", "--keys", tmp_path / "n" / "k", "--no-passphrase") == 2
    assert "outside" in capsys.readouterr().err
    assert not (tmp_path / "n").exists()


def test_a_wrapped_key_needs_its_passphrase(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GOODOFFICES_PASSPHRASE", "correct")
    log, keys = tmp_path / "log", tmp_path / "keys"
    assert call("ledger", "init", log, "--origin", "x", "--keys", keys) == 0
    text = next(keys.glob("*.key")).read_text()
    assert '"iterations":600000' in text
    assert "seed" not in text
    monkeypatch.setenv("GOODOFFICES_PASSPHRASE", "wrong")
    path = tmp_path / "e"
    path.write_bytes(b'{"kind":"count"}\n')
    assert call("ledger", "append", log, "--entries", path) == 0
    assert call("ledger", "checkpoint", log, "--keys", keys) == 2
    assert "passphrase" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "nowhere"),
        ("append", "nowhere", "--entries", "x"),
        ("checkpoint", "nowhere", "--keys", "k"),
        ("prove", "nowhere", "--index", "0", "--out", "x"),
        ("cosign", "nowhere", "--witness", "w", "--keys", "k"),
        ("evidence", "nowhere", "neither", "--out", "x"),
        ("keygen", "two words", "--kind", "log", "--keys", "k", "--no-passphrase"),
        ("keygen", "a+b", "--kind", "log", "--keys", "k", "--no-passphrase"),
        ("init", "new", "--origin", "a b", "--keys", "k", "--no-passphrase"),
        ("init", "new", "--origin", "a", "--keys", "k", "--witness", "w", "--quorum", "2", "--no-passphrase"),
    ],
)
def test_bad_usage_is_exit_2_with_one_line_and_nothing_made(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert call("ledger", *arguments) == 2
    assert "error: " in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_sign_refuses_a_content_that_is_not_the_committed_one(world, tmp_path, capsys):
    world.state({"quantity": 300}, statement="s-1")
    world.checkpoint()
    ask = tmp_path / "ask.json"
    world.ledger("ask", world.log, "--statement", "s-1", "--role", "A", "--vault", world.vault, "--out", ask)
    ask.write_text(ask.read_text().replace('"quantity":300', '"quantity":30'))
    assert call("sign", ask, "--key", world.key("A", "statement"), "--out", tmp_path / "c", "--yes") == 1
    assert "not what the entry commits to" in capsys.readouterr().err
    assert call("sign", ask, "--key", world.key("A", "witness"), "--out", tmp_path / "c", "--yes") == 2
    assert not (tmp_path / "c").exists()


def test_a_role_cannot_sign_with_another_roles_key(world, tmp_path, capsys):
    world.state({"quantity": 300}, statement="s-1")
    world.checkpoint()
    ask = tmp_path / "ask.json"
    world.ledger("ask", world.log, "--statement", "s-1", "--role", "A", "--vault", world.vault, "--out", ask)
    assert call("sign", ask, "--key", world.key("B", "statement"), "--out", tmp_path / "c", "--yes") == 1
    assert "not the key of A" in capsys.readouterr().err
