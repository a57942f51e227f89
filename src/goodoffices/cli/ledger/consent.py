"""ledger ask, receipt, pages: what a role signs, what it keeps on paper, and the pages it does both with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from goodoffices.cli.ledger.charter import charter_of
from goodoffices.cli.ledger.check import receipt_of
from goodoffices.cli.ledger.common import file_option, log_argument, opened, out_option
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.entry import Entry, parse_entry
from goodoffices.engines.ledger.note import parse_note
from goodoffices.engines.ledger.proof import consistency
from goodoffices.engines.ledger.receipt import Receipt
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.engines.ledger.tiles import TileHashes, entries_of
from goodoffices.formats.receipt import Slip, receipt_pdf
from goodoffices.formats.words import Language
from goodoffices.store.publish import current
from goodoffices.store.tiles import LogFolder
from goodoffices.store.write import write_whole

_ASK = """What a role is asked to sign: statement, content, and proofs that it is in the log and that the log only grew.

The role checks and signs it with goodoffices sign or with the offline page; what comes back is appended.

Example: goodoffices ledger ask log --statement s-1 --role A --vault vault --out request.json"""


@click.command(help=_ASK)
@log_argument()
@click.option("--statement", required=True, help="Identifier of the statement.")
@click.option("--role", required=True, help="Who is asked.")
@click.option("--old", type=click.IntRange(min=0), default=0, show_default=True, help="Size that the role saw last.")
@click.option("--vault", type=click.Path(path_type=Path), help="The vault that holds the content.")
@out_option("The request.")
def ask(log: Path, statement: str, role: str, old: int, vault: Path | None, out: Path) -> None:
    """Write a request for consent."""
    folder = opened(log)
    made = request_of(folder, statement, role=role, old=old, vault=vault)
    write_whole(out, made.write())
    click.echo(f"{statement} is put before {role}; under a head of size {current(folder).size}")


def request_of(folder: LogFolder, statement: str, *, role: str, old: int, vault: Path | None) -> SignRequest:
    """Put a statement before a role.

    Raises
    ------
    InputError
        If there is no charter, no such statement under the head, or the role is not one of the charter.
    """
    head = current(folder)
    charter = charter_of(folder)
    if charter is None:
        raise InputError(Fault(str(folder.path), "", "", "no charter", "one, appended with ledger charter"))
    if role not in charter.keys:
        raise InputError(Fault("--role", "", "", repr(role), f"one of {', '.join(sorted(charter.keys))}"))
    if old > head.size:
        raise InputError(Fault("--old", "", "", str(old), f"at most the log's size {head.size}"))
    index, _ = _find(folder, head.size, statement)
    receipt = receipt_of(folder, index)
    content, salt = _content(vault, statement)
    proof = consistency(old, head.size, fetch=TileHashes(folder.read, head.size))
    return SignRequest(charter, content, receipt.extra or b"", old, proof, receipt, role, salt)


def _find(folder: LogFolder, size: int, statement: str) -> tuple[int, Entry]:
    mark = json.dumps(statement, ensure_ascii=False).encode()
    for index, data in enumerate(entries_of(folder.read, size)):
        if mark in data and b'"kind":"consent"' not in data:
            entry = parse_entry(data)
            if entry.statement == statement:
                return index, entry
    raise InputError(Fault("--statement", "", "", repr(statement), "a statement under the head"))


def _content(vault: Path | None, statement: str) -> tuple[Json, str]:
    from goodoffices.store.vault import Vault

    if vault is None:
        return None, ""
    with Vault(vault) as store:
        content, salt = store.get(statement)
    value: Json = json.loads(content)
    return value, salt.hex()


_RECEIPT = """A receipt on paper: the statement in words and a QR code that holds the whole proof that it is in the log.

Example: goodoffices ledger receipt log --index 5 --vault vault --language uk --out receipt.pdf"""


@click.command(help=_RECEIPT)
@log_argument()
@click.option("--index", type=click.IntRange(min=0), required=True, help="Entry.")
@click.option("--vault", type=click.Path(path_type=Path), help="The vault, to print the content in words.")
@click.option("--language", type=click.Choice(["en", "uk", "ru", "tr"]), default="en", show_default=True)
@out_option("The PDF.")
def receipt(log: Path, index: int, vault: Path | None, language: str, out: Path) -> None:
    """Write a receipt."""
    folder = opened(log)
    found = receipt_of(folder, index)
    entry = parse_entry(found.extra or b"")
    content, _ = _content(vault if entry.statement else None, entry.statement)
    write_whole(out, receipt_pdf(slip_of(found, content), Language(language)))
    click.echo(f"{out}: entry {index}, proof of {len(found.text().encode())} bytes in its code")


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


_PAGES = """The offline pages that sign and verify: each one file, opened from disk, with no network by its own policy.

The SHA-256 of each is printed; a party compares it with the one published in docs/ledger.md before it signs.

Example: goodoffices ledger pages --out stick"""


@click.command(help=_PAGES)
@file_option("--out", "Folder for the pages; only the SHA-256 is printed without it.", metavar="DIR")
def pages(out: Path | None) -> None:
    """Write the offline pages."""
    from goodoffices.formats.offline import offline_pages

    for name, page in offline_pages().items():
        if out is not None:
            write_whole(out / name, page)
        click.echo(f"{sha256_hex(page.encode())}  {name}")
