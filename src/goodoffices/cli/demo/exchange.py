"""The demo's exchange: 1,200 a side and 30 civilians in four legs, composed, verified, shown, one leg repaired."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.exchange.changes import repaired
from goodoffices.cli.exchange.files import Desk, list_paths, open_terms, plan_lists, write_plan
from goodoffices.cli.exchange.menu import write_menu
from goodoffices.cli.exchange.outputs import write_outputs, write_prints
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.plan import Clash, Plan
from goodoffices.domain.ranks import Rank
from goodoffices.domain.terms import Gain, Legs, Lottery, Terms
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.compose import compose, prepare
from goodoffices.engines.exchange.options import prices
from goodoffices.formats.exchange_page import plan_page
from goodoffices.formats.exchange_words import clash_lines, total, verdict_lines
from goodoffices.formats.plans import plan_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes
from goodoffices.formats.words import Language, Words, number
from goodoffices.store.write import read_bytes, write_whole
from goodoffices.synth.held import held_list

_ON = dt.date(2025, 7, 23)
"""The day of the third round: an exchange of at least 1,200 a side is agreed."""
_HELD = {"A": (6_000, "uk"), "B": (6_500, "ru")}


def run(stage: Stage) -> Outcome:
    """Write terms on the demo's lists, compose, verify as each side, show the menu, repair after the first leg."""
    file, out = stage.folder / "TERMS.toml", stage.folder / "PLAN.json"
    write_whole(file, terms_bytes(_terms(stage)))
    desk = open_terms(file)
    stage.say("composing the legs")
    case = prepare(desk.terms, desk.lists, terms_sha256=sha256_hex(desk.terms_bytes), lists_sha256=desk.lists_sha256)
    plan = compose(case)
    write_plan(out, plan, desk)
    if isinstance(plan, Clash):
        lines = clash_lines(plan, Words("exchange", Language.EN))
        return Outcome((*lines, "(so few people are held at this scale that the terms leave no plan)"))
    paid = prices(case)
    write_outputs(out, plan, desk, prices=paid, language=Language.EN)
    for language in Language:
        page = plan_page(plan, prices=paid, language=language)
        write_whole(out.with_suffix(".html" if language is Language.EN else f".{language.value}.html"), page)
    stage.say("printing the lists for the day")
    for side, language in zip(desk.terms.sides, (Language.UK, Language.RU), strict=True):
        write_prints(stage.folder, plan, desk, sides=[side], languages=[language], name="PLAN")
    stage.say("auditing as the neutral and as each side")
    counts = ", ".join(f"{side} releases {number(total(plan, side))}" for side in desk.terms.sides)
    proven = sum(level.is_proven for level in plan.objective)
    lines = [
        f"{counts} in {len(plan.legs)} legs; {proven} of {len(plan.objective)} priorities proven best",
        *_audits(stage.folder, desk),
    ]
    stage.say("finding options")
    menu, _ = write_menu(desk, stage.folder / "options", between=3, language=Language.EN)
    lines.append(f"options: {menu[0]}")
    more, acts = _repair(stage.folder, desk, plan)
    lines += more
    return Outcome(tuple(lines), _pages(), (_act("exchange_plan", "exchange-plan", plan, desk, out), *acts))


def _pages() -> tuple[tuple[str, str], ...]:
    return (
        ("PLAN.html", "The plan: counts, proofs, the price of each priority"),
        ("PLAN.uk.html", "План"),
        ("PLAN.ru.html", "План"),
        ("PLAN.tr.html", "Plan"),
        ("options/options.html", "Options none of which beats another"),
        ("PLAN.A.uk.pdf", "A's lists for the day, by leg and place"),
        ("PLAN2.html", "The plan after the repair"),
        ("VERDICT.txt", "The audit's verdict"),
    )


def _terms(stage: Stage) -> Terms:
    seats, civilians = stage.size(320, least=4), round(30 * stage.scale)
    words = {side: f"{side} drew this word for the demo, seed {stage.seed}" for side in _HELD}
    return Terms(
        sides=("A", "B"),
        on=_ON,
        held=_held(stage),
        minimum=dict.fromkeys(_HELD, min(round(1_200 * stage.scale), 4 * seats - civilians - 1)),
        all_for_all=("seriously_wounded_or_ill",),
        rank_groups=((Rank.CAPTAIN, Rank.MAJOR), (Rank.LIEUTENANT_COLONEL, Rank.COLONEL)),
        civilians={"A": civilians, "B": 0},
        order=("requested:1", "aged_18_to_25", "women", "requested:2", "longest_held", "requested:3"),
        legs=Legs((seats,) * 4, stage.size(120, least=4)),
        lottery=Lottery({side: sha256_hex(word.encode()) for side, word in words.items()}, words),
        gain=Gain({side: {"requested:1": 2, "women": 1} for side in _HELD}),
    )


def _held(stage: Stage) -> dict[str, str]:
    """Name the lists that the demo's first part wrote, or write them."""
    found = {side: f"../lists/held-by-{side.lower()}.csv" for side in _HELD}
    if all((stage.folder / name).is_file() for name in found.values()):
        return found
    for offset, (side, (rows, script)) in enumerate(_HELD.items()):
        frame = held_list(stage.size(rows), seed=stage.seed + offset, script=script)
        write_whole(stage.folder / f"held-by-{side.lower()}.csv", sealed_csv(frame))
    return {side: f"held-by-{side.lower()}.csv" for side in _HELD}


def _audits(folder: Path, desk: Desk) -> list[str]:
    paper = read_bytes(folder / "PLAN.json")
    lines, said = [], []
    for side in (None, *desk.terms.sides):
        lists = plan_lists(folder / "PLAN.json", paper, desk.terms.sides, side=side)
        verdict = audit(desk.terms_bytes, paper, lists, side=side)
        who = side or "the neutral"
        lines.append(f"audit as {who}: {'keeps to the terms' if verdict.holds else 'DOES NOT KEEP TO THE TERMS'}")
        said += [f"Audit as {who}", *verdict_lines(verdict, Words("exchange", Language.EN)), ""]
    write_whole(folder / "VERDICT.txt", "\n".join(said))
    return lines


def _repair(folder: Path, desk: Desk, plan: Plan) -> tuple[list[str], tuple[Act, ...]]:
    """Let one person of each side fall out after the first leg."""
    first, second = desk.terms.sides
    refs = [f"{first}:{ref}" for ref in plan.legs[1].release[first][:2]]
    refs += [f"{second}:{ref}" for ref in plan.legs[2].release[second][:1]]
    if not refs:
        return [], ()
    out = folder / "PLAN2.json"
    made, changes = repaired(desk, folder / "PLAN.json", tuple(refs), after=1)
    write_plan(out, made, desk)
    if isinstance(made, Clash):
        return clash_lines(made, Words("exchange", Language.EN)), ()
    write_whole(out.with_suffix(".html"), plan_page(made, prices=(), language=Language.EN))
    paper = plan_bytes(made, lists=list_paths(out, desk.terms.sides))
    verdict = audit(desk.terms_bytes, paper, desk.sealed)
    kept = "keeps to the terms" if verdict.holds else "DOES NOT KEEP TO THE TERMS"
    line = f"after leg 1, {len(refs)} people cannot go: {len(changes)} changes in all, and the plan {kept}"
    return [line], (_act("exchange_repair", "exchange-repair", made, desk, out),)


def _act(kind: str, statement: str, plan: Plan, desk: Desk, out: Path) -> Act:
    content: dict[str, Json] = {
        "plan_sha256": sha256_hex(read_bytes(out)),
        "terms_sha256": plan.terms_sha256,
        "lists_sha256": dict(plan.lists_sha256),
        "released": {side: total(plan, side) for side in desk.terms.sides},
    }
    return Act(kind, statement, content, (*desk.terms.sides, "neutral"))
