"""A planner's own pages: ground, plan with its frontier and map, the day, the rest of the day. Nobody else's to see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.ceasefire import page, selectors, services
from goodoffices.desk.ceasefire.forms import GroundForm, PlanForm, PointForm, RoadsForm
from goodoffices.desk.ceasefire.models import Ceasefire, Plan
from goodoffices.desk.ceasefire.records import plan_of, window_of
from goodoffices.desk.ceasefire.views import form_page, shown
from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.http import guard, viewer_of, writes
from goodoffices.domain.errors import NotYoursError
from goodoffices.formats.fieldcards import cards_pdf
from goodoffices.formats.print.frame import Frame, Place
from goodoffices.formats.words import Language

PART = page.PART
POINT_SECONDS = 2
"""To search at a point whose frontier is known."""


def own_plan(request: HttpRequest, key: str, plan: str = "", *, verb: str = "read") -> tuple[Ceasefire, Plan]:
    """Give a window and a plan of the viewer's own party: the one named, or the latest.

    Raises
    ------
    NotYoursError
        If there is none yet, or the one named is not his.
    """
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
    layers = selectors.own_layers(viewer, found)
    plans = list(found.plans.filter(party=viewer.party).order_by("-number").only("id", "number", "at"))
    context: dict[str, Any] = page.plan_shown(row, viewer.language, layers) if row is not None else {}
    return shown(
        request, "plan", ceasefire=found, row=row, ground=ground, may_plan=may_plan,
        plan_form=PlanForm(language=viewer.language, initial={"chance": "0.95"}),
        point_form=PointForm(language=viewer.language, points=choices) if choices else None,
        ground_form=GroundForm(language=viewer.language), roads_form=RoadsForm(language=viewer.language),
        roads=ground.travel if ground else None,
        older_ground=bool(row and ground and row.ground_id != ground.id),
        plans=plans, newest=bool(row and plans and plans[0].id == row.id), **context,
    )  # fmt: skip


@guard("ceasefire", "read")
def cards(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Print the team cards; with `changed` those alone that no longer held when the day was planned anew."""
    found, row = own_plan(request, key, plan_key)
    window, language = window_of(row), viewer_of(request).language
    only = (row.story or {}).get("cards", []) if "changed" in request.GET else None
    if only is not None and not only:
        raise NotYoursError("no card changes")
    zone = window.zone or found.zone
    frame = Frame(found.title, str(row.number), timezone.now(), (Place(city(zone, language), zone),))
    sheets = cards_pdf(window, plan_of(row, window), language=Language(language), frame=frame, only=only)
    answer = HttpResponse(sheets, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="cards-{row.number}.pdf"'
    return answer


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
    _, row = own_plan(request, key, plan_key, verb="rehearse")
    told = row.story or {}
    job = services.rehearse_ask(plan=row, seed=int(told.get("seed", 1)) + 1, by=viewer_of(request), at=timezone.now())
    return HttpResponseRedirect(f"/jobs/{job.id}")
