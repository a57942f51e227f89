"""Finds out who looks, in which language and zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.parties.gate import is_through

LANGUAGE_COOKIE = "__Host-language" if settings.TLS else "language"
_CODES = {code for code, _ in settings.LANGUAGES}


class ReaderMiddleware:
    """Puts the viewer on the request and activates language and zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the viewer, answer, and remember a language that was asked for."""
        asked = request.GET.get("lang", "")
        language = asked if asked in _CODES else _language(request)
        request.viewer = _viewer(request, language)  # type: ignore[attr-defined]
        zone = ZoneInfo(request.viewer.zone)  # type: ignore[attr-defined]
        with translation.override(language), timezone.override(zone):
            answer = self.get_response(request)
        if asked in _CODES:
            answer.set_cookie(
                LANGUAGE_COOKIE,
                asked,
                max_age=dt.timedelta(days=365),
                samesite="Lax",
                httponly=True,
                secure=settings.TLS,
            )
        answer["Content-Language"] = language
        return answer


def _language(request: HttpRequest) -> str:
    """Take the cookie's language, else the account's, else the browser's."""
    kept = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if kept in _CODES:
        return kept
    if request.user.is_authenticated:
        return request.user.language
    return translation.get_language_from_request(request)


def _viewer(request: HttpRequest, language: str) -> Viewer:
    user = request.user  # has a mandate in force: the backend asks at every request
    if not user.is_authenticated or not is_through(request):
        return Viewer(Role.PUBLIC, language=language)
    return Viewer(Role(user.role), user.party_id, user.id, language, user.zone)
