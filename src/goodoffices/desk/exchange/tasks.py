"""Long work of exchanges: plan, menu of options, repair, audit. Each result lies sealed, whole or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.utils import timezone

from goodoffices.desk.exchange.legs import numbers_of
from goodoffices.desk.exchange.models import Exchange, Half, Menu, Plan
from goodoffices.desk.exchange.records import Lists, lists_of, plan_of, terms_of
from goodoffices.desk.exchange.relief import reliefs
from goodoffices.desk.exchange.services import AUDIT, COMPOSE, OPTIONS, REPAIR, next_number
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import Progress, work
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.plan import Clash
from goodoffices.domain.plan import Plan as PlanNoun
from goodoffices.domain.terms import Lottery, Terms
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.compose import Case, compose, prepare
from goodoffices.engines.exchange.conflict import clash
from goodoffices.engines.exchange.options import bound_terms, menu, prices
from goodoffices.engines.exchange.repair import Change, repair
from goodoffices.formats.exchange_words import verdict_json
from goodoffices.formats.plans import plan_bytes, plan_json
from goodoffices.formats.terms_out import terms_bytes

Given = Mapping[str, object]
Result = tuple[Mapping[str, object], str]
BETWEEN = 3
"""Points of the menu between its ends."""


def register() -> None:
    """Make the work known to the worker."""
    work(COMPOSE)(compose_work)
    work(OPTIONS)(options_work)
    work(REPAIR)(repair_work)
    work(AUDIT)(audit_work)


@dataclass(frozen=True, slots=True)
class Made:
    """What came out, before it is written.

    Attributes
    ----------
    kind, names
        Of the plan's row.
    terms
        Its bytes.
    base
        Hash of the exchange's terms that it answers.
    found
        The plan, or the clash.
    case
        What it was made from.
    before, after, changes
        Of a repair.
    """

    kind: str
    terms: bytes
    base: str
    found: PlanNoun | Clash
    case: Case
    names: str = ""
    before: Plan | None = None
    after: int | None = None
    changes: Sequence[Change] = ()


def compose_work(given: Given, progress: Progress) -> Result:
    """Compose a plan under the terms as they stand."""
    exchange = Exchange.objects.get(id=given["exchange"])
    address = f"/exchange/{exchange.id}"
    if Plan.objects.filter(job=progress.job).exists():
        return {}, address
    progress.tell("reading", 0, 4)
    lists = lists_of(exchange)
    terms = drawn(exchange)
    data = terms_bytes(terms)
    progress.tell("composing", 1, 4)
    case = _case(terms, data, lists)
    made = Made("composed", data, sha256_hex(exchange.terms.encode()), compose(case), case)
    progress.tell("auditing", 2, 4)
    plan = _row(exchange, made, lists, given, progress)
    progress.tell("writing", 3, 4)
    with transaction.atomic():
        _write(exchange, [plan], [made])
    return {"kind": plan.kind}, address


def drawn(exchange: Exchange) -> Terms:
    """Give the terms with what the lottery revealed, if there was one, and the seals of both lists."""
    terms = terms_of(exchange.terms)
    draws = {draw.party_id: draw for draw in exchange.draws.all()}
    seals = {holding.party_id: holding.sha256 for holding in exchange.holdings.all()}
    lottery = None
    if draws and all(draw.revealed_at for draw in draws.values()):
        lottery = Lottery(
            {side: draws[side].commit for side in terms.sides}, {side: draws[side].reveal for side in terms.sides}
        )
    return dataclasses.replace(terms, lottery=lottery, sealed={side: seals[side] for side in terms.sides})


def _case(terms: Terms, data: bytes, lists: Lists, gone: Mapping[str, frozenset[str]] | None = None) -> Case:
    return prepare(terms, lists.frames, terms_sha256=sha256_hex(data), lists_sha256=lists.sha256, gone=gone)


def _row(exchange: Exchange, made: Made, lists: Lists, given: Given, progress: Progress) -> Plan:
    """Make the row of a plan: the audit's word, the price of each priority, or what each clashing term would give."""
    found = made.found
    names = {side: f"{side}.csv" for side in lists.frames}
    data = plan_bytes(found, lists=names)
    shown: dict[str, Json]
    if isinstance(found, Clash):
        shown = {"clash": plan_json(found, lists={})}
        if made.kind != "repaired":
            shown["reliefs"] = cast("Json", reliefs(found.terms, made.case.terms, lists))
    else:
        before = None if made.before is None else made.before.body.encode()
        verdict = audit(made.terms, data, lists.sealed, before=before)
        paid = prices(made.case) if made.kind != "repaired" else ()
        shown = {
            "verdict": cast("Json", verdict_json(verdict)),
            "prices": [cast("Json", dataclasses.asdict(price)) for price in paid],
            "warnings": [dict(warning) for warning in found.warnings],
            "people": {side: frame.height for side, frame in lists.frames.items()},
        }
    return Plan(
        id=new_id(), exchange=exchange, owner=exchange.owner, names=made.names, terms=made.terms.decode(),
        kind="infeasible" if isinstance(found, Clash) else made.kind, base=made.base,
        body=None if isinstance(found, Clash) else data.decode(), sha256=sha256_hex(data), shown=shown,
        before=made.before, after=made.after, job=progress.job, by_id=str(given["by"]), at=timezone.now(),
    )  # fmt: skip


def _write(exchange: Exchange, plans: list[Plan], made: list[Made]) -> None:
    """Write plans and both halves of each; call it inside the transaction that ends the work."""
    Exchange.objects.select_for_update().get(id=exchange.id)
    for number, (plan, one) in enumerate(zip(plans, made, strict=True), next_number(exchange)):
        plan.number = number
        plan.save(force_insert=True)
        if isinstance(one.found, PlanNoun):
            for side in one.case.terms.sides:
                Half.objects.create(id=new_id(), plan=plan, party_id=side, people=_half(one, one.found, side))


def _half(made: Made, plan: PlanNoun, side: str) -> dict[str, Json]:
    """Give one side's half: who goes, who stays and why, what changed; by the side's own references."""
    place = made.case.terms.sides.index(side)
    people, apart = made.case.people[place], set(made.case.columns.split[place])
    going: list[Json] = [
        [leg.number, number, ref, leg.heading[side][ref]]
        for leg in plan.legs
        for number, ref in enumerate(leg.release.get(side, ()), 1)
    ]
    gone = {ref for leg in plan.legs for ref in leg.release.get(side, ())}
    stays: list[Json] = [
        [ref, reason or ("family" if row in apart else "not_chosen")]
        for row, (ref, reason) in enumerate(zip(people.ref, people.reason, strict=True))
        if ref not in gone
    ]
    changes: list[Json] = [[one.ref, one.before, one.after] for one in made.changes if one.side == side]
    return {"going": going, "stays": stays, "changes": changes}


def options_work(given: Given, progress: Progress) -> Result:
    """Find the menu and compose each point of it; every point is a plan that the audit has read."""
    exchange = Exchange.objects.get(id=given["exchange"])
    address = f"/exchange/{exchange.id}/options"
    if Menu.objects.filter(job=progress.job).exists() or Plan.objects.filter(job=progress.job).exists():
        return {}, address
    progress.tell("reading", 0, 6)
    lists, terms = lists_of(exchange), drawn(exchange)
    base, case = sha256_hex(exchange.terms.encode()), _case(terms, terms_bytes(terms), lists)
    progress.tell("options", 1, 6)

    def stop() -> bool:
        progress.tell("options", 2, 6)
        return False

    found = menu(case, between=BETWEEN, stop=stop)
    if found is None:
        none = clash(case.columns, case.terms, case.people)
        made = [Made("composed", terms_bytes(terms), base, none, case)]
        with transaction.atomic():
            _write(exchange, [_row(exchange, made[0], lists, given, progress)], made)
        return {}, f"/exchange/{exchange.id}"
    made, rows = [], []
    for number, option in enumerate(found.options, 1):
        progress.tell("options", 2 + number, 2 + len(found.options) + 1)
        mine = bound_terms(terms, option)
        data = terms_bytes(mine)
        its = _case(mine, data, lists)
        made.append(Made("option", data, base, compose(its), its, names=f"{number};{';'.join(option.names)}"))
        rows.append(_row(exchange, made[-1], lists, given, progress))
    tree: dict[str, Json] = {
        "options": [
            {"gain": list(option.gain), "names": list(option.names), "plan": row.id}
            for option, row in zip(found.options, rows, strict=True)
        ],
        "sides": list(terms.sides),
        "priority": list(found.priority),
        "variants": [[name, list(point)] for name, point in found.variants],
        "nash_proven": found.is_nash_proven,
        "base": base,
    }
    with transaction.atomic():
        _write(exchange, rows, made)
        Menu.objects.create(
            id=new_id(), exchange=exchange, owner=exchange.owner, found=tree, job=progress.job, at=timezone.now()
        )
    return {"options": len(rows)}, address


def repair_work(given: Given, progress: Progress) -> Result:
    """Find the smallest lawful change of the legs still to come."""
    old = Plan.objects.select_related("exchange").get(id=given["plan"])
    exchange, address = old.exchange, f"/exchange/{old.exchange_id}"
    if Plan.objects.filter(job=progress.job).exists():
        return {}, address
    progress.tell("reading", 0, 3)
    lists, terms, was = lists_of(exchange), terms_of(old.terms), plan_of(old)
    after = int(str(given["after"]))
    gone = _gone(given, old, was, lists)
    progress.tell("repairing", 1, 3)
    case = _case(terms, old.terms.encode(), lists, gone)
    found, changes = repair(case, was, after=after, gone=gone, plan_sha256=old.sha256)
    made = Made("repaired", old.terms.encode(), old.base, found, case, before=old, after=after, changes=tuple(changes))
    progress.tell("auditing", 2, 3)
    row = _row(exchange, made, lists, given, progress)
    with transaction.atomic():
        _write(exchange, [row], [made])
    return {"changed": len(changes)}, address


def _gone(given: Given, old: Plan, was: PlanNoun, lists: Lists) -> dict[str, frozenset[str]]:
    """Turn what was typed into references: one as it is, LEG/PLACE or a manifest number; who was gone before too.

    Raises
    ------
    InputError
        If one is on no list.
    """
    before = (was.repair or {}).get("gone")
    found, faults = {}, []
    for side, frame in lists.frames.items():
        known = frozenset(frame["ref"].to_list())
        numbers = {
            f"{leg.number}/{number}": ref for leg in was.legs for number, ref in enumerate(leg.release.get(side, ()), 1)
        }
        numbers |= {
            number: numbers[f"{leg.number}/{place}"]
            for leg in was.legs
            for place, number in enumerate(numbers_of(old, leg.number, side), 1)
        }
        typed = cast("Mapping[str, Sequence[str]]", given["gone"]).get(side, ())
        refs = {numbers.get(word, word) for word in typed}
        faults += [
            Fault("", side, "", "a word that names nobody", "LEG/PLACE, a number or a reference") for r in refs - known
        ]
        earlier = before.get(side, []) if isinstance(before, dict) else []
        found[side] = frozenset(refs) | frozenset(map(str, earlier if isinstance(earlier, list) else []))
    if faults:
        raise InputError(*faults)
    return found


def audit_work(given: Given, progress: Progress) -> Result:
    """Let the audit read a plan anew from the sealed rows."""
    plan = Plan.objects.select_related("exchange", "before").get(id=given["plan"])
    progress.tell("auditing", 0, 1)
    lists = lists_of(plan.exchange)
    before = None if plan.before is None else plan.before.body.encode()
    verdict = audit(plan.terms.encode(), plan.body.encode(), lists.sealed, before=before)
    with transaction.atomic():
        fresh = Plan.objects.select_for_update().get(id=plan.id)
        fresh.shown = {**fresh.shown, "verdict": verdict_json(verdict), "audited_at": timezone.now().isoformat()}
        fresh.save(update_fields=["shown"])
    return {"holds": verdict.holds}, f"/exchange/{plan.exchange_id}"
