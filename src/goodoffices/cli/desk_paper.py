"""goodoffices desk pack: the papers of one day in one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from goodoffices.cli.workspace import open_desk, workspace_option
from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.write import write_whole


@click.command()
@workspace_option
@click.option("--date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day, by the clock of the place.")
@click.option("--member", default="", metavar="USERNAME", help="Whose papers; without it the desk's own, all of them.")
@click.option("--language", type=click.Choice(["en", "uk", "ru", "tr"]), default="en", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .pdf or a .zip.")
def pack(workspace: Path | None, date: dt.datetime, member: str, language: str, out: Path) -> None:
    """Write the papers of one day, a side's own or all of the desk's, as one PDF or ZIP.

    Example: goodoffices desk pack --workspace workspace/desk --date 2026-08-14 --out PACK.zip

    \f

    Raises
    ------
    InputError
        If there is no such member, no transfer on this day, or the file is neither PDF nor ZIP.
    """
    if out.suffix not in {".pdf", ".zip"}:
        raise InputError(Fault("--out", "", "", out.suffix or "no ending", ".pdf or .zip"))
    open_desk(workspace)
    from django.utils import timezone

    from goodoffices.desk.handover.papers import pack_of, printer
    from goodoffices.formats.pack import pack_pdf, pack_zip
    from goodoffices.formats.words import Language

    made = pack_of(printer(member), date.date(), language=Language(language), at=timezone.now())
    if made is None:
        raise InputError(Fault("--date", "", "", f"{date.date()}, no transfer", "a day with a transfer"))
    write_whole(out, (pack_pdf if out.suffix == ".pdf" else pack_zip)(made, Language(language)))
    click.echo(f"{len(made.items)} papers: {out}")


COMMANDS = {"pack": pack}
