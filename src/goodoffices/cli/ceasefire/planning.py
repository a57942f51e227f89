"""goodoffices ceasefire plan and replan."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import click

from goodoffices.cli.ceasefire.checking import print_delays, rehearsal_json
from goodoffices.cli.ceasefire.outputs import Result, write_outputs
from goodoffices.cli.ceasefire.reading import Desk, effort_of, read_delays, read_desk
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.visits import TurnBack, VisitPlan
from goodoffices.engines.ceasefire.frontier import Point, Wish, keep_promise
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.rehearse import Trials, rehearse
from goodoffices.engines.ceasefire.replan import Change, replan
from goodoffices.flow.ceasefire import audited, make_plan
from goodoffices.formats.visits import local_time, read_plan, write_view
from goodoffices.store.work import threads
from goodoffices.store.write import read_bytes, write_whole


def run_plan(path: Path, options: Mapping[str, object]) -> int:
    """Plan a window, write what was asked for, give the exit code.

    Raises
    ------
    UsageError
        If no site lies on the side asked for.
    """
    desk = read_desk(path)
    side = options["side"]
    if side is not None and side not in {site.side for site in desk.window.sites}:
        raise click.UsageError(f"no site of the window has side {side!r}")
    given = options["delays"]
    delays, sources = read_delays(given if isinstance(given, Path) else None)
    with threads() as pool:
        trials = Trials(10_000, int(str(options["seed"])), pool.map)
        situation = Situation(desk.window, desk.times, desk.window.margin_minutes)
        result = _promised(situation, options, Wish(_chance(options), delays, trials)) if options["chance"] else None
        if result is None:
            efforts = effort_of(options, pool.map)
            plan = make_plan(situation, desk.papers, effort=efforts(0, 1), rule=_rule(options))
            case = build(dataclasses.replace(situation, margin_minutes=plan.margin_minutes))
            result = Result(plan, rehearse(desk.window, case, plan, delays=delays, trials=trials), (), holds=True)
    seen = rehearsal_json(desk.window, result.seen, delays, sources)
    extra = frontier_json(result, _chance(options) or None)
    data = audited(desk.window, result.plan, desk.papers, extra=extra)
    out = Path(str(options["out"]))
    if side is not None:
        data = write_view(desk.window, result.plan, side=str(side), whole=sha256_hex(data))
    write_whole(out, data)
    write_outputs(desk.window, result, options, (delays, sources))
    if options["as_json"]:
        click.echo(json.dumps({**json.loads(data), "rehearsal": seen}, ensure_ascii=False))
    elif side is None:
        _print(desk, result, options)
        print_delays(delays, sources)
    return 0 if result.holds else 1


def frontier_json(result: Result, promised: float | None) -> dict[str, object]:
    """Give what a plan's file says beside the plan: its rehearsal, the promise, the frontier."""
    seen = result.seen
    rehearsal = {
        "chance_all_back": seen.chance_all_back,
        "lower_95": seen.low,
        "expected": {"wounded": seen.wounded, "bodies": seen.bodies},
        "seed": seen.seed,
        "runs": seen.runs,
    }
    if promised is None:
        return {"rehearsal": rehearsal}
    promise = {"chance": promised, "holds": result.holds}
    return {"rehearsal": rehearsal, "promise": promise, "frontier": [_point(point) for point in result.frontier]}


def _chance(options: Mapping[str, object]) -> float:
    return float(str(options["chance"])) if options["chance"] else 0.0


def _rule(options: Mapping[str, object]) -> TurnBack | None:
    factor = float(str(options["factor"]))
    return TurnBack(factor, int(str(options["buffer"]))) if factor > 0 else None


def _promised(situation: Situation, options: Mapping[str, object], wish: Wish) -> Result:
    promise = keep_promise(situation, wish, efforts=effort_of(options, wish.trials.each))
    return Result(promise.plan, promise.verified, promise.frontier, holds=promise.holds)


def _point(point: Point) -> dict[str, object]:
    return {
        "margin_minutes": point.margin_minutes,
        "turn_back": None if point.rule is None else dataclasses.asdict(point.rule),
        "chance_all_back": point.chance,
        "expected": {"wounded": round(point.wounded, 2), "bodies": round(point.bodies, 2)},
    }


def _print(desk: Desk, result: Result, options: Mapping[str, object]) -> None:
    plan, window = result.plan, desk.window
    offered = (sum(site.wounded for site in window.sites), sum(site.bodies for site in window.sites))
    click.echo(f"Planned: {plan.wounded} of {offered[0]} wounded, {plan.bodies} of {offered[1]} bodies; audited.")
    if plan.latest_return is not None:
        click.echo(
            f"Last return {local_time(window, plan.latest_return):%d.%m. %H:%M}, margin {plan.margin_minutes} min."
        )
    left: dict[str, int] = {}
    for one in plan.left:
        left[one.reason.value] = left.get(one.reason.value, 0) + 1
    if left:
        click.echo("Left: " + ", ".join(f"{count} sites {reason}" for reason, count in sorted(left.items())) + ".")
    rule = (
        "no turn-back rule"
        if plan.rule is None
        else f"turn back at x {plan.rule.factor:g} + {plan.rule.buffer_minutes} min"
    )
    seen = result.seen
    click.echo(
        f"Rehearsed {seen.runs} times ({rule}): all back in {seen.chance_all_back:.2%} (at least {seen.low:.2%}); "
        f"on average {seen.wounded:.1f} wounded and {seen.bodies:.1f} bodies brought in time."
    )
    if options["chance"]:
        word = "kept" if result.holds else "NOT kept; this is the safest plan found"
        click.echo(f"Promise of {float(str(options['chance'])):.2%}: {word}.")


def run_replan(window: Path, plan: Path, state: Path, options: Mapping[str, object]) -> None:
    """Plan the rest of a day: show both ways to go on, write one."""
    desk = read_desk(window, state=state)
    old = read_plan(read_bytes(plan), desk.window, file=str(plan))
    situation = Situation(desk.window, desk.times, old.margin_minutes, desk.state)
    with threads() as pool:
        small, best = replan(situation, old, effort=effort_of(options, pool.map)(0, 1))
    for change in (small, best):
        audited(desk.window, change.plan, desk.papers)
    taken = best if options["take"] == "best" else small
    extra: dict[str, object] = {
        "replan": {change.name: _change(change) for change in (small, best)},
        "taken": taken.name,
    }
    data = audited(desk.window, taken.plan, desk.papers, extra=extra)
    write_whole(Path(str(options["out"])), data)
    if options["as_json"]:
        click.echo(data.decode())
        return
    for change in (small, best):
        names = ", ".join(change.teams) or "nobody"
        click.echo(
            f"{change.name}: {change.plan.wounded} wounded and {change.plan.bodies} bodies still to come; "
            f"{change.dropped} visits dropped, {change.added} new; another order for {names}."
        )
    click.echo(f"Written: {taken.name}.")


def _change(change: Change) -> dict[str, object]:
    plan: VisitPlan = change.plan
    counts = {"wounded": plan.wounded, "bodies": plan.bodies, "dropped": change.dropped, "added": change.added}
    return {**counts, "teams": list(change.teams)}
