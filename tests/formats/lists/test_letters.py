"""Letters that look alike: repaired both ways, each time said; what cannot be decided is left and said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.formats.lists.letters import clean, fold, repair, skeleton

MIXED = [
    ("Лисeнко", "Лисенко", "latin_letter", "one Latin e"),
    ("Мapчeнкo", "Марченко", "latin_letter", "half the letters are Latin; ч and н decide"),
    ("Sаvchuk", "Savchuk", "cyrillic_letter", "one Cyrillic a; v, h and u decide"),
    ("Вoлков Артём", "Волков Артём", "latin_letter", "inside a whole name"),
    ("Ivan Пeтренко", "Ivan Петренко", "latin_letter", "each word has its own script"),
    ("Kyїv", "Kyïv", "cyrillic_letter", "yi has a Latin twin"),
    ("Иwанов", "Иwанов", "mixed_word", "both scripts have letters of their own"),
    ("в/ч A1234", "в/ч A1234", None, "a letter beside digits is no word of two scripts"),
    ("Коваль", "Коваль", None, "nothing to repair"),
    ("Koval", "Koval", None, "nothing to repair"),
    ("Cосо", "Сосо", "latin_letter", "look-alikes alone of both scripts: Cyrillic is more likely sent"),
]


@pytest.mark.parametrize(("text", "read", "code", "why"), MIXED, ids=[case[0] for case in MIXED])
def test_a_word_gets_back_the_letters_of_its_own_script(text, read, code, why):
    assert repair(text) == (read, code), why


def test_a_name_of_look_alikes_follows_the_persons_other_names():
    assert repair("Cop", others="Іван Іванович") == ("Сор", "latin_letter")
    assert repair("Сор", others="Ivan") == ("Cop", "cyrillic_letter")
    assert repair("Cop", others="Ivan") == ("Cop", None)
    assert repair("Cop", others="") == ("Cop", None)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("АВСЕНІКМОРТХУасеіорхуABCEHIKMOPTXYaceiopxyжщwzЇї -'"), max_size=12))
def test_repairing_twice_is_repairing_once(text):
    once, _ = repair(text)
    again, code = repair(once)
    assert again == once
    assert code in {None, "mixed_word"}


def test_what_cannot_be_seen_is_taken_out_and_said():
    assert clean("  Іван \u00a0 Коваль ") == ("Іван Коваль", False)
    assert clean("Ко\u200bваль\u202e") == ("Коваль", True)
    assert clean("Юр\u0438\u0438\u0306") == ("Юрий", False)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_a_clean_text_stays_as_it_is(text):
    once = clean(text)[0]
    assert clean(once) == (once, False)


def test_folding_knows_the_turkish_letters():
    assert fold("SOYADI") == fold("Soyadı") == fold("soyadi")
    assert fold("İLK ADI") == fold("ilk adı")
    assert fold("Ф.И.О.") == "ф и о"
    assert fold("Імʼя") == fold("Ім'я") == fold("ім’я")
    assert fold("Йосип") != fold("Иосип")


def test_references_that_look_alike_have_one_skeleton():
    assert skeleton("АВ-12") == skeleton("AB-12")
    assert skeleton("РФ-1") != skeleton("РФ-2")
