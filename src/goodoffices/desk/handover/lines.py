"""What a handover means for the lists it rests on: lines executed when it is closed, moved back by a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from goodoffices.desk.access import Viewer
from goodoffices.desk.exchange.legs import halves_of
from goodoffices.desk.handover.models import Transfer
from goodoffices.desk.handover.records import leg_of
from goodoffices.desk.handover.selectors import the_day
from goodoffices.desk.lists.settling import lines_execute, lines_reopen
from goodoffices.domain.handover import PRESENT
from goodoffices.domain.process import Role


def lines_close(transfer: Transfer, *, by: Viewer, at: dt.datetime) -> None:
    """Let the lines whom both sides have signed as there be executed on the giver's list."""
    the = the_day(transfer)
    if the is None or leg_of(transfer) is None:
        return
    says = [the.merged.said(role) for role in (Role.GIVER, Role.RECEIVER)]
    there = [
        one["number"]
        for one in transfer.items
        if all(len(said[one["number"]]) == 1 and said[one["number"]][0] in PRESENT for said in says)
    ]
    _lines(transfer, there, lines_execute, by=by, at=at)


def lines_back(transfer: Transfer, numbers: Iterable[str], *, by: Viewer, at: dt.datetime) -> None:
    """Move lines back because a later finding reopened their transfer."""
    _lines(transfer, numbers, lines_reopen, by=by, at=at)


def _lines(
    transfer: Transfer, numbers: Iterable[str], move: Callable[..., int], *, by: Viewer, at: dt.datetime
) -> None:
    leg = leg_of(transfer)
    if leg is None:
        return
    half = next((one for one in halves_of(leg.plan, leg.number) if one.giver == leg.party_id), None)
    holding = leg.exchange.holdings.select_related("version__list").get(party=leg.party_id)
    refs = {line.number: line.ref for line in half.lines} if half else {}
    named = [refs[number] for number in numbers if number in refs]
    move(version=holding.version, refs=named, about=f"transfer:{transfer.code}", by=by, at=at)
