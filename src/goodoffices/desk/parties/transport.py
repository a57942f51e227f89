"""Programs that come without TLS are told so; only people are led to the address with it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
