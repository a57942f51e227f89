"""Releases, reads, unlocks, canaries, recipients."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.jobs.work import ask
from goodoffices.desk.keeping import machine as machines
from goodoffices.desk.keeping import retention as retentions
from goodoffices.desk.keeping import selectors, services
from goodoffices.desk.keeping.forms import CanaryForm, EndForm, RecipientForm, UnlockForm
from goodoffices.desk.parties.crossing import crossing_of
from goodoffices.desk.parties.models import Party, Release
from goodoffices.desk.parties.selectors import process, readings_of, release_of, releases_of, releases_to
from goodoffices.desk.parties.services import release_approve, release_revoke
from goodoffices.domain.errors import InputError
from goodoffices.formats.words import Language, Words

_PART = "desk_keeping"
_PAGE = 100


def _fields(release: Release, language: str) -> list[str]:
    """Give the released fields in words."""
    crossing = crossing_of(release.kind)
    part, prefix = (crossing.part, crossing.prefix) if crossing else ("lists", "col_")
    words = Words(part, Language(language))
    return [words(prefix + name) if words.has(prefix + name) else name for name in release.fields]


def _title(release: Release) -> str:
    crossing = crossing_of(release.kind)
    return crossing.title(release.object) if crossing else release.object


def _state(release: Release) -> str:
    """Give the word for how a release stands."""
    now = timezone.now()
    if release.revoked_at:
        return "revoked" if release.approved_at else "withdrawn"
    if release.ends_at and release.ends_at <= now:
        return "over"
    if not release.approved_at:
        return "waits"
    return "holds" if release.starts_at <= now else "begins"


def _told(release: Release, language: str) -> dict[str, object]:
    crossing = crossing_of(release.kind)
    return {
        "row": release,
        "kind": say(_PART, language, f"kind_{release.kind}") if _known(release.kind) else release.kind,
        "title": _title(release),
        "address": crossing.address(release.object) if crossing else "",
        "fields": _fields(release, language),
        "state": _state(release),
    }


def _known(kind: str) -> bool:
    return Words(_PART, Language.EN).has(f"kind_{kind}")


@guard("release", "read")
def releases(request: HttpRequest) -> HttpResponse:
    """Show what one's party has released, and what waits for a second person."""
    viewer = viewer_of(request)
    told = [_told(release, viewer.language) for release in releases_of(viewer)]
    to_me = [_told(release, viewer.language) for release in releases_to(viewer, timezone.now())]
    waiting = [line for line in told if line["state"] == "waits"]
    rest = [line for line in told if line["state"] != "waits"]
    return show(request, "keeping/releases.html", {"waiting": waiting, "rest": rest, "to_me": to_me}, part=_PART)


@guard("release", "read")
def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """Show one release: what is seen by whom, from when until when, by whose two hands."""
    viewer = viewer_of(request)
    found = release_of(viewer, release_id, "read")
    mine = found.owner_id == viewer.party
    state = _state(found)
    context = _told(found, viewer.language) | {
        "mine": mine,
        "may_approve": mine and state == "waits" and found.asked_by_id != viewer.user,
        "may_revoke": mine and state in {"waits", "holds", "begins"},
    }
    return show(request, "keeping/release.html", context, part=_PART)


@guard("release", "approve")
@writes
def approve(request: HttpRequest, release_id: str) -> HttpResponse:
    """Approve as the second person."""
    viewer = viewer_of(request)
    found = release_approve(release=release_of(viewer, release_id, "approve"), by=viewer, at=timezone.now())
    return done(request, f"/releases/{found.id}", _PART, "did_approve", to=found.audience_id)


@guard("release", "revoke")
@writes
def revoke(request: HttpRequest, release_id: str) -> HttpResponse:
    """Revoke, or withdraw what nobody approved yet."""
    viewer = viewer_of(request)
    found = release_revoke(release=release_of(viewer, release_id, "revoke"), by=viewer, at=timezone.now())
    return done(request, f"/releases/{found.id}", _PART, "did_revoke", to=found.audience_id)


@guard("reads", "read")
def reads(request: HttpRequest) -> HttpResponse:
    """Show who read what is one's party's own."""
    page = Paginator(readings_of(viewer_of(request)), _PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "row": row,
            "kind": say(_PART, viewer_of(request).language, f"kind_{row.kind}") if _known(row.kind) else row.kind,
            "verb": row.verb if not _known_verb(row.verb) else "",
            "verb_key": f"verb_{row.verb}" if _known_verb(row.verb) else "",
        }
        for row in page
    ]
    return show(request, "keeping/reads.html", {"lines": lines, "page": page}, part=_PART)


def _known_verb(verb: str) -> bool:
    return Words(_PART, Language.EN).has(f"verb_{verb}")


def _unlocks(request: HttpRequest, form: UnlockForm, status: int = 200) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    context = {"unlocks": selectors.unlocks_of(viewer, now), "form": form, "cap": services.cap()}
    return show(request, "keeping/unlocks.html", context, part=_PART, status=status)


def _unlock_form(request: HttpRequest, *data: object) -> UnlockForm:
    viewer = viewer_of(request)
    others = Party.objects.exclude(code=viewer.party).order_by("code").values_list("code", "name")
    return UnlockForm(*data, owners=others, language=viewer.language)


@guard("unlock", "read")
def unlocks(request: HttpRequest) -> HttpResponse:
    """Show who of one's party may read more than one person alone, and ask for it."""
    return _unlocks(request, _unlock_form(request))


@guard("unlock", "ask")
@writes
def unlock_ask(request: HttpRequest) -> HttpResponse:
    """Ask for leave to read more."""
    form = _unlock_form(request, request.POST)
    if not form.is_valid():
        return _unlocks(request, form, 422)
    services.unlock_ask(
        owner=form.cleaned_data["owner"],
        reason=form.cleaned_data["reason"],
        by=viewer_of(request),
        at=timezone.now(),
    )
    return done(request, "/unlocks", _PART, "did_unlock_ask")


@guard("unlock", "read")
def unlock(request: HttpRequest, unlock_id: str) -> HttpResponse:
    """Show one request to read more, before it is approved."""
    viewer = viewer_of(request)
    found = selectors.unlock_of(viewer, unlock_id, "read")
    context = {"unlock": found, "may": found.approved_at is None and found.reader_id != viewer.user}
    return show(request, "keeping/unlock.html", context, part=_PART)


@guard("unlock", "approve")
@writes
def unlock_approve(request: HttpRequest, unlock_id: str) -> HttpResponse:
    """Unlock as the second person."""
    viewer = viewer_of(request)
    services.unlock_approve(unlock=selectors.unlock_of(viewer, unlock_id, "approve"), by=viewer, at=timezone.now())
    return done(request, "/unlocks", _PART, "did_unlock")


def _canaries(request: HttpRequest, form: CanaryForm, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    context = {"canaries": selectors.canaries_of(viewer), "alarms": selectors.alarms_of(viewer), "form": form}
    return show(request, "keeping/canaries.html", context, part=_PART, status=status)


@guard("canary", "read")
def canaries(request: HttpRequest) -> HttpResponse:
    """Show the canaries of one's party, and who read them."""
    return _canaries(request, CanaryForm(language=viewer_of(request).language))


@guard("canary", "make")
@writes
def canary_plant(request: HttpRequest) -> HttpResponse:
    """Mark a line as invented to be watched."""
    form = CanaryForm(request.POST, language=viewer_of(request).language)
    try:
        if form.is_valid():
            services.canary_plant(ref=form.cleaned_data["ref"], by=viewer_of(request), at=timezone.now())
            return done(request, "/canaries", _PART, "did_plant")
    except InputError as error:
        form.take_faults(error)
    return _canaries(request, form, 422)


@guard("canary", "remove")
@writes
def canary_remove(request: HttpRequest, canary_id: str) -> HttpResponse:
    """Take a mark away."""
    viewer = viewer_of(request)
    services.canary_remove(canary=selectors.canary_of(viewer, canary_id, "remove"), by=viewer)
    return done(request, "/canaries", _PART, "did_canary_remove")


def _recipients(request: HttpRequest, form: RecipientForm, status: int = 200) -> HttpResponse:
    context = {"recipients": selectors.recipients_of(viewer_of(request)), "form": form}
    return show(request, "keeping/recipients.html", context, part=_PART, status=status)


@guard("recipient", "read")
def recipients(request: HttpRequest) -> HttpResponse:
    """Show the age keys to which exports are sealed."""
    return _recipients(request, RecipientForm(language=viewer_of(request).language))


@guard("recipient", "make")
@writes
def recipient_add(request: HttpRequest) -> HttpResponse:
    """Register an age key."""
    form = RecipientForm(request.POST, language=viewer_of(request).language)
    try:
        if form.is_valid():
            data = form.cleaned_data
            services.recipient_add(name=data["name"], key=data["key"], by=viewer_of(request), at=timezone.now())
            return done(request, "/recipients", _PART, "did_recipient_add", name=data["name"])
    except InputError as error:
        form.take_faults(error)
    return _recipients(request, form, 422)


@guard("recipient", "remove")
@writes
def recipient_remove(request: HttpRequest, recipient_id: str) -> HttpResponse:
    """Take an age key away."""
    viewer = viewer_of(request)
    found = selectors.recipient_of(viewer, recipient_id, "remove")
    services.recipient_remove(recipient=found, by=viewer, at=timezone.now())
    return done(request, "/recipients", _PART, "did_recipient_remove")


def _retention(request: HttpRequest, form: EndForm, status: int = 200) -> HttpResponse:
    viewer, now, days = viewer_of(request), timezone.now(), process().retention_days
    erasure = selectors.erasure_waiting(viewer)
    context = {
        "purposes": [(row, row.ended_at + dt.timedelta(days=days)) for row in selectors.purposes(viewer)],
        "counts": retentions.counts(retentions.due(now)),
        "erasure": erasure,
        "may_write": selectors.may_retain(viewer),
        "may_approve": erasure is not None and erasure.asked_by_id != viewer.user and selectors.may_retain(viewer),
        "days": days,
        "form": form,
    }
    return show(request, "keeping/retention.html", context, part=_PART, status=status)


@guard("retention", "read")
def retention(request: HttpRequest) -> HttpResponse:
    """Show which purposes have ended and how much would be erased."""
    return _retention(request, EndForm(language=viewer_of(request).language))


@guard("retention", "end")
@writes
def purpose_end(request: HttpRequest) -> HttpResponse:
    """State that the purpose of the process has ended."""
    viewer = viewer_of(request)
    form = EndForm(request.POST, language=viewer.language)
    try:
        if form.is_valid():
            day = dt.datetime.combine(form.cleaned_data["ended_on"], dt.time(), tzinfo=dt.UTC)
            retentions.purpose_end(
                kind=retentions.PROCESS, row=process().id, ended_at=day, by=viewer, at=timezone.now()
            )
            return done(request, "/retention", _PART, "did_end")
    except InputError as error:
        form.take_faults(error)
    return _retention(request, form, 422)


@guard("retention", "ask")
@writes
def erasure_ask(request: HttpRequest) -> HttpResponse:
    """Ask to erase what is due."""
    retentions.erasure_ask(by=viewer_of(request), at=timezone.now())
    return done(request, "/retention", _PART, "did_erasure_ask")


@guard("retention", "approve")
@writes
def erasure_approve(request: HttpRequest, erasure_id: str) -> HttpResponse:
    """Approve an erasure as the second person; the erasing itself is a job."""
    viewer, now = viewer_of(request), timezone.now()
    erasure = selectors.erasure_of(viewer, erasure_id, "approve")
    retentions.erasure_approve(erasure=erasure, by=viewer, at=now)
    job = ask(kind="erase", owner=viewer.party, given={"erasure": erasure.id}, by=viewer, at=now)
    return done(request, f"/jobs/{job.id}", _PART, "erasure_approve")


@guard("machine", "read")
def machine(request: HttpRequest) -> HttpResponse:
    """Show the operator how the desk runs."""
    found = machines.machine(viewer_of(request))
    context = {"m": found, "used": filesizeformat(found.used), "free": filesizeformat(found.free)}
    return show(request, "keeping/machine.html", context, part=_PART)
