"""When a leg arrives, when it must leave, and when a site is open: the arithmetic of time, compiled."""

from __future__ import annotations

from goodoffices.engines.ceasefire.arrays import FAR, Case, inlined


@inlined
def arrival(case: Case, pace: int, i: int, j: int, leave: int) -> int:
    """Give the earliest arrival at j of whoever is ready at i; a leg uses no road closed at any moment of it."""
    if case.cuts.size == 0:
        return leave + case.time[pace, 0, i, j]
    periods = case.cuts.size + 1
    best = FAR
    for a in range(periods):
        if a < periods - 1 and case.cuts[a] <= leave:
            continue
        depart = leave if a == 0 else max(leave, case.cuts[a - 1])
        for b in range(a, periods):
            at = depart + case.time[pace, a * periods + b, i, j]
            if b == periods - 1 or at <= case.cuts[b]:
                best = min(best, at)
                break
    return best


@inlined
def departure(case: Case, pace: int, i: int, j: int, by: int) -> int:
    """Give the latest departure from i that arrives at j by a time; far below zero if there is none."""
    if case.cuts.size == 0:
        return by - case.time[pace, 0, i, j]
    periods = case.cuts.size + 1
    best = -FAR
    for a in range(periods):
        for b in range(a, periods):
            stop = by if b == periods - 1 else min(by, case.cuts[b])
            leave = stop - case.time[pace, a * periods + b, i, j]
            if a < periods - 1:
                leave = min(leave, case.cuts[a] - 1)
            if (a == 0 or leave >= case.cuts[a - 1]) and leave > best:
                best = leave
    return best


@inlined
def opening(case: Case, site: int, ready: int, minutes: int) -> int:
    """Give the earliest begin of a visit of so many minutes inside one interval; FAR if there is none."""
    best = FAR
    for k in range(case.opens.shape[1]):
        begin = max(ready, case.opens[site, k])
        if begin < best and begin + minutes <= case.shuts[site, k]:
            best = begin
    return best


@inlined
def closing(case: Case, site: int, leave_by: int, minutes: int) -> int:
    """Give the latest begin of a visit that leaves by a time; far below zero if there is none."""
    best = -FAR
    for k in range(case.opens.shape[1]):
        begin = min(leave_by, case.shuts[site, k]) - minutes
        if begin > best and begin >= case.opens[site, k]:
            best = begin
    return best


@inlined
def fitting(case: Case, site: int, ready: int, leave_by: int, want: int) -> tuple[int, int]:
    """Give how many of `want` can be taken between two times, and the begin; -1 if not even the fixed minutes fit."""
    most = -1
    at = FAR
    for k in range(case.opens.shape[1]):
        begin = max(ready, case.opens[site, k])
        room = min(leave_by, case.shuts[site, k]) - begin - case.fixed[site]
        if room < 0:
            continue
        count = want
        if case.each[site] > 0:
            count = min(want, room // case.each[site])
        if count > most or (count == most and begin < at):
            most = count
            at = begin
    return most, at
