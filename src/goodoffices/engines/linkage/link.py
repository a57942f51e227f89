"""The whole way of two lists: block, train, weigh, decide, with the reasons of every pair worth showing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.evidence import Evidence, Reason
from goodoffices.engines.linkage.block import identical
from goodoffices.engines.linkage.fields import FIELDS, TIES
from goodoffices.engines.linkage.model import Model, field_weights
from goodoffices.engines.linkage.people import Lists, lists
from goodoffices.engines.linkage.resolve import LINK, REVIEW, Verdict, one_to_one, rival_bits, verdicts
from goodoffices.engines.linkage.train import FEW
from goodoffices.engines.linkage.work import Found, Spread, Work, one_by_one

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_JUDGED = 24.0
"""Bits of a person's judgement: odds of sixteen million to one."""


class Note(StrEnum):
    """What a reader of the result must know."""

    PRIORS = "priors"
    IDENTICAL = "identical"
    CANDIDATES = "candidates"
    EXPECTED = "expected"
    DUPLICATES = "duplicates"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's verdict on one pair.

    Attributes
    ----------
    left, right
        The references.
    same
        Whether they are one person.
    """

    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class Options:
    """How to decide.

    Attributes
    ----------
    one_to_one
        Whether a record may be linked to one other only.
    least
        Pairs below this probability are left out of the result.
    link, review
        From which probability on a pair is linked, or shown to a person.
    judgements
        What persons have decided before; honoured.
    names
        Of the lists, for faults.
    """

    one_to_one: bool = False
    least: float = 0.01
    link: float = LINK
    review: float = REVIEW
    judgements: tuple[Judgement, ...] = ()
    names: tuple[str, str] = ("left list", "right list")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs worth showing, by bits, descending; arrays of shape (pairs,) unless said otherwise.

    Attributes
    ----------
    left, right
        Rows of the two lists.
    levels
        Level of each field, shape (pairs, fields).
    fields
        Bits of each field, shape (pairs, fields).
    tied
        Bits that the third hypothesis takes away, 0 or less.
    rivals
        Bits that better counterparts take away, 0 or less.
    judged
        Bits of a person's judgement, mostly 0.
    bits
        Posterior log2 odds: the prior and all of the above.
    probability, relative
        Of the same person, and of a relative or namesake.
    tie
        Which of `fields.TIES` the third hypothesis means.
    verdict
        link, review, no.
    """

    left: Codes
    right: Codes
    levels: npt.NDArray[np.uint8]
    fields: Floats
    tied: Floats
    rivals: Floats
    judged: Floats
    bits: Floats
    probability: Floats
    relative: Floats
    tie: Codes
    verdict: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Linkage:
    """What two lists, or one within itself, have to do with each other.

    Attributes
    ----------
    lists
        As they were read.
    model
        As it was trained.
    pairs
        Pairs worth showing.
    notes
        What a reader must know, with the figure it speaks of.
    """

    lists: Lists
    model: Model
    pairs: Pairs
    notes: tuple[tuple[Note, float], ...]

    def evidence(self, row: int) -> Evidence:
        """Give one pair's reasons in the order of the fields, the prior first."""
        pairs = self.pairs
        steps = [Reason("prior", self.model.prior_bits, "prior")]
        steps += [
            Reason(field.name, float(pairs.fields[row, column]), field.levels[pairs.levels[row, column] - 1].code)
            for column, field in enumerate(FIELDS)
            if pairs.levels[row, column]
        ]
        if pairs.tied[row] < -0.05:
            steps.append(Reason("relative", float(pairs.tied[row]), TIES[pairs.tie[row]].code))
        if pairs.rivals[row] < -0.05:
            steps.append(Reason("rivals", float(pairs.rivals[row]), "better_elsewhere"))
        if pairs.judged[row]:
            steps.append(
                Reason(
                    "judgement", float(pairs.judged[row]), "judged_same" if pairs.judged[row] > 0 else "judged_other"
                )
            )
        return Evidence(self.lists.left.refs[pairs.left[row]], self.lists.right.refs[pairs.right[row]], tuple(steps))


def link(
    left: pl.DataFrame,
    right: pl.DataFrame | None = None,
    *,
    rng: np.random.Generator,
    options: Options | None = None,
    spread: Spread = one_by_one,
    say: Callable[[str], None] = lambda _: None,
) -> Linkage:
    """Link two lists, or find the duplicates within one.

    Parameters
    ----------
    left, right
        As `domain.tables.RECORDS`; no right means within the left.
    rng
        For samples; equal seeds give equal results.
    options
        How to decide.
    spread
        Does a task for each slice of the left list, here or on many machines.
    say
        Told what is being done.

    Raises
    ------
    InputError
        If a list is empty, has no name on any line, or a reference twice; if a judgement names an unknown reference.
    """
    options = options or Options()
    _check(options.names[0], left)
    if right is not None:
        _check(options.names[1], right)
    say("read")
    both = lists(left, right)
    say("block")
    judged = _judged(both, options.judgements)
    work = Work(both)
    count, sample = work.gather(spread)
    say("train")
    model = work.fit(sample, count, rng=rng)
    say("weigh")
    found = work.weigh_all(model, np.array(sorted(judged), np.int64), spread)
    say("decide")
    pairs, second = _decide(both, model, found, options=options, judged=judged)
    notes = [(Note.CANDIDATES, float(count)), (Note.EXPECTED, model.matches), (Note.DUPLICATES, second)]
    if model.matches < FEW:
        notes.insert(0, (Note.PRIORS, model.matches))
    alike = identical(both)
    if alike:
        notes.append((Note.IDENTICAL, float(alike)))
    return Linkage(both, model, pairs, tuple(notes))


def _check(name: str, frame: pl.DataFrame) -> None:
    """Refuse a list that cannot be linked.

    Raises
    ------
    InputError
        If it is empty, names nobody, or a reference stands twice.
    """
    if not frame.height:
        raise InputError(Fault(name, "", "", "no records", "at least one"))
    named = [column for column in ("surname", "given_name", "full_name") if column in frame.columns]
    if not any((frame[column].fill_null("").str.strip_chars() != "").any() for column in named):
        raise InputError(Fault(name, "", "surname, given_name or full_name", "no name on any line", "names"))
    if "ref" in frame.columns and frame["ref"].n_unique() < frame.height:
        twice = frame["ref"].filter(frame["ref"].is_duplicated())
        shown = ", ".join(str(ref) for ref in twice.unique().sort().head(5))
        raise InputError(
            Fault(name, "", "ref", f"{twice.n_unique()} references twice ({shown})", "each reference once")
        )


def _judged(both: Lists, judgements: Sequence[Judgement]) -> dict[int, bool]:
    """Give judged pairs as numbers; within a list the smaller row stands left.

    Raises
    ------
    InputError
        If a reference is on neither list.
    """
    left = {ref: row for row, ref in enumerate(both.left.refs)}
    right = {ref: row for row, ref in enumerate(both.right.refs)}
    out: dict[int, bool] = {}
    faults = []
    for number, judgement in enumerate(judgements, 2):
        for side, ref, known in (("left_ref", judgement.left, left), ("right_ref", judgement.right, right)):
            if ref not in known:
                faults.append(Fault("judgements", f"row {number}", side, f"{ref!r}", "a reference on that list"))
        if judgement.left in left and judgement.right in right:
            a, b = left[judgement.left], right[judgement.right]
            if both.within:
                a, b = min(a, b), max(a, b)
            out[a * both.right.size + b] = judgement.same
    if faults:
        raise InputError(*faults)
    return out


def _decide(
    both: Lists, model: Model, found: Found, *, options: Options, judged: dict[int, bool]
) -> tuple[Pairs, float]:
    kept, weighed, compared = found.pairs, found.weighed, found.compared
    left, right = kept // both.right.size, kept % both.right.size
    said = np.array([judged.get(pair, -1) for pair in kept.tolist()] if judged else np.full(kept.size, -1))
    tied = -np.logaddexp2(weighed.tied, 0.0)
    alone = weighed.same + tied
    # A judgement outweighs whatever the fields say, in either direction.
    judgement = np.where(
        said == 1, _JUDGED + np.maximum(-alone, 0), np.where(said == 0, -_JUDGED - np.maximum(alone, 0), 0.0)
    )
    rivals, second = rival_bits(left, right, alone + judgement)
    rivals = np.where(said == -1, rivals, 0.0)
    bits = alone + judgement + rivals
    probability = np.exp2(-np.logaddexp2(0.0, -bits))
    # What the same person loses to rivals goes to the other two in their proportion.
    relative = (1 - probability) * np.exp2(weighed.tied - np.logaddexp2(weighed.tied, 0.0))
    verdict = verdicts(probability, link=options.link, review=options.review)
    if options.one_to_one:
        chosen = one_to_one(left, right, bits)
        verdict = np.where((verdict == Verdict.LINK.value) & ~chosen, Verdict.REVIEW.value, verdict)
    verdict = np.where(said == 1, Verdict.LINK.value, np.where(said == 0, Verdict.NO.value, verdict))
    keep = np.flatnonzero((probability >= options.least) | (said >= 0))
    order = keep[np.lexsort((right[keep], left[keep], -bits[keep]))]
    fields = field_weights(model, compared)
    pairs = Pairs(
        left[order], right[order], compared.levels[order], fields[order], tied[order], rivals[order],
        judgement[order], bits[order], probability[order], relative[order], weighed.tie[order], verdict[order],
    )  # fmt: skip
    return pairs, second
