"""Pages of packages: what is tied, what it waits for, what is released ahead."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.talks import accords, packages, revisions, selectors, tying
from goodoffices.desk.talks.forms import PackageForm, PartsForm
from goodoffices.desk.talks.models import Commitment, Forum
from goodoffices.desk.talks.views import PART, form_page, refusal
from goodoffices.domain.errors import InputError


def _possible(viewer: Viewer, forum: Forum) -> list[str]:
    clauses: list[str] = []
    if hasattr(forum, "text"):
        seen = revisions.text_view(viewer, forum.text, viewer.language).documents
        clauses = [clause.id for clause in next(iter(seen.values())).clauses]
    return packages.possible_parts(viewer, forum, clauses)


def named(parts: Iterable[str], forum: Forum, language: str) -> list[tuple[str, str, str]]:
    """Give parts with their words and the page they lead to."""
    parts, rows = list(parts), []
    codes = [part.removeprefix("commitment:") for part in parts if part.startswith("commitment:")]
    titles = dict(Commitment.objects.filter(code__in=codes).values_list("code", "title")) if codes else {}
    for part in parts:
        kind, _, name = part.partition(":")
        if kind == "clause":
            rows.append((part, say(PART, language, "clause", number=name), f"/talks/{forum.code}/text/{name}"))
        else:
            rows.append((part, f"{name} · {told(titles.get(name, ''), language)}".rstrip(" ·"), f"/commitments/{name}"))
    return rows


def _choices(parts: Iterable[str], forum: Forum, language: str) -> list[tuple[str, str]]:
    return [(part, words) for part, words, _ in named(parts, forum, language)]


@guard("package", "write")
def package_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a new package."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    form = PackageForm(language=viewer.language, parts=_choices(_possible(viewer, found), found, viewer.language))
    return form_page(
        request, form, title="new_package", back=f"/talks/{code}", status=200, action=f"/talks/{code}/packages/make"
    )


@guard("package", "write")
@writes
def package_make(request: HttpRequest, code: str) -> HttpResponse:
    """Propose a package to the sides."""
    viewer = viewer_of(request)
    found = selectors.forum_of(viewer, code)
    known = _possible(viewer, found)
    form = PackageForm(request.POST, language=viewer.language, parts=_choices(known, found, viewer.language))
    again = refusal(
        request, form,
        lambda given: tying.package_open(forum=found, known=known, by=viewer, at=timezone.now(), **given),
        title="new_package", back=f"/talks/{code}",
    )  # fmt: skip
    return again or done(request, f"/packages/{form.cleaned_data['code']}", PART, "accord_put")


@guard("package", "read")
def package(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a package ties, what has closed, what it waits for, and what is put to the sides."""
    viewer = viewer_of(request)
    return _page(request, viewer, packages.package_of(viewer, code))


def _page(
    request: HttpRequest, viewer: Viewer, found: packages.Standing, form: PartsForm | None = None, *, status: int = 200
) -> HttpResponse:
    forum, language = found.row.forum, viewer.language
    may_write = may(viewer, "write", packages.package_thing(forum, viewer)) and found.state != "closed"
    put = accords.accords(viewer, forum, timezone.now())
    asked = [one for one in put if one.row.asks.get("package") == found.row.code]
    pending = {one.row.asks.get("part") for one in asked if one.row.state == "waits"}
    rows = [
        {"words": words, "address": address, "part": part, "standing": _standing(found, part),
         "may_release": may_write and found.state == "tied" and part not in {*found.row.early_harvest, *pending}}
        for part, words, address in named(found.parts, forum, language)
    ]  # fmt: skip
    if may_write and form is None:
        form = _parts_form(viewer, found)
    proposed = named(found.latest.parts, forum, language) if found.latest.accord.state == "waits" else None
    context = {
        "package": found.row,
        "forum": forum,
        "state": found.state,
        "rows": rows,
        "waits_for": named((part for part in found.parts if part not in found.closed), forum, language),
        "proposed": proposed,
        "accords": [(one, _part_of(one, forum, language)) for one in asked],
        "form": form if may_write else None,
    }
    return show(request, "talks/package.html", context, part=PART, status=status)


def _part_of(asked: accords.Told, forum: Forum, language: str) -> str:
    """Give the part that is asked to be released ahead, in words; nothing of another question."""
    part = asked.row.asks.get("part")
    return named([part], forum, language)[0][1] if part else ""


def _standing(found: packages.Standing, part: str) -> str:
    """Say of a part: it binds, it was agreed and is held, it is open; released ahead or not."""
    ahead = part in found.row.early_harvest
    if part in found.final:
        return "binds_ahead" if ahead and found.state != "closed" else "binds"
    if part in found.closed:
        return "held"
    return "open_ahead" if ahead else "open"


def _parts_form(viewer: Viewer, found: packages.Standing, data: object = None) -> PartsForm:
    forum = found.row.forum
    known = list(dict.fromkeys([*found.parts, *_possible(viewer, forum)]))
    choices = _choices(known, forum, viewer.language)
    given = list(found.latest.parts)
    return PartsForm(data, language=viewer.language, parts=choices, initial={"parts": given})


@guard("package", "write")
@writes
def package_revise(request: HttpRequest, code: str) -> HttpResponse:
    """Propose that parts are taken in or out."""
    viewer = viewer_of(request)
    found = packages.package_of(viewer, code)
    form = _parts_form(viewer, found, request.POST)
    if form.is_valid():
        try:
            tying.package_revise(
                package=found.row, parts=form.cleaned_data["parts"], known=_possible(viewer, found.row.forum),
                by=viewer, at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _page(request, viewer, found, form, status=422)
    return done(request, f"/packages/{code}", PART, "accord_put")


@guard("package", "write")
@writes
def package_harvest(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the sides to release a part ahead."""
    viewer = viewer_of(request)
    found = packages.package_of(viewer, code)
    tying.harvest_ask(package=found.row, part=request.POST.get("part", "")[:40], by=viewer, at=timezone.now())
    return done(request, f"/packages/{code}", PART, "accord_put")
