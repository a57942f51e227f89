"""A planner's day: who is out, what was seen, the rest of the day planned anew. Nobody else's to see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.ceasefire import page, selectors, services
from goodoffices.desk.ceasefire.forms import SightingForm, StateForm
from goodoffices.desk.ceasefire.models import Plan
from goodoffices.desk.ceasefire.planviews import own_plan
from goodoffices.desk.ceasefire.records import plan_of, state_document, window_of
from goodoffices.desk.ceasefire.views import form_page, shown
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.visits import DayState
from goodoffices.domain.window import Metric, Window
from goodoffices.formats.visits import local_time, read_state

PART = page.PART


@guard("ceasefire", "read")
def day(request: HttpRequest, key: str) -> HttpResponse:
    """Show the day: the clock, who is out, who must turn back by when."""
    viewer = viewer_of(request)
    found, row = own_plan(request, key)
    context = page.day_shown(row, timezone.now())
    teams = [line.team for line in context["lines"]]
    may_note = may(viewer, "write", Thing(selectors.PLAN, viewer.party))
    form = SightingForm(language=viewer.language, teams=teams)
    return shown(request, "day", ceasefire=found, row=row, form=form, may_note=may_note, **context)


@guard("ceasefire", "write")
@writes
def day_note(request: HttpRequest, key: str) -> HttpResponse:
    """Note what was seen of a team."""
    viewer = viewer_of(request)
    _, row = own_plan(request, key, verb="write")
    teams = [team.id for team in window_of(row).teams]
    form, back = SightingForm(request.POST, language=viewer.language, teams=teams), f"/ceasefire/{key}/day"
    if not form.is_valid():
        return form_page(request, form, title="note", back=back, action=f"{back}/note")
    given = form.cleaned_data
    services.sighting_note(
        plan=row, team=given["team"], event=given["event"], minutes=given["minutes"] or 0, by=viewer, at=timezone.now()
    )
    return done(request, back, PART, "noted")


@guard("ceasefire", "replan")
def replan(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the rest of the day from how it stands."""
    _, row = own_plan(request, key, verb="replan")
    return _replan(request, row) if request.method == "POST" else _replan_page(request, row, None)


def _replan_page(request: HttpRequest, row: Plan, form: DeskForm | None) -> HttpResponse:
    if form is None:
        window, known, before = window_of(row), page.noted(row), page.state_of(row)
        first = before.at if before else window.start
        start = {
            "at": min(max(timezone.now(), first), window.end),
            "take": "smallest",
            "lost": sorted(_still(before, known)),
            "closed": " ".join(one.site for one in before.sites if one.closed) if before else "",
            "shut": ", ".join(" - ".join(one.edge) for one in before.closed) if before else "",
            "late": ", ".join(f"{team} {one['minutes']}" for team, one in known.items() if one["event"] == "late"),
        }
        form = StateForm(initial=start, language=viewer_of(request).language, **_names(row))
    back = f"/ceasefire/{row.ceasefire_id}"
    return form_page(request, form, title="replan", back=f"{back}/plan", action=f"{back}/replan")


def _check_hour(window: Window, before: DayState | None, at: dt.datetime) -> None:
    if before and at < before.at:
        earliest = local_time(window, before.at).isoformat(timespec="minutes")
        raise InputError(Fault("", "", "at", at.isoformat(timespec="minutes"), f"{earliest} or later"))


def _still(before: DayState | None, known: Mapping[str, Mapping[str, object]]) -> set[str]:
    """Name the teams that had dropped out before and were not seen since, and those noted so."""
    lost = {one.team for one in before.teams if one.lost} if before else set()
    return (lost - set(known)) | {team for team, one in known.items() if one["event"] == "lost"}


def _names(row: Plan) -> dict[str, Any]:
    window = window_of(row)
    by_road = window.travel.metric is Metric.FILE and not window.travel.file.lower().endswith(".csv")
    return {
        "teams": [one.id for one in window.teams], "sites": [one.id for one in window.sites],
        "gates": [one.id for one in window.crossings], "by_road": by_road,
    }  # fmt: skip


@writes
def _replan(request: HttpRequest, row: Plan) -> HttpResponse:
    viewer = viewer_of(request)
    form = StateForm(request.POST, language=viewer.language, **_names(row))
    if form.is_valid():
        given, window, before = form.cleaned_data, window_of(row), page.state_of(row)
        try:
            _check_hour(window, before, given["at"])
            state = state_document(
                window, plan_of(row, window), at=given["at"], lost=given["lost"], late=given["late"],
                closed=given["closed"], shut=given["shut"], before=before,
            )  # fmt: skip
            read_state(state, window)
            job = services.replan_ask(
                plan=row, state=state, take=given["take"], seconds=given["seconds"], late=given["late"], by=viewer,
                at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(f"/jobs/{job.id}")
        except InputError as error:
            form.take_faults(error)
    return _replan_page(request, row, form)


@guard("ceasefire", "replan")
@writes
def way(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Go on the other way that was found for the rest of the day."""
    _, row = own_plan(request, key, plan_key, verb="replan")
    services.way_take(plan=row, name=request.POST.get("way", ""), by=viewer_of(request), at=timezone.now())
    return done(request, f"/ceasefire/{key}/plan", PART, "way_taken")
