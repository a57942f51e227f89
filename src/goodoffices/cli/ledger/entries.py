"""ledger entry, append, checkpoint, erase: what goes into the log and under its head."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import click

from goodoffices.cli.ledger.common import (
    file_option,
    given_bytes,
    heads_of,
    keys_option,
    log_argument,
    opened,
    out_option,
    passphrase,
)
from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.entry import commit, erasure_entry, parse_entry, statement_entry
from goodoffices.engines.ledger.note import SigningKey, VerifierKey
from goodoffices.engines.ledger.tiles import LARGEST_ENTRY
from goodoffices.store.keys import Keys, unlock
from goodoffices.store.publish import append as append_to
from goodoffices.store.publish import publish
from goodoffices.store.vault import Vault
from goodoffices.store.write import read_bytes, write_whole

_APPEND = """Stores entries durably until the next head, and prints their indexes.

The file holds one canonical JSON entry a line (sorted keys, no spaces); they are stored as sent. A faulty line
and nothing is stored.

Example: goodoffices ledger append log --entries entries.jsonl"""


@click.command(help=_APPEND)
@log_argument()
@click.option(
    "--entries",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="One entry a line.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def append(log: Path, entries: Path, as_json: bool) -> None:
    """Append entries.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = opened(log)
    data = given_bytes(entries)
    found = _entries(str(entries), data)
    try:
        indexes = append_to(folder, found)
    except OSError as error:
        raise InputError(Fault(str(log), "", "", str(error), "a disk that can be written")) from error
    if as_json:
        click.echo(json.dumps({"indexes": list(indexes)}))
    else:
        click.echo("".join(f"{index}\n" for index in indexes), nl=False)


def _entries(name: str, data: bytes) -> list[bytes]:
    """Split a file into entries.

    Raises
    ------
    InputError
        With a fault for every line that is no entry.
    """
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    faults = []
    for number, line in enumerate(lines, 1):
        if len(line) > LARGEST_ENTRY:
            faults.append(Fault(name, f"line {number}", "", f"{len(line)} bytes", f"at most {LARGEST_ENTRY}"))
            continue
        try:
            parse_entry(line)
        except VerificationError as error:
            faults.append(Fault(name, f"line {number}", "", str(error), "an entry in canonical JSON"))
    if not lines:
        faults.append(Fault(name, "", "", "no line", "one entry a line"))
    if faults:
        raise InputError(*faults)
    return lines


_CHECKPOINT = """Tiles and a signed head over everything that was appended.

Example: goodoffices ledger checkpoint log --keys keys"""


@click.command(help=_CHECKPOINT)
@log_argument()
@keys_option()
@click.option("--adopt", is_flag=True, help="Go on from the log's own head though the second store has none.")
def checkpoint(log: Path, keys: Path, adopt: bool) -> None:
    """Sign the head.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = opened(log)
    store = Keys(keys).apart_from(log)
    try:
        head = publish(folder, lambda keys: _signer(store, keys), heads=heads_of(store), adopt=adopt)
    except (OSError, sqlite3.Error) as error:
        raise InputError(Fault(str(log), "", "", str(error), "disks that can be written")) from error
    click.echo(f"size {head.size}\nroot {head.root.hex()}")


def _signer(store: Keys, keys: Sequence[VerifierKey]) -> SigningKey:
    """Open the log's key, whichever of those that the policy names lies here.

    Raises
    ------
    InputError
        If none does.
    """
    found = next((file for key in keys if (file := store.of(key)) is not None), None)
    if found is None:
        raise InputError(Fault(str(store.path), "", "", f"no log key {keys[0]}", "its key file (ledger keygen)"))
    return unlock(found, passphrase)


_ENTRY = """Writes the entry of a statement, one line; its content goes into the vault under its own salt and key.

\b
Example: goodoffices ledger entry --kind count --statement s-1 --content count.json \\
             --role A --role B --vault vault --out entries.jsonl"""


@click.command(help=_ENTRY)
@click.option("--kind", required=True, help="Kind of the entry, such as terms_agreed.")
@click.option("--statement", required=True, help="Identifier of the statement, unique in the log.")
@file_option("--content", "The content, JSON without fractions.", required=True)
@click.option("--role", "roles", multiple=True, help="A role that must consent; once for each.")
@click.option("--previous", type=click.IntRange(min=0), help="Index of the entry that this one continues or corrects.")
@click.option("--vault", type=click.Path(path_type=Path), required=True, help="The vault, outside the log.")
@out_option("The entry; appended if the file is there.")
def entry(
    kind: str, statement: str, content: Path, roles: tuple[str, ...], previous: int | None, vault: Path, out: Path
) -> None:
    """Write the entry of a statement.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    try:
        value = canonical_bytes(json.loads(read_bytes(content)))
    except (ValueError, TypeError) as error:
        raise InputError(Fault(str(content), "", "", str(error), "JSON without fractions")) from error
    with Vault(vault) as store:
        salt = store.put(statement, value)
        try:
            line = statement_entry(
                kind, statement, commitment=commit(value, salt), roles=sorted(set(roles)), previous=previous
            )
        except VerificationError as error:
            store.erase(statement)
            raise InputError(Fault("--kind", "", "", repr(kind), str(error))) from error
    before = read_bytes(out) if out.exists() else b""
    write_whole(out, before + line + b"\n")
    click.echo(line.decode())


_ERASE = """Erases the content behind an entry: record, salt and key go; appends the entry that says so. Proofs hold.

Example: goodoffices ledger erase log --index 17 --statement s-17 --ground "Art. 17(1)(a)" --vault vault"""


@click.command(help=_ERASE)
@log_argument()
@click.option("--index", type=click.IntRange(min=0), required=True, help="Index of the entry.")
@click.option("--statement", required=True, help="Its statement, the vault's name for the content.")
@click.option("--ground", required=True, help="Legal ground, without any person's name.")
@click.option("--vault", type=click.Path(path_type=Path), required=True, help="The vault.")
def erase(log: Path, index: int, statement: str, ground: str, vault: Path) -> None:
    """Erase a content."""
    folder = opened(log)
    with Vault(vault) as store:
        store.erase(statement)
    found = append_to(folder, [erasure_entry(index, ground)])
    click.echo(f"erased; entry {found[0]} says so. Copies that parties or back-ups hold are not reached by this.")
