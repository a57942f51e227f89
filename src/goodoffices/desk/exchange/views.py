"""Pages of exchanges: the list, one exchange, its terms, signatures, lottery, repair."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.exchange import page, selectors, services
from goodoffices.desk.exchange.forms import CommitForm, OpenForm, RepairForm, RevealForm, TermsForm, initial_of
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.exchange.records import terms_of
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.parties.selectors import sides
from goodoffices.domain.errors import InputError, NotYoursError

PART = page.PART
_THING = Thing(selectors.KIND)


def shown(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a page of this room."""
    return show(request, f"exchange/{template}.html", context, part=PART, status=status)


def names() -> dict[str, str]:
    """Give side to name."""
    return {side.code: told(side.name) for side in sides()}


@guard("exchange", "read")
def exchanges(request: HttpRequest) -> HttpResponse:
    """Show every exchange and where it stands."""
    viewer = viewer_of(request)
    rows: list[dict[str, Any]] = [
        {"exchange": one, "plan": selectors.standing(one)} for one in selectors.exchanges(viewer)
    ]
    for row in rows:
        row["agreed"] = row["plan"] is not None and selectors.is_agreed(row["plan"])
        row["stale"] = row["plan"] is not None and selectors.is_stale(row["plan"])
    return shown(request, "exchanges", rows=rows, may_write=may(viewer, "write", _THING))


@guard("exchange", "write")
def exchange_new(request: HttpRequest) -> HttpResponse:
    """Open an exchange."""
    return _open(request) if request.method == "POST" else _open_form(request, None)


def _open_form(request: HttpRequest, form: OpenForm | None) -> HttpResponse:
    form = form or OpenForm(language=viewer_of(request).language, **_choices())
    return shown(
        request, "form", form=form, title="new", back="/exchange", action="/exchange/new",
        status=422 if form.errors else 200,
    )  # fmt: skip


def _choices() -> dict[str, Any]:
    now = timezone.now()
    lists = [
        (
            side,
            [(one.id, f"{one.list_id} · v{one.number} · {one.records}") for one in selectors.versions(side.code, now)],
        )
        for side in sides()
    ]
    return {"commitments": [(one.id, f"{one.code} · {one.title}") for one in selectors.commitments()], "lists": lists}


@writes
def _open(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    form = OpenForm(request.POST, language=viewer.language, **_choices())
    if not form.is_valid():
        return _open_form(request, form)
    given = form.cleaned_data
    commitment = next(one for one in selectors.commitments() if one.id == given["commitment"])
    versions = {
        side.code: next(one for one in selectors.versions(side.code, now) if one.id == given[f"list_{side.code}"])
        for side in sides()
    }
    made = services.exchange_open(title=given["title"], commitment=commitment, versions=versions, by=viewer, at=now)
    return done(request, f"/exchange/{made.id}/terms", PART, "opened")


@guard("exchange", "read")
def exchange(request: HttpRequest, key: str) -> HttpResponse:
    """Show one exchange: terms on the left, the plan that stands on the right, the audit beside it."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key)
    row = selectors.standing(found)
    return _exchange(request, viewer, found, row)


def _exchange(
    request: HttpRequest, viewer: Viewer, found: Exchange, row: Plan | None, *, option: bool = False
) -> HttpResponse:
    signed = {} if row is None else selectors.signed_by(row)
    text = row.terms if row is not None else found.terms
    terms = terms_of(text) if text else None
    stale = row is not None and selectors.is_stale(row)
    signs = [{"party": side, "signature": signed.get(side.code)} for side in sides()]
    context = page.plan_shown(row, viewer.language) if row is not None else {}
    can_sign = may(viewer, "sign", _THING) and row is not None and row.kind != "infeasible" and not stale and not option
    context |= {
        "exchange": found, "row": row, "stale": stale, "signs": signs, "option": option, "toml": text,
        "lines": page.terms_lines(terms, names(), viewer.language) if terms else [],
        "holdings": list(found.holdings.select_related("party", "version").order_by("party")),
        "may_sign": can_sign and viewer.party not in signed and bool(context.get("ticks", {}).get("holds")),
        "may_write": may(viewer, "write", _THING), "may_compose": may(viewer, "compose", _THING),
        "may_repair": may(viewer, "repair", _THING), "may_audit": may(viewer, "audit", _THING),
        "may_draw": may(viewer, "sign", _THING), "draws": _draws(viewer, found),
        "waits": services.lottery_waits(found), "agreed": row is not None and selectors.is_agreed(row),
        "plans": list(found.plans.exclude(kind="option").order_by("-number")),
        "has_people": row is not None and any(
            selectors.half_of(viewer, row, side.code, timezone.now()) for side in sides()
        ),
        "commit_form": CommitForm(language=viewer.language), "reveal_form": RevealForm(language=viewer.language),
    }  # fmt: skip
    return shown(request, "exchange", **context)


def _draws(viewer: Viewer, found: Exchange) -> dict[str, Any]:
    draws = {draw.party_id: draw for draw in found.draws.all()}
    return {
        "rows": [{"party": side, "draw": draws.get(side.code)} for side in sides()],
        "own": draws.get(viewer.party),
        "all": len(draws) == len(sides()),
    }


@guard("exchange", "read")
def plan(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Show an earlier plan, or an option to be read."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key)
    row = selectors.plan_row(found, plan_key)
    standing = selectors.standing(found)
    if standing is not None and standing.id == row.id:
        return HttpResponseRedirect(f"/exchange/{key}")
    return _exchange(request, viewer, found, row, option=True)


@guard("exchange", "write")
def terms(request: HttpRequest, key: str) -> HttpResponse:
    """Set the terms."""
    found = selectors.exchange_of(viewer_of(request), key, "write")
    return _terms_set(request, found) if request.method == "POST" else _terms_form(request, found, None)


def _terms_form(request: HttpRequest, found: Exchange, form: DeskForm | None) -> HttpResponse:
    if form is None:
        start = initial_of(terms_of(found.terms) if found.terms else None)
        start.setdefault("on", timezone.localdate())
        form = TermsForm(initial=start, language=viewer_of(request).language, parties=sides())
    back = f"/exchange/{found.id}"
    status = 422 if form.errors else 200
    return shown(request, "form", form=form, title="terms", back=back, action=f"{back}/terms", status=status)


@writes
def _terms_set(request: HttpRequest, found: Exchange) -> HttpResponse:
    viewer = viewer_of(request)
    form = TermsForm(request.POST, language=viewer.language, parties=sides())
    if form.is_valid():
        try:
            services.terms_set(exchange=found, terms=form.toml(), by=viewer, at=timezone.now())
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _terms_form(request, found, form)
    return done(request, f"/exchange/{found.id}", PART, "terms_kept")


@guard("exchange", "compose")
@writes
def compose(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a plan."""
    return _ask(request, key, services.COMPOSE)


@guard("exchange", "compose")
@writes
def options_find(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the menu."""
    return _ask(request, key, services.OPTIONS)


def _ask(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key, "compose")
    job = services.work_ask(kind=kind, exchange=found, by=viewer, at=timezone.now(), given={})
    return HttpResponseRedirect(f"/jobs/{job.id}")


@guard("exchange", "read")
def options(request: HttpRequest, key: str) -> HttpResponse:
    """Show the menu as a picture of two axes with named points."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key)
    menu = found.menus.order_by("-at").first()
    context = page.menu_shown(menu, viewer.language) if menu is not None else {}
    return shown(
        request, "options", exchange=found, menu=menu, may_compose=may(viewer, "compose", _THING), names=names(),
        **context,
    )  # fmt: skip


@guard("exchange", "write")
@writes
def take(request: HttpRequest, key: str, plan_key: str) -> HttpResponse:
    """Let an option stand as the plan."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key, "write")
    services.plan_take(plan=selectors.plan_row(found, plan_key), by=viewer, at=timezone.now())
    return done(request, f"/exchange/{key}", PART, "option_taken")


@guard("exchange", "read")
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Put the latest plans and options beside each other, the same page for both delegations."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key)
    rows = list(found.plans.exclude(kind="infeasible").order_by("-number")[:6])
    context = page.compared(rows, [side.code for side in sides()], viewer.language) if rows else {}
    return shown(request, "compare", exchange=found, **context)


@guard("exchange", "sign")
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a signature binds, and sign."""
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key, "sign")
    if request.method == "POST":
        return _sign(request, found)
    row = selectors.plan_row(found)
    if row.kind == "infeasible" or selectors.is_stale(row):
        raise NotYoursError("nothing to sign")
    return shown(request, "sign", exchange=found, row=row, **page.plan_shown(row, viewer.language))


@writes
def _sign(request: HttpRequest, found: Exchange) -> HttpResponse:
    viewer = viewer_of(request)
    row = services.plan_sign(exchange=found, sha256=request.POST.get("hash", ""), by=viewer, at=timezone.now())
    return done(request, f"/exchange/{found.id}", PART, "signed_both" if selectors.is_agreed(row) else "signed_one")


@guard("exchange", "audit")
@writes
def audit(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the audit anew."""
    viewer = viewer_of(request)
    row = selectors.plan_row(selectors.exchange_of(viewer, key, "audit"))
    if row.kind == "infeasible":
        raise NotYoursError("nothing to audit")
    return HttpResponseRedirect(f"/jobs/{services.audit_ask(plan=row, by=viewer, at=timezone.now()).id}")


@guard("exchange", "repair")
def repair(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the smallest lawful change."""
    found = selectors.exchange_of(viewer_of(request), key, "repair")
    row = selectors.plan_row(found)
    if row.kind == "infeasible":
        raise NotYoursError("no plan to repair")
    return _repair(request, found, row) if request.method == "POST" else _repair_form(request, found, row, None)


def _repair_form(request: HttpRequest, found: Exchange, row: Plan, form: DeskForm | None) -> HttpResponse:
    language, back = viewer_of(request).language, f"/exchange/{found.id}"
    form = form or RepairForm(language=language, parties=sides(), legs=_legs(row))
    status = 422 if form.errors else 200
    return shown(request, "form", form=form, title="repair", back=back, action=f"{back}/repair", status=status)


def _legs(row: Plan) -> int:
    return terms_of(row.terms).legs.count


@writes
def _repair(request: HttpRequest, found: Exchange, row: Plan) -> HttpResponse:
    viewer = viewer_of(request)
    form = RepairForm(request.POST, language=viewer.language, parties=sides(), legs=_legs(row))
    if form.is_valid():
        given = form.cleaned_data
        gone = {side.code: given[f"gone_{side.code}"].replace(",", " ").split() for side in sides()}
        if not any(gone.values()):
            form.add_error(None, form.words("gone_nobody"))
        else:
            typed = {side: list(refs) for side, refs in gone.items()}
            job = services.work_ask(
                kind=services.REPAIR, exchange=found, by=viewer, at=timezone.now(),
                given={"plan": row.id, "after": given["after"], "gone": typed},
            )  # fmt: skip
            return HttpResponseRedirect(f"/jobs/{job.id}")
    return _repair_form(request, found, row, form)


@guard("exchange", "sign")
@writes
def commit(request: HttpRequest, key: str) -> HttpResponse:
    """Commit to a text of the lottery."""
    viewer = viewer_of(request)
    found, form = selectors.exchange_of(viewer, key, "sign"), CommitForm(request.POST, language=viewer.language)
    if form.is_valid():
        services.draw_commit(
            exchange=found, commit=form.cleaned_data["commit"].strip().lower(), by=viewer, at=timezone.now()
        )
        return done(request, f"/exchange/{key}", PART, "committed")
    back = f"/exchange/{key}"
    return shown(request, "form", form=form, title="draw", back=back, action=f"{back}/draw/commit", status=422)


@guard("exchange", "sign")
@writes
def reveal(request: HttpRequest, key: str) -> HttpResponse:
    """Reveal the text."""
    viewer = viewer_of(request)
    found, form = selectors.exchange_of(viewer, key, "sign"), RevealForm(request.POST, language=viewer.language)
    if form.is_valid():
        try:
            services.draw_reveal(exchange=found, reveal=form.cleaned_data["reveal"], by=viewer, at=timezone.now())
            return done(request, f"/exchange/{key}", PART, "revealed")
        except InputError as error:
            form.take_faults(error)
    back = f"/exchange/{key}"
    return shown(request, "form", form=form, title="draw", back=back, action=f"{back}/draw/reveal", status=422)
