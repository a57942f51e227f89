"""Pages of a leg on the day, of who stays, and what goes on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.exchange import legs, page, selectors
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.exchange.records import plan_of, terms_of
from goodoffices.desk.exchange.views import names, shown
from goodoffices.desk.frame.templatetags.desk import city, say
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import guard, viewer_of
from goodoffices.desk.lists.records import frame_of, opened
from goodoffices.desk.parties.selectors import process
from goodoffices.desk.parties.services import reading_note
from goodoffices.domain.commitment import Unit
from goodoffices.domain.errors import NotYoursError
from goodoffices.formats.exchange_print import lists_pdf
from goodoffices.formats.print.frame import Frame, Mark, Place
from goodoffices.formats.print.manifest import Manifest, ManifestLine, manifest_pdf
from goodoffices.formats.words import Language


def _plan(viewer: Viewer, key: str) -> tuple[Exchange, Plan]:
    found = selectors.exchange_of(viewer, key)
    row = selectors.plan_row(found)
    if row.kind == "infeasible":
        raise NotYoursError("no plan")
    return found, row


@guard("exchange", "read")
def leg(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show one leg: one's own people by reference and name, the other half by number."""
    viewer, now = viewer_of(request), timezone.now()
    found, row = _plan(viewer, key)
    context = page.leg_shown(viewer, found, row, number, now)
    for half in context["halves"]:
        if half["people"]:
            _note(viewer, half["holding"], len(half["people"]))
    agreed = legs.agreed_plan(found)
    context |= {"agreed": agreed is not None, "may_prepare": may(viewer, "write", Thing("transfer"))}
    handovers = legs.handovers(viewer, found, number, now)
    coming = {} if agreed is None else {one.giver: one for one in legs.halves_of(row, number)}
    for half in context["halves"]:
        party = half["holding"].party_id
        half["handover"] = handovers.get(party)
        half["coming"] = legs.returning(viewer, coming[party]) if party in coming else []
    context["unprepared"] = any(half["count"] and not half["handover"] for half in context["halves"])
    return shown(request, "leg", exchange=found, row=row, shown_columns=page.SHOWN, **context)


def _note(viewer: Viewer, holding: object, count: int) -> None:
    version = holding.version  # type: ignore[attr-defined]
    reading_note(
        by=viewer, owner=version.list.owner_id, kind="list", row=version.list_id, at=timezone.now(), records=count
    )


@guard("exchange_people", "read")
def stays(request: HttpRequest, key: str) -> HttpResponse:
    """Show who of one's own list stays, and why."""
    viewer, now = viewer_of(request), timezone.now()
    found, row = _plan(viewer, key)
    halves = page.stays_shown(viewer, found, row, now)
    for half in halves:
        if half["count"]:
            _note(viewer, half["holding"], half["count"])
    return shown(request, "stays", exchange=found, row=row, halves=halves, shown_columns=page.SHOWN)


@guard("exchange_people", "read")
def own_list(request: HttpRequest, key: str, party: str) -> HttpResponse:
    """Print whom a side releases, by leg and place, for that side alone."""
    viewer = viewer_of(request)
    found, row = _plan(viewer, key)
    holding = found.holdings.select_related("version__list").filter(party=party).first()
    if holding is None or viewer.party != party:
        raise NotYoursError("not the viewer's list")
    frame = frame_of(fields for _, fields in opened(holding.version))
    language = Language(viewer.language)
    around = _frame(viewer, f"{row.number}")
    on = terms_of(row.terms).on
    data = lists_pdf(plan_of(row), frame, side=party, language=language, on=on, frame=around)
    return pdf(data, f"exchange-{row.number}-{party}.pdf")


@guard("exchange", "read")
def manifest(request: HttpRequest, key: str, number: int, party: str) -> HttpResponse:
    """Print the manifest of a leg by number: no reference, no name."""
    viewer = viewer_of(request)
    found, row = _plan(viewer, key)
    called = names()
    half = next((one for one in legs.halves_of(row, number) if one.giver == party), None)
    if party not in called:
        raise NotYoursError("no such leg")
    seen = selectors.half_of(viewer, row, party, timezone.now()) is not None
    hidden = say("desk", viewer.language, "withheld")
    lines = tuple(
        ManifestLine(place, line.number, line.heading if seen else hidden)
        for place, line in enumerate(half.lines if half else (), 1)
    )
    frame = _frame(viewer, f"{row.number}/{number}")
    other = next(name for code, name in called.items() if code != party)
    sheet = Manifest(
        frame, f"{found.title} · {row.number}", number, called[party], other, Unit.HANDED_OVER, "", lines,
        Mark(f"exchange {found.id}", row.sha256),
    )  # fmt: skip
    return pdf(manifest_pdf(sheet, Language(viewer.language)), f"manifest-{row.number}-{number}-{party}.pdf")


def _frame(viewer: Viewer, number: str) -> Frame:
    place = Place(city(viewer.zone, viewer.language), viewer.zone)
    return Frame(told(process().title), number, timezone.now(), (place,))


def pdf(data: bytes, name: str) -> HttpResponse:
    """Answer with a PDF."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
