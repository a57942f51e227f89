"""Exchanges for tests: two small invented lists, terms, a plan; made once the way the pages do."""

from django.utils import timezone

from goodoffices.desk.exchange import demo, selectors, services
from goodoffices.desk.exchange.models import Exchange, Half, Holding, Plan, Signature
from goodoffices.desk.ids import new_id
from goodoffices.desk.lists.models import List, ListFile, ListVersion
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.talks.demo import forums_open
from goodoffices.desk.talks.models import Commitment
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.plan import Leg
from goodoffices.domain.plan import Plan as PlanNoun
from goodoffices.formats.plans import plan_bytes
from tests.desk.conftest import viewer

PERSONS, MINIMUM = 60, 25


def composed(*, persons=PERSONS, minimum=MINIMUM):
    """Give an exchange with a plan that nobody has signed."""
    if not Commitment.objects.exists():
        forums_open(timezone.now())
    return demo.compose(timezone.now(), persons=persons, minimum=minimum)


def signed(exchange, *usernames):
    """Let members sign the plan that stands."""
    for username in usernames or ("side-ua-1", "side-ru-1"):
        plan = selectors.standing(exchange)
        services.plan_sign(exchange=exchange, sha256=plan.sha256, by=viewer(username), at=timezone.now())
    return selectors.standing(exchange)


def agreed(**named):
    """Give an exchange whose plan both sides have signed."""
    exchange = composed(**named)
    signed(exchange)
    return exchange


def own_people(exchange, party):
    """Give references and surnames of whom a side holds and releases."""
    plan = selectors.standing(exchange)
    holding = exchange.holdings.get(party=party)
    refs = [ref for _, _, ref, _ in plan.halves.get(party=party).people["going"]]
    lines = selectors.lines_of(holding, refs, None)
    return {ref: lines[ref].get("surname", "") for ref in refs}


def bare_exchange(*, going=()):
    """Give an exchange over two empty lists with a plan of one leg: rows alone, nothing composed.

    `going` names who goes on each side; both sides have then signed.
    """
    now, by = timezone.now(), User.objects.get(username="humanitarian-1")
    commitment = Commitment.objects.create(code=new_id(), title="t", state="agreed")
    terms = demo.demo_terms(now.date(), minimum=0, persons=40)
    exchange = Exchange.objects.create(
        title="t", owner="DESK", commitment=commitment, commitment_hash="0" * 64, terms=terms, by=by, at=now
    )
    for side in sides():
        own = List.objects.create(id=new_id(), owner=side, kind="held", title="t", created_by=by, created_at=now)
        file = ListFile.objects.create(
            id=new_id(),
            list=own,
            owner=side.code,
            fingerprint=new_id(),
            name="n",
            body="",
            state="stored",
            by=by,
            at=now,
        )
        version = ListVersion.objects.create(
            list=own, file=file, number=1, state="sealed", sha256="0" * 64, stored_by=by, stored_at=now, sealed_by=by,
            sealed_at=now,
        )  # fmt: skip
        Holding.objects.create(exchange=exchange, party=side, version=version, sha256="0" * 64)
    plan = bare_plan(exchange, by, going)
    for side in sides() if going else ():
        Signature.objects.create(plan=plan, party=side, sha256=plan.sha256, by=by, at=now)
    return exchange


def bare_plan(exchange, by, going=()):
    """Give a plan of one leg."""
    codes = [side.code for side in sides()]
    release = {code: tuple(going) for code in codes}
    heading = {code: dict.fromkeys(going, "balance") for code in codes}
    noun = PlanNoun(
        terms_sha256="0" * 64, lists_sha256=dict.fromkeys(codes, "0" * 64),
        legs=(Leg(1, release, heading),), objective=(),
        left_out={code: {} for code in codes}, seed=None, order_sha256="0" * 64,
    )  # fmt: skip
    verdict = {"holds": True, "violations": [], "warnings": [], "passed": [], "unchecked": []}
    data = plan_bytes(noun, lists={}).decode()
    plan = Plan.objects.create(
        id=new_id(), exchange=exchange, owner="DESK", number=1, kind="composed", terms=exchange.terms,
        base=sha256_hex(exchange.terms.encode()), body=data, sha256="0" * 64, by=by, at=exchange.at, job=new_id(),
        shown={"verdict": verdict, "prices": [], "warnings": [], "people": {}},
    )  # fmt: skip
    for code in codes:
        Half.objects.create(id=new_id(), plan=plan, party_id=code, people={"going": [], "stays": [], "changes": []})
    return plan
