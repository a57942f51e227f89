"""Pages of commitments, with the readings side by side, and the calendar of what falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.talks import owing, packages, selectors
from goodoffices.desk.talks.forms import ReadingForm
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.packageviews import named
from goodoffices.desk.talks.views import PART, form_page, page
from goodoffices.domain.errors import InputError
from goodoffices.domain.process import Stance
from goodoffices.formats.diary import Date, diary_ics


@guard("commitment", "read")
def commitments(request: HttpRequest) -> HttpResponse:
    """Show what is owed, by whom, by when, with the readings side by side."""
    viewer = viewer_of(request)
    found = packages.standings()
    rows = [
        {"item": item, "readings": _readings(item), **_held(viewer, item, found)}
        for item in selectors.commitments(viewer)
    ]
    return page(request, "commitments", rows=rows, parties=sides(), packages=packages.packages(viewer))


def _held(viewer: Viewer, item: Commitment, found: Sequence[packages.Standing]) -> dict[str, object]:
    """Give what holds a commitment: the packages the viewer may read by name and parts, others that there are some."""
    holding = packages.holding(item, found)
    forums = {one.row.code: one.row.forum for one in found}
    told = [
        (held.package, named(held.waits_for, forums[held.package.code], viewer.language))
        for held in holding
        if may(viewer, "read", packages.package_thing(forums[held.package.code], viewer))
    ]
    return {"is_held": bool(holding), "held": told}


def _readings(item: object) -> list[tuple[Party, object]]:
    said = selectors.readings(item)  # type: ignore[arg-type]
    return [(side, said.get(side.code)) for side in sides()]


@guard("commitment", "read")
def commitment(request: HttpRequest, code: str) -> HttpResponse:
    """Show one commitment."""
    viewer = viewer_of(request)
    item = selectors.commitment_of(viewer, code)
    own = selectors.readings(item).get(viewer.party)
    thing = selectors.commitment_thing(item, viewer)
    form = ReadingForm(language=viewer.language, initial={"reading": own.text if own else ""})
    return page(
        request, "commitment", item=item, readings=_readings(item), form=form,
        may_answer=may(viewer, "accept", thing) and item.state not in {"in_force", "withdrawn"},
        clause=selectors.clause_words(item), **_held(viewer, item, packages.standings()),
    )  # fmt: skip


@guard("commitment", "accept")
@writes
def commitment_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Give a side's reading or acceptance."""
    viewer = viewer_of(request)
    item, form = selectors.commitment_of(viewer, code), ReadingForm(request.POST, language=viewer.language)
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            owing.commitment_answer(
                item=item, stance=Stance(answer) if answer else None, reading=form.cleaned_data["reading"], by=viewer,
                at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return form_page(request, form, title="your_reading", back=f"/commitments/{code}")
    return done(request, f"/commitments/{code}", PART, "reading_kept")


@guard("forum", "read")
def calendar(request: HttpRequest) -> HttpResponse:
    """Give sittings and what falls due as a calendar file."""
    viewer = viewer_of(request)
    forums = selectors.forums(viewer, "sittings", "silences")
    dates = [
        Date(f"{s.id}@goodoffices", s.starts_at, s.ends_at, f"{found.title} ({s.number})", s.place)
        for found in forums
        for s in found.sittings.all()
        if s.state not in {"closed", "minuted"}
    ]
    for item in selectors.commitments(viewer):
        if item.due is not None:
            at = dt.datetime.combine(item.due, dt.time(12), tzinfo=dt.UTC)
            dates.append(Date(f"{item.id}@goodoffices", at, at, f"{item.code} {item.title}"))
    for found in forums:
        for quiet in selectors.silences(found):
            told = selectors.silence_told(quiet, timezone.now(), zones={})
            if isinstance(told["deadline"], dt.datetime):
                dates.append(Date(f"{quiet.id}@goodoffices", told["deadline"], told["deadline"], found.title))
    answer = HttpResponse(diary_ics(dates, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="goodoffices.ics"'
    return answer
