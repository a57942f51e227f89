"""kinship search: N remains against M families."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)

_HELP = """Blind search: every set of remains against every family that seeks.

\b
Example: goodoffices kinship search --profiles profiles.csv --families families.csv
           --references references.csv --frequencies frequencies.csv --out C.csv"""


_OPTIONS = (
    click.option("--profiles", required=True, type=_FILE, help="Remains: sample, locus, allele_1, allele_2."),
    click.option(
        "--families",
        required=True,
        type=_FILE,
        help="PED order: family, person, father, mother, sex, sample, role.",
    ),
    click.option("--references", required=True, type=_FILE, help="Relatives: sample, locus, allele_1, allele_2."),
    click.option("--frequencies", required=True, type=_FILE, help="locus, allele, frequency; wide and STRidER too."),
    click.option("--origin", help="Population, where the frequency file holds several."),
    click.option(
        "--mutation",
        default="equal:0.002",
        show_default=True,
        help="none | equal:R | proportional:R | onestep:R | dawid:R[,RANGE] | stepwise:R[,R2,RANGE]",
    ),
    click.option(
        "--theta",
        type=click.FloatRange(0, 0.5),
        default=0.0,
        show_default=True,
        help="Co-ancestry, exact on the hits.",
    ),
    click.option(
        "--drop-out",
        type=click.FloatRange(0, 0.99),
        default=0.0,
        show_default=True,
        help="For samples that state none.",
    ),
    click.option(
        "--drop-in",
        type=click.FloatRange(0, 0.99),
        default=0.0,
        show_default=True,
        help="Chance of an allele that is not there.",
    ),
    click.option(
        "--rare",
        type=click.FloatRange(1e-9, 0.1),
        default=0.001,
        show_default=True,
        help="Frequency of an allele that the table has not.",
    ),
    click.option(
        "--prior",
        default="default",
        show_default=True,
        help="closed | open:N | default (each of the missing or nobody, equally likely).",
    ),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        default=0.9995,
        show_default=True,
        help="Posterior that a report needs.",
    ),
    click.option("--top", type=click.IntRange(1, 1000), default=5, show_default=True, help="Pairs kept per sample."),
    click.option("--evidence", type=_FILE, help="Other evidence in bits: sample, family, person, bits."),
    click.option("--haplotypes", type=_FILE, help="Database of Y and mtDNA haplotypes that matches are counted in."),
)
"""The options of the model, in the order of --help."""


def model_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the model."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("search", help=_HELP)
@model_options
@click.option("--out", required=True, type=_FILE, help="Pairs with posterior and rule (CSV).")
@click.option(
    "--reports",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for one HTML report per identification.",
)
@click.option(
    "--language", type=click.Choice(["en", "uk", "ru", "tr"]), default="en", show_default=True, help="Of the reports."
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True, help="Where the scan runs."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def search(out: Path, reports: Path | None, language: str, as_json: bool, **options: object) -> None:
    """Search, write the pairs, say what was found."""
    import json

    from goodoffices.cli.kinship.options import tell
    from goodoffices.cli.kinship.searching import Request, run, write_pairs

    outcome = run(Request(**options))  # type: ignore[arg-type]
    pairs = outcome.answers.pairs
    write_pairs(pairs, out)
    tell(outcome.findings)
    ready = pairs.filter(pairs["lacking"] == "")
    counts = {
        "remains": len(outcome.material.remains.names),
        "missing": len(outcome.found.targets),
        "loci": len(outcome.material.loci),
        "pairs": len(pairs),
        "reportable": len(ready),
        "above_threshold": int((pairs["posterior"] >= outcome.frame.threshold).sum()),
        "findings": len(outcome.findings),
        "mutation": str(options["mutation"]),
        "prior": str(outcome.frame.prior),
    }
    if reports is not None:
        from goodoffices.cli.kinship.reports import write_reports

        write_reports(outcome, reports, language=language, mutation=str(options["mutation"]))
    if as_json:
        click.echo(json.dumps(counts, indent=1))
        return
    click.echo(f"{counts['remains']} samples against {counts['missing']} missing, {counts['loci']} loci")
    click.echo(f"mutation {counts['mutation']}, prior {counts['prior']}")
    click.echo(f"{counts['above_threshold']} pairs reach the posterior {outcome.frame.threshold:g}")
    click.echo(f"{counts['reportable']} pairs meet the whole rule and may be reported")
    click.echo(f"{counts['pairs']} pairs written to {out}")
