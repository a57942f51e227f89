"""The ceasefire part of the demo: an invented ground, a plan that keeps a promise, its map and cards."""

from __future__ import annotations

import json

from goodoffices.cli.ceasefire.outputs import Result, write_outputs
from goodoffices.cli.ceasefire.planning import frontier_json
from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.ceasefire.delay import SOURCES, Delays
from goodoffices.engines.ceasefire.frontier import Wish, keep_promise
from goodoffices.engines.ceasefire.model import Situation
from goodoffices.engines.ceasefire.rehearse import Trials
from goodoffices.engines.ceasefire.search import Effort
from goodoffices.flow.ceasefire import Papers, audited, find_times, read_papers
from goodoffices.formats.words import number
from goodoffices.store.work import threads
from goodoffices.store.write import write_whole
from goodoffices.synth.ground import ground

_PROMISE = 0.99
_ITERATIONS = 4_000
"""Of each start, over all margins: steps and not seconds, so that the demo gives the same plan everywhere."""


def run(stage: Stage) -> Outcome:
    """Plan an invented window so that all are back in 99 of 100 days."""
    stage.say("inventing a ground, compiling the search")
    window_bytes = (json.dumps(ground(sites=stage.size(120), teams=20, seed=stage.seed), indent=1) + "\n").encode()
    write_whole(stage.folder / "WINDOW.json", window_bytes)
    papers = Papers(window_bytes)
    window = read_papers(papers)
    situation = Situation(window, find_times(window, papers), window.margin_minutes)
    stage.say("planning for several margins and rehearsing each")
    with threads() as pool:
        wish = Wish(_PROMISE, Delays(), Trials(2_000, stage.seed, pool.map))
        promise = keep_promise(
            situation,
            wish,
            efforts=lambda k, n: Effort(stage.seed * 100 + k, iterations=_ITERATIONS // n, each=pool.map),
        )
    result = Result(promise.plan, promise.verified, promise.frontier, holds=promise.holds)
    data = audited(window, promise.plan, papers, extra=frontier_json(result, _PROMISE))
    write_whole(stage.folder / "PLAN.json", data)
    for language in ("en", "uk", "ru", "tr"):
        name = "plan" if language == "en" else f"plan-{language}"
        options: dict[str, object] = {
            "language": language,
            "layers": (),
            "side": None,
            "chance": _PROMISE,
            "html": stage.folder / f"{name}.html",
            "cards": stage.folder / f"cards-{language}.pdf",
            "geojson": stage.folder / "plan.geojson",
            "ics": stage.folder / "plan.ics",
        }
        write_outputs(window, result, options, (Delays(), SOURCES))
    plan, seen = promise.plan, promise.verified
    offered = (sum(site.wounded for site in window.sites), sum(site.bodies for site in window.sites))
    told = "kept" if promise.holds else "not kept"
    act = Act(
        "ceasefire_plan", f"ceasefire-{sha256_hex(data)[:12]}", {"plan_sha256": sha256_hex(data)}, ("A", "B", "neutral")
    )
    return Outcome(
        (
            f"{plan.wounded} of {offered[0]} wounded and {plan.bodies} of {offered[1]} bodies planned; audited",
            f"all back in {seen.chance_all_back:.2%} of {number(seen.runs)} fresh days: promise of 99 % {told}",
        ),
        (("plan.html", "Plan, map, chance"), ("cards-uk.pdf", "Team cards"), ("plan-tr.html", "The plan in Turkish")),
        (act,),
    )
