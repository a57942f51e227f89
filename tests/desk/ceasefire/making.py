"""Ceasefires for tests: a window proposed, assured, planned; the way the pages do."""

import datetime as dt

from django.utils import timezone

from goodoffices.desk.ceasefire import demo, page, services
from goodoffices.desk.ceasefire.models import Ceasefire, Ground, Incident, MapLayer, Plan
from goodoffices.desk.ids import new_id
from goodoffices.desk.parties.models import User
from goodoffices.domain.visits import VisitPlan
from goodoffices.formats.visits import write_plan
from goodoffices.formats.window import read_window
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


def bare_plan(found, party):
    """Give a party's ground with a plan on which nobody goes out: rows alone, nothing searched."""
    now, by = timezone.now(), User.objects.get(username="planner-ua")
    body = page.invented(found, party).decode()
    ground = Ground.objects.create(
        id=new_id(), ceasefire=found, party_id=party, body=body, sites=0, teams=0, by=by, at=now
    )
    plan = write_plan(read_window(body.encode()), VisitPlan((), (), (), (), 60)).decode()
    return Plan.objects.create(
        id=new_id(), ceasefire=found, party_id=party, ground=ground, number=1, body=plan, sha256="0" * 64,
        job=new_id(), at=now,
    )  # fmt: skip


def bare_layer(found, party):
    """Give a party's layer: rows alone."""
    now, by = timezone.now(), User.objects.get(username="planner-ua")
    body = {"name": "n", "shapes": [["point", [[[0.5, 0.0]]], "well"]], "points": 1}
    return MapLayer.objects.create(id=new_id(), ceasefire=found, party_id=party, body=body, by=by, at=now)


def bare_incident(found, party):
    """Give an incident that a party alleges and nobody was notified of."""
    now, by = timezone.now(), User.objects.get(username="secretariat-1")
    return Incident.objects.create(
        id=new_id(), ceasefire=found, number=1, party_id=party, kind="other", happened_at=now,
        told={"place": "p", "team": "", "told": "t"}, by=by, at=now,
    )  # fmt: skip
