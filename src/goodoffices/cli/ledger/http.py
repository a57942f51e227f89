"""add-checkpoint over HTTP: a witness that answers, and the log that asks."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import click

from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.ledger.witness import SIZE_TYPE, Answer

_LARGEST_BODY = 65_536
_SECONDS = 30


def send(url: str, body: bytes) -> tuple[int, bytes]:
    """Send a request to a witness and give status and body.

    Raises
    ------
    InputError
        If the address is no http address or nobody answers there.
    """
    if not url.startswith(("http://", "https://")):
        raise InputError(Fault("--url", "", "", repr(url), "http://HOST:PORT/add-checkpoint"))
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=_SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read(_LARGEST_BODY)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(_LARGEST_BODY)
    except (OSError, ValueError) as error:
        raise InputError(Fault("--url", "", "", f"{url}: {error}", "a witness that answers")) from error


def witness_server(address: str, reply: Callable[[bytes], Answer]) -> HTTPServer:
    """Make a server that answers one request at a time.

    Raises
    ------
    InputError
        If the address cannot be used.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdecimal() or int(length) > _LARGEST_BODY:
                self.send_error(404 if self.path != "/add-checkpoint" else 413)
                return
            found = reply(self.rfile.read(int(length)))
            body = found.body or f"{found.why}\n".encode()
            self.send_response(found.status)
            self.send_header("Content-Type", SIZE_TYPE if found.status == 409 else "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    host, _, port = address.rpartition(":")
    try:
        return HTTPServer((host.strip("[]") or "127.0.0.1", int(port)), Handler)
    except (OSError, ValueError, OverflowError) as error:
        raise InputError(Fault("--serve", "", "", f"{address}: {error}", "HOST:PORT")) from error


def serve_witness(address: str, reply: Callable[[bytes], Answer]) -> None:
    """Answer until stopped."""
    with witness_server(address, reply) as server:
        click.echo(f"witness at http://{address}/add-checkpoint; Ctrl-C stops it", err=True)
        server.serve_forever()
