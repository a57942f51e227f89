"""What one side's planner sees of a plan: written, and checked against the whole plan."""

from __future__ import annotations

import json
import math

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.visits import VisitPlan
from goodoffices.domain.window import Window
from goodoffices.formats.visits import read_plan, write_plan
from goodoffices.formats.window_fields import Fields, document


def write_view(window: Window, plan: VisitPlan, *, side: str, whole: str) -> bytes:
    """Write what one side's planner sees: the visits of its own sites, the window, the area.

    Parameters
    ----------
    window, plan
        The window and its whole plan.
    side
        Whose view.
    whole
        SHA-256 of the whole plan, so that the view can be tied to it.
    """
    mine = {site.id for site in window.sites if site.side == side}
    teams = {team.id for team in window.teams if team.side == side}
    trips = {(one.team, one.trip) for one in plan.visits if one.site in mine}
    trips |= {(one.team, one.trip) for one in plan.returns if one.team in teams}
    view = VisitPlan(
        tuple(one for one in plan.visits if one.site in mine),
        (),
        tuple(one for one in plan.returns if (one.team, one.trip) in trips),
        tuple(one for one in plan.left if one.site in mine),
        plan.margin_minutes,
        plan.rule,
    )
    lons, lats = [point.lon for point in window.points], [point.lat for point in window.points]
    about = {
        "side": side,
        "plan_sha256": whole,
        "window": [window.start.isoformat(), window.end.isoformat()],
        "area": [math.floor(min(lons)), math.floor(min(lats)), math.ceil(max(lons)), math.ceil(max(lats))],
    }
    return write_plan(window, view, extra={"view": about})


def read_view(data: bytes, *, file: str) -> tuple[str, str] | None:
    """Read whose view a plan's file is and the SHA-256 of the whole plan; None if it is a whole plan.

    Raises
    ------
    InputError
        If what it says of the view is damaged.
    """
    about = document(data, file).get("view")
    if about is None:
        return None
    fields = Fields(file)
    if not isinstance(about, dict):
        fields.fault("", "view", about, "an object with side and plan_sha256")
        about = {}
    head = fields.text(about, "view", "side"), fields.text(about, "view", "plan_sha256")
    fields.close()
    return head


def view_faults(window: Window, view: bytes, head: tuple[str, str], whole: tuple[bytes, str]) -> list[str]:
    """Name what a view says otherwise than the whole plan that it names.

    Parameters
    ----------
    window
        The window planned.
    view, head
        The view, and what `read_view` reads of it.
    whole
        The whole plan and the name of its file.

    Raises
    ------
    InputError
        If the whole plan cannot be read.
    """
    data, file = whole
    side, digest = head
    plan = read_plan(data, window, file=file)
    if sha256_hex(data) != digest:
        return [f"the view is of another plan: it names {digest[:16]}…, {file} is {sha256_hex(data)[:16]}…"]
    due, found = json.loads(write_view(window, plan, side=side, whole=digest)), json.loads(view)
    names = sorted({*due, *found})
    return [
        f"the view's {name} is not what side {side} is to see" for name in names if due.get(name) != found.get(name)
    ]
