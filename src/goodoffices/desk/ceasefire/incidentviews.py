"""Pages of incidents: alleged, notified, acknowledged, verified; access denied is one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, may, require
from goodoffices.desk.ceasefire import selectors, services
from goodoffices.desk.ceasefire.forms import IncidentNewForm, StepForm
from goodoffices.desk.ceasefire.models import Ceasefire, Incident
from goodoffices.desk.ceasefire.papers import form_of
from goodoffices.desk.ceasefire.views import PART, form_page, shown
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.services import reading_note
from goodoffices.domain.errors import InputError
from goodoffices.formats.print.incident import incident_pdf
from goodoffices.formats.words import Language


def _window(request: HttpRequest, key: str) -> Ceasefire:
    return selectors.ceasefire_of(viewer_of(request), key)


@guard("incident", "read")
def incidents(request: HttpRequest, key: str) -> HttpResponse:
    """Show the incidents of a window."""
    viewer = viewer_of(request)
    found = _window(request, key)
    rows = selectors.incidents(viewer, found)
    return shown(
        request, "incidents", ceasefire=found, rows=rows, may_make=may(viewer, "make", Thing(selectors.INCIDENT))
    )


@guard("incident", "make")
def incident_new(request: HttpRequest, key: str) -> HttpResponse:
    """Allege an incident."""
    found = _window(request, key)
    return _make(request, found) if request.method == "POST" else _form(request, found, None)


def _form(request: HttpRequest, found: Ceasefire, form: DeskForm | None) -> HttpResponse:
    start = {"happened_at": timezone.now(), "kind": request.GET.get("kind", "")}
    form = form or IncidentNewForm(initial=start, language=viewer_of(request).language)
    back = f"/ceasefire/{found.id}/incidents"
    return form_page(request, form, title="incident", back=back, action=f"{back}/new")


@writes
def _make(request: HttpRequest, found: Ceasefire) -> HttpResponse:
    viewer = viewer_of(request)
    form = IncidentNewForm(request.POST, language=viewer.language)
    if not form.is_valid():
        return _form(request, found, form)
    given = form.cleaned_data
    try:
        row = services.incident_make(
            ceasefire=found, kind=given["kind"], happened_at=given["happened_at"],
            told={name: given[name] for name in ("place", "team", "told")}, by=viewer, at=timezone.now(),
        )  # fmt: skip
    except InputError as error:
        form.take_faults(error)
        return _form(request, found, form)
    return done(request, f"/ceasefire/{found.id}/incidents/{row.id}", PART, "incident_made")


@guard("incident", "read")
def incident(request: HttpRequest, key: str, incident_key: str) -> HttpResponse:
    """Show one incident: what is alleged, every act on it, what the viewer may do."""
    viewer = viewer_of(request)
    found = _window(request, key)
    row = selectors.incident_of(viewer, found, incident_key)
    reading_note(by=viewer, owner=row.party_id, kind="incident", row=row.id, at=timezone.now())
    thing = selectors.incident_thing(row)
    events = [event for event in services.events_of(row) if may(viewer, selectors.VERBS[event], thing)]
    return shown(
        request, "incident", ceasefire=found, incident=row, events=events, form=StepForm(language=viewer.language),
        steps=row.steps.select_related("party").order_by("at"),
        may_replan=may(viewer, "replan", Thing(selectors.PLAN, viewer.party)) and found.state in selectors.RUNNING,
    )  # fmt: skip


@guard("incident", "read")
@writes
def incident_step(request: HttpRequest, key: str, incident_key: str) -> HttpResponse:
    """Take one act on an incident."""
    viewer = viewer_of(request)
    row = selectors.incident_of(viewer, _window(request, key), incident_key)
    event = request.POST.get("event", "")
    if event in selectors.VERBS:
        require(viewer, selectors.VERBS[event], selectors.incident_thing(row))
    form = StepForm(request.POST, language=viewer.language)
    back = f"/ceasefire/{key}/incidents/{incident_key}"
    if not form.is_valid():
        return form_page(request, form, title="incident", back=back, action=f"{back}/step")
    services.incident_step(incident=row, event=event, note=form.cleaned_data["note"], by=viewer, at=timezone.now())
    return done(request, back, PART, "incident_moved")


@guard("incident", "read")
def incident_form(request: HttpRequest, key: str, incident_key: str) -> HttpResponse:
    """Print the form of an incident."""
    viewer = viewer_of(request)
    found = _window(request, key)
    row = selectors.incident_of(viewer, found, incident_key)
    return _pdf(request, found, row)


@guard("incident", "make")
def incident_blank(request: HttpRequest, key: str) -> HttpResponse:
    """Print an incident form to be filled by hand."""
    return _pdf(request, _window(request, key), None)


def _pdf(request: HttpRequest, found: Ceasefire, row: Incident | None) -> HttpResponse:
    viewer = viewer_of(request)
    form = form_of(found, row, viewer, language=Language(viewer.language), at=timezone.now())
    answer = HttpResponse(incident_pdf(form, Language(viewer.language)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="incident-{form.frame.number}.pdf"'
    return answer
