"""A window in OR-tools' routing model, as far as it goes; for the benchmark alone.

Modelled: several intervals, capacities, speeds, kinds of teams, shifts. Unloading on the way needs a node of its own
for every unloading: here as many a team as its share of what is offered needs, at its own crossing, free of charge if
the team only passes from one to the next (optional nodes, nodes at all crossings, and twelve a team all found less).
Sites are split into parts beforehand; every tour ends where it began. Not modelled: closures, `after`, unloading at
another crossing, the earliest last return.
"""

from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from goodoffices.engines.ceasefire.arrays import FAR, empty_routes
from goodoffices.engines.ceasefire.search import settle_only

_WOUNDED, _BODY = 1_000_000, 1_000


def plan(case, seconds):
    """Solve; give settled routes, or None if nothing was found."""
    model = _Model(case)
    return model.solve(seconds)


class _Model:
    def __init__(self, case):
        self.case = case
        crossings, teams = case.turn.size, case.pace.size
        self.parts = list(_parts(case))
        self.points = [crossings + site for site, _ in self.parts]
        needed = -(-case.load.sum(axis=0) // np.maximum(1, case.hold.sum(axis=0)))
        counts = [int(needed[case.hold[team] > 0].max(initial=0)) for team in range(teams)]
        self.reloads = [team for team in range(teams) for _ in range(counts[team])]
        self.points += [int(case.start[team]) for team in self.reloads]
        self.first = len(self.points)
        self.points += [int(one) for one in case.start]
        ends = list(range(self.first, self.first + teams))
        self.manager = pywrapcp.RoutingIndexManager(len(self.points), teams, ends, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._time()
        self._loads()
        self._choices()

    def _work(self, node):
        if node < len(self.parts):
            site, take = self.parts[node]
            return int(self.case.fixed[site] + self.case.each[site] * sum(take))
        return 0

    def _time(self):
        case, routing = self.case, self.routing
        points = np.array(self.points)
        works = np.array([self._work(node) for node in range(len(points))])
        ways, transits = {}, []
        for pace in case.pace:
            if int(pace) not in ways:
                table = case.time[int(pace), 0][np.ix_(points, points)].astype(np.int64)
                goes_on = np.ix_(range(len(self.parts), self.first), range(len(self.parts)))
                table[goes_on] += case.turn[points[goes_on[0]]]
                ways[int(pace)] = (
                    routing.RegisterTransitMatrix(table.tolist()),
                    routing.RegisterTransitMatrix((table + works[:, None]).tolist()),
                )
            transits.append(ways[int(pace)])
        most = int(case.until.max())
        routing.AddDimensionWithVehicleTransits([both[1] for both in transits], most, most, False, "time")
        time = routing.GetDimensionOrDie("time")
        for team, (way, _) in enumerate(transits):
            routing.SetArcCostEvaluatorOfVehicle(way, team)
            time.CumulVar(routing.End(team)).SetMax(int(case.until[team]))
            time.CumulVar(routing.Start(team)).SetMin(int(case.begin[team]))
            if case.shift[team] < FAR:
                time.SetSpanUpperBoundForVehicle(int(case.shift[team]), team)
            routing.AddVariableMinimizedByFinalizer(time.CumulVar(routing.End(team)))
        for node, (site, _) in enumerate(self.parts):
            work, at = self._work(node), time.CumulVar(self.manager.NodeToIndex(node))
            spans = sorted(
                (int(a), int(b) - work)
                for a, b in zip(case.opens[site], case.shuts[site], strict=True)
                if a + work <= b
            )
            at.SetRange(spans[0][0], spans[-1][1])
            for (_, shut), (opens, _) in pairwise(spans):
                at.RemoveInterval(shut + 1, opens - 1)

    def _loads(self):
        case, routing = self.case, self.routing
        for kind, name in enumerate(("wounded", "bodies")):
            most = int(case.hold[:, kind].max())
            load = [take[kind] for _, take in self.parts] + [-most] * len(self.reloads) + [0] * case.pace.size
            callback = routing.RegisterUnaryTransitVector(load)
            rooms = [int(room) for room in case.hold[:, kind]]
            routing.AddDimensionWithVehicleCapacity(callback, most, rooms, True, name)
            dimension = routing.GetDimensionOrDie(name)
            for node in range(len(self.parts)):
                dimension.SlackVar(self.manager.NodeToIndex(node)).SetValue(0)
            for team in range(case.pace.size):
                dimension.SlackVar(routing.Start(team)).SetValue(0)

    def _choices(self):
        case, routing = self.case, self.routing
        for node, (site, take) in enumerate(self.parts):
            index = self.manager.NodeToIndex(node)
            routing.AddDisjunction([index], take[0] * _WOUNDED + take[1] * _BODY)
            able = [team for team in range(case.pace.size) if case.can[team, site] and _holds(case, team, take)]
            routing.VehicleVar(index).SetValues([-1, *able])
        for node, team in enumerate(self.reloads, len(self.parts)):
            routing.VehicleVar(self.manager.NodeToIndex(node)).SetValues([team])

    def solve(self, seconds):
        ask = pywrapcp.DefaultRoutingSearchParameters()
        ask.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
        ask.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        ask.time_limit.FromMilliseconds(int(1000 * seconds))
        found = self.routing.SolveWithParameters(ask)
        return None if found is None else self._routes(found)

    def _routes(self, found):
        case = self.case
        routes = empty_routes(case, 1)
        for team in range(case.pace.size):
            last, at, place = int(routes.node[team, 1]), found.Value(self.routing.NextVar(self.routing.Start(team))), 1
            while not self.routing.IsEnd(at):
                node = self.manager.IndexToNode(at)
                routes.node[team, place] = self.points[node]
                if node < len(self.parts):
                    site, take = self.parts[node]
                    routes.take[team, place] = take
                    routes.rest[site] -= take
                    routes.seen[site, team] += 1
                at, place = found.Value(self.routing.NextVar(at)), place + 1
            routes.node[team, place] = last if place == 1 else case.home[case.pace[team], routes.node[team, place - 1]]
            routes.size[team] = place + 1
        settle_only(case, routes)
        return routes


def _holds(case, team, take):
    return all(case.hold[team, kind] >= take[kind] for kind in range(2))


def _parts(case):
    for site in range(case.load.shape[0]):
        for kind in range(2):
            able = case.hold[case.can[:, site] > 0, kind]
            most, rest = int(able.max(initial=0)), int(case.load[site, kind])
            widest = int((case.shuts[site] - case.opens[site]).max()) - int(case.fixed[site])
            if case.each[site] > 0:
                most = min(most, widest // int(case.each[site]))
            while most > 0 and rest > 0 and widest >= 0:
                count = min(rest, most)
                rest -= count
                yield site, ((count, 0) if kind == 0 else (0, count))
