"""Ceasefires for tests: a window proposed, assured, planned; the way the pages do."""

import datetime as dt

from django.utils import timezone

from goodoffices.desk.ceasefire import demo, services
from goodoffices.desk.ceasefire.models import Ceasefire
from tests.desk.conftest import viewer

SECRETARIAT = "secretariat-1"


def proposed(**named):
    """Give a window that one side has proposed."""
    return demo.proposed(timezone.now(), **named)


def assured(**named):
    """Give a window that every side has assured."""
    return demo.assured(timezone.now(), **named)


def opened(hours_ago=1):
    """Give a window that is open since an hour."""
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=hours_ago)
    found = assured(starts_at=start)
    services.state_step(ceasefire=found, event="open", by=viewer(SECRETARIAT), at=timezone.now())
    return Ceasefire.objects.get(id=found.id)


def planned(found, username="planner-ua"):
    """Let a planner take an invented ground and plan it."""
    demo.planned(found, username, timezone.now(), seconds=0.4)
    return found.plans.filter(party=viewer(username).party).order_by("-number").first()


def alleged(found, username="side-ua-1", *, notified=False):
    """Let a member report an incident; notified to the other side if asked."""
    row = services.incident_make(
        ceasefire=found, kind="access_denied", happened_at=timezone.now(),
        told={"place": "crossing seven", "team": "a1", "told": "not let through"}, by=viewer(username),
        at=timezone.now(),
    )  # fmt: skip
    if notified:
        services.incident_step(incident=row, event="notify", note="", by=viewer(SECRETARIAT), at=timezone.now())
    return row
