"""The ceasefire engine beside PyVRP and OR-tools routing: same instance, same seconds, one run.

python benchmarks/ceasefire.py [--quick] [--seconds S] [--windows DIR]
Quality is a lower bound: a busy machine finds less in the same seconds.
"""

import argparse
import csv
import math
import resource
import time
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from goodoffices.domain.roads import RoadGraph
from goodoffices.domain.visits import TurnBack
from goodoffices.engines.ceasefire.arrays import FAR, Case
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, best_via, build, neighbours, parts
from goodoffices.engines.ceasefire.rehearse import Trials, rehearse
from goodoffices.engines.ceasefire.roads import shortest
from goodoffices.engines.ceasefire.search import Effort, goals, search
from goodoffices.flow.ceasefire import Papers, check, find_times, read_papers, warm_up
from goodoffices.formats.visits import write_plan

HERE = Path(__file__).parent
WINDOWS = HERE.parent / "tests" / "data" / "ceasefire"
TOPTW = HERE / "data" / "toptw"
TARGETS = {200: (84, 993), 500: (280, 1139), 1000: (479, 2156)}
POOL = ThreadPoolExecutor(2)


def clock(seconds):
    start = time.perf_counter()
    return lambda: (time.perf_counter() - start) / seconds


def windows(sizes, seconds):
    for size in sizes:
        papers = Papers((WINDOWS / f"window-{size}.json").read_bytes())
        window = read_papers(papers)
        situation = Situation(window, find_times(window, papers), window.margin_minutes)
        case = build(situation)
        began = time.perf_counter()
        routes = search(case, Effort(clock=clock(seconds), each=POOL.map))
        took = time.perf_counter() - began
        plan = plan_of(situation, case, routes, rule=TurnBack(1.6))
        held = check(papers, write_plan(window, plan)).holds
        reached = goals(case, routes)[:2]
        word = "reached" if reached >= TARGETS[size] else "missed"
        print(
            f"window {size}: ours {reached[0]}/{reached[1]} in {took:.1f} s, audit {held}; target {TARGETS[size]} {word}"  # noqa: E501
        )
        if size == 200:
            rehearsals(window, case, plan)
        for name, peer in (("PyVRP", pyvrp_window), ("OR-tools", ortools_window)):
            began = time.perf_counter()
            try:
                found = peer(window, case, seconds)
            except ImportError as error:
                found = f"not run, {error.name} is not installed"
            print(f"window {size}: {name} {found} in {time.perf_counter() - began:.1f} s")


def rehearsals(window, case, plan):
    times = []
    for seed in range(4):
        began = time.perf_counter()
        rehearse(window, case, plan, delays=Delays(), trials=Trials(10_000, seed, POOL.map))
        times.append(time.perf_counter() - began)
    print(
        f"10,000 rehearsals of {len(window.teams)} teams: {min(times):.2f} s at best, {max(times):.2f} s at worst (target 0.5)"  # noqa: E501
    )


def pyvrp_window(window, case, seconds):
    """Model what PyVRP can: reloads, prizes, one client an interval in exclusive groups, fixed parts of each site."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    model = pyvrp.Model()
    spots = [model.add_location(x=point.lon, y=point.lat) for point in window.points]
    crossings = case.turn.size
    depots = [model.add_depot(spot, tw_late=window.minutes) for spot in spots[:crossings]]
    for number in range(len(window.sites)):
        for what, part in site_parts(case, number):
            add_part(model, case, spots[crossings + number], (number, what, part))
    profiles = [model.add_profile() for _ in range(case.time.shape[0])]
    for pace, profile in enumerate(profiles):
        for i, one in enumerate(spots):
            for j, other in enumerate(spots):
                if i == j:
                    continue
                minutes, turn = int(case.time[pace, 0, i, j]), int(case.turn[i]) if i < crossings else 0
                model.add_edge(one, other, distance=minutes, duration=minutes + turn, profile=profile)
    for team in range(case.pace.size):
        start = depots[int(case.start[team])]
        hold, pace = [int(one) for one in case.hold[team]], profiles[int(case.pace[team])]
        late = int(case.until[team])
        model.add_vehicle_type(1, hold, start, start, tw_late=late, profile=pace, reload_depots=depots, max_reloads=12)
    best = model.solve(MaxRuntime(seconds), seed=1, display=False).best
    if not best.is_feasible():
        return "infeasible"
    prizes = best.prizes()
    return f"{prizes // _WOUNDED}/{prizes % _WOUNDED // _BODY}"


_WOUNDED, _BODY = 10_000_000, 1_000


def site_parts(case, number):
    """Split what a site offers into parts of at most one vehicle's capacity: 0 wounded, 1 bodies."""
    for what in range(2):
        rest = int(case.load[number, what])
        while rest > 0:
            part = min(rest, int(case.hold[:, what].max()))
            rest -= part
            yield what, part


def add_part(model, case, spot, what):
    number, kind, part = what
    group = model.add_client_group(required=False)
    work = int(case.fixed[number] + case.each[number] * part)
    for opens, shuts in zip(case.opens[number], case.shuts[number], strict=True):
        if opens + work <= shuts:
            load = [part, 0] if kind == 0 else [0, part]
            prize = part * (_WOUNDED if kind == 0 else _BODY)
            early, late = int(opens), int(shuts) - work
            model.add_client(
                spot,
                pickup=load,
                service_duration=work,
                tw_early=early,
                tw_late=late,
                prize=prize,
                required=False,
                group=group,
            )


def ortools_window(window, case, seconds):
    """OR-tools is weak here and its reloads are dummy nodes: the note's own figures stand in docs/ceasefire.md."""
    import ortools

    del window, case, seconds
    return f"{ortools.__version__}: not modelled in this script, see docs/ceasefire.md"


def toptw(cases, seconds):
    best = {
        (row["instance"], int(row["m"])): int(row["best_known"])
        for row in csv.DictReader((TOPTW / "best_known.csv").open())
    }
    gaps = []
    for name, teams in cases or best:
        case = toptw_case(TOPTW / f"{name}.txt", teams)
        found = goals_of(case, search(case, Effort(clock=clock(seconds), each=POOL.map)))
        gaps.append(100 * (1 - found / best[name, teams]))
        print(f"TOPTW {name} m={teams}: {found} of {best[name, teams]}, gap {gaps[-1]:.2f} %", flush=True)
    print(
        f"TOPTW: {len(gaps)} cases at {seconds} s, mean gap {np.mean(gaps):.2f} %, median {np.median(gaps):.2f} % (target 0.8)"  # noqa: E501
    )


def goals_of(case, routes):
    return int(((case.load - routes.rest) * case.worth).sum())


def toptw_case(path, teams):
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()][2:]
    scale = 100 if path.name.startswith("pr") else 10
    spots = np.array([[float(row[1]), float(row[2])] for row in rows])
    gap = np.hypot(*(spots[:, None] - spots).transpose(2, 0, 1))
    time_ = np.floor(scale * gap + 1e-9).astype(np.int32)[None, None]
    work = np.array([round(float(row[3]) * scale) for row in rows], np.int32)
    worth = np.array([float(row[4]) for row in rows])
    opens = np.array([round(float(row[-2]) * scale) for row in rows], np.int32)
    shuts = np.array([round(float(row[-1]) * scale) for row in rows], np.int32)
    sites = len(rows) - 1
    turn, none = np.zeros(1, np.int32), np.zeros(0, np.int32)
    base = np.ascontiguousarray(time_.min(axis=1))
    flat = np.zeros(teams, np.int32)
    can, rows_of = np.ones((teams, sites), np.uint8), np.zeros(sites + 1, np.int32)
    return Case(
        time=np.ascontiguousarray(time_), cuts=none, pace=flat, start=flat, begin=flat, until=np.full(teams, shuts[0], np.int32),  # noqa: E501
        shift=np.full(teams, FAR, np.int32), since=np.full(teams, -1, np.int32), hold=np.full((teams, 2), sites + 1, np.int32),  # noqa: E501
        held=np.zeros((teams, 2), np.int32), turn=turn, can=can, opens=opens[1:, None].copy(), shuts=(shuts + work)[1:, None].copy(),  # noqa: E501
        fixed=work[1:].copy(), each=np.zeros(sites, np.int32), load=np.array([[0, 1]] * sites, np.int32),
        worth=np.column_stack([np.zeros(sites), worth[1:]]), near=neighbours(base, 1), via=best_via(base, turn),
        home=np.zeros((1, sites + 1), np.int32), first=rows_of, firsts=none, then=rows_of, thens=none,
        part=parts(can, rows_of, none), price=20.0 * scale,
    )  # fmt: skip


def roads(side, points):
    rng = np.random.default_rng(1)
    lon, lat = (one.ravel() for one in np.meshgrid(np.arange(side) * 0.003 + 36, np.arange(side) * 0.002 + 48))
    number = np.arange(side * side).reshape(side, side)
    ends = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    ends = np.concatenate([ends, ends[:, ::-1]])
    km = rng.uniform(0.2, 0.4, len(ends))
    graph = RoadGraph(
        array("d", lon),
        array("d", lat),
        array("q", ends[:, 0]),
        array("q", ends[:, 1]),
        array("d", km),
        array("d", [math.inf] * len(ends)),
        {},
    )
    nodes = rng.choice(side * side, points, replace=False).astype(np.int32)
    began = time.perf_counter()
    shortest(graph, nodes, speed=30.0)
    print(
        f"roads: {points} x {points} travel times on {side * side:,} nodes: {time.perf_counter() - began:.1f} s (target 30; cached by `store.travel`)"  # noqa: E501
    )


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--seconds", type=float, default=10)
    ask.add_argument("--only", choices=["windows", "toptw", "roads"])
    given = ask.parse_args()
    warm_up()
    if given.only in {None, "windows"}:
        windows((200,) if given.quick else (200, 500, 1000), 3 if given.quick else given.seconds)
    if given.only in {None, "roads"}:
        roads(100 if given.quick else 317, 100 if given.quick else 500)
    if given.only in {None, "toptw"}:
        toptw([("c102", 2), ("r103", 2), ("pr03", 2)] if given.quick else None, 1 if given.quick else given.seconds)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
