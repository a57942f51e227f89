"""Pages on which results are made: attest, take down a statement, lift an embargo, publish; and what proves them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.ledger import files
from goodoffices.desk.ledger import selectors as ledger
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.parties.selectors import process
from goodoffices.desk.results import selectors, services
from goodoffices.desk.results.forms import AttestedForm, EmbargoForm, FigureForm, StatedForm
from goodoffices.desk.results.selectors import Shown
from goodoffices.desk.results.showing import phrases_of
from goodoffices.domain.assertion import Assertion
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.statement import kind_of, lines_of
from goodoffices.formats.words import Language, Words

PART = "desk_results"
_BRIEF = "public, max-age=60"


@guard("assertion", "make")
def attest(request: HttpRequest) -> HttpResponse:
    """Show the form of an attested figure."""
    return _form(request, AttestedForm(**_given(request)), "attest")


@guard("assertion", "make")
@writes
def attested(request: HttpRequest) -> HttpResponse:
    """Attest a figure."""
    viewer = viewer_of(request)
    form = AttestedForm(request.POST, **_given(request))
    if form.is_valid():
        try:
            services.attested_make(figure=form.figure(), by=viewer, at=timezone.now())
            return done(request, "/results/all", PART, "attested_done")
        except InputError as error:
            form.take_faults(error)
    return _form(request, form, "attest", status=422)


@guard("statement", "make")
def state(request: HttpRequest) -> HttpResponse:
    """Show the form of a public statement."""
    return _form(request, StatedForm(**_given(request)), "state")


@guard("statement", "make")
@writes
def stated(request: HttpRequest) -> HttpResponse:
    """Take down a public statement."""
    viewer = viewer_of(request)
    form = StatedForm(request.POST, **_given(request))
    if form.is_valid():
        try:
            services.stated_make(figure=form.figure(), public=form.public(), by=viewer, at=timezone.now())
            return done(request, "/results", PART, "stated_done")
        except InputError as error:
            form.take_faults(error)
    return _form(request, form, "state", status=422)


def _given(request: HttpRequest) -> dict[str, Any]:
    viewer = viewer_of(request)
    return {"viewer": viewer, "shown": selectors.shown_all(viewer)}


def _form(request: HttpRequest, form: FigureForm, what: str, *, status: int = 200) -> HttpResponse:
    action = {"attest": "/results/attest/send", "state": "/results/state/send"}[what]
    context = {"form": form, "what": what, "action": action, "lead": f"{what}_lead", "button": f"{what}_button"}
    return show(request, "results/make.html", context, part=PART, status=status)


@guard("result", "lift")
def embargo(request: HttpRequest) -> HttpResponse:
    """Show the own side's figures that are not public, what lifting would show, and to whom."""
    viewer = viewer_of(request)
    shown = selectors.shown_all(viewer)
    phrases = phrases_of(shown, viewer.language)
    rows = [
        {
            "subject": row.subject,
            "lifted": row.lifted,
            "waits": [phrases.party(code) for code in row.waits],
            "figures": [(phrases.party(a.party), phrases.figure(a.quantity, a.bound)) for a in row.told],
            "what": _what(row.told[0], shown, viewer),
        }
        for row in selectors.embargo_rows(viewer)
    ]
    return show(request, "results/embargo.html", {"rows": rows}, part=PART)


@guard("result", "lift")
@writes
def lift(request: HttpRequest) -> HttpResponse:
    """Lift the embargo on chosen figures."""
    chosen = request.POST.getlist("subject")
    count = services.embargo_lift(subjects=chosen, by=viewer_of(request), at=timezone.now())
    return done(request, "/results/embargo", PART, "lifted_done" if count else "lifted_none", n=count)


@guard("result", "publish")
def publish(request: HttpRequest) -> HttpResponse:
    """Show what the next publication would make public, what waits, and what is under embargo."""
    return _publish_page(request, EmbargoForm(**_given(request)))


def _publish_page(request: HttpRequest, form: EmbargoForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    shown = selectors.shown_all(viewer)
    phrases = phrases_of(shown, viewer.language)
    found = services.publication_draft(by=viewer, at=timezone.now())
    context = {
        "draft": found,
        "fresh": [
            (_what(a, shown, viewer), phrases.party(a.party), phrases.figure(a.quantity, a.bound)) for a in found.fresh
        ],
        "form": form,
        "smallest": shown.process.rules.smallest_published_count,
        "closed": sorted(selectors.embargoed(timezone.now()).items()),
        "place": process().zone,
    }
    return show(request, "results/publish.html", context, part=PART, status=status)


@guard("result", "publish")
@writes
def published(request: HttpRequest) -> HttpResponse:
    """Publish."""
    made = services.publication_make(by=viewer_of(request), at=timezone.now())
    return done(request, "/results/publications", PART, "published_done", n=made.number)


@guard("result", "embargo")
@writes
def embargo_set(request: HttpRequest) -> HttpResponse:
    """Set an embargo until a moment."""
    form = EmbargoForm(request.POST, **_given(request))
    if not form.is_valid():
        return _publish_page(request, form, status=422)
    data = form.cleaned_data
    services.embargo_set(commitment=data["commitment"], until=data["until"], by=viewer_of(request), at=timezone.now())
    return done(request, "/results/publish", PART, "embargo_done")


def _what(a: Assertion, shown: Shown, viewer: Viewer) -> str:
    phrases = phrases_of(shown, viewer.language)
    parts = [phrases.words.date(a.date)]
    if a.direction is not None:
        parts.append(phrases.direction(a.direction))
    if a.unit is not None:
        parts.append(phrases.unit(a.unit))
    return " · ".join([*parts, phrases.category(a.category), *([a.commitment] if a.commitment else [])])


@guard("result", "read")
def publications(request: HttpRequest) -> HttpResponse:
    """List every publication with its hash, its entry and its file."""
    viewer = viewer_of(request)
    rows = [(one, selectors.entry_of(one.statement)) for one in selectors.publications(viewer)[:100]]
    answer = show(request, "results/publications.html", {"rows": rows}, part=PART)
    return _public(request, answer)


@guard("result", "read")
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """Give one publication as the file whose hash stands in the record."""
    data = selectors.publication_bytes(viewer_of(request), number)
    answer = HttpResponse(data, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="publication-{number}.json"'
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@guard("assertion", "read")
def proof(request: HttpRequest, name: str, form: str = "") -> HttpResponse:
    """Show what proves an attested figure: its entry, its content, its place in the record."""
    viewer = viewer_of(request)
    statement = selectors.statement_of(selectors.attestation_visible(viewer, name).statement)
    if statement is None or statement.index is None:
        raise NotYoursError("not in the record yet")
    if form:
        return _proof_file(form, statement, viewer)
    words = Words("ledger", Language(viewer.language))
    context = {
        "name": name,
        "statement": statement,
        "kind": kind_of(statement.kind, words),
        "lines": lines_of(ledger.content(statement), words),
        "standing": ledger.standing(statement.index),
        "names": ledger.names(),
        "may_entry": ledger.may_read(viewer, statement),
    }
    return _public(request, show(request, "results/proof.html", context, part=PART))


def _proof_file(form: str, statement: Statement, viewer: Viewer) -> HttpResponse:
    if form == "txt":
        made, kind = ledger.receipt(statement.index or 0).text().encode(), "text/plain; charset=utf-8"
    elif form == "json":
        made, kind = files.disclosure(statement), "application/json"
    else:
        made, kind = files.receipt(statement, viewer.language), "application/pdf"
    head = {"Content-Disposition": f'attachment; filename="proof-{statement.index}.{form}"'}
    return HttpResponse(made, content_type=kind, headers=head)


def _public(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if not viewer_of(request).user and "lang" not in request.GET:
        answer["Cache-Control"] = _BRIEF
        answer["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer


def may_make(viewer: Viewer) -> dict[str, bool]:
    """Say which of these pages a viewer may open, for the links to them."""
    party = viewer.party
    return {
        "all": may(viewer, "read", Thing("assertion", party)),
        "attest": may(viewer, "make", Thing("assertion", party)),
        "state": may(viewer, "make", Thing("statement", party)),
        "embargo": may(viewer, "lift", Thing("result", party)),
        "publish": may(viewer, "publish", Thing("result")),
    }
