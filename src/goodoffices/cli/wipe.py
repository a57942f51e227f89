"""goodoffices wipe: a laptop in danger; keys first, then everything."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.wipe import wipe


@click.command()
@click.option(
    "--workspace",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the desk that is to be destroyed.",
)
@click.option("--yes", is_flag=True, help="Do not ask for the name; for drills.")
def command(workspace: Path, yes: bool) -> None:
    """Destroy a desk on this machine for good: its keys first, then its database and all the rest.

    It works while the desk runs and while its database is locked, and takes seconds. Nothing brings it back but a
    back-up with its keys.

    Example: goodoffices wipe --workspace workspace/drill --yes

    \f

    Raises
    ------
    InputError
        If another name was typed.
    """
    workspace = workspace.resolve()
    if not yes:
        typed = click.prompt(f"Everything in {workspace} will be destroyed. Type {workspace.name} to go on")
        if typed.strip() != workspace.name:
            raise InputError(Fault("--workspace", "", "", "another name", workspace.name))
    begin = time.monotonic()
    keys = Path(os.environ.get("GOODOFFICES_KEYS", str(workspace / "keys"))).resolve()
    gone = wipe(workspace, keys)
    click.echo(
        f"destroyed: {gone['keys']} key files, {gone['files']} other files; "
        f"{gone['processes']} processes stopped; {time.monotonic() - begin:.1f} s"
    )
    if address := os.environ.get("GOODOFFICES_DATABASE", ""):
        click.echo(_drop(address))


def _drop(address: str) -> str:
    """Empty the PostgreSQL database too; if that fails, its sealed fields are unreadable all the same."""
    try:
        import psycopg

        with psycopg.connect(address, connect_timeout=5, autocommit=True) as base:
            base.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
            )
            base.execute("SET lock_timeout = '5s'")
            base.execute("DROP SCHEMA public CASCADE")
            base.execute("CREATE SCHEMA public")
    except ImportError:
        return (
            "the PostgreSQL database was not emptied (psycopg is not installed); its sealed fields have lost their keys"
        )
    except psycopg.Error as error:
        return (
            f"the PostgreSQL database was not emptied ({type(error).__name__}); its sealed fields have lost their keys"
        )
    return "the PostgreSQL database is empty"
