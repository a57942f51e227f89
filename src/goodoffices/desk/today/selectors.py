"""Reads of Today: what waits, falls due, changed; what a party has done; the ten steps of the guided walk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from goodoffices.desk.access import Viewer
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.notices import Column, Notice, gather
from goodoffices.desk.parties.models import User


def notices(viewer: Viewer, now: dt.datetime, since: dt.datetime) -> dict[Column, list[Notice]]:
    """Give what waits and falls due, and what changed since the last visit."""
    found = gather(viewer, now)
    found[Column.CHANGED] = [notice for notice in found[Column.CHANGED] if notice.at is None or notice.at >= since]
    return found


def done_by_party(viewer: Viewer, number: int) -> Page[Statement]:
    """Give what members of the viewer's own party have written to the record, latest first, fifty a page."""
    found = Statement.objects.filter(by__party=viewer.party).defer("content").select_related("by").order_by("-number")
    return Paginator(found, 50).get_page(number)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the guided walk.

    Attributes
    ----------
    key
        Of its words: `step_KEY` and `step_KEY_text`.
    username
        Demo member who does it; empty for the public.
    address
        Page where it is done.
    """

    key: str
    username: str
    address: str


def walk() -> list[Step]:
    """Give the way from round to result in ten steps, with the demo's members."""
    sides = sorted(
        User.objects.filter(role="side", username__endswith="-1").values_list("username", flat=True), reverse=True
    )
    planner = User.objects.filter(role="planner").order_by("username").values_list("username", flat=True).last() or ""
    one, other = [*sides, "", ""][:2]
    return [
        Step("round", "secretariat-1", "/talks"),
        Step("text", one, "/talks/r3/text"),
        Step("commitment", "secretariat-1", "/commitments"),
        Step("lists", other, "/lists"),
        Step("pairs", "humanitarian-1", "/pairs"),
        Step("exchange", "humanitarian-1", "/exchange"),
        Step("ceasefire", planner, "/ceasefire"),
        Step("remains", "forensic-1", "/remains"),
        Step("transfer", one, "/transfers"),
        Step("results", "", "/results"),
    ]
