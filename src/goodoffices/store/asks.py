"""What a log gives and takes: proofs, requests to sign and to cosign, the lines that witnesses send back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.charter import Charter
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head, read_head, with_signature
from goodoffices.engines.ledger.entry import Entry, parse_entry
from goodoffices.engines.ledger.force import Reading
from goodoffices.engines.ledger.log import HEAD, POLICY
from goodoffices.engines.ledger.note import Note, Signature, parse_note, parse_signature
from goodoffices.engines.ledger.policy import Policy, parse_policy
from goodoffices.engines.ledger.proof import consistency, inclusion
from goodoffices.engines.ledger.receipt import Receipt
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.engines.ledger.tiles import WIDTH, TileHashes, entries_of, read_bundle
from goodoffices.engines.ledger.tree import leaf_hash
from goodoffices.engines.ledger.verify import check_inclusion
from goodoffices.engines.ledger.witness import Request
from goodoffices.formats.receipt import Slip
from goodoffices.store.publish import current
from goodoffices.store.tiles import LogFolder
from goodoffices.store.vault import Vault

_KEPT = "heads/"


def policy_of(folder: LogFolder) -> Policy:
    """Read the policy that lies in a log's folder.

    Raises
    ------
    InputError
        If it is malformed.
    """
    try:
        return parse_policy((folder.read(POLICY) or b"").decode("utf-8"))
    except (VerificationError, UnicodeDecodeError) as error:
        raise InputError(Fault(str(folder.path / POLICY), "", "", str(error), "a tlog-policy")) from error


def charter_of(folder: LogFolder) -> Charter | None:
    """Read the charter in effect under the log's head."""
    head = current(folder)
    return Reading(head.origin).take(entries_of(folder.read, head.size)).charter


def entry_at(folder: LogFolder, index: int) -> bytes:
    """Give one entry of the log.

    Raises
    ------
    InputError
        If the head does not cover it.
    """
    size = current(folder).size
    if index >= size:
        raise InputError(Fault("--index", "", "", str(index), f"below the size of the head, {size}"))
    number = index // WIDTH
    return read_bundle(folder.read, number, width=min(WIDTH, size - number * WIDTH))[index % WIDTH]


def receipt_of(folder: LogFolder, index: int) -> Receipt:
    """Prove one entry under the present head; the proof is checked before it is given."""
    return receipt_under(folder, index, folder.read(HEAD) or b"")


def receipt_under(folder: LogFolder, index: int, signed: bytes) -> Receipt:
    """Prove one entry under a head of this log, the present one or one that was kept."""
    head = Checkpoint.parse(parse_note(signed).text)
    entry = entry_at(folder, index)
    proof = inclusion(index, head.size, fetch=TileHashes(folder.read, current(folder).size))
    check_inclusion(leaf_hash(entry), index, size=head.size, proof=proof, root=head.root)
    return Receipt(index, proof, signed, entry)


def request_of(folder: LogFolder, statement: str, *, role: str, old: int, vault: Path | None) -> SignRequest:
    """Put a statement before a role.

    Raises
    ------
    InputError
        If there is no charter, no such statement under the head, or the role is not one of the charter.
    """
    charter = charter_of(folder)
    if charter is None:
        raise InputError(Fault(str(folder.path), "", "", "no charter", "one, appended with ledger charter"))
    index, _ = _find(folder, current(folder).size, statement)
    return request_at(folder, index, role=role, old=old, charter=charter, vault=vault)


def request_at(
    folder: LogFolder, index: int, *, role: str, old: int, charter: Charter, vault: Path | None
) -> SignRequest:
    """Put the statement of an entry before a role.

    Raises
    ------
    InputError
        If the role is not one of the charter, or the log is smaller than what the role saw.
    """
    size = current(folder).size
    if role not in charter.keys:
        raise InputError(Fault("--role", "", "", repr(role), f"one of {', '.join(sorted(charter.keys))}"))
    if old > size:
        raise InputError(Fault("--old", "", "", str(old), f"at most the log's size {size}"))
    receipt = receipt_of(folder, index)
    content, salt = content_of(vault, parse_entry(receipt.extra or b"").statement)
    proof = consistency(old, size, fetch=TileHashes(folder.read, size))
    return SignRequest(charter, content, receipt.extra or b"", old, proof, receipt, role, salt)


def _find(folder: LogFolder, size: int, statement: str) -> tuple[int, Entry]:
    mark = json.dumps(statement, ensure_ascii=False).encode()
    for index, data in enumerate(entries_of(folder.read, size)):
        if mark in data and b'"kind":"consent"' not in data:
            entry = parse_entry(data)
            if entry.statement == statement:
                return index, entry
    raise InputError(Fault("--statement", "", "", repr(statement), "a statement under the head"))


def content_of(vault: Path | None, statement: str) -> tuple[Json, str]:
    """Give what a statement's entry commits to and its salt in hex; nothing without a vault."""
    if vault is None:
        return None, ""
    with Vault(vault) as store:
        content, salt = store.get(statement)
    value: Json = json.loads(content)
    return value, salt.hex()


def slip_of(receipt: Receipt, content: Json) -> Slip:
    """Gather what stands on a receipt; without a content the entry's own fields are shown."""
    note = parse_note(receipt.checkpoint)
    head, entry = Checkpoint.parse(note.text), parse_entry(receipt.extra or b"")
    bare: Json = {"commitment": entry.commitment, "roles": list(entry.roles)}
    return Slip(
        receipt.text(),
        entry.kind,
        entry.statement,
        bare if content is None else content,
        content is not None,
        head.origin,
        receipt.index,
        head.size,
        head.root.hex(),
        tuple(found.name for found in note.signatures),
    )


def request_for(folder: LogFolder, old: int) -> Request:
    """Ask for a cosignature of the log's present head by a witness that saw `old` last."""
    head = current(folder)
    data = folder.read(HEAD) or b""
    note = parse_note(data)
    own = {key.key_id for key in policy_of(folder).logs}
    bare = Note(note.text, tuple(found for found in note.signatures if found.key_id in own))
    proof = consistency(old, head.size, fetch=TileHashes(folder.read, head.size)) if old <= head.size else ()
    return Request(old, proof, bytes(bare))


def heads_kept(folder: LogFolder) -> Iterator[str]:
    """Name the files of all signed heads, the newest first; each holds the cosignatures that came for it."""
    yield HEAD
    sizes = (int(path.name) for path in (folder.path / "heads").glob("*") if path.name.isdecimal())
    for size in sorted(sizes, reverse=True):
        yield f"{_KEPT}{size}"


def add_line(folder: LogFolder, line: bytes) -> Head:
    """Add a witness's line to the head that it signs, after its signature was checked; gives that head.

    Raises
    ------
    VerificationError
        If the line is malformed, by no witness of the policy, or signs no head of this log.
    """
    found = parse_signature(line.decode("utf-8", errors="replace").strip("\n"))
    with folder.locked():
        policy = policy_of(folder)
        if not any(_is_by(found, key.name, key.key_id) for key in policy.witnesses.values()):
            raise VerificationError("the policy names no such witness; nothing was added")
        for name in heads_kept(folder):
            note = parse_note(folder.read(name) or b"")
            added = bytes(with_signature(note, found))
            try:
                head = read_head(added, policy)
            except VerificationError:
                continue  # the line is not for this head; another one may be its own
            if added != bytes(note):
                folder.write([(name, added)])
            return head
    raise VerificationError(f"the signature of {found.name} fits no head of this log; nothing was added")


def _is_by(found: Signature, name: str, key_id: bytes) -> bool:
    return (found.name, found.key_id) == (name, key_id)
