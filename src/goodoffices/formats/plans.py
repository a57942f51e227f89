"""PLAN.json of an exchange, out and in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.plan import Clash, Leg, Level, Plan, Tie


def plan_json(plan: Plan | Clash, *, lists: Mapping[str, str]) -> dict[str, Json]:
    """Give a plan, or the terms that clash, as its JSON object.

    Parameters
    ----------
    plan
        What was composed.
    lists
        Side to the path of its sealed list, relative to the plan's file.
    """
    if isinstance(plan, Clash):
        return {"infeasible": list(plan.terms), "reasons": [dict(reason) for reason in plan.reasons]}
    shared = shared_refs(plan)
    found: dict[str, Json] = {
        "terms_sha256": plan.terms_sha256,
        "lists": dict(lists),
        "lists_sha256": dict(plan.lists_sha256),
        "legs": [_leg(leg, shared) for leg in plan.legs],
        "objective": [
            {"criterion": level.criterion, "value": level.value, "bound": level.bound} for level in plan.objective
        ],
        "certificate": [
            {"criterion": level.criterion, "multipliers": dict(level.multipliers)} for level in plan.objective
        ],
        "lottery": {
            "seed": plan.seed,
            "order_sha256": plan.order_sha256,
            "order": "ref" if plan.seed is None else "ticket",
        },
        "left_out": {side: dict(counts) for side, counts in plan.left_out.items()},
        "ties": [_tie(tie) for tie in plan.ties],
        "warnings": [dict(warning) for warning in plan.warnings],
    }
    if plan.repair is not None:
        found["repair"] = dict(plan.repair)
    return found


def plan_bytes(plan: Plan | Clash, *, lists: Mapping[str, str]) -> bytes:
    """Write PLAN.json: one value a line, UTF-8, LF."""
    return (json.dumps(plan_json(plan, lists=lists), ensure_ascii=False, indent=1) + "\n").encode()


def shared_refs(plan: Plan) -> frozenset[str]:
    """Name the references that both sides release; their heading stands under `SIDE:ref`."""
    count = Counter(ref for leg in plan.legs for refs in leg.release.values() for ref in refs)
    return frozenset(ref for ref, number in count.items() if number > 1)


def parse_plan(data: bytes, file: str) -> Plan:
    """Read PLAN.json back.

    Raises
    ------
    InputError
        If it is no JSON, or no plan, or says that the terms are infeasible.
    """
    try:
        tree = json.loads(data)
    except ValueError as error:
        raise InputError(Fault(file, "", "", f"no JSON: {error}", "a plan as `exchange compose` writes it")) from error
    if isinstance(tree, dict) and "infeasible" in tree:
        raise InputError(Fault(file, "infeasible", "", "terms without a plan", "a plan with legs"))
    try:
        return _plan(tree)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(Fault(file, "", "", f"{type(error).__name__}: {error}", "a plan with legs")) from error


def _leg(leg: Leg, shared: frozenset[str]) -> dict[str, Json]:
    return {
        "number": leg.number,
        "release": {side: list(refs) for side, refs in leg.release.items()},
        "heading": {
            f"{side}:{ref}" if ref in shared else ref: heading
            for side, headings in leg.heading.items()
            for ref, heading in headings.items()
        },
    }


def _tie(tie: Tie) -> dict[str, Json]:
    return {
        "side": tie.side,
        "heading": tie.heading,
        "site": tie.site,
        "criteria": dict(tie.criteria),
        "taken": tie.taken,
        "of": tie.of,
        "last_in": tie.last_in,
        "first_out": tie.first_out,
    }


def _plan(tree: Mapping[str, object]) -> Plan:
    legs = []
    for leg in _rows(tree["legs"]):
        release = {side: tuple(map(str, refs)) for side, refs in _map(leg["release"]).items()}  # type: ignore[call-overload]
        flat = _map(leg["heading"])
        heading = {
            side: {ref: str(flat[f"{side}:{ref}"] if f"{side}:{ref}" in flat else flat[ref]) for ref in refs}
            for side, refs in release.items()
        }
        legs.append(Leg(int(str(leg["number"])), release, heading))
    proofs = {str(row["criterion"]): _map(row["multipliers"]) for row in _rows(tree["certificate"])}
    lottery = _map(tree["lottery"])
    repair = tree.get("repair")
    return Plan(
        terms_sha256=str(tree["terms_sha256"]),
        lists_sha256={side: str(text) for side, text in _map(tree["lists_sha256"]).items()},
        legs=tuple(legs),
        objective=tuple(
            Level(
                str(row["criterion"]),
                int(str(row["value"])),
                int(str(row["bound"])),
                {name: str(value) for name, value in proofs[str(row["criterion"])].items()},
            )
            for row in _rows(tree["objective"])
        ),
        left_out={
            side: {reason: int(str(count)) for reason, count in _map(counts).items()}
            for side, counts in _map(tree["left_out"]).items()
        },
        seed=None if lottery.get("seed") is None else str(lottery["seed"]),
        order_sha256=str(lottery["order_sha256"]),
        repair=None if repair is None else json.loads(json.dumps(_map(repair))),
    )


def _map(found: object) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise TypeError(f"found {type(found).__name__}, expected an object")
    return found


def _rows(found: object) -> list[Mapping[str, object]]:
    if not isinstance(found, list):
        raise TypeError(f"found {type(found).__name__}, expected a list")
    return [_map(row) for row in found]
