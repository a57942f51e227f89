"""What the fonts can set is set; what they cannot is named by number; nothing invisible gets through."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import RangeError
from goodoffices.formats.print.frame import printed
from goodoffices.formats.print.letters import LONGEST, _can_be_set, readable, shown
from goodoffices.formats.words import Language
from tests.formats.print.invented import SHEETS

SHEET = SHEETS["incident"](Language.EN)


def sheet_of(text):
    blocks = ({"kind": "plain", "text": text}, {"kind": "truth", "text": text}, {"kind": "head", "text": f"C1 {text}"})
    return dataclasses.replace(SHEET, blocks=blocks)


def test_every_letter_said_to_be_settable_is_set_plain_bold_and_semibold():
    letters = [chr(code) for code in range(0x20, 0x30000) if _can_be_set(chr(code))]
    assert len(letters) > 1500
    assert set("ҐґЇїЄєІіЁёЪъЫыЭэĞğİıŞşÇçÖöÜü№«»„“”’–—−→×●…") <= set(letters)
    for start in range(0, len(letters), 500):
        printed([sheet_of(" ".join(letters[start : start + 500]))])


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_text_at_all_can_be_printed(text):
    assert printed([sheet_of(text)]).startswith(b"%PDF-")


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_nothing_invisible_gets_through(text):
    allowed = {"\n", "\u200b", "\u202f", "\u2009", "\u00a0"}
    assert not [
        x for x in shown(text) if unicodedata.category(x) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and x not in allowed
    ]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("plain", "plain"),
        ("и\u0306", "й"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\u200bb", "a‹U+200B›b"),
        ("a\r\nb\tc", "a\nb c"),
        ("漢", "‹U+6F22›"),
        ("x" * 31, "\u200b".join("x" * 31)),
    ],
)
def test_worked_by_hand(given_text, expected):
    assert shown(given_text) == expected


def test_codes_and_hashes_are_left_whole_for_whoever_copies_them():
    assert readable({"svg": "<svg>\u202e", "hash": "f" * 64, "text": "a\u202e", "n": 3, "none": None}) == {
        "svg": "<svg>\u202e",
        "hash": "f" * 64,
        "text": "a‹U+202E›",
        "n": 3,
        "none": None,
    }


def test_a_text_as_long_as_a_book_is_refused():
    assert shown("a b " * (LONGEST // 4)).startswith("a b")
    with pytest.raises(RangeError, match="expected at most"):
        shown("a" * (LONGEST + 1))
