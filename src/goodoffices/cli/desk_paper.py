"""goodoffices desk pack: the papers of one day in one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from goodoffices.cli.workspace import open_desk, workspace_option
from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.write import write_whole


@click.command()
@workspace_option
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day, by the clock of the place; else tomorrow.")
@click.option("--member", default="", metavar="USERNAME", help="Whose papers; without it the desk's own, all of them.")
@click.option("--language", type=click.Choice(["en", "uk", "ru", "tr"]), default="en", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .pdf or a .zip.")
def pack(workspace: Path | None, date: dt.datetime | None, member: str, language: str, out: Path) -> None:
    """Write the papers of one day, a side's own or all of the desk's, as one PDF or ZIP.

    Example: goodoffices desk pack --workspace workspace/desk --out TOMORROW.zip

    \f

    Raises
    ------
    InputError
        If there is no such member, nothing to print on this day, or the file is neither PDF nor ZIP.
    """
    if out.suffix not in {".pdf", ".zip"}:
        raise InputError(Fault("--out", "", "", out.suffix or "no ending", ".pdf or .zip"))
    open_desk(workspace)
    from django.utils import timezone

    from goodoffices.desk.handover.papers import pack_of, printer
    from goodoffices.desk.parties.selectors import process
    from goodoffices.formats.pack import pack_pdf, pack_zip
    from goodoffices.formats.words import Language

    at = timezone.now()
    day = date.date() if date else at.astimezone(ZoneInfo(process().zone)).date() + dt.timedelta(days=1)
    made = pack_of(printer(member), day, language=Language(language), at=at, with_files=out.suffix == ".zip")
    if made is None:
        expected = "a day with a transfer, a sitting or a ceasefire, or a silence that runs"
        raise InputError(Fault("--date", "", "", f"{day}, nothing to print", expected))
    write_whole(out, (pack_pdf if out.suffix == ".pdf" else pack_zip)(made, Language(language)))
    click.echo(f"{len(made.items)} papers of {day}: {out}")


COMMANDS = {"pack": pack}
