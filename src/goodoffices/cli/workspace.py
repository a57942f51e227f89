"""What the desk's commands share: the workspace's option, Django started on it."""

from __future__ import annotations

import os
from pathlib import Path

import click


def open_workspace(workspace: Path | None) -> None:
    """Point the desk's settings at a workspace and start Django."""
    if workspace is not None:
        os.environ["GOODOFFICES_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodoffices.desk.settings")
    import django

    django.setup()


workspace_option = click.option(
    "--workspace", type=click.Path(path_type=Path, file_okay=False), help="Folder of the database, the log, the vault."
)
