"""kinship joint: a DVI case, or the pairs of a search decided together."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)

_HELP = """Joint assignment: every set of remains is one missing person or nobody, and nobody is found twice.

\b
Examples: goodoffices kinship joint case.json --json
          goodoffices kinship joint --profiles profiles.csv --families families.csv
            --references references.csv --frequencies frequencies.csv --out J.csv"""


@click.command("joint", help=_HELP)
@click.argument("case_file", metavar="[CASE.json]", required=False, type=_FILE)
@click.option("--profiles", type=_FILE, help="Remains.")
@click.option("--families", type=_FILE, help="Families.")
@click.option("--references", type=_FILE, help="Relatives.")
@click.option("--frequencies", type=_FILE, help="Allele frequencies.")
@click.option("--mutation", default="equal:0.002", show_default=True, help="As in search.")
@click.option("--theta", type=click.FloatRange(0, 0.5), default=0.0, show_default=True, help="Co-ancestry.")
@click.option(
    "--drop-out", type=click.FloatRange(0, 0.99), default=0.0, show_default=True, help="For samples that state none."
)
@click.option("--prior", default="default", show_default=True, help="closed | open:N | default.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1), default=0.9995, show_default=True, help="Posterior that a report needs."
)
@click.option("--evidence", type=_FILE, help="Other evidence in bits: sample, family, person, bits.")
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="Pairs per sample; assignments listed of a case.",
)
@click.option("--out", type=_FILE, help="Pairs with joint posterior (CSV).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def joint(case_file: Path | None, out: Path | None, as_json: bool, **options: object) -> None:
    """Decide together.

    Raises
    ------
    UsageError
        If neither a case nor all files are given.
    """
    if case_file is not None:
        _case(case_file, as_json=as_json)
        return
    missing = [name for name in ("profiles", "families", "references", "frequencies") if options[name] is None]
    if missing or out is None:
        names = ", ".join(f"--{name}" for name in [*missing, *([] if out else ["out"])])
        raise click.UsageError(f"give a CASE.json, or also {names}")
    _search(out, as_json=as_json, options=options)


def _case(path: Path, *, as_json: bool) -> None:
    from goodoffices.cli.kinship.answers import show_decision
    from goodoffices.domain.errors import Fault, InputError, RangeError
    from goodoffices.domain.kin import Case
    from goodoffices.engines.kinship.decide import decide
    from goodoffices.formats.cases import read_case
    from goodoffices.store.write import read_bytes

    case = read_case(read_bytes(path), str(path))
    if isinstance(case, Case):
        raise InputError(
            Fault(str(path), "", "hypotheses", "two hypotheses", "remains and families (pm, am); use `kinship lr`")
        )
    try:
        decision = decide(case)
    except RangeError as error:
        raise InputError(Fault(str(path), "", "", str(error), "a case that can be computed")) from error
    show_decision(decision, as_json=as_json)


def _search(out: Path, *, as_json: bool, options: dict[str, object]) -> None:
    import json

    import polars as pl

    from goodoffices.cli.kinship.options import tell
    from goodoffices.cli.kinship.searching import Request, run, write_pairs

    outcome = run(Request(**options))  # type: ignore[arg-type]
    pairs = outcome.answers.pairs.sort(["joint_posterior", "bits", "sample"], descending=[True, True, False])
    best = pairs.filter(pl.col("joint_posterior") >= outcome.frame.threshold)
    write_pairs(pairs, out)
    tell(outcome.findings)
    counts = {
        "pairs": len(pairs),
        "decided": len(best),
        "prior": str(outcome.frame.prior),
        "mutation": str(options["mutation"]),
    }
    if as_json:
        click.echo(json.dumps(counts, indent=1))
    else:
        click.echo(
            f"{len(best)} pairs reach {outcome.frame.threshold:g} with each missing person found once; "
            f"{len(pairs)} pairs in {out}"
        )
