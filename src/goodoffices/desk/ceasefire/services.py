"""Writes of ceasefires: windows and words on them, grounds, work asked for, sightings, incidents, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ceasefire import selectors
from goodoffices.desk.ceasefire.models import (
    PURPOSES,
    Assurance,
    Ceasefire,
    Ground,
    Incident,
    Offer,
    Plan,
    Report,
    Sighting,
    Step,
)
from goodoffices.desk.ceasefire.records import replanned
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.jobs.work import ask
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.engines.talks.states import TABLES, Noun, step

MAKE, REPLAN, REHEARSE = "ceasefire_plan", "ceasefire_replan", "ceasefire_rehearse"
SECONDS, MOST_SECONDS = 5, 120
_SKEW = dt.timedelta(minutes=5)
"""How far a reporter's clock may be ahead."""


def window_propose(
    *, title: str, starts_at: dt.datetime, ends_at: dt.datetime, zone: str, area: str, purpose: str, by: Viewer,
    at: dt.datetime,
) -> Ceasefire:  # fmt: skip
    """Propose a window; the proposer's side agrees to it by that.

    Raises
    ------
    InputError
        If it ends before it begins, or begins in the past.
    """
    require(by, "propose", Thing(selectors.WINDOW))
    _check(starts_at, ends_at, purpose)
    found = Ceasefire.objects.create(
        title=title, starts_at=starts_at, ends_at=ends_at, zone=zone, area=area, purpose=purpose, at=at
    )
    _offer(found, starts_at, ends_at, area, purpose, by=by, at=at, extends=False)
    return found


def _check(starts_at: dt.datetime, ends_at: dt.datetime, purpose: str) -> None:
    if ends_at <= starts_at:
        raise InputError(Fault("", "", "ends_at", ends_at.isoformat(), f"later than {starts_at.isoformat()}"))
    if purpose not in PURPOSES:
        raise InputError(Fault("", "", "purpose", purpose, ", ".join(PURPOSES)))


def offer_make(
    *, ceasefire: Ceasefire, starts_at: dt.datetime, ends_at: dt.datetime, area: str, purpose: str, by: Viewer,
    at: dt.datetime,
) -> Offer:  # fmt: skip
    """Propose another window before one is agreed, or, while one is open, a later end.

    Raises
    ------
    TransitionError
        If the window stands where neither can be proposed.
    InputError
        If the times do not fit.
    """
    require(by, "propose", Thing(selectors.WINDOW))
    _check(starts_at, ends_at, purpose)
    if ceasefire.state == "proposed":
        return _offer(ceasefire, starts_at, ends_at, area, purpose, by=by, at=at, extends=False)
    if ceasefire.state != "open":
        raise TransitionError(f"{ceasefire.state}: nothing can be proposed")
    if ends_at <= ceasefire.ends_at:
        raise InputError(Fault("", "", "ends_at", ends_at.isoformat(), f"later than {ceasefire.ends_at.isoformat()}"))
    return _offer(
        ceasefire, ceasefire.starts_at, ends_at, ceasefire.area, ceasefire.purpose, by=by, at=at, extends=True
    )


def _offer(
    ceasefire: Ceasefire, starts_at: dt.datetime, ends_at: dt.datetime, area: str, purpose: str, *, by: Viewer,
    at: dt.datetime, extends: bool,
) -> Offer:  # fmt: skip
    last = ceasefire.offers.order_by("-number").values_list("number", flat=True).first() or 0
    offer = Offer.objects.create(
        ceasefire=ceasefire, number=last + 1, party_id=by.party, starts_at=starts_at, ends_at=ends_at, area=area,
        purpose=purpose, extends=extends, by_id=by.user, at=at,
    )  # fmt: skip
    if not extends:
        ceasefire.starts_at, ceasefire.ends_at, ceasefire.area, ceasefire.purpose = starts_at, ends_at, area, purpose
        ceasefire.save(update_fields=["starts_at", "ends_at", "area", "purpose"])
    _record("ceasefire_offer", ceasefire, {"offer": offer.number, **_span(offer)}, by=by, at=at)
    word_give(offer=offer, kind="agree", by=by, at=at)
    return offer


def _span(offer: Offer) -> dict[str, Json]:
    return {"from": offer.starts_at.isoformat(), "to": offer.ends_at.isoformat(), "purpose": offer.purpose}


def word_give(*, offer: Offer, kind: str, by: Viewer, at: dt.datetime) -> Ceasefire:
    """Agree to an offer, or assure an agreed window; when every side has, the window moves on. A repeat is harmless.

    Raises
    ------
    TransitionError
        If a later offer lies on the table, or it is not the time for this word.
    """
    require(by, "assure", Thing(selectors.WINDOW))
    found = offer.ceasefire
    if selectors.latest_offer(found).id != offer.id:
        raise TransitionError("another offer lies on the table now; read it first")
    if Assurance.objects.filter(offer=offer, party=by.party, kind=kind).exists():
        return found
    open_ = found.state == "open" and offer.extends if kind == "agree" else found.state == "window_agreed"
    if not (open_ or (kind == "agree" and found.state == "proposed")):
        raise TransitionError(f"{found.state}: not the time to {kind}")
    Assurance.objects.create(offer=offer, party_id=by.party, kind=kind, by_id=by.user, at=at)
    _record(f"ceasefire_{kind}", found, {"offer": offer.number}, by=by, at=at, roles=(by.party,))
    if not selectors.has_all(offer, kind):
        return found
    if offer.extends:
        found.ends_at = offer.ends_at
        found.save(update_fields=["ends_at"])
    event = "assure" if kind == "assure" else "extend" if offer.extends else "agree_window"
    _move(found, event)
    everyone = tuple(side.code for side in sides())
    _record(f"ceasefire_{found.state}", found, {"offer": offer.number, **_span(offer)}, by=by, at=at, roles=everyone)
    return found


def state_step(*, ceasefire: Ceasefire, event: str, by: Viewer, at: dt.datetime) -> Ceasefire:
    """Open, break, resume, close or withdraw a window.

    Raises
    ------
    TransitionError
        If its state does not allow the event, or only the sides or a report can bring it about.
    """
    require(by, "close" if event == "close" else "write", selectors.window_thing(ceasefire))
    if event not in {"open", "break", "resume", "close", "withdraw"}:
        raise TransitionError(f"{event}: the sides' own word, or a report, brings it about")
    _move(ceasefire, event)
    _record("ceasefire_state", ceasefire, {"event": event, "state": ceasefire.state}, by=by, at=at)
    return ceasefire


def _move(ceasefire: Ceasefire, event: str) -> None:
    after = step(Noun.CEASEFIRE, ceasefire.state, event)
    if not Ceasefire.objects.filter(id=ceasefire.id, state=ceasefire.state).update(state=after):
        raise TransitionError(f"{ceasefire.state}: somebody else was first")
    ceasefire.state = after


def plan_ask(*, ground: Ground, by: Viewer, at: dt.datetime, wish: Mapping[str, object]) -> Job:
    """Ask for a plan: to a promised chance, or with a margin and rule chosen from the frontier."""
    require(by, "plan", Thing(selectors.PLAN, ground.party_id))
    return ask(kind=MAKE, owner=ground.party_id, given={"ground": ground.id, **wish}, by=by, at=at)


def replan_ask(
    *, plan: Plan, state: bytes, take: str, seconds: int, by: Viewer, at: dt.datetime, late: Mapping[str, int]
) -> Job:
    """Ask for the rest of the day from how it stands."""
    require(by, "replan", Thing(selectors.PLAN, plan.party_id))
    given: dict[str, Json] = {
        "plan": plan.id, "state": state.decode(), "take": take, "seconds": seconds, "late": dict(late),
    }  # fmt: skip
    return ask(kind=REPLAN, owner=plan.party_id, given=given, by=by, at=at)


@transaction.atomic
def way_take(*, plan: Plan, name: str, by: Viewer, at: dt.datetime) -> Plan:
    """Go on the other way that was found for the rest of the day: a new plan, with nothing searched anew.

    Raises
    ------
    TransitionError
        If another plan is in force by now, or this is its way already.
    """
    require(by, "replan", Thing(selectors.PLAN, plan.party_id))
    Ceasefire.objects.select_for_update().get(id=plan.ceasefire_id)
    story = plan.story or {}
    ways = story.get("replan", [])
    if plan.before is None or name == story.get("taken") or name not in {way["name"] for way in ways}:
        raise TransitionError(f"{name}: no other way of this plan")
    last = plan.ceasefire.plans.filter(party=plan.party_id).order_by("-number").first()
    if last is None or last.id != plan.id:
        raise TransitionError("another plan is in force now")
    row = replanned(
        plan.before, ways, name, state=plan.state, job=new_id(), at=at, cards=story.get("cards", ())
    )  # fmt: skip
    row.number = plan.number + 1
    row.save(force_insert=True)
    return row


def rehearse_ask(*, plan: Plan, seed: int, by: Viewer, at: dt.datetime) -> Job:
    """Ask for another rehearsal, from another seed."""
    require(by, "rehearse", Thing(selectors.PLAN, plan.party_id))
    return ask(kind=REHEARSE, owner=plan.party_id, given={"plan": plan.id, "seed": seed}, by=by, at=at)


def sighting_note(*, plan: Plan, team: str, event: str, minutes: int, by: Viewer, at: dt.datetime) -> Sighting:
    """Note that a team is back, late or lost.

    Raises
    ------
    InputError
        If the event is none of these.
    """
    require(by, "write", Thing(selectors.PLAN, plan.party_id))
    if event not in {"back", "late", "lost", "as_planned"}:
        raise InputError(Fault("", "", "event", event, "back, late, lost, as_planned"))
    return Sighting.objects.create(
        id=new_id(), plan=plan, noted={"team": team, "event": event, "minutes": minutes}, by_id=by.user, at=at
    )


def incident_make(
    *, ceasefire: Ceasefire, kind: str, happened_at: dt.datetime, told: Mapping[str, str], by: Viewer, at: dt.datetime
) -> Incident:
    """Allege an incident; its words lie sealed under the maker's key until the neutral has notified the other side.

    Raises
    ------
    InputError
        If it is said to happen later than now.
    """
    require(by, "make", Thing(selectors.INCIDENT))
    if happened_at > at + _SKEW:
        found, expected = (moment.isoformat(timespec="minutes") for moment in (happened_at, at))
        raise InputError(Fault("", "", "happened_at", found, f"no later than now, {expected}"))
    last = ceasefire.incidents.order_by("-number").values_list("number", flat=True).first() or 0
    row = Incident.objects.create(
        id=new_id(), ceasefire=ceasefire, number=last + 1, party_id=by.party, kind=kind, happened_at=happened_at,
        told=dict(told), by_id=by.user, at=at,
    )  # fmt: skip
    _record("incident", ceasefire, {"incident": row.number, "kind": kind}, by=by, at=at, roles=(by.party,))
    return row


def incident_step(*, incident: Incident, event: str, note: str, by: Viewer, at: dt.datetime) -> Incident:
    """Notify, acknowledge, deny access, verify, find, find nothing, close.

    Raises
    ------
    TransitionError
        If the incident's state does not allow it.
    """
    thing = selectors.incident_thing(incident)
    if event not in selectors.VERBS:
        raise TransitionError(f"{event}: no act on an incident")
    require(by, selectors.VERBS[event], thing)
    if event == "notify":
        if not Incident.objects.filter(id=incident.id, notified_at__isnull=True).update(notified_at=at):
            raise TransitionError("the other side was notified before")
        incident.notified_at = at
    else:
        after = step(Noun.INCIDENT, incident.state, event)
        if not Incident.objects.filter(id=incident.id, state=incident.state).update(state=after):
            raise TransitionError(f"{incident.state}: somebody else was first")
        incident.state = after
    Step.objects.create(
        id=new_id(), incident=incident, event=event, party_id=by.party, note=note or None, by_id=by.user, at=at
    )
    content: dict[str, Json] = {"incident": incident.number, "event": event, "state": incident.state}
    _record("incident_step", incident.ceasefire, content, by=by, at=at, roles=(by.party,))
    return incident


def events_of(incident: Incident) -> list[str]:
    """Give the acts that the incident's state allows."""
    allowed = list(TABLES[Noun.INCIDENT][incident.state])
    return allowed if incident.notified_at or incident.state == "closed" else ["notify", *allowed]


def report_make(
    *, ceasefire: Ceasefire, told: str, wounded: int | None, bodies: int | None, by: Viewer, at: dt.datetime
) -> Report:
    """Report on a window after its end; the neutral's report makes it reported.

    Raises
    ------
    TransitionError
        If it has not ended, or this party has reported.
    """
    require(by, "report", selectors.window_thing(ceasefire))
    if ceasefire.state not in selectors.ENDED:
        raise TransitionError(f"{ceasefire.state}: the window has not ended")
    row, created = Report.objects.get_or_create(
        ceasefire=ceasefire, party_id=by.party,
        defaults={"told": told, "wounded": wounded, "bodies": bodies, "by_id": by.user, "at": at},
    )  # fmt: skip
    if not created:
        raise TransitionError("this party has reported before")
    _record("ceasefire_report", ceasefire, {"party": by.party}, by=by, at=at)
    if by.party == neutral().code and ceasefire.state == "closed":
        _move(ceasefire, "report")
    return row


def _record(
    kind: str, ceasefire: Ceasefire, content: Mapping[str, Json], *, by: Viewer, at: dt.datetime,
    roles: tuple[str, ...] = (),
) -> None:  # fmt: skip
    statement_record(
        kind=kind, content={"ceasefire": ceasefire.id, **content}, owner=neutral().code, by=by, at=at, roles=roles,
        subject=f"ceasefire:{ceasefire.id}",
    )  # fmt: skip
