"""The day of the demo's first leg: both directions counted by three roles on their own devices, merged, attested."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.commitment import Direction, Moved, Unit
from goodoffices.domain.errors import InputError
from goodoffices.domain.handover import Day, Item, Say, Statement, slip_codes
from goodoffices.domain.plan import Leg
from goodoffices.domain.process import Process, Role
from goodoffices.domain.sides import Party, PartyKind
from goodoffices.engines.ledger.keyfile import plain
from goodoffices.engines.ledger.note import ED25519, SigningKey
from goodoffices.flow.handover.attest import Attested, attest
from goodoffices.flow.handover.merge import Merged, merge
from goodoffices.flow.handover.signed import Received, follow, receive, sign
from goodoffices.flow.handover.state import course
from goodoffices.flow.handover.told import told
from goodoffices.flow.result import results
from goodoffices.formats.day import day_bytes
from goodoffices.formats.daypage import day_page
from goodoffices.formats.plans import parse_plan
from goodoffices.formats.process import read_process
from goodoffices.store.example import EXAMPLE, example_process
from goodoffices.store.write import read_bytes, write_whole

_STARTS = dt.datetime(2025, 8, 14, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=3)))
_SIDES = ("A", "B")
_APART = {"civilian", "retained"}
"""Headings that are handed over by manifests of their own."""


def run(stage: Stage) -> Outcome:
    """Count leg 1 in both directions; one person does not go, two devices differ once, the role corrects itself."""
    file = stage.folder.parent / "exchange" / "PLAN.json"
    try:
        leg = parse_plan(read_bytes(file), "PLAN.json").legs[0]
    except InputError:
        return Outcome(("no exchange was composed, so nobody is handed over",))
    lines: list[str] = []
    acts: list[Act] = []
    days = []
    for giver, receiver in (_SIDES, _SIDES[::-1]):
        stage.say(f"counting what {giver} gives")
        keys = _keys(stage, giver)
        day = _day(leg, giver, receiver, keys=keys)
        if not day.items:
            continue
        days.append(day)
        said, act = _one(stage.folder / f"from-{giver.lower()}", day, keys)
        lines += said
        acts.append(act)
    first = days[0] if days else None
    folder = "" if first is None else f"from-{first.direction.giver.lower()}/"
    pages = (
        *((f"{folder}{role}.html", f"The page of the {role}: try it, sign with {role}.key") for role in _ROLES),
        (f"{folder}STATE.json", "The merged day"),
    )
    return Outcome(tuple(lines), pages if first else (), tuple(acts))


_ROLES = (Role.NEUTRAL, Role.GIVER, Role.RECEIVER)


def _keys(stage: Stage, giver: str) -> dict[Role, SigningKey]:
    """Make the demo's keys from its seed; they guard nothing and are written without a passphrase."""
    found = {}
    for role in Role:
        seed = bytes.fromhex(sha256_hex(f"demo key, worth nothing: {stage.seed} {giver} {role}".encode()))
        found[role] = SigningKey.from_seed(f"{role}.{giver.lower()}.example", ED25519, seed=seed)
    return found


def _day(leg: Leg, giver: str, receiver: str, *, keys: dict[Role, SigningKey]) -> Day:
    """Make the manifest of one direction: prisoners of war alone, by number, not by reference."""
    going = [ref for ref in leg.release[giver] if leg.heading[giver][ref] not in _APART]
    transfer = f"exchange-leg-{leg.number}-{giver.lower()}"
    numbers = [str(number) for number in range(1, len(going) + 1)]
    codes = slip_codes(transfer, numbers)
    return Day(
        transfer=transfer,
        commitment=None,
        direction=Direction(giver, receiver),
        neutral="neutral",
        unit=Unit.HANDED_OVER,
        category=Moved.PRISONER_OF_WAR,
        place="crossing c1",
        starts=_STARTS,
        items=tuple(Item(number, codes[number]) for number in numbers),
        keys={role: (str(key.vkey),) for role, key in keys.items()},
    )


def _one(folder: Path, day: Day, keys: dict[Role, SigningKey]) -> tuple[list[str], Act]:
    """Write pages, keys and files of one direction, merge before and after the correction, and say what came of it."""
    write_whole(folder / "DAY.json", day_bytes(day))
    for role, key in keys.items():
        write_whole(folder / f"{role}.html", day_page(day, role))
        write_whole(folder / f"{role}.key", plain("statement", key).write())
    chains = _chains(day)
    early = [_taken(folder, day, chain, keys=keys, name=name) for name, chain in chains.items()]
    clash = merge(day, early).conflicts
    chains["neutral-1"] = _corrected(day, chains["neutral-1"])
    late = _taken(folder, day, chains["neutral-1"], keys=keys, name="neutral-1")
    merged = merge(day, [*early, late])
    attested = attest(merged)
    write_whole(folder / "STATE.json", _state(merged, [*early, late], attested))
    (confirmed,) = (m.confirmed for m in results(_process(attested)).movements)
    refused = sum(says == (Say.DOES_NOT_GO,) for says in merged.said(Role.NEUTRAL).values())
    line = (
        f"{day.direction.giver} to {day.direction.receiver}: {len(day.items)} on the manifest, {refused} does not go, "
        f"{len(chains)} devices, {len(merged.kept)} statements, conflicts {len(clash)}, after the correction "
        f"{len(merged.conflicts)}; confirmed by all three: {confirmed}"
    )
    content = {
        "transfer": day.transfer,
        "manifest_sha256": day.hash,
        "from": day.direction.giver,
        "to": day.direction.receiver,
        "unit": day.unit.value,
        "quantity": confirmed,
        "files_sha256": sorted({one.sha256 for one in (*early, late)}),
    }
    roles = (day.direction.giver, day.direction.receiver, "neutral")
    return [line], Act("handover", f"handover-{day.transfer}", content, roles)


def _chains(day: Day) -> dict[str, tuple[Statement, ...]]:
    """Let four devices speak: giver, receiver, and two of the neutral, who shares the count and once differs."""
    numbers = [item.number for item in day.items]
    stays = {numbers[-1]} if len(numbers) > 1 else set()
    half = (len(numbers) + 1) // 2
    found = {}
    for place, (name, role, mine) in enumerate(
        (
            ("giver", Role.GIVER, numbers),
            ("receiver", Role.RECEIVER, numbers),
            ("neutral-1", Role.NEUTRAL, numbers[:half]),
            ("neutral-2", Role.NEUTRAL, numbers[half - 1 :]),
        ),
        1,
    ):
        chain: tuple[Statement, ...] = ()
        for say in (Say.ARRIVED, Say.MET):
            chain = _said(day, chain, (role, place), say)
        for number in mine:
            slip = name == "neutral-1" and number == mine[-1] and number not in stays
            what = Say.MISSING if slip else Say.DOES_NOT_GO if number in stays else Say.COUNTED
            chain = _said(day, chain, (role, place), what, item=number)
        if name != "neutral-1":
            chain = _said(day, chain, (role, place), Say.ACT_SIGNED)
        found[name] = chain
    return found


def _corrected(day: Day, chain: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Let a device correct its last word on a number, by name."""
    last = chain[-1]
    if last.say is not Say.MISSING:
        return chain
    draft = dataclasses.replace(last, say=Say.COUNTED, about=(last.id,), at=_at(len(chain)))
    return follow(day, chain, draft)


def _said(
    day: Day, chain: tuple[Statement, ...], who: tuple[Role, int], say: Say, *, item: str | None = None
) -> tuple[Statement, ...]:
    role, place = who
    scope = Scope.CHECKED_AGAINST_MANIFEST if say is Say.ACT_SIGNED else None
    return follow(day, chain, Statement(role, f"{place:016x}", 0, "", say, _at(len(chain)), item, scope=scope))


def _at(n: int) -> str:
    return (_STARTS + dt.timedelta(seconds=20 * n)).isoformat()


def _taken(
    folder: Path, day: Day, chain: tuple[Statement, ...], *, keys: dict[Role, SigningKey], name: str
) -> Received:
    data = sign(day, chain, keys[chain[0].role])
    write_whole(folder / f"{name}.statements", data)
    return receive(data, day)


def _state(merged: Merged, files: Sequence[Received], attested: Attested) -> str:
    whole = told(merged, files, course(merged, is_set=True), attested)
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _process(attested: Attested) -> Process:
    """Give a process of the demo's own parties under the example's rules."""
    parties = tuple(Party(side, f"Side {side}", PartyKind.SIDE) for side in _SIDES)
    return dataclasses.replace(
        read_process(example_process(), EXAMPLE),
        parties=(*parties, Party("neutral", "The neutral", PartyKind.NEUTRAL)),
        host=None,
        forums=(),
        proposals=(),
        commitments=(),
        transfers=(),
        assertions=attested.assertions,
    )
