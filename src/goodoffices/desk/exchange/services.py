"""Writes of exchanges: open, set terms, ask for work, sign, draw. Each is one transaction with its record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.exchange import selectors
from goodoffices.desk.exchange.models import Draw, Exchange, Half, Holding, Plan, Signature
from goodoffices.desk.exchange.records import plan_of, terms_of, view_of
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.jobs.work import ask
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.lists.models import ListVersion
from goodoffices.desk.lists.settling import lines_agree
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.parties.services import reading_note
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.packages import held_codes
from goodoffices.desk.talks.records import commitment_hash
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.errors import Fault, InputError, TransitionError, VerificationError

COMPOSE, OPTIONS, REPAIR, AUDIT = "exchange_compose", "exchange_options", "exchange_repair", "exchange_audit"
_HEX = re.compile(r"[0-9a-f]{64}")


def exchange_open(
    *, title: str, commitment: Commitment, versions: Mapping[str, ListVersion], by: Viewer, at: dt.datetime
) -> Exchange:
    """Open an exchange on a closed commitment and one sealed, released list of each side.

    Raises
    ------
    InputError
        If the commitment is not closed or held by a package, or a list is not sealed and released to the neutral.
    """
    require(by, "write", Thing(selectors.KIND))
    if commitment.state not in selectors.CLOSED:
        raise InputError(Fault("", "", "commitment", commitment.state, " or ".join(selectors.CLOSED)))
    if commitment.code in held_codes():
        raise InputError(Fault("", "", "commitment", "held by a package", "one that binds by itself"))
    for side in sides():
        version = versions.get(side.code)
        if version is None or version.id not in {one.id for one in selectors.versions(side.code, at)}:
            raise InputError(Fault("", "", f"list_{side.code}", "no such list", "a sealed list released to the desk"))
    exchange = Exchange.objects.create(
        title=title, owner=neutral().code, commitment=commitment, commitment_hash=commitment_hash(commitment), terms="",
        by_id=by.user, at=at,
    )  # fmt: skip
    for party, version in versions.items():
        Holding.objects.create(exchange=exchange, party_id=party, version=version, sha256=version.sha256)
    _record("exchange_opened", exchange, {"commitment": commitment.code}, by=by, at=at)
    return exchange


def terms_set(*, exchange: Exchange, terms: str, by: Viewer, at: dt.datetime) -> Exchange:
    """Set the terms; a plan that was made from others stays, and can no longer be signed.

    Raises
    ------
    InputError
        With every fault of the terms.
    """
    require(by, "write", Thing(selectors.KIND))
    terms_of(terms)
    exchange.terms = terms
    exchange.save(update_fields=["terms"])
    _record("exchange_terms", exchange, {"terms_sha256": sha256_hex(terms.encode())}, by=by, at=at)
    return exchange


def work_ask(*, kind: str, exchange: Exchange, by: Viewer, at: dt.datetime, given: Mapping[str, Json]) -> Job:
    """Ask for a plan, a menu, or a repair. Whole lists are opened for it, and their owners see that.

    Raises
    ------
    InputError
        If there are no terms, or the lottery has begun and not ended.
    """
    require(by, "repair" if kind == REPAIR else "compose", Thing(selectors.KIND))
    if not exchange.terms:
        raise InputError(Fault("", "", "terms", "none", "terms, set first"))
    if kind != REPAIR and (waits := lottery_waits(exchange)):
        raise InputError(Fault("", "", "lottery", f"waits for {', '.join(waits)}", "both texts revealed, or no draw"))
    _open_lists(exchange, by, at)
    return ask(kind=kind, owner=exchange.owner, given={"exchange": exchange.id, "by": by.user, **given}, by=by, at=at)


def _open_lists(exchange: Exchange, by: Viewer, at: dt.datetime) -> None:
    """Note to both owners that their whole lists are opened.

    Raises
    ------
    InputError
        If one is released no more.
    """
    if missing := selectors.unreleased(exchange, at):
        raise InputError(Fault("", "", "lists", f"not released: {', '.join(missing)}", "both lists released"))
    for holding in exchange.holdings.select_related("version"):
        reading_note(
            by=by, owner=holding.party_id, kind="list", row=holding.version.list_id, at=at,
            records=holding.version.records, verb="compose",
        )  # fmt: skip


def lottery_waits(exchange: Exchange) -> list[str]:
    """Name the sides for whose text a lottery that has begun waits; none if none has begun."""
    draws = {draw.party_id: draw for draw in exchange.draws.all()}
    if not draws:
        return []
    return [side.code for side in sides() if side.code not in draws or draws[side.code].revealed_at is None]


def audit_ask(*, plan: Plan, by: Viewer, at: dt.datetime) -> Job:
    """Ask for the audit anew; whole lists are opened for it too."""
    require(by, "audit", Thing(selectors.KIND))
    _open_lists(plan.exchange, by, at)
    return ask(kind=AUDIT, owner=plan.owner, given={"plan": plan.id, "try": new_id()}, by=by, at=at)


def plan_take(*, plan: Plan, by: Viewer, at: dt.datetime) -> Plan:
    """Let an option stand as the plan, and its terms as the terms.

    Raises
    ------
    TransitionError
        If it is no option.
    """
    require(by, "write", Thing(selectors.KIND))
    if plan.kind != "option":
        raise TransitionError("only an option can be taken")
    exchange = plan.exchange
    taken = Plan.objects.create(
        id=new_id(), exchange=exchange, owner=plan.owner, number=next_number(exchange), kind="composed",
        names=f"taken:{plan.number}", terms=plan.terms,
        base=sha256_hex(plan.terms.encode()), body=plan.body, sha256=plan.sha256, shown=plan.shown,
        job=new_id(), by_id=by.user, at=at,
    )  # fmt: skip
    for half in plan.halves.all():
        Half.objects.create(id=new_id(), plan=taken, party_id=half.party_id, people=half.people)
    exchange.terms = plan.terms
    exchange.save(update_fields=["terms"])
    _record("exchange_option", exchange, {"plan": taken.number, "plan_sha256": taken.sha256}, by=by, at=at)
    return taken


def next_number(exchange: Exchange) -> int:
    """Give the number of the next plan."""
    last = exchange.plans.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def plan_sign(*, exchange: Exchange, sha256: str, by: Viewer, at: dt.datetime) -> Plan:
    """Sign the plan that stands, by its hash; a repeat changes nothing.

    Raises
    ------
    TransitionError
        If no plan stands, or the audit refuses it.
    VerificationError
        If another plan stands than the one that was shown.
    """
    require(by, "sign", Thing(selectors.KIND))
    plan = selectors.standing(exchange)
    if plan is None or plan.kind == "infeasible":
        raise TransitionError("no plan stands that could be signed")
    if selectors.is_stale(plan):
        raise TransitionError("the terms are others since this plan was made")
    if plan.sha256 != sha256:
        raise VerificationError("another plan stands now; read it before you sign")
    if not plan.shown["verdict"]["holds"]:
        raise TransitionError("the audit refuses this plan")
    _, created = Signature.objects.get_or_create(
        plan=plan, party_id=by.party, defaults={"sha256": sha256, "by_id": by.user, "at": at}
    )
    if not created:
        return plan
    said: dict[str, Json] = {"plan": plan.number, "plan_sha256": sha256}
    _record("plan_signed", exchange, {**said, "party": by.party}, by=by, at=at, roles=(by.party,))
    if selectors.is_agreed(plan):
        seals = {holding.party_id: holding.sha256 for holding in exchange.holdings.all()}
        whole: dict[str, Json] = {**said, "terms_sha256": sha256_hex(plan.terms.encode()), "lists_sha256": dict(seals)}
        whole["views_sha256"] = {side.code: sha256_hex(view_of(plan, side.code)) for side in sides()}
        _record("plan_agreed", exchange, whole, by=by, at=at, roles=tuple(side.code for side in sides()))
        _lines_follow(plan, by=by, at=at)
    return plan


def _lines_follow(plan: Plan, *, by: Viewer, at: dt.datetime) -> None:
    """Let the lines of both lists that the signed plan names be agreed."""
    exchange, going = plan.exchange, plan_of(plan)
    for holding in exchange.holdings.select_related("version__list").order_by("party"):
        refs = [ref for leg in going.legs for ref in leg.release.get(holding.party_id, ())]
        lines_agree(version=holding.version, refs=refs, about=f"exchange:{exchange.id}", by=by, at=at)


def draw_commit(*, exchange: Exchange, commit: str, by: Viewer, at: dt.datetime) -> Draw:
    """Commit to a text by its SHA-256, before anybody reveals; it cannot be changed.

    Raises
    ------
    InputError
        If it is no SHA-256.
    TransitionError
        If this side has committed to another.
    """
    require(by, "sign", Thing(selectors.KIND))
    if not _HEX.fullmatch(commit):
        raise InputError(Fault("", "", "commit", f"{len(commit)} letters", "64 hexadecimal digits"))
    draw, created = Draw.objects.get_or_create(
        exchange=exchange, party_id=by.party, defaults={"commit": commit, "committed_at": at}
    )
    if draw.commit != commit:
        raise TransitionError("this side has committed already")
    if created:
        seals = {holding.party_id: holding.sha256 for holding in exchange.holdings.all()}
        _record("lottery_commit", exchange, {"commit": commit, "lists_sha256": dict(seals)}, by=by, at=at)
    return draw


def draw_reveal(*, exchange: Exchange, reveal: str, by: Viewer, at: dt.datetime) -> Draw:
    """Reveal the text that was committed to, once every side has committed.

    Raises
    ------
    InputError
        If it does not fit the hash, or is too short to be a secret.
    TransitionError
        If a side has not committed yet.
    """
    require(by, "sign", Thing(selectors.KIND))
    draws = {draw.party_id: draw for draw in exchange.draws.all()}
    if set(draws) != {side.code for side in sides()}:
        raise TransitionError("reveal only when every side has committed")
    draw = draws[by.party]
    if len(reveal) < 16 or "\n" in reveal:
        raise InputError(Fault("", "", "reveal", f"{len(reveal)} characters", "at least 16 characters on one line"))
    if sha256_hex(reveal.encode()) != draw.commit:
        raise InputError(Fault("", "", "reveal", "another SHA-256", f"a text whose SHA-256 is {draw.commit}"))
    if draw.revealed_at is None:
        draw.reveal, draw.revealed_at = reveal, at
        draw.save(update_fields=["reveal", "revealed_at"])
        _record("lottery_reveal", exchange, {"commit": draw.commit}, by=by, at=at)
    return draw


def _record(
    kind: str, exchange: Exchange, content: Mapping[str, Json], *, by: Viewer, at: dt.datetime,
    roles: tuple[str, ...] = (),
) -> None:  # fmt: skip
    statement_record(
        kind=kind, content={"exchange": exchange.id, **content}, owner=exchange.owner, by=by, at=at, roles=roles,
        subject=f"exchange:{exchange.id}",
    )  # fmt: skip
