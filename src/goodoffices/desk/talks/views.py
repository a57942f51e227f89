"""Pages of forums, papers, messages, meetings, commitments; those of the text stand in `textviews`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import capitals, neutral
from goodoffices.desk.talks import accords, packages, papers, selectors, services
from goodoffices.desk.talks.forms import (
    BreakForm,
    MeetingForm,
    MessageForm,
    PaperForm,
    TalksForm,
)
from goodoffices.desk.talks.models import Forum, Message, Quiet
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.print.silence import silence_pdf
from goodoffices.formats.words import Language

PART = "desk_talks"


def page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """Render a page of the talks."""
    return show(request, f"talks/{template}.html", context, part=PART)


def form_page(
    request: HttpRequest, form: TalksForm, *, title: str, back: str, status: int = 422, action: str = ""
) -> HttpResponse:
    """Show a form; after a POST again, with what was typed and what is wrong."""
    context = {"form": form, "title": title, "back": back, "action": action}
    return show(request, "talks/form.html", context, part=PART, status=status)


def refusal(
    request: HttpRequest, form: TalksForm, write: Callable[[dict[str, Any]], object], *, title: str, back: str
) -> HttpResponse | None:
    """Do what a form asks for; if it cannot be done, give the form again with what was typed and what is wrong."""
    if form.is_valid():
        try:
            write(form.cleaned_data)
        except InputError as error:
            form.take_faults(error)
    return form_page(request, form, title=title, back=back) if form.errors else None


@guard("forum", "read")
def talks(request: HttpRequest) -> HttpResponse:
    """Show rounds, working groups and meetings on one line of time."""
    viewer = viewer_of(request)
    rows = []
    for forum in selectors.forums(viewer, "sittings"):
        sittings = sorted(forum.sittings.all(), key=lambda sitting: sitting.starts_at)
        following = next((s for s in sittings if s.ends_at > timezone.now() and s.state != "closed"), None)
        rows.append({"forum": forum, "sittings": sittings, "next": following, "text": _reads_text(forum, viewer)})
    return page(request, "talks", rows=rows, may_open=may(viewer, "open", Thing("forum")))


@guard("forum", "read")
def forum(request: HttpRequest, code: str) -> HttpResponse:
    """Show a forum: terms, what is put to its sides, sittings, papers, people, packages, silence procedures."""
    viewer, now = viewer_of(request), timezone.now()
    found = selectors.forum_of(viewer, code)
    thing = selectors.thing_of(found, viewer)
    answers = selectors.meeting_answers(found)
    hears = found.kind == "leaders_meeting" and may(viewer, "hear", Thing("accord"))
    quiets = [{"row": quiet, **_silence(quiet, viewer)} for quiet in selectors.silences(found)]
    return page(
        request, "forum", forum=found, has_text=_reads_text(found, viewer),
        sittings=[(one, selectors.sitting_state(one, now)) for one in found.sittings.order_by("-number")],
        papers=selectors.papers(viewer, found),
        messages_=selectors.messages(viewer, found), people=selectors.delegations(found, now), quiets=quiets,
        steps=selectors.events_of(found) if may(viewer, "open", thing) else [],
        may_begin=may(viewer, "freeze", selectors.text_thing_of(found, viewer)),
        may_write=may(viewer, "write", thing), sits=viewer.party in found.members, meeting_set=selectors.meeting(found),
        answers=answers.get(viewer.party, []), heard=answers if hears else None,
        common=selectors.meeting_common(found) if hears else None, parties=names_of(found.members),
        accords=accords.accords(viewer, found, now), may_put=may(viewer, "put", Thing("accord")),
        packages=packages.packages(viewer, found), may_tie=may(viewer, "write", packages.package_thing(found, viewer)),
    )  # fmt: skip


def _reads_text(forum: Forum, viewer: Viewer) -> bool:
    return hasattr(forum, "text") and may(viewer, "read", selectors.text_thing(forum.text, viewer))


def _silence(quiet: Quiet, viewer: Viewer) -> dict[str, object]:
    told = selectors.silence_told(quiet, timezone.now(), zones=capitals())
    mine = viewer.party in quiet.parties
    return {
        **told,
        "waits_for_me": mine and viewer.party not in quiet.receipts and told["state"] == "opened",
        "mine": mine,
    }


def names_of(codes: list[str]) -> list[Party]:
    """Give parties by their codes."""
    return list(Party.objects.filter(code__in=codes).order_by("code"))


def _others(viewer: Viewer, found: Forum) -> list[Party]:
    return [party for party in names_of(found.members) if party.code != viewer.party]


def _quiet(viewer: Viewer, code: str, key: str) -> Quiet:
    found = selectors.forum_of(viewer, code).silences.filter(id=key).first()
    if found is None:
        raise NotYoursError("no such procedure")
    return found


@guard("forum", "accept")
def silence_notice(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Print the notice of a silence procedure, for who answers on paper."""
    viewer = viewer_of(request)
    quiet = _quiet(viewer, code, key)
    sheet = silence_pdf(papers.notice_of(quiet, viewer, at=timezone.now()), Language(viewer.language))
    answer = HttpResponse(sheet, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="silence-{code}.pdf"'
    return answer


@guard("forum", "accept")
@writes
def silence_receipt(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Give a receipt."""
    viewer = viewer_of(request)
    services.silence_receipt(quiet=_quiet(viewer, code, key), by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}", PART, "receipt_given")


@guard("forum", "accept")
@writes
def silence_extend(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Extend by a day, once."""
    viewer = viewer_of(request)
    services.silence_extend(quiet=_quiet(viewer, code, key), hours=24, by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}", PART, "silence_extended")


@guard("forum", "accept")
@writes
def silence_break(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Break a silence with a reason and a cure."""
    viewer = viewer_of(request)
    quiet, form = _quiet(viewer, code, key), BreakForm(request.POST, language=viewer.language)
    again = refusal(
        request, form, lambda given: services.silence_break(quiet=quiet, **given, by=viewer, at=timezone.now()),
        title="break_silence", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "silence_broken")


@guard("paper", "write")
def paper_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a paper."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = PaperForm(language=viewer.language, parties=[*_others(viewer, found), neutral()])
    return form_page(
        request, form, title="give_paper", back=f"/talks/{code}", status=200, action=f"/talks/{code}/papers/give"
    )


@guard("paper", "write")
@writes
def paper_give(request: HttpRequest, code: str) -> HttpResponse:
    """Give a paper to its readers."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = PaperForm(request.POST, language=viewer.language, parties=[*_others(viewer, found), neutral()])
    again = refusal(
        request, form, lambda given: services.paper_give(forum=found, **given, by=viewer, at=timezone.now()),
        title="give_paper", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "paper_given")


@guard("paper", "read")
def paper(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show a paper."""
    viewer = viewer_of(request)
    found = next((p for p in selectors.papers(viewer, selectors.forum_of(viewer, code)) if p.id == key), None)
    if found is None:
        raise NotYoursError("no such paper")
    return page(request, "paper", paper=found, forum=found.forum, audience=names_of(found.audience))


@guard("message", "write")
def message_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a message for the courier."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = MessageForm(language=viewer.language, parties=_others(viewer, found))
    return form_page(
        request, form, title="give_message", back=f"/talks/{code}", status=200, action=f"/talks/{code}/messages/give"
    )


@guard("message", "write")
@writes
def message_give(request: HttpRequest, code: str) -> HttpResponse:
    """Give the courier a message."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = MessageForm(request.POST, language=viewer.language, parties=_others(viewer, found))
    again = refusal(
        request, form, lambda given: services.message_give(forum=found, **given, by=viewer, at=timezone.now()),
        title="give_message", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "message_given")


@guard("message", "convey")
@writes
def message_convey(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Note that a message was told."""
    viewer = viewer_of(request)
    found = Message.objects.filter(id=key, forum=selectors.forum_of(viewer, code)).first()
    if found is None:
        raise NotYoursError("no such message")
    services.message_convey(message=found, by=viewer, at=timezone.now())
    return done(request, f"/talks/{code}", PART, "message_conveyed")


@guard("forum", "accept")
@writes
def meeting_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer in private about a leaders' meeting."""
    viewer = viewer_of(request)
    found, form = selectors.forum_of(viewer, code), MeetingForm(request.POST, language=viewer.language)
    again = refusal(
        request, form, lambda given: services.meeting_answer(forum=found, **given, by=viewer, at=timezone.now()),
        title="meeting", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "answer_kept")


@guard("forum", "accept")
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a private answer."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    if found.kind != "leaders_meeting":
        raise NotYoursError("no meeting")
    return form_page(
        request,
        MeetingForm(language=viewer.language),
        title="meeting",
        back=f"/talks/{code}",
        status=200,
        action=f"/talks/{code}/meeting/answer",
    )
