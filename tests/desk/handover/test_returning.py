"""The receiver reads its own returning people by its own sought list, once the holder has answered."""

import pytest
from django.utils import timezone

from goodoffices.desk.exchange import legs as exchange_legs
from goodoffices.desk.exchange import selectors as exchanges
from goodoffices.desk.ids import new_id
from goodoffices.desk.lists.models import Record
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.parties.models import User
from tests.desk.exchange.making import composed, signed
from tests.desk.handover.test_legs import SIDES, by_giver, prepared
from tests.desk.lists.making import sealed

SOUGHT = b"ref,surname,given_name\nS-1,Invented,One\nS-2,Invented,Two\nS-3,Invented,Three\n"


@pytest.fixture
def exchange(desk):
    """An exchange whose plan both sides have signed."""
    found = composed(persons=40, minimum=12)
    signed(found)
    return found


def linked(exchange, giver, receiver, *, answers):
    """Link people of the first leg with lines of the receiver's sought list, each with the holder's answer."""
    sought = sealed(f"side-{receiver.lower()}-1", SOUGHT, kind="sought")
    held = exchange.holdings.get(party=giver).version
    by, at = User.objects.get(username="humanitarian-1"), timezone.now()
    run = Run.objects.create(owner="DESK", left=held, right=sought, is_done=True, asked_by=by, asked_at=at)
    half = next(one for one in exchange_legs.halves_of(exchanges.standing(exchange), 1) if one.giver == giver)
    theirs = {record.fields["ref"]: record for record in Record.objects.filter(version=held)}
    own = list(Record.objects.filter(version=sought).order_by("position"))
    for line, record, answer in zip(half.lines, own, answers, strict=False):
        Pair.objects.create(
            id=new_id(), run=run, owner="DESK", left=theirs[line.ref], right=record, bits=20.0, probability=0.99,
            relative=1.0, tie="", verdict="link", distance=0.0, state="same", answer=answer, reasons={},
        )  # fmt: skip
    return half


@pytest.mark.parametrize(("giver", "receiver"), [SIDES, SIDES[::-1]])
def test_only_lines_that_the_holder_has_answered_are_named_and_only_to_the_seeker(exchange, enter, giver, receiver):
    half = linked(exchange, giver, receiver, answers=["held", "", "died"])
    transfer = by_giver(prepared(exchange), giver)
    leg, page = f"/exchange/{exchange.id}/leg/1", f"/transfers/{transfer.code}/references"
    seeker, holder = enter(f"side-{receiver.lower()}-1"), enter(f"side-{giver.lower()}-1")
    for address in (leg, page):
        shown = seeker.get(address).content.decode()
        assert "S-1" in shown
        assert "Invented One" in shown
        assert half.lines[0].number in shown
        assert "S-2" not in shown
        assert "S-3" not in shown
        assert not any(line.ref in shown for line in half.lines)
    assert page in seeker.get(f"/transfers/{transfer.code}").content.decode()
    for client in (holder, enter("humanitarian-1"), enter("secretariat-1")):
        assert "S-1" not in client.get(leg).content.decode()
    assert "S-1" not in holder.get(page).content.decode()
    assert enter("humanitarian-1").get(page).status_code == 404


def test_before_both_have_signed_nobody_learns_who_returns(desk, enter):
    exchange = composed(persons=40, minimum=12)
    linked(exchange, "UA", "RU", answers=["held"])
    assert "S-1" not in enter("side-ru-1").get(f"/exchange/{exchange.id}/leg/1").content.decode()


def test_two_desks_that_differ_in_unanswered_links_alone_look_alike_to_the_seeker(exchange, enter):
    before = enter("side-ru-1").get(f"/exchange/{exchange.id}/leg/1").content
    linked(exchange, "UA", "RU", answers=["", "", ""])
    after = enter("side-ru-1").get(f"/exchange/{exchange.id}/leg/1").content
    assert _plain(before) == _plain(after)


def _plain(page):
    """A page without what every answer has of its own."""
    import re

    return re.sub(rb'(nonce|value|token)="[^"]*"|The record holds.*?</p>', b"", page, flags=re.DOTALL)
