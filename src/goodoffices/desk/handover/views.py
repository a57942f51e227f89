"""Pages of the transfers: their list, the four conditions, what is proposed, said, postponed, closed."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.handover import papers, selectors, services, showing
from goodoffices.desk.handover.forms import DraftForm, HandoverForm, ProposeForm, ReadyForm, SayForm, StopForm
from goodoffices.desk.handover.legs import returning, standing_of
from goodoffices.desk.handover.models import UNSET, Transfer
from goodoffices.desk.handover.records import leg_of
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.parties.selectors import neutral, process, sides
from goodoffices.desk.talks.selectors import commitments
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.formats.words import Language

PART = "desk_handover"
LEG_CODE = re.compile(r"-X\d+-\d+-")
"""In the codes of transfers that are prepared from legs (`legservices.code_of`)."""


def page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """Render a page of the handover."""
    return show(request, f"handover/{template}.html", context, part=PART, status=status)


def form_page(
    request: HttpRequest, form: HandoverForm, *, title: str, back: str, action: str = "", status: int = 422
) -> HttpResponse:
    """Show a form; after a POST again, with what was typed and what is wrong."""
    return page(request, "form", form=form, title=title, back=back, action=action, status=status)


def found_of(request: HttpRequest, code: str) -> tuple[Viewer, Transfer]:
    """Give who looks, and at which transfer."""
    viewer = viewer_of(request)
    return viewer, selectors.transfer_of(viewer, code)


def languages_all() -> list[str]:
    """Give the languages of the process that the desk can print."""
    known = {language.value for language in Language}
    return [code for code in process().document["process"].get("languages", []) if code in known] or ["en"]


@guard("transfer", "read")
def transfers(request: HttpRequest) -> HttpResponse:
    """Show every transfer with one sentence on what is true."""
    viewer = viewer_of(request)
    if not viewer.user:
        selectors.transfer_of(viewer, "")
    rows = [
        {"transfer": one, "sentences": showing.sentences(one, viewer.language), "n": len(one.items)}
        for one in selectors.transfers(viewer)
    ]
    return page(request, "transfers", rows=rows, may_write=may(viewer, "write", selectors.thing_of(Transfer())))


@guard("transfer", "read")
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Show one transfer: the sentence, the four conditions by two sides, what may be done, what was done."""
    viewer, found = found_of(request, code)
    return _transfer_page(request, viewer, found)


def _transfer_page(
    request: HttpRequest, viewer: Viewer, found: Transfer, *, form: SayForm | None = None, status: int = 200
) -> HttpResponse:
    thing = selectors.thing_of(found)
    role = selectors.role_of(viewer, found)
    is_open = found.state in {*UNSET, "set"} and found.state != "aborted"
    may_say = may(viewer, "confirm", thing) and is_open
    rows = showing.conditions(viewer, found, may_say=may_say)
    events = found.events.select_related("party", "by").order_by("-at")
    stops = found.state in {"conditions", "set", "staged", "met", "counted"}
    return page(
        request, "transfer", status=status, transfer=found, rows=rows, form=form,
        sentences=showing.sentences(found, viewer.language), list_mark=showing.list_mark(found), n=len(found.items),
        may_write=may(viewer, "write", thing) and is_open, may_stop=_may_stop(viewer, found) and stops,
        may_ready=role in {Role.GIVER, Role.RECEIVER} and is_open and found.state != "set",
        may_close=may(viewer, "write", thing) and found.state in {"receipted", "reopened"},
        events=[showing.event(one) for one in events],
        papers=papers.papers(viewer, found), ready_form=ReadyForm(language=viewer.language),
        has_references=selectors.has_references(viewer, found),
        coming=len(returning(viewer, found)), findings=found.findings.select_related("party"),
        path=showing.path(found), role=role, leg=leg_of(found), leg_now=standing_of(found),
        languages_all=languages_all(),
        has_desk=any(row["desk"] for row in rows), desk=neutral(),
        promise=next((one for one in commitments(viewer) if one.code == found.commitment), None),
    )  # fmt: skip


def _may_stop(viewer: Viewer, found: Transfer) -> bool:
    thing = selectors.thing_of(found)
    return may(viewer, "object", thing) or may(viewer, "write", thing)


@guard("transfer", "confirm")
@writes
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Take a party's word on a condition."""
    viewer, found = found_of(request, code)
    form = SayForm(request.POST, language=viewer.language)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.condition_say(
                transfer=found, condition=Condition(given["condition"]), stance=Stance(given["stance"]),
                reason=given["reason"], by=viewer, at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _transfer_page(request, viewer, selectors.transfer_of(viewer, code), form=form, status=422)
    return done(request, f"/transfers/{code}", PART, "said_done")


@guard("transfer", "write")
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new transfer."""
    viewer = viewer_of(request)
    form = DraftForm(language=viewer.language, parties=sides(), initial={"zone": process().zone})
    return form_page(request, form, title="draft", back="/transfers", action="/transfers/draft", status=200)


@guard("transfer", "write")
@writes
def transfer_draft(request: HttpRequest) -> HttpResponse:
    """Draft a transfer."""
    viewer = viewer_of(request)
    form = DraftForm(request.POST, language=viewer.language, parties=sides())
    if form.is_valid():
        given = form.cleaned_data
        try:
            zone_of(given["zone"])
            names = ("code", "giver", "receiver", "unit", "category", "commitment", "zone")
            _fresh(given["code"])
            services.transfer_draft(
                **{name: given[name] for name in names}, proposal=_proposal(given, given["zone"]), by=viewer,
                at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return form_page(request, form, title="draft", back="/transfers", action="/transfers/draft")
    return done(request, f"/transfers/{form.cleaned_data['code']}", PART, "draft_done")


def _fresh(code: str) -> None:
    if LEG_CODE.search(code):
        raise InputError(Fault("transfer", "", "code", code, "a code that no leg of an exchange has"))
    if Transfer.objects.filter(code=code).exists():
        raise InputError(Fault("transfer", "", "code", code, "a code that no other transfer has"))


def zone_of(name: str) -> ZoneInfo:
    """Read the zone of a place as it is typed."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(Fault("transfer", "", "zone", name[:40], "a zone such as Europe/Istanbul")) from error


def hour_of(typed: object, zone: str) -> dt.datetime | None:
    """Read an hour, typed by the clock of the place.

    Raises
    ------
    InputError
        If the clocks of the place skip it.
    """
    if not isinstance(typed, dt.datetime):
        return None
    local = typed.replace(tzinfo=ZoneInfo(zone))
    if local.astimezone(dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        found = f"{local:%Y-%m-%d %H:%M}"
        raise InputError(Fault("transfer", "", "starts_at", found, "an hour that this day has: clocks change then"))
    return local


def _proposal(given: dict[str, object], zone: str, *, items: bool = True) -> services.Proposal:
    """Read what is proposed; the list of a leg is the plan's and is not typed."""
    return services.Proposal(
        terms=str(given["terms"]),
        items=services.lines_of(str(given["items"])) if items else None,
        starts_at=hour_of(given["starts_at"], zone),
        place=str(given["place"]),
    )


@guard("transfer", "write")
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form with what is proposed now."""
    viewer, found = found_of(request, code)
    starts = found.starts_at
    initial = {
        "terms": found.terms,
        "items": "\n".join(" ".join(filter(None, (one["number"], one["seal"]))) for one in found.items),
        "starts_at": None if starts is None else starts.astimezone(ZoneInfo(found.zone)).strftime("%Y-%m-%dT%H:%M"),
        "place": found.place,
    }
    form = ProposeForm(language=viewer.language, initial=initial, of_leg=leg_of(found) is not None)
    back = f"/transfers/{code}"
    return form_page(request, form, title="change", back=back, action=f"{back}/propose", status=200)


@guard("transfer", "write")
@writes
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Take what is proposed."""
    viewer, found = found_of(request, code)
    of_leg = leg_of(found) is not None
    form = ProposeForm(request.POST, language=viewer.language, of_leg=of_leg)
    if form.is_valid():
        try:
            proposal = _proposal(form.cleaned_data, found.zone, items=not of_leg)
            services.condition_propose(transfer=found, proposal=proposal, by=viewer, at=timezone.now())
        except InputError as error:
            form.take_faults(error)
    back = f"/transfers/{code}"
    if form.errors:
        return form_page(request, form, title="change", back=back, action=f"{back}/propose")
    return done(request, back, PART, "change_done")


@guard("transfer", "confirm")
@writes
def ready(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a side stands ready though nothing is set."""
    viewer, found = found_of(request, code)
    form = ReadyForm(request.POST, language=viewer.language)
    if not form.is_valid():
        return form_page(request, form, title="ready", back=f"/transfers/{code}")
    services.stand_ready(transfer=found, quantity=form.cleaned_data["quantity"], by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}", PART, "ready_done")


@guard("transfer", "read")
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Show what postponing or calling off will do, and ask why."""
    viewer, found = found_of(request, code)
    if not _may_stop(viewer, found):
        selectors.transfer_of(viewer, "")
    back = f"/transfers/{code}"
    form = StopForm(language=viewer.language)
    return form_page(request, form, title="stop", back=back, action=f"{back}/stopped", status=200)


@guard("transfer", "read")
@writes
def stopped(request: HttpRequest, code: str) -> HttpResponse:
    """Postpone or call off."""
    viewer, found = found_of(request, code)
    if not _may_stop(viewer, found):
        selectors.transfer_of(viewer, "")
    form = StopForm(request.POST, language=viewer.language)
    if not form.is_valid():
        return form_page(request, form, title="stop", back=f"/transfers/{code}")
    given = form.cleaned_data
    services.transfer_stop(transfer=found, event=given["event"], words=given["why"], by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}", PART, "stop_done")


@guard("transfer", "write")
@writes
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a transfer."""
    viewer, found = found_of(request, code)
    services.transfer_close(transfer=found, by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}", PART, "close_done")


@guard("exchange_people", "read")
def references(request: HttpRequest, code: str) -> HttpResponse:
    """Show a side which own record each number is: of whom it gives, or of its own sought list those that return."""
    viewer, found = found_of(request, code)
    back = {one.number: one for one in returning(viewer, found)}
    if back:
        own = {number: (one.ref, one.name) for number, one in back.items()}
    else:
        own = {number: (ref, "") for number, ref in selectors.references(viewer, found).items()}
    rows = [(one["number"], *own.get(one["number"], ("", ""))) for one in found.items]
    return page(request, "references", transfer=found, rows=rows, back=bool(back))
