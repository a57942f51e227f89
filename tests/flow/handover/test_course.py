"""How far a transfer has come, what it attests, and what reopens it."""

import dataclasses
import datetime as dt
import itertools

import pytest

from goodoffices.domain.assertion import AssertionKind, Scope
from goodoffices.domain.commitment import Bound, Direction, Moved, Unit
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.handover import Finding, Found, Say
from goodoffices.domain.process import Condition, Position, Role, Stance, Transfer
from goodoffices.domain.result import MovementStatus
from goodoffices.flow.handover.attest import attest, finding_assertions, reopened, touched
from goodoffices.flow.handover.merge import merge
from goodoffices.flow.handover.setting import Cell, setting
from goodoffices.flow.handover.state import course
from goodoffices.flow.result import results
from goodoffices.formats.assertions import assertion_json
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process
from tests.flow.handover.making import Device, full_day, made_day

DAY = made_day(3)


def state(devices, *, is_set=True):
    return course(merge(DAY, [device.received() for device in devices if device.chain]), is_set=is_set)


def transfer(stances):
    positions = tuple(
        Position(condition, side, stance, dt.date(2025, 6, 1), None, None)
        for (side, condition), stance in stances.items()
        if stance is not None
    )
    return Transfer("T", None, Unit.DECLARED_BODY, Direction("A", "B"), None, None, positions)


ALL = {(side, condition): Stance.ACCEPT for side in "AB" for condition in Condition}


def test_a_transfer_is_set_only_with_eight_confirmations_and_says_what_is_missing():
    assert setting(transfer(ALL)).is_set
    assert setting(transfer(ALL)).why == ()
    for (side, condition), stance in itertools.product(ALL, [*Stance, None]):
        found = setting(transfer(ALL | {(side, condition): stance}))
        assert found.is_set is (stance in {Stance.ACCEPT, Stance.SUPPORT})
        if not found.is_set:
            assert found.why == ((Cell.ONE_SIDE, (condition,)),)


def test_swapping_the_sides_changes_no_word_of_the_sentence():
    for one, two in itertools.product([*Stance, None], repeat=2):
        first = setting(transfer(ALL | {("A", Condition.DATE): one, ("B", Condition.DATE): two}))
        second = setting(transfer(ALL | {("A", Condition.DATE): two, ("B", Condition.DATE): one}))
        assert (first.why, first.is_set, first.cells) == (second.why, second.is_set, second.cells)


def test_june_2025_was_accepted_by_one_side_only_and_nobody_was_late():
    process = read_process(example_process(), "istanbul-2025.json")
    found = setting(process.transfers[0])
    assert dict(found.cells)[Condition.DATE] is Cell.ONE_SIDE
    assert found.staged_alone == "RU"


def test_a_day_goes_from_set_to_receipted_step_by_step():
    giver, receiver, neutral = (Device(DAY, role, place) for place, role in enumerate(Role, 1))
    everyone = (giver, receiver, neutral)
    assert state(everyone).state == "set"
    receiver.say(Say.ARRIVED)
    assert state(everyone).state == "staged"
    giver.say(Say.MET)
    assert [(one.event, one.role) for one in state(everyone).lacks] == [("meet", Role.RECEIVER)]
    receiver.say(Say.MET)
    assert state(everyone).state == "met"
    giver.count_all()
    receiver.count_all(but={"2"})
    neutral.count_all()
    assert [(one.role, one.open) for one in state(everyone).lacks] == [(Role.RECEIVER, 1)]
    receiver.say(Say.SEAL_BROKEN, "2")
    assert state(everyone).state == "counted"
    giver.act()
    assert state(everyone).state == "counted"
    receiver.act()
    assert state(everyone).state == "handed_over"
    receiver.say(Say.RECEIPT)
    assert state(everyone).state == "receipted"


@pytest.mark.parametrize("say", [Say.MISSING, Say.DOES_NOT_GO])
def test_what_is_missing_or_does_not_go_makes_a_handover_in_part(say):
    devices = full_day(DAY)
    first = devices[0].chain[3]
    devices[0].say(say, first.item, about=[first.id])
    assert state(devices).state == "partial"


def test_who_stands_ready_before_it_is_set_has_done_so_alone():
    giver = Device(DAY, Role.GIVER)
    giver.say(Say.ARRIVED)
    found = state([giver], is_set=False)
    assert (found.state, found.one_sided) == ("conditions", (Role.GIVER,))
    assert state(full_day(DAY), is_set=False).state == "conditions"


@pytest.mark.parametrize(("say", "end"), [(Say.POSTPONED, "postponed"), (Say.ABORTED, "aborted")])
def test_a_side_can_postpone_or_end_until_both_have_signed_and_a_later_word_is_shown(say, end):
    for upto in range(1, 6):
        devices = full_day(DAY)
        for device in devices:
            device.chain = device.chain[:upto]
        devices[1].say(say, words="the road is closed")
        assert state(devices).state == end
    devices = full_day(DAY)
    devices[1].say(say, words="the road is closed")
    found = state(devices)
    assert (found.state, found.contradicts) == ("handed_over", (Role.RECEIVER,))


def test_a_full_day_of_three_roles_is_confirmed_by_the_result():
    process = read_process(example_process(), "istanbul-2025.json")
    day = made_day(7, giver="UA", receiver="RU", neutral="ICRC")
    neutral = next(party.code for party in process.parties if party.kind == "neutral")
    day = dataclasses.replace(day, neutral=neutral)
    found = attest(merge(day, [device.received() for device in full_day(day)]))
    assert [(a.quantity, a.scope) for a in found.assertions] == [(7, Scope.CHECKED_AGAINST_MANIFEST)] * 3
    whole = dataclasses.replace(process, assertions=(*process.assertions, *found.assertions))
    (movement,) = (m for m in results(whole).movements if m.id == day.transfer)
    assert (movement.status, movement.confirmed) == (MovementStatus.CONFIRMED, 7)


def test_assertions_are_read_back_as_they_are():
    day = made_day(2, giver="UA", receiver="RU")
    made = attest(merge(day, [device.received() for device in full_day(day)])).assertions
    import json

    tree = json.loads(example_process())
    neutral = next(party["code"] for party in tree["parties"] if party["kind"] == "neutral")
    made = tuple(dataclasses.replace(a, party=neutral if a.party == "N" else a.party) for a in made)
    tree["assertions"] += [assertion_json(a) for a in made]
    assert read_process(json.dumps(tree).encode(), "f").assertions[-3:] == made


def test_a_role_that_is_silent_of_one_number_or_differs_with_itself_attests_nothing():
    devices = full_day(DAY)
    name = devices[2].chain[3].id
    devices[2].say(Say.UNDO, "2", about=[name])
    found = attest(merge(DAY, [device.received() for device in devices]))
    assert {a.organ for a in found.assertions} == {"giver", "receiver"}
    assert [(one.role, one.open, one.is_signed) for one in found.missing] == [(Role.NEUTRAL, 1, True)]


def test_a_role_that_only_observed_gives_no_figure():
    neutral = Device(DAY, Role.NEUTRAL)
    neutral.act(Scope.OBSERVED)
    found = attest(merge(DAY, [neutral.received()]))
    (one,) = found.assertions
    assert (one.quantity, one.bound, one.scope) == (None, Bound.NO_COUNT, Scope.OBSERVED)


def test_two_acts_with_different_scope_are_a_conflict_and_attest_nothing():
    first, second = Device(DAY, Role.NEUTRAL, 1), Device(DAY, Role.NEUTRAL, 2)
    first.count_all().act(Scope.COUNTED)
    second.act(Scope.CHECKED_AGAINST_MANIFEST)
    merged = merge(DAY, [first.received(), second.received()])
    assert merged.conflicts[0].item is None
    assert [one.role for one in attest(merged).missing][-1] is Role.NEUTRAL


def test_a_corrected_count_replaces_the_assertion_by_name_and_an_equal_one_is_not_made_twice():
    devices = full_day(DAY)
    first = attest(merge(DAY, [device.received() for device in devices])).assertions
    again = attest(merge(DAY, [device.received() for device in devices]), before=first)
    assert again.assertions == ()
    name = devices[0].chain[2].id
    devices[0].say(Say.MISSING, "1", about=[name])
    changed = attest(merge(DAY, [device.received() for device in devices]), before=first).assertions
    assert [(a.organ, a.quantity, a.supersedes) for a in changed] == [("giver", 2, first[0].id)]
    devices[0].say(Say.UNDO, "1", about=[devices[0].chain[-1].id])
    back = attest(merge(DAY, [device.received() for device in devices]), before=(*first, *changed)).assertions
    assert [(a.quantity, a.supersedes) for a in back] == [(3, changed[0].id)]
    assert len({a.id for a in (*first, *changed, *back)}) == 5


def test_a_finding_reopens_every_transfer_that_it_touches_and_takes_nothing_off_the_road():
    day = made_day(3, unit=Unit.CONTAINER, category=None)
    alien = Finding("f1", Found.NOT_OURS, ((day.transfer, "2"),), "B", dt.date(2026, 3, 1))
    joined = Finding("f2", Found.REASSOCIATED, ((day.transfer, "1"), ("x0", "44")), "B", dt.date(2026, 4, 1))
    assert touched([joined, alien]) == {"x0": (joined,), day.transfer: (alien, joined)}
    (one,) = finding_assertions(day, [joined, alien])
    assert (one.kind, one.category, one.quantity, one.unit, one.movement) == (
        AssertionKind.FINDING,
        Moved.NOT_OURS,
        1,
        Unit.CASE,
        None,
    )
    for closed in ("handed_over", "partial", "receipted", "closed", "reopened"):
        assert reopened(closed) == "reopened"
    with pytest.raises(TransitionError):
        reopened("set")


def test_a_finding_among_the_living_makes_no_assertion():
    alien = Finding("f1", Found.NOT_OURS, ((DAY.transfer, "2"),), "B", dt.date(2026, 3, 1))
    assert finding_assertions(DAY, [alien]) == ()
