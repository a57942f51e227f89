"""The menu of options on disk: a pair of terms and plan for each point, and the page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from goodoffices.cli.exchange.files import Desk, write_plan
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.plan import Clash
from goodoffices.engines.exchange.compose import Case, compose, prepare
from goodoffices.engines.exchange.conflict import clash
from goodoffices.engines.exchange.options import Option, bound_terms, menu, prices
from goodoffices.formats.exchange_menu import menu_lines, menu_page
from goodoffices.formats.exchange_words import clash_lines
from goodoffices.formats.plans import plan_json
from goodoffices.formats.terms_out import terms_bytes
from goodoffices.formats.words import Language, Words
from goodoffices.store.write import write_whole


def write_menu(desk: Desk, folder: Path, *, between: int, language: Language) -> tuple[list[str], dict[str, Json]]:
    """Find the menu and write its plans; give what to print, as lines and as JSON."""
    words = Words("exchange", language)
    case = _case(desk)
    found = menu(case, between=between)
    if found is None:
        none = clash(case.columns, case.terms, case.people)
        return clash_lines(none, words), plan_json(none, lists={})
    points: list[Json] = []
    objectives = []
    for number, option in enumerate(found.options, 1):
        plan = _write_option(desk, option, folder, number)
        objectives.append(plan)
        points.append(
            {
                "number": number,
                "gain": dict(zip(desk.terms.sides, option.gain, strict=True)),
                "names": list(option.names),
                "objective": dict(plan),
                "plan": f"option-{number}.json",
                "terms": f"option-{number}.toml",
            }
        )
    paid = prices(case)
    page = menu_page(found, desk.terms.sides, objectives, prices=paid, language=language)
    write_whole(folder / "options.html", page)
    tree: dict[str, Json] = {
        "options": points,
        "priority": dict(zip(desk.terms.sides, found.priority, strict=True)),
        "first": {name: dict(zip(desk.terms.sides, point, strict=True)) for name, point in found.variants},
        "nash_proven": found.is_nash_proven,
        "prices": [dataclasses.asdict(price) for price in paid],
    }
    return menu_lines(found, desk.terms.sides, words), tree


def _case(desk: Desk) -> Case:
    return prepare(desk.terms, desk.lists, terms_sha256=sha256_hex(desk.terms_bytes), lists_sha256=desk.lists_sha256)


def _write_option(desk: Desk, option: Option, folder: Path, number: int) -> dict[str, int]:
    held = {side: f"option-{number}.lists/{side}.csv" for side in desk.terms.sides}
    terms = dataclasses.replace(bound_terms(desk.terms, option), held=held)
    data = terms_bytes(terms)
    mine = Desk(terms, data, desk.lists, desk.sealed)
    plan = compose(_case(mine))
    write_whole(folder / f"option-{number}.toml", data)
    write_plan(folder / f"option-{number}.json", plan, mine)
    objective = () if isinstance(plan, Clash) else plan.objective
    return {level.criterion: level.value for level in objective if level.criterion != "lottery"}
