"""Team orienteering with time windows: the public cases, their best known values, and tours checked in plain Python."""

import csv
import math
from pathlib import Path

import numpy as np

from goodoffices.engines.ceasefire.arrays import FAR, Case
from goodoffices.engines.ceasefire.model import best_via, neighbours, parts

FOLDER = Path(__file__).parent / "data" / "toptw"


def best_known():
    """Read the profit of the best tours published, by instance and number of teams."""
    rows = csv.DictReader((FOLDER / "best_known.csv").open())
    return {(row["instance"], int(row["m"])): int(row["best_known"]) for row in rows}


def compare(cases, seconds, planners):
    """Run every planner on every case; print a row a case and what they come to.

    A gap is the share of the best known profit that is missing. Tours that bring more than the best known have a gap
    below zero; the mean that counts them as zero is printed too.
    """
    gaps = {planner.__name__: [] for planner in planners}
    for (name, teams), best in cases.items():
        case = read_case(name, teams)
        told = []
        for planner in planners:
            try:
                routes = planner(case, seconds)
            except ImportError:
                continue
            found = 0 if routes is None else profit(name, tours(case, routes))
            gaps[planner.__name__].append(100 * (1 - found / best))
            told.append(f"{planner.__name__} {found}, gap {gaps[planner.__name__][-1]:.2f} %")
        print(f"TOPTW {name} m={teams}: best known {best}; " + "; ".join(told), flush=True)
    for name, row in gaps.items():
        if row:
            print(_summary(name, row, seconds))


def _summary(name, row, seconds):
    worst = ", ".join(f"{gap:.2f}" for gap in sorted(row, reverse=True)[:5])
    return (
        f"TOPTW, {len(row)} cases at {seconds:g} s, {name}: mean gap {np.mean(row):.2f} % (gains counted as zero: "
        f"{np.maximum(row, 0).mean():.2f} %), median {np.median(row):.2f} %, worst five {worst}; "
        f"best known reached or beaten in {sum(gap <= 0 for gap in row)}; target 0.8"
    )


def tours(case, routes):
    """Give the points of each tour, without its ends."""
    return [[int(point) for point in routes.node[k, 1 : routes.size[k] - 1]] for k in range(case.pace.size)]


def profit(name, found):
    """Add up the profit of tours; refuse any that is late or visits a point twice."""
    rows, scale = _rows(name), _scale(name)
    visited = [point for tour in found for point in tour]
    if len(set(visited)) < len(visited):
        raise AssertionError(f"{name}: a point is visited twice")
    for tour in found:
        now, here = 0, rows[0]
        for there in [*(rows[point] for point in tour), rows[0]]:
            now += math.floor(scale * math.dist(here[:2], there[:2]) + 1e-9)
            now = max(now, round(scale * there[4]))
            if now > round(scale * there[5]):
                raise AssertionError(f"{name}: late at {there}")
            now, here = now + round(scale * there[2]), there
    return round(sum(rows[point][3] for point in visited))


def _scale(name):
    """Give the units of time in one of the file's: distances are cut to two decimals in `pr`, to one in the others."""
    return 100 if name.startswith("pr") else 10


def _rows(name):
    """Read points: x, y, minutes of service, profit, opening and closing time."""
    lines = [line.split() for line in (FOLDER / f"{name}.txt").read_text().splitlines() if line.strip()][2:]
    return [tuple(float(one) for one in (*line[1:5], line[-2], line[-1])) for line in lines]


def read_case(name, teams):
    """Read a case in the search's terms: every point a site with one body, worth its profit."""
    rows, scale = np.array(_rows(name)), _scale(name)
    gap = np.hypot(*(rows[:, None, :2] - rows[:, :2]).transpose(2, 0, 1))
    time = np.floor(scale * gap + 1e-9).astype(np.int32)[None, None]
    work, opens, shuts = np.rint(scale * rows[:, [2, 4, 5]]).astype(np.int32).T
    sites = len(rows) - 1
    turn, none = np.zeros(1, np.int32), np.zeros(0, np.int32)
    base = np.ascontiguousarray(time.min(axis=1))
    flat = np.zeros(teams, np.int32)
    can, rows_of = np.ones((teams, sites), np.uint8), np.zeros(sites + 1, np.int32)
    return Case(
        time=np.ascontiguousarray(time), cuts=none, pace=flat, start=flat, begin=flat, until=np.full(teams, shuts[0], np.int32),  # noqa: E501
        shift=np.full(teams, FAR, np.int32), since=np.full(teams, -1, np.int32), hold=np.full((teams, 2), sites + 1, np.int32),  # noqa: E501
        held=np.zeros((teams, 2), np.int32), turn=turn, can=can, opens=opens[1:, None].copy(), shuts=(shuts + work)[1:, None].copy(),  # noqa: E501
        fixed=work[1:].copy(), each=np.zeros(sites, np.int32), load=np.array([[0, 1]] * sites, np.int32),
        worth=np.column_stack([np.zeros(sites), rows[1:, 3]]), near=neighbours(base, 1), via=best_via(base, turn),
        home=np.zeros((1, sites + 1), np.int32), first=rows_of, firsts=none, then=rows_of, thens=none,
        part=parts(can, rows_of, none), price=20.0 * scale,
    )  # fmt: skip
