"""Laws of the tree, its proofs and its notes, against the slow twin."""

import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import RangeError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, read_head, sign_checkpoint, with_signature
from goodoffices.engines.ledger.entry import (
    Line,
    check_line,
    commit,
    consent_text,
    manifest_root,
    parse_entry,
    statement_entry,
)
from goodoffices.engines.ledger.evidence import Evidence, check_evidence, find_evidence
from goodoffices.engines.ledger.keyfile import KeyFile, wrap
from goodoffices.engines.ledger.note import (
    SigningKey,
    VerifierKey,
    b64,
    cosign,
    open_note,
    parse_note,
    sign_note,
    unb64,
)
from goodoffices.engines.ledger.policy import parse_policy, write_policy
from goodoffices.engines.ledger.proof import consistency, inclusion, root
from goodoffices.engines.ledger.receipt import Receipt, check_receipt
from goodoffices.engines.ledger.tiles import TileHashes, TileWriter, layout
from goodoffices.engines.ledger.tree import Frontier, grow, leaf_hash, root_of
from goodoffices.engines.ledger.verify import check_consistency, check_inclusion
from goodoffices.engines.ledger.witness import Request, Witness
from tests.engines.ledger import reference

LOG = SigningKey.from_seed("log.example", 1, seed=bytes(32))
WITNESS = SigningKey.from_seed("w.example", 4, seed=b"w" * 32)

laws = settings(max_examples=60, deadline=None)
entries_of = st.lists(st.binary(max_size=20), min_size=1, max_size=70)


def files_of(entries):
    files = {}
    writer = TileWriter()
    files |= dict(writer.add(entries)) | dict(writer.partials())
    return files, writer.root()


@laws
@given(entries_of)
def test_every_root_is_the_twins(entries):
    expected = reference.mth(entries)
    assert root_of([leaf_hash(entry) for entry in entries]) == expected
    assert files_of(entries)[1] == expected
    assert grow(Frontier(), [leaf_hash(entry) for entry in entries])[0].root() == expected


@laws
@given(entries_of, st.data())
def test_every_proof_is_the_twins_and_holds(entries, data):
    size = len(entries)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    files, whole = files_of(entries)
    fetch = TileHashes(files.get, size)
    found = inclusion(index, size, fetch=fetch)
    assert list(found) == reference.path(index, entries)
    check_inclusion(leaf_hash(entries[index]), index, size=size, proof=found, root=whole)
    grown = consistency(old, size, fetch=fetch)
    assert list(grown) == reference.proof(old, entries)
    check_consistency((old, reference.mth(entries[:old])), (size, whole), proof=grown)
    assert root(old, fetch=fetch) == reference.mth(entries[:old])


@laws
@given(entries_of, st.data())
def test_a_proof_holds_for_nothing_else(entries, data):
    size = len(entries)
    index = data.draw(st.integers(0, size - 1))
    files, whole = files_of(entries)
    found = list(inclusion(index, size, fetch=TileHashes(files.get, size)))
    leaf = leaf_hash(entries[index])
    wrong = [
        (leaf_hash(entries[index] + b"!"), index, size, found),
        (leaf, index, size, [*found, bytes(32)]),
        (leaf, size, size, found),
    ]
    if found:
        place = data.draw(st.integers(0, len(found) - 1))
        wrong.append((leaf, index, size, [*found[:place], bytes(32), *found[place + 1 :]]))
        wrong.append((leaf, index, size, found[:-1]))
    for some_leaf, some_index, some_size, proof in wrong:
        with pytest.raises(VerificationError):
            check_inclusion(some_leaf, some_index, size=some_size, proof=proof, root=whole)


@laws
@given(entries_of, entries_of, st.integers(0, 40))
def test_two_histories_always_give_evidence_and_one_never_does(first, second, shared):
    first, second = first[:shared] + first, first[:shared] + second
    logs = [files_of(first), files_of(second)]
    heads = []
    for things, (files, whole) in zip((first, second), logs, strict=True):
        note = sign_checkpoint(Checkpoint(LOG.vkey.name, len(things), whole), LOG)
        note = with_signature(note, cosign(note.text, WITNESS, time=7))
        heads.append((bytes(note), TileHashes(files.get, len(things))))
    small = min(len(first), len(second))
    found = find_evidence(heads, logs=[LOG.vkey])
    assert (found is not None) == (first[:small] != second[:small])
    if found is not None:
        again = Evidence.parse(found.write())
        verdict = check_evidence(again, logs=[LOG.vkey], witnesses=[WITNESS.vkey])
        assert (verdict.log, verdict.witnesses) == (LOG.vkey, (WITNESS.vkey,))


def test_a_proof_that_merely_fails_is_no_evidence():
    files, whole = files_of([b"1", b"2", b"3"])
    small = sign_checkpoint(Checkpoint(LOG.vkey.name, 2, reference.mth([b"1", b"2"])), LOG)
    large = sign_checkpoint(Checkpoint(LOG.vkey.name, 3, whole), LOG)
    assert find_evidence([(bytes(small), None), (bytes(large), TileHashes(files.get, 3))], logs=[LOG.vkey]) is None
    for hashes in ((), (bytes(32),), (bytes(32), bytes(32))):
        with pytest.raises(VerificationError):
            check_evidence(Evidence(bytes(small), bytes(large), hashes), logs=[LOG.vkey], witnesses=[])


@laws
@given(st.integers(0, 600), st.lists(st.integers(0, 200), max_size=4))
def test_growing_in_steps_gives_the_same_files(first, steps):
    things = [str(number).encode() for number in range(first + sum(steps))]
    files, size = {}, 0
    for step in [first, *steps]:
        writer = TileWriter.resume(files.get, size)
        files |= dict(writer.add(things[size : size + step])) | dict(writer.partials())
        size += step
    once, whole = files_of(things)
    assert writer.root() == whole
    assert set(layout(size)) == set(once)
    assert all(files[name] == data for name, data in once.items())


@laws
@given(st.binary(max_size=60))
def test_base64_has_one_spelling(data):
    text = b64(data)
    assert unb64(text) == data
    for place in range(len(text)):
        for other in (text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :],):
            try:
                assert unb64(other) != data
            except VerificationError:
                continue


@laws
@given(st.text(max_size=80))
def test_any_text_can_be_signed_and_its_note_read_back(text):
    body = text.replace("\r", "") + "\n"
    assume(not any(sign < " " and sign != "\n" for sign in body))
    try:
        body.encode()
    except UnicodeEncodeError:
        return
    note = f"{body}\n{sign_note(body, LOG).line()}".encode()
    assert open_note(note, [LOG.vkey]).text == body
    assert bytes(parse_note(note)) == note


@laws
@given(st.binary(max_size=300))
def test_anything_at_all_is_read_or_refused_and_nothing_else(data):
    text = data.decode("latin-1")
    readers = (
        lambda: parse_note(data),
        lambda: Checkpoint.parse(text),
        lambda: VerifierKey.parse(text),
        lambda: parse_policy(text),
        lambda: Receipt.parse(text),
        lambda: Request.parse(data),
        lambda: Evidence.parse(data),
        lambda: KeyFile.parse(data),
        lambda: parse_entry(data),
    )
    for read in readers:
        try:
            read()
        except VerificationError:
            continue


def test_a_statement_key_and_a_witness_key_are_never_mixed():
    with pytest.raises(VerificationError):
        sign_note("text\n", WITNESS)
    with pytest.raises(VerificationError):
        cosign("text\n", LOG, time=1)


@laws
@given(
    st.lists(
        st.tuples(st.binary(min_size=1, max_size=30), st.binary(min_size=32, max_size=32)), min_size=1, max_size=20
    ),
    st.data(),
)
def test_one_line_of_a_manifest_is_proved_alone(lines, data):
    commitments = [commit(content, salt) for content, salt in lines]
    leaves = [bytes.fromhex(text) for text in commitments]
    index = data.draw(st.integers(0, len(lines) - 1))
    proof = tuple(reference.path(index, leaves))
    line = Line(lines[index][0], lines[index][1], index, len(lines), proof)
    whole = manifest_root(commitments)
    assert whole == reference.mth(leaves).hex()
    check_line(line, whole)
    with pytest.raises(VerificationError):
        check_line(Line(lines[index][0] + b"!", lines[index][1], index, len(lines), proof), whole)


@laws
@given(
    st.sampled_from(["count", "x-y_2", "policy-2"]),
    st.text(max_size=20).filter(lambda text: text.isprintable()),
    st.lists(st.text("AB_-9é", min_size=1, max_size=5), max_size=3),
    st.none() | st.integers(0, 10**17),
    st.sampled_from(["", "ab" * 32]),
)
def test_the_fast_way_to_read_an_entry_is_the_slow_way(kind, statement, roles, previous, root):
    data = statement_entry(kind, statement, commitment="0f" * 32, roles=roles, root=root, previous=previous)
    found = parse_entry(data)
    assert (found.kind, found.statement, found.roles, found.previous, found.root) == (
        kind, statement, tuple(roles), previous, root,
    )  # fmt: skip
    value = {"kind": kind, "statement": statement, "roles": roles, "previous": previous, "commitment": "0f" * 32}
    assert data == canonical_bytes(value | ({"root": root} if root else {}))


def test_a_key_file_opens_with_its_passphrase_alone():
    key = SigningKey.from_seed("a.example", 1, seed=os.urandom(32))
    file = wrap("statement", key, passphrase="x", salt=bytes(16), nonce=bytes(12))  # noqa: S106  a test key
    assert KeyFile.parse(file.write()).open("x") == key
    with pytest.raises(VerificationError, match="wrong passphrase"):
        file.open("y")
    weak = file.write().replace(b'"iterations":600000', b'"iterations":1000')
    with pytest.raises(VerificationError, match="600000"):
        KeyFile.parse(weak).open("x")
    assert key.seed.hex() not in repr(key)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_short_salt_is_refused(salt):
    with pytest.raises(RangeError):
        commit(b"x", salt)


def test_a_consent_names_four_things_each_on_its_line():
    with pytest.raises(RangeError):
        consent_text("o", "s\nx", commitment="c", policy_hash="p")


def test_receipts_need_the_policys_log_and_say_whether_the_quorum_is_met():
    files, whole = files_of([b"1", b"2"])
    note = sign_checkpoint(Checkpoint(LOG.vkey.name, 2, whole), LOG)
    receipt = Receipt(1, inclusion(1, 2, fetch=TileHashes(files.get, 2)), bytes(note))
    policy = parse_policy(write_policy(LOG.vkey, {"w": WITNESS.vkey}))
    assert not check_receipt(receipt, b"2", policy=policy).quorum_met
    with pytest.raises(VerificationError):
        check_receipt(receipt, b"1", policy=policy)
    other = SigningKey.from_seed("log.example", 1, seed=b"o" * 32)
    with pytest.raises(VerificationError):
        check_receipt(receipt, b"2", policy=parse_policy(write_policy(other.vkey, {})))


def test_a_witness_forgets_nothing_and_signs_no_empty_log():
    watched = {LOG.vkey.name: (LOG.vkey,)}
    empty = sign_checkpoint(Checkpoint(LOG.vkey.name, 0, reference.mth([])), LOG)
    answer = Witness(WITNESS, watched, {}).answer(Request(0, (), bytes(empty)).body(), time=1)
    assert (answer.status, answer.seen) == (422, None)
    one = Checkpoint(LOG.vkey.name, 1, leaf_hash(b"1"))
    again = Witness(WITNESS, watched, {LOG.vkey.name: one})
    body = Request(1, (), bytes(sign_checkpoint(one, LOG))).body()
    assert [again.answer(body, time=time).status for time in (1, 2)] == [200, 200]
    head = read_head(bytes(with_signature(sign_checkpoint(one, LOG), cosign(one.text(), WITNESS, time=9))),
                     parse_policy(write_policy(LOG.vkey, {"w": WITNESS.vkey})))  # fmt: skip
    assert head.times == {"w": 9}
