"""From hits to answers: other evidence, posteriors alone and jointly, the rule gate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from goodoffices.domain.kin import Finding
from goodoffices.engines.kinship import joint, rule
from goodoffices.engines.kinship.lineage import Line
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.prior import Prior
from goodoffices.engines.kinship.search import Found

LN2 = math.log(2.0)

_WORTH = math.log(1e-4)

FamilyLn = Callable[[str, Mapping[str, str]], float]
"""ln LR of one family with remains placed in it (person -> sample), against all of them unrelated."""

HITS = {
    "sample": pl.String(),
    "family": pl.String(),
    "person": pl.String(),
    "log10_lr": pl.Float64(),
    "bits": pl.Float64(),
    "posterior": pl.Float64(),
    "loci": pl.Int64(),
    "mismatches": pl.Int64(),
    "rule": pl.String(),
    "joint_posterior": pl.Float64(),
    "other_bits": pl.Float64(),
    "close_relatives": pl.Int64(),
    "lines": pl.String(),
    "lacking": pl.String(),
    "theta": pl.Float64(),
}
"""Columns of `C.csv`; the first nine are the contract's, in its order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What posteriors rest on besides DNA.

    Attributes
    ----------
    prior
        The population.
    threshold
        Posterior that a report needs.
    other
        Bits of other evidence by (sample, family, person): linkage, sex, age, height, place, effects.
    lines
        Comparisons of Y-STR and mtDNA by (sample, family, person).
    """

    prior: Prior = field(default_factory=Prior)
    threshold: float = 0.9995
    other: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    lines: Mapping[tuple[str, str, str], tuple[Line, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """Pairs with posteriors and rule.

    Attributes
    ----------
    pairs
        A table as `HITS`, by falling bits.
    findings
        Components that had to be cut.
    """

    pairs: pl.DataFrame
    findings: tuple[Finding, ...]


def assess(found: Found, samples: Sequence[str], frame: Frame, *, family_ln: FamilyLn | None = None) -> Answers:
    """Give every hit its posterior, alone and jointly, and say which rule is met and what is lacking.

    Parameters
    ----------
    found
        The search's outcome.
    samples
        Names of the remains' samples.
    frame
        Prior, threshold, other evidence.
    family_ln
        For families that miss several: the likelihood ratio of several remains in one family.

    Returns
    -------
    Answers
        `posterior` weighs each sample alone; `joint_posterior` lets each missing person be found once.
    """
    hits = found.hits
    keys = [
        (samples[one], found.targets[target].family, found.targets[target].person)
        for one, target in zip(hits.remains.tolist(), hits.target.tolist(), strict=True)
    ]
    lines = [frame.lines.get(key, ()) for key in keys] if frame.lines else [()] * len(keys)
    other = np.array([frame.other.get(key, 0.0) for key in keys]) if frame.other else np.zeros(len(keys))
    other += np.array([sum(line.log10 for line in several) / math.log10(2) for several in lines])
    excluded = np.array([any(line.verdict == "exclusion" for line in several) for several in lines], dtype=bool)
    weight = np.where(excluded, -np.inf, hits.ln + other * LN2)
    alone, rest = _alone(found, weight, frame.prior)
    together, findings = _together(found, samples, weight, rest, family_ln)
    rows = _rows(found, keys, (alone, together), lines, threshold=frame.threshold, other=other)
    pairs = pl.DataFrame(rows, schema=HITS, orient="row").sort(
        ["bits", "sample", "family", "person"], descending=[True, False, False, False]
    )
    return Answers(pairs, tuple(findings))


def _alone(found: Found, weight: Floats, prior: Prior) -> tuple[Floats, Floats]:
    """Give each hit's posterior by itself, and each sample's weight of being nobody or someone not kept."""
    hits = found.hits
    nobody = prior.nobody(len(found.targets))
    value = np.exp(np.minimum(weight, 700.0))
    kept = np.zeros(len(found.mass))
    np.add.at(kept, hits.remains, value)
    rest = nobody + beyond(found)[1]
    total = kept + rest
    share = np.divide(value, total[hits.remains], out=np.zeros_like(value), where=total[hits.remains] > 0)
    return share, rest


def beyond(found: Found) -> tuple[Floats, Floats]:
    """Give the sum of each sample's likelihood ratios over its kept hits, and over the missing not kept."""
    kept = np.zeros(len(found.mass))
    np.add.at(kept, found.hits.remains, np.exp(np.minimum(found.hits.ln, 700.0)))
    # The scan's sum is in single precision: what is left after taking the kept hits out is at least nothing.
    outside = found.mass - kept
    return kept, np.where(outside > 1e-4 * kept, outside, 0.0)


def _together(
    found: Found, samples: Sequence[str], weight: Floats, rest: Floats, family_ln: FamilyLn | None
) -> tuple[Floats, list[Finding]]:
    """Let each missing person be found once: exact within every component of pairs worth considering."""
    hits = found.hits
    odds = weight - np.log(np.maximum(rest, 1e-300))[hits.remains]
    family = {name: number for number, name in enumerate(dict.fromkeys(target.family for target in found.targets))}
    homes = np.array([family[target.family] for target in found.targets], dtype=np.int64)[hits.target]
    worth = np.flatnonzero(odds > _WORTH)
    groups, cut = _groups(
        list(zip(hits.remains[worth].tolist(), homes[worth].tolist(), odds[worth].tolist(), strict=True))
    )
    share = np.where(odds <= _WORTH, np.exp(np.minimum(odds, 0.0)), 0.0)
    for group in groups:
        places = worth[group]
        if len(places) == 1:
            share[places] = 1.0 / (1.0 + np.exp(-np.clip(odds[places], -700.0, 700.0)))
        else:
            _solve(found, samples, places, odds, share, family_ln=family_ln)
    findings = []
    if cut > -math.inf:
        text = f"claims crossed too often for one exact sum; cut at pairs of up to {cut / LN2:.1f} bits"
        findings.append(Finding("component_cut", "joint", "", text))
    return share, findings


def _groups(links: Sequence[tuple[int, int, float]]) -> tuple[list[list[int]], float]:
    """Split pairs into connected components; one whose claims cross too often is cut at its weakest pairs."""
    whole, _ = joint.components(links, most=len(links) + 1)
    groups, cut = [], -math.inf
    for group in whole:
        by_family: dict[int, list[joint.Option]] = {}
        for place in group:
            by_family.setdefault(links[place][1], []).append(joint.Option(((place, 0),), 0.0))
        rows = {one: number for number, one in enumerate(dict.fromkeys(links[place][0] for place in group))}
        claims = [
            [joint.Option(((rows[links[option.pairs[0][0]][0]], 0),), 0.0) for option in family]
            for family in by_family.values()
        ]
        if joint.width(claims) <= joint.MOST:
            groups.append(group)
            continue
        smaller, lost = joint.components([links[place] for place in group], most=joint.MOST)
        groups += [[group[place] for place in part] for part in smaller]
        cut = max(cut, lost)
    return groups, cut


def _solve(
    found: Found,
    samples: Sequence[str],
    places: NDArray[np.int64],
    odds: Floats,
    share: Floats,
    *,
    family_ln: FamilyLn | None,
) -> None:
    """Decide one component and write its posteriors."""
    hits = found.hits
    rows = {one: number for number, one in enumerate(dict.fromkeys(hits.remains[places].tolist()))}
    by_family: dict[str, list[int]] = {}
    for place in places.tolist():
        by_family.setdefault(found.targets[hits.target[place]].family, []).append(place)
    families = [
        [
            joint.Option(
                tuple((rows[int(hits.remains[place])], int(hits.target[place])) for place in several),
                _option_ln(found, samples, several, odds, family_ln),
            )
            for several in _ways(members, hits.remains, hits.target)
        ]
        for members in by_family.values()
    ]
    answer = joint.solve(families, len(rows), top=0)
    for place in places.tolist():
        share[place] = answer.marginal.get((rows[int(hits.remains[place])], int(hits.target[place])), 0.0)


def _ways(members: Sequence[int], remains: NDArray[np.int64], target: NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
    """Give every non-empty set of pairs of one family in which nobody stands twice."""
    for number, place in enumerate(members):
        yield (place,)
        later = [
            other
            for other in members[number + 1 :]
            if remains[other] != remains[place] and target[other] != target[place]
        ]
        for rest in _ways(later, remains, target):
            yield (place, *rest)


def _option_ln(
    found: Found, samples: Sequence[str], several: Sequence[int], odds: Floats, family_ln: FamilyLn | None
) -> float:
    total = math.fsum(float(odds[place]) for place in several)
    if len(several) == 1 or family_ln is None:
        return total
    hits = found.hits
    placed = {found.targets[hits.target[place]].person: samples[int(hits.remains[place])] for place in several}
    together = family_ln(found.targets[hits.target[several[0]]].family, placed)
    return total + together - math.fsum(float(hits.ln[place]) for place in several)


def _rows(
    found: Found,
    keys: Sequence[tuple[str, str, str]],
    posteriors: tuple[Floats, Floats],
    lines: Sequence[Sequence[Line]],
    *,
    threshold: float,
    other: Floats,
) -> Iterator[tuple[object, ...]]:
    hits = found.hits
    for number, key in enumerate(keys):
        target = int(hits.target[number])
        alone, together = float(posteriors[0][number]), float(posteriors[1][number])
        grounds = rule.Grounds(
            min(alone, together),
            int(found.close[target]),
            any(line.verdict == "match" for line in lines[number]),
            bool(found.lifetime[target]),
            any(line.verdict == "exclusion" for line in lines[number]),
            number in found.refused,
        )
        ln = float(hits.ln[number])
        yield (
            *key,
            ln / math.log(10),
            ln / LN2,
            alone,
            int(hits.loci[number]),
            int(hits.mismatches[number]),
            rule.met(grounds),
            together,
            float(other[number]),
            int(found.close[target]),
            ";".join(f"{line.kind}:{line.verdict}:{line.compared}:{line.different}" for line in lines[number]),
            ";".join(rule.lacking(grounds, threshold)),
            found.theta if number in found.weighed else 0.0,
        )
