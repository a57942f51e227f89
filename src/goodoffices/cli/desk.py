"""goodoffices desk: the desk in a browser, from one folder."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import click

from goodoffices.cli import keeping
from goodoffices.cli.workspace import open_workspace, workspace_option
from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.wipe import PIDS
from goodoffices.store.write import write_whole


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8400, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@workspace_option
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Requests answered at once, per process.",
)
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 32), help="Processes that answer.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, workspace: Path | None, threads: int, processes: int) -> None:
    """Open the desk in a browser; a workspace that is not there yet becomes a demo with one login per role.

    Example: goodoffices desk --workspace workspace/desk --port 8400
    """
    if ctx.invoked_subcommand is not None:
        return
    open_workspace(workspace)
    from django.conf import settings

    if settings.DEMO:
        from goodoffices.desk.demo import build

        build(lambda what: click.echo(f"desk: {what}", err=True))
    else:
        keeping.prepare_tables()
    worker = subprocess.Popen([sys.executable, "-m", "goodoffices.cli.main", "worker"])
    (settings.WORKSPACE / PIDS).write_text(f"{os.getpid()} {worker.pid}\n", encoding="ascii")
    click.echo(f"Open http://{host}:{port}/ in a browser; stop with Ctrl-C.")
    try:
        _serve(f"{host}:{port}", threads, processes)
    finally:
        (settings.WORKSPACE / PIDS).unlink(missing_ok=True)
        worker.terminate()
        worker.wait(10)


@command.command(
    help="""Write the papers of one day, for a party or for the desk, as one PDF or ZIP.

Example: goodoffices desk pack --workspace workspace/desk --date 2026-08-14 --out PACK.zip"""
)
@workspace_option
@click.option("--date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day, by the clock of the place.")
@click.option("--member", default="", metavar="USERNAME", help="Whose papers; without it the desk's own, all of them.")
@click.option("--language", type=click.Choice(["en", "uk", "ru", "tr"]), default="en", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .pdf or a .zip.")
def pack(workspace: Path | None, date: dt.datetime, member: str, language: str, out: Path) -> None:
    """Write the pack of a day.

    Raises
    ------
    InputError
        If there is no such member, no transfer on this day, or the file is neither PDF nor ZIP.
    """
    if out.suffix not in {".pdf", ".zip"}:
        raise InputError(Fault("--out", "", "", out.suffix or "no ending", ".pdf or .zip"))
    open_workspace(workspace)
    from django.utils import timezone

    from goodoffices.desk.handover.papers import pack_of, printer
    from goodoffices.formats.pack import pack_pdf, pack_zip
    from goodoffices.formats.words import Language

    made = pack_of(printer(member), date.date(), language=Language(language), at=timezone.now())
    if made is None:
        raise InputError(Fault("--date", "", "", f"{date.date()}, no transfer", "a day with a transfer"))
    write_whole(out, (pack_pdf if out.suffix == ".pdf" else pack_zip)(made, Language(language)))
    click.echo(f"{len(made.items)} papers: {out}")


def _serve(bind: str, threads: int, processes: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with our settings and no file of its own."""

        def load_config(self) -> None:
            """Set what we need."""
            for name, value in {
                "bind": bind,
                "threads": threads,
                "workers": processes,
                "worker_class": "gthread",
                "timeout": 60,
                "accesslog": None,
                "errorlog": "-",
                "loglevel": "warning",
                "control_socket_disable": True,
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> object:
            """Give the application."""
            from goodoffices.desk.wsgi import application

            return application

    Server().run()


for _name, _command in keeping.COMMANDS.items():
    command.add_command(_command, _name)
