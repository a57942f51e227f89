"""Pages of what is decided together: a forum's terms, the Chatham House rule, the answers of the sides."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.templatetags.desk import instant
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.talks import accords, deciding, minuting, selectors, services
from goodoffices.desk.talks.forms import AnswerForm, MeetingTermsForm, TermsForm
from goodoffices.desk.talks.models import Accord, Forum, Sitting
from goodoffices.desk.talks.packageviews import named
from goodoffices.desk.talks.views import PART, form_page, names_of, page, refusal
from goodoffices.domain.errors import NotYoursError


def _form_of(forum: Forum) -> type[TermsForm]:
    """Give the form of a forum's terms: a leaders' meeting is asked with its moment and place."""
    return MeetingTermsForm if forum.kind == "leaders_meeting" else TermsForm


@guard("forum", "write")
def forum_terms(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a forum's terms, filled with what was asked last."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    last = found.accords.filter(kind="terms").exclude(state="withdrawn").order_by("-at").first()
    terms = (last.asks if last else found.terms) or {}
    initial = {name: terms.get(name, "") for name in ("level", "reference")}
    initial["agenda"] = "\n".join(terms.get("agenda") or [])
    initial |= {name: terms[name] for name in ("minutes", "place") if name in terms}
    if "starts" in terms:
        initial["starts_at"] = instant(terms["starts"]).astimezone(ZoneInfo(viewer.zone)).strftime("%Y-%m-%dT%H:%M")
    form = _form_of(found)(language=viewer.language, initial=initial)
    return form_page(request, form, title="terms", back=f"/talks/{code}", status=200, action=f"/talks/{code}/terms/ask")


@guard("forum", "write")
@writes
def forum_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Put a forum's terms to its sides."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = _form_of(found)(request.POST, language=viewer.language)
    again = refusal(
        request, form, lambda _: services.forum_ask(forum=found, terms=form.terms(), by=viewer, at=timezone.now()),
        title="terms", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "accord_put")


@guard("accord", "put")
@writes
def chatham(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the sides whether the Chatham House rule shall hold, in a forum or in one sitting."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    number, holds = request.POST.get("sitting", ""), request.POST.get("holds") == "yes"
    sitting = _sitting(found, number) if number else None
    minuting.chatham_put(forum=found, sitting=sitting, holds=holds, by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}", PART, "accord_put")


def _sitting(forum: Forum, number: str) -> Sitting:
    found = forum.sittings.filter(number=int(number)).first() if number.isascii() and number.isdecimal() else None
    if found is None:
        raise NotYoursError("no such sitting")
    return found


@guard("accord", "read")
def accord(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show what is asked, how it stands, and one's own answer."""
    viewer = viewer_of(request)
    return _page(request, viewer, accords.accord_of(viewer, code, key, timezone.now()))


def _page(
    request: HttpRequest, viewer: Viewer, found: Accord, form: AnswerForm | None = None, *, status: int = 200
) -> HttpResponse:
    told = accords.told(found, viewer, timezone.now())
    initial = {"accepts": "" if told.mine is None else "yes" if told.mine else "no"}
    context = {
        "accord": found,
        "told": told,
        "asks": found.asks,
        "forum": found.forum,
        "parts": named(_parts(found), found.forum, viewer.language),
        "names": {party.code: party.name for party in names_of([*found.parties, *found.asks.get("members", [])])},
        "form": form or AnswerForm(language=viewer.language, initial=initial),
    }
    if status == 200:
        return page(request, "accord", **context)
    return show(request, "talks/accord.html", context, part=PART, status=status)


def _parts(found: Accord) -> list[str]:
    """Give the parts of a package that are asked of: all that shall be tied, or the one to be released ahead."""
    return [found.asks["part"]] if found.kind == "harvest" else found.asks.get("parts", [])


@guard("accord", "answer")
@writes
def accord_answer(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Give one's party's answer."""
    viewer = viewer_of(request)
    found = accords.accord_of(viewer, code, key, timezone.now())
    form = AnswerForm(request.POST, language=viewer.language)
    if not form.is_valid():
        return _page(request, viewer, found, form, status=422)
    given = form.cleaned_data
    row = deciding.accord_answer(
        accord=found, accepts=given["accepts"] == "yes", reason=given["reason"], by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}/accords/{key}", PART, f"answered_{row.state}")
