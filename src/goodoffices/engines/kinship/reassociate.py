"""Reassociation: which samples are one person, allowing drop-out; groups with what contradicts them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.kin import Finding, Locus
from goodoffices.engines.kinship import scan
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Model, model_of
from goodoffices.engines.kinship.panel import Remains, class_weights
from goodoffices.engines.kinship.search import column_codes
from goodoffices.engines.kinship.table import starts_of

LN10 = math.log(10)


@dataclass(frozen=True, slots=True)
class Member:
    """One sample of a group.

    Attributes
    ----------
    sample
        Its name.
    log10
        Likelihood ratio of being the same person as the rest of its group; None if it stands alone.
    contradicts
        Samples of its group that cannot be the same person, or speak against it.
    """

    sample: str
    log10: float | None
    contradicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Who belongs together.

    Attributes
    ----------
    groups
        Each a person as far as DNA tells, largest first.
    pairs
        Pairs above the threshold: positions and log10 LR.
    findings
        Commingled containers, contradictions.
    """

    groups: tuple[tuple[Member, ...], ...]
    pairs: tuple[tuple[int, int, float], ...]
    findings: tuple[Finding, ...]


def reassociate(
    remains: Remains,
    loci: Sequence[Locus],
    *,
    least: float = 6.0,
    containers: Mapping[str, str] | None = None,
    keep: int = 48,
) -> Groups:
    """Compare all pairs of samples and join those that are one person.

    Parameters
    ----------
    remains, loci
        In numbers.
    least
        log10 LR from which a pair is joined.
    containers
        Container of each sample, for commingled ones.
    keep
        Pairs looked at per sample.

    Returns
    -------
    Groups
        Two samples of one person: ln sum_g p(g) L(a|g) L(b|g) - ln P(a) - ln P(b), summed over loci.
    """
    models = [model_of(locus) for locus in loci]
    weights = [
        [class_weights(kind, model, silent=locus.silent > 0) for kind in kinds]
        for locus, model, kinds in zip(loci, models, remains.classes, strict=True)
    ]
    pairs = _pairs(remains, models, weights, least=least, keep=keep)
    members = _connected(len(remains.names), pairs)
    order = sorted(members, key=lambda group: (-len(group), remains.names[group[0]]))
    groups = tuple(_group(group, remains, models, weights) for group in order)
    return Groups(groups, tuple(pairs), tuple(_findings(groups, containers or {})))


def _pairs(
    remains: Remains, models: Sequence[Model], weights: Sequence[Sequence[Floats]], *, least: float, keep: int
) -> list[tuple[int, int, float]]:
    """Scan every sample against every other and take what reaches the threshold."""
    starts = starts_of(remains.classes)
    columns = column_codes(remains, starts)
    both = [
        _both(model, several, kinds) for model, several, kinds in zip(models, weights, remains.classes, strict=True)
    ]
    count = len(remains.names)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, count, 8192):
        part = np.arange(start, min(count, start + 8192))
        ln = np.zeros((len(part), int(starts[-1]) + 1))
        for number, matrix in enumerate(both):
            typed = remains.codes[part, number] > 0
            if len(matrix):
                here = slice(int(starts[number]) + 1, int(starts[number + 1]) + 1)
                ln[np.flatnonzero(typed), here] = matrix[remains.codes[part[typed], number] - 1]
        top, where, _ = scan.scan(scan.blocks(ln), columns, keep=min(keep, count), floor=math.inf)
        for one, place in np.argwhere((where >= 0) & (top >= least * LN10 - 1e-3)).tolist():
            other = int(where[one, place]) + start
            if other != one:
                value = math.fsum(_pair_ln(both, remains.codes, (one, other)))
                if value >= least * LN10:
                    found[min(one, other), max(one, other)] = value / LN10
    return [(one, two, value) for (one, two), value in sorted(found.items())]


def _both(model: Model, weights: Sequence[Floats], kinds: Sequence[object]) -> Floats:
    """Give ln LR of one person for every pair of classes of one locus, shape (classes, classes)."""
    if not weights:
        return np.zeros((0, 0))
    prior = np.outer(model.share, model.share)
    flat = np.array([weight.ravel() for weight in weights])
    chance = prior.ravel()
    single = np.array([getattr(kind, "sex", "") == "M" for kind in kinds])
    alone = np.diag(model.share).ravel()
    chances = np.where(single[:, None], alone, chance)
    marginal = (flat * chances).sum(axis=1)
    with np.errstate(divide="ignore"):
        ln = np.log((flat * chances) @ flat.T) - np.log(marginal)[:, None] - np.log(marginal)[None, :]
    ln[single[:, None] != single[None, :]] = -np.inf  # one typed as a man's X, the other as a woman's
    return np.asarray(ln)


def _pair_ln(both: Sequence[Floats], codes: NDArray[np.int32], pair: tuple[int, int]) -> list[float]:
    one, two = codes[pair[0]], codes[pair[1]]
    return [float(both[n][one[n] - 1, two[n] - 1]) for n in range(len(both)) if one[n] and two[n]]


def _connected(count: int, pairs: Sequence[tuple[int, int, float]]) -> list[list[int]]:
    leader = list(range(count))

    def find(node: int) -> int:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for one, two, _ in pairs:
        leader[find(two)] = find(one)
    groups: dict[int, list[int]] = {}
    for node in range(count):
        groups.setdefault(find(node), []).append(node)
    return list(groups.values())


def _group(
    group: Sequence[int], remains: Remains, models: Sequence[Model], weights: Sequence[Sequence[Floats]]
) -> tuple[Member, ...]:
    """Weigh each member against the consensus of the others, and each pair for contradictions."""
    if len(group) == 1:
        return (Member(remains.names[group[0]], None, ()),)
    members = []
    for one in group:
        others = [other for other in group if other != one]
        ln = _ln_same(one, others, remains, models, weights)
        against = tuple(
            remains.names[other] for other in others if _ln_same(one, [other], remains, models, weights) < 0
        )
        members.append(Member(remains.names[one], ln / LN10, against))
    return tuple(members)


def _ln_same(
    one: int, others: Sequence[int], remains: Remains, models: Sequence[Model], weights: Sequence[Sequence[Floats]]
) -> float:
    """Give ln LR that a sample is the person of the others, taken together."""
    total = 0.0
    for number, model in enumerate(models):
        codes = remains.codes[[one, *others], number]
        if not codes[0] or not codes[1:].any():
            continue
        kinds = remains.classes[number]
        single = kinds[codes[0] - 1].sex == "M"
        prior = np.diag(model.share) if single else np.outer(model.share, model.share)
        rest = prior.copy()
        for code in codes[1:]:
            if code:
                rest = rest * weights[number][code - 1]
        own = weights[number][codes[0] - 1]
        below = float(rest.sum()) * float((prior * own).sum())
        above = float((rest * own).sum())
        if above == 0:
            return -math.inf
        total += math.log(above / below)
    return total


def _findings(groups: Sequence[Sequence[Member]], containers: Mapping[str, str]) -> list[Finding]:
    findings = []
    people: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for member in group:
            if member.sample in containers:
                people.setdefault(containers[member.sample], set()).add(number)
            if member.contradicts:
                text = f"joined with {', '.join(member.contradicts)} by others, yet speaks against"
                findings.append(Finding("contradiction", member.sample, "", text))
    for container, several in sorted(people.items()):
        if len(several) > 1:
            text = f"samples of {len(several)} groups lie in this container; they stay several cases"
            findings.append(Finding("commingled", container, "", text))
    return findings
