"""The commands of an exchange."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "uk", "ru", "tr"]),
    default="en",
    show_default=True,
    help="Of pages and words.",
)


def _say(line: str) -> None:
    """Show what is being done, if a person is watching."""
    if sys.stderr.isatty():
        click.echo(f"{line} ...", err=True)


@click.group(
    help="""Lists of who goes in which leg, that keep to the terms and that both sides can check.

Example: goodoffices exchange compose TERMS.toml --out PLAN.json"""
)
def command() -> None:
    """Lead to the commands of an exchange."""


@command.command(
    help="""A plan that keeps to the terms, with a proof per priority.

Beside it: both lists in canonical form, an XLSX of whom each side releases and of whom each side receives,
and a page. Infeasible terms: exit 1 and a smallest set that cannot hold together.

Example: goodoffices exchange compose TERMS.toml --out PLAN.json"""
)
@click.argument("terms", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the plan is written; all else goes beside it.")
@click.option("--plan-only", is_flag=True, help="No sheets and no page.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@_LANGUAGE
@click.pass_context
def compose(ctx: click.Context, terms: Path, out: Path, plan_only: bool, as_json: bool, language: str) -> None:
    """Read, choose, prove, write."""
    from goodoffices.cli.exchange.files import list_paths, open_terms, write_plan
    from goodoffices.cli.exchange.outputs import write_outputs
    from goodoffices.domain.canonical import sha256_hex
    from goodoffices.domain.plan import Clash
    from goodoffices.engines.exchange.compose import compose as compose_plan
    from goodoffices.engines.exchange.compose import prepare
    from goodoffices.engines.exchange.options import prices
    from goodoffices.formats.exchange_words import clash_lines, plan_lines
    from goodoffices.formats.plans import plan_json
    from goodoffices.formats.words import Language, Words

    words = Words("exchange", Language(language))
    _say("reading terms and lists")
    desk = open_terms(terms)
    _say("composing")
    case = prepare(desk.terms, desk.lists, terms_sha256=sha256_hex(desk.terms_bytes), lists_sha256=desk.lists_sha256)
    plan = compose_plan(case)
    write_plan(out, plan, desk)
    if not isinstance(plan, Clash) and not plan_only:
        _say("writing sheets and page")
        write_outputs(out, plan, desk, prices=prices(case), language=Language(language))
    if as_json:
        click.echo(json.dumps(plan_json(plan, lists=list_paths(out, desk.terms.sides)), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(clash_lines(plan, words) if isinstance(plan, Clash) else plan_lines(plan, words)))
    if isinstance(plan, Clash):
        ctx.exit(1)


@command.command(
    help="""A short menu of plans none of which beats another for both sides.

Each point is a folder-mate pair option-N.toml, option-N.json that `exchange verify` audits like any other;
options.html shows them as a picture and a table.

Example: goodoffices exchange options TERMS.toml --out options"""
)
@click.argument("terms", type=_FILE)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder for the menu."
)
@click.option("--between", type=click.IntRange(0, 12), default=3, show_default=True, help="Points between the ends.")
@click.option("--json", "as_json", is_flag=True, help="Print the menu as JSON.")
@_LANGUAGE
@click.pass_context
def options(ctx: click.Context, terms: Path, folder: Path, between: int, as_json: bool, language: str) -> None:
    """Read, find the frontier, compose each point, write."""
    from goodoffices.cli.exchange.files import open_terms
    from goodoffices.cli.exchange.menu import write_menu
    from goodoffices.formats.words import Language

    _say("finding options")
    lines, tree = write_menu(open_terms(terms), folder, between=between, language=Language(language))
    click.echo(json.dumps(tree, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
    if "infeasible" in tree:
        ctx.exit(1)


@command.command(
    help="""The audit: every term recounted from the lists, by code that shares nothing with `compose`.

A view, as a side downloads it from the desk, is audited as far as its own half goes.

Example: goodoffices exchange verify TERMS.toml PLAN.json --side A"""
)
@click.argument("terms", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option("--before", type=_FILE, help="The plan that was repaired: legs that are done must be the same.")
@click.option("--side", help="Audit as one side: whom it holds in full, the other half by hash and released people.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@_LANGUAGE
@click.pass_context
def verify(
    ctx: click.Context, terms: Path, plan: Path, before: Path | None, side: str | None, as_json: bool, language: str
) -> None:
    """Read bytes, audit, print.

    Raises
    ------
    click.BadParameter
        If the side is none of the terms' sides, or a view comes without its side.
    """
    from goodoffices.cli.exchange.files import own_list, plan_lists
    from goodoffices.engines.audit.exchange import audit
    from goodoffices.engines.audit.exchange_view import audit_view
    from goodoffices.formats.exchange_words import verdict_json, verdict_lines
    from goodoffices.formats.planview import is_view
    from goodoffices.formats.terms import parse_terms
    from goodoffices.formats.words import Language, Words
    from goodoffices.store.write import read_bytes

    _say("auditing")
    data, paper = read_bytes(terms), read_bytes(plan)
    sides = parse_terms(data, str(terms)).sides
    if side is not None and side not in sides:
        raise click.BadParameter(f"found {side!r}, expected one of {', '.join(sides)}", param_hint="--side")
    old = None if before is None else read_bytes(before)
    if is_view(paper):
        if side is None:
            raise click.BadParameter("a view is audited as the side whose it is", param_hint="--side")
        verdict = audit_view(data, paper, own_list(plan, paper, side), side=side)
    else:
        verdict = audit(data, paper, plan_lists(plan, paper, sides, side=side), side=side, before=old)
    if as_json:
        click.echo(json.dumps(verdict_json(verdict), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(verdict_lines(verdict, Words("exchange", Language(language)))))
    if not verdict.holds:
        ctx.exit(1)


@command.command(
    help="""The smallest lawful change of the legs still to come, when people cannot go after all.

A reference that stands on both lists is written SIDE:REF.

Example: goodoffices exchange repair TERMS.toml PLAN.json --gone A-00017 A-00042 --after 1 --out PLAN2.json"""
)
@click.argument("terms", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option("--gone", multiple=True, required=True, metavar="REF...", help="Who cannot go; one or several.")
@click.option("--after", type=int, required=True, help="The last leg that is done; 0 if none is.")
@click.option("--out", type=_FILE, required=True, help="Where the new plan is written.")
@click.option("--plan-only", is_flag=True, help="No sheets and no page.")
@click.option("--json", "as_json", is_flag=True, help="Print the new plan as JSON.")
@_LANGUAGE
@click.argument("more", nargs=-1)
@click.pass_context
def repair(
    ctx: click.Context,
    terms: Path,
    plan: Path,
    gone: tuple[str, ...],
    after: int,
    out: Path,
    plan_only: bool,
    as_json: bool,
    language: str,
    more: tuple[str, ...],
) -> None:
    """Read, change as little as the terms allow, write."""
    from goodoffices.cli.exchange.changes import repaired
    from goodoffices.cli.exchange.files import list_paths, open_terms, write_plan
    from goodoffices.cli.exchange.outputs import write_outputs
    from goodoffices.domain.plan import Clash
    from goodoffices.formats.exchange_words import change_lines, clash_lines
    from goodoffices.formats.plans import plan_json
    from goodoffices.formats.words import Language, Words

    words = Words("exchange", Language(language))
    _say("reading terms and lists")
    desk = open_terms(terms)
    _say("looking for the smallest change")
    made, changes = repaired(desk, plan, (*gone, *more), after=after)
    write_plan(out, made, desk)
    if not isinstance(made, Clash) and not plan_only:
        write_outputs(out, made, desk, prices=(), language=Language(language))
    if as_json:
        click.echo(json.dumps(plan_json(made, lists=list_paths(out, desk.terms.sides)), ensure_ascii=False, indent=1))
    else:
        lines = clash_lines(made, words) if isinstance(made, Clash) else change_lines(made, changes, words)
        click.echo("\n".join(lines))
    if isinstance(made, Clash):
        ctx.exit(1)


@command.command(
    name="print",
    help="""Lists for the day, per leg and place of detention: a PDF per side, to be ticked and signed.

Example: goodoffices exchange print TERMS.toml PLAN.json --out prints""",
)
@click.argument("terms", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder for the PDFs."
)
@click.option(
    "--language",
    "languages",
    type=click.Choice(["en", "uk", "ru", "tr"]),
    multiple=True,
    help="Several may be named; all four if none is.",
)
def print_lists(terms: Path, plan: Path, folder: Path, languages: tuple[str, ...]) -> None:
    """Read the plan and print it."""
    from goodoffices.cli.exchange.files import made_plan, open_terms
    from goodoffices.cli.exchange.outputs import write_prints
    from goodoffices.formats.words import Language

    desk = open_terms(terms)
    chosen = [Language(code) for code in languages] or list(Language)
    made = made_plan(desk, plan)
    for path in write_prints(folder, made, desk, sides=desk.terms.sides, languages=chosen, name=plan.stem):
        click.echo(str(path))
