"""What stays the same all through one request is read once: kept with the request, and gone with it.

Outside a request (the worker, a command) nothing is kept. Whoever changes what is kept calls `forget`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponse

_T = TypeVar("_T")
_KEPT: ContextVar[dict[object, object] | None] = ContextVar("kept", default=None)


def once_a_request(read: Callable[[], _T]) -> Callable[[], _T]:
    """Make a read of the database that is asked again and again one read a request."""

    @wraps(read)
    def asked() -> _T:
        return remembered(read, read)

    return asked


def remembered(key: Hashable, read: Callable[[], _T]) -> _T:
    """Give what was read under a key in this request, or read it."""
    kept = _KEPT.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast("_T", kept[key])


def note(key: Hashable) -> None:
    """Note that something was met in this request."""
    remembered(key, lambda: True)


def was_noted(key: Hashable) -> bool:
    """Whether it was met in this request."""
    return key in (_KEPT.get() or {})


def forget(**_: object) -> None:
    """Drop what was read so far in this request."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()


class RememberMiddleware:
    """Begins and ends what one request keeps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with an empty memory."""
        before = _KEPT.set({})
        try:
            return self.get_response(request)
        finally:
            _KEPT.reset(before)
