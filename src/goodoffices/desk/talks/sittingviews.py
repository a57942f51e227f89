"""Pages of sittings: plan, open and close, who is present, minutes under silence, the sides' own video."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.selectors import capitals
from goodoffices.desk.talks import accords, minuting, selectors, services
from goodoffices.desk.talks.forms import AttendanceForm, MinutesForm, SittingForm, VideoForm
from goodoffices.desk.talks.models import Sitting
from goodoffices.desk.talks.records import is_unattributed, minutes_of
from goodoffices.desk.talks.views import PART, form_page, names_of, page, refusal
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import NotYoursError
from goodoffices.formats.minutes import Minuted, minutes_text
from goodoffices.formats.words import Language, Words


@guard("forum", "write")
def sitting_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a new sitting."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    return form_page(
        request,
        SittingForm(language=viewer.language),
        title="plan_sitting",
        back=f"/talks/{found.code}",
        status=200,
        action=f"/talks/{code}/sittings/plan",
    )


@guard("forum", "write")
@writes
def sitting_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a sitting."""
    viewer = viewer_of(request)
    found, form = selectors.forum_of(viewer, code), SittingForm(request.POST, language=viewer.language)
    again = refusal(
        request, form, lambda given: services.sitting_plan(
            forum=found, starts_at=given["starts_at"], minutes=given["minutes"], place=given["place"], zone=viewer.zone,
            agenda=_agenda(given["agenda"]), by=viewer, at=timezone.now(),
        ),
        title="plan_sitting", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "sitting_planned")


def _agenda(typed: str) -> list[dict[str, Json]]:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    return [{"number": number, "title": line} for number, line in enumerate(lines, 1)]


def _sitting(viewer: Viewer, code: str, number: int) -> Sitting:
    found = selectors.forum_of(viewer, code).sittings.filter(number=number).first()
    if found is None:
        raise NotYoursError("no such sitting")
    return found


@guard("forum", "open")
@writes
def sitting_step(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Open, adjourn, resume, close or cancel a sitting."""
    viewer = viewer_of(request)
    services.sitting_step(
        sitting=_sitting(viewer, code, number), event=request.POST.get("event", ""), by=viewer, at=timezone.now()
    )
    return done(request, f"/talks/{code}", PART, "sitting_moved")


@guard("forum", "attend")
@writes
def attendance(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Note how many of one's delegation are present."""
    viewer, form = viewer_of(request), AttendanceForm(request.POST, language=viewer_of(request).language)
    sitting = _sitting(viewer, code, number)
    again = refusal(
        request, form, lambda given: services.attendance_note(sitting=sitting, party=viewer.party, by=viewer, **given),
        title="attendance", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/talks/{code}", PART, "attendance_noted")


@guard("forum", "write")
@writes
def minutes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Circulate minutes under silence."""
    viewer = viewer_of(request)
    form, sitting = MinutesForm(request.POST, language=viewer.language), _sitting(viewer, code, number)
    address = f"/talks/{code}/sittings/{number}"
    again = refusal(
        request, form, lambda given: minuting.minutes_circulate(
            sitting=sitting, lines=given["lines"].splitlines(), hours=given["hours"], by=viewer, at=timezone.now()
        ),
        title="minutes", back=address,
    )  # fmt: skip
    return again or done(request, address, PART, "minutes_circulated")


@guard("video", "write")
@writes
def video(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Note where the sides' own video is, or take the address away."""
    viewer = viewer_of(request)
    form, sitting = VideoForm(request.POST, language=viewer.language), _sitting(viewer, code, number)
    address = f"/talks/{code}/sittings/{number}"
    again = refusal(
        request, form, lambda given: minuting.video_set(
            sitting=sitting, address=given["video_address"], by=viewer, at=timezone.now()
        ),
        title="video", back=address,
    )  # fmt: skip
    return again or done(request, address, PART, "video_set" if sitting.video else "video_gone")


@guard("forum", "read")
def sitting(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one sitting: agenda, attendance, minutes and their silence, the video, what may be done."""
    viewer, now = viewer_of(request), timezone.now()
    found = _sitting(viewer, code, number)
    thing, film = selectors.thing_of(found.forum, viewer), _seated("video", found, viewer, now)
    sits, is_over = viewer.party in found.forum.members, found.state in {"closed", "minuted"}
    events = {"planned": ["open", "cancel"], "open": ["adjourn", "close"], "adjourned": ["resume", "close"]}
    silence = _silence(found, now)
    may_write = may(viewer, "write", thing)
    return page(
        request, "sitting", forum=found.forum, sitting=found, state=selectors.sitting_state(found, now),
        events=events.get(found.state, []) if may(viewer, "open", thing) else [],
        attends=may(viewer, "attend", thing) and sits and found.state in {"open", "adjourned"},
        attendance_form=AttendanceForm(language=viewer.language), minutes_form=MinutesForm(language=viewer.language),
        may_read=sits or may_write, lines=minutes_of(found), silence=silence, is_unattributed=is_unattributed(found),
        may_take=bool(found.minutes) and may(viewer, "read", _seated("minutes", found, viewer, now)),
        circulates=may_write and found.state == "closed" and (not silence or silence["state"] in {"broken", "lapsed"}),
        video=_video(found) if may(viewer, "read", film) else None,
        video_form=VideoForm(language=viewer.language) if may(viewer, "write", film) and not is_over else None,
        may_put=may(viewer, "put", Thing("accord")) and not found.minutes and found.forum.state != "closed",
        parties=names_of(found.forum.members),
    )  # fmt: skip


@guard("minutes", "read")
def minutes_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give the minutes as a text file to those who sit there; under the Chatham House rule without who spoke."""
    viewer, now = viewer_of(request), timezone.now()
    found = _sitting(viewer, code, number)
    require(viewer, "read", _seated("minutes", found, viewer, now))
    if not found.minutes:
        raise NotYoursError("no minutes")
    quiet = selectors.last_silence(found)
    minuted = Minuted(
        forum=told(found.forum.title, viewer.language), number=number,
        at=found.starts_at.astimezone(ZoneInfo(found.zone)),
        lines=tuple(minutes_of(found)), state=str(_silence(found, now).get("state", "")),
        digest=quiet.hash if quiet else "", is_unattributed=is_unattributed(found),
    )  # fmt: skip
    text = minutes_text(minuted, Words(PART, Language(viewer.language)))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{number}.txt"'
    return answer


def _seated(kind: str, found: Sitting, viewer: Viewer, now: dt.datetime) -> Thing:
    is_mandated = accords.is_mandated(viewer, found.forum, now)
    return selectors.seated_thing(kind, found.forum, viewer, is_mandated=is_mandated)


def _silence(found: Sitting, now: dt.datetime) -> dict[str, object]:
    quiet = selectors.last_silence(found)
    return selectors.silence_told(quiet, now, zones=capitals()) if quiet is not None else {}


def _video(found: Sitting) -> dict[str, str] | None:
    """Give the address and its host, which is shown so that a reader sees where he is led."""
    return {"address": found.video, "host": urlsplit(found.video).hostname or ""} if found.video else None
