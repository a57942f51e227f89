"""kinship lr, and the part of kinship joint that takes a case: one JSON file in, one answer out."""

from __future__ import annotations

from pathlib import Path

import click

_HELP = """The likelihood ratio of one case: two hypotheses about one set of remains.

Example: goodoffices kinship lr case.json --json"""


@click.command("lr", help=_HELP)
@click.argument("case_file", metavar="CASE.json", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--prune", is_flag=True, help="Familias' convention: leave untyped founders with one child out.")
def lr(case_file: Path, as_json: bool, prune: bool) -> None:
    """Print likelihoods and their ratio, locus by locus.

    Raises
    ------
    InputError
        If the file is no case, or cannot be computed.
    """
    from goodoffices.cli.kinship.answers import show_answer
    from goodoffices.domain.errors import Fault, InputError, RangeError
    from goodoffices.domain.kin import OpenCase
    from goodoffices.engines.kinship.case import evaluate
    from goodoffices.formats.cases import read_case
    from goodoffices.store.write import read_bytes

    case = read_case(read_bytes(case_file), str(case_file))
    if isinstance(case, OpenCase):
        fault = Fault(str(case_file), "", "pm", "several remains", "two hypotheses; use `kinship joint` for this case")
        raise InputError(fault)
    try:
        answer = evaluate(case, prune=prune)
    except RangeError as error:
        raise InputError(Fault(str(case_file), "", "", str(error), "a case that can be computed")) from error
    for finding in answer.findings:
        click.echo(f"warning: {finding}", err=True)
    show_answer(answer, as_json=as_json, prune=prune)
