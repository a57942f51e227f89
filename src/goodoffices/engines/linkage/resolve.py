"""From weighed pairs to decisions: rivals, verdicts, one to one or one to few, clusters with their contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LINK = 0.99
"""From this probability on a pair is linked without a person."""

REVIEW = 0.05
"""From this probability on a person should look."""

_DENSE = 2_000
"""A component with more records than this on a side is assigned greedily."""


class Verdict(StrEnum):
    """What to do with a pair."""

    LINK = "link"
    REVIEW = "review"
    NO = "no"


def rival_bits(left: Codes, right: Codes, odds: Floats) -> tuple[Floats, float]:
    """Weigh for each pair that its records have a better counterpart elsewhere.

    A record has one counterpart as a rule and a second one only if the other list names a person twice; how often
    that happens is read off the pairs themselves.

    Parameters
    ----------
    left, right
        Rows of the pairs, shape (n,).
    odds
        Log2 odds of the same person, rivals not considered, shape (n,).

    Returns
    -------
    tuple[Floats, float]
        Bits to add, 0 or less, shape (n,); and how often a linked record has a second counterpart.
    """
    chance = np.exp2(-np.logaddexp2(0.0, -odds))
    better_left, better_right = _better(left, odds, chance), _better(right, odds, chance)
    sure = chance >= LINK
    second = sure & (np.maximum(better_left, better_right) >= LINK)
    share = min((float(second.sum()) + 1.0) / (float(sure.sum()) + 20.0), 0.5)
    bits = np.log2(1 - better_left + better_left * share) + np.log2(1 - better_right + better_right * share)
    return bits, share


def _better(row: Codes, odds: Floats, chance: Floats) -> Floats:
    """Give for each pair the highest chance among pairs of the same record with higher odds, 0 if it is the best."""
    order = np.lexsort((-odds, row))
    rows = row[order]
    first = np.concatenate([[True], rows[1:] != rows[:-1]]) if rows.size else np.zeros(0, bool)
    start = np.maximum.accumulate(np.where(first, np.arange(rows.size), 0)) if rows.size else np.zeros(0, np.int64)
    out = np.empty(row.size)
    best = order[start]
    out[order] = np.where(odds[best] > odds[order], chance[best], 0.0)
    return out


def verdicts(probability: Floats, *, link: float = LINK, review: float = REVIEW) -> npt.NDArray[np.str_]:
    """Give a verdict per pair from its probability alone: one record may be linked to a few."""
    return np.select(
        [probability >= link, probability >= review], [Verdict.LINK.value, Verdict.REVIEW.value], Verdict.NO.value
    )


def one_to_one(left: Codes, right: Codes, odds: Floats) -> Flags:
    """Choose pairs so that no record stands in two and the sum of odds is greatest; only odds above 0 are chosen.

    Each connected component is assigned on its own (Jonker and Volgenant 1987, as in SciPy); within one list a row
    counts once whichever side it stands on, and the assignment is greedy.

    Returns
    -------
    Flags
        Which pairs are chosen, shape (n,).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    chosen = np.zeros(left.size, bool)
    good = np.flatnonzero(odds > 0)
    if not good.size:
        return chosen
    i = np.unique(left[good], return_inverse=True)[1]
    j = np.unique(right[good], return_inverse=True)[1]
    n_left, n_right = int(i.max()) + 1, int(j.max()) + 1
    graph = coo_array((np.ones(good.size), (i, j + n_left)), shape=(n_left + n_right, n_left + n_right))
    component = connected_components(graph, directed=False)[1][i]
    order = np.argsort(component, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
        if group.size == 1:
            chosen[good[group[0]]] = True
            continue
        chosen[good[group[_assign(i[group], j[group], odds[good[group]])]]] = True
    return chosen


def _assign(i: Codes, j: Codes, odds: Floats) -> Codes:
    from scipy.optimize import linear_sum_assignment

    rows, x = np.unique(i, return_inverse=True)
    columns, y = np.unique(j, return_inverse=True)
    if max(rows.size, columns.size) > _DENSE:
        return greedy(i, j, odds)
    gain = np.zeros((rows.size, columns.size))
    which = np.full((rows.size, columns.size), -1)
    gain[x, y], which[x, y] = odds, np.arange(i.size)
    picked = which[linear_sum_assignment(gain, maximize=True)]
    return picked[picked >= 0]


def greedy(left: Codes, right: Codes, odds: Floats) -> Codes:
    """Choose pairs from the best down, each row once on each side; ties by position."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    out = []
    for k in np.argsort(-odds, kind="stable").tolist():
        a, b = int(left[k]), int(right[k])
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            out.append(k)
    return np.array(out, np.int64)


Node = tuple[str, str]
"""A list's name and a reference on it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records linked into one person, over any number of lists.

    Attributes
    ----------
    records
        List and reference, sorted.
    contradictions
        Pairs inside the cluster that speak against it, each with its probability.
    """

    records: tuple[Node, ...]
    contradictions: tuple[tuple[Node, Node, float], ...]


def clusters(links: Iterable[tuple[Node, Node]], weighed: Mapping[tuple[Node, Node], float]) -> tuple[Cluster, ...]:
    """Join linked records into clusters and show every pair inside one that was compared and is not linked.

    Parameters
    ----------
    links
        Pairs with the verdict link.
    weighed
        Probability of every pair compared; a pair of two compared lists that is missing counts as 0.

    Returns
    -------
    tuple[Cluster, ...]
        Of two records and more, sorted by their first record. A contradiction (A = B, B = C, A not C) never breaks
        a cluster silently: it is shown, and a person decides.
    """
    linked = {tuple(sorted(pair)) for pair in links}
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in sorted(linked):
        parent[root(one)] = root(other)
    groups: dict[Node, list[Node]] = {}
    for node in sorted(parent):
        groups.setdefault(root(node), []).append(node)
    compared = {tuple(sorted((one[0], other[0]))) for one, other in weighed}
    chance = {tuple(sorted(pair)): value for pair, value in weighed.items()}
    found = [_cluster(tuple(sorted(group)), linked, compared, chance) for group in groups.values()]
    return tuple(sorted(found, key=lambda cluster: cluster.records))


def _cluster(
    records: tuple[Node, ...],
    linked: set[tuple[Node, ...]],
    compared: set[tuple[str, ...]],
    chance: Mapping[tuple[Node, ...], float],
) -> Cluster:
    against = [
        (one, other, chance.get((one, other), 0.0))
        for k, one in enumerate(records)
        for other in records[k + 1 :]
        if (one, other) not in linked and (one[0] == other[0] or (one[0], other[0]) in compared)
    ]
    return Cluster(records, tuple(against))
