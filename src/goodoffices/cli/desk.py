"""goodoffices desk: the desk in a browser, from one folder."""

from __future__ import annotations

import os
import subprocess
import sys
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
        from goodoffices.desk.demo import prepare

        prepare()
    worker = subprocess.Popen([sys.executable, "-m", "goodoffices.cli.main", "worker"])
    click.echo(f"Open http://{host}:{port}/ in a browser; stop with Ctrl-C.")
    try:
        _serve(f"{host}:{port}", threads, processes)
    finally:
        worker.terminate()
        worker.wait(10)


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
