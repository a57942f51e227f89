"""One day after another, stop by stop: the compiled heart of the rehearsal."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from goodoffices.engines.ceasefire.arrays import Floats, Ints, draw

_njit: Any = nb.njit
_compiled = _njit(cache=True, nogil=True, error_model="numpy")


class Script(NamedTuple):
    """A plan as a list of stops in the order of their planned begin.

    Attributes
    ----------
    stop
        Shape (stops, 11): team, point, site (-1: a crossing), wounded, bodies, fixed, each, opens, shuts,
        nominal minutes from the stop before,
        and the point before.
    team
        Shape (teams, 5): speed class, first departure, start point, room for wounded, room for bodies.
    time
        Nominal minutes, shape (speed classes, points, points).
    home
        Nearest crossing, shape (speed classes, points).
    first, firsts
        Predecessors of each site in compressed rows.
    end
        Minute of the window's end.
    """

    stop: Ints
    team: Ints
    time: Ints
    home: Ints
    first: Ints
    firsts: Ints
    end: int


@_compiled
def _normal(chance: npt.NDArray[np.uint64]) -> float:
    """Draw from the normal distribution (Box and Muller 1958, doi:10.1214/aoms/1177706645)."""
    return math.sqrt(-2.0 * math.log(1.0 - draw(chance))) * math.cos(2.0 * math.pi * draw(chance))


@_compiled
def _gamma(chance: npt.NDArray[np.uint64], shape: float) -> float:
    """Draw from the gamma distribution of mean 1 of a shape of at least 1 (doi:10.1145/358407.358414)."""
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = _normal(chance)
        v = (1.0 + c * x) ** 3
        if v > 0.0 and math.log(1.0 - draw(chance)) < 0.5 * x * x + d - d * v + d * math.log(v):
            return d * v / shape


@_compiled
def _poisson(chance: npt.NDArray[np.uint64], mean: float) -> int:
    """Draw from the Poisson distribution, by inversion in steps that keep exp(-mean) representable."""
    count = 0
    while mean > 0.0:
        part = min(mean, 30.0)
        mean -= part
        limit, product = math.exp(-part), draw(chance)
        while product > limit:
            product *= draw(chance)
            count += 1
    return count


@_compiled
def _leg(chance: npt.NDArray[np.uint64], nominal: float, noise: Floats, day: Floats) -> float:
    """Draw the minutes of one leg; `day` holds the day's factor on time and on the chance of a stop."""
    minutes = nominal * day[0] * math.exp(noise[0] * _normal(chance))
    if nominal > 0.0 and draw(chance) < noise[2] * day[1]:
        minutes -= noise[3] * math.log(1.0 - draw(chance))
    return minutes


@_compiled
def _take(
    chance: npt.NDArray[np.uint64], stop: Ints, room: int, work: float, noise: Floats, left: float
) -> tuple[int, float]:
    """Give how many bodies are taken, and the minutes of the visit; `left` minutes remain until the site shuts."""
    found = stop[4]
    if noise[6] > 0.0 and stop[4] > 0:
        found = _poisson(chance, stop[4] * _gamma(chance, noise[6]))
    found = min(found, room)
    while found > 0 and (stop[5] + stop[6] * (stop[3] + found)) * work > left:
        found -= 1
    return found, (stop[5] + stop[6] * (stop[3] + found)) * work


@_compiled
def _day(
    script: Script, noise: Floats, rule: Floats, chance: npt.NDArray[np.uint64], room: tuple[Floats, Ints, Ints]
) -> None:
    """Execute one day; leaves each team's return, and what was brought to a crossing in time, in `room`.

    `room` holds per team (clock, last return) and (place, wounded, bodies, given up, wounded brought, bodies brought),
    and per site the end of its visits.
    """
    clock, now, made = room
    day = np.empty(2)
    day[0] = math.exp(noise[1] * _normal(chance))
    day[1] = math.exp(noise[4] * _normal(chance) - 0.5 * noise[4] ** 2)
    for team in range(script.team.shape[0]):
        clock[team, 0], clock[team, 1] = script.team[team, 1], 0.0
        now[team, :] = 0
        now[team, 0] = script.team[team, 2]
    made[:] = 0
    for k in range(script.stop.shape[0]):
        stop = script.stop[k]
        team = stop[0]
        if now[team, 3] > 0:
            continue
        pace, here, point = script.team[team, 0], now[team, 0], stop[1]
        nominal = stop[9] if stop[10] == here else script.time[pace, here, point]
        if stop[2] < 0:
            _unload(script, noise, team, (point, float(nominal), stop[5]), day, chance, room)
            continue
        need = nominal + stop[5] + stop[6] * (stop[3] + stop[4]) + script.time[pace, point, script.home[pace, point]]
        if rule[0] > 0.0 and clock[team, 0] + math.ceil(rule[0] * need) + rule[1] > script.end:
            home = script.home[pace, here]
            if here != home:
                _unload(script, noise, team, (home, float(script.time[pace, here, home]), 0), day, chance, room)
            now[team, 3] = 1
            continue
        if clock[team, 0] + nominal + stop[5] > stop[8] or not _is_cleared(script, stop[2], made, now):
            continue
        clock[team, 0] += _leg(chance, nominal, noise, day)
        now[team, 0] = point
        begin = max(clock[team, 0], float(stop[7]))
        for j in range(script.first[stop[2]], script.first[stop[2] + 1]):
            begin = max(begin, float(made[script.firsts[j]]))
        work = _gamma(chance, noise[5])
        clock[team, 0] = begin
        if begin + (stop[5] + stop[6] * stop[3]) * work > stop[8]:
            clock[team, 0] = min(begin, float(stop[8])) if begin > stop[8] else begin
            continue
        bodies, minutes = _take(chance, stop, script.team[team, 4] - now[team, 2], work, noise, stop[8] - begin)
        clock[team, 0] = begin + minutes
        now[team, 1] += stop[3]
        now[team, 2] += bodies
        made[stop[2]] = max(made[stop[2]], int(math.ceil(clock[team, 0])))
    for team in range(script.team.shape[0]):
        here, pace = now[team, 0], script.team[team, 0]
        home = script.home[pace, here]
        if here != home:
            _unload(script, noise, team, (home, float(script.time[pace, here, home]), 0), day, chance, room)


@_compiled
def _is_cleared(script: Script, site: int, made: Ints, now: Ints) -> bool:
    for j in range(script.first[site], script.first[site + 1]):
        if made[script.firsts[j]] == 0:
            return False
    return now.shape[0] > 0


@_compiled
def _unload(
    script: Script,
    noise: Floats,
    team: int,
    where: tuple[int, float, int],
    day: Floats,
    chance: npt.NDArray[np.uint64],
    room: tuple[Floats, Ints, Ints],
) -> None:
    clock, now, _ = room
    point, nominal, turn = where
    if now[team, 0] == point:
        return
    clock[team, 0] += _leg(chance, nominal, noise, day)
    clock[team, 1] = clock[team, 0]
    now[team, 0] = point
    if clock[team, 0] <= script.end:
        now[team, 4] += now[team, 1]
        now[team, 5] += now[team, 2]
    now[team, 1] = now[team, 2] = 0
    clock[team, 0] += turn


@_compiled
def execute(
    script: Script, noise: Floats, rule: Floats, span: tuple[int, int, int], back: Floats, brought: Ints
) -> None:
    """Execute days `span[0]` to `span[1]` of the seed `span[2]`; each day has random numbers of its own.

    Parameters
    ----------
    script
        The plan.
    noise
        The seven parameters of `Delays`, in order.
    rule
        Turn-back factor and buffer; factor 0 for no rule.
    span
        First day, day after the last, seed.
    back
        Filled with each team's last return, shape (days, teams); 0 if it never left.
    brought
        Filled with wounded and bodies brought to a crossing in time, shape (days, 2).
    """
    teams = script.team.shape[0]
    clock = np.zeros((teams, 2))
    now = np.zeros((teams, 6), np.int32)
    made = np.zeros(script.first.size - 1, np.int32)
    chance = np.zeros(1, np.uint64)
    for run in range(span[0], span[1]):
        mixed = np.uint64(span[2]) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(run + 1) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0x94D049BB133111EB)
        chance[0] = mixed ^ (mixed >> np.uint64(29)) | np.uint64(1)
        _day(script, noise, rule, chance, (clock, now, made))
        for team in range(teams):
            back[run, team] = clock[team, 1]
            brought[run, 0] += now[team, 4]
            brought[run, 1] += now[team, 5]
