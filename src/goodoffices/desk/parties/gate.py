"""The gate: who has no second factor sees nothing but the pages on which to set one up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from goodoffices.desk.parties.doors import factors

DEMO_DOOR = "demo_door"
ENROL = "mfa_index"
# Names of the addresses open to a member who has come in but has no second factor yet.
ENROLMENT = frozenset(
    {
        ENROL,
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    }
)
_SEEN_EVERY = dt.timedelta(minutes=5)
IDLE = dt.timedelta(hours=1)
LONGEST = dt.timedelta(hours=12)


def is_through(request: HttpRequest) -> bool:
    """Whether the member of this session has a second factor, or came by the demo's door while there is one."""
    if settings.DEMO and request.session.get(DEMO_DOOR):
        return True
    return request.user.is_authenticated and bool(factors(request.user))


class GateMiddleware:
    """Ends sessions that are old or idle, and leads members without second factor to their enrolment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End or note the session, then answer."""
        if request.user.is_authenticated and request.session.session_key:
            _end_or_note(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Let through, or lead to the enrolment: for every address and verb alike."""
        if not request.user.is_authenticated or request.viewer.user:  # type: ignore[attr-defined]
            return None
        match = request.resolver_match
        if match is not None and match.url_name in ENROLMENT:
            return None
        return HttpResponseRedirect(reverse(ENROL))


def _end_or_note(request: HttpRequest) -> None:
    """End a session after an hour without use or twelve hours in all; note seldom, so that a read stays a read."""
    now = timezone.now()
    row = UserSession.objects.filter(session_key=request.session.session_key).first()
    if row is not None and (now - row.last_seen_at > IDLE or now - row.created_at > LONGEST):
        row.delete()
        logout(request)
    elif row is None or now - row.last_seen_at > _SEEN_EVERY:
        UserSession.objects.create_from_request(request)
