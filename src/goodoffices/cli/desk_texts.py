"""goodoffices desk texts: unofficial translations of a process's own names and titles, for its desk."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.workspace import open_workspace, workspace_option


@click.command()
@workspace_option
@click.argument("texts", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def texts(workspace: Path | None, texts: Path) -> None:
    """Take TEXTS.toml as the translations of this desk's process, in place of those before; say what has none.

    Example: goodoffices desk texts TEXTS.toml --workspace workspace/desk

    \f

    Raises
    ------
    InputError
        If the file has another form.
    """
    open_workspace(workspace)
    from goodoffices.desk.frame.told import texts_keep

    for language, names in texts_keep(texts.read_bytes(), file=str(texts)).items():
        click.echo(
            f"{language}: {len(names)} names and titles without a translation" if names else f"{language}: whole"
        )
        for name in names:
            click.echo(f"    {name}")


COMMANDS = {"texts": texts}
