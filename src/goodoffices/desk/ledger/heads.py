"""Puts the log's head on every request, for the foot of the page; read anew only when the file has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.log import HEAD


@dataclass(frozen=True, slots=True)
class FootHead:
    """Size, and the beginning of the root."""

    size: int
    root: str


class HeadMiddleware:
    """Gives `request.head`; None where there is no log yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on with the head."""
        path = settings.WORKSPACE / "log" / HEAD
        try:
            mark = path.stat()
            request.head = _read(path, mark.st_mtime_ns, mark.st_ino)  # type: ignore[attr-defined]
        except OSError:
            request.head = None  # type: ignore[attr-defined]
        return self.get_response(request)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _file: int) -> FootHead:
    head = Checkpoint.parse(path.read_text(encoding="utf-8").partition("\n\n")[0] + "\n")
    root = head.root.hex()
    return FootHead(head.size, " ".join(root[place : place + 4] for place in range(0, 16, 4)))
