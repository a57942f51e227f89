"""The merge of a day: a case by hand, laws over random days, a slow twin, and what goes wrong at the line."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.assertion import Scope
from goodoffices.domain.handover import OF_A_NUMBER, Say
from goodoffices.domain.process import Role
from goodoffices.flow.handover.attest import attest
from goodoffices.flow.handover.merge import Mark, Revocations, merge
from goodoffices.flow.handover.signed import Received
from goodoffices.flow.handover.state import course, postponements, seen_by
from tests.flow.handover import reference
from tests.flow.handover.making import KEYS, START, Device, full_day, made_day

DAY = made_day(4)


def facts(merged):
    """Everything but the files: what must not depend on how the statements came in."""
    return [dataclasses.replace(kept, files=()) for kept in merged.kept]


@st.composite
def scripts(draw):
    """What up to four devices say, in turns; some of it names what was said before by whomever."""
    size = draw(st.integers(1, 4))
    devices = [Device(DAY, draw(st.sampled_from(list(Role))), number) for number in range(1, size + 1)]
    ids = []
    for _ in range(draw(st.integers(1, 14))):
        device = draw(st.sampled_from(devices))
        say = draw(st.sampled_from([*OF_A_NUMBER, Say.UNDO, Say.MET, Say.ACT_SIGNED, Say.OBJECTION]))
        about = draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []
        if say is Say.UNDO and not about:
            say = Say.ARRIVED
        item = str(draw(st.integers(1, 2))) if say in OF_A_NUMBER or (say is Say.UNDO and draw(st.booleans())) else None
        minute = draw(st.integers(-90, 90))
        ids.append(
            device.say(
                say,
                item,
                about=about,
                scope=Scope.COUNTED if say is Say.ACT_SIGNED else None,
                words="the third bus" if say is Say.OBJECTION else None,
                minute=minute,
            )
        )
    return [device for device in devices if device.chain]


@given(scripts(), st.data())
@settings(deadline=None, max_examples=120)
def test_order_repeats_and_partitions_do_not_matter_and_nothing_is_lost(devices, data):
    whole = [device.received() for device in devices]
    expected = merge(DAY, whole)
    parts = [
        device.received(data.draw(st.integers(1, len(device.chain))))
        for device in devices
        for _ in range(data.draw(st.integers(0, 2)))
    ]
    found = merge(DAY, data.draw(st.permutations([*whole, *parts, *whole[:1]])))
    assert facts(found) == facts(expected)
    assert {kept.id for kept in found.kept} == {one.id for device in devices for one in device.chain}
    assert found.conflicts == expected.conflicts
    assert attest(found) == attest(expected)
    assert course(found, is_set=True) == course(expected, is_set=True)


@given(scripts(), st.booleans())
@settings(deadline=None, max_examples=120)
def test_the_slow_twin_agrees(devices, is_revoked):
    received = [device.received() for device in devices]
    gone = {str(KEYS[devices[0].role].vkey): 0} if is_revoked else {}
    found = merge(DAY, received, Revocations(gone))
    live, said = reference.merged([(one.keys, one.statements) for one in received], tuple(gone))
    assert {kept.id: kept.live for kept in found.kept} == live
    for role in Role:
        for number, says in found.said(role).items():
            assert set(says) == said.get((role, number), set())


@given(scripts())
@settings(deadline=None, max_examples=60)
def test_swapping_giver_and_receiver_swaps_the_result_and_changes_nothing_else(devices):
    """The same words with the two ends' roles changed over; chains are written anew, as they hold the role."""
    swap = {Role.GIVER: Role.RECEIVER, Role.RECEIVER: Role.GIVER, Role.NEUTRAL: Role.NEUTRAL}
    twins, names, todo = {}, {}, {id(device): 0 for device in devices}
    for device in devices:
        twins[id(device)] = Device(DAY, swap[device.role], int(device.name, 16))
    while any(todo[id(device)] < len(device.chain) for device in devices):
        for device in devices:
            place = todo[id(device)]
            if place == len(device.chain) or not all(name in names for name in device.chain[place].about):
                continue
            one = device.chain[place]
            minute = round((dt.datetime.fromisoformat(one.at) - START).total_seconds() / 60)
            names[one.id] = twins[id(device)].say(
                one.say, one.item, about=[names[name] for name in one.about], scope=one.scope, words=one.words,
                minute=minute,
            )  # fmt: skip
            todo[id(device)] += 1
    one = merge(DAY, [device.received() for device in devices])
    two = merge(DAY, [twins[id(device)].received() for device in devices])
    for role in Role:
        assert one.said(role) == two.said(swap[role])
    first, second = course(one, is_set=True), course(two, is_set=True)
    assert (first.state, first.events) == (second.state, second.events)
    assert {swap[role] for role in first.one_sided} == set(second.one_sided)
    counted = {(swap[Role(a.organ)], a.quantity) for a in attest(one).assertions}
    assert counted == {(Role(a.organ), a.quantity) for a in attest(two).assertions}


def test_swapping_the_parties_swaps_the_names_alone():
    one, two = made_day(4), made_day(4, giver="B", receiver="A")
    (first, second) = ([device.received() for device in full_day(day)] for day in (one, two))
    names = {"A": "B", "B": "A", "N": "N"}
    left, right = attest(merge(one, first)), attest(merge(two, second))
    assert [(names[a.party], a.quantity, a.scope) for a in left.assertions] == [
        (a.party, a.quantity, a.scope) for a in right.assertions
    ]


def test_two_devices_of_one_role_differ_and_both_stay_until_that_role_corrects_one():
    first, second = Device(DAY, Role.NEUTRAL, 1), Device(DAY, Role.NEUTRAL, 2)
    wrong = first.say(Say.MISSING, "2")
    right = second.say(Say.COUNTED, "2")
    merged = merge(DAY, [first.received(), second.received()])
    assert merged.said(Role.NEUTRAL)["2"] == (Say.COUNTED, Say.MISSING)
    (conflict,) = merged.conflicts
    assert {name for _, name in conflict.said} == {wrong, right}
    first.say(Say.COUNTED, "2", about=[wrong])
    merged = merge(DAY, [first.received(), second.received()])
    assert not merged.conflicts
    assert merged.said(Role.NEUTRAL)["2"] == (Say.COUNTED,)
    assert next(kept for kept in merged.kept if kept.id == wrong).replaced_by == (first.chain[-1].id,)


def test_a_later_word_that_names_nothing_resolves_nothing():
    device = Device(DAY, Role.GIVER)
    device.say(Say.MISSING, "1")
    device.say(Say.COUNTED, "1")
    assert len(merge(DAY, [device.received()]).conflicts) == 1


def test_no_role_replaces_the_words_of_another():
    giver, receiver = Device(DAY, Role.GIVER, 1), Device(DAY, Role.RECEIVER, 2)
    name = giver.say(Say.COUNTED, "1")
    receiver.say(Say.MISSING, "1", about=[name])
    merged = merge(DAY, [giver.received(), receiver.received()])
    assert merged.said(Role.GIVER)["1"] == (Say.COUNTED,)
    assert merged.discrepancies == (("1", ((Role.GIVER, Say.COUNTED), (Role.RECEIVER, Say.MISSING))),)
    assert [kept.marks for kept in merged.kept] == [frozenset(), {Mark.NOT_THEIRS}]


def test_an_undone_correction_brings_back_what_it_replaced():
    device = Device(DAY, Role.GIVER)
    first = device.say(Say.COUNTED, "1")
    second = device.say(Say.MISSING, "1", about=[first])
    assert merge(DAY, [device.received()]).said(Role.GIVER)["1"] == (Say.MISSING,)
    device.say(Say.UNDO, "1", about=[second])
    assert merge(DAY, [device.received()]).said(Role.GIVER)["1"] == (Say.COUNTED,)
    device.say(Say.UNDO, "1", about=[first])
    merged = merge(DAY, [device.received()])
    assert merged.said(Role.GIVER)["1"] == ()
    assert len(merged.kept) == 4


def test_a_statement_that_names_one_not_yet_in_is_marked_until_it_is_in():
    first, second = Device(DAY, Role.GIVER, 1), Device(DAY, Role.GIVER, 2)
    second.say(Say.COUNTED, "1", about=[first.say(Say.MISSING, "1")])
    assert merge(DAY, [second.received()]).kept[0].marks == {Mark.NAMES_UNKNOWN}
    merged = merge(DAY, [second.received(), first.received()])
    assert not any(kept.marks for kept in merged.kept)
    assert merged.said(Role.GIVER)["1"] == (Say.COUNTED,)


def test_a_device_that_went_on_twice_from_one_point_is_shown_and_both_are_kept():
    device = Device(DAY, Role.GIVER)
    device.say(Say.COUNTED, "1")
    twin = Device(DAY, Role.GIVER)
    twin.chain = device.chain
    device.say(Say.COUNTED, "2")
    twin.say(Say.MISSING, "2")
    merged = merge(DAY, [device.received(), twin.received()])
    assert [kept.marks for kept in merged.kept] == [frozenset(), {Mark.FORK}, {Mark.FORK}]
    assert merged.conflicts[0].item == "2"


@pytest.mark.parametrize("hours", [-3, 3, -30, 30])
def test_a_wrong_clock_changes_nothing_but_what_is_shown_of_it(hours):
    """The correcting device's clock is hours off: the name decides, not the time."""
    first, second = Device(DAY, Role.NEUTRAL, 1), Device(DAY, Role.NEUTRAL, 2)
    wrong = first.say(Say.MISSING, "1")
    second.say(Say.COUNTED, "1", about=[wrong], minute=60 * hours)
    merged = merge(DAY, [first.received(), second.received()])
    assert merged.said(Role.NEUTRAL)["1"] == (Say.COUNTED,)


def test_a_clock_that_went_back_over_a_change_of_the_hour_is_shown_and_the_chain_keeps_the_order():
    device = Device(DAY, Role.GIVER)
    device.say(Say.COUNTED, "1", minute=70)
    device.say(Say.COUNTED, "2", minute=10)
    device.say(Say.COUNTED, "3", minute=60 * 50)
    marks = [kept.marks for kept in merge(DAY, [device.received()]).kept]
    assert marks == [frozenset(), {Mark.CLOCK_BACK}, {Mark.CLOCK_FAR}]


def test_a_summer_time_change_is_no_step_back():
    """03:30+03:00 is before 03:10+02:00, though the hands of the clock went back."""
    device = Device(DAY, Role.GIVER)
    device.say(Say.COUNTED, "1")
    later = dataclasses.replace(
        device.chain[0], n=2, previous=device.chain[0].id, item="2", at="2025-07-24T09:10:00+02:00"
    )
    device.chain = (*device.chain, later)
    assert not any(kept.marks for kept in merge(DAY, [device.received()]).kept)


def test_a_mandate_revoked_in_the_middle_of_a_signing_keeps_all_and_counts_what_was_logged_before():
    device = Device(DAY, Role.GIVER)
    device.count_all(but={"4"})
    before = device.received()
    device.say(Say.COUNTED, "4")
    device.act()
    after = device.received()
    known = Revocations({str(KEYS[Role.GIVER].vkey): 7}, {before.sha256: 5, after.sha256: 9})
    for order in ([before, after], [after, before], [after, after, before]):
        merged = merge(DAY, order, known)
        assert len(merged.kept) == 5
        assert [kept.live for kept in merged.kept] == [True, True, True, False, False]
        assert [Mark.REVOKED in kept.marks for kept in merged.kept] == [False, False, False, True, True]
        (lack,) = (one for one in attest(merged).missing if one.role is Role.GIVER)
        assert (lack.open, lack.is_signed) == (1, False)


def test_a_revoked_key_cannot_undo_what_was_said_before():
    device = Device(DAY, Role.GIVER)
    name = device.say(Say.COUNTED, "1")
    before = device.received()
    device.say(Say.UNDO, "1", about=[name])
    known = Revocations({str(KEYS[Role.GIVER].vkey): 7}, {before.sha256: 5})
    assert merge(DAY, [device.received(), before], known).said(Role.GIVER)["1"] == (Say.COUNTED,)


def test_a_file_that_came_before_the_revocation_but_was_never_logged_does_not_count():
    device = Device(DAY, Role.GIVER)
    device.say(Say.COUNTED, "1", minute=-500)
    assert not merge(DAY, [device.received()], Revocations({str(KEYS[Role.GIVER].vkey): 7})).kept[0].live


def test_a_refused_file_adds_nothing():
    device = Device(DAY, Role.GIVER)
    device.say(Say.COUNTED, "1")
    assert merge(DAY, [Received("00", (), ())]).kept == ()


def test_neither_side_sees_that_somebody_does_not_go_before_the_gate_nor_ever_why():
    giver, receiver, neutral = (Device(DAY, role, place) for place, role in enumerate(Role, 1))
    giver.say(Say.COUNTED, "2")
    neutral.say(Say.COUNTED, "1")
    neutral.say(Say.DOES_NOT_GO, "2")
    undone = neutral.say(Say.DOES_NOT_GO, "3")
    neutral.say(Say.COUNTED, "3", about=[undone])
    neutral.say(Say.DOES_NOT_GO, "4")
    neutral.say(Say.COUNTED, "4")
    neutral.say(Say.OBJECTION, "2", words="asked twice")
    neutral.say(Say.OBJECTION, words="the third bus is missing")
    giver.say(Say.MET)
    everyone = [giver, receiver, neutral]
    before = merge(DAY, [device.received() for device in everyone if device.chain])
    plain = Device(DAY, Role.NEUTRAL, 3)
    plain.say(Say.COUNTED, "1")
    plain.say(Say.OBJECTION, words="the third bus is missing")
    without = merge(DAY, [giver.received(), plain.received()])
    for side in (Role.GIVER, Role.RECEIVER):
        assert seen_by(before, side) == seen_by(without, side)
        assert course(before, is_set=True) == course(without, is_set=True)
    seen = seen_by(before, Role.NEUTRAL)
    assert seen.numbers[Role.NEUTRAL]["2"] == (Say.DOES_NOT_GO,)
    assert (seen.conflicts, [number for number, _ in seen.discrepancies]) == (((Role.NEUTRAL, "4"),), ["2"])
    receiver.say(Say.MET)
    after = merge(DAY, [device.received() for device in everyone])
    for side in (Role.GIVER, Role.RECEIVER):
        seen = seen_by(after, side)
        assert seen.numbers[Role.NEUTRAL]["2"] == (Say.DOES_NOT_GO,)
        assert seen.objections == ((Role.NEUTRAL, "2", None), (Role.NEUTRAL, None, "the third bus is missing"))
    assert seen_by(after, Role.NEUTRAL).objections[0] == (Role.NEUTRAL, "2", "asked twice")


@given(scripts(), st.sampled_from([Role.GIVER, Role.RECEIVER]))
@settings(deadline=None, max_examples=100)
def test_taking_out_every_refusal_of_others_before_the_gate_changes_no_view_of_a_side(devices, viewer):
    """A refusal that was never written, or was counted instead and hidden: the side cannot tell the two days apart."""
    merged = merge(DAY, [device.received() for device in devices])
    met = all(merged.live(role, Say.MET) or merged.live(role, Say.ACT_SIGNED) for role in (Role.GIVER, Role.RECEIVER))
    seen = seen_by(merged, viewer)
    if met:
        assert seen.numbers == {role: merged.said(role) for role in Role}
        return
    for role in set(Role) - {viewer}:
        assert not any(Say.DOES_NOT_GO in says for says in seen.numbers[role].values())
    refused = {(k.statement.role, k.statement.item) for k in merged.kept if k.statement.say is Say.DOES_NOT_GO}
    for role, item in seen.conflicts:
        assert role is viewer or (role, item) not in refused
    for item, ones in seen.discrepancies:
        assert all(role is viewer or (role, item) not in refused for role, _ in ones)


def test_a_postponement_says_by_whom_why_and_with_what_notice():
    receiver = Device(DAY, Role.RECEIVER)
    receiver.say(Say.POSTPONED, words="the road is closed", minute=-150)
    (found,) = postponements(merge(DAY, [receiver.received()]))
    assert (found.role, found.words, found.notice) == (Role.RECEIVER, "the road is closed", dt.timedelta(minutes=150))
