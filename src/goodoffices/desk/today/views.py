"""Today: what waits, what falls due, what changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Role
from goodoffices.desk.http import show, viewer_of
from goodoffices.desk.notices import gather


def today(request: HttpRequest) -> HttpResponse:
    """Show one screen per role; the public is led to the results."""
    viewer = viewer_of(request)
    if viewer.role is Role.PUBLIC:
        return HttpResponseRedirect("/results")
    return show(request, "today/today.html", {"columns": gather(viewer, timezone.now())}, part="desk_today")
