"""States, positions, silence, packages, signatures."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import TransitionError, VerificationError
from goodoffices.domain.process import Stance
from goodoffices.engines.talks import consent, silence
from goodoffices.engines.talks.consent import Act, Package, Signature, Word
from goodoffices.engines.talks.silence import Broken, Silence
from goodoffices.engines.talks.states import TABLES, Noun, beginning, diagram, ends, step
from goodoffices.engines.talks.text import parse

NOON = dt.datetime(2025, 10, 25, 12, 0, tzinfo=dt.UTC)


def hours(count):
    return NOON + dt.timedelta(hours=count)


@pytest.mark.parametrize("noun", Noun)
def test_every_state_is_reached_and_every_event_leads_to_a_state(noun):
    table = TABLES[noun]
    reached, waiting = {beginning(noun)}, [beginning(noun)]
    while waiting:
        for target in table[waiting.pop()].values():
            assert target in table
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(table)
    assert diagram(noun).count("-->") == 1 + sum(map(len, table.values()))


@pytest.mark.parametrize("noun", Noun)
def test_an_end_stays_an_end(noun):
    for state in ends(noun):
        with pytest.raises(TransitionError, match="it is an end"):
            step(noun, state, "open")


def test_a_refused_event_says_what_is_allowed():
    with pytest.raises(TransitionError, match="clause bracketed: found event close, expected clear"):
        step(Noun.CLAUSE, "bracketed", "close")
    with pytest.raises(TransitionError, match="found state lost"):
        step(Noun.CLAUSE, "lost", "close")


def position(party, stance, hour=0, **more):
    return Word(party, stance, "4.2", hours(hour), **more)


def test_consent_is_lacking_until_every_party_accepts():
    said = [position("A", Stance.ACCEPT), position("B", Stance.ACCEPT_AD_REFERENDUM)]
    assert consent.lacking(said, "4.2", ("A", "B", "C")) == (("B", Stance.ACCEPT_AD_REFERENDUM), ("C", None))
    said += [position("B", Stance.ACCEPT, 1), position("C", Stance.SUPPORT, 1)]
    assert consent.lacking(said, "4.2", ("A", "B", "C")) == ()
    assert consent.lacking(said, "4.3", ("A",)) == (("A", None),)


def test_a_later_word_counts_whatever_the_order_they_came_in():
    said = [position("A", Stance.ACCEPT, 2), position("A", Stance.RESERVE, 1)]
    assert consent.lacking(said, "4.2", ("A",)) == ()


def test_an_objection_needs_a_reason_and_a_cure():
    with pytest.raises(TransitionError, match="a reason and what would cure it"):
        position("A", Stance.OBJECT, reason="no")
    assert position("A", Stance.OBJECT, reason="no", cure="a date").cure == "a date"


def test_a_time_without_zone_is_refused():
    with pytest.raises(TransitionError, match="without a zone"):
        Word("A", Stance.ACCEPT, "4.2", NOON.replace(tzinfo=None))


def test_nothing_is_agreed_until_everything_is_but_the_early_harvest():
    package = Package(("1", "2", "3"), frozenset({"2"}))
    assert package.final(frozenset({"1", "2"})) == {"2"}
    assert package.final(frozenset({"1", "2", "3", "9"})) == {"1", "2", "3"}


def running(at=0):
    begun = Silence("h", ("A", "B"), 72, NOON, hours(24))
    return silence.receipt(silence.receipt(begun, "A", at=hours(at)), "B", at=hours(at + 1))


def test_silence_does_not_run_before_every_receipt():
    begun = Silence("h", ("A", "B"), 72, NOON, hours(24))
    one = silence.receipt(begun, "A", at=hours(1))
    assert (one.state(hours(23)), one.deadline) == ("opened", None)
    assert one.state(hours(24)) == "lapsed"
    with pytest.raises(TransitionError, match="no receipt yet of B"):
        silence.break_silence(one, Broken("A", "r", "c", hours(2)))


def test_silence_runs_from_the_last_receipt_and_is_adopted():
    begun = running()
    assert begun.deadline == hours(73)
    assert [begun.state(hours(h)) for h in (2, 72, 73)] == ["running", "running", "adopted"]


def test_silence_is_extended_once():
    longer = silence.extend(running(), "A", hours=24, at=hours(10))
    assert longer.deadline == hours(97)
    assert longer.state(hours(80)) == "extended"
    with pytest.raises(TransitionError, match="silence is extended, expected running"):
        silence.extend(longer, "B", hours=24, at=hours(11))


def test_silence_is_broken_with_a_reason_and_a_cure():
    with pytest.raises(TransitionError, match="reason and a cure"):
        silence.break_silence(running(), Broken("A", "no", "", hours(5)))
    broken = silence.break_silence(running(), Broken("A", "no", "a date", hours(5)))
    assert broken.state(hours(200)) == "broken"
    with pytest.raises(TransitionError, match="adopted"):
        silence.break_silence(running(), Broken("A", "no", "a date", hours(73)))


def test_deadlines_in_each_capitals_time_cross_the_change_of_clocks():
    """25 October 2025, 12:00 UTC and 73 hours: Kyiv and Istanbul differ by an hour after the change, not before."""
    (first, kyiv), (_, istanbul) = silence.local_deadlines(running(), [("A", "Europe/Kyiv"), ("B", "Europe/Istanbul")])
    assert first == "A"
    assert kyiv == istanbul == hours(73)
    assert (kyiv.hour, istanbul.hour) == (15, 16)
    assert hours(0).astimezone(ZoneInfo("Europe/Kyiv")).hour == hours(0).astimezone(ZoneInfo("Europe/Istanbul")).hour


@given(st.permutations(["A", "B", "C"]), st.lists(st.integers(0, 20), min_size=3, max_size=3))
@settings(max_examples=50, deadline=None)
def test_the_order_of_receipts_does_not_matter(order, when):
    times = dict(zip("ABC", when, strict=True))
    one = Silence("h", ("A", "B", "C"), 24, NOON, hours(24))
    for party in sorted(order, key=lambda p: (times[p], p)):
        one = silence.receipt(one, party, at=hours(times[party]))
    assert one.deadline == hours(max(when) + 24)


def test_a_stranger_and_a_negative_time_are_refused():
    with pytest.raises(TransitionError, match="found C, expected one of A, B"):
        silence.receipt(Silence("h", ("A", "B"), 72, NOON, hours(24)), "C", at=hours(1))
    with pytest.raises(TransitionError, match="0 hours"):
        Silence("h", ("A", "B"), 0, NOON, hours(24))


CLEAN = {"en": parse("1 done"), "uk": parse("1 зроблено")}


def test_only_a_clean_text_in_every_authentic_language_is_frozen():
    with pytest.raises(TransitionError, match="no text in ru"):
        consent.freeze(CLEAN, ("en", "ru"))
    with pytest.raises(TransitionError, match="brackets are left in uk"):
        consent.freeze({**CLEAN, "uk": parse("1 [x]{A}")}, ("en", "uk"))


def test_a_signature_binds_to_the_frozen_hash_alone():
    frozen = consent.freeze(CLEAN, ("uk", "en"))
    good = Signature("A", Act.SIGN, frozen.hash, NOON)
    consent.check_signature(frozen, good)
    assert consent.unsigned(frozen, [good], ("A", "B"), act=Act.SIGN) == ("B",)
    assert consent.unsigned(frozen, [good], ("A",), act=Act.INITIAL) == ("A",)
    with pytest.raises(VerificationError, match="A signed another text"):
        consent.check_signature(frozen, Signature("A", Act.SIGN, "0" * 64, NOON))


def test_one_changed_letter_in_one_language_is_another_text():
    assert consent.text_hash(CLEAN) != consent.text_hash({**CLEAN, "uk": parse("1 зробленo")})
    assert consent.text_hash(CLEAN) == consent.text_hash(dict(reversed(CLEAN.items())))
