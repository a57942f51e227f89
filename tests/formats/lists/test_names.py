"""Whole names that people argue about: what is surname, given name and patronymic."""

import pytest

from goodoffices.formats.lists.names import split_name

NAMES = [
    ("Иванов Иван Иванович", ("Иванов", "Иван", "Иванович"), True, "the usual order"),
    ("Орлов Глеб", ("Орлов", "Глеб", None), True, "no patronymic"),
    ("Мамедов Али Рашид оглы", ("Мамедов", "Али", "Рашид оглы"), True, "a patronymic of two words"),
    ("Салтыков-Примерный Иван Ильич", ("Салтыков-Примерный", "Иван", "Ильич"), True, "a double surname"),
    ("Иван Иванович Петренко", ("Петренко", "Иван", "Иванович"), True, "given name first: the patronymic says so"),
    ("Петрович Іван Сергійович", ("Петрович", "Іван", "Сергійович"), True, "a surname that looks like a patronymic"),
    ("Коваль Марія Іллівна", ("Коваль", "Марія", "Іллівна"), True, "a woman's patronymic"),
    ("Нечуй Левицький Іван Семенович", ("Нечуй Левицький", "Іван", "Семенович"), True, "a surname of two words"),
    ("Іваненко І. П.", ("Іваненко", "І.", "П."), True, "initials"),
    ("Іваненко І.П.", ("Іваненко", "І.", "П."), True, "initials without a space"),
    ("І.П. Іваненко", ("Іваненко", "І.", "П."), True, "initials first"),
    ("Ivanenko, Ivan", ("Ivanenko", "Ivan", None), True, "a comma after the surname"),
    ("Ivanenko, Ivan Petrovych", ("Ivanenko", "Ivan", "Petrovych"), True, "a comma, then both"),
    ("Ivan IVANENKO", ("IVANENKO", "Ivan", None), True, "the surname in capitals"),
    ("Іваненко", ("Іваненко", None, None), False, "one word"),
    ("Мамедов Али Рашид", ("Мамедов", "Али", "Рашид"), True, "a father's name without an ending"),
    ("а б в г д", ("а", "б в г д", None), False, "who knows"),
    ("Шевчук, ", ("Шевчук", None, None), False, "a comma and nothing after it"),
]


@pytest.mark.parametrize(("text", "parts", "is_sure", "why"), NAMES, ids=[case[0] for case in NAMES])
def test_a_whole_name_is_split_as_its_writer_meant_it(text, parts, is_sure, why):
    assert split_name(text) == (parts, is_sure), why


def test_a_title_may_say_that_the_given_name_stands_first():
    assert split_name("Mehmet Ali Yılmaz", given_first=True) == (("Yılmaz", "Mehmet Ali", None), True)
    assert split_name("Іван Коваль", given_first=True) == (("Коваль", "Іван", None), True)
