"""A count form read back: what was typed is what was ticked, or the fault is named."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError, RangeError
from goodoffices.formats.print.act import Counted
from goodoffices.formats.print.checks import ALPHABET, check_letter, folded
from goodoffices.formats.print.countform import ROWS, CountForm, CountLine
from goodoffices.formats.print.countread import read_form, read_page
from tests.formats.print.invented import MARK, count_form, frame, slip_code

FORM = count_form()
BOXES = {Counted.MISSING: 2, Counted.SEAL_BROKEN: 3, Counted.DOES_NOT_GO: 4}


def typed(page, found):
    told = [f"{number}{page.letter(number)}-{BOXES[state]}" for number, state in sorted(found.items())]
    return " ".join([page.code, str(len(page.lines) - len(found)), *told])


def faults(text, form=FORM, read=read_page):
    with pytest.raises(InputError) as caught:
        read(form, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_check_letter_worked_by_hand():
    # 4×5 + 7×4 + 1×3 + 2×2 = 55 = 5×11: remainder 0
    assert check_letter("4712") == "A"
    assert check_letter("0471") == ALPHABET[(0 * 5 + 4 * 4 + 7 * 3 + 1 * 2) % 11]


@given(st.text("0123456789", min_size=1, max_size=9), st.integers(0, 8), st.integers(1, 9))
@settings(deadline=None, max_examples=300)
def test_one_wrong_digit_always_changes_the_letter(digits, at, by):
    at %= len(digits)
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert check_letter(wrong) != check_letter(digits)


@given(st.text("0123456789", min_size=2, max_size=9), st.integers(0, 7))
@settings(deadline=None, max_examples=300)
def test_two_neighbours_swapped_always_change_the_letter(digits, at):
    at %= len(digits) - 1
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert swapped == digits or check_letter(swapped) != check_letter(digits)


@pytest.mark.parametrize("digits", ["", "12a", "1234567890", "٣"])
def test_only_one_to_nine_digits_have_a_letter(digits):
    with pytest.raises(RangeError, match="expected one to nine digits"):
        check_letter(digits)


def test_any_keyboard_will_do():
    assert folded("авсенкмртху") == ALPHABET
    assert folded(ALPHABET.lower()) == ALPHABET


@given(st.dictionaries(st.integers(51, 100), st.sampled_from(list(BOXES)), max_size=50))
@settings(deadline=None, max_examples=60)
def test_what_is_typed_is_what_was_ticked(found):
    page = FORM.pages[1]
    count = read_page(FORM, typed(page, found))
    assert count.page == 2
    assert dict(count.states) == {line.number: found.get(line.number, Counted.COUNTED) for line in page.lines}


def test_cyrillic_letters_commas_and_missing_hyphens_are_understood():
    page = FORM.pages[0]
    found = {7: Counted.MISSING, 19: Counted.DOES_NOT_GO}
    text = typed(page, found).replace("-", "").replace(" ", ", ").lower()
    cyrillic = text.translate(str.maketrans("abcehkmptxy", "авсенкмртху"))
    apart = typed(page, found).replace("-", " ")
    assert read_page(FORM, cyrillic) == read_page(FORM, apart) == read_page(FORM, typed(page, found))


def test_every_wrong_letter_beside_a_number_is_caught():
    page = FORM.pages[0]
    for letter in ALPHABET:
        text = f"{page.code} 49 7{letter}-2"
        if letter == page.letter(7):
            assert read_page(FORM, text).states[6] == (7, Counted.MISSING)
        else:
            assert "the letter beside that number" in faults(text)[0]


def test_every_number_mistyped_for_its_neighbour_on_the_page_is_caught_by_digit_or_swap():
    page = FORM.pages[0]
    numbers = [line.number for line in page.lines]
    for right, wrong in itertools.permutations(numbers, 2):
        a, b = f"{right:04d}", f"{wrong:04d}"
        differing = [at for at in range(4) if a[at] != b[at]]
        is_swap = len(differing) == 2 and differing[1] == differing[0] + 1 and sorted(a) == sorted(b)
        if len(differing) == 1 or is_swap:
            assert page.letter(right) != page.letter(wrong)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "page code: found nothing, expected nine digits and a letter"),
        ("3 47", "page code: found '3', expected nine digits"),
        ("٠٣-٤٧١٩-٢٨٣K 50", "expected nine digits"),
        ("{code} ٥٠", "page 1, counted: found '٥٠'"),
        ("{code} 49 ٧{letter}-2", "expected number, letter and box"),
        ("{code}", "page 1, counted: found nothing"),
        ("{code} many", "page 1, counted: found 'MANY'"),
        ("{code} 49", "page 1, counted: found 49, expected 50: 50 on the page less 0 exceptions"),
        ("{code} 49 7", "page 1, exception: found '7', expected number, letter and box"),
        ("{code} 49 7{letter}-1", "expected box 2 missing, 3 seal broken or 4 does not go"),
        ("{code} 49 7{letter}-9", "expected box 2 missing, 3 seal broken or 4 does not go"),
        ("{code} 49 51A-2", "expected a number of this page, 1 to 50"),
        ("{code} 48 7{letter}-2 7{letter}-3", "expected each number once"),
        ("{code} 49 #eval(1)", "expected number, letter and box"),
    ],
)
def test_each_fault_is_named(text, told):
    page = FORM.pages[0]
    assert told in faults(text.format(code=page.code, letter=page.letter(7)))[0]


def test_a_mistyped_page_code_and_one_of_another_form_are_told_apart():
    code = FORM.pages[0].code
    wrong = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 11]
    assert "a letter or digit is wrong" in faults(f"{wrong} 50")[0]
    other = CountForm(frame("M-12/3"), "T-12", 3, MARK.sha256, FORM.lines)
    assert "this one belongs to another" in faults(f"{other.pages[0].code} 50")[0]


def test_a_form_is_changed_by_every_line_on_it():
    lines = (*FORM.lines[:-1], CountLine(120, "K7Q2-9999"))
    changed = CountForm(FORM.frame, FORM.transfer, FORM.leg, FORM.manifest_sha256, lines)
    assert [a.code == b.code for a, b in zip(FORM.pages, changed.pages, strict=True)] == [True, True, False]


def test_a_whole_form_is_read_in_any_order_and_a_missing_page_is_named():
    lines = [typed(page, {}) for page in FORM.pages]
    counts = read_form(FORM, "\n\n".join(reversed(lines)))
    assert [number for count in counts for number, _ in count.states] == list(range(1, 121))
    assert "pages 2: found not typed" in faults("\n".join([lines[0], lines[2]]), read=read_form)[0]
    assert "page 1: found 2 times, expected once" in faults("\n".join([*lines, lines[0]]), read=read_form)[0]
    assert len(faults(f"{FORM.pages[0].code} 3\n{FORM.pages[1].code} 4", read=read_form)) == 2


@pytest.mark.parametrize("numbers", [(), (2, 1), (1, 1), (0,), (10_000,), range(1, ROWS * 99 + 2)])
def test_a_form_that_cannot_be_counted_is_refused(numbers):
    with pytest.raises(RangeError, match="to count, expected 1 to"):
        CountForm(frame("x"), "T", 1, MARK.sha256, tuple(CountLine(n, slip_code(n)) for n in numbers))
