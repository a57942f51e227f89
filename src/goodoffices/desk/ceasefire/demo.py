"""The demo's ceasefire: a window for tomorrow that both sides have assured, a plan of each planner, one incident."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from goodoffices.desk.ceasefire import groundservices, page, selectors, services
from goodoffices.desk.ceasefire.groundservices import Sent
from goodoffices.desk.ceasefire.models import Ceasefire
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.desk.talks.demo import viewer_of

HOURS = 12


def fill(workspace: Path, at: dt.datetime) -> None:
    """Agree and assure a window, let each planner plan his own part, allege that access was denied."""
    del workspace
    found = assured(at)
    for side in sides():
        planner = f"planner-{side.code.lower()}"
        planned(found, planner, at, seconds=1, roads=True)
        layered(found, planner, at)
    first = sides()[0].code.lower()
    incident = services.incident_make(
        ceasefire=found, kind="access_denied", happened_at=at,
        told={"place": "crossing c2 (invented)", "team": "a1", "told": "The advance team was not let through."},
        by=viewer_of(f"side-{first}-1"), at=at,
    )  # fmt: skip
    services.incident_step(incident=incident, event="notify", note="", by=viewer_of("secretariat-1"), at=at)


def assured(at: dt.datetime, *, starts_at: dt.datetime | None = None) -> Ceasefire:
    """Propose a window for tomorrow morning; both sides agree and assure it."""
    first, second = (viewer_of(f"side-{side.code.lower()}-1") for side in sides())
    found = proposed(at, starts_at=starts_at)
    offer = selectors.latest_offer(found)
    services.word_give(offer=offer, kind="agree", by=second, at=at)
    for by in (first, second):
        offer = selectors.latest_offer(Ceasefire.objects.get(id=found.id))
        services.word_give(offer=offer, kind="assure", by=by, at=at)
    return Ceasefire.objects.get(id=found.id)


def proposed(at: dt.datetime, *, starts_at: dt.datetime | None = None) -> Ceasefire:
    """Let the first side propose a window."""
    zone = ZoneInfo(process().zone)
    day = (at.astimezone(zone) + dt.timedelta(days=1)).date()
    start = starts_at or dt.datetime.combine(day, dt.time(6), tzinfo=zone)
    return services.window_propose(
        title="Wounded and dead along the line (invented ground)", starts_at=start,
        ends_at=start + dt.timedelta(hours=HOURS), zone=process().zone,
        area="Twelve kilometres on either side of the line of contact, between crossings c1 and c4 (invented).",
        purpose="wounded_and_bodies", by=viewer_of(f"side-{sides()[0].code.lower()}-1"), at=at,
    )  # fmt: skip


def layered(found: Ceasefire, username: str, at: dt.datetime) -> None:
    """Let a planner put an invented layer on his own map."""
    by = viewer_of(username)
    sent = Sent("layer.geojson", page.invented_layer(by.party))
    row = groundservices.layer_read(ceasefire=found, sent=sent, name="River and wood (invented)", by=by, at=at)
    groundservices.layer_take(row=row, by=by)


def planned(found: Ceasefire, username: str, at: dt.datetime, *, seconds: float, roads: bool = False) -> None:
    """Let a planner take the invented ground and plan it to a promised chance."""
    by = viewer_of(username)
    data, sent = page.invented(found, by.party), Sent("roads.geojson", page.invented_roads(by.party)) if roads else None
    read = groundservices.ground_read(ceasefire=found, data=data, roads=sent, by=by, at=at)
    ground = groundservices.ground_take(row=read, by=by)
    services.plan_ask(ground=ground, by=by, at=at, wish={"chance": 0.95, "seconds": seconds})
    while run_one():
        pass
