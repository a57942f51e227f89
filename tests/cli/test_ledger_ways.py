"""Other ways of the same acts: paper, HTTP, an agent that holds the key."""

import os
import shutil
import subprocess
import threading

import pytest

from goodoffices.cli.ledger.http import witness_server
from goodoffices.engines.ledger.note import COSIGNATURE, ED25519, VerifierKey, check_signature, cosign, sign_note
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.witness import Witness
from goodoffices.store.agent import AgentKey
from goodoffices.store.keys import read_key
from goodoffices.verify.__main__ import main as verify_main
from tests.cli.ledger_world import World

PDFTOPPM = shutil.which("pdftoppm")
AGENT = shutil.which("ssh-agent")


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path).start()
    world.append(world.lines(*({"kind": "count", "statement": f"n-{n}"} for n in range(600))))
    world.state({"quantity": 1200, "place": "crossing c1"}, statement="s-1", kind="custody_step")
    assert world.checkpoint() == 0
    return world


@pytest.mark.skipif(PDFTOPPM is None, reason="no pdftoppm (poppler-utils): no printed receipt was scanned back")
@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_a_printed_receipt_is_scanned_back_and_checked(world, tmp_path, language, capsys):
    import zxingcpp
    from PIL import Image

    world.cosign()
    paper = tmp_path / "receipt.pdf"
    asked = ("--index", 601, "--vault", world.vault, "--language", language, "--out", paper)
    assert world.ledger("receipt", world.log, *asked) == 0
    subprocess.run([PDFTOPPM, "-r", "200", "-png", "-gray", paper, tmp_path / "page"], check=True)
    (page,) = tmp_path.glob("page*.png")  # one page
    (code,) = zxingcpp.read_barcodes(Image.open(page))
    proof = tmp_path / "scanned.txt"
    proof.write_bytes(code.bytes)
    assert verify_main([str(proof), "--policy", str(world.log / "policy")]) == 0
    assert '"statement":"s-1"' in capsys.readouterr().out
    assert world.ledger("prove", world.log, "--index", 601, "--out", tmp_path / "proof.txt") == 0
    assert proof.read_bytes() == (tmp_path / "proof.txt").read_bytes()


def test_a_witness_answers_over_http(world, tmp_path, capsys):
    policy = parse_policy((world.log / "policy").read_text())
    seen = {}

    def reply(body):
        key = read_key(world.key("B", "witness")).open()
        answer = Witness(key, {policy.logs[0].name: tuple(policy.logs)}, seen).answer(body, time=1_753_257_600)
        if answer.seen is not None:
            seen[answer.seen.origin] = answer.seen
        return answer

    with witness_server("127.0.0.1:0", reply) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url, out = f"http://127.0.0.1:{server.server_port}/add-checkpoint", tmp_path / "answer.txt"
        assert world.ledger("request", world.log, "--url", url, "--out", out) == 0
        assert world.ledger("cosign", world.log, "--answer", out) == 0
        world.append(world.lines({"kind": "count", "statement": "later"}))
        world.checkpoint()
        # The log does not know what the witness saw: it is told (409) and asks again.
        assert world.ledger("request", world.log, "--url", url, "--out", out) == 0
        assert world.ledger("cosign", world.log, "--answer", out) == 0
        assert world.ledger("request", world.log, "--url", url.replace("add", "sub"), "--out", out) == 1
        server.shutdown()
    assert world.ledger("request", world.log, "--url", "ftp://x", "--out", out) == 2
    assert world.ledger("request", world.log, "--url", "http://127.0.0.1:1/add-checkpoint", "--out", out) == 2
    capsys.readouterr()


@pytest.mark.skipif(AGENT is None, reason="no ssh-agent: its signatures were not tried")
def test_ssh_agent_signs_notes_and_cosignatures(tmp_path, monkeypatch):
    socket = tmp_path / "s"
    with subprocess.Popen([AGENT, "-D", "-a", socket], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as agent:
        agent.stdout.readline()  # it says where it listens, once it does
        try:
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            key = tmp_path / "key"
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
            subprocess.run(["ssh-add", "-q", key], check=True, env=os.environ, stderr=subprocess.DEVNULL)
            import base64

            public = base64.b64decode(key.with_suffix(".pub").read_text().split()[1])[-32:]
            for kind, sign in ((ED25519, sign_note), (COSIGNATURE, lambda text, by: cosign(text, by, time=5))):
                vkey = VerifierKey("a.example", kind, public)
                check_signature("text\n", sign("text\n", AgentKey(vkey)), vkey)
            from goodoffices.domain.errors import InputError

            with pytest.raises(InputError, match="no signature"):
                AgentKey(VerifierKey("a.example", ED25519, bytes(32))).sign(b"x")
        finally:
            agent.terminate()


def test_without_an_agent_signing_is_a_clear_error(monkeypatch):
    from goodoffices.domain.errors import InputError

    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(InputError, match="a running agent"):
        AgentKey(VerifierKey("a.example", ED25519, bytes(32))).sign(b"x")


def test_the_whole_desk_cannot_sign_for_a_side(world, tmp_path):
    """With the log, its keys, its vault and every request, there is no consent that the charter accepts."""
    from goodoffices.engines.ledger.note import SigningKey, parse_note
    from goodoffices.engines.ledger.request import SignRequest

    world.cosign()
    ask = tmp_path / "ask.json"
    given = ("--statement", "s-1", "--role", "A", "--vault", world.vault, "--out", ask)
    assert world.ledger("ask", world.log, *given) == 0
    request = SignRequest.parse(ask.read_bytes())
    desk_key = read_key(next(world.keys.glob("*.key"))).open()
    forged = SigningKey.from_seed(request.charter.keys["A"].name, 1, seed=desk_key.seed)
    note = parse_note(f"{request.text()}\n{sign_note(request.text(), forged).line()}".encode())
    from goodoffices.engines.ledger.entry import consent_entry

    path = tmp_path / "forged.json"
    path.write_bytes(consent_entry("s-1", "A", note=bytes(note).decode()) + b"\n")
    world.append(path)
    world.checkpoint()
    world.cosign()
    from goodoffices.engines.ledger.log import check_log
    from goodoffices.store.tiles import LogFolder

    folder = LogFolder(world.log)
    verdict = check_log(folder.read, folder.names())
    found = next(one for one in verdict.standings(folder.read) if one.statement == "s-1")
    assert found.signed == ()
    assert any("602" in text for text in verdict.warnings)
