"""Pages of ceasefires: windows, words on them, the report. A planner's own part stands in `planviews`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.ceasefire import selectors, services
from goodoffices.desk.ceasefire.forms import ExtendForm, OfferForm, ReportForm, WindowForm
from goodoffices.desk.ceasefire.models import Ceasefire
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError

PART = "desk_ceasefire"
_WINDOW = Thing(selectors.WINDOW)


def shown(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a page of this room."""
    return show(request, f"ceasefire/{template}.html", context, part=PART, status=status)


def form_page(request: HttpRequest, form: DeskForm, *, title: str, back: str, action: str) -> HttpResponse:
    """Show a form; with faults as 422."""
    status = 422 if form.errors else 200
    return shown(request, "form", form=form, title=title, back=back, action=action, status=status)


@guard("ceasefire_window", "read")
def ceasefires(request: HttpRequest) -> HttpResponse:
    """Show every window."""
    viewer = viewer_of(request)
    rows = selectors.ceasefires(viewer)
    return shown(request, "ceasefires", rows=rows, may_propose=may(viewer, "propose", _WINDOW))


@guard("ceasefire_window", "propose")
def ceasefire_new(request: HttpRequest) -> HttpResponse:
    """Propose a window."""
    if request.method == "POST":
        return _propose(request)
    form = WindowForm(language=viewer_of(request).language)
    return form_page(request, form, title="new", back="/ceasefire", action="/ceasefire/new")


@writes
def _propose(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = WindowForm(request.POST, language=viewer.language)
    if form.is_valid():
        try:
            made = services.window_propose(**form.cleaned_data, zone=process().zone, by=viewer, at=timezone.now())
            return done(request, f"/ceasefire/{made.id}", PART, "proposed")
        except InputError as error:
            form.take_faults(error)
    return form_page(request, form, title="new", back="/ceasefire", action="/ceasefire/new")


@guard("ceasefire_window", "read")
def ceasefire(request: HttpRequest, key: str) -> HttpResponse:
    """Show a window: when, where, what for, who agreed and assured; and the way to what is the viewer's own."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key)
    offer = selectors.latest_offer(found)
    agreed, assured = selectors.given(offer, "agree"), selectors.given(offer, "assure")
    window_offer = found.offers.filter(extends=False).order_by("-number").first() or offer
    assured = assured or selectors.given(window_offer, "assure")
    thing, now = selectors.window_thing(found), timezone.now()
    asks = may(viewer, "assure", thing)
    pending = offer.extends and found.state == "open"
    return shown(
        request, "ceasefire", ceasefire=found, offer=offer, pending=pending,
        words=[{"party": one, "agreed": agreed.get(one.code), "assured": assured.get(one.code)} for one in sides()],
        may_agree=asks and viewer.party not in agreed and (found.state == "proposed" or pending),
        may_assure=asks and viewer.party not in assured and found.state == "window_agreed",
        may_offer=may(viewer, "propose", thing) and found.state in {"proposed", "open"},
        events=_events(found, may_write=may(viewer, "write", thing), may_close=may(viewer, "close", thing)),
        may_report=may(viewer, "report", thing) and found.state in selectors.ENDED
        and not found.reports.filter(party=viewer.party).exists(),
        reports=_reports(request, found), own=may(viewer, "read", Thing(selectors.PLAN, viewer.party)),
        may_incident=may(viewer, "make", Thing(selectors.INCIDENT)),
        incidents=selectors.incidents(viewer, found), clock=_clock(found, now),
    )  # fmt: skip


def _reports(request: HttpRequest, found: Ceasefire) -> list[Any]:
    """Give the reports: the neutral's for all who read the window, a side's own to itself."""
    viewer = viewer_of(request)
    mine = {viewer.party, process().desk_id}
    return [one for one in found.reports.select_related("party").order_by("at") if one.party_id in mine]


def _events(found: Ceasefire, *, may_write: bool, may_close: bool) -> list[str]:
    allowed = {
        "proposed": ["withdraw"], "window_agreed": ["withdraw"], "assured": ["open", "withdraw"],
        "open": ["break", "close"], "extended": ["break", "close"], "broken": ["resume", "close"],
    }.get(found.state, [])  # fmt: skip
    return [event for event in allowed if (may_close if event == "close" else may_write)]


def _clock(found: Ceasefire, now: dt.datetime) -> str:
    if now < found.starts_at:
        return "before"
    return "during" if now < found.ends_at else "after"


@guard("ceasefire_window", "propose")
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Propose another window, or a later end."""
    found = selectors.ceasefire_of(viewer_of(request), key, "propose")
    if found.state not in {"proposed", "open"}:
        raise NotYoursError("nothing to propose")
    return _offer(request, found) if request.method == "POST" else _offer_page(request, found, None)


def _offer_page(request: HttpRequest, found: Ceasefire, form: DeskForm | None) -> HttpResponse:
    kind, title = (ExtendForm, "extend") if found.state == "open" else (OfferForm, "offer")
    start = {
        "starts_at": found.starts_at, "ends_at": found.ends_at, "area": found.area, "purpose": found.purpose,
    }  # fmt: skip
    form = form or kind(initial=start, language=viewer_of(request).language)
    back = f"/ceasefire/{found.id}"
    return form_page(request, form, title=title, back=back, action=f"{back}/offer")


@writes
def _offer(request: HttpRequest, found: Ceasefire) -> HttpResponse:
    viewer = viewer_of(request)
    form: DeskForm = (ExtendForm if found.state == "open" else OfferForm)(request.POST, language=viewer.language)
    if form.is_valid():
        given = {"starts_at": found.starts_at, "area": found.area, "purpose": found.purpose, **form.cleaned_data}
        try:
            services.offer_make(ceasefire=found, **given, by=viewer, at=timezone.now())
            return done(request, f"/ceasefire/{found.id}", PART, "offered")
        except InputError as error:
            form.take_faults(error)
    return _offer_page(request, found, form)


@guard("ceasefire_window", "assure")
@writes
def agree(request: HttpRequest, key: str) -> HttpResponse:
    """Agree to the offer that lies on the table."""
    return _word(request, key, "agree")


@guard("ceasefire_window", "assure")
@writes
def assure(request: HttpRequest, key: str) -> HttpResponse:
    """Assure the agreed window in the field."""
    return _word(request, key, "assure")


def _word(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key, "assure")
    offer_ = found.offers.filter(id=request.POST.get("offer", "")).first()
    if offer_ is None:
        raise TransitionError("no such offer lies on the table")
    services.word_give(offer=offer_, kind=kind, by=viewer, at=timezone.now())
    return done(request, f"/ceasefire/{key}", PART, f"said_{kind}")


@guard("ceasefire_window", "write")
@writes
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Open, break, resume, close, withdraw."""
    viewer = viewer_of(request)
    found = selectors.ceasefire_of(viewer, key, "write")
    services.state_step(ceasefire=found, event=request.POST.get("event", ""), by=viewer, at=timezone.now())
    return done(request, f"/ceasefire/{key}", PART, "moved")


@guard("ceasefire_window", "report")
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Report after the end."""
    found = selectors.ceasefire_of(viewer_of(request), key, "report")
    if found.state not in selectors.ENDED:
        raise NotYoursError("not ended")
    return _report(request, found) if request.method == "POST" else _report_page(request, found, None)


def _report_page(request: HttpRequest, found: Ceasefire, form: DeskForm | None) -> HttpResponse:
    form = form or ReportForm(language=viewer_of(request).language)
    back = f"/ceasefire/{found.id}"
    return form_page(request, form, title="report", back=back, action=f"{back}/report")


@writes
def _report(request: HttpRequest, found: Ceasefire) -> HttpResponse:
    viewer = viewer_of(request)
    form = ReportForm(request.POST, language=viewer.language)
    if not form.is_valid():
        return _report_page(request, found, form)
    services.report_make(ceasefire=found, **form.cleaned_data, by=viewer, at=timezone.now())
    return done(request, f"/ceasefire/{found.id}", PART, "reported")
