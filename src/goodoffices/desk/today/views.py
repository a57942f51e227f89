"""Today, the digest, what one's party has done, and the guided walk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Role
from goodoffices.desk.http import guard, show, viewer_of
from goodoffices.desk.ledger.selectors import may_read
from goodoffices.desk.today import selectors, services

PART = "desk_today"


def today(request: HttpRequest) -> HttpResponse:
    """Show one screen per role; the public is led to the results."""
    viewer = viewer_of(request)
    if viewer.role is Role.PUBLIC:
        return HttpResponseRedirect("/results")
    now = timezone.now()
    visit = services.visit_note(by=viewer, at=now)
    columns = selectors.notices(viewer, now, visit.since)
    return show(request, "today/today.html", {"columns": columns, "visit": visit}, part=PART)


@guard("today", "read")
def digest(request: HttpRequest) -> HttpResponse:
    """Show the same on one page for print: what a tired officer takes along."""
    viewer, now = viewer_of(request), timezone.now()
    columns = selectors.notices(viewer, now, now - services.DIGEST)
    return show(request, "today/digest.html", {"columns": columns}, part=PART)


@guard("today", "read")
def history(request: HttpRequest) -> HttpResponse:
    """Show what members of one's own party have written to the record."""
    page = request.GET.get("page", "1")
    found = selectors.done_by_party(viewer_of(request), int(page) if page.isdecimal() and len(page) < 8 else 1)
    rows = [(row, may_read(viewer_of(request), row)) for row in found]
    return show(request, "today/history.html", {"page": found, "rows": rows}, part=PART)


def walk(request: HttpRequest) -> HttpResponse:
    """Show a newcomer the way from round to result in ten steps."""
    return show(request, "today/walk.html", {"steps": selectors.walk()}, part=PART)
