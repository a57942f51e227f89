"""Pages between a plan and its handover: preparing the transfers of a leg, renewing a manifest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer
from goodoffices.desk.exchange import legs as exchange_legs
from goodoffices.desk.exchange import selectors as exchange_selectors
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.handover import legs, legservices
from goodoffices.desk.handover.forms import PrepareForm
from goodoffices.desk.handover.views import PART, found_of, hour_of, page, zone_of
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.formats.words import Language, Words


def _found(request: HttpRequest, exchange: str, leg: int) -> tuple[Viewer, Exchange, Plan]:
    """Give who asks, and the signed plan of the exchange, if it has such a leg.

    Raises
    ------
    NotYoursError
        If no signed plan stands, or nobody goes in this leg.
    """
    viewer = viewer_of(request)
    found = exchange_selectors.exchange_of(viewer, exchange)
    plan = exchange_legs.agreed_plan(found)
    if plan is None or not legs.plan_halves(plan, leg):
        raise NotYoursError("no such leg")
    return viewer, found, plan


@guard("transfer", "write")
def leg_new(request: HttpRequest, exchange: str, leg: int) -> HttpResponse:
    """Show the form that prepares the handover of a leg: the list is the plan's, the rest is asked."""
    viewer, found, _ = _found(request, exchange, leg)
    words = Words(PART, Language(viewer.language))
    terms = words("leg_terms", code=found.commitment.code, leg=leg, terms=found.commitment_hash)
    form = PrepareForm(language=viewer.language, initial={"zone": process().zone, "terms": terms})
    return _form(request, form, exchange, leg, status=200)


def _form(request: HttpRequest, form: PrepareForm, exchange: str, leg: int, *, status: int = 422) -> HttpResponse:
    viewer, _, plan = _found(request, exchange, leg)
    names = {side.code: side.name for side in sides()}
    words = Words(PART, Language(viewer.language))
    facts = [
        words("leg_count", leg=leg, giver=names[half.giver], receiver=names[half.receiver], n=len(half.lines))
        for half in legs.plan_halves(plan, leg)
    ]
    back = f"/exchange/{exchange}/leg/{leg}"
    action = f"/transfers/leg/{exchange}/{leg}/prepare"
    return page(request, "form", form=form, title="prepare", back=back, action=action, facts=facts, status=status)


@guard("transfer", "write")
@writes
def leg_prepare(request: HttpRequest, exchange: str, leg: int) -> HttpResponse:
    """Make the transfers of a leg."""
    viewer, found, _ = _found(request, exchange, leg)
    form = PrepareForm(request.POST, language=viewer.language)
    made = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            zone_of(given["zone"])
            made = legservices.leg_prepare(
                exchange=found, number=leg, terms=given["terms"], place=given["place"], zone=given["zone"],
                starts_at=hour_of(given["starts_at"], given["zone"]), by=viewer, at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _form(request, form, exchange, leg)
    return done(request, f"/exchange/{exchange}/leg/{leg}", PART, "prepare_done", n=len(made))


@guard("transfer", "write")
@writes
def leg_renew(request: HttpRequest, code: str) -> HttpResponse:
    """Make a manifest anew from the plan that stands."""
    viewer, found = found_of(request, code)
    legservices.leg_renew(transfer=found, by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}", PART, "renew_done")
