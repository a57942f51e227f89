"""kinship reassociate and kinship power."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)

_REASSOCIATE = """Which samples are one person: all pairs compared, drop-out allowed for.

Example: goodoffices kinship reassociate --profiles profiles.csv --frequencies frequencies.csv --out G.csv"""

_POWER = """How far each family can be told apart, with proven bounds, and whom to sample next.

\b
Example: goodoffices kinship power --families families.csv --references references.csv
           --frequencies frequencies.csv --out P.csv"""


@click.command("reassociate", help=_REASSOCIATE)
@click.option("--profiles", required=True, type=_FILE, help="Samples; may have a column container.")
@click.option("--frequencies", required=True, type=_FILE, help="Allele frequencies.")
@click.option("--origin", help="Population, where the frequency file holds several.")
@click.option(
    "--out", required=True, type=_FILE, help="group, sample, log10_lr_to_group, container, contradicts (CSV)."
)
@click.option(
    "--drop-out", type=click.FloatRange(0, 0.99), default=0.02, show_default=True, help="For samples that state none."
)
@click.option(
    "--drop-in",
    type=click.FloatRange(0, 0.99),
    default=0.0,
    show_default=True,
    help="Chance of an allele that is not there.",
)
@click.option(
    "--rare",
    type=click.FloatRange(1e-9, 0.1),
    default=0.001,
    show_default=True,
    help="Frequency of an allele that the table has not.",
)
@click.option("--least", type=float, default=6.0, show_default=True, help="log10 LR from which two samples are joined.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def reassociate(out: Path, least: float, as_json: bool, **options: object) -> None:
    """Join samples of one person and show what contradicts."""
    import json

    import polars as pl

    from goodoffices.cli.kinship.options import material_of, read_files, tell
    from goodoffices.cli.kinship.searching import write_rows
    from goodoffices.domain.kin import Mutation
    from goodoffices.engines.kinship.observe import Noise
    from goodoffices.engines.kinship.reassociate import reassociate as join

    files = read_files(
        profiles=Path(str(options["profiles"])),
        families=None,
        references=None,
        frequencies=Path(str(options["frequencies"])),
        origin=None if options["origin"] is None else str(options["origin"]),
    )
    noise = Noise(float(str(options["drop_out"])), float(str(options["drop_in"])))
    material, findings = material_of(files, mutation=Mutation(), noise=noise, rare=float(str(options["rare"])))
    held = files.profiles.filter(pl.col("container").is_not_null()).select("sample", "container").unique()
    containers = dict(held.iter_rows())
    groups = join(material.remains, material.loci, least=least, containers=containers)
    rows: list[tuple[object, ...]] = []
    for number, group in enumerate(groups.groups, 1):
        for member in group:
            shown = "" if member.log10 is None else f"{member.log10:.4f}"
            rows.append((number, member.sample, shown, containers.get(member.sample, ""), ";".join(member.contradicts)))
    write_rows(out, ("group", "sample", "log10_lr_to_group", "container", "contradicts"), rows)
    tell((*findings, *groups.findings))
    joined = sum(len(group) > 1 for group in groups.groups)
    counts = {
        "samples": len(material.remains.names),
        "groups": len(groups.groups),
        "joined": joined,
        "commingled": sum(finding.code == "commingled" for finding in groups.findings),
        "contradictions": sum(finding.code == "contradiction" for finding in groups.findings),
    }
    if as_json:
        click.echo(json.dumps(counts, indent=1))
    else:
        click.echo(
            f"{counts['samples']} samples in {counts['groups']} groups, {joined} of them of several samples\n"
            f"{counts['commingled']} containers hold more than one group; "
            f"{counts['contradictions']} samples contradict their group"
        )


@click.command("power", help=_POWER)
@click.option("--families", required=True, type=_FILE, help="Families.")
@click.option("--references", required=True, type=_FILE, help="Relatives.")
@click.option("--frequencies", required=True, type=_FILE, help="Allele frequencies.")
@click.option("--origin", help="Population, where the frequency file holds several.")
@click.option("--out", type=_FILE, help="One row per missing person (CSV).")
@click.option("--mutation", default="equal:0.002", show_default=True, help="As in search.")
@click.option(
    "--rare",
    type=click.FloatRange(1e-9, 0.1),
    default=0.001,
    show_default=True,
    help="Frequency of an allele that the table has not.",
)
@click.option("--prior", default="default", show_default=True, help="closed | open:N | default.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1), default=0.9995, show_default=True, help="Posterior that a report needs."
)
@click.option("--log10-lr", type=float, help="Needed log10 LR; by default what prior and threshold ask for.")
@click.option(
    "--next",
    "weakest",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="For how many of the weakest families to say whom to sample next.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all rows as JSON.")
def power(out: Path | None, weakest: int, as_json: bool, **options: object) -> None:
    """Say for each missing person how probable an identification is, within bounds."""
    import json

    from goodoffices.cli.kinship.power import COLUMNS, evaluate, summary
    from goodoffices.cli.kinship.searching import write_rows

    rows, needed, findings = evaluate(options, weakest=weakest)
    from goodoffices.cli.kinship.options import tell

    tell(findings)
    if out is not None:
        write_rows(out, COLUMNS, rows)
    if as_json:
        click.echo(
            json.dumps(
                {"needed_log10_lr": needed, "rows": [dict(zip(COLUMNS, row, strict=True)) for row in rows]}, indent=1
            )
        )
    else:
        click.echo(summary(rows, needed))
