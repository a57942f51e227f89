"""The second opinion on a plan: PyVRP on the same window, for as long, under the same audit and the same days."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from goodoffices.cli.ceasefire.outputs import Result
from goodoffices.cli.ceasefire.reading import Desk, say
from goodoffices.domain.visits import VisitPlan
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.opinion import obstacles, second_opinion
from goodoffices.engines.ceasefire.rehearse import Rehearsal, Trials, rehearse
from goodoffices.flow.ceasefire import audited
from goodoffices.store.work import share_of
from goodoffices.store.write import write_whole


@dataclasses.dataclass(frozen=True, slots=True)
class Opinion:
    """What PyVRP says.

    Attributes
    ----------
    plan
        Its plan, audited; None if it found nothing feasible.
    seen
        The plan's rehearsal over the same days as ours.
    """

    plan: VisitPlan | None
    seen: Rehearsal | None


def check_opinion(situation: Situation, options: Mapping[str, object]) -> None:
    """Refuse before the search what could not be asked after it.

    Raises
    ------
    UsageError
        If PyVRP is not installed or cannot model the window, or if a view of one side is asked for.
    """
    if options["second_opinion"] is None:
        return
    if options["side"] is not None:
        raise click.UsageError("--second-opinion writes a whole plan; it does not go with --side")
    if importlib.util.find_spec("pyvrp") is None:
        raise click.UsageError("--second-opinion needs PyVRP: install goodoffices[vrp] (pyvrp 0.14.1)")
    found = obstacles(build(situation))
    if found:
        raise click.UsageError("PyVRP cannot model this window: it has " + " and ".join(found))


def ask_opinion(
    desk: Desk, situation: Situation, ours: Result, options: Mapping[str, object], days: tuple[Delays, Trials]
) -> Opinion:
    """Let PyVRP plan with the margin and the rule of our plan; audit, rehearse and write what it finds."""
    say("asking PyVRP")
    situation = dataclasses.replace(situation, margin_minutes=ours.plan.margin_minutes)
    case = build(situation)
    routes = second_opinion(case, stop=_stop(options), seed=int(str(options["seed"])))
    if routes is None:
        return Opinion(None, None)
    plan = plan_of(situation, case, routes, rule=ours.plan.rule)
    write_whole(
        Path(str(options["second_opinion"])), audited(desk.window, plan, desk.papers, extra={"made_by": "PyVRP"})
    )
    delays, trials = days
    return Opinion(plan, rehearse(desk.window, case, plan, delays=delays, trials=trials))


def _stop(options: Mapping[str, object]) -> Callable[[], bool]:
    """Give what stops PyVRP: as many of its iterations, or as many seconds, as our search had."""
    if isinstance(options["iterations"], int):
        left = iter(range(options["iterations"]))
        return lambda: next(left, None) is None
    share = share_of(float(str(options["seconds"] or 10.0)))
    return lambda: share() >= 1.0


def opinion_json(opinion: Opinion) -> dict[str, object]:
    """Give the second opinion for the plan's JSON output."""
    if opinion.plan is None or opinion.seen is None:
        return {"by": "PyVRP", "feasible": False}
    counts = {"wounded": opinion.plan.wounded, "bodies": opinion.plan.bodies}
    return {"by": "PyVRP", "feasible": True, **counts, "chance_all_back": opinion.seen.chance_all_back}


def tell_opinion(ours: VisitPlan, opinion: Opinion, path: object) -> None:
    """Print the second opinion beside our plan, and which brings more."""
    if opinion.plan is None or opinion.seen is None:
        click.echo("Second opinion: PyVRP found no feasible plan in the same time.")
        return
    plan = opinion.plan
    mine, theirs = (ours.wounded, ours.bodies), (plan.wounded, plan.bodies)
    word = "the same as" if theirs == mine else "LESS than" if theirs < mine else "MORE than"
    click.echo(
        f"Second opinion by PyVRP: {plan.wounded} wounded, {plan.bodies} bodies, {word} our plan; "
        f"all back in {opinion.seen.chance_all_back:.2%}. Audited, in {path}."
    )
