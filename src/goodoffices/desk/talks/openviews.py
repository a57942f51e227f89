"""Pages that begin things: a forum, its steps, the single text of a forum."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import process
from goodoffices.desk.talks import drafting, selectors, services, signing
from goodoffices.desk.talks.forms import ForumForm, TextForm
from goodoffices.desk.talks.models import Forum
from goodoffices.desk.talks.views import PART, form_page, refusal
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.sides import PartyKind

_SITS = (PartyKind.SIDE, PartyKind.HOST, PartyKind.OBSERVER)


def _forum_form(request: HttpRequest, *, posted: bool = False) -> ForumForm:
    parties = list(Party.objects.filter(kind__in=_SITS).order_by("code"))
    return ForumForm(request.POST if posted else None, language=viewer_of(request).language, parties=parties)


@guard("forum", "open")
def forum_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new forum."""
    return form_page(request, _forum_form(request), title="new_forum", back="/talks", status=200, action="/talks/open")


@guard("forum", "open")
@writes
def forum_open(request: HttpRequest) -> HttpResponse:
    """Propose a forum."""
    form = _forum_form(request, posted=True)
    last = Forum.objects.aggregate(last=Max("order"))["last"]
    again = refusal(
        request, form, lambda given: services.forum_open(
            code=given["code"].lower(), kind=given["forum_kind"], title=given["title"], members=given["members"],
            online=given["online"], order=(last or 0) + 1, by=viewer_of(request), at=timezone.now(), terms=form.terms(),
        ),
        title="new_forum", back="/talks",
    )  # fmt: skip
    return again or done(request, f"/talks/{form.cleaned_data['code'].lower()}", PART, "forum_opened")


@guard("forum", "open")
@writes
def forum_step(request: HttpRequest, code: str) -> HttpResponse:
    """Move a forum along its table."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    services.forum_step(forum=found, event=request.POST.get("event", "")[:20], by=viewer, at=timezone.now())
    return done(request, f"/talks/{found.code}", PART, "forum_moved")


def _begin(request: HttpRequest, code: str) -> tuple[Viewer, Forum, list[tuple[str, str]]]:
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    if hasattr(found, "text") or not may(viewer, "freeze", selectors.text_thing_of(found, viewer)):
        raise NotYoursError("no text can be begun here")
    names = dict(settings.LANGUAGES)
    languages = [one for one in process().document["process"].get("languages", []) if one in names]
    return viewer, found, [(one, str(names[one])) for one in languages or ["en"]]


@guard("text", "freeze")
def text_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form with which a text begins."""
    viewer, found, languages = _begin(request, code)
    form = TextForm(language=viewer.language, languages=languages, initial={"title": found.title})
    return form_page(
        request, form, title="begin_text", back=f"/talks/{code}", status=200, action=f"/talks/{code}/begin"
    )


@guard("text", "freeze")
@writes
def text_begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the single text of a forum with a file or the words in each language."""
    viewer, found, languages = _begin(request, code)
    form = TextForm(request.POST, request.FILES, language=viewer.language, languages=languages)
    again = refusal(
        request, form, lambda given: drafting.text_open(
            forum=found, title=given["title"], source=form.sources(), by=viewer, at=timezone.now()
        ),
        title="begin_text", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}/text", PART, "text_begun")


@guard("text", "publish")
@writes
def text_publish(request: HttpRequest, code: str) -> HttpResponse:
    """Make a signed text public."""
    viewer = viewer_of(request)
    signing.text_publish(text=selectors.text_of(viewer, code), by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}/text", PART, "text_published")
