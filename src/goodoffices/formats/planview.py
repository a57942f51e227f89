"""One side's view of a signed plan: its own people, of the other half numbers alone. `goodoffices/plan-view@v1`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from goodoffices.domain.canonical import Json
from goodoffices.domain.plan import Leg, Plan

FORM = "goodoffices/plan-view@v1"


def view_json(plan: Plan, *, side: str, plan_sha256: str, path: str) -> dict[str, Json]:
    """Give one side's view of a plan as its JSON object.

    Parameters
    ----------
    plan
        The whole plan.
    side
        Whose view it is; the other half stays as numbers.
    plan_sha256
        Of the plan's bytes, as both sides signed them.
    path
        Of the side's own sealed list, relative to the view's file.
    """
    found: dict[str, Json] = {
        "form": FORM,
        "side": side,
        "plan_sha256": plan_sha256,
        "terms_sha256": plan.terms_sha256,
        "lists": {side: path},
        "lists_sha256": dict(plan.lists_sha256),
        "legs": [_leg(leg, side) for leg in plan.legs],
        "others": {name: dict(_headings(plan, name)) for name in plan.lists_sha256 if name != side},
        "objective": [{"criterion": one.criterion, "value": one.value, "bound": one.bound} for one in plan.objective],
        "lottery": {"seed": plan.seed},
        "left_out": dict(plan.left_out.get(side, {})),
    }
    if plan.repair is not None:
        found["repair"] = _repair(plan.repair, side)
    return found


def view_bytes(plan: Plan, *, side: str, plan_sha256: str, path: str) -> bytes:
    """Write a view: the same plan gives the same bytes."""
    tree = view_json(plan, side=side, plan_sha256=plan_sha256, path=path)
    return (json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def is_view(data: bytes) -> bool:
    """Whether bytes say that they are a view, not a plan."""
    try:
        tree = json.loads(data)
    except ValueError:
        return False
    return isinstance(tree, dict) and tree.get("form") == FORM


def _leg(leg: Leg, side: str) -> dict[str, Json]:
    others: dict[str, Json] = {
        name: {"all": len(refs), "balance": sum(leg.heading[name][ref] == "balance" for ref in refs)}
        for name, refs in leg.release.items()
        if name != side
    }
    return {
        "number": leg.number,
        "release": list(leg.release.get(side, ())),
        "heading": dict(leg.heading.get(side, {})),
        "others": others,
    }


def _headings(plan: Plan, side: str) -> dict[str, int]:
    return dict(sorted(Counter(name for leg in plan.legs for name in leg.heading.get(side, {}).values()).items()))


def _repair(repair: Mapping[str, Json], side: str) -> dict[str, Json]:
    """Keep of a repair who of one's own cannot go."""
    gone = repair.get("gone")
    own = gone.get(side, []) if isinstance(gone, dict) else []
    return {"after": repair.get("after"), "plan_sha256": repair.get("plan_sha256"), "gone": own}
