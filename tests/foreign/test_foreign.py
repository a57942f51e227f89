"""Verifiers that nobody here wrote accept our logs and refuse what was tampered with."""

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint, with_signature
from goodoffices.engines.ledger.log import check_log
from goodoffices.engines.ledger.note import SigningKey, b64, cosign
from goodoffices.engines.ledger.policy import write_policy
from goodoffices.engines.ledger.proof import consistency, inclusion
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import TileHashes, TileWriter
from goodoffices.engines.ledger.tree import Frontier, grow, leaf_hash, stored_index
from goodoffices.store.tiles import LogFolder

HERE = Path(__file__).parent
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
GO = shutil.which("go")
needs_go = pytest.mark.skipif(
    GO is None or not LIBRARY.is_dir(), reason="no Go or golang-golang-x-mod-dev: the foreign verifier was not run"
)
ORIGIN = "goodoffices.example/ledger"
LOG = SigningKey.from_seed(ORIGIN, 1, seed=bytes(32))
WITNESSES = [
    SigningKey.from_seed(f"{name}.example/witness", 4, seed=bytes([n]) * 32) for n, name in enumerate("abn", 1)
]


@pytest.fixture(scope="session")
def verifier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    paths = {"GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"), "HOME": str(folder)}
    subprocess.run(
        [GO, "build", "-o", str(folder / "verifier"), str(HERE / "main.go")],
        check=True,
        env=os.environ | paths | {"GO111MODULE": "off", "GOPROXY": "off", "GOFLAGS": ""},
    )
    return folder / "verifier"


@functools.cache
def log_of(size):
    """The files of a log with this many entries, cosigned by three."""
    files = {}
    writer = TileWriter.resume(files.get, 0)
    entries = [b'{"kind":"count","statement":"s-%d"}' % number for number in range(size)]
    files |= dict(writer.add(entries)) | dict(writer.partials())
    note = sign_checkpoint(Checkpoint(ORIGIN, size, writer.root()), LOG)
    for number, witness in enumerate(WITNESSES):
        note = with_signature(note, cosign(note.text, witness, time=1_753_257_600 + number))
    files["checkpoint"] = bytes(note)
    files["policy"] = write_policy(LOG.vkey, {key.vkey.name: key.vkey for key in WITNESSES}).encode()
    return files


def written(files, folder):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def go(verifier, folder, least=0):
    keys = [str(key.vkey) for key in WITNESSES]
    return subprocess.run(
        [verifier, "log", folder, str(LOG.vkey), str(least), "3", *keys], capture_output=True, text=True, check=False
    )


@needs_go
@pytest.mark.parametrize("size", [1, 255, 256, 257, 70_000])
def test_the_go_verifier_accepts(verifier, tmp_path, size):
    done = go(verifier, written(log_of(size), tmp_path))
    assert (done.returncode, done.stdout) == (0, f"accepted: {size} entries, 3 cosignatures\n")
    folder = LogFolder(tmp_path)
    assert check_log(folder.read, folder.names()).failures == []


def flipped(name, place):
    def change(files):
        data = bytearray(files[name])
        data[place] ^= 1
        return files | {name: bytes(data)}

    return change


def replaced(old, new):
    def change(files):
        data = files["checkpoint"]
        assert old in data
        return files | {"checkpoint": data.replace(old, new)}

    return change


def without_a_witness(files):
    lines = files["checkpoint"].decode().split("\n")
    return files | {"checkpoint": "\n".join(line for line in lines if "b.example" not in line).encode()}


def with_another_time(files):
    lines = files["checkpoint"].decode().split("\n")
    head, _, body = lines[-2].rpartition(" ")
    import base64

    blob = bytearray(base64.b64decode(body))
    blob[11] ^= 1
    return files | {"checkpoint": "\n".join([*lines[:-2], f"{head} {b64(bytes(blob))}", ""]).encode()}


TAMPERINGS = {
    "bundle": flipped("tile/entries/000", 100),
    "level 0": flipped("tile/0/001.p/1", 5),
    "level 1": flipped("tile/1/000.p/1", 7),
    "size": replaced(b"\n257\n", b"\n256\n"),
    "witness missing": without_a_witness,
    "time of a cosignature": with_another_time,
    "old head": lambda files: files | log_of(255),
}


@needs_go
@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_go_verifier_and_ours_refuse(verifier, tmp_path, name):
    folder = LogFolder(written(TAMPERINGS[name](log_of(257)), tmp_path))
    done = go(verifier, tmp_path, least=257)
    assert done.returncode == 1, done.stdout
    assert "refused" in done.stdout
    assert not check_log(folder.read, folder.names(), old=log_of(257)["checkpoint"]).is_good


def proofs_of(size, count):
    files = log_of(size)
    fetch = TileHashes(files.get, size)
    root = root_at(size, fetch=fetch).hex()
    for turn in range(count):
        place = turn * 7919 % size
        leaf = leaf_hash(b'{"kind":"count","statement":"s-%d"}' % place).hex()
        yield {"Kind": "inclusion", "Index": place, "Size": size, "Leaf": leaf, "Root": root,
               "Proof": [found.hex() for found in inclusion(place, size, fetch=fetch)]}  # fmt: skip
        old = root_at(place + 1, fetch=fetch).hex()
        yield {"Kind": "consistency", "Index": place + 1, "Size": size, "Leaf": old, "Root": root,
               "Proof": [found.hex() for found in consistency(place + 1, size, fetch=fetch)]}  # fmt: skip


def run_proofs(verifier, proofs):
    lines = "".join(json.dumps(proof) + "\n" for proof in proofs)
    return subprocess.run([verifier, "proofs"], input=lines, capture_output=True, text=True, check=False)


@needs_go
@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 70_000])
def test_the_go_verifier_accepts_our_proofs_and_refuses_a_changed_hash(verifier, size):
    proofs = list(proofs_of(size, 20))
    assert run_proofs(verifier, proofs).stdout == "accepted: 40 proofs\n"
    changed = next((proof for proof in proofs if proof["Proof"]), None)
    if changed is not None:
        changed["Proof"][-1] = "00" * 32
        assert run_proofs(verifier, [changed]).returncode == 1


@needs_go
def test_all_proofs_up_to_300_entries_equal_those_of_the_go_module(verifier):
    most = 300
    done = subprocess.run([verifier, "digest", str(most)], capture_output=True, text=True, check=True)
    frontier, nodes, digest = Frontier(), [], hashlib.sha256()

    def fetch(asked):
        return [nodes[stored_index(level, number)] for level, number in asked]

    for size in range(1, most + 1):
        frontier, new = grow(frontier, [leaf_hash(str(size - 1).encode())])
        nodes += new
        for old in range(1, size + 1):
            digest.update(b"".join(inclusion(old - 1, size, fetch=fetch)))
            digest.update(b"".join(consistency(old, size, fetch=fetch)))
    assert digest.hexdigest() == done.stdout.strip()


@pytest.fixture(scope="session")
def aics(tmp_path_factory):
    """aics-tlog in an environment of its own; cryptography comes from ours."""
    folder = tmp_path_factory.mktemp("aics")
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, check=False)
    asked = ["-m", "pip", "install", "-q", "--no-deps", "--ignore-requires-python", "aics-tlog==0.2.1"]
    python = folder / "bin" / "python"
    done = subprocess.run([python, *asked], capture_output=True, check=False) if made.returncode == 0 else made
    if done.returncode:
        pytest.skip("aics-tlog could not be installed: that foreign verifier was not run")
    return next((folder / "lib").glob("python*/site-packages"))


def run_aics(site, folder, least=0):
    keys = [str(key.vkey) for key in WITNESSES]
    return subprocess.run(
        [sys.executable, str(HERE / "aics_check.py"), folder, str(LOG.vkey), str(least), "3", *keys],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 255, 256, 257, 70_000])
def test_aics_tlog_accepts(aics, tmp_path, size):
    done = run_aics(aics, written(log_of(size), tmp_path))
    assert (done.returncode, done.stdout) == (0, f"accepted: {size} entries\n"), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", TAMPERINGS)
def test_aics_tlog_refuses(aics, tmp_path, name):
    done = run_aics(aics, written(TAMPERINGS[name](log_of(257)), tmp_path), least=257)
    assert done.returncode != 0
    assert "accepted" not in done.stdout
    assert "refused" in done.stderr, done.stderr
