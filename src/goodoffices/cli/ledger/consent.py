"""ledger ask, receipt, pages: what a role signs, what it keeps on paper, and the pages it does both with."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.ledger.common import file_option, log_argument, opened, out_option
from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.ledger.entry import parse_entry
from goodoffices.formats.receipt import receipt_pdf
from goodoffices.formats.words import Language
from goodoffices.store.asks import content_of, receipt_of, request_of, slip_of
from goodoffices.store.publish import current
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
    content, _ = content_of(vault if entry.statement else None, entry.statement)
    write_whole(out, receipt_pdf(slip_of(found, content), Language(language)))
    click.echo(f"{out}: entry {index}, proof of {len(found.text().encode())} bytes in its code")


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
