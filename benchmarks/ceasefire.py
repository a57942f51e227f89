"""The ceasefire engine beside PyVRP and OR-tools routing: same instance, same seconds, one run.

python benchmarks/ceasefire.py [--quick] [--seconds S] [--only windows|roads|toptw] [--no-peers]

Seconds are seconds of processor time on each of two cores, so that other work on the machine does not distort them: on
two idle cores they are the seconds on the clock. Ours runs two threads, one start each. PyVRP has one thread; it gets
two seeds, one a core, and the better one counts. OR-tools has one thread and one answer, and stops by the wall clock.
"""

import argparse
import math
import resource
import threading
import time
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _ceasefire_toptw
import numpy as np

from goodoffices.domain.roads import RoadGraph
from goodoffices.domain.visits import TurnBack
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.opinion import second_opinion
from goodoffices.engines.ceasefire.rehearse import Trials, rehearse
from goodoffices.engines.ceasefire.roads import shortest
from goodoffices.engines.ceasefire.search import Effort, goals, search
from goodoffices.flow.ceasefire import Papers, check, find_times, read_papers, warm_up
from goodoffices.formats.visits import write_plan

HERE = Path(__file__).parent
WINDOWS = HERE.parent / "tests" / "data" / "ceasefire"
TARGETS = {200: (84, 993), 500: (280, 1139), 1000: (479, 2156)}
POOL = ThreadPoolExecutor(2)


def clock(seconds):
    """Give the share of so many processor seconds that the thread which asks has spent since it first asked."""
    own = threading.local()

    def share():
        if not hasattr(own, "start"):
            own.start = time.thread_time()
        return (time.thread_time() - own.start) / seconds

    return share


def ours(case, seconds):
    return search(case, Effort(clock=clock(seconds), each=POOL.map))


def pyvrp(case, seconds):
    """Ask PyVRP twice; the better answer counts."""
    found = []
    for seed in (1, 2):
        share = clock(seconds)
        one = second_opinion(case, stop=lambda share=share: share() >= 1, seed=seed)
        if one is not None:
            found.append(one)
    return max(found, key=lambda one: tuple(((case.load - one.rest) * case.worth).sum(axis=0)), default=None)


def ortools(case, seconds):
    import _ceasefire_ortools

    return _ceasefire_ortools.plan(case, seconds)


def windows(sizes, seconds, planners):
    for size in sizes:
        papers = Papers((WINDOWS / f"window-{size}.json").read_bytes())
        window = read_papers(papers)
        situation = Situation(window, find_times(window, papers), window.margin_minutes)
        case = build(situation)
        for planner in planners:
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                routes = planner(case, seconds)
            except ImportError as error:
                print(f"window {size}: {planner.__name__} not run, {error.name} is not installed")
                continue
            spent = f"{time.process_time() - cpu:.1f} s of processor, {time.perf_counter() - wall:.1f} s on the clock"
            if routes is None:
                print(f"window {size}: {planner.__name__} found nothing feasible; {spent}", flush=True)
                continue
            plan = plan_of(situation, case, routes, rule=TurnBack(1.6))
            held = check(papers, write_plan(window, plan)).holds
            wounded, bodies, _ = goals(case, routes)
            word = "reached" if (wounded, bodies) >= TARGETS[size] else "missed"
            print(
                f"window {size}: {planner.__name__} {wounded}/{bodies}, audit {held}; "
                f"target {TARGETS[size]} {word}; {spent}",
                flush=True,
            )
            if size == 200 and planner is ours:
                rehearsals(window, case, plan)


def rehearsals(window, case, plan):
    times = []
    for seed in range(5):
        wall, cpu = time.perf_counter(), time.process_time()
        rehearse(window, case, plan, delays=Delays(), trials=Trials(10_000, seed, POOL.map))
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    (cpu, wall), teams = np.median(times, axis=0), len(window.teams)
    print(
        f"10,000 rehearsals of {teams} teams: {cpu:.2f} s of processor in all (target 0.5), {wall:.2f} s on the clock; "
        f"medians of five"
    )


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
    ask.add_argument("--no-peers", action="store_true")
    given = ask.parse_args()
    warm_up()
    if given.only in {None, "windows"}:
        planners = (ours,) if given.no_peers else (ours, pyvrp, ortools)
        windows((200,) if given.quick else (200, 500, 1000), 3 if given.quick else given.seconds, planners)
    if given.only in {None, "roads"}:
        roads(100 if given.quick else 317, 100 if given.quick else 500)
    if given.only in {None, "toptw"}:
        cases = _ceasefire_toptw.best_known()
        some = {key: cases[key] for key in [("c102", 2), ("r103", 2), ("pr03", 2)]} if given.quick else cases
        _ceasefire_toptw.compare(
            some, 1 if given.quick else given.seconds, (ours,) if given.no_peers else (ours, pyvrp)
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
