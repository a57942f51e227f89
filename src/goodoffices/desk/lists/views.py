"""Pages of lists: yours and what was released to you, one list, one line, answers, seal, release, export."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.keeping import exports
from goodoffices.desk.lists import page, selectors, services
from goodoffices.desk.lists.forms import NARROW, PART, ReleaseForm
from goodoffices.desk.lists.models import ANSWERS
from goodoffices.desk.lists.selectors import KIND, Seen
from goodoffices.desk.lists.states import SEALED
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.domain.lists import COLUMNS


@guard("list", "read")
def lists(request: HttpRequest) -> HttpResponse:
    """Show the viewer's lists, files that wait for a word, and what was released to the viewer."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.versions_seen(viewer, now)
    context = {
        "own": page.own_lists(viewer, [one for one in seen if one.is_own]),
        "others": [one for one in seen if not one.is_own],
        "may_write": may(viewer, "write", Thing(KIND, viewer.party)),
    }
    return show(request, "lists/lists.html", context, part=PART)


@guard("list", "count")
def counts(request: HttpRequest) -> HttpResponse:
    """Show which lists were released to the neutral, and how long they are; nothing of what is in them."""
    seen = selectors.versions_seen(viewer_of(request), timezone.now(), verb="count")
    return show(request, "lists/counts.html", {"others": seen}, part=PART)


@guard("list", "read")
def list_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one list: its state, its versions, its records as far as they are the viewer's to see."""
    viewer, now = viewer_of(request), timezone.now()
    own = page.own_list(viewer, key)
    if own is not None and not own.versions.exclude(state="storing").exists():
        return show(request, "lists/empty.html", {"list": own, "files": own.files.order_by("-at")}, part=PART)
    seen = selectors.version_seen(viewer, key, now, version=request.GET.get("version", ""))
    return _page(request, seen, status=200)


def _page(request: HttpRequest, seen: Seen, *, status: int) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    lines, context = page.lines(request.session.session_key or "", viewer, seen, request.GET)
    services.read_note(seen=seen, refs=[line.ref for line in lines], by=viewer, at=now)
    context |= page.facts(viewer, seen) | {"lines": lines, "answer_words": ANSWERS}
    return show(request, "lists/list.html", context, part=PART, status=status)


@guard("list", "read")
def list_found(request: HttpRequest, key: str) -> HttpResponse:
    """Give the lines that match what is being typed: the table alone."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.GET.get("version", ""))
    if "warm" in request.GET:
        page.warm(request.session.session_key or "", seen)
        return HttpResponse(status=204)
    lines, context = page.lines(request.session.session_key or "", viewer, seen, request.GET)
    services.read_note(seen=seen, refs=[line.ref for line in lines], by=viewer, at=now, verb="search")
    context |= page.facts(viewer, seen) | {"lines": lines, "answer_words": ANSWERS}
    return show(request, "lists/_lines.html", context, part=PART)


@guard("list", "read")
def line(request: HttpRequest, key: str, record: str) -> HttpResponse:
    """Show one line and every answer that was given for it."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.GET.get("version", ""))
    found = selectors.record_of(seen, record)
    shown = page.line_of(found, seen, None)
    services.read_note(seen=seen, refs=[shown.ref], by=viewer, at=now)
    context = page.facts(viewer, seen) | {
        "line": shown,
        "answers": found.answers.select_related("party", "by").order_by("-at", "-number"),
        "others": found.fields.get("other", {}) if seen.is_own else {},
        "became_words": found.settlings.order_by("-number") if page.may_see_settled(viewer, seen) else (),
    }
    return show(request, "lists/line.html", context, part=PART)


@guard("list", "answer")
@writes
def answers(request: HttpRequest, key: str) -> HttpResponse:
    """Take the answers of a page of lines."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.POST.get("version", ""), verb="answer")
    given = {
        name.removeprefix("answer-"): value
        for name, value in request.POST.items()
        if name.startswith("answer-") and isinstance(value, str) and value
    }
    count = services.answers_give(seen=seen, answers=given, by=viewer, at=now)
    return done(request, f"/lists/{key}?{request.POST.get('back', '')}", PART, "answers_taken", n=count)


@guard("list", "seal")
def seal(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a seal fixes, and seal."""
    return _seal(request, key) if request.method == "POST" else _seal_page(request, key)


def _seal_page(request: HttpRequest, key: str) -> HttpResponse:
    seen = selectors.version_seen(viewer_of(request), key, timezone.now(), verb="seal")
    return show(request, "lists/seal.html", page.facts(viewer_of(request), seen), part=PART)


@writes
def _seal(request: HttpRequest, key: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.POST.get("version", "-"), verb="seal")
    sealed = services.version_seal(version=seen.version, by=viewer, at=now)
    return done(request, f"/lists/{key}", PART, "sealed_now", sha256=sealed.sha256[:12])


@guard("list", "release")
def release(request: HttpRequest, key: str) -> HttpResponse:
    """Choose which fields go to whom."""
    return _release(request, key) if request.method == "POST" else _release_page(request, key)


def _release_form(viewer: Viewer, seen: Seen, data: Any = None, audience: str = "") -> ReleaseForm:
    names = {neutral().code: say(PART, viewer.language, "the_neutral", name=told(neutral().name))}
    names |= {side.code: told(side.name) for side in sides() if side.code != viewer.party}
    columns = [(column, say("lists", viewer.language, f"col_{column}")) for column in seen.columns]
    today = timezone.now().astimezone(ZoneInfo(viewer.zone)).date()
    initial = {
        "audience": audience if audience in names else neutral().code,
        "fields_chosen": [column for column in NARROW if column in seen.columns],
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=30),
    }
    return ReleaseForm(data, initial=initial, audiences=list(names.items()), columns=columns, language=viewer.language)


def _release_page(request: HttpRequest, key: str, form: ReleaseForm | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    seen = selectors.version_seen(viewer, key, timezone.now(), verb="release")
    form = form or _release_form(viewer, seen, audience=request.GET.get("to", ""))
    context = page.facts(viewer, seen) | {"form": form, "may_release": seen.version.state in SEALED}
    return show(request, "lists/release.html", context, part=PART, status=422 if form.errors else 200)


@writes
def _release(request: HttpRequest, key: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.POST.get("version", "-"), verb="release")
    form = _release_form(viewer, seen, request.POST)
    if not form.is_valid():
        return _release_page(request, key, form)
    given, zone = form.cleaned_data, ZoneInfo(viewer.zone)
    starts = dt.datetime.combine(given["starts_on"], dt.time(), zone)
    services.version_release(
        version=seen.version,
        audience=given["audience"],
        fields=tuple(column for column in COLUMNS if column in given["fields_chosen"]),
        starts_at=max(starts, now) if given["starts_on"] <= now.astimezone(zone).date() else starts,
        ends_at=dt.datetime.combine(given["ends_on"] + dt.timedelta(days=1), dt.time(), zone),
        by=viewer,
        at=now,
    )
    return done(request, f"/lists/{key}", PART, "release_asked")


@guard("list", "export")
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Give a list as a workbook or a table, or of one's own the canonical bytes of the seal; sealed with age.

    Of another's list only the released fields; it is noted for its owner.
    """
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.version_seen(viewer, key, now, version=request.GET.get("version", ""), verb="export")
    form = request.GET.get("form", "xlsx")
    if not seen.is_own:
        table = page.table_of(seen, viewer.language)
        at = table.columns.index("ref") if "ref" in table.columns else None
        made = exports.export(table, name=f"list-{seen.version.id}", form="csv" if form == "csv" else "xlsx", by=viewer)
        refs = [str(row[at]) for row in table.rows] if at is not None else ()
        services.read_note(seen=seen, refs=refs, by=viewer, at=now, verb="export", records=seen.version.records)
        return exports.answer(made)
    data, _, name = page.exported(seen, form, viewer.language)
    return exports.answer(exports.sealed(data, name=name, by=viewer))
