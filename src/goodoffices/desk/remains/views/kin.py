"""Pages of families, and of files on their way in."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Role, Thing, Viewer, may
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.parties.services import reading_note
from goodoffices.desk.remains.forms import PART, FamilyForm, ImportForm
from goodoffices.desk.remains.models import Import
from goodoffices.desk.remains.models.samples import IMPORTS
from goodoffices.desk.remains.selectors import board as reads
from goodoffices.desk.remains.selectors.standing import thing
from goodoffices.desk.remains.services import kin
from goodoffices.desk.remains.services.samples import import_read, import_take
from goodoffices.desk.remains.views.board import pedigree
from goodoffices.desk.remains.views.common import language_of, page, plainly, take
from goodoffices.domain.errors import NotYoursError
from goodoffices.store.typings import MOST_BYTES

A_PAGE = 60


@guard("medical", "read")
def families(request: HttpRequest) -> HttpResponse:
    """Show the families: a side its own by its references, the forensic coordinator all by pseudonym."""
    viewer = viewer_of(request)
    shown = Paginator(reads.families(viewer), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, one.own["ref"] if reads.is_own(viewer, one) else "") for one in shown]
    return page(request, "families", {"rows": rows, "shown": shown, "own": viewer.role is Role.SIDE})


@guard("medical", "read")
def family(request: HttpRequest, key: str) -> HttpResponse:
    """Show one family: the pedigree, who gave a sample, what the board has found."""
    viewer = viewer_of(request)
    found = reads.family_of(viewer, key)
    reading_note(by=viewer, owner=found.owner, kind="medical", row=found.id, at=timezone.now())
    own = reads.is_own(viewer, found)
    references = found.references.prefetch_related("profiles").order_by("person")
    missing = [row[0] for row in found.pedigree if row[4]]
    names = found.own["names"] if own else {}
    start = {"contact": found.own["contact"] if own else "", "name": names.get(missing[0], "") if missing else ""}
    context = {
        "family": found,
        "own": found.own if own else None,
        "names": names,
        "missing": missing,
        "pedigree": pedigree(found, [one.person for one in references if one.withdrawn_at is None]),
        "references": references,
        "told": reads.told_of_family(found) if own or may(viewer, "read", thing("")) else [],
        "form": FamilyForm(language=language_of(request), initial=start) if own else None,
    }
    return page(request, "family", context)


@guard("medical", "write")
@writes
@plainly
def family_name(request: HttpRequest, key: str) -> HttpResponse:
    """Keep whom a family misses, for its own side.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    viewer = viewer_of(request)
    found = reads.family_of(viewer, key)
    if not reads.is_own(viewer, found):
        raise NotYoursError("not yours")
    form = FamilyForm(request.POST, language=language_of(request))

    def act() -> HttpResponse:
        missing = next(row[0] for row in found.pedigree if row[4])
        names = {**found.own["names"], missing: form.cleaned_data["name"]}
        kin.family_name(family=found, contact=form.cleaned_data["contact"], names=names, by=viewer)
        return done(request, f"/remains/family/{key}", PART, "done_family")

    return take(request, form, title="family_own", back=f"/remains/family/{key}", act=act)


@guard("medical", "write")
@writes
@plainly
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw a relative's sample."""
    viewer = viewer_of(request)
    reference = reads.reference_of(viewer, key)
    kin.reference_withdraw(reference=reference, by=viewer, at=timezone.now())
    return done(request, f"/remains/family/{reference.family_id}", PART, "done_withdrawn")


@guard("medical", "category")
def kin_known(request: HttpRequest) -> HttpResponse:
    """Show the humanitarian desk which families have given which kind of sample: yes or no."""
    rows = reads.kin_known(viewer_of(request))
    return page(request, "kin", {"shown": Paginator(rows, A_PAGE).get_page(request.GET.get("page"))})


@guard("remains", "write")
def imports(request: HttpRequest) -> HttpResponse:
    """Show the forms by which files come in."""
    viewer, language = viewer_of(request), language_of(request)
    kinds = {
        kind: ImportForm(owners=_owners(viewer), language=language, auto_id=f"{kind}_%s")
        for kind in IMPORTS
        if _may_import(viewer, kind)
    }
    waiting = Import.objects.filter(taken_at__isnull=True, by=viewer.user).order_by("-at")[:20]
    return page(request, "imports", {"kinds": kinds.items(), "waiting": waiting})


def _owners(viewer: Viewer) -> list[tuple[str, str]]:
    return [(side.code, side.name) for side in sides() if may(viewer, "write", thing(side.code))]


def _may_import(viewer: Viewer, kind: str) -> bool:
    things = {owner: thing(owner) if kind == "profiles" else Thing("medical", owner) for owner, _ in _owners(viewer)}
    return any(may(viewer, "write", one) for one in things.values())


@guard("remains", "write")
@writes
@plainly
def import_start(request: HttpRequest, kind: str) -> HttpResponse:
    """Read a file apart; lead to what it states.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    viewer = viewer_of(request)
    if kind not in IMPORTS or not _may_import(viewer, kind):
        raise NotYoursError("no such import")
    form = ImportForm(request.POST, request.FILES, owners=_owners(viewer), language=language_of(request))

    def act() -> HttpResponse:
        sent = form.cleaned_data["file"]
        made = import_read(
            kind=kind,
            data=sent.read(MOST_BYTES + 1),
            file=sent.name,
            owner=form.cleaned_data["owner"],
            by=viewer,
            at=timezone.now(),
        )
        return done(request, f"/remains/import/{made.id}", PART, "done_read")

    return take(request, form, title=f"import_{kind}", back="/remains/imports", act=act)


def _import_of(viewer: Viewer, key: str) -> Import:
    found = Import.objects.filter(id=key, by=viewer.user).first()
    if found is None or not may(viewer, "write", thing(found.owner)):
        raise NotYoursError("no such import")
    return found


@guard("remains", "write")
def import_check(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a file states, before anything of it counts."""
    found = _import_of(viewer_of(request), key)
    rows: dict[str, int] = {}
    for row in (found.content or {"rows": []})["rows"]:
        rows[row[0]] = rows.get(row[0], 0) + 1
    context = {
        "import": found,
        "rows": list(rows.items())[:500],
        "count": len(rows),
        "notes": (found.content or {"findings": []})["findings"][:100],
    }
    return page(request, "import", context)


@guard("remains", "write")
@writes
@plainly
def import_yes(request: HttpRequest, key: str) -> HttpResponse:
    """Take what a file states."""
    viewer = viewer_of(request)
    found = _import_of(viewer, key)
    count = import_take(waiting=found, by=viewer, at=timezone.now())
    address = "/remains/cases" if found.kind == "profiles" else "/remains/families"
    return done(request, address, PART, f"taken_{found.kind}", n=count)
