"""Pages of transfers, containers, items and custody."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.desk.parties.services import reading_note
from goodoffices.desk.remains.forms import PART, ContainersForm, CustodyForm, TransferForm
from goodoffices.desk.remains.models import Container, Item
from goodoffices.desk.remains.papers import custody_pdf
from goodoffices.desk.remains.selectors import board, cases, standing
from goodoffices.desk.remains.services import chain
from goodoffices.desk.remains.views.common import language_of, page, plainly, take

A_PAGE = 60


@guard("remains_room", "read")
def room(request: HttpRequest) -> HttpResponse:
    """Show the room: the ladder, what waits, the transfers."""
    viewer = viewer_of(request)
    several = cases.transfers(viewer)
    examines = may(viewer, "read", standing.thing(""))
    context = {
        "ladder": cases.ladder(viewer, several),
        "transfers": several,
        "examines": examines,
        "reads": may(viewer, "read", standing.thing(viewer.party)),
        "categories": may(viewer, "category", Thing("medical")),
    }
    if examines:
        context |= {
            "waiting": board.waiting(viewer).count(),
            "to_sample": board.to_sample(viewer).values("family").distinct().count(),
            "gaps": cases.gaps(viewer).count(),
            "split": len(board.disagreements(viewer)),
        }
    return page(request, "room", context)


@guard("transfer", "read")
def transfer(request: HttpRequest, remains_transfer_id: str) -> HttpResponse:
    """Show one transfer: its ladder, its containers where the viewer may read them."""
    viewer = viewer_of(request)
    found = cases.transfer_of(viewer, remains_transfer_id)
    sees = cases.sees_cases(viewer, found)
    shown = None
    if sees or found.giver_id == viewer.party:
        shown = Paginator(cases.containers_of(viewer, found), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "transfer": found,
        "ladder": cases.ladder(viewer, [found]),
        "sees": sees,
        "containers": shown,
        "form": ContainersForm(language=language_of(request)) if sees else None,
        "events": [event for event in ("receipt", "close") if sees and _allows(found.state, event)],
    }
    return page(request, "transfer", context)


def _allows(state: str, event: str) -> bool:
    return (state, event) in {("handed_over", "receipt"), ("receipted", "close"), ("reopened", "close")}


@guard("remains", "write")
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new transfer."""
    form = TransferForm(parties=_parties(), language=language_of(request), initial={"zone": process().zone})
    return page(
        request, "form", {"form": form, "title_key": "transfer_new", "action": "/remains/transfers", "back": "/remains"}
    )


def _parties() -> list[tuple[str, str]]:
    return [(party.code, told(party.name)) for party in sides()]


@guard("remains", "write")
@writes
@plainly
def transfer_add(request: HttpRequest) -> HttpResponse:
    """Note a transfer."""
    form = TransferForm(request.POST, parties=_parties(), language=language_of(request))

    def act() -> HttpResponse:
        told = form.cleaned_data
        made = chain.transfer_add(
            number=told["number"].strip(),
            giver=told["giver"],
            receiver=told["receiver"],
            handed_at=form.moment("handed_at"),
            place=told["place"],
            zone=told["zone"],
            declared_bodies=told["declared_bodies"],
            movement=told["movement"].strip(),
            by=viewer_of(request),
        )
        return done(request, f"/remains/transfer/{made.id}", PART, "done_transfer", number=made.number)

    return take(request, form, title="transfer_new", back="/remains", act=act)


@guard("remains", "write")
@writes
@plainly
def containers_add(request: HttpRequest, remains_transfer_id: str) -> HttpResponse:
    """Add containers and open a case for each."""
    viewer, now = viewer_of(request), timezone.now()
    found = cases.transfer_of(viewer, remains_transfer_id)
    require(viewer, "write", standing.thing(found.receiver_id))
    form = ContainersForm(request.POST, language=language_of(request))
    back = f"/remains/transfer/{remains_transfer_id}"

    def act() -> HttpResponse:
        made = chain.containers_add(transfer=found, numbers=form.lines(), by=viewer)
        chain.cases_open(containers=made, by=viewer, at=now)
        return done(request, back, PART, "done_containers", n=len(made))

    return take(request, form, title="containers_add", back=back, act=act)


@guard("remains", "write")
@writes
@plainly
def transfer_step(request: HttpRequest, remains_transfer_id: str) -> HttpResponse:
    """Receipt or close a transfer."""
    viewer = viewer_of(request)
    found = cases.transfer_of(viewer, remains_transfer_id)
    chain.transfer_step(transfer=found, event=request.POST.get("event", ""), by=viewer)
    return done(request, f"/remains/transfer/{remains_transfer_id}", PART, "done_step")


@guard("remains", "read")
def container(request: HttpRequest, container_id: str) -> HttpResponse:
    """Show who held a container."""
    viewer = viewer_of(request)
    found = cases.container_of(viewer, container_id)
    return _held(request, viewer, found, {"container": found, "title": found.number})


@guard("remains", "read")
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """Show who held an item."""
    viewer = viewer_of(request)
    found = cases.item_of(viewer, item_id)
    return _held(request, viewer, found, {"item": found, "container": found.case.container, "title": found.number})


def _held(request: HttpRequest, viewer: Viewer, one: Container | Item, context: dict[str, object]) -> HttpResponse:
    line, kind = cases.line_of(one), _noted(viewer, one, timezone.now())
    start = {"zone": process().zone, "seal": "intact"}
    if line:
        start |= {"gave": line[-1].step.hands["took"], "zone": line[-1].step.zone}
    writes_here = may(viewer, "write", standing.thing(one.owner))
    context |= {
        "line": line,
        "action": f"/remains/{kind}/{one.id}/custody",
        "paper": f"/remains/{kind}/{one.id}/custody.pdf",
        "form": CustodyForm(language=language_of(request), initial=start) if writes_here else None,
    }
    return page(request, "custody", context)


@guard("remains", "read")
def container_paper(request: HttpRequest, container_id: str) -> HttpResponse:
    """Print the chain of custody of a container."""
    return _paper(request, cases.container_of(viewer_of(request), container_id))


@guard("remains", "read")
def item_paper(request: HttpRequest, item_id: str) -> HttpResponse:
    """Print the chain of custody of an item."""
    return _paper(request, cases.item_of(viewer_of(request), item_id))


def _paper(request: HttpRequest, one: Container | Item) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    _noted(viewer, one, now)
    answer = HttpResponse(custody_pdf(viewer, one, at=now), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="custody-{one.id}.pdf"'
    return answer


def _noted(viewer: Viewer, one: Container | Item, now: dt.datetime) -> str:
    """Note that the line was read; give what it is the line of."""
    kind = "item" if isinstance(one, Item) else "container"
    reading_note(by=viewer, owner=one.owner, kind="remains", row=f"{kind}:{one.id}", at=now)
    return kind


@guard("remains", "write")
@writes
@plainly
def container_custody(request: HttpRequest, container_id: str) -> HttpResponse:
    """Note a step of custody of a container."""
    return _custody(request, cases.container_of(viewer_of(request), container_id), f"/remains/container/{container_id}")


@guard("remains", "write")
@writes
@plainly
def item_custody(request: HttpRequest, item_id: str) -> HttpResponse:
    """Note a step of custody of an item."""
    return _custody(request, cases.item_of(viewer_of(request), item_id), f"/remains/item/{item_id}")


def _custody(request: HttpRequest, one: Container | Item, back: str) -> HttpResponse:
    form = CustodyForm(request.POST, language=language_of(request))

    def act() -> HttpResponse:
        told = form.cleaned_data
        hands = chain.Hands(
            told["gave"],
            told["took"],
            told["place"],
            told["zone"],
            form.moment("at"),
            told["seal"],
            told["seal_number"],
        )
        chain.custody_note(things=[one], hands=hands, by=viewer_of(request), at=timezone.now())
        return done(request, back, PART, "done_custody")

    return take(request, form, title="custody_add", back=back, act=act)


@guard("remains", "read")
def gaps(request: HttpRequest) -> HttpResponse:
    """Show containers whose line of custody has a gap."""
    viewer = viewer_of(request)
    shown = Paginator(cases.gaps(viewer), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "gaps", {"containers": shown})
