"""Reads of exchanges: counts for all who take part, people for whom the access table says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.exchange.models import Exchange, Half, Holding, Plan
from goodoffices.desk.keys import ring
from goodoffices.desk.lists.models import ListVersion, Record
from goodoffices.desk.lists.states import SEALED
from goodoffices.desk.parties.selectors import neutral, releases_in_force, sides
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.packages import held_codes
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.lists import ListKind

KIND, PEOPLE = "exchange", "exchange_people"
CLOSED = ("agreed", "in_force")
"""States of a commitment that an exchange may rest on."""


def exchanges(viewer: Viewer) -> list[Exchange]:
    """Give every exchange, the latest first."""
    require(viewer, "read", Thing(KIND))
    return list(Exchange.objects.select_related("commitment").order_by("-at"))


def exchange_of(viewer: Viewer, key: str, verb: str = "read") -> Exchange:
    """Give one exchange.

    Raises
    ------
    NotYoursError
        If there is none for this viewer.
    """
    require(viewer, verb, Thing(KIND))
    found = Exchange.objects.select_related("commitment").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such exchange")
    return found


def standing(exchange: Exchange) -> Plan | None:
    """Give the plan that stands: the latest that is no option."""
    return exchange.plans.exclude(kind="option").order_by("-number").first()


def is_stale(plan: Plan) -> bool:
    """Whether the terms have changed since the plan was made."""
    return plan.base != sha256_hex(plan.exchange.terms.encode())


def plan_row(exchange: Exchange, key: str = "") -> Plan:
    """Give a plan of an exchange: the one named, or the one that stands.

    Raises
    ------
    NotYoursError
        If there is none.
    """
    found = exchange.plans.filter(id=key).first() if key else standing(exchange)
    if found is None:
        raise NotYoursError("no such plan")
    return found


def commitments() -> list[Commitment]:
    """Give the commitments that are closed and may carry an exchange: no package keeps them from binding."""
    return list(Commitment.objects.filter(state__in=CLOSED).exclude(code__in=held_codes()).order_by("code"))


def versions(party: str, now: dt.datetime) -> list[ListVersion]:
    """Give the sealed lists of persons held that a side has released to the neutral, the latest first."""
    released = releases_in_force(now).filter(kind="list", owner=party, audience=neutral()).values("object")
    found = ListVersion.objects.filter(
        list__owner=party, list__kind=ListKind.HELD, state__in=SEALED, id__in=released
    ).select_related("list")
    return list(found.order_by("-sealed_at"))


def unreleased(exchange: Exchange, now: dt.datetime) -> list[str]:
    """Name the sides whose list is no longer released to the neutral."""
    missing = []
    for holding in exchange.holdings.order_by("party"):
        held = releases_in_force(now).filter(kind="list", object=holding.version_id, audience=exchange.owner)
        if not held.exists():
            missing.append(holding.party_id)
    return missing


def released_fields(holding: Holding, now: dt.datetime) -> frozenset[str]:
    """Give the columns of a side's list that the neutral may see now."""
    found = releases_in_force(now).filter(kind="list", object=holding.version_id, audience=neutral())
    return frozenset(name for release in found for name in release.fields)


def signed_by(plan: Plan) -> dict[str, Any]:
    """Give side to its signature."""
    return {one.party_id: one for one in plan.signatures.select_related("party")}


def is_agreed(plan: Plan) -> bool:
    """Whether every side has signed this plan's hash."""
    return {one.party_id for one in plan.signatures.all() if one.sha256 == plan.sha256} == {s.code for s in sides()}


def half_of(viewer: Viewer, plan: Plan, party: str, now: dt.datetime) -> tuple[Half, frozenset[str] | None] | None:
    """Give one side's half of a plan and the columns the viewer may see (None: all); nothing if it is not his."""
    holding = plan.exchange.holdings.select_related("version__list").get(party=party)
    fields = released_fields(holding, now)
    facts = frozenset({"released_neutral"} if "ref" in fields else ())
    if not may(viewer, "read", Thing(PEOPLE, party, facts)):
        return None
    half = Half.objects.filter(plan=plan, party=party).first()
    return None if half is None else (half, None if viewer.party == party else fields)


def lines_of(holding: Holding, refs: list[str], fields: frozenset[str] | None) -> dict[str, dict[str, str]]:
    """Give the fields of some people of a list, by reference, as far as they may be seen."""
    blind = ring().blind
    marks = [blind(holding.party_id, ref, purpose="ref") for ref in refs]
    found = {}
    for start in range(0, len(marks), 500):
        for record in Record.objects.filter(version=holding.version_id, blind_ref__in=marks[start : start + 500]):
            seen = {name: value for name, value in record.fields.items() if fields is None or name in fields}
            found[str(record.fields["ref"])] = seen
    return found
