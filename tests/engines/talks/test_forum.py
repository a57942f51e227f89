"""Forums, commitments and the four conditions."""

import datetime as dt
import itertools

import pytest

from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.commitment import Owed, Reading, commitment_from, figures_not_in_text, read_by
from goodoffices.engines.talks.conditions import Condition, Met, Word, standing
from goodoffices.engines.talks.consent import Stance
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
    delegation,
    meeting_is_set,
    minute,
    signer,
)
from goodoffices.engines.talks.text import parse

NOON = dt.datetime(2025, 7, 23, 12, 0, tzinfo=dt.UTC)


def hours(count):
    return NOON + dt.timedelta(hours=count)


def test_june_2025_the_date_was_accepted_by_one_side_only():
    """The positions of 6 and 7 June 2025 as each side stated them in public (`transfers` of the public record)."""
    words = [
        Word("UA", Condition.TERMS, "accept"),
        Word("RU", Condition.TERMS, "accept"),
        Word("RU", Condition.LIST, "accept"),
        Word("UA", Condition.LIST, "object"),
        Word("RU", Condition.DATE, "accept"),
        Word("UA", Condition.DATE, "object"),
        Word("RU", Condition.PLACE, "accept"),
    ]
    found = standing(words, ("UA", "RU"), staged_by="RU")
    assert [(s.condition.value, s.met) for s in found.conditions] == [
        ("terms", Met.BOTH),
        ("list", Met.ONE),
        ("date", Met.ONE),
        ("place", Met.ONE),
    ]
    assert found.staged_one_sided
    assert not found.is_set
    assert found.conditions[2].accepted_by == ("RU",)
    assert found.conditions[3].silent == ("UA",)


def test_a_transfer_is_set_only_with_all_eight_confirmations():
    every = [Word(side, condition, "accept") for side in ("A", "B") for condition in Condition]
    assert standing(every, ("A", "B")).is_set
    for without in range(8):
        assert not standing(every[:without] + every[without + 1 :], ("A", "B")).is_set


def test_swapping_the_sides_swaps_the_standing():
    names = {"A": "B", "B": "A"}
    for stances in itertools.product(["accept", "object", ""], repeat=2):
        words = [Word(side, Condition.DATE, stance) for side, stance in zip("AB", stances, strict=True)]
        swapped = [Word(names[w.party], w.condition, w.stance) for w in words]
        one = standing(words, ("A", "B")).conditions[2]
        two = standing(swapped, ("B", "A")).conditions[2]
        assert tuple(names[s] for s in one.accepted_by) == two.accepted_by
        assert (one.met, tuple(names[s] for s in one.silent)) == (two.met, two.silent)


def test_the_last_word_counts():
    words = [Word("A", Condition.DATE, "accept"), Word("A", Condition.DATE, "object")]
    assert standing(words, ("A", "B")).conditions[2].objected_by == ("A",)


TEXTS = {
    "en": parse("4.2 exchange of at least 1,200 from each side"),
    "uk": parse("4.2 обмін щонайменше 1 200 з кожної сторони"),
}


def owed(quantity=1200, category="prisoner_of_war"):
    return Owed("A", "B", "handed_over", category, "at_least", quantity)


def test_readings_that_differ_are_kept_and_shown():
    made = commitment_from(TEXTS, "4.2", id_="C3", due="2025-08")
    one = read_by(made, "A", Reading("prisoners of war", (owed(),)))
    both = read_by(one, "B", Reading("persons, civilians among them", (owed(category=""),)))
    assert (one.disputed, both.disputed) == (False, True)
    assert one.silent(("A", "B")) == ("B",)
    assert figures_not_in_text(both) == ()
    assert figures_not_in_text(read_by(both, "B", Reading("x", (owed(1000),)))) == (("B", 1000),)


def test_a_commitment_needs_a_clean_clause_in_every_language():
    with pytest.raises(TransitionError, match="brackets are left in uk"):
        commitment_from({**TEXTS, "uk": parse("4.2 [x]{A}")}, "4.2", id_="C3")
    with pytest.raises(TransitionError, match="not in uk"):
        commitment_from({**TEXTS, "uk": parse("4.3 x")}, "4.2", id_="C3")


def test_a_commitment_fits_its_bound_and_has_two_parties():
    with pytest.raises(TransitionError, match="found quantity 5"):
        Owed("A", "B", "handed_over", "", "all", 5)
    with pytest.raises(TransitionError, match="found quantity None"):
        Owed("A", "B", "handed_over", "", "at_least", None)
    with pytest.raises(TransitionError, match="to itself"):
        Owed("A", "A", "handed_over", "", "all", None)


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


def test_a_leaders_meeting_is_set_when_all_accept_the_same():
    answers = {(p, q): ("x", Stance.ACCEPT) for p in "AB" for q in Question}
    assert meeting_is_set(answers, ("A", "B"))
    assert not meeting_is_set({**answers, ("B", Question.DATE): ("y", Stance.ACCEPT)}, ("A", "B"))
    assert not meeting_is_set({**answers, ("B", Question.DATE): ("x", Stance.SUPPORT)}, ("A", "B"))
    del answers["A", Question.PLACE]
    assert not meeting_is_set(answers, ("A", "B"))
