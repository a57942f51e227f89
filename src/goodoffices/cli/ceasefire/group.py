"""The four commands of a ceasefire: plan, rehearse, verify, replan."""

from __future__ import annotations

from pathlib import Path

import click

_WINDOW = click.argument("window", metavar="WINDOW.json", type=click.Path(dir_okay=False, path_type=Path))
_PLAN = click.argument("plan", metavar="PLAN.json", type=click.Path(dir_okay=False, path_type=Path))
_FILE = click.Path(dir_okay=False, path_type=Path)
_SEED = click.option("--seed", type=int, default=1, show_default=True, help="Seed of the search and of the rehearsal.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_SECONDS = click.option("--seconds", type=click.FloatRange(0.1, 86_400), help="Time to search (10 if nothing is said).")
_ITERATIONS = click.option(
    "--iterations", type=click.IntRange(0, 10**9), help="Steps of the search instead of time: the same plan everywhere."
)
_DELAYS = click.option("--delays", type=_FILE, help="TOML with other parameters of the delay model, and their sources.")

_HELP = """Who goes where inside a ceasefire, and the chance that all are back before it ends.

Example: goodoffices ceasefire plan WINDOW.json --out PLAN.json --seconds 10 --html PLAN.html"""


@click.group(help=_HELP)
def command() -> None:
    """Plan, rehearse, verify and replan the work inside a ceasefire."""


@command.command(
    help="""Plan a window: most wounded, then most bodies, then the earliest last return.
Every plan passes the audit before it is written.

Example: goodoffices ceasefire plan WINDOW.json --out PLAN.json --chance 0.99 --html PLAN.html"""
)
@_WINDOW
@click.option("--out", type=_FILE, required=True, help="Where the plan is written.")
@_SECONDS
@_ITERATIONS
@_SEED
@click.option(
    "--chance",
    type=click.FloatRange(0.5, 0.9999),
    help="Promise that all are back: margins and turn-back times are searched to keep it.",
)
@click.option(
    "--side",
    help="Write the view of one side: its own visits, the window and the area, nothing else. "
    "A view cannot be audited alone; see --whole.",
)
@click.option("--whole", type=_FILE, help="With --side: where the whole plan is kept, against which a view is checked.")
@click.option(
    "--second-opinion",
    type=_FILE,
    help="Let PyVRP plan too, for as long, and write its audited plan here (needs goodoffices[vrp]; "
    "not for windows with closed roads or work that must precede).",
)
@click.option(
    "--turn-back",
    "factor",
    type=click.FloatRange(0, 10),
    default=1.6,
    show_default=True,
    help="Factor of the turn-back rule; 0 for none.",
)
@click.option(
    "--buffer",
    type=click.IntRange(0, 10_000),
    default=0,
    show_default=True,
    help="Minutes added by the turn-back rule.",
)
@_DELAYS
@click.option("--html", type=_FILE, help="A page with the map, the frontier, the weak points and the timetables.")
@click.option("--cards", type=_FILE, help="Team cards to print, PDF.")
@click.option("--geojson", type=_FILE, help="Sites, crossings and routes as GeoJSON.")
@click.option("--ics", type=_FILE, help="The timetable as a calendar.")
@click.option(
    "--layers",
    type=_FILE,
    multiple=True,
    help="GeoJSON of your own to draw below the map; borders are disputed and none is drawn by itself.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "uk", "ru", "tr"]),
    default="en",
    show_default=True,
    help="Of the page and the cards.",
)
@_JSON
def plan(window: Path, **options: object) -> None:
    """Plan a window."""
    from goodoffices.cli.ceasefire.planning import run_plan

    click.get_current_context().exit(run_plan(window, options))


@command.command(
    help="""Execute a plan many times with delays that hang together; tell the chance that all are back.

Example: goodoffices ceasefire rehearse WINDOW.json PLAN.json --runs 10000 --json"""
)
@_WINDOW
@_PLAN
@click.option("--runs", type=click.IntRange(1, 10_000_000), default=10_000, show_default=True, help="Days executed.")
@_SEED
@click.option("--no-turn-back", is_flag=True, help="As if nobody followed the turn-back rule.")
@click.option("--state", type=_FILE, help="State of the day, if the plan is the rest of one.")
@_DELAYS
@_JSON
def rehearse(window: Path, plan: Path, **options: object) -> None:
    """Rehearse a plan."""
    from goodoffices.cli.ceasefire.checking import run_rehearse

    run_rehearse(window, plan, options)


@command.command(
    help="""Audit a plan: every time, place, load and way recomputed by code that shares nothing with the planner.
Exit 1 if it breaks a rule. The view of one side is checked against the whole plan.

Examples: goodoffices ceasefire verify WINDOW.json PLAN.json

  goodoffices ceasefire verify WINDOW.json VIEW.json --whole PLAN.json"""
)
@_WINDOW
@_PLAN
@click.option("--whole", type=_FILE, help="The whole plan, if PLAN.json is the view of one side.")
@click.option("--state", type=_FILE, help="State of the day, if the plan is the rest of one.")
@_JSON
def verify(window: Path, plan: Path, **options: object) -> None:
    """Audit a plan."""
    from goodoffices.cli.ceasefire.checking import run_verify

    click.get_current_context().exit(run_verify(window, plan, options))


@command.command(
    help="""Plan the rest of a day from how it stands: first the smallest change, then the best rest.

Example: goodoffices ceasefire replan WINDOW.json PLAN.json STATE.json --out PLAN2.json"""
)
@_WINDOW
@_PLAN
@click.argument("state", metavar="STATE.json", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the new plan is written.")
@click.option(
    "--take", type=click.Choice(["best", "smallest"]), default="best", show_default=True, help="Which one is written."
)
@_SECONDS
@_ITERATIONS
@_SEED
@_JSON
def replan(window: Path, plan: Path, state: Path, **options: object) -> None:
    """Plan the rest of a day."""
    from goodoffices.cli.ceasefire.planning import run_replan

    run_replan(window, plan, state, options)
