"""The command group and the exit codes: 0 done, 1 the answer is no, 2 bad usage or bad input."""

from __future__ import annotations

import importlib
import os
import sys

import click

import goodoffices

COMMANDS = {
    "demo": "The whole way on the example process, with invented persons.",
    "results": "What was promised, stated, confirmed, withheld; page, workbook, JSON.",
    "lists": "Read what a side sends, compare it with its last version, seal it.",
    "link": "Who on your list is who on theirs; duplicates; comparison without names.",
    "kinship": "Which family a set of remains belongs to, from DNA profiles.",
    "exchange": "Lists of who goes in which leg, that keep to the terms and that both sides can check.",
    "ceasefire": "Who goes where inside a ceasefire, and the chance that all are back.",
    "handover": "The day of a transfer: count offline, merge what was signed, say whether it is set.",
    "text": "The single negotiating text: show, view, diff, export.",
    "ledger": "The record that neither side, nor the desk, can rewrite.",
    "desk": "The desk in a browser; a workspace of its own, back-up, keys, retention.",
    "worker": "Does the desk's long work in the background and appends to its log.",
    "wipe": "Destroys a desk on a laptop in danger: keys first, then everything.",
    "sign": "Signs a statement or a head with a party's own key.",
}
"""Every command and its one line of help; the module `goodoffices.cli.NAME` holds it and is imported late."""


class LateGroup(click.Group):
    """A group that imports a command only when it is used, so that --help is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and give the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"goodoffices.cli.{cmd_name}")
        command = module.command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(goodoffices.__version__, prog_name="goodoffices")
def cli() -> None:
    """Work at the neutral intermediary's desk: lists, evidence, plans, talks, record, results.

    Exit codes: 0 done, 1 the answer is no, 2 bad usage or bad input.
    """


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and turn every error of ours into its exit code, never a traceback."""
    from goodoffices.domain.errors import GoodOfficesError, InputError, VerificationError

    try:
        code = cli.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except click.Abort:
        click.echo("stopped by the user; nothing half written", err=True)
        code = 2
    except VerificationError as error:
        click.echo(str(error), err=True)
        code = 1
    except InputError as error:
        for fault in error.faults:
            click.echo(f"error: {fault}", err=True)
        code = 2
    except GoodOfficesError as error:
        click.echo(f"error: {error}", err=True)
        code = 2
    except BrokenPipeError:
        # The reader of our output has gone; the interpreter must not complain of it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    run()
