"""Exchange: compose and audit at two sizes, beside the same terms with one binary a person in HiGHS and CP-SAT.

Run: python benchmarks/exchange.py [--limit SECONDS] [--small] [--no-peers]
"""

import argparse
import datetime as dt
import hashlib
import importlib.util
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import highspy
import numpy as np

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.plan import Clash
from goodoffices.domain.ranks import Rank
from goodoffices.domain.terms import Legs, Lottery, Terms
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.compose import compose, prepare
from goodoffices.engines.exchange.model import Program
from goodoffices.engines.exchange.solve import _solver
from goodoffices.formats.plans import plan_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes
from goodoffices.synth.held import held_list

WORDS = {"A": "a word of the first side", "B": "a word of the second side"}


def agreed(seats):
    """Seven levels: six criteria and most people; families, ranks, all for all, places, four legs."""
    return Terms(
        sides=("A", "B"),
        on=dt.date(2025, 7, 23),
        held={"A": "a.csv", "B": "b.csv"},
        minimum={"A": int(seats * 3.7), "B": int(seats * 3.7)},
        all_for_all=("seriously_wounded_or_ill",),
        rank_groups=((Rank.CAPTAIN, Rank.MAJOR), (Rank.LIEUTENANT_COLONEL, Rank.COLONEL)),
        civilians={"A": seats // 11, "B": 0},
        order=("requested:1", "aged_18_to_25", "women", "requested:2", "longest_held", "requested:3"),
        legs=Legs((seats,) * 4, seats * 3 // 8),
        lottery=Lottery({side: hashlib.sha256(word.encode()).hexdigest() for side, word in WORDS.items()}, WORDS),
    )


def audited(terms, paper, sealed):
    """Audit in a process of its own, as `exchange verify` does."""
    start = time.perf_counter()
    verdict = audit(terms, paper, sealed)
    return time.perf_counter() - start, verdict.holds


def ours(name, sizes, seats):
    lists = {
        side: held_list(n, seed=seed, script=s)
        for side, n, seed, s in zip("AB", sizes, (1, 2), ("uk", "ru"), strict=True)
    }
    terms = agreed(seats)
    sealed = {side: sealed_csv(frame) for side, frame in lists.items()}
    hashes = {side: sha256_hex(data) for side, data in sealed.items()}
    start = time.perf_counter()
    case = prepare(terms, lists, terms_sha256=sha256_hex(terms_bytes(terms)), lists_sha256=hashes)
    plan = compose(case)
    composing = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if isinstance(plan, Clash):
        raise SystemExit(f"{name}: infeasible: {plan.terms}")
    paper = plan_bytes(plan, lists={side: f"{side}.csv" for side in "AB"})
    with get_context("spawn").Pool(1) as fresh:
        auditing, holds = fresh.apply(audited, (terms_bytes(terms), paper, sealed))
    proven = sum(level.is_proven for level in plan.objective)
    going = sum(len(refs) for leg in plan.legs for refs in leg.release.values())
    print(f"\n{name}: {case.columns.count} classes, {len(case.program.names)} rows, {going} people go in 4 legs")
    print(f"  compose {composing:8.2f} s, peak {memory:6.0f} MB, {proven} of {len(plan.objective)} levels proven")
    print(f"  verify  {auditing:8.2f} s, holds: {holds}")
    return case, plan, composing


def by_person(case):
    """Our rows, legs as flows, with one binary a unit instead of one count a class."""
    columns, program = case.columns, case.program
    counts = columns.upper
    starts = np.concatenate([[0], np.cumsum(counts)])
    flows = len(program.lower) - columns.count

    def spread(places, values):
        mine = places < columns.count
        size = np.where(mine, counts[np.where(mine, places, 0)], 1)
        first = np.where(mine, starts[np.where(mine, places, 0)], starts[-1] + places - columns.count)
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        return np.repeat(first, size) + within, np.repeat(values, size)

    rows = [
        (*spread(places, values), low, high)
        for places, values, low, high in zip(program.columns, program.values, program.low, program.high, strict=True)
    ]
    lower = [*np.repeat((columns.lower > 0).astype(int), counts).tolist(), *program.lower[columns.count :]]
    upper = [*([1] * int(starts[-1])), *program.upper[columns.count :]]
    goals = [np.concatenate([np.repeat(goal.cost, counts), np.zeros(flows, dtype=np.int64)]) for goal in case.goals]
    return lower, upper, rows, goals


def by_person_and_leg(case):
    """The direct way: one binary a unit and leg, a row per unit, seats, places and balance leg by leg."""
    columns, terms = case.columns, case.terms
    legs = terms.legs.count
    column = np.repeat(np.arange(columns.count), columns.upper)
    count = len(column)
    every = np.arange(count * legs)
    must = (columns.lower > 0)[column].astype(int)
    one = np.ones(legs, dtype=np.int64)
    rows = [(np.arange(u * legs, u * legs + legs), one, must[u], 1) for u in range(count)]

    def add(vector, low, high, leg=None):
        spread = np.repeat(vector[column], legs)
        keep = spread != 0 if leg is None else (spread != 0) & (every % legs == leg)
        rows.append((every[keep], spread[keep], low, high))

    for name, places, values, low, high in zip(
        case.program.names, case.program.columns, case.program.values, case.program.low, case.program.high, strict=True
    ):
        if name.startswith(("numbers.", "civilians.", "rank_balance")):
            vector = np.zeros(columns.count, dtype=np.int64)
            vector[places] = values
            add(vector, low, high)
    side = columns.side[columns.member]
    for leg in range(legs):
        for number in (0, 1):
            add(columns.sums(side == number), -np.inf, terms.legs.seats[leg], leg)
            for site in range(len(columns.sites)):
                inside = columns.sums((side == number) & (columns.site == site))
                if inside.any():
                    add(inside, -np.inf, terms.legs.per_site, leg)
        add(columns.sums((columns.kind == 0) * np.where(side == 0, 1, -1)), 0, 0, leg)
    goals = [np.repeat(goal.cost[column], legs) for goal in case.goals]
    return [0] * (count * legs), [1] * (count * legs), rows, goals


def in_highs(model, values, limit):
    lower, upper, rows, goals = model
    start = time.perf_counter()
    program = Program(
        lower,
        upper,
        [""] * len(rows),
        [""] * len(rows),
        [float(row[2]) for row in rows],
        [float(row[3]) for row in rows],
        [row[0] for row in rows],
        [row[1] for row in rows],
    )
    solver = _solver(program, whole=True)
    done = 0
    for cost, value in zip(goals, values, strict=False):
        left = limit - (time.perf_counter() - start)
        if left <= 0:
            break
        solver.setOptionValue("time_limit", left)
        solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost.astype(float))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        assert round(solver.getObjectiveValue()) == value
        places = np.flatnonzero(cost).astype(np.int32)
        solver.addRow(float(value), highspy.kHighsInf, len(places), places, cost[places].astype(float))
        done += 1
    return done, time.perf_counter() - start


def in_cp_sat(model, values, limit):
    lower, upper, rows, goals = model
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump(
            {
                "lower": lower,
                "upper": upper,
                "rows": rows,
                "goals": list(zip(goals, values, strict=False)),
                "limit": limit,
            },
            file,
        )
        file.flush()
        worker = Path(__file__).with_name("_exchange_cp_sat.py")
        done = subprocess.run([sys.executable, worker, file.name], capture_output=True, text=True, check=True)
    levels, seconds = done.stdout.split()
    return int(levels), float(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each peer")
    parser.add_argument("--small", action="store_true", help="the small size only")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    cases = [("6,000 + 5,000", (6_000, 5_000), 320)]
    if not options.small:
        cases.append(("60,000 + 60,000", (60_000, 60_000), 3_200))
    peers = [("HiGHS", in_highs)]
    if importlib.util.find_spec("ortools") is None:
        print("CP-SAT: ortools is not installed (requirements-bench.lock)")
    else:
        peers.append(("CP-SAT", in_cp_sat))
    for name, sizes, seats in cases:
        case, plan, seconds = ours(name, sizes, seats)
        if options.no_peers:
            continue
        values = [level.value for level in plan.objective[:7]]
        for form, build in (
            ("one binary a person, our legs", by_person),
            ("one binary a person and leg", by_person_and_leg),
        ):
            model = build(case)
            for peer, run in peers:
                done, took = run(model, values, options.limit)
                end = "all 7 levels" if done == 7 else f"{done} of 7 levels before the limit of {options.limit:.0f} s"
                ratio = f"{took / seconds:.0f}x" if done == 7 else f"more than {took / seconds:.0f}x"
                print(f"  {peer}, {form}: {len(model[0])} variables, {end}, {took:.1f} s, {ratio}", flush=True)


if __name__ == "__main__":
    main()
