"""The group of the ledger's commands, each imported when it is used."""

from __future__ import annotations

import importlib

import click

_WHERE = {
    "keygen": ("keys", "A new key file; prints its public half."),
    "init": ("keys", "An empty log with its policy; makes keys that are missing."),
    "charter": ("charter", "Writes the entry that fixes who witnesses and who consents, or a change of it."),
    "entry": ("entries", "Writes the entry of a statement; its content goes into the vault."),
    "append": ("entries", "Stores entries until the next head; prints their indexes."),
    "checkpoint": ("entries", "Tiles and a signed head."),
    "cosign": ("witness", "A witness checks that the log has only grown, and cosigns its head."),
    "request": ("witness", "What a witness without network, or over HTTP, is asked to cosign."),
    "answer": ("witness", "A witness answers a request; or serves answers over HTTP."),
    "ask": ("consent", "What a role is asked to sign, with everything to check it by."),
    "prove": ("check", "A proof that an entry is in the log, or that the log has only grown."),
    "receipt": ("consent", "A proof on paper, with a QR code."),
    "verify": ("check", "Everything: entries, tiles, head, cosignatures, quorum, what is in force."),
    "evidence": ("check", "A proof of a split view that anyone can check."),
    "erase": ("entries", "Erases the content behind an entry; the proofs stay."),
    "pages": ("consent", "The offline pages that sign and verify, and their SHA-256."),
}


class _Late(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _WHERE:
            return None
        found = getattr(importlib.import_module(f"goodoffices.cli.ledger.{_WHERE[cmd_name][0]}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _WHERE.items()])


_HELP = """The record that neither side, nor the desk, can rewrite.

Example: goodoffices ledger init log --origin example.org/log --keys keys --witness a --witness b"""


@click.group(name="ledger", cls=_Late, help=_HELP)
def command() -> None:
    """Group the ledger's commands."""
