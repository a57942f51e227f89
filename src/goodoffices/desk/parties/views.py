"""Doors: the page that lets in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from goodoffices.desk.http import show
from goodoffices.desk.parties.models import User

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def enter(request: HttpRequest) -> HttpResponse:
    """Show the door; in the demo, one button a role."""
    members = (
        User.objects.filter(is_active=True).select_related("party").order_by("role", "username")
        if settings.DEMO
        else ()
    )
    return show(request, "parties/enter.html", {"members": members}, part="desk_parties")


def demo_enter(request: HttpRequest, username: str) -> HttpResponse:
    """Let in as a demo member, without password; there is no such door outside the demo.

    Raises
    ------
    Http404
        Outside the demo, or if there is no such member.
    """
    if not settings.DEMO or request.method != "POST":
        raise Http404
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return HttpResponseRedirect("/")
