"""A second opinion on a plan by PyVRP (extra `vrp`), for the windows that it can model."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from goodoffices.engines.ceasefire.arrays import FAR, Case, Ints, Longs, Routes, empty_routes
from goodoffices.engines.ceasefire.search import settle_only

_PRIZE = 10_000
"""Prize of one body, in minutes on the road; of 1,000, 3,000, 10,000 and 100,000 the best on the three windows."""
_RELOADS = 24
"""Times a team may unload on its way: enough for a trip of 90 minutes in 36 hours."""
_BARRED = 1 << 24
"""Minutes to a site that a team cannot serve."""


class Obstacle(StrEnum):
    """What a window has and PyVRP cannot model."""

    CLOSURES = "roads that are closed for a time"
    ORDER = "work that must precede (`after`)"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one PyVRP client stands for: people of a site that fit one team, inside one open interval."""

    site: int
    take: tuple[int, int]
    work: int
    opens: int
    shuts: int
    group: int


def obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Name what keeps PyVRP from modelling a problem; nothing if it can.

    Parameters
    ----------
    case
        At the beginning of a day.
    """
    found = []
    if case.cuts.size:
        found.append(Obstacle.CLOSURES)
    if case.firsts.size:
        found.append(Obstacle.ORDER)
    return tuple(found)


def second_opinion(case: Case, *, stop: Callable[[], bool], seed: int) -> Routes | None:
    """Let PyVRP plan, and put what it found into our routes, so that the same audit can judge it.

    Sites are offered in parts fixed beforehand, an interval a client in exclusive groups; the earliest last return is
    not among its goals. What would not be in time by our clock is dropped.

    Parameters
    ----------
    case
        Without obstacles.
    stop
        Tells when to stop.
    seed
        Of its search.

    Returns
    -------
    Routes
        Settled; None if it found nothing feasible.

    Raises
    ------
    ImportError
        If PyVRP is not installed.
    """
    import pyvrp

    parts = list(_parts(case))
    if not parts:
        return empty_routes(case, seed)
    kinds, members = _fleet(case)
    data = _problem(case, parts, kinds, members)
    with warnings.catch_warnings():
        # It warns that its penalties stay below the prizes, which is meant: None says that nothing feasible was found.
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        best = pyvrp.solve(data, lambda _cost: stop(), seed=seed, collect_stats=False, display=False).best
    return _routes(case, parts, best, members) if best.is_feasible() else None


def _parts(case: Case) -> Iterator[_Part]:
    """Split what each site offers into parts that one team can carry and that fit an interval."""
    group = 0
    for site in range(case.load.shape[0]):
        spans = [
            (int(a), int(b))
            for a, b in zip(case.opens[site], case.shuts[site], strict=True)
            if b - a >= case.fixed[site]
        ]
        each = int(case.each[site])
        for kind in range(2):
            most = int(case.hold[case.can[:, site] > 0, kind].max(initial=0))
            if each > 0:
                most = min(most, max((b - a - int(case.fixed[site])) // each for a, b in spans) if spans else 0)
            rest = int(case.load[site, kind]) if most else 0
            while rest > 0:
                count = min(rest, most)
                rest -= count
                work = int(case.fixed[site]) + each * count
                for opens, shuts in spans:
                    if shuts - opens >= work:
                        take = (count, 0) if kind == 0 else (0, count)
                        yield _Part(site, take, work, opens, shuts, group)
                group += 1


def _fleet(case: Case) -> tuple[list[int], dict[int, list[int]]]:
    """Group teams that are alike: one team for each kind, and the teams of each kind."""
    alike: dict[bytes, int] = {}
    members: dict[int, list[int]] = {}
    for team in range(case.pace.size):
        row = (case.pace, case.start, case.begin, case.until, case.shift, case.hold, case.can)
        key = b"|".join(np.asarray(column[team]).tobytes() for column in row)
        members.setdefault(alike.setdefault(key, team), []).append(team)
    return list(members), members


def _problem(case: Case, parts: list[_Part], kinds: list[int], members: dict[int, list[int]]) -> Any:  # noqa: ANN401 -- PyVRP has no types
    """Write a problem in PyVRP's terms; the clock is put forward so that nobody unloads before the first trip."""
    import pyvrp

    crossings, sites = case.turn.size, case.load.shape[0]
    ahead = int(case.turn.max(initial=0))
    same = Counter(part.group for part in parts)
    groups = {group: pyvrp.ClientGroup(required=False) for group, count in same.items() if count > 1}
    place = {group: k for k, group in enumerate(groups)}
    clients = []
    for number, part in enumerate(parts):
        if part.group in groups:
            groups[part.group].add_client(number)
        prize = sum(count * worth for count, worth in zip(part.take, case.worth[part.site], strict=True))
        clients.append(
            pyvrp.Client(
                crossings + part.site,
                pickup=list(part.take),
                service_duration=part.work,
                tw_early=ahead + part.opens,
                tw_late=ahead + part.shuts - part.work,
                prize=round(_PRIZE * prize),
                required=False,
                group=place.get(part.group),
            )
        )
    profiles, tables = _tables(case, kinds)
    vehicles = []
    for team in kinds:
        turn, shift = int(case.turn[case.start[team]]), int(case.shift[team])
        limit: dict[str, object] = {"shift_duration": shift + turn} if shift < FAR else {}
        if (case.load.sum(axis=0) > case.hold[team]).any():
            limit |= {"reload_depots": list(range(crossings)), "max_reloads": _RELOADS}
        vehicles.append(
            pyvrp.VehicleType(
                len(members[team]),
                [int(room) for room in case.hold[team]],
                int(case.start[team]),
                int(case.start[team]),
                tw_early=ahead - turn + int(case.begin[team]),
                tw_late=ahead + max(0, int(case.until[team])),
                profile=profiles[team],
                **limit,
            )
        )
    depots = [pyvrp.Depot(k, service_duration=int(case.turn[k])) for k in range(crossings)]
    spots = [pyvrp.Location(k, 0) for k in range(crossings + sites)]
    return pyvrp.ProblemData(spots, clients, depots, vehicles, tables, tables, list(groups.values()))


def _tables(case: Case, kinds: list[int]) -> tuple[dict[int, int], list[Longs]]:
    """Give a table of minutes for each speed and set of sites served, and the table of each kind of team."""
    crossings, points = case.turn.size, case.turn.size + case.load.shape[0]
    seen: dict[tuple[int, bytes], int] = {}
    tables: list[Longs] = []
    profiles = {}
    for team in kinds:
        key = (int(case.pace[team]), case.can[team].tobytes())
        if key not in seen:
            seen[key] = len(tables)
            table = case.time[key[0], 0, :points, :points].astype(np.int64)
            table[:, crossings:][:, case.can[team] == 0] = _BARRED
            np.fill_diagonal(table, 0)
            tables.append(np.minimum(table, _BARRED))
        profiles[team] = seen[key]
    return profiles, tables


def _routes(case: Case, parts: list[_Part], best: Any, members: dict[int, list[int]]) -> Routes:  # noqa: ANN401 -- PyVRP has no types
    """Put a PyVRP solution into routes; teams of a kind take its routes in turn."""
    routes = empty_routes(case, 1)
    free = [list(teams) for teams in members.values()]
    for route in best.routes():
        team = free[route.vehicle_type()].pop(0)
        stops: list[tuple[int, tuple[int, int]]] = []
        for one in list(route)[1:-1][: routes.node.shape[1] - 2]:
            if one.is_depot():
                stops.append((int(one.idx), (0, 0)))
            else:
                part = parts[one.idx]
                stops.append((case.turn.size + part.site, part.take))
                routes.rest[part.site] -= part.take
                routes.seen[part.site, team] += 1
        _lay(routes, team, stops)
    settle_only(case, routes)
    return routes


def _lay(routes: Routes, team: int, stops: list[tuple[int, tuple[int, int]]]) -> None:
    last: Ints = routes.node[team, 1].copy()
    for place, (point, take) in enumerate(stops, 1):
        routes.node[team, place] = point
        routes.take[team, place] = take
    routes.node[team, len(stops) + 1] = last
    routes.size[team] = len(stops) + 2
