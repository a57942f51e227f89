"""Stage 2: evidence of every kind on one scale. Names, papers and DNA add in bits; one waterfall shows them all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.domain.errors import RangeError
from goodoffices.domain.evidence import Evidence, Reason, probability
from goodoffices.engines.kinship.lineage import Line


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall.

    Attributes
    ----------
    field, code
        As of the reason; `prior` and `total` for the first and the last bar.
    start, stop
        Bits before and after it.
    """

    field: str
    code: str
    start: float
    stop: float


def of_dna(pair: tuple[str, str], ln_lr: float, lines: Sequence[Line] = ()) -> Evidence:
    """Turn a kinship result into evidence about one pair (sample, missing person).

    Parameters
    ----------
    pair
        References of the two records.
    ln_lr
        Natural logarithm of the likelihood ratio of the autosomal and X loci.
    lines
        Comparisons of Y-STR and mtDNA; an exclusion weighs minus infinity.
    """
    reasons = [Reason("dna", ln_lr / math.log(2), "for" if ln_lr >= 0 else "against")]
    for line in lines:
        bits = -math.inf if line.verdict == "exclusion" else line.log10 / math.log10(2)
        reasons.append(Reason(line.kind, bits, line.verdict))
    return Evidence(pair[0], pair[1], tuple(reasons))


def weigh(first: Evidence, *others: Evidence) -> Evidence:
    """Add evidence of independent sources about one pair.

    Parameters
    ----------
    first, others
        Linkage, DNA, anthropology, place, effects.

    Returns
    -------
    Evidence
        All reasons, in the order given.

    Raises
    ------
    RangeError
        If two sources speak of the same field: it would be counted twice.
    """
    total = first
    for other in others:
        twice = {reason.field for reason in total.reasons} & {reason.field for reason in other.reasons}
        if twice:
            raise RangeError(f"{', '.join(sorted(twice))} stands in two sources of evidence; expected in one")
        total = total + other
    return total


def without(evidence: Evidence, *fields: str) -> Evidence:
    """Leave fields out of evidence, so that another source may speak of them."""
    kept = tuple(reason for reason in evidence.reasons if reason.field not in fields)
    return Evidence(evidence.left, evidence.right, kept)


def waterfall(evidence: Evidence, prior_bits: float) -> tuple[Step, ...]:
    """Lay evidence out as a waterfall: the prior, every reason, the total.

    Parameters
    ----------
    evidence
        Of one pair.
    prior_bits
        log2 of the prior odds.
    """
    steps = [Step("prior", "prior", 0.0, prior_bits)]
    for reason in evidence.reasons:
        here = steps[-1].stop
        steps.append(Step(reason.field, reason.code, here, here + reason.bits))
    return (*steps, Step("total", "total", 0.0, steps[-1].stop))


def posterior(evidence: Evidence, prior_bits: float) -> float:
    """Give the probability that prior and evidence come to."""
    return probability(prior_bits + evidence.bits)
