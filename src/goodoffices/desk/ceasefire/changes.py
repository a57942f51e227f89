"""What a new plan of the rest of a day changes for which team, in words' keys; whose card no longer holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.domain.visits import Return, Visit, VisitPlan
from goodoffices.domain.window import Window
from goodoffices.formats.visits import local_time


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is still to come of one team."""

    visits: tuple[Visit, ...]
    returns: tuple[Return, ...]
    starts: tuple[tuple[str, dt.datetime], ...]

    @property
    def sites(self) -> list[str]:
        return [one.site for one in self.visits]

    @property
    def lines(self) -> list[tuple[object, ...]]:
        """Every line of its card, without the numbers of its trips."""
        return [
            *((one.site, one.wounded, one.bodies, one.arrive, one.leave, one.turn_back) for one in self.visits),
            *((one.crossing, one.at) for one in self.returns), *self.starts,
        ]  # fmt: skip


Line = dict[str, Json]


def compare(
    window: Window, old: VisitPlan, new: VisitPlan, *, at: dt.datetime, lost: Collection[str],
    late: Mapping[str, int], home: Collection[Return],
) -> list[Line]:  # fmt: skip
    """Say for each team of a window what changes.

    Parameters
    ----------
    window, old, new
        The window, the plan in force, the plan of the rest of the day.
    at
        The hour of the state.
    lost, late
        Teams that drop out; teams behind the plan, in minutes.
    home
        Returns of teams on their road home, which the new plan does not name any more.

    Returns
    -------
    list
        Of each team for which anything changes: `team`, `card` (whether it needs another one), `told` (key and values).
    """
    gone = {(one.team, one.trip) for one in home}
    found: list[Line] = []
    for team in window.teams:
        clock = at - dt.timedelta(minutes=late.get(team.id, 0))
        was, will = _rest(window, old, team.id, clock, gone), _rest(window, new, team.id, at, frozenset())
        if team.id in lost:
            found.append({"team": team.id, "card": False, "told": [["lost", {}]]})
        elif was.lines != will.lines:
            found.append({"team": team.id, "card": True, "told": _told(window, was, will)})
    return found


def _rest(window: Window, plan: VisitPlan, team: str, clock: dt.datetime, gone: Collection[tuple[str, int]]) -> _Rest:
    gates = {one.id for one in window.crossings}
    visits = [one for one in plan.visits if one.team == team and one.arrive > clock]
    returns = [one for one in plan.returns if one.team == team and one.at > clock and (team, one.trip) not in gone]
    starts = [(one.place, one.at) for one in plan.departures if one.team == team and one.at > clock]
    return _Rest(
        tuple(sorted(visits, key=lambda one: one.arrive)), tuple(sorted(returns, key=lambda one: one.at)),
        tuple(sorted((one for one in starts if one[0] in gates), key=lambda one: one[1])),
    )  # fmt: skip


def _told(window: Window, was: _Rest, will: _Rest) -> list[Json]:
    """Give the keys and values of what is told of one team."""
    if not will.visits and was.visits:
        return [["dropped_all", {}], *_back(window, was, will)]
    told: list[Json] = []
    dropped = [site for site in dict.fromkeys(was.sites) if site not in will.sites]
    added = [site for site in dict.fromkeys(will.sites) if site not in was.sites]
    told += [["dropped", {"sites": ", ".join(dropped)}]] if dropped else []
    told += [["added", {"sites": ", ".join(added)}]] if added else []
    kept = [site for site in was.sites if site in will.sites]
    if kept != [site for site in will.sites if site in was.sites]:
        told.append(["order", {"sites": ", ".join(will.sites)}])
    takes = [{one.site: (one.wounded, one.bodies) for one in rest.visits} for rest in (was, will)]
    other = [site for site in dict.fromkeys(kept) if takes[0][site] != takes[1][site]]
    told += [["take", {"sites": ", ".join(other)}]] if other else []
    return [*told, *_times(was, will), *_back(window, was, will)]


def _times(was: _Rest, will: _Rest) -> list[Json]:
    """Say that it goes on so many minutes later or earlier, where it goes the same way; or turns back otherwise."""
    if was.sites != will.sites:
        return []
    shifts = {round((b.arrive - a.arrive).total_seconds() / 60) for a, b in zip(was.visits, will.visits, strict=True)}
    if shifts == {0} or not shifts:
        return [["turn", {}]] if [a.turn_back for a in was.visits] != [b.turn_back for b in will.visits] else []
    if len(shifts) > 1:
        return [["times", {}]]
    minutes = shifts.pop()
    return [["later" if minutes > 0 else "earlier", {"n": abs(minutes)}]]


def _back(window: Window, was: _Rest, will: _Rest) -> list[Json]:
    if not (was.returns and will.returns):
        return []
    before, after = was.returns[-1], will.returns[-1]
    if (before.crossing, before.at) == (after.crossing, after.at):
        return []
    old, new = (f"{local_time(window, one.at):%H:%M}" for one in (before, after))
    return [["back", {"place": after.crossing, "at": new, "was": f"{before.crossing} {old}"}]]


def homeward_told(window: Window, home: Collection[Return]) -> list[Line]:
    """Give who is on the road home, where and by when; as plain values."""
    return [{"team": one.team, "place": one.crossing, "at": local_time(window, one.at).isoformat()} for one in home]
