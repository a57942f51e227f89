"""ledger charter: who witnesses, who consents, and how that is changed, as an entry of the log."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.ledger.common import file_option, log_argument, opened, out_option, read_vkey
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.charter import ANY_KIND, Charter
from goodoffices.engines.ledger.log import POLICY
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.store.asks import charter_of
from goodoffices.store.write import read_bytes, write_whole

_CHARTER = """Writes the entry that fixes who witnesses and who consents, or proposes a change of it.

The first charter is appended as entry 0 and its hash printed in the signed protocol. A later one takes what is not
given from the one in effect; it takes effect when the roles that its forerunner names have consented (ledger ask).

\b
Example: goodoffices ledger charter log --statement charter-1 --role A=a+1f..+AQ.. --role B=b+2e..+AQ.. \\
             --way-out A=B --witness-of A=party-a.example/witness --out entries.jsonl"""


@click.command(help=_CHARTER)
@log_argument()
@click.option("--statement", required=True, help="Identifier of this charter, such as charter-1.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=VKEY", help="Statement key of a role.")
@click.option("--consent", multiple=True, metavar="KIND=ROLE,ROLE", help="Who consents to a kind; * is every other.")
@click.option("--change", metavar="ROLE,ROLE", help="Who consents to another charter; every role unless given.")
@click.option(
    "--way-out", multiple=True, metavar="ROLE=ROLE,ROLE", help="Who may replace a role's keys if they are gone."
)
@click.option("--witness-of", multiple=True, metavar="ROLE=NAME", help="The policy's name of a role's witness.")
@file_option("--policy", "Another policy than the one in the folder.")
@out_option("The entry; appended if the file is there.")
def charter(
    log: Path,
    statement: str,
    roles: tuple[str, ...],
    consent: tuple[str, ...],
    change: str | None,
    way_out: tuple[str, ...],
    witness_of: tuple[str, ...],
    policy: Path | None,
    out: Path,
) -> None:
    """Write a charter.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = opened(log)
    before = charter_of(folder)
    keys = (dict(before.keys) if before else {}) | _keys(roles)
    everyone = tuple(sorted(keys))
    given = _lists("--consent", consent)
    try:
        made = Charter(
            read_bytes(policy or log / POLICY).decode("utf-8"),
            keys,
            (dict(before.consent) if before else {ANY_KIND: everyone}) | given,
            tuple(change.split(",")) if change else (before.change if before else everyone),
            (dict(before.way_out) if before else {}) | _lists("--way-out", way_out),
            (dict(before.witnesses) if before else {}) | dict(_pairs("--witness-of", witness_of)),
            before.hash if before else "",
        )
    except (VerificationError, UnicodeDecodeError) as error:
        raise InputError(
            Fault("ledger charter", "", "", str(error), "roles, keys and rules that fit together")
        ) from error
    old = read_bytes(out) if out.exists() else b""
    write_whole(out, old + made.entry(statement) + b"\n")
    click.echo(made.hash)


def _keys(given: tuple[str, ...]) -> dict[str, VerifierKey]:
    return {role: read_vkey(key, "--role") for role, key in _pairs("--role", given)}


def _lists(option: str, given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(part for part in parts.split(",") if part) for name, parts in _pairs(option, given)}


def _pairs(option: str, given: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        name, mark, value = text.partition("=")
        if not mark or not name:
            raise InputError(Fault(option, "", "", repr(text[:60]), "NAME=VALUE"))
        pairs.append((name, value))
    return pairs
