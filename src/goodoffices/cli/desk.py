"""goodoffices desk: the desk in a browser, from one folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from goodoffices.cli import desk_open, desk_paper, desk_people, desk_texts, keeping
from goodoffices.cli.keeper import Keeper
from goodoffices.cli.workspace import open_workspace, workspace_option
from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.wipe import PIDS


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
        _need_process()
    from goodoffices.desk.parties.checks import old_sqlite

    if version := old_sqlite():
        click.echo(f"desk: SQLite {version} has a rare fault of its write-ahead log, mended in 3.51.3", err=True)
    noted = settings.WORKSPACE / PIDS

    def note(worker: int) -> None:
        noted.write_text(f"{os.getpid()} {worker}\n", encoding="ascii")

    worker = Keeper([sys.executable, "-m", "goodoffices.cli.main", "worker"], note)
    click.echo(f"Open http://{host}:{port}/ in a browser; stop with Ctrl-C.")
    try:
        _serve(f"{host}:{port}", threads, processes)
    finally:
        worker.stop()
        noted.unlink(missing_ok=True)


@command.command()
@workspace_option
def prepare(workspace: Path | None) -> None:
    """Make a workspace ready without serving it, and print what is in it as JSON.

    Example: goodoffices desk prepare --workspace workspace/desk
    """
    import json

    open_workspace(workspace)
    from django.conf import settings

    from goodoffices.desk import demo

    if settings.DEMO:
        demo.build(lambda what: click.echo(f"desk: {what}", err=True))
    else:
        keeping.prepare_tables()
    click.echo(json.dumps(demo.counts()))


def _need_process() -> None:
    """Refuse to serve a desk that was not opened: every page would fail.

    Raises
    ------
    InputError
        If there is no process.
    """
    from django.conf import settings

    from goodoffices.desk.parties.models import Process

    if not Process.objects.exists():
        raise InputError(
            Fault(
                str(settings.WORKSPACE), "", "", "no process", "a desk that was opened: `goodoffices desk open` first"
            )
        )


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


_COMMANDS = desk_open.COMMANDS | keeping.COMMANDS | desk_people.COMMANDS | desk_paper.COMMANDS | desk_texts.COMMANDS
for _name, _command in _COMMANDS.items():
    command.add_command(_command, _name)
