"""Forums, commitments and the four conditions."""

import dataclasses
import datetime as dt
import itertools

import pytest

from goodoffices.domain.commitment import Bound, Direction, Moved, Owed, Reading, Unit
from goodoffices.domain.errors import TransitionError
from goodoffices.domain.process import Condition, Position, Stance, Transfer
from goodoffices.engines.talks.commitment import figures_not_in_text, ground, read_by
from goodoffices.engines.talks.conditions import conditions
from goodoffices.engines.talks.forum import (
    AgendaItem,
    ChathamMinute,
    Courier,
    Forum,
    ForumKind,
    Mandate,
    Message,
    Question,
    Sitting,
    common,
    delegation,
    minute,
    signer,
)
from goodoffices.engines.talks.text import parse
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process

NOON = dt.datetime(2025, 7, 23, 12, 0, tzinfo=dt.UTC)


def hours(count):
    return NOON + dt.timedelta(hours=count)


def transfer(words, sides=("A", "B"), staged=None):
    """A transfer with one word a day, in order: (side, condition, stance)."""
    positions = tuple(
        Position(condition, side, stance, dt.date(2025, 6, 1) + dt.timedelta(days=day), None, None)
        for day, (side, condition, stance) in enumerate(words)
    )
    return Transfer("T", None, Unit.DECLARED_BODY, Direction(*sides), None, staged, positions)


def test_june_2025_the_date_was_accepted_by_one_side_only():
    """The positions of 6 and 7 June 2025 as each side stated them in public (`transfers` of the public record)."""
    process = read_process(example_process(), "istanbul-2025.json")
    found = conditions(process.transfers[0])
    assert {c.condition.value: set(c.accepted_by) for c in found.conditions} == {
        "terms": {"UA", "RU"},
        "list": {"RU"},
        "date": {"RU"},
        "place": {"RU"},
    }
    assert not found.is_set
    assert found.transfer.staged.party == "RU"
    assert dict(found.conditions[2].stances)["UA"] is Stance.OBJECT
    assert dict(found.conditions[3].stances)["UA"] is None


def test_a_transfer_is_set_only_with_all_eight_confirmations():
    every = [(side, condition, Stance.ACCEPT) for side in ("A", "B") for condition in Condition]
    assert conditions(transfer(every)).is_set
    for without in range(8):
        assert not conditions(transfer(every[:without] + every[without + 1 :])).is_set


def test_swapping_the_sides_swaps_the_standing():
    names = {"A": "B", "B": "A"}
    for stances in itertools.product([*Stance, None], repeat=2):
        words = [(side, Condition.DATE, stance) for side, stance in zip("AB", stances, strict=True) if stance]
        swapped = [(names[side], condition, stance) for side, condition, stance in words]
        one = conditions(transfer(words)).conditions[2]
        two = conditions(transfer(swapped, ("B", "A"))).conditions[2]
        assert tuple((names[side], stance) for side, stance in one.stances) == two.stances
        assert (one.holds, len(one.accepted_by)) == (two.holds, len(two.accepted_by))


def test_the_last_word_counts():
    words = [("A", Condition.DATE, Stance.ACCEPT), ("A", Condition.DATE, Stance.OBJECT)]
    assert conditions(transfer(words)).conditions[2].stances == (("A", Stance.OBJECT), ("B", None))


TEXTS = {"en": parse("4.2 at least 1,200 from each side"), "uk": parse("4.2 щонайменше 1 200 з кожної сторони")}
PROCESS = read_process(example_process(), "istanbul-2025.json")
C3 = dataclasses.replace(next(c for c in PROCESS.commitments if c.id == "C3"), readings=())


def owed(quantity=1200, category=Moved.PRISONER_OF_WAR):
    return Owed(Direction("A", "B"), Unit.HANDED_OVER, category, Bound.AT_LEAST, quantity)


def test_readings_that_differ_are_kept_and_shown():
    made = ground(C3, TEXTS, clause="4.2")
    one = read_by(made, "A", Reading("prisoners of war", (owed(),), None))
    both = read_by(one, "B", Reading("persons, civilians among them", (owed(category=None),), None))
    assert (one.commitment.readings_differ, both.commitment.readings_differ) == (False, True)
    assert [party for party, _ in both.commitment.readings] == ["A", "B"]
    assert figures_not_in_text(both) == ()
    assert figures_not_in_text(read_by(both, "B", Reading("x", (owed(1000),), None))) == (("B", 1000),)
    assert made.wording["uk"].startswith("щонайменше")


def test_a_commitment_needs_a_clean_clause_in_every_language():
    with pytest.raises(TransitionError, match="brackets are left in uk"):
        ground(C3, {**TEXTS, "uk": parse("4.2 [x]{A}")}, clause="4.2")
    with pytest.raises(TransitionError, match="not in uk"):
        ground(C3, {**TEXTS, "uk": parse("4.3 x")}, clause="4.2")


MANDATES = (
    Mandate("a1", "A", "R3", hours(0), hours(10), may_sign=True),
    Mandate("a2", "A", "R3", hours(0)),
    Mandate("b1", "B", "R3", hours(0), hours(5), may_sign=True),
)


def test_a_delegation_is_the_mandates_present():
    assert delegation(MANDATES, "R3", at=hours(1)) == {"A": ("a1", "a2"), "B": ("b1",)}
    assert delegation(MANDATES, "R3", at=hours(5)) == {"A": ("a1", "a2")}
    assert delegation(MANDATES, "R4", at=hours(5)) == {}


def test_who_signs_has_full_powers_then_and_there():
    assert signer(MANDATES, "b1", party="B", forum="R3", at=hours(4)).person == "b1"
    with pytest.raises(TransitionError, match="no mandate"):
        signer(MANDATES, "b1", party="B", forum="R3", at=hours(5))
    with pytest.raises(TransitionError, match="full powers"):
        signer(MANDATES, "a2", party="A", forum="R3", at=hours(4))


def test_a_sitting_of_39_minutes():
    sitting = Sitting("R3", 1, hours(0), NOON + dt.timedelta(minutes=39), (AgendaItem(1, "x"),), hours(-48), {"A": 14})
    assert sitting.minutes == 39
    assert sitting.agenda_in_time()
    assert not sitting.agenda_in_time(72)
    with pytest.raises(TransitionError, match="ends before it starts"):
        Sitting("R3", 1, hours(1), hours(0), (), hours(-48), {})


def test_chatham_house_minutes_have_no_speaker():
    forum = Forum("WG", ForumKind.WORKING_GROUP, "t", ("A", "B"), chatham_house=True)
    noted = minute(forum, item=1, speaker="A", text="x")
    assert isinstance(noted, ChathamMinute)
    assert "A" not in repr(noted).replace("ChathamMinute", "")


def test_a_caucus_has_one_party():
    with pytest.raises(TransitionError, match="found 2 parties"):
        Forum("K", ForumKind.CAUCUS, "t", ("A", "B"))


@pytest.mark.parametrize(
    ("convey", "told"), [(Courier.VERBATIM, "words"), (Courier.GIST, "gist"), (Courier.NOTHING, None)]
)
def test_the_courier_tells_what_was_allowed(convey, told):
    message = Message("A", "B", "words", "gist", convey)
    assert (message.told("B"), message.told("A"), message.told("C")) == (told, "words", None)


def test_common_is_what_every_party_would_accept_whatever_its_letters():
    answers = {
        ("A", Question.PLACE, "Istanbul"): Stance.ACCEPT, ("B", Question.PLACE, " istanbul "): Stance.ACCEPT,
        ("A", Question.DATE, "2026-12-03"): Stance.ACCEPT, ("A", Question.DATE, "2026-12-04"): Stance.ACCEPT,
        ("B", Question.DATE, "2026-12-04"): Stance.ACCEPT, ("B", Question.DATE, "2026-12-03"): Stance.RESERVE,
        ("A", Question.LEVEL, "ministers"): Stance.ACCEPT, ("C", Question.LEVEL, "ministers"): Stance.ACCEPT,
    }  # fmt: skip
    assert common(answers, ("A", "B")) == {Question.PLACE: ("Istanbul",), Question.DATE: ("2026-12-04",)}
    assert common(answers, ("A", "B", "C")) == {}
    assert common({}, ("A", "B")) == common({}, ()) == {}
