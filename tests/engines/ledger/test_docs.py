"""Every literal example of docs/ledger.md is read by what reads such files, and means what the page says."""

import json
import re
from functools import cache
from pathlib import Path

from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.engines.ledger.charter import parse_charter
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.entry import parse_entry
from goodoffices.engines.ledger.evidence import Evidence, check_evidence
from goodoffices.engines.ledger.force import Reading
from goodoffices.engines.ledger.keyfile import KeyFile
from goodoffices.engines.ledger.note import open_note, parse_signature
from goodoffices.engines.ledger.policy import has_checksum, parse_policy
from goodoffices.engines.ledger.receipt import Receipt, check_receipt
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.engines.ledger.witness import Request

DOCS = Path(__file__).parents[3] / "docs" / "ledger.md"


@cache
def examples():
    found = re.findall(r"```(?:json|text) (\w+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return dict(found)


def policy():
    assert has_checksum(examples()["policy"])
    return parse_policy(examples()["policy"])


def test_the_entries_and_the_charter():
    lines = [examples()[name].strip().encode() for name in ("charter", "entry", "consent")]
    entries = [parse_entry(line) for line in lines]
    assert [entry.kind for entry in entries] == ["policy", "custody_step", "consent"]
    charter = parse_charter(entries[0].fields["document"])
    assert charter.hash == entries[0].commitment
    assert charter.policy == examples()["policy"]
    reading = Reading("goodoffices.example/ledger").take(lines)
    assert reading.findings == []
    (_, found) = reading.standings(quorum_met=True)
    assert (found.signed, found.missing) == (("A",), ("B", "neutral"))


def test_the_key_file_opens():
    key = KeyFile.parse(examples()["key"].encode()).open("example")
    request = SignRequest.parse(examples()["request"].encode())
    assert key.vkey == request.charter.keys["A"]


def test_the_request_its_proof_and_its_consent():
    request = SignRequest.parse(examples()["request"].encode())
    head = request.check(None)
    assert head.quorum_met
    key = KeyFile.parse(examples()["key"].encode()).open("example")
    assert request.consent(key).decode() == examples()["consent"].strip()
    proof = Receipt.parse(examples()["proof"])
    assert check_receipt(proof, proof.extra, policy=policy()).times.keys() == {"A", "B", "neutral"}
    state = json.loads(examples()["state"])
    assert Checkpoint(state["origin"], state["size"], bytes.fromhex(state["root"])) == head.checkpoint


def test_the_request_to_cosign_and_its_answer():
    request = Request.parse(examples()["cosign"].encode())
    text = request.checkpoint.decode().partition("\n\n")[0] + "\n"
    line = parse_signature(examples()["answer"].rstrip("\n")).line()
    assert open_note(f"{text}\n{line}".encode(), policy().witnesses.values()).text == text


def test_the_evidence_convicts():
    found = Evidence.parse(examples()["evidence"].encode())
    verdict = check_evidence(found, logs=policy().logs, witnesses=policy().witnesses.values())
    assert (verdict.sizes, verdict.witnesses) == ((2, 2), ())


def test_the_bundle_is_canonical_and_hashes_are_of_the_forms_named():
    value = json.loads(examples()["bundle"])
    assert canonical_bytes(value).decode() == examples()["bundle"].strip()
    assert len(sha256_hex(b"")) == 64
