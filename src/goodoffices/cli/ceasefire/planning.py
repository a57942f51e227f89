"""goodoffices ceasefire plan and replan."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from goodoffices.cli.ceasefire.checking import print_delays, rehearsal_json
from goodoffices.cli.ceasefire.opinion import ask_opinion, check_opinion, opinion_json, tell_opinion
from goodoffices.cli.ceasefire.outputs import Result, write_outputs
from goodoffices.cli.ceasefire.reading import Desk, effort_of, read_delays, read_desk
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.visits import Left, TurnBack, VisitPlan, Why
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.frontier import Point, Wish, keep_promise
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.rehearse import Trials, rehearse
from goodoffices.engines.ceasefire.replan import Change, replan
from goodoffices.flow.ceasefire import audited, make_plan
from goodoffices.formats.visits import local_time, read_plan
from goodoffices.formats.visits_view import write_view
from goodoffices.formats.words import Language, Words
from goodoffices.store.work import threads
from goodoffices.store.write import read_bytes, write_whole


def run_plan(path: Path, options: Mapping[str, object]) -> int:
    """Plan a window, write what was asked for, give the exit code.

    Raises
    ------
    UsageError
        If no site lies on the side asked for, or a second opinion cannot be had.
    """
    desk = read_desk(path)
    side = options["side"]
    if side is not None and side not in {site.side for site in desk.window.sites}:
        raise click.UsageError(f"no site of the window has side {side!r}")
    if side is None and options["whole"] is not None:
        raise click.UsageError("--whole goes with --side; without a side --out is the whole plan")
    _check_names(options, window=path)
    given = options["delays"]
    model = read_delays(given if isinstance(given, Path) else None)
    situation = Situation(desk.window, desk.times, desk.window.margin_minutes)
    check_opinion(situation, options)
    with threads() as pool:
        trials = Trials(10_000, int(str(options["seed"])), pool.map)
        result = _search(desk, situation, options, (model[0], trials))
        other = None
        if options["second_opinion"] is not None:
            other = ask_opinion(desk, situation, result, options, (model[0], trials))
    extra = frontier_json(result, _chance(options) or None)
    whole = audited(desk.window, result.plan, desk.papers, extra=extra)
    written = whole
    if side is not None:
        written = write_view(desk.window, result.plan, side=str(side), whole=sha256_hex(whole))
    write_whole(Path(str(options["out"])), written)
    if options["whole"] is not None:
        write_whole(Path(str(options["whole"])), whole)
    write_outputs(desk.window, result, options, model)
    if side is not None:
        _tell_view(written, options)
    elif options["as_json"]:
        told: dict[str, object] = {"rehearsal": rehearsal_json(desk.window, result.seen, *model)}
        if other is not None:
            told["second_opinion"] = opinion_json(other)
        click.echo(json.dumps({**json.loads(written), **told}, ensure_ascii=False))
    else:
        _print(desk, result, options)
        if other is not None:
            tell_opinion(result.plan, other, options["second_opinion"])
        print_delays(*model)
    return 0 if result.holds else 1


_WRITTEN = ("out", "whole", "second_opinion", "html", "cards", "geojson", "ics")


def _check_names(options: Mapping[str, object], *, window: Path) -> None:
    """Refuse to write two things into one file, or anything over what was read.

    Raises
    ------
    UsageError
        If two options name the same file, or one a file that is read.
    """
    names = [Path(str(options[key])).resolve() for key in _WRITTEN if options[key] is not None]
    if len(set(names)) < len(names):
        raise click.UsageError("two options name the same file to write: each needs one of its own")
    layers, delays = options["layers"], options["delays"]
    read = [window, *(layers if isinstance(layers, tuple) else ()), *([delays] if isinstance(delays, Path) else [])]
    check_not_read(names, read)


def check_not_read(written: Sequence[Path], read: Sequence[Path]) -> None:
    """Refuse to write over a file that is read.

    Raises
    ------
    UsageError
        If one is named twice.
    """
    known = {path.resolve(): path for path in read}
    for path in written:
        if path.resolve() in known:
            raise click.UsageError(f"{known[path.resolve()]} is read and would be written over: choose another name")


def _search(desk: Desk, situation: Situation, options: Mapping[str, object], days: tuple[Delays, Trials]) -> Result:
    delays, trials = days
    if options["chance"]:
        promise = keep_promise(
            situation, Wish(_chance(options), delays, trials), efforts=effort_of(options, trials.each)
        )
        return Result(promise.plan, promise.verified, promise.frontier, holds=promise.holds)
    plan = make_plan(situation, desk.papers, effort=effort_of(options, trials.each)(0, 1), rule=_rule(options))
    case = build(dataclasses.replace(situation, margin_minutes=plan.margin_minutes))
    return Result(plan, rehearse(desk.window, case, plan, delays=delays, trials=trials), (), holds=True)


def _tell_view(view: bytes, options: Mapping[str, object]) -> None:
    if options["as_json"]:
        click.echo(view.decode())
        return
    click.echo(f"Written: the view of side {options['side']}. It cannot be audited alone; the whole plan was audited.")
    if options["whole"] is not None:
        click.echo(f"To check the view: goodoffices ceasefire verify WINDOW.json VIEW.json --whole {options['whole']}")
    else:
        click.echo("The whole plan is not kept, so nobody can check the view later: --whole PLAN.json keeps it.")


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


def _point(point: Point) -> dict[str, object]:
    return {
        "margin_minutes": point.margin_minutes,
        "turn_back": None if point.rule is None else dataclasses.asdict(point.rule),
        "chance_all_back": point.chance,
        "expected": {"wounded": round(point.wounded, 2), "bodies": round(point.bodies, 2)},
    }


def _print_left(plan: VisitPlan) -> None:
    """Print every site that is left, by its reason in words: none is dropped in silence."""
    words = Words("ceasefire", Language.EN)
    for why in Why:
        found = [one for one in plan.left if one.reason is why]
        if found:
            click.echo(f"Left, {words(f'why_{why}')}: {', '.join(map(_rest, found))}.")


def _rest(one: Left) -> str:
    counts = [f"{count} {noun}" for count, noun in ((one.wounded, "wounded"), (one.bodies, "bodies")) if count]
    return f"{one.site} ({', '.join(counts)})" if counts else f"{one.site} (work)"


def _print(desk: Desk, result: Result, options: Mapping[str, object]) -> None:
    plan, window = result.plan, desk.window
    offered = (sum(site.wounded for site in window.sites), sum(site.bodies for site in window.sites))
    click.echo(f"Planned: {plan.wounded} of {offered[0]} wounded, {plan.bodies} of {offered[1]} bodies; audited.")
    if plan.latest_return is not None:
        click.echo(
            f"Last return {local_time(window, plan.latest_return):%d.%m. %H:%M}, margin {plan.margin_minutes} min."
        )
    _print_left(plan)
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
    check_not_read([Path(str(options["out"]))], [window, plan, state])
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
    _print_left(taken.plan)
    click.echo(f"Written: {taken.name}.")


def _change(change: Change) -> dict[str, object]:
    plan: VisitPlan = change.plan
    counts = {"wounded": plan.wounded, "bodies": plan.bodies, "dropped": change.dropped, "added": change.added}
    return {**counts, "teams": list(change.teams)}
