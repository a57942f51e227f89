"""A planner's own ground: sites and teams, roads, the map and its layers. Nobody else's to see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.ceasefire import groundservices, page, selectors
from goodoffices.desk.ceasefire.forms import GroundForm, LayerForm, RoadsForm
from goodoffices.desk.ceasefire.groundservices import Sent
from goodoffices.desk.ceasefire.models import Ceasefire, Ground, MapLayer
from goodoffices.desk.ceasefire.records import window_of
from goodoffices.desk.ceasefire.views import form_page, shown
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.window import read_window

PART = page.PART


def _sent(form: DeskForm, name: str) -> Sent | None:
    file = form.cleaned_data.get(name)
    return Sent(file.name or "file", file.read()) if file else None


def _ground(request: HttpRequest, found: Ceasefire) -> Ground:
    ground_ = selectors.own_ground(viewer_of(request), found)
    if ground_ is None:
        raise NotYoursError("no ground yet")
    return ground_


@guard("ceasefire", "write")
def ground(request: HttpRequest, key: str) -> HttpResponse:
    """Take the planner's own part, as a file or invented."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    if request.method != "POST":
        return _ground_page(request, key, GroundForm(language=viewer.language))
    form = GroundForm(request.POST, request.FILES, language=viewer.language)
    invents = "invent" in request.POST
    if not (form.is_valid() or invents):
        return _ground_page(request, key, form)
    data = page.invented(found, viewer.party) if invents else form.cleaned_data["file"].read()
    sent = None if invents else _sent(form, "roads")
    try:
        row = groundservices.ground_read(
            ceasefire=found, data=data, roads=sent, keep=not invents, by=viewer, at=timezone.now()
        )
    except InputError as error:
        form.take_faults(error)
        return _ground_page(request, key, form)
    return _keep(request, key, row, "ground_taken")


def _ground_page(request: HttpRequest, key: str, form: DeskForm) -> HttpResponse:
    return form_page(request, form, title="ground", back=f"/ceasefire/{key}/plan", action=f"/ceasefire/{key}/ground")


@writes
def _keep(request: HttpRequest, key: str, row: Ground, told: str) -> HttpResponse:
    groundservices.ground_take(row=row, by=viewer_of(request))
    return done(request, f"/ceasefire/{key}/plan", PART, told)


@guard("ceasefire", "write")
def roads(request: HttpRequest, key: str) -> HttpResponse:
    """Take a road file for the planner's own part."""
    viewer = viewer_of(request)
    own = _ground(request, selectors.ceasefire_of(viewer, key))
    if request.method != "POST":
        return _roads_page(request, key, RoadsForm(language=viewer.language))
    form = RoadsForm(request.POST, request.FILES, language=viewer.language)
    if not form.is_valid():
        return _roads_page(request, key, form)
    try:
        row = groundservices.roads_read(ground=own, roads=_sent(form, "graph"), by=viewer, at=timezone.now())
    except InputError as error:
        form.take_faults(error)
        return _roads_page(request, key, form)
    return _keep(request, key, row, "roads_taken")


def _roads_page(request: HttpRequest, key: str, form: DeskForm) -> HttpResponse:
    return form_page(request, form, title="roads", back=f"/ceasefire/{key}/plan", action=f"/ceasefire/{key}/roads")


@guard("ceasefire", "write")
@writes
def roads_remove(request: HttpRequest, key: str) -> HttpResponse:
    """Plan without the road file from now on."""
    found = selectors.ceasefire_of(viewer_of(request), key)
    own = _ground(request, found)
    row = groundservices.roads_read(ground=own, roads=None, by=viewer_of(request), at=timezone.now())
    groundservices.ground_take(row=row, by=viewer_of(request))
    return done(request, f"/ceasefire/{key}/plan", PART, "roads_removed")


@guard("ceasefire", "read")
def field_map(request: HttpRequest, key: str) -> HttpResponse:
    """Show the viewer's own map, planned or not yet, and its layers."""
    found = selectors.ceasefire_of(viewer_of(request), key)
    return _map(request, found, LayerForm(language=viewer_of(request).language))


def _map(request: HttpRequest, found: Ceasefire, form: DeskForm) -> HttpResponse:
    viewer = viewer_of(request)
    row, rows = selectors.own_plan(viewer, found), selectors.own_layers(viewer, found)
    if row is not None:
        window, context = window_of(row), page.plan_shown(row, viewer.language, rows)
    else:
        window = read_window(_ground(request, found).body.encode())
        context = page.map_shown(window, rows, viewer.language)
    may_write = may(viewer, "write", Thing(selectors.PLAN, viewer.party))
    context |= {"row": row, "form": form, "may_write": may_write, "layers": page.layer_lines(window, rows)}
    return shown(request, "map", ceasefire=found, status=422 if form.errors else 200, **context)


@guard("ceasefire", "write")
def layers(request: HttpRequest, key: str) -> HttpResponse:
    """Take a layer for the planner's own map."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    if request.method != "POST":
        return _map(request, found, LayerForm(language=viewer.language))
    form = LayerForm(request.POST, request.FILES, language=viewer.language)
    sent = _sent(form, "layer") if form.is_valid() else None
    if sent is None:
        return _map(request, found, form)
    try:
        name = form.cleaned_data["name"]
        row = groundservices.layer_read(ceasefire=found, sent=sent, name=name, by=viewer, at=timezone.now())
        return _keep_layer(request, key, row)
    except InputError as error:
        form.take_faults(error)
    return _map(request, found, form)


@writes
def _keep_layer(request: HttpRequest, key: str, row: MapLayer) -> HttpResponse:
    groundservices.layer_take(row=row, by=viewer_of(request))
    return done(request, f"/ceasefire/{key}/map", PART, "layer_taken")


@guard("ceasefire", "write")
@writes
def layer_remove(request: HttpRequest, key: str, layer_key: str) -> HttpResponse:
    """Remove a layer from the planner's map."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    row = selectors.own_layer(viewer, found, layer_key, "write")
    groundservices.layer_remove(layer=row, by=viewer)
    return done(request, f"/ceasefire/{key}/map", PART, "layer_removed")
