"""A planner's own pages: ground, plan with its frontier and map, the day, the rest of the day. Nobody else's to see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.ceasefire import page, selectors, services
from goodoffices.desk.ceasefire.forms import GroundForm, PlanForm, PointForm, SightingForm, StateForm
from goodoffices.desk.ceasefire.models import Ceasefire, Plan
from goodoffices.desk.ceasefire.records import plan_of, state_document, window_of
from goodoffices.desk.ceasefire.views import form_page, shown
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.fieldcards import cards_pdf
from goodoffices.formats.print.frame import Frame, Place
from goodoffices.formats.visits import read_state
from goodoffices.formats.words import Language

PART = page.PART
POINT_SECONDS = 2
"""To search at a point whose frontier is known."""


def _own(request: HttpRequest, key: str, plan: str = "", *, verb: str = "read") -> tuple[Ceasefire, Plan]:
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    row = selectors.own_plan(viewer, found, plan, verb=verb)
    if row is None:
        raise NotYoursError("no plan yet")
    return found, row


@guard("ceasefire", "read")
def plan(request: HttpRequest, key: str, plan_key: str = "") -> HttpResponse:
    """Show the viewer's own plan: what it brings, the chance, the frontier, weak points, timetables."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    row = selectors.own_plan(viewer, found, plan_key)
    ground = selectors.own_ground(viewer, found)
    may_plan = may(viewer, "plan", Thing(selectors.PLAN, viewer.party)) and found.state not in selectors.ENDED
    choices = page.points(row)
    context: dict[str, Any] = page.plan_shown(row, viewer.language) if row is not None else {}
    return shown(
        request, "plan", ceasefire=found, row=row, ground=ground, may_plan=may_plan,
        plan_form=PlanForm(language=viewer.language, initial={"chance": "0.95"}),
        point_form=PointForm(language=viewer.language, points=choices) if choices else None,
        ground_form=GroundForm(language=viewer.language),
        plans=list(found.plans.filter(party=viewer.party).order_by("-number").only("id", "number", "at")), **context,
    )  # fmt: skip


@guard("ceasefire", "read")
def field_map(request: HttpRequest, key: str) -> HttpResponse:
    """Show the viewer's own map."""
    found, row = _own(request, key)
    return shown(request, "map", ceasefire=found, row=row, **page.plan_shown(row, viewer_of(request).language))


@guard("ceasefire", "read")
def cards(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Print the team cards."""
    found, row = _own(request, key, plan_key)
    window, language = window_of(row), viewer_of(request).language
    zone = window.zone or found.zone
    frame = Frame(found.title, str(row.number), timezone.now(), (Place(city(zone, language), zone),))
    sheets = cards_pdf(window, plan_of(row, window), language=Language(language), frame=frame)
    answer = HttpResponse(sheets, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="cards-{row.number}.pdf"'
    return answer


@guard("ceasefire", "write")
@writes
def ground(request: HttpRequest, key: str) -> HttpResponse:
    """Take the planner's own part, as a file or invented."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    form, back = GroundForm(request.POST, request.FILES, language=viewer.language), f"/ceasefire/{key}/plan"
    try:
        if "invent" in request.POST:
            data = page.invented(found, viewer.party)
        elif form.is_valid():
            data = form.cleaned_data["file"].read()
        else:
            return form_page(request, form, title="ground", back=back, action=f"/ceasefire/{key}/ground")
        services.ground_take(ceasefire=found, data=data, by=viewer, at=timezone.now())
    except InputError as error:
        form.is_valid()
        form.take_faults(error)
        return form_page(request, form, title="ground", back=back, action=f"/ceasefire/{key}/ground")
    return done(request, back, PART, "ground_taken")


@guard("ceasefire", "plan")
@writes
def plan_make(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a plan to a promised chance, or at a point of the frontier."""
    viewer, now = viewer_of(request), timezone.now()
    found = selectors.ceasefire_of(viewer, key)
    own, back = selectors.own_ground(viewer, found), f"/ceasefire/{key}/plan"
    if own is None:
        raise NotYoursError("no ground yet")
    if "point" in request.POST:
        row = selectors.own_plan(viewer, found)
        choice = PointForm(request.POST, language=viewer.language, points=page.points(row))
        if row is None or not choice.is_valid():
            raise NotYoursError("no such point")
        dot = row.story["dots"][choice.cleaned_data["point"]]
        wish = {"margin": dot["margin"], "factor": dot["factor"], "buffer": dot["buffer"], "seconds": POINT_SECONDS}
    else:
        form = PlanForm(request.POST, language=viewer.language)
        if not form.is_valid():
            return form_page(request, form, title="plan", back=back, action=f"/ceasefire/{key}/plan/make")
        wish = dict(form.cleaned_data)
    job = services.plan_ask(ground=own, by=viewer, at=now, wish=wish)
    return HttpResponseRedirect(f"/jobs/{job.id}")


@guard("ceasefire", "rehearse")
@writes
def plan_rehearse(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Ask for another rehearsal, with a seed of its own."""
    _, row = _own(request, key, plan_key, verb="rehearse")
    told = row.story or {}
    job = services.rehearse_ask(plan=row, seed=int(told.get("seed", 1)) + 1, by=viewer_of(request), at=timezone.now())
    return HttpResponseRedirect(f"/jobs/{job.id}")


@guard("ceasefire", "read")
def day(request: HttpRequest, key: str) -> HttpResponse:
    """Show the day: the clock, who is out, who must turn back by when."""
    viewer = viewer_of(request)
    found, row = _own(request, key)
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
    _, row = _own(request, key, verb="write")
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
    _, row = _own(request, key, verb="replan")
    return _replan(request, row) if request.method == "POST" else _replan_page(request, row, None)


def _replan_page(request: HttpRequest, row: Plan, form: DeskForm | None) -> HttpResponse:
    if form is None:
        window, known = window_of(row), page.noted(row)
        start = {
            "at": min(max(timezone.now(), window.start), window.end),
            "take": "best",
            "lost": [team for team, one in known.items() if one["event"] == "lost"],
            "late": ", ".join(f"{team} {one['minutes']}" for team, one in known.items() if one["event"] == "late"),
        }
        form = StateForm(initial=start, language=viewer_of(request).language, **_names(row))
    back = f"/ceasefire/{row.ceasefire_id}"
    return form_page(request, form, title="replan", back=f"{back}/plan", action=f"{back}/replan")


def _names(row: Plan) -> dict[str, list[str]]:
    window = window_of(row)
    return {"teams": [team.id for team in window.teams], "sites": [site.id for site in window.sites]}


@writes
def _replan(request: HttpRequest, row: Plan) -> HttpResponse:
    viewer = viewer_of(request)
    form = StateForm(request.POST, language=viewer.language, **_names(row))
    if form.is_valid():
        given, window = form.cleaned_data, window_of(row)
        state = state_document(
            window, plan_of(row, window), at=given["at"], lost=frozenset(given["lost"]), late=given["late"],
            closed=frozenset(given["closed"]),
        )  # fmt: skip
        try:
            read_state(state, window)
            job = services.replan_ask(
                plan=row, state=state, take=given["take"], seconds=given["seconds"], by=viewer, at=timezone.now()
            )
            return HttpResponseRedirect(f"/jobs/{job.id}")
        except InputError as error:
            form.take_faults(error)
    return _replan_page(request, row, form)
