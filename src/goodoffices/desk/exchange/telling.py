"""What exchanges have to tell on Today: plans that wait for a signature, lotteries, terms without a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.exchange import selectors, services
from goodoffices.desk.exchange.models import Exchange
from goodoffices.desk.notices import Column, Notice

_PART = "desk_exchange"
_THING = Thing(selectors.KIND)
_NEW = dt.timedelta(days=7)


def notices(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell a viewer what waits and changed in exchanges."""
    if not viewer.user or not may(viewer, "read", _THING):
        return
    for exchange in selectors.exchanges(viewer):
        yield from _of(viewer, exchange, now)


def _of(viewer: Viewer, exchange: Exchange, now: dt.datetime) -> Iterator[Notice]:
    address, values = f"/exchange/{exchange.id}", {"title": exchange.title}
    plan = selectors.standing(exchange)
    if may(viewer, "sign", _THING) and viewer.party in services.lottery_waits(exchange):
        yield Notice(Column.WAITS, _PART, "notice_draw", address, exchange.at, {**values})
    if may(viewer, "compose", _THING) and (plan is None or selectors.is_stale(plan)):
        key = "notice_compose" if exchange.terms else "notice_terms"
        yield Notice(Column.WAITS, _PART, key, address, exchange.at, {**values})
    if plan is None or selectors.is_stale(plan):
        return
    told: dict[str, object] = {**values, "number": plan.number}
    if plan.kind == "infeasible":
        yield Notice(Column.CHANGED, _PART, "notice_infeasible", address, plan.at, told)
        return
    signed = selectors.signed_by(plan)
    waits = may(viewer, "sign", _THING) and viewer.party not in signed and plan.shown["verdict"]["holds"]
    if waits:
        yield Notice(Column.WAITS, _PART, "notice_sign", f"{address}/sign", plan.at, told)
    latest = max([plan.at, *(one.at for one in signed.values())])
    if now - latest < _NEW and not waits:
        key = "notice_agreed" if selectors.is_agreed(plan) else "notice_signed" if signed else "notice_plan"
        yield Notice(Column.CHANGED, _PART, key, address, latest, told)
