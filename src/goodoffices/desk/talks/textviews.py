"""Pages of the single text: the whole, one clause, what was done to it, export."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.talks import drafting, drafts, owing, revisions, selectors, signing, textparts
from goodoffices.desk.talks.forms import ClauseForm, GroundForm, PositionForm, TalksForm, WordingForm
from goodoffices.desk.talks.models import Text
from goodoffices.desk.talks.records import views
from goodoffices.desk.talks.views import PART
from goodoffices.domain.errors import Fault, GoodOfficesError, InputError, NotYoursError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.consent import Act

_NAMES = dict(settings.LANGUAGES)
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xml": "application/xml",
}


@guard("text", "read")
def text(request: HttpRequest, code: str) -> HttpResponse:
    """Show the single text as the reader's side sees it, or would sign it, or what changed."""
    viewer = viewer_of(request)
    return _text_page(request, viewer, selectors.text_of(viewer, code))


def _text_page(request: HttpRequest, viewer: Viewer, found: Text, *, conflict: str = "") -> HttpResponse:
    """Show the text; with a conflict, why nothing was done."""
    mode = request.GET.get("view", "all")
    shown = revisions.text_view(viewer, found, viewer.language)
    languages = _languages(request, viewer, list(shown.documents))
    thing = selectors.text_thing(found, viewer)
    context = textparts.whole(
        found,
        shown,
        viewer,
        languages=languages,
        mode=mode,
        since=_since(request, shown.revision),
        at=request.GET.get("at", "")[:20],
    )
    more = {
        "text": found, "forum": found.forum, "shown": shown, "mode": mode, "languages_shown": languages,
        "conflict": conflict, "may_publish": may(viewer, "publish", thing),
        "may_sign": may(viewer, "sign", thing) and found.state in {"frozen", "initialled"},
        "may_freeze": may(viewer, "freeze", thing), "open_for_edit": revisions.is_open(found),
        "languages_asked": request.GET.get("languages", "") and ",".join(languages),
        "signings": found.signings.filter(hash=found.frozen_hash).select_related("party"),
        "has_side": viewer.role == "side",
    }  # fmt: skip
    return show(request, "talks/text.html", {**context, **more}, part=PART, status=409 if conflict else 200)


def _languages(request: HttpRequest, viewer: Viewer, there: list[str]) -> list[str]:
    asked = [code for code in request.GET.get("languages", "").split(",") if code in there]
    return asked[:2] or [viewer.language if viewer.language in there else there[0]]


def _since(request: HttpRequest, latest: int) -> int:
    text_ = request.GET.get("since", "")
    return min(max(1, int(text_)), latest) if text_.isdecimal() and len(text_) < 7 else max(1, latest - 1)


@guard("text", "read")
def clause(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show one clause: wordings, who holds what, positions, history, and what the reader may do."""
    viewer = viewer_of(request)
    return _clause_page(request, viewer, selectors.text_of(viewer, code), number)


def _clause_page(
    request: HttpRequest,
    viewer: Viewer,
    found: Text,
    number: str,
    *,
    forms: Mapping[str, TalksForm] | None = None,
    status: int = 200,
    conflict: Mapping[str, object] | None = None,
) -> HttpResponse:
    shown = revisions.text_view(viewer, found, viewer.language)
    thing = selectors.text_thing(found, viewer)
    context = textparts.one(found, shown, viewer, number)
    if not context["is_there"] and not may(viewer, "write", thing):
        raise NotYoursError("no such clause")
    languages = [(language, _NAMES.get(language, language)) for language in found.authentic]
    made: dict[str, TalksForm] = {
        "wording": WordingForm(language=viewer.language, languages=languages, places=len(context["places"])),
        "position": PositionForm(language=viewer.language),
        "chair": ClauseForm(language=viewer.language, languages=languages, initial=context["sources"]),
        "ground": GroundForm(language=viewer.language),
    }
    more = {
        "text": found, "forum": found.forum, "number": number, "shown": shown, "conflict": conflict,
        "forms": {**made, **(forms or {})}, "open_for_edit": revisions.is_open(found),
        "may_write": may(viewer, "write", thing), "may_position": may(viewer, "position", thing),
        "may_publish": may(viewer, "publish", thing), "history": revisions.history(found, number),
    }  # fmt: skip
    return show(request, "talks/clause.html", {**context, **more}, part=PART, status=status)


def _edit(request: HttpRequest, code: str, number: str, name: str, form: TalksForm) -> HttpResponse:
    """Do one act on a clause as the reader saw it; else show how it stands now, keeping what was typed."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    drafting.text_lock(found)
    if not form.is_valid():
        return _clause_page(request, viewer, found, number, forms={name: form}, status=422)
    if conflict := _conflict(request, found, number, name):
        return _clause_page(request, viewer, found, number, forms={name: form}, status=409, conflict=conflict)
    try:
        _do(found, number, name, form.cleaned_data, viewer)
    except InputError as error:
        form.take_faults(error)
    except GoodOfficesError as error:
        form.take_refusal(error)
    if form.errors:
        return _clause_page(request, viewer, found, number, forms={name: form}, status=422)
    is_kept = name == "wording" and not form.cleaned_data["tabled"]
    return done(request, f"/talks/{code}/text/{number}", PART, "done_kept" if is_kept else f"done_{name}")


def _conflict(request: HttpRequest, found: Text, number: str, name: str) -> dict[str, str]:
    """Tell what came between the page and this answer: the text was frozen, or the clause changed; else empty."""
    if name not in {"position", "ground"} and not revisions.is_open(found):
        return {"name": name, "why": "frozen"}
    is_same = drafting.check_mark(found, number, request.POST.get("mark", ""))
    return {} if is_same else {"name": name, "why": "changed"}


def _do(found: Text, number: str, name: str, given: Mapping[str, object], viewer: Viewer) -> None:
    now = timezone.now()
    if name == "wording":
        wording = {language: str(given[f"wording_{language}"]) for language in found.authentic}
        put_in = drafting.wording_propose if given["tabled"] else drafts.draft_keep
        put_in(text=found, clause=number, place=int(str(given["place"])), wording=wording, by=viewer, at=now)
    elif name == "position":
        stance = Stance(str(given["stance"]))
        drafting.position_take(
            text=found,
            about=number,
            stance=stance,
            reason=str(given["reason"]),
            cure=str(given["cure"]),
            by=viewer,
            at=now,
        )
    elif name == "chair":
        source = {language: str(given[f"source_{language}"]) for language in found.authentic}
        drafting.clause_reword(text=found, clause=number, source=source, by=viewer, at=now)
    else:
        owing.commitment_ground(text=found, clause=number, by=viewer, at=now, **given)  # type: ignore[arg-type]


@guard("text", "write")
@writes
def wording(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Propose a wording."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    languages = [(language, _NAMES.get(language, language)) for language in found.authentic]
    places = len(textparts.one(found, revisions.text_view(viewer, found, viewer.language), viewer, number)["places"])
    form = WordingForm(request.POST, language=viewer.language, languages=languages, places=places)
    return _edit(request, code, number, "wording", form)


@guard("text", "position")
@writes
def position(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Say one's party's word on a clause."""
    return _edit(request, code, number, "position", PositionForm(request.POST, language=viewer_of(request).language))


@guard("text", "publish")
@writes
def reword(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Write a clause anew as the chair."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    languages = [(language, _NAMES.get(language, language)) for language in found.authentic]
    return _edit(
        request, code, number, "chair", ClauseForm(request.POST, language=viewer.language, languages=languages)
    )


@guard("commitment", "write")
@writes
def ground(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Rest a commitment on a clause."""
    return _edit(request, code, number, "ground", GroundForm(request.POST, language=viewer_of(request).language))


@guard("text", "position")
@writes
def hold(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Join, reserve on, or leave a wording."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    drafting.text_lock(found)
    try:
        place, alternative = int(request.POST.get("place", "")), int(request.POST.get("alternative", "0"))
    except ValueError as error:
        raise InputError(Fault("", "", "place", request.POST.get("place", ""), "number")) from error
    if conflict := _conflict(request, found, number, "hold"):
        return _clause_page(request, viewer, found, number, status=409, conflict=conflict)
    how = request.POST.get("how", "")
    if how not in {"join", "reserve", "leave"}:
        raise InputError(Fault("", "", "how", how, "join, reserve or leave"))
    drafting.wording_hold(
        text=found, clause=number, place=place, alternative=alternative, how=how, by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/text/{number}", PART, f"done_{how}")


@guard("text", "publish")
@writes
def settle(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Lift a bracket that all hold."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    drafting.text_lock(found)
    if conflict := _conflict(request, found, number, "settle"):
        return _clause_page(request, viewer, found, number, status=409, conflict=conflict)
    place = request.POST.get("place", "")
    drafting.clause_settle(
        text=found, clause=number, place=int(place) if place.isdecimal() else -1, by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/text/{number}", PART, "done_settle")


@guard("text", "write")
@writes
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Table what one has kept back: one wording, or all at one instant, as the page showed it."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    drafting.text_lock(found)
    shown = revisions.drafts_of(viewer, found)
    if not revisions.is_open(found):
        return _text_page(request, viewer, found, conflict="table_frozen")
    if request.POST.get("mark", "") != revisions.drafts_mark(shown, views(selectors.version_of(found))):
        return _text_page(request, viewer, found, conflict="table_changed")
    key = request.POST.get("draft", "")
    drafts.drafts_table(
        text=found, drafts=[draft for draft in shown if key in {"", draft.row.id}], by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/text", PART, "done_table")


@guard("text", "write")
@writes
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw a wording that one has kept back."""
    viewer = viewer_of(request)
    drafts.draft_withdraw(text=selectors.text_of(viewer, code), key=request.POST.get("draft", ""), by=viewer)
    return done(request, f"/talks/{code}/text", PART, "done_withdraw")


@guard("text", "freeze")
@writes
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the text as the page showed it, or thaw it."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    drafting.text_lock(found)
    if request.POST.get("event") == "thaw":
        signing.text_thaw(text=found, by=viewer, at=timezone.now())
        return done(request, f"/talks/{code}/text", PART, "done_thaw")
    if request.POST.get("version", "") != selectors.version_of(found).id:
        return _text_page(request, viewer, found, conflict="freeze_changed")
    signing.text_freeze(text=found, by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}/text", PART, "done_freeze")


@guard("text", "sign")
@writes
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Put initials or a signature to the frozen text."""
    viewer = viewer_of(request)
    act = request.POST.get("act", "")
    if act not in {"initial", "sign"}:
        raise InputError(Fault("", "", "act", act, "initial or sign"))
    signing.text_sign(
        text=selectors.text_of(viewer, code), act=Act(act), hash=request.POST.get("hash", ""), by=viewer,
        at=timezone.now(),
    )  # fmt: skip
    return done(request, f"/talks/{code}/text", PART, f"done_{act}")


@guard("text", "read")
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give the text as everybody sees it, as DOCX, PDF or Akoma Ntoso."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    data = textparts.exported(
        found, revisions.text_view(viewer, found, viewer.language), viewer, form=form, at=timezone.now()
    )
    answer = HttpResponse(data, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    return answer
