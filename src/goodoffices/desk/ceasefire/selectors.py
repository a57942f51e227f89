"""Reads of ceasefires: the window for all who take part, ground and plans for the planner's own party alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.ceasefire.models import Ceasefire, Ground, Incident, MapLayer, Offer, Plan, Sighting
from goodoffices.desk.parties.selectors import sides
from goodoffices.domain.errors import NotYoursError

PLAN, WINDOW, INCIDENT = "ceasefire", "ceasefire_window", "incident"
PLANS = "ceasefire_plan"
"""What the planners keep of a window, as a purpose that ends: not `ceasefire`, whose statements the record keeps."""
ENDED = ("closed", "reported")
RUNNING = ("open", "extended", "broken")


def window_thing(found: Ceasefire) -> Thing:
    """State what is true of a window."""
    facts = {"ended"} if found.state in ENDED else set()
    return Thing(WINDOW, "", frozenset(facts | ({"published"} if found.published else set())))


def ceasefires(viewer: Viewer) -> list[Ceasefire]:
    """Give every window the viewer may read, the latest first."""
    return [one for one in Ceasefire.objects.order_by("-starts_at") if may(viewer, "read", window_thing(one))]


def ceasefire_of(viewer: Viewer, key: str, verb: str = "read") -> Ceasefire:
    """Give one window.

    Raises
    ------
    NotYoursError
        If there is none for this viewer.
    """
    found = Ceasefire.objects.filter(id=key).first()
    if found is None:
        raise NotYoursError("no such window")
    require(viewer, verb, window_thing(found))
    return found


def latest_offer(found: Ceasefire) -> Offer:
    """Give the offer that lies on the table, or was agreed last.

    Raises
    ------
    NotYoursError
        If there is none.
    """
    offer = found.offers.order_by("-number").select_related("party").first()
    if offer is None:
        raise NotYoursError("no offer")
    return offer


def given(offer: Offer, kind: str) -> dict[str, dt.datetime]:
    """Give side to when it gave this word."""
    return {one.party_id: one.at for one in offer.assurances.filter(kind=kind)}


def has_all(offer: Offer, kind: str) -> bool:
    """Whether every side gave its word."""
    return set(given(offer, kind)) == {side.code for side in sides()}


def own_ground(viewer: Viewer, found: Ceasefire) -> Ground | None:
    """Give the latest ground of the viewer's own party."""
    require(viewer, "read", Thing(PLAN, viewer.party))
    return found.grounds.filter(party=viewer.party).order_by("-at").first()


def own_layers(viewer: Viewer, found: Ceasefire) -> list[MapLayer]:
    """Give the layers of the viewer's own party, the first lowest."""
    require(viewer, "read", Thing(PLAN, viewer.party))
    return list(found.layers.filter(party=viewer.party).order_by("at", "id"))


def own_layer(viewer: Viewer, found: Ceasefire, key: str, verb: str) -> MapLayer:
    """Give one layer of the viewer's own party.

    Raises
    ------
    NotYoursError
        If there is none for this viewer.
    """
    require(viewer, verb, Thing(PLAN, viewer.party))
    row = found.layers.filter(party=viewer.party, id=key).first()
    if row is None:
        raise NotYoursError("no such layer")
    return row


def own_plan(viewer: Viewer, found: Ceasefire, key: str = "", *, verb: str = "read") -> Plan | None:
    """Give a plan of the viewer's own party: the one named, or the latest.

    Raises
    ------
    NotYoursError
        If the one named is not his.
    """
    require(viewer, verb, Thing(PLAN, viewer.party))
    plans = found.plans.filter(party=viewer.party).select_related("ground", "ceasefire")
    plan = plans.filter(id=key).first() if key else plans.order_by("-number").first()
    if key and plan is None:
        raise NotYoursError("no such plan")
    return plan


def incident_thing(found: Incident) -> Thing:
    """State what is true of an incident."""
    return Thing(INCIDENT, found.party_id, frozenset({"notified"} if found.notified_at else ()))


def incidents(viewer: Viewer, found: Ceasefire) -> list[Incident]:
    """Give the incidents the viewer may read, the latest first."""
    rows = found.incidents.select_related("party").order_by("-number")
    return [one for one in rows if may(viewer, "read", incident_thing(one))]


def incident_of(viewer: Viewer, found: Ceasefire, key: str, verb: str = "read") -> Incident:
    """Give one incident.

    Raises
    ------
    NotYoursError
        If there is none for this viewer.
    """
    row = found.incidents.select_related("party").filter(id=key).first()
    if row is None:
        raise NotYoursError("no such incident")
    require(viewer, "read", incident_thing(row))
    require(viewer, verb, incident_thing(row))
    return row


def rows_of_window(key: str) -> tuple[QuerySet[Any], ...]:
    """Give what the planners keep of one window, or of all for an empty key, in the order in which it can be erased."""
    return (
        MapLayer.objects.filter(ceasefire=key) if key else MapLayer.objects.all(),
        Sighting.objects.filter(plan__ceasefire=key) if key else Sighting.objects.all(),
        Plan.objects.filter(ceasefire=key) if key else Plan.objects.all(),
        Ground.objects.filter(ceasefire=key) if key else Ground.objects.all(),
    )


VERBS = {
    "notify": "write", "acknowledge": "acknowledge", "deny_access": "verify", "verify": "verify", "find": "verify",
    "find_nothing": "verify", "close": "write",
}  # fmt: skip
"""Act on an incident to the verb of the table that it needs."""
