"""How answers to cases are printed."""

from __future__ import annotations

import json
import math

import click

from goodoffices.engines.kinship.case import Answer
from goodoffices.engines.kinship.decide import Decision


def show_answer(answer: Answer, *, as_json: bool, prune: bool) -> None:
    """Print likelihoods and their ratio."""
    if as_json:
        click.echo(json.dumps(_as_json(answer, prune=prune), indent=1))
    else:
        _print(answer)


def _as_json(answer: Answer, *, prune: bool) -> dict[str, object]:
    ratio = answer.ratio
    return {
        "lr": finite(_power(ratio.ln)),
        "log10_lr": finite(ratio.ln / math.log(10)),
        "ln_lr": finite(ratio.ln),
        "markers": list(ratio.loci),
        "lr_per_marker": [finite(value) for value in ratio.per_locus],
        "likelihood": {"H1": list(ratio.first), "H2": list(ratio.second)},
        "convention": "pruned" if prune else "unpruned",
        "findings": [
            {"code": f.code, "subject": f.subject, "locus": f.locus, "detail": f.detail} for f in answer.findings
        ],
    }


def finite(value: float) -> float | str | None:
    """Write infinities as text and what is not a number as null: JSON has neither."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def _power(ln: float) -> float:
    return math.exp(ln) if ln < 709 else math.inf


def _print(answer: Answer) -> None:
    ratio = answer.ratio
    click.echo(f"{'locus':<12}{'P(data | H1)':>16}{'P(data | H2)':>16}{'LR':>14}")
    for name, one, two, value in zip(ratio.loci, ratio.first, ratio.second, ratio.per_locus, strict=True):
        click.echo(f"{name:<12}{one:>16.6g}{two:>16.6g}{value:>14.6g}")
    ln = ratio.ln
    click.echo(f"\nlog10 LR {ln / math.log(10):.4f}   LR {_power(ln):.6g}   {ln / math.log(2):+.2f} bits for H1")


def show_decision(decision: Decision, *, as_json: bool) -> None:
    """Print the answer to an open case."""
    if as_json:
        click.echo(json.dumps(_decision_json(decision), indent=1))
        return
    click.echo(f"{decision.joint.count} assignments that sex and each pair alone allow, equally likely beforehand\n")
    for pairs, ln, posterior in decision.joint.top[:10]:
        text = ", ".join(f"{decision.remains[row]} = {decision.missing[column]}" for row, column in pairs) or "nobody"
        click.echo(f"{posterior:10.6f}  ln LR {ln:10.4f}  {text}")
    click.echo("")
    for row, name in enumerate(decision.remains):
        best = max(
            ((decision.joint.marginal.get((row, c), 0.0), c) for c in range(len(decision.missing))), default=None
        )
        if best:
            rest = decision.joint.nobody[row]
            click.echo(f"{name}: {decision.missing[best[1]]} {best[0]:.6f}, none of the missing {rest:.6f}")


def _decision_json(decision: Decision) -> dict[str, object]:
    rows, columns = list(decision.remains), list(decision.missing)
    marginal = [
        [decision.joint.marginal.get((row, column), 0.0) for column in range(len(columns))]
        + [decision.joint.nobody[row]]
        for row in range(len(rows))
    ]
    top = []
    for pairs, ln, posterior in decision.joint.top:
        placed = dict.fromkeys(rows, "*") | {rows[row]: columns[column] for row, column in pairs}
        loglik = finite(ln + decision.base)
        top.append({"assignment": placed, "loglik": loglik, "lr": finite(_power(ln)), "posterior": posterior})
    return {
        "pairwise": {
            "rows": rows,
            "cols": columns,
            "lr": [[None if math.isnan(value) else finite(_power(value)) for value in row] for row in decision.ln],
        },
        "joint": {
            "prior": "flat over all assignments allowed by sex",
            "n_assignments": decision.joint.count,
            "top": top,
            "marginal": {"rows": rows, "cols": [*columns, "*"], "posterior": marginal},
        },
    }
