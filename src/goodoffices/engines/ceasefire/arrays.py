"""The problem and a solution of it as plain arrays, which is what the compiled search works on."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

_njit: Any = nb.njit  # its stubs know the public options only

entry = _njit(cache=True, nogil=True, _nrt=False, error_model="numpy", no_cfunc_wrapper=True)
"""Compile a function that Python calls."""

leaf = _njit(cache=True, nogil=True, _nrt=False, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compile a function that only compiled ones call. None allocates, so no references are counted between threads."""

inlined = _njit(
    cache=True,
    nogil=True,
    _nrt=False,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    forceinline=True,
)
"""Compile a function into its callers: handing over some sixty arrays costs more than such a function does."""

ONE: Final = np.int64(1)
"""One, and of a type known at once: a literal that starts a loop lets all that it is passed to be compiled twice."""

FAR: Final = 1 << 28
"""A time beyond every window: no road, not open, not visited."""


class Case(NamedTuple):
    """One problem: points are crossings 0..C-1, then sites C..C+S-1, then where teams stand at the start of a rest day.

    Attributes
    ----------
    time
        Travel time, shape (speed classes, unions of periods, points, points).
    cuts
        Instants at which the set of closed roads changes; union `a * K + b` holds in periods a to b of K.
    pace
        Speed class of each team.
    start, begin, until, shift, since
        Of each team: point, earliest departure, latest return, length of its shift, first departure
        if it is out already (else -1).
    hold, held
        Capacity and load at the start, shape (teams, 2): wounded, bodies.
    turn
        Turnaround of each crossing.
    can
        Whether a team can serve a site, shape (teams, sites).
    opens, shuts
        Intervals of each site, shape (sites, most intervals); an absent one never fits.
    fixed, each
        Service time of each site: fixed, and for each person or body.
    load
        What each site offers, shape (sites, 2): wounded, bodies.
    worth
        Value of one wounded, one body, shape (sites, 2); lexicographic by size.
    near
        Neighbours of each site, nearest first.
    via
        Best crossing between two points, shape (speed classes, points, points).
    home
        Best crossing to end at, shape (speed classes, points).
    first, firsts, then, thens
        Predecessors and successors of each site (`after`) in compressed rows: offsets, sites.
    part
        Independent part of the problem that each site belongs to.
    price
        Minutes that one unit of value may cost when a visit chooses its place.
    """

    time: Ints
    cuts: Ints
    pace: Ints
    start: Ints
    begin: Ints
    until: Ints
    shift: Ints
    since: Ints
    hold: Ints
    held: Ints
    turn: Ints
    can: Bytes
    opens: Ints
    shuts: Ints
    fixed: Ints
    each: Ints
    load: Ints
    worth: Floats
    near: Ints
    via: Ints
    home: Ints
    first: Ints
    firsts: Ints
    then: Ints
    thens: Ints
    part: Ints
    price: float


class Routes(NamedTuple):
    """A solution and what the search keeps about it.

    Attributes
    ----------
    node, take, size
        Points of each team's route from start to last crossing, what is taken there (wounded, bodies), its length.
    begin, leave, latest
        Begin of service, departure, and latest arrival that keeps the rest of the route in time.
    aboard, trip
        Load after each point, and load of the whole trip that goes on from it.
    rest
        What each site still offers.
    seen
        Number of visits of each site by each team.
    ready, before
        Of each site: end of its predecessors' visits, earliest begin of its successors' visits.
    until, release
        Of each team: latest return (tightened by the third goal), earliest departure chosen for its shift.
    worth, road
        Of each team: value collected, minutes on the road.
    version
        Of each route: changes with every change; what was found about a route holds for its version.
    found_at, found_for, score, found
        Best insertion known of a site into a route: version, rest of the site, score, and (place,
        kind, crossing, wounded, bodies).
    ends, order, keys
        Room for work, one number a site.
    kept_node, kept_take, kept_size, kept_version
        Routes as they were before an iteration: points, what was taken, (size, release), version.
    touched
        Of each team in an iteration: 0 untouched, 1 kept, 2 cut.
    chance
        State of the random numbers and the last version given.
    """

    node: Ints
    take: Ints
    size: Ints
    begin: Ints
    leave: Ints
    latest: Ints
    aboard: Ints
    trip: Ints
    rest: Ints
    seen: Bytes
    ready: Ints
    before: Ints
    until: Ints
    release: Ints
    worth: Floats
    road: Floats
    version: Longs
    found_at: Longs
    found_for: Longs
    score: Floats
    found: Ints
    ends: Ints
    order: Ints
    keys: Floats
    kept_node: Ints
    kept_take: Ints
    kept_size: Ints
    kept_version: Longs
    touched: Ints
    chance: npt.NDArray[np.uint64]


def empty_routes(case: Case, seed: int) -> Routes:
    """Give the solution in which nobody goes anywhere.

    Parameters
    ----------
    case
        The problem; M teams, S sites.
    seed
        Of the search; any integer.
    """
    teams, sites = case.can.shape
    most = int(min(2 * sites + 40, 160))
    node = np.zeros((teams, most), np.int32)
    node[:, 0] = case.start
    node[:, 1] = case.home[case.pace, case.start]
    version = np.arange(1, teams + 1, dtype=np.int64)
    return Routes(
        node=node,
        take=np.zeros((teams, most, 2), np.int32),
        size=np.full(teams, 2, np.int32),
        begin=np.zeros((teams, most), np.int32),
        leave=np.zeros((teams, most), np.int32),
        latest=np.zeros((teams, most), np.int32),
        aboard=np.zeros((teams, most, 2), np.int32),
        trip=np.zeros((teams, most, 2), np.int32),
        rest=case.load.copy(),
        seen=np.zeros((sites, teams), np.uint8),
        ready=np.zeros(sites, np.int32),
        before=np.full(sites, FAR, np.int32),
        until=case.until.copy(),
        release=case.begin.copy(),
        worth=np.zeros(teams),
        road=np.zeros(teams),
        version=version,
        found_at=np.full((sites, teams), -1, np.int64),
        found_for=np.zeros((sites, teams), np.int64),
        score=np.zeros((sites, teams)),
        found=np.zeros((sites, teams, 5), np.int32),
        ends=np.zeros(sites, np.int32),
        order=np.zeros(sites, np.int32),
        keys=np.zeros(sites),
        kept_node=np.zeros((teams, most), np.int32),
        kept_take=np.zeros((teams, most, 2), np.int32),
        kept_size=np.zeros((teams, 2), np.int32),
        kept_version=np.zeros(teams, np.int64),
        touched=np.zeros(teams, np.int32),
        chance=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 | 1, teams + 1], np.uint64),
    )


@inlined
def draw(chance: npt.NDArray[np.uint64]) -> float:
    """Draw a number from 0 (included) to 1 (excluded); xorshift64* (Vigna 2016, doi:10.1145/2845077)."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@inlined
def pick(chance: npt.NDArray[np.uint64], count: int) -> int:
    """Draw an integer from 0 to `count` - 1."""
    return int(draw(chance) * count)
