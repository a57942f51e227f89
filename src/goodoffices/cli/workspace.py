"""What the desk's commands share: the workspace's option, Django started on it, no command on what is no desk."""

from __future__ import annotations

import os
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError

_DEFAULT = "workspace/desk"


def open_workspace(workspace: Path | None) -> None:
    """Point the desk's settings at a workspace and start Django."""
    if workspace is not None:
        os.environ["GOODOFFICES_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodoffices.desk.settings")
    import django

    django.setup()


def open_desk(workspace: Path | None, *, older: bool = False) -> None:
    """Start Django on a desk that is there; a name mistyped makes no folder and no empty desk.

    Parameters
    ----------
    workspace
        As the user named it; else the environment's, else the default.
    older
        Whether its tables may be behind this version.

    Raises
    ------
    InputError
        If there is no desk, or its tables are behind.
    """
    path = workspace or Path(os.environ.get("GOODOFFICES_WORKSPACE", _DEFAULT))
    is_there = (path / "desk.sqlite").is_file() if not os.environ.get("GOODOFFICES_DATABASE") else path.is_dir()
    if not is_there:
        raise InputError(_no_desk(path))
    open_workspace(workspace)
    from django.db import connection

    from goodoffices.desk.keeping.machine import behind
    from goodoffices.desk.parties.models import Process

    if Process._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001
        raise InputError(_no_desk(path))
    if not older and (steps := behind()):
        raise InputError(Fault(str(path), "", "tables", f"{steps} steps behind", "`goodoffices desk upgrade` first"))


def _no_desk(path: Path) -> Fault:
    return Fault(str(path), "", "", "no desk", "the workspace of a desk")


workspace_option = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder of the database, the log, the vault.  [default: {_DEFAULT}]",
)
