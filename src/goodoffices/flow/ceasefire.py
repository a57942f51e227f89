"""From a window to a plan that the audit has passed: nothing else is ever returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.domain.roads import RoadGraph, TravelTable
from goodoffices.domain.visits import TurnBack, VisitPlan
from goodoffices.domain.window import Closure, Metric, Window
from goodoffices.engines.audit.ceasefire import Verdict, audit
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.rehearse import Trials, rehearse
from goodoffices.engines.ceasefire.roads import fit, road_times
from goodoffices.engines.ceasefire.search import Effort, search
from goodoffices.engines.ceasefire.travel import TravelTimes, far_from_everything, matrix_times, straight_times
from goodoffices.formats.roads import read_travel
from goodoffices.formats.visits import write_plan
from goodoffices.formats.window import read_window


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of one window as they came.

    Attributes
    ----------
    window, travel, state
        Their bytes; travel and state where there are any.
    name
        Of the window's file.
    """

    window: bytes
    travel: bytes | None = None
    state: bytes | None = None
    name: str = "WINDOW.json"


def read_papers(papers: Papers) -> Window:
    """Read a window and check that its points can be reached at all.

    Raises
    ------
    InputError
        With every fault.
    """
    window = read_window(papers.window, file=papers.name)
    faults = [
        Fault(
            papers.name,
            name,
            "lon, lat",
            f"{km:.0f} km from the nearest crossing",
            "a place within a team's reach",
        )
        for name, km in far_from_everything(window)
        if km > _ABSURD_KM
    ]
    if faults:
        raise InputError(*faults)
    return window


_ABSURD_KM = 2000.0
"""Beyond this a place is taken for a mistyped one (exit 2); nearer ones are listed under `left`."""


def find_times(window: Window, papers: Papers) -> TravelTimes:
    """Find the travel times that a window asks for.

    Raises
    ------
    InputError
        If the travel file is missing, unreadable, or does not know a place of the window.
    """
    if window.travel.metric is not Metric.FILE:
        return straight_times(window)
    if papers.travel is None:
        raise InputError(Fault(papers.name, "travel", "file", window.travel.file, "a file that is there"))
    found = read_travel(papers.travel, file=window.travel.file)
    if isinstance(found, RoadGraph):
        return road_times(window, found)
    _check_table(window, found)
    names = [point.id for point in window.points]
    table = np.full((len(names), len(names)), np.inf)
    for i, here in enumerate(names):
        for j, there in enumerate(names):
            table[i, j] = 0.0 if i == j else found.values.get((here, there), np.inf)
    return matrix_times(window, table, is_km=found.is_km)


def _check_table(window: Window, table: TravelTable) -> None:
    known = {name for pair in table.values for name in pair}
    faults = [
        Fault(window.travel.file, "", point.id, "no row or column", "travel from and to every place")
        for point in window.points
        if point.id not in known
    ]
    if faults:
        raise InputError(*faults)


def daily_closures(window: Window, hours: Mapping[str, Sequence[tuple[int, int]]]) -> tuple[Closure, ...]:
    """Give the closures of a window that follow from hours of the day, by the clocks of the place.

    Parameters
    ----------
    window
        For its days and its zone; the offset of its start where it names none.
    hours
        Road to pairs of minutes after midnight, the second beyond 1440 over midnight.
    """
    zone = ZoneInfo(window.zone) if window.zone else window.start.tzinfo
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    days = [first + dt.timedelta(days=k) for k in range(-1, (last - first).days + 1)]
    found = []
    for road in sorted(hours):
        for day in days:
            for start, end in hours[road]:
                shut, free = (_clock(day, minutes, zone) for minutes in (start, end))
                if shut < window.end and free > window.start:
                    found.append(Closure((road,), max(shut, window.start), min(free, window.end)))
    return tuple(found)


def _clock(day: dt.date, minutes: int, zone: dt.tzinfo | None) -> dt.datetime:
    later, inside = divmod(minutes, 1440)
    return dt.datetime.combine(day + dt.timedelta(days=later), dt.time(*divmod(inside, 60)), tzinfo=zone)


def check_travel(window: Window, papers: Papers) -> RoadGraph | TravelTable:
    """Read a window's travel file and find whether it serves the window, without searching any way.

    Raises
    ------
    InputError
        If it is missing or unreadable, or does not know a place or a road of the window.
    """
    if papers.travel is None:
        raise InputError(Fault(papers.name, "travel", "file", window.travel.file, "a file that is there"))
    found = read_travel(papers.travel, file=window.travel.file)
    if isinstance(found, RoadGraph):
        fit(window, found)
    else:
        _check_table(window, found)
    return found


def make_plan(situation: Situation, papers: Papers, *, effort: Effort, rule: TurnBack | None) -> VisitPlan:
    """Search a plan and return it once the audit has passed it.

    Parameters
    ----------
    situation
        The window, its travel times, the margin, the state of the day.
    papers
        The files that the audit reads anew.
    effort
        How long to search.
    rule
        The turn-back rule of the field.
    """
    case = build(situation)
    plan = plan_of(situation, case, search(case, effort), rule=rule)
    audited(situation.window, plan, papers)
    return plan


def warm_up() -> None:
    """Compile the search and the rehearsal on a plan of two sites, so that a clock measures work alone."""
    window = read_window(_SMALL)
    situation = Situation(window, straight_times(window), 0)
    case = build(situation)
    plan = plan_of(situation, case, search(case, Effort(iterations=8)), rule=None)
    rehearse(window, case, plan, delays=Delays(), trials=Trials(runs=8))


_SMALL = b"""{"start": "2025-01-01T06:00+00:00", "end": "2025-01-01T18:00+00:00", "margin_minutes": 0,
 "crossings": [{"id": "c", "lon": 0, "lat": 0}],
 "teams": [{"id": "t", "kind": "truck", "crossing": "c", "speed_kmh": 30, "capacity": {"bodies": 2}}],
 "sites": [{"id": "a", "lon": 1, "lat": 1, "bodies": 3}, {"id": "b", "lon": 200, "lat": 1, "bodies": 3}],
 "travel": {"metric": "plane", "detour": 1}}"""


def audited(window: Window, plan: VisitPlan, papers: Papers, *, extra: Mapping[str, object] | None = None) -> bytes:
    """Write a plan and let the audit read it back.

    Returns
    -------
    bytes
        The plan's file.

    Raises
    ------
    VerificationError
        If the audit finds a violation: a defect of ours, and the plan is not given out.
    """
    data = write_plan(window, plan, extra=extra)
    verdict = check(papers, data)
    if not verdict.holds:
        lines = "\n".join(str(one) for one in verdict.violations[:10])
        raise VerificationError(f"the audit refuses the plan that was found; it is not written:\n{lines}")
    return data


def check(papers: Papers, plan: bytes) -> Verdict:
    """Audit a plan's file against the window's."""
    return audit(papers.window, plan, travel=papers.travel, state=papers.state)
