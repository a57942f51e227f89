"""Exchanges for tests: two small invented lists, terms, a plan; made once the way the pages do."""

from django.utils import timezone

from goodoffices.desk.exchange import demo, selectors, services
from goodoffices.desk.talks.demo import forums_open
from goodoffices.desk.talks.models import Commitment
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
