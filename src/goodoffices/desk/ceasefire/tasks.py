"""Long work of ceasefires: a plan with its promise, the rest of a day, another rehearsal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from goodoffices.desk.ceasefire.changes import compare, homeward_told
from goodoffices.desk.ceasefire.models import Ceasefire, Ground, Plan
from goodoffices.desk.ceasefire.records import homeward, plan_of, replanned, window_of
from goodoffices.desk.ceasefire.services import MAKE, MOST_SECONDS, REHEARSE, REPLAN, SECONDS
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import Progress
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.visits import TurnBack, VisitPlan
from goodoffices.domain.window import Window
from goodoffices.engines.ceasefire.delay import Delays
from goodoffices.engines.ceasefire.frontier import Point, Wish, keep_promise
from goodoffices.engines.ceasefire.model import Situation, build, instant
from goodoffices.engines.ceasefire.rehearse import Rehearsal, Trials, rehearse
from goodoffices.engines.ceasefire.replan import Change, replan
from goodoffices.engines.ceasefire.search import Effort
from goodoffices.flow.ceasefire import Papers, audited, find_times, make_plan, read_papers, warm_up
from goodoffices.formats.visits import local_time, read_state
from goodoffices.store.work import share_of

Given = Mapping[str, object]
Result = tuple[Mapping[str, object], str]
TRIALS = 4_000
SEED = 1


def make_work(given: Given, progress: Progress) -> Result:
    """Plan a ground: to a promised chance that all are back, or with the margin and rule that were chosen."""
    ground = Ground.objects.select_related("ceasefire").get(id=given["ground"])
    address = f"/ceasefire/{ground.ceasefire_id}/plan"
    if Plan.objects.filter(job=progress.job).exists():
        return {}, address
    progress.tell("compiling")
    warm_up()
    papers = papers_of(ground)
    window = read_papers(papers)
    situation = Situation(window, find_times(window, papers), window.margin_minutes)
    efforts, trials = _efforts(given, progress), Trials(TRIALS, SEED)
    if given.get("margin") is None:
        chance = float(str(given.get("chance", 0.95)))
        promise = keep_promise(situation, Wish(chance, Delays(), trials), efforts=efforts)
        plan, seen = promise.plan, promise.verified
        story = _story(window, plan, seen, promise.frontier, chance, holds=promise.holds)
    else:
        plan, seen = _chosen(situation, papers, given, efforts, trials)
        story = _story(window, plan, seen, (), None, holds=True)
        story |= _frontier_before(ground, plan)
    progress.tell("auditing")
    data = audited(window, plan, papers)
    row = Plan(
        id=new_id(), ceasefire=ground.ceasefire, party_id=ground.party_id, ground=ground, body=data.decode(),
        story=story, sha256=sha256_hex(data), job=progress.job, at=timezone.now(),
    )  # fmt: skip
    _write(row)
    return {"holds": story["holds"]}, address


def papers_of(ground: Ground, state: bytes | None = None) -> Papers:
    """Give the files of a ground, with the road file that came with it."""
    travel = ground.travel
    return Papers(ground.body.encode(), travel=travel["text"].encode() if travel else None, state=state)


def _efforts(given: Given, progress: Progress) -> Callable[[int, int], Effort]:
    """Share the seconds among the plans to be made, and tell how far the search is."""
    seconds = min(float(str(given.get("seconds", SECONDS))), MOST_SECONDS)

    def effort(k: int, n: int) -> Effort:
        def tell(share: float, wounded: int, bodies: int) -> None:
            del wounded, bodies
            progress.tell("searching", round(100 * (k + min(share, 1.0)) / n), 100)

        return Effort(SEED * 1000 + k, clock=share_of(seconds / n), tell=tell)

    return effort


def _chosen(
    situation: Situation, papers: Papers, given: Given, efforts: Callable[[int, int], Effort], trials: Trials
) -> tuple[VisitPlan, Rehearsal]:
    rule = TurnBack(float(str(given["factor"])), int(str(given["buffer"]))) if given.get("factor") else None
    at = dataclasses.replace(situation, margin_minutes=int(str(given["margin"])))
    plan = make_plan(at, papers, effort=efforts(0, 1), rule=rule)
    return plan, rehearse(situation.window, build(at), plan, delays=Delays(), trials=trials)


def _frontier_before(ground: Ground, plan: VisitPlan) -> dict[str, object]:
    """Keep the frontier that the choice was made from, with the choice marked."""
    last = Plan.objects.filter(ground=ground, story__isnull=False).order_by("-number").first()
    if last is None:
        return {}
    rule = plan.rule
    dots: list[dict[str, object]] = []
    for dot in last.story["dots"]:
        same = (dot["margin"], dot["factor"], dot["buffer"]) == (
            plan.margin_minutes, rule.factor if rule else None, rule.buffer_minutes if rule else None,
        )  # fmt: skip
        dots.append({**dot, "chosen": same})
    return {"dots": dots}


def _story(
    window: Window,
    plan: VisitPlan,
    seen: Rehearsal,
    frontier: tuple[Point, ...],
    promised: float | None,
    *,
    holds: bool,
) -> dict[str, object]:
    """Write what the page tells beside the plan."""

    def chosen(point: Point) -> bool:
        return (point.margin_minutes, point.rule) == (plan.margin_minutes, plan.rule)

    weak = sorted(seen.teams, key=lambda one: one.chance)
    return {
        "chance": seen.chance_all_back, "low": seen.low, "runs": seen.runs, "seed": seen.seed,
        "wounded": seen.wounded, "bodies": seen.bodies, "promised": promised, "holds": holds,
        "weak": [
            [one.team, one.chance, local_time(window, instant(window, one.latest_95)).isoformat(), one.blamed]
            for one in weak
        ],
        "dots": [
            {
                "chance": point.chance, "wounded": point.wounded, "bodies": point.bodies,
                "margin": point.margin_minutes, "factor": point.rule.factor if point.rule else None,
                "buffer": point.rule.buffer_minutes if point.rule else None, "chosen": chosen(point),
            }
            for point in frontier
        ],
    }  # fmt: skip


def _write(row: Plan) -> None:
    with transaction.atomic():
        Ceasefire.objects.select_for_update().get(id=row.ceasefire_id)
        last = Plan.objects.filter(ceasefire=row.ceasefire_id, party=row.party_id).order_by("-number").first()
        row.number = 1 if last is None else last.number + 1
        row.save(force_insert=True)


def replan_work(given: Given, progress: Progress) -> Result:
    """Plan the rest of a day from how it stands: the smallest change and the best rest; one is in force."""
    old = Plan.objects.select_related("ground", "ceasefire").get(id=given["plan"])
    address = f"/ceasefire/{old.ceasefire_id}/plan"
    if Plan.objects.filter(job=progress.job).exists():
        return {}, address
    progress.tell("compiling")
    warm_up()
    window, state = window_of(old), str(given["state"]).encode()
    papers = papers_of(old.ground, state)
    day = read_state(state, window)
    window = dataclasses.replace(window, closed=(*window.closed, *day.closed))
    was = plan_of(old, window)
    situation = Situation(window, find_times(window, papers), was.margin_minutes, day)
    small, best = replan(situation, was, effort=_efforts(given, progress)(0, 1))
    progress.tell("auditing")
    ways = [_way(situation, papers, was, change, given) for change in (small, best)]
    taken = next(way for way in ways if way["name"] == given["take"])
    row = replanned(old, ways, str(taken["name"]), state=state.decode(), job=progress.job, at=timezone.now())
    _write(row)
    return {"taken": taken["name"]}, address


def _way(situation: Situation, papers: Papers, was: VisitPlan, change: Change, given: Given) -> dict[str, Any]:
    """Audit and rehearse one way to go on, and say what it changes for whom."""
    window, plan = situation.window, change.plan
    data = audited(window, plan, papers)
    seen = rehearse(window, build(situation), plan, delays=Delays(), trials=Trials(TRIALS, SEED))
    assert situation.state is not None  # noqa: S101  a replan has one
    at, late = situation.state.at, {team: int(str(n)) for team, n in dict(given.get("late") or {}).items()}  # type: ignore[call-overload]
    lost = {one.team for one in situation.state.teams if one.lost}
    home = homeward(was, at, late, lost)
    teams = compare(window, was, plan, at=at, lost=lost, late=late, home=home)
    return {
        "name": change.name, "wounded": plan.wounded, "bodies": plan.bodies, "dropped": change.dropped,
        "added": change.added, "teams": teams, "home": homeward_told(window, home), "body": data.decode(),
        "story": _story(window, plan, seen, (), None, holds=True),
    }  # fmt: skip


def rehearse_work(given: Given, progress: Progress) -> Result:
    """Rehearse a plan anew from another seed; the frontier stays."""
    row = Plan.objects.select_related("ground").get(id=given["plan"])
    progress.tell("compiling")
    warm_up()
    window = window_of(row)
    plan, state = plan_of(row, window), None
    if row.state is not None:
        state = read_state(row.state.encode(), window)
    papers = papers_of(row.ground, row.state.encode() if row.state else None)
    situation = Situation(window, find_times(window, papers), plan.margin_minutes, state)
    progress.tell("rehearsing")
    seen = rehearse(window, build(situation), plan, delays=Delays(), trials=Trials(10_000, int(str(given["seed"]))))
    promised = row.story.get("promised")
    fresh = _story(window, plan, seen, (), promised, holds=promised is None or seen.low >= float(promised))
    with transaction.atomic():
        held = Plan.objects.select_for_update().get(id=row.id)
        held.story = {**held.story, **fresh, "dots": held.story["dots"]}
        held.save(update_fields=["story"])
    return {"chance": seen.chance_all_back}, f"/ceasefire/{row.ceasefire_id}/plan"


WORK = {MAKE: make_work, REPLAN: replan_work, REHEARSE: rehearse_work}
"""Kind of job to who does it; the app registers them without loading this module."""
