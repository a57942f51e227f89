"""Minutes as a text file."""

import dataclasses
import datetime as dt

import pytest

from goodoffices.formats.minutes import Minuted, minutes_text
from goodoffices.formats.words import Language, Words

MINUTED = Minuted(
    forum="Group", number=2, at=dt.datetime(2025, 8, 14, 9, 0, tzinfo=dt.UTC), lines=(("A", "lists"), ("", "agreed")),
    state="adopted", digest="0" * 64, is_unattributed=False,
)  # fmt: skip


@pytest.mark.parametrize("language", list(Language))
def test_minutes_say_what_they_are_and_who_spoke(language):
    text = minutes_text(MINUTED, Words("desk_talks", language))
    assert "1. A: lists\n2. agreed\n" in text
    assert "0" * 64 in text
    assert "{" not in text


@pytest.mark.parametrize("language", list(Language))
def test_under_the_chatham_house_rule_no_speaker_is_written_whatever_the_lines_say(language):
    text = minutes_text(dataclasses.replace(MINUTED, is_unattributed=True), Words("desk_talks", language))
    assert "1. lists\n2. agreed\n" in text
    assert "A:" not in text
    assert "Chatham" in text or "Чатем" in text


def test_minutes_that_no_silence_is_about_claim_none():
    text = minutes_text(dataclasses.replace(MINUTED, state="", digest=""), Words("desk_talks", Language.EN))
    assert "SHA-256" not in text
