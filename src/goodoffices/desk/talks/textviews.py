"""Pages of the single text: the whole, one clause, what was done to it, export."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.talks import drafting, owing, selectors, textparts
from goodoffices.desk.talks.forms import ClauseForm, GroundForm, PositionForm, TalksForm, WordingForm
from goodoffices.desk.talks.models import Text
from goodoffices.desk.talks.views import PART, page
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
    found = selectors.text_of(viewer, code)
    mode = request.GET.get("view", "all")
    shown = selectors.text_view(viewer, found, viewer.language)
    languages = _languages(request, viewer, list(shown.documents))
    thing = selectors.text_thing(found, viewer)
    context = textparts.whole(
        found, shown, viewer, languages=languages, mode=mode, since=_since(request, shown.revision)
    )
    frozen = found.state in {"frozen", "initialled"}
    return page(
        request, "text", text=found, forum=found.forum, shown=shown, mode=mode, languages_shown=languages,
        may_publish=may(viewer, "publish", thing), may_sign=may(viewer, "sign", thing) and frozen,
        may_freeze=may(viewer, "freeze", thing),
        signings=found.signings.filter(hash=found.frozen_hash).select_related("party"),
        has_side=viewer.role == "side", **context,
    )  # fmt: skip


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
    shown = selectors.text_view(viewer, found, viewer.language)
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
        "forms": {**made, **(forms or {})}, "open_for_edit": found.state in {"draft", "circulated"},
        "may_write": may(viewer, "write", thing), "may_position": may(viewer, "position", thing),
        "may_publish": may(viewer, "publish", thing), "history": selectors.history(viewer, found, number),
    }  # fmt: skip
    return show(request, "talks/clause.html", {**context, **more}, part=PART, status=status)


def _edit(request: HttpRequest, code: str, number: str, name: str, form: TalksForm) -> HttpResponse:
    """Do one act on a clause as the reader saw it; else show how it stands now, keeping what was typed."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    if not form.is_valid():
        return _clause_page(request, viewer, found, number, forms={name: form}, status=422)
    if not drafting.check_mark(found, number, request.POST.get("mark", ""), language=viewer.language, by=viewer):
        return _clause_page(request, viewer, found, number, forms={name: form}, status=409, conflict={"name": name})
    try:
        _do(found, number, name, form.cleaned_data, viewer)
    except InputError as error:
        form.take_faults(error)
    except GoodOfficesError as error:
        form.add_error(None, str(error))
    if form.errors:
        return _clause_page(request, viewer, found, number, forms={name: form}, status=422)
    return done(request, f"/talks/{code}/text/{number}", PART, f"done_{name}")


def _do(found: Text, number: str, name: str, given: Mapping[str, object], viewer: Viewer) -> None:
    now = timezone.now()
    if name == "wording":
        wording = {language: str(given[f"wording_{language}"]) for language in found.authentic}
        drafting.wording_propose(
            text=found,
            clause=number,
            place=int(str(given["place"])),
            wording=wording,
            tabled=bool(given["tabled"]),
            by=viewer,
            at=now,
        )
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
    places = len(textparts.one(found, selectors.text_view(viewer, found, viewer.language), viewer, number)["places"])
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
    """Join, reserve on, or leave a wording; as the chair, lift a bracket that all hold."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    try:
        place, alternative = int(request.POST.get("place", "")), int(request.POST.get("alternative", "0"))
    except ValueError as error:
        raise InputError(Fault("", "", "place", request.POST.get("place", ""), "number")) from error
    if not drafting.check_mark(found, number, request.POST.get("mark", ""), language=viewer.language, by=viewer):
        return _clause_page(request, viewer, found, number, status=409, conflict={"name": "hold"})
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
    place = request.POST.get("place", "")
    drafting.clause_settle(
        text=found, clause=number, place=int(place) if place.isdecimal() else -1, by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/text/{number}", PART, "done_settle")


@guard("text", "write")
@writes
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Table what one has kept back."""
    viewer = viewer_of(request)
    drafting.wordings_table(
        text=selectors.text_of(viewer, code), clause=request.POST.get("clause", "")[:20], by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/text", PART, "done_table")


@guard("text", "freeze")
@writes
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the text, or thaw it."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    act = drafting.text_thaw if request.POST.get("event") == "thaw" else drafting.text_freeze
    act(text=found, by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}/text", PART, "done_thaw" if found.state == "draft" else "done_freeze")


@guard("text", "sign")
@writes
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Put initials or a signature to the frozen text."""
    viewer = viewer_of(request)
    act = request.POST.get("act", "")
    if act not in {"initial", "sign"}:
        raise InputError(Fault("", "", "act", act, "initial or sign"))
    drafting.text_sign(
        text=selectors.text_of(viewer, code), act=Act(act), hash=request.POST.get("hash", ""), by=viewer,
        at=timezone.now(),
    )  # fmt: skip
    return done(request, f"/talks/{code}/text", PART, f"done_{act}")


@guard("text", "read")
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give the text as this reader sees it, as DOCX, PDF or Akoma Ntoso."""
    viewer = viewer_of(request)
    found = selectors.text_of(viewer, code)
    data = textparts.exported(
        found, selectors.text_view(viewer, found, viewer.language), viewer, form=form, at=timezone.now()
    )
    answer = HttpResponse(data, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    return answer
