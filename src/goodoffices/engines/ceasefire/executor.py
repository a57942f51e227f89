"""One day after another, stop by stop: the compiled heart of the rehearsal."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from goodoffices.engines.ceasefire.arrays import Floats, Ints, draw, entry, inlined, leaf


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


class Room(NamedTuple):
    """Room for one day at a time; nothing is allocated while days are executed.

    Attributes
    ----------
    bits
        State of the random numbers.
    spare
        The second of the last two normal deviates, and whether it is still to be used (1) or not (0).
    day
        The day's factor on time and on the chance of a stop.
    clock
        Of each team: time, last return.
    now
        Of each team: place, wounded, bodies, given up, wounded brought, bodies brought.
    made
        Of each site: end of its visits.
    """

    bits: npt.NDArray[np.uint64]
    spare: Floats
    day: Floats
    clock: Floats
    now: Ints
    made: Ints


def make_room(script: Script) -> Room:
    """Give room to execute a script's days in; each thread needs its own."""
    teams, sites = script.team.shape[0], script.first.size - 1
    return Room(
        np.zeros(1, np.uint64), np.zeros(2), np.zeros(2), np.zeros((teams, 2)), np.zeros((teams, 6), np.int32),
        np.zeros(sites, np.int32),
    )  # fmt: skip


@inlined
def _normal(room: Room) -> float:
    """Draw from the normal distribution, two at a time (Marsaglia and Bray 1964, doi:10.1137/1006063)."""
    if room.spare[1] > 0.0:
        room.spare[1] = 0.0
        return room.spare[0]
    while True:
        x, y = 2.0 * draw(room.bits) - 1.0, 2.0 * draw(room.bits) - 1.0
        square = x * x + y * y
        if 0.0 < square < 1.0:
            stretch = math.sqrt(-2.0 * math.log(square) / square)
            room.spare[0], room.spare[1] = y * stretch, 1.0
            return x * stretch


@inlined
def _gamma(room: Room, shape: float) -> float:
    """Draw from the gamma distribution of mean 1 of a shape of at least 1 (doi:10.1145/358407.358414)."""
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = _normal(room)
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        u = draw(room.bits)
        if u < 1.0 - 0.0331 * x * x * x * x or math.log(1.0 - u) < 0.5 * x * x + d - d * v + d * math.log(v):
            return d * v / shape


@inlined
def _poisson(room: Room, mean: float) -> int:
    """Draw from the Poisson distribution, by inversion in steps that keep exp(-mean) representable."""
    count = 0
    while mean > 0.0:
        part = min(mean, 30.0)
        mean -= part
        limit, product = math.exp(-part), draw(room.bits)
        while product > limit:
            product *= draw(room.bits)
            count += 1
    return count


@inlined
def _leg(room: Room, nominal: float, noise: Floats) -> float:
    """Draw the minutes of one leg."""
    minutes = nominal * room.day[0] * math.exp(noise[0] * _normal(room))
    if nominal > 0.0 and draw(room.bits) < noise[2] * room.day[1]:
        minutes -= noise[3] * math.log(1.0 - draw(room.bits))
    return minutes


@inlined
def _take(room: Room, stop: Ints, space: int, work: float, noise: Floats, left: float) -> tuple[int, float]:
    """Give how many bodies are taken, and the minutes of the visit; `left` minutes remain until the site shuts."""
    found = stop[4]
    if noise[6] > 0.0 and stop[4] > 0:
        found = _poisson(room, stop[4] * _gamma(room, noise[6]))
    found = min(found, space)
    while found > 0 and (stop[5] + stop[6] * (stop[3] + found)) * work > left:
        found -= 1
    return found, (stop[5] + stop[6] * (stop[3] + found)) * work


@leaf
def _day(script: Script, noise: Floats, rule: Floats, room: Room) -> None:
    """Execute one day; leaves each team's return, and what was brought to a crossing in time, in `room`."""
    clock, now, made = room.clock, room.now, room.made
    room.day[0] = math.exp(noise[1] * _normal(room))
    room.day[1] = math.exp(noise[4] * _normal(room) - 0.5 * noise[4] ** 2)
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
            _unload(script, noise, team, (point, float(nominal), stop[5]), room)
            continue
        need = nominal + stop[5] + stop[6] * (stop[3] + stop[4]) + script.time[pace, point, script.home[pace, point]]
        if rule[0] > 0.0 and clock[team, 0] + math.ceil(rule[0] * need) + rule[1] > script.end:
            home = script.home[pace, here]
            if here != home:
                _unload(script, noise, team, (home, float(script.time[pace, here, home]), 0), room)
            now[team, 3] = 1
            continue
        if clock[team, 0] + nominal + stop[5] > stop[8] or not _is_cleared(script, stop[2], made):
            continue
        clock[team, 0] += _leg(room, nominal, noise)
        now[team, 0] = point
        begin = max(clock[team, 0], float(stop[7]))
        for j in range(script.first[stop[2]], script.first[stop[2] + 1]):
            begin = max(begin, float(made[script.firsts[j]]))
        work = _gamma(room, noise[5])
        clock[team, 0] = begin
        if begin + (stop[5] + stop[6] * stop[3]) * work > stop[8]:
            clock[team, 0] = min(begin, float(stop[8])) if begin > stop[8] else begin
            continue
        bodies, minutes = _take(room, stop, script.team[team, 4] - now[team, 2], work, noise, stop[8] - begin)
        clock[team, 0] = begin + minutes
        now[team, 1] += stop[3]
        now[team, 2] += bodies
        made[stop[2]] = max(made[stop[2]], int(math.ceil(clock[team, 0])))
    for team in range(script.team.shape[0]):
        here, pace = now[team, 0], script.team[team, 0]
        home = script.home[pace, here]
        if here != home:
            _unload(script, noise, team, (home, float(script.time[pace, here, home]), 0), room)


@inlined
def _is_cleared(script: Script, site: int, made: Ints) -> bool:
    for j in range(script.first[site], script.first[site + 1]):
        if made[script.firsts[j]] == 0:
            return False
    return True


@leaf
def _unload(script: Script, noise: Floats, team: int, where: tuple[int, float, int], room: Room) -> None:
    clock, now = room.clock, room.now
    point, nominal, turn = where
    if now[team, 0] == point:
        return
    clock[team, 0] += _leg(room, nominal, noise)
    clock[team, 1] = clock[team, 0]
    now[team, 0] = point
    if clock[team, 0] <= script.end:
        now[team, 4] += now[team, 1]
        now[team, 5] += now[team, 2]
    now[team, 1] = now[team, 2] = 0
    clock[team, 0] += turn


@entry
def execute(
    script: Script, noise: Floats, rule: Floats, span: tuple[int, int, int], out: tuple[Floats, Ints, Room]
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
    out
        Filled with each team's last return, shape (days, teams), 0 if it never left; filled with wounded and bodies
        brought to a crossing in time, shape (days, 2); and room to work in.
    """
    back, brought, room = out
    teams = script.team.shape[0]
    for run in range(span[0], span[1]):
        mixed = np.uint64(span[2]) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(run + 1) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0x94D049BB133111EB)
        room.bits[0] = mixed ^ (mixed >> np.uint64(29)) | np.uint64(1)
        room.spare[1] = 0.0
        _day(script, noise, rule, room)
        for team in range(teams):
            back[run, team] = room.clock[team, 1]
            brought[run, 0] += room.now[team, 4]
            brought[run, 1] += room.now[team, 5]
