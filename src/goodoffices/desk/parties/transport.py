"""What is refused before any room sees it: a program without TLS, a character that no text has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from goodoffices.desk.http import told, viewer_of

_FOR_PROGRAMS = "/record/log/"
_ENDINGS = (".json", ".csv", ".xlsx", ".xml", ".atom", ".ics", ".zip", ".txt")


class NoQuietRedirect:
    """Refuses in clear what a person at a browser does not ask: a program would go on sending in clear, unseen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 403 to a program without TLS, else pass on."""
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not _of_program(request):
            return self.get_response(request)
        return HttpResponse("HTTPS only\n", status=403, content_type="text/plain; charset=utf-8")


def _of_program(request: HttpRequest) -> bool:
    path = request.path
    return request.method not in {"GET", "HEAD"} or path.startswith(_FOR_PROGRAMS) or path.endswith(_ENDINGS)


class NoNoughtMiddleware:
    """Refuses a character of nought in an address or a form: no text has one, and PostgreSQL fails on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Say 400 before any room looks something up by it; of a stranger's forms none is read here."""
        given = [request.path, *(text for pair in _pairs(request.GET) for text in pair)]
        if viewer_of(request).user and request.method == "POST" and request.content_type in _FORMS:
            given += [text for pair in _pairs(request.POST) for text in pair]
        return told(request, "error_400", status=400) if any("\0" in text for text in given) else None


_FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


def _pairs(given: QueryDict) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in given.lists() for value in values]
