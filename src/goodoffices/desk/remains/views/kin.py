"""Pages of families, and of files on their way in."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Role, Thing, Viewer, may, require
from goodoffices.desk.frame.told import told
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
def family(request: HttpRequest, family_id: str) -> HttpResponse:
    """Show one family: the pedigree, who gave a sample, what the board has found."""
    viewer = viewer_of(request)
    found = reads.family_of(viewer, family_id)
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
def family_name(request: HttpRequest, family_id: str) -> HttpResponse:
    """Keep whom a family misses, for its own side.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    viewer = viewer_of(request)
    found = reads.family_of(viewer, family_id)
    if not reads.is_own(viewer, found):
        raise NotYoursError("not yours")
    form = FamilyForm(request.POST, language=language_of(request))

    def act() -> HttpResponse:
        missing = next(row[0] for row in found.pedigree if row[4])
        names = {**found.own["names"], missing: form.cleaned_data["name"]}
        kin.family_name(family=found, contact=form.cleaned_data["contact"], names=names, by=viewer)
        return done(request, f"/remains/family/{family_id}", PART, "done_family")

    return take(request, form, title="family_own", back=f"/remains/family/{family_id}", act=act)


@guard("medical", "write")
@writes
@plainly
def withdraw(request: HttpRequest, reference_id: str) -> HttpResponse:
    """Withdraw a relative's sample."""
    viewer = viewer_of(request)
    reference = reads.reference_of(viewer, reference_id)
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
    return [(side.code, told(side.name)) for side in sides() if may(viewer, "write", thing(side.code))]


def _may_import(viewer: Viewer, kind: str) -> bool:
    return any(may(viewer, "write", _thing(kind, owner)) for owner, _ in _owners(viewer))


def _import_start(request: HttpRequest, kind: str) -> HttpResponse:
    """Read a file apart; lead to what it states."""
    viewer = viewer_of(request)
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


@guard("remains", "write")
@writes
@plainly
def profiles_read(request: HttpRequest) -> HttpResponse:
    """Read profiles of remains."""
    return _import_start(request, "profiles")


@guard("medical", "write")
@writes
@plainly
def references_read(request: HttpRequest) -> HttpResponse:
    """Read profiles of relatives."""
    return _import_start(request, "references")


@guard("medical", "write")
@writes
@plainly
def families_read(request: HttpRequest) -> HttpResponse:
    """Read families and their pedigrees."""
    return _import_start(request, "families")


def _import_of(viewer: Viewer, key: str) -> Import:
    """Give a file that was read to who may take it.

    Raises
    ------
    NotYoursError
        If there is none.
    """
    found = Import.objects.filter(id=key).first()
    if found is None:
        raise NotYoursError("no such import")
    require(viewer, "write", _thing(found.kind, found.owner))
    return found


def _thing(kind: str, owner: str) -> Thing:
    return thing(owner) if kind == "profiles" else Thing("medical", owner)


@guard("remains", "write")
def import_check(request: HttpRequest, remains_import_id: str) -> HttpResponse:
    """Show what a file states, before anything of it counts."""
    found = _import_of(viewer_of(request), remains_import_id)
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
def import_yes(request: HttpRequest, remains_import_id: str) -> HttpResponse:
    """Take what a file states."""
    viewer = viewer_of(request)
    found = _import_of(viewer, remains_import_id)
    count = import_take(waiting=found, by=viewer, at=timezone.now())
    address = "/remains/cases" if found.kind == "profiles" else "/remains/families"
    return done(request, address, PART, f"taken_{found.kind}", n=count)
