"""The rule gate: no report on a number alone.

A report needs a posterior above the process's threshold and (two typed close relatives, or one and a second method,
or a direct match). Close: parent, child, full sibling. Second method: Y-STR, mtDNA or a lifetime sample; names never
count.
Source of the rule: the practice announced by Ukraine's Ministry of Internal Affairs in February 2026, after reports on
one relative alone had proved wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

TWO_CLOSE = "two close relatives"
ONE_AND_METHOD = "one and a second method"
DIRECT = "direct match"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What stands behind one pair.

    Attributes
    ----------
    posterior
        After all evidence.
    close
        Typed close relatives.
    second_method
        A lineage was compared and fits.
    direct
        A lifetime sample of the missing person was compared.
    excluded
        A lineage speaks against the pair.
    inexact
        Co-ancestry was asked for, and the pair could not be weighed with it.
    """

    posterior: float
    close: int
    second_method: bool = False
    direct: bool = False
    excluded: bool = False
    inexact: bool = False


def met(grounds: Grounds) -> str:
    """Name the condition on relatives and methods that is met."""
    if grounds.excluded:
        return NONE
    if grounds.direct:
        return DIRECT
    if grounds.close >= 2:
        return TWO_CLOSE
    return ONE_AND_METHOD if grounds.close == 1 and grounds.second_method else NONE


def lacking(grounds: Grounds, threshold: float) -> tuple[str, ...]:
    """Name what a report still lacks, as codes; nothing means that it may be written.

    Parameters
    ----------
    grounds
        Of the pair.
    threshold
        Posterior that the process asks for, 0 to 1.
    """
    codes = []
    if grounds.excluded:
        codes.append("excluded_by_lineage")
    if grounds.posterior < threshold:
        codes.append("posterior")
    if met(grounds) == NONE and not grounds.excluded:
        codes.append("second_close_relative_or_method" if grounds.close else "close_relatives")
    if grounds.inexact:
        codes.append("exact_theta")
    return tuple(codes)
