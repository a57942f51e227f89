"""The slow, obviously right twin of the search: every order of visits with every quantity."""

import itertools
import math


def minutes_between_points(window, one, other, speed):
    """Travel minutes in the plane, rounded up."""
    km = math.dist((one.lon, one.lat), (other.lon, other.lat))
    return math.ceil(60 * window.travel.detour * km / speed - 1e-9)


def best_goals(window):
    """Try everything; give the best (wounded, bodies, -last return)."""
    rest = {site.id: (site.wounded, site.bodies) for site in window.sites}
    best = [(-1, -1, 0)]
    _team(window, 0, rest, {}, (0, 0, 0), best)
    return best[0]


def _team(window, number, rest, ends, so_far, best):
    if number == len(window.teams):
        best[0] = max(best[0], (so_far[0], so_far[1], -so_far[2]))
        return
    team = window.teams[number]
    place = next(one for one in window.crossings if one.id == team.crossing)
    state = (place, 0, (0, 0), frozenset())
    for taken, back, rest_after, ends_after in _routes(window, team, state, rest, ends):
        total = (so_far[0] + taken[0], so_far[1] + taken[1], max(so_far[2], back))
        _team(window, number + 1, rest_after, ends_after, total, best)


def _routes(window, team, state, rest, ends):  # noqa: C901 -- plain and slow on purpose
    place, clock, load, _ = state
    deadline = window.minutes - window.margin_minutes
    at_crossing = place in window.crossings
    if at_crossing:
        yield (0, 0), clock or 0, rest, ends
    for site in window.sites:
        if (site.is_work and site.id in ends) or (site.needs and team.kind not in site.needs):
            continue
        if any(name not in ends for name in site.after):
            continue
        leave = clock + (place.turnaround_minutes if at_crossing and clock else 0)
        arrive = leave + minutes_between_points(window, place, site, team.speed_kmh)
        arrive = max([arrive, *(ends[name] for name in site.after)])
        most = (min(rest[site.id][0], team.wounded - load[0]), min(rest[site.id][1], team.bodies - load[1]))
        takes = itertools.product(range(most[0] + 1), range(most[1] + 1))
        for take in takes:
            if sum(take) == 0 and not site.is_work:
                continue
            work = int(site.minutes_fixed + site.minutes_each * sum(take))
            begin = _begin(window, site, arrive, work)
            if begin is None or begin + work > deadline:
                continue
            left = {**rest, site.id: (rest[site.id][0] - take[0], rest[site.id][1] - take[1])}
            done = {**ends, site.id: max(ends.get(site.id, 0), begin + work)}
            carried = (load[0] + take[0], load[1] + take[1])
            for more, back, *after in _routes(window, team, (site, begin + work, carried, ()), left, done):
                yield (take[0] + more[0], take[1] + more[1]), back, *after
    if not at_crossing:
        for crossing in window.crossings:
            back = clock + minutes_between_points(window, place, crossing, team.speed_kmh)
            if back <= deadline:
                for more, last, *after in _routes(window, team, (crossing, back, (0, 0), ()), rest, ends):
                    yield more, max(last, back), *after


def _begin(window, site, arrive, work):
    spans = [
        ((one.start - window.start).total_seconds() / 60, (one.end - window.start).total_seconds() / 60)
        for one in site.open
    ] or [(0, window.minutes)]
    begins = [max(arrive, start) for start, end in spans if max(arrive, start) + work <= end]
    return int(min(begins)) if begins else None
