"""PAIRS.csv, judgements and clusters: what linkage writes and reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.evidence import Reason
from goodoffices.formats.words import Words

PAIR_COLUMNS = ("left_ref", "right_ref", "bits", "probability", "verdict", "reasons", "relative", "relative_kind")
"""The contract's six columns, then the third hypothesis: its probability and its kind."""

CLUSTER_COLUMNS = ("cluster", "list", "ref", "contradicts")


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair as written.

    Attributes
    ----------
    left, right
        References.
    bits, probability
        Posterior log2 odds, and the probability of the same person.
    relative, kind
        Probability of a relative or namesake, and which of them.
    verdict
        link, review, no.
    reasons
        Every step from the prior on; their bits sum to `bits`.
    """

    left: str
    right: str
    bits: float
    probability: float
    relative: float
    kind: str
    verdict: str
    reasons: tuple[Reason, ...]


def pairs_csv(rows: Iterable[PairRow], words: Words) -> str:
    """Write pairs, by bits, descending; reasons in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PAIR_COLUMNS)
    for row in rows:
        told = "; ".join(f"{reason.field}:{reason.bits:.1f}:{reason_words(reason, words)}" for reason in row.reasons)
        writer.writerow(
            (
                plain_cell(row.left), plain_cell(row.right), f"{row.bits:.2f}", f"{row.probability:.6f}", row.verdict,
                told, f"{row.relative:.6f}", row.kind,
            )
        )  # fmt: skip
    return out.getvalue()


def plain_cell(text: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return "'" + text if text[:1] in {"=", "+", "@", "\t", "\r"} else text


def reason_words(reason: Reason, words: Words) -> str:
    """Say one reason in words, without separators of the reasons' column."""
    if reason.code == "prior":
        return words("is_prior", n=max(1, round(2.0**-reason.bits)))
    return words(reason.code).replace(";", ",")


def read_judgements(text: str, file: str) -> tuple[tuple[str, str, bool], ...]:
    """Read a person's verdicts: `left_ref, right_ref, verdict` (link, or same; no, or other); `review` is none yet.

    Raises
    ------
    InputError
        If a column is missing or a verdict is none of these, or a pair is judged both ways.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in ("left_ref", "right_ref", "verdict") if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            *(Fault(file, "header", name, "no such column", "left_ref, right_ref, verdict") for name in missing)
        )
    known = {"link": True, "same": True, "yes": True, "no": False, "other": False, "review": None, "": None}
    out: dict[tuple[str, str], bool] = {}
    faults = []
    for number, row in enumerate(reader, 2):
        word = (row["verdict"] or "").strip().lower()
        pair = ((row["left_ref"] or "").strip(), (row["right_ref"] or "").strip())
        if word not in known:
            faults.append(Fault(file, f"row {number}", "verdict", repr(word), "link, no or review"))
            continue
        verdict = known[word]
        if verdict is None:
            continue
        if out.get(pair, verdict) != verdict:
            faults.append(
                Fault(file, f"row {number}", "verdict", "the same pair judged both ways", "one verdict a pair")
            )
        out[pair] = verdict
    if faults:
        raise InputError(*faults)
    return tuple((left, right, verdict) for (left, right), verdict in out.items())


def clusters_csv(rows: Sequence[tuple[int, str, str, str]]) -> str:
    """Write clusters: number, list, reference, and what in the cluster speaks against that record."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CLUSTER_COLUMNS)
    writer.writerows(rows)
    return out.getvalue()
