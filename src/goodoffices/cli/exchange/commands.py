"""The commands of an exchange."""

from __future__ import annotations

import json
from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(
    help="""Lists of who goes in which leg, that keep to the terms and that both sides can check.

Example: goodoffices exchange compose TERMS.toml --out PLAN.json"""
)
def command() -> None:
    """Lead to the commands of an exchange."""


@command.command(
    help="""A plan that keeps to the terms, with a proof per priority; infeasible terms: exit 1.

Example: goodoffices exchange compose TERMS.toml --out PLAN.json"""
)
@click.argument("terms", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the plan is written; lists and sheets go beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def compose(ctx: click.Context, terms: Path, out: Path, as_json: bool) -> None:
    """Read, choose, write."""
    from goodoffices.cli.exchange.files import list_paths, open_terms, write_plan
    from goodoffices.domain.canonical import sha256_hex
    from goodoffices.domain.plan import Clash
    from goodoffices.engines.exchange.compose import compose as compose_plan
    from goodoffices.engines.exchange.compose import prepare
    from goodoffices.formats.plans import plan_json

    desk = open_terms(terms)
    case = prepare(desk.terms, desk.lists, terms_sha256=sha256_hex(desk.terms_bytes), lists_sha256=desk.lists_sha256)
    plan = compose_plan(case)
    write_plan(out, plan, desk)
    if as_json:
        click.echo(json.dumps(plan_json(plan, lists=list_paths(out, desk.terms.sides)), ensure_ascii=False, indent=1))
    if isinstance(plan, Clash):
        ctx.exit(1)
