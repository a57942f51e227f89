"""Solve levels in CP-SAT, in a process of its own: its library and highspy's do not share one."""

import pickle
import sys
import time
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model


def main():
    with Path(sys.argv[1]).open("rb") as file:
        given = pickle.load(file)  # noqa: S301 - written by the benchmark itself, a moment ago
    start = time.perf_counter()
    model = cp_model.CpModel()
    x = [model.new_int_var(lo, up, "") for lo, up in zip(given["lower"], given["upper"], strict=True)]
    for places, values, low, high in given["rows"]:
        total = cp_model.LinearExpr.weighted_sum([x[place] for place in places.tolist()], values.tolist())
        if low > -np.inf:
            model.add(total >= int(low))
        if high < np.inf:
            model.add(total <= int(high))
    done = 0
    for cost, value in given["goals"]:
        left = given["limit"] - (time.perf_counter() - start)
        if left <= 0:
            break
        places = np.flatnonzero(cost)
        total = cp_model.LinearExpr.weighted_sum([x[place] for place in places.tolist()], cost[places].tolist())
        model.maximize(total)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = left
        solver.parameters.num_workers = 2
        if solver.solve(model) != cp_model.OPTIMAL or round(solver.objective_value) != value:
            break
        model.clear_objective()
        model.add(total >= value)
        done += 1
    print(done, time.perf_counter() - start)


if __name__ == "__main__":
    main()
