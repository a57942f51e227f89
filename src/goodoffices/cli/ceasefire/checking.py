"""goodoffices ceasefire verify and rehearse."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import click

from goodoffices.cli.ceasefire.reading import read_delays, read_desk
from goodoffices.domain.window import Window
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, build, instant
from goodoffices.engines.ceasefire.rehearse import Rehearsal, Trials, rehearse
from goodoffices.flow.ceasefire import check
from goodoffices.formats.visits import local_time, read_plan
from goodoffices.formats.visits_view import read_view, view_faults
from goodoffices.store.work import threads
from goodoffices.store.write import read_bytes


def run_verify(window: Path, plan: Path, options: Mapping[str, object]) -> int:
    """Audit a plan, or the view of one side against its whole plan; give the exit code.

    Raises
    ------
    UsageError
        If a view comes without its whole plan, or a whole plan with another.
    """
    state, whole, as_json = options["state"], options["whole"], bool(options["as_json"])
    desk = read_desk(window, state=state if isinstance(state, Path) else None)
    data = read_bytes(plan)
    head = read_view(data, file=str(plan))
    if head is None and whole is not None:
        raise click.UsageError(f"{plan} is not the view of one side; --whole is for views")
    if head is not None and not isinstance(whole, Path):
        message = (
            f"{plan} is the view of side {head[0]} and cannot be audited alone; give the whole plan: --whole PLAN.json"
        )
        raise click.UsageError(message)
    if head is None:
        made = data
        read_plan(made, desk.window, file=str(plan))
        faults = []
    else:
        made = read_bytes(Path(str(whole)))
        faults = view_faults(desk.window, data, head, (made, str(whole)))
    verdict = check(desk.papers, made)
    broken = [*faults, *(str(one) for one in verdict.violations)]
    if as_json:
        told = {**dataclasses.asdict(verdict), "holds": not broken, "view": faults if head else None}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return 1 if broken else 0
    for line in broken:
        click.echo(f"broken: {line}")
    if broken:
        click.echo(f"The plan does not hold: {len(broken)} violations.", err=True)
        return 1
    if head is not None:
        click.echo(f"The view is what side {head[0]} is to see of the whole plan, and nothing else.")
    click.echo(f"The plan holds: {verdict.wounded} wounded, {verdict.bodies} bodies, {verdict.legs} legs recomputed.")
    return 0


def run_rehearse(window: Path, plan: Path, options: Mapping[str, object]) -> None:
    """Rehearse a plan and print what it shows."""
    state = options["state"]
    desk = read_desk(window, state=state if isinstance(state, Path) else None)
    made = read_plan(read_bytes(plan), desk.window, file=str(plan))
    if options["no_turn_back"]:
        made = dataclasses.replace(made, rule=None)
    given = options["delays"]
    delays, sources = read_delays(given if isinstance(given, Path) else None)
    case = build(Situation(desk.window, desk.times, made.margin_minutes, desk.state))
    with threads() as pool:
        trials = Trials(int(str(options["runs"])), int(str(options["seed"])), pool.map)
        seen = rehearse(desk.window, case, made, delays=delays, trials=trials)
    if options["as_json"]:
        click.echo(json.dumps(rehearsal_json(desk.window, seen, delays, sources), ensure_ascii=False, indent=1))
        return
    rule = "none" if made.rule is None else f"factor {made.rule.factor:g}, buffer {made.rule.buffer_minutes} min"
    click.echo(f"Turn-back rule: {rule}. {seen.runs} days, seed {seen.seed}.")
    click.echo(f"All back by the end: {seen.chance_all_back:.2%} (at least {seen.low:.2%} with 95 % confidence).")
    click.echo(f"Brought in time, on average: {seen.wounded:.1f} wounded, {seen.bodies:.1f} bodies.")
    click.echo(f"Margin that would give 99 %: {seen.margin_for_99} min.")
    for team in sorted(seen.teams, key=lambda one: one.chance)[:5]:
        at, blamed = _clock(desk.window, team.latest_95), f"{team.blamed:.0%}"
        click.echo(f"  {team.team}: back in {team.chance:.2%}, by {at} on 95 of 100 days, last in {blamed} of bad ones")
    print_delays(delays, sources)


def print_delays(delays: Delays, sources: Mapping[str, str]) -> None:
    """Print every parameter of the delay model with its source."""
    click.echo("Delay model:")
    for name, value in dataclasses.asdict(delays).items():
        click.echo(f"  {name} = {value:g} ({sources[name]})")


def rehearsal_json(window: Window, seen: Rehearsal, delays: Delays, sources: Mapping[str, str]) -> dict[str, object]:
    """Give a rehearsal as the contract writes it."""
    return {
        "chance_all_back": seen.chance_all_back,
        "lower_95": seen.low,
        "teams": [
            {
                "team": one.team,
                "chance": one.chance,
                "latest_95": local_time(window, instant(window, one.latest_95)).isoformat(timespec="minutes"),
                "last_in_bad_runs": one.blamed,
            }
            for one in seen.teams
        ],
        "expected": {"wounded": seen.wounded, "bodies": seen.bodies},
        "margin_for_99": seen.margin_for_99,
        "seed": seen.seed,
        "runs": seen.runs,
        "delays": {
            name: {"value": value, "source": sources[name]} for name, value in dataclasses.asdict(delays).items()
        },
    }


def _clock(window: Window, minute: int) -> str:
    moment: dt.datetime = local_time(window, instant(window, minute))
    return moment.strftime("%d.%m. %H:%M")
