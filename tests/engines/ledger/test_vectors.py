"""Every vector, byte for byte."""

import hashlib

import pytest

from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, read_head, sign_checkpoint, with_signature
from goodoffices.engines.ledger.entry import commit, parse_entry, statement_entry
from goodoffices.engines.ledger.note import SigningKey, VerifierKey, cosign, open_note, sign_note
from goodoffices.engines.ledger.policy import parse_policy
from goodoffices.engines.ledger.proof import consistency, inclusion, root
from goodoffices.engines.ledger.receipt import Receipt, check_receipt
from goodoffices.engines.ledger.tiles import TileHashes, TileWriter, bundle, layout, levels, tile_path, unbundle
from goodoffices.engines.ledger.tree import leaf_hash, root_of
from goodoffices.engines.ledger.verify import check_consistency, check_inclusion
from goodoffices.engines.ledger.witness import Request, Witness
from tests.engines.ledger.vectors import key, raw, vectors


def hashes(found):
    return [bytes.fromhex(text) for text in found]


def entries():
    return [bytes.fromhex(text) for text in vectors()["tree"]["entries_hex"]]


def written(things, starts=()):
    """A log in memory, written in one or several goes."""
    files, size = {}, 0
    for stop in [*starts, len(things)]:
        writer = TileWriter.resume(files.get, size)
        files |= dict(writer.add(things[size:stop])) | dict(writer.partials())
        size = stop
    return files, writer.root()


def test_leaves_and_roots():
    tree = vectors()["tree"]
    assert [leaf_hash(entry).hex() for entry in entries()] == tree["leaf_hashes_hex"]
    for size, expected in enumerate(tree["roots_hex"]):
        assert root_of([leaf_hash(entry) for entry in entries()[:size]]).hex() == expected
        assert written(entries()[:size])[1].hex() == expected


@pytest.mark.parametrize("case", vectors()["inclusion"], ids=lambda case: f"{case['index']} in {case['size']}")
def test_inclusion_proofs(case):
    index, size = case["index"], case["size"]
    files, found_root = written(entries()[:size])
    found = inclusion(index, size, fetch=TileHashes(files.get, size))
    assert list(found) == hashes(case["proof_hex"])
    check_inclusion(leaf_hash(entries()[index]), index, size=size, proof=found, root=found_root)


@pytest.mark.parametrize("case", vectors()["consistency"], ids=lambda case: f"{case['old_size']} to {case['size']}")
def test_consistency_proofs(case):
    old, size = case["old_size"], case["size"]
    files, found_root = written(entries()[:size])
    fetch = TileHashes(files.get, size)
    found = consistency(old, size, fetch=fetch)
    assert list(found) == hashes(case["proof_hex"])
    check_consistency((old, root(old, fetch=fetch)), (size, found_root), proof=found)


def test_keys():
    for found in vectors()["keys"]["keys"]:
        made = SigningKey.from_seed(found["name"], int(found["type"], 16), seed=bytes.fromhex(found["seed_hex"]))
        assert (made.vkey.public.hex(), made.vkey.key_id.hex()) == (found["public_hex"], found["key_id_hex"])
        assert str(made.vkey) == found["vkey"]
        assert VerifierKey.parse(found["vkey"]) == made.vkey


def test_note_and_the_published_example():
    note = vectors()["note"]
    made = SigningKey.from_seed(note["key"]["name"], 1, seed=bytes.fromhex(note["key"]["seed_hex"]))
    assert sign_note(note["text"], made).line() == note["line"]
    assert open_note(raw(note["note_b64"]), [made.vkey]).text == note["text"]
    published = note["published"]
    opened = open_note(raw(published["note_b64"]), [VerifierKey.parse(published["vkey"])])
    assert opened.text == published["text"]


@pytest.mark.parametrize("case", vectors()["note"]["cases"], ids=lambda case: case["case"])
def test_notes(case):
    keys = [VerifierKey.parse(text) for text in case["vkeys"]]
    if case["expected"] == "accept":
        assert open_note(raw(case["note_b64"]), keys).verified
    else:
        with pytest.raises(VerificationError):
            open_note(raw(case["note_b64"]), keys)


def test_checkpoint():
    found = vectors()["checkpoint"]
    checkpoint = Checkpoint(found["origin"], found["size"], bytes.fromhex(found["root_hex"]))
    assert checkpoint.text().encode() == raw(found["text_b64"])
    assert bytes(sign_checkpoint(checkpoint, key("log"))) == raw(found["checkpoint_b64"])
    assert Checkpoint.parse(found["text"]) == checkpoint
    assert Checkpoint.parse(raw(found["size_0_text_b64"]).decode()).size == 0
    six = root_of([leaf_hash(entry) for entry in entries()[:6]])
    assert bytes(sign_checkpoint(Checkpoint(found["origin"], 6, six), key("log"))) == raw(found["size_6_b64"])


@pytest.mark.parametrize("case", vectors()["checkpoint"]["malformed"], ids=lambda case: case["case"])
def test_malformed_checkpoints(case):
    with pytest.raises(VerificationError):
        Checkpoint.parse(raw(case["text_b64"]).decode())


def test_cosignatures():
    found, text = vectors()["cosignature"], vectors()["checkpoint"]["text"]
    checkpoint = Checkpoint.parse(text)
    note = sign_checkpoint(checkpoint, key("log"))
    for role, expected in zip(("witness a", "witness b", "witness neutral"), found["lines"], strict=True):
        line = cosign(text, key(role), time=found["time"])
        assert line.line() == expected["line"]
        note = with_signature(note, line)
    assert bytes(note) == raw(found["checkpoint_b64"])


@pytest.mark.parametrize("case", vectors()["tiles"]["paths"], ids=lambda case: case["path"])
def test_tile_paths(case):
    assert tile_path(case["level"], case["number"], width=case["width"]) == case["path"]


@pytest.mark.parametrize("case", vectors()["tiles"]["sizes"], ids=lambda case: str(case["size"]))
def test_tile_layout(case):
    found = list(levels(case["size"]))
    expected = [(tile["level"], tile["full_tiles"], tile["partial_width"]) for tile in case["hash_tiles"]]
    assert found == expected
    paths = set(layout(case["size"]))
    for tile in [*case["hash_tiles"], case["entry_bundles"]]:
        for name in ("last_full_path", "partial_path"):
            assert tile[name] is None or tile[name] in paths


def numbers(size):
    return [str(number).encode() for number in range(size)]


@pytest.mark.parametrize("case", vectors()["tiles"]["numbers"]["sizes"], ids=lambda case: str(case["size"]))
def test_tiles_of_numbers(case):
    size = case["size"]
    files, found_root = written(numbers(size), starts=(size // 3, size // 2))
    assert found_root.hex() == case["root_hex"]
    for file in case["files"]:
        data = files[file["path"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert set(layout(size)) <= set(files)


def test_proofs_of_numbers_at_70000():
    found = vectors()["tiles"]["numbers"]
    files, _ = written(numbers(70_000))
    fetch = TileHashes(files.get, 70_000)
    asked = found["inclusion"]
    assert list(inclusion(asked["index"], asked["size"], fetch=fetch)) == hashes(asked["proof_hex"])
    asked = found["consistency"]
    assert list(consistency(asked["old_size"], asked["size"], fetch=fetch)) == hashes(asked["proof_hex"])


def test_tiles_of_the_tree_of_8():
    found = vectors()["tiles"]["tree_of_8"]
    files, _ = written(entries())
    assert files[found["tile_0_path"]].hex() == found["tile_0_hex"]
    assert files[found["bundle_path"]].hex() == found["bundle_hex"] == bundle(entries()).hex()
    assert unbundle(bytes.fromhex(found["bundle_hex"]), 8) == entries()


def test_tlog_proof():
    found = vectors()["proof"]
    policy = parse_policy(vectors()["policy"]["text"])
    for name, extra in (("text_b64", None), ("with_extra_b64", bytes.fromhex(found["entry_hex"]))):
        text = raw(found[name]).decode()
        receipt = Receipt.parse(text)
        assert (receipt.index, receipt.extra, receipt.text()) == (found["index"], extra, text)
        assert check_receipt(receipt, bytes.fromhex(found["entry_hex"]), policy=policy).quorum_met


@pytest.mark.parametrize("case", vectors()["policy"]["malformed"], ids=lambda case: case["case"])
def test_malformed_policies(case):
    with pytest.raises(VerificationError):
        parse_policy(raw(case["text_b64"]).decode())


@pytest.mark.parametrize("case", vectors()["policy"]["verdicts"], ids=lambda case: case["case"])
def test_quorums(case):
    policy = parse_policy(raw(case["policy_b64"]).decode())
    data = raw(next(value for name, value in case.items() if name.startswith(("checkpoint", "note"))))
    try:
        met = read_head(data, policy).quorum_met
    except VerificationError:
        met = False
    assert met == (case["expected"] == "accept")


@pytest.mark.parametrize("case", vectors()["add_checkpoint"]["answers"], ids=lambda case: case["case"])
def test_witness_answers(case):
    log = key("log")
    stored = case["stored_size"]
    first = root_of([leaf_hash(entry) for entry in entries()[:stored]])
    seen = {log.vkey.name: Checkpoint(log.vkey.name, stored, first)} if stored else {}
    witness = Witness(key("witness a"), {log.vkey.name: (log.vkey,)}, seen)
    answer = witness.answer(raw(case["body_b64"]), time=vectors()["cosignature"]["time"])
    assert answer.status == case["status"], answer.why
    assert (answer.seen is not None) == (answer.status == 200)
    if case["answer_b64"]:
        assert answer.body == raw(case["answer_b64"])


def test_request_bodies():
    found = vectors()["add_checkpoint"]
    for name in ("first_body_b64", "body_b64"):
        assert Request.parse(raw(found[name])).body() == raw(found[name])


@pytest.mark.parametrize("case", vectors()["commitment"]["cases"], ids=lambda case: case["salt_hex"][:4])
def test_commitments(case):
    content = canonical_bytes(case["content"])
    assert content == raw(case["canonical_b64"])
    assert commit(content, bytes.fromhex(case["salt_hex"])) == case["commitment_hex"]


def test_entry():
    found = vectors()["commitment"]["entry"]
    value = found["value"]
    made = statement_entry(
        value["kind"], value["statement"], commitment=value["commitment"], roles=value["roles"], previous=None
    )
    assert made == raw(found["canonical_b64"])
    assert leaf_hash(made).hex() == found["leaf_hash_hex"]
    assert parse_entry(made).roles == tuple(value["roles"])
