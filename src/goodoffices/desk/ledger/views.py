"""Pages of the record: heads and proofs for anyone, entries for those whom they concern."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, may
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.ledger import files, selectors, services
from goodoffices.desk.ledger.forms import BroughtForm, OldForm
from goodoffices.desk.ledger.models import Statement
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.faults import tell_fault
from goodoffices.formats.statement import kind_of, lines_of
from goodoffices.formats.words import Language, Words

PART = "desk_ledger"
_BRIEF = "public, max-age=5"


@guard("head", "read")
def record(request: HttpRequest) -> HttpResponse:
    """Show the heads, who has cosigned up to where, and what entries concern the reader."""
    viewer = viewer_of(request)
    found = selectors.record(viewer)
    words = Words("ledger", Language(viewer.language))
    witnesses = any(witness.role == viewer.party for witness in found.witnesses)
    can_cosign = witnesses and may(viewer, "cosign", Thing("head"))
    context = {"record": found, "names": selectors.names(), "can_cosign": can_cosign}
    if viewer.user:
        before, kind = request.GET.get("before", ""), request.GET.get("kind", "")[:64]
        try:
            rows = selectors.entries(viewer, kind=kind, before=int(before) if before.isdecimal() else None)
        except NotYoursError:
            rows = None
        context["waiting"] = [
            (row.statement, kind_of(row.statement.kind, words)) for row in selectors.waiting(viewer)[:20]
        ]
        context["rows"] = rows and [(run[0], kind_of(run[0].kind, words), run) for run in _runs(rows)]
        context["has_rows"] = rows is not None
        context["older"] = rows[-1].index if rows and len(rows) == 50 else None
    answer = show(request, "ledger/record.html", context, part=PART)
    if not viewer.user and "lang" not in request.GET:
        answer["Cache-Control"] = _BRIEF
        answer["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer


def _runs(rows: Sequence[selectors.EntryRow]) -> list[list[selectors.EntryRow]]:
    """Put neighbours of one kind whose words are not the reader's together; every other entry stands by itself."""
    runs: list[list[selectors.EntryRow]] = []
    for row in rows:
        hidden = row.statement is None
        if hidden and runs and runs[-1][0].statement is None and runs[-1][0].kind == row.kind:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


@guard("entry", "read")
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Show one entry in words, who signed, whether it is in force, its proof."""
    viewer = viewer_of(request)
    statement = selectors.statement_at(viewer, index)
    content = selectors.content(statement)
    words = Words("ledger", Language(viewer.language))
    standing = selectors.standing(index)
    asked = selectors.may_consent(viewer, statement)
    consents, names = selectors.consents(statement), selectors.names()
    proven = selectors.receipt(index)
    context = {
        "statement": statement,
        "kind": kind_of(statement.kind, words),
        "lines": None
        if content is None
        else [(name, names.get(text, text)) for name, text in lines_of(content, words)],
        "standing": standing,
        "consents": consents,
        "names": names,
        "owner": names.get(statement.owner, statement.owner),
        "to_sign": asked and any(c.role == viewer.party and not c.note for c in consents),
        "proof": proven,
        "head_text": proven.checkpoint.decode(),
        "raw": selectors.entry_text(index),
        "record": selectors.record(viewer, most=1),
        "readable": selectors.readable(viewer, [*(standing.followed_by if standing else ()), statement.previous]),
    }
    return show(request, "ledger/entry.html", context, part=PART)


@guard("entry", "read")
def receipt(request: HttpRequest, index: int) -> HttpResponse:
    """Give the entry on paper, with its proof in a code."""
    viewer = viewer_of(request)
    statement = selectors.statement_at(viewer, index)
    return _file(files.receipt(statement, viewer.language), f"receipt-{index}.pdf", "application/pdf")


@guard("entry", "read")
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Give the proof that the entry is in the log."""
    selectors.statement_at(viewer_of(request), index)
    return _file(selectors.receipt(index).text().encode(), f"proof-{index}.txt", "text/plain; charset=utf-8")


@guard("entry", "consent")
def sign(request: HttpRequest, index: int) -> HttpResponse:
    """Show how the reader's party signs: what to take, where to sign it, where to bring what was signed."""
    viewer = viewer_of(request)
    statement = selectors.statement_to_sign(viewer, index)
    return _sign_page(request, statement, BroughtForm(language=viewer.language))


def _sign_page(request: HttpRequest, statement: Statement, form: BroughtForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    words = Words("ledger", Language(viewer.language))
    context = {
        "statement": statement,
        "kind": kind_of(statement.kind, words),
        "lines": lines_of(selectors.content(statement), words),
        "form": form,
        "old": OldForm(language=viewer.language, initial={"old": files.last_signed(viewer)}),
        "pages": files.offline(),
        "names": selectors.names(),
        "role": viewer.party,
    }
    return show(request, "ledger/sign.html", context, part=PART, status=status)


@guard("entry", "consent")
def sign_request(request: HttpRequest, index: int) -> HttpResponse:
    """Give the request that the party's own program checks and signs."""
    viewer = viewer_of(request)
    statement = selectors.statement_to_sign(viewer, index)
    form = OldForm(request.GET, language=viewer.language)
    old = form.cleaned_data["old"] if form.is_valid() else 0
    name = f"request-{index}-{viewer.party}.json"
    return _file(files.sign_request(viewer, statement, old), name, "application/json")


@guard("entry", "consent")
@writes
def consent(request: HttpRequest, index: int) -> HttpResponse:
    """Take what the party has signed."""
    viewer = viewer_of(request)
    statement = selectors.statement_to_sign(viewer, index)
    form = BroughtForm(request.POST, request.FILES, language=viewer.language)
    if form.is_valid():
        try:
            fresh = services.consent_take(statement=statement, data=form.data_given(), by=viewer, at=timezone.now())
            return done(request, f"/record/{index}", PART, "consent_taken" if fresh else "consent_before")
        except InputError as error:
            form.add_error(None, refusal(error, viewer.language))
    return _sign_page(request, statement, form, status=422)


def refusal(error: InputError, language: str) -> str:
    """Say in the reader's language why something brought to the record was refused."""
    fault = error.faults[0]
    said = tell_fault(fault, Language(language))
    return say(PART, language, f"refused_{fault.place}", found=said.found.text, expected=said.expected.text)


@guard("head", "cosign")
def cosign(request: HttpRequest) -> HttpResponse:
    """Show how far the reader's witness has come, and give and take what it needs."""
    return _cosign_page(request, BroughtForm(language=viewer_of(request).language))


def _cosign_page(request: HttpRequest, form: BroughtForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    found = selectors.record(viewer, most=1)
    mine = next((w for w in found.witnesses if w.role == viewer.party), None)
    old = mine.size if mine else 0
    context = {
        "record": found,
        "mine": mine,
        "form": form,
        "old": OldForm(language=viewer.language, initial={"old": old}),
        "code": files.cosign_code(old) if mine and mine.behind else "",
        "pages": files.offline(),
    }
    return show(request, "ledger/cosign.html", context, part=PART, status=status)


@guard("head", "cosign")
@writes
def cosignature(request: HttpRequest) -> HttpResponse:
    """Take a witness's answer from a file or a code."""
    viewer = viewer_of(request)
    form = BroughtForm(request.POST, request.FILES, language=viewer.language)
    if form.is_valid():
        try:
            size = services.line_take(form.data_given()).checkpoint.size
            return done(request, "/record", PART, "line_taken", n=size)
        except InputError as error:
            form.add_error(None, refusal(error, viewer.language))
    return _cosign_page(request, form, status=422)


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
