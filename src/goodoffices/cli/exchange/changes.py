"""Changes on the day: from references at the terminal to a repaired plan."""

from __future__ import annotations

from pathlib import Path

from goodoffices.cli.exchange.files import Desk, made_plan
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.plan import Clash, Plan
from goodoffices.engines.exchange.compose import prepare
from goodoffices.engines.exchange.repair import Change, repair
from goodoffices.store.write import read_bytes


def repaired(desk: Desk, plan: Path, refs: tuple[str, ...], *, after: int) -> tuple[Plan | Clash, list[Change]]:
    """Repair the plan in a file.

    Raises
    ------
    InputError
        If the plan was made from other terms or lists, or a reference names nobody or two people.
    """
    old = made_plan(desk, plan)
    gone = {side: named | _before(old, side) for side, named in _gone(desk, refs).items()}
    case = prepare(desk.terms, desk.lists, terms_sha256=old.terms_sha256, lists_sha256=desk.lists_sha256, gone=gone)
    return repair(case, old, after=after, gone=gone, plan_sha256=sha256_hex(read_bytes(plan)))


def _before(old: Plan, side: str) -> frozenset[str]:
    gone = (old.repair or {}).get("gone")
    found = gone.get(side, []) if isinstance(gone, dict) else []
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _gone(desk: Desk, refs: tuple[str, ...]) -> dict[str, frozenset[str]]:
    known = {side: frozenset(frame["ref"].to_list()) for side, frame in desk.lists.items()}
    gone: dict[str, set[str]] = {side: set() for side in desk.terms.sides}
    faults = []
    for given in refs:
        side, _, ref = given.partition(":")
        sides = [side] if side in known and ref in known[side] else [name for name in known if given in known[name]]
        if len(sides) == 1:
            gone[sides[0]].add(ref if sides == [side] and ref in known[side] else given)
        elif sides:
            faults.append(Fault("--gone", given, "", "on both lists", f"SIDE:REF, such as {sides[0]}:{given}"))
        else:
            faults.append(Fault("--gone", given, "", "on no list", "a reference on one of the lists"))
    if faults:
        raise InputError(*faults)
    return {side: frozenset(found) for side, found in gone.items()}
