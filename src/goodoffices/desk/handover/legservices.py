"""Writes between a plan and its handover: preparing a leg, renewing its manifest."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.exchange import legs as exchange_legs
from goodoffices.desk.exchange import selectors as exchange_selectors
from goodoffices.desk.exchange.legs import LegHalf
from goodoffices.desk.exchange.models import Exchange
from goodoffices.desk.handover.legs import FRESH, of_leg, standing_of
from goodoffices.desk.handover.models import LegOf, Reference, Transfer
from goodoffices.desk.handover.moving import note
from goodoffices.desk.handover.records import leg_of
from goodoffices.desk.handover.services import Line, Proposal, condition_propose, transfer_draft
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError


@transaction.atomic
def leg_prepare(
    *, exchange: Exchange, number: int, terms: str, place: str, zone: str, starts_at: dt.datetime | None, by: Viewer,
    at: dt.datetime,
) -> list[Transfer]:  # fmt: skip
    """Make the transfers of a leg, one a direction, in one act; what is prepared already stays as it is.

    Parameters
    ----------
    exchange, number
        Of the leg; both sides must have signed the plan that stands.
    terms, place, zone, starts_at
        What is proposed for both directions; the list is the plan's.
    by, at
        Who prepares, when.

    Raises
    ------
    TransitionError
        If no signed plan stands.
    InputError
        If nobody goes in this leg.
    """
    require(by, "write", Thing("transfer"))
    require(by, "read", Thing(exchange_selectors.KIND))
    exchange = Exchange.objects.select_for_update().get(id=exchange.id)
    plan = exchange_legs.agreed_plan(exchange)
    if plan is None:
        raise TransitionError("no plan stands that both sides have signed")
    halves = exchange_legs.halves_of(plan, number)
    if not halves:
        raise InputError(Fault("leg", "", "number", str(number), "a leg in which somebody goes"))
    there = of_leg(exchange, number)
    proposal = Proposal(terms=terms, starts_at=starts_at, place=place)
    return [
        there[half.giver].transfer
        if half.giver in there
        else _prepare(half, proposal, zone, by=by, at=at)
        for half in halves
    ]  # fmt: skip


def _prepare(half: LegHalf, proposal: Proposal, zone: str, *, by: Viewer, at: dt.datetime) -> Transfer:
    exchange = half.plan.exchange
    turn = LegOf.objects.filter(exchange=exchange, number=half.leg, party=half.giver).count() + 1
    code = code_of(exchange, half.leg, half.giver, turn)
    if Transfer.objects.filter(code=code).exists():
        raise InputError(Fault("transfer", "", "code", code, "a code that no transfer drafted by hand has"))
    made = transfer_draft(
        code=code, giver=half.giver, receiver=half.receiver, unit="handed_over", category=half.category, zone=zone,
        commitment=exchange.commitment.code, proposal=Proposal(), by=by, at=at,
    )  # fmt: skip
    LegOf.objects.create(
        transfer=made, exchange=exchange, plan=half.plan, sha256=half.plan.sha256, number=half.leg,
        party_id=half.giver, turn=turn,
    )  # fmt: skip
    _manifest(made, half, proposal, by=by, at=at)
    return made


def code_of(exchange: Exchange, leg: int, giver: str, turn: int) -> str:
    """Give the code of a leg's transfer: commitment, which exchange under it, leg, who gives, and a later attempt."""
    earlier = Exchange.objects.filter(commitment=exchange.commitment, at__lt=exchange.at).count()
    same = Exchange.objects.filter(commitment=exchange.commitment, at=exchange.at, id__lt=exchange.id).count()
    again = "" if turn == 1 else f"-{turn}"
    return f"{exchange.commitment.code}-X{earlier + same + 1}-{leg}-{giver}{again}"


def _manifest(transfer: Transfer, half: LegHalf, proposal: Proposal, *, by: Viewer, at: dt.datetime) -> None:
    """Propose the leg's list with the rest, keep whose number is whose for the giver alone, note whence it comes."""
    own = {line.number: line.ref for line in half.lines}
    Reference.objects.filter(transfer=transfer, owner=half.giver).delete()
    Reference.objects.create(transfer=transfer, owner_id=half.giver, numbers=own)
    lines = tuple(Line(number) for number in half.numbers)
    whole = Proposal(proposal.terms, lines, proposal.starts_at, proposal.place)
    condition_propose(transfer=transfer, proposal=whole, by=by, at=at)
    content: dict[str, Json] = {
        "exchange": half.plan.exchange_id, "plan": half.plan.number, "plan_sha256": half.plan.sha256,
        "leg": half.leg, "giver": half.giver, "n": len(lines),
    }  # fmt: skip
    note(transfer, "transfer_leg", content, by=by, at=at, roles=[])


@transaction.atomic
def leg_renew(*, transfer: Transfer, by: Viewer, at: dt.datetime) -> Transfer:
    """Make the manifest anew from the plan that stands; both sides then confirm the list again.

    Raises
    ------
    TransitionError
        If no signed plan stands that has somebody in this leg, or the day has begun.
    """
    require(by, "write", Thing("transfer"))
    leg, how = leg_of(transfer), standing_of(transfer)
    if leg is None or how is None:
        raise TransitionError("this transfer rests on no plan that could change it")
    if how.word == FRESH:
        return transfer
    if how.half is None:
        raise TransitionError("no plan that both sides have signed has somebody in this leg")
    half = how.half
    leg.plan, leg.sha256 = half.plan, half.plan.sha256
    leg.save(update_fields=["plan", "sha256"])
    transfer.category = half.category
    _manifest(transfer, half, Proposal(), by=by, at=at)
    return transfer
