"""Names across scripts meet where they are one name."""

import csv
import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.engines.linkage.names import given_names, place_key
from goodoffices.engines.linkage.people import name_of
from goodoffices.engines.linkage.script import (
    clean,
    consonants,
    father_of,
    fold,
    is_patronymic,
    language,
    romanise,
    sounds,
)

CYRILLIC = "абвгґдеєёжзиіїйклмнопрстуфхцчшщьюяыэъ"
WORDS = st.text(CYRILLIC, min_size=1, max_size=12)


@pytest.mark.parametrize(
    "forms",
    [
        "Шевченко Shevchenko Schewtschenko Ševčenko Şevçenko Szewczenko",
        "Сергій Сергей Serhii Sergey Serhiy Sergej Sergii",
        "Щербак Shcherbak Ščerbak Szczerbak Schtscherbak",
        "Юрій Юрий Yurii Yuriy Iurii Jurij",
        "Ковальський Ковальский Ковальская Kovalskyi Kovalsky Kowalski",
        "Марія Мария Mariia Maria Mariya",
        "Євген Евгений Yevhen Jewgenij",
        "Фёдоров Федоров Fyodorov Fedorov",
        "Хоменко Khomenko Homenko",
        "Згурський Згурский Zghurskyi",
        "Третьяков Tretiakov Tretyakov Tretjakow",
    ],
)
def test_the_forms_of_one_name_fold_to_one_key(forms):
    assert len({fold(clean(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Іван", "Степан"), ("Шевченко", "Савченко"), ("Олег", "Олена"), ("Коваль", "Ковальчук"), ("Петров", "Петренко")],
)
def test_different_names_keep_different_keys(one, other):
    assert fold(clean(one)) != fold(clean(other))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ивaнoв", "иванов"),
        ("Cидopoв", "сидоров"),
        ("Petrеnkо", "petrenko"),
        ("О'КОННОР", "оконнор"),
        ("Вʼячеслав", "вячеслав"),
        ("İBRAHİM", "ibrahim"),
        ("Іванов-Петренко", "іванов петренко"),
    ],
)
def test_cleaning_repairs_look_alikes_and_apostrophes(written, meant):
    assert clean(written) == meant


@pytest.mark.parametrize(
    ("name", "tongue", "latin"),
    # Examples of the KMU resolution 55 of 2010, and of ICAO Doc 9303.
    [
        ("Згорани", "uk", "Zghorany"),
        ("Єнакієве", "uk", "Yenakiieve"),
        ("Їжакевич", "uk", "Yizhakevych"),
        ("Щербухи", "uk", "Shcherbukhy"),
        ("Юрій", "uk", "Yurii"),
        ("Яготин", "uk", "Yahotyn"),
        ("Ґалаґан", "uk", "Galagan"),
        ("Юрий", "ru", "Iurii"),
        ("Цветкова", "ru", "Tsvetkova"),
    ],
)
def test_romanising_follows_the_published_tables(name, tongue, latin):
    assert romanise(name, tongue) == latin


def test_a_list_tells_its_language_by_its_letters():
    assert language("Іванов Їжак") == "uk"
    assert language("Рыбин Эдуард") == "ru"
    assert not language("Ivanov")


@given(WORDS)
@settings(deadline=None, max_examples=200)
def test_keys_are_stable_and_plain(word):
    key = fold(clean(word))
    assert re.fullmatch("[a-z]*", key)
    assert fold(clean(word.upper())) == key
    assert re.fullmatch("[A-Za-z]*", sounds(clean(word)))
    assert len(consonants(clean(word))) <= max(len(key), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Олексій", "Алексей"),
        ("Володимир", "Wladimir"),
        ("Микола", "Nikolai"),
        ("Дмитро", "Дмитрий"),
        ("Ганна", "Анна"),
        ("Пилип", "Filipp"),
        ("Михайло", "Michael"),
        ("Олена", "Елена"),
        ("Юлія", "Yuliya"),
    ],
)
def test_given_names_of_two_languages_are_one(one, other):
    table = given_names()
    assert table.number(clean(one)) == table.number(clean(other)) is not None


@pytest.mark.parametrize(
    ("one", "other"), [("Олександр", "Олександра"), ("Яна", "Анна"), ("Денис", "Данило"), ("Олег", "Олексій")]
)
def test_names_that_only_sound_alike_stay_two(one, other):
    table = given_names()
    assert table.number(clean(one)) != table.number(clean(other))


@pytest.mark.parametrize(
    ("short", "full"),
    [("Саша", "Олександр"), ("Вова", "Vladimir"), ("Серёжа", "Сергій"), ("Катя", "Екатерина"), ("Slava", "Ярослав")],
)
def test_a_short_form_may_stand_for_its_full_forms(short, full):
    table = given_names()
    assert table.number(clean(full)) in table.short[fold(clean(short))]


@pytest.mark.parametrize(
    ("patronymic", "father"),
    [
        ("Сергійович", "Сергій"),
        ("Сергеевна", "Сергей"),
        ("Алексеевич", "Олексій"),
        ("Nikolaevich", "Микола"),
        ("Яковлевич", "Яків"),
        ("Львівна", "Лев"),
        ("Ильич", "Ілля"),
        ("Лукич", "Лука"),
        ("Юріївна", "Юрий"),
        ("Dmytrovych", "Дмитрий"),
        ("Васильевна", "Василь"),
    ],
)
def test_a_patronymic_names_the_father_in_any_language(patronymic, father):
    table = given_names()
    assert table.fathers.get(father_of(clean(patronymic))) == table.number(clean(father))
    assert is_patronymic(clean(patronymic)) or patronymic == "Ильич"


@pytest.mark.parametrize("word", ["Петренко", "Іван", "Shevchenko", "Ірина", "Романов", "Антонина"])
def test_surnames_and_given_names_are_no_patronymics(word):
    assert not is_patronymic(clean(word))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Дніпропетровськ", "г. Днепр"),
        ("Артемівськ, Донецька обл.", "Бахмут"),
        ("Кировоград", "Kropyvnytskyi"),
        ("м. Київ", "Kiev"),
        ("с. Іванівка", "Ivanivka village"),
        ("Ленинград", "Saint Petersburg"),
    ],
)
def test_places_keep_one_key_through_renaming_and_script(one, other):
    assert place_key(one) == place_key(other)


@pytest.mark.parametrize(
    "full",
    ["Петренко Сергій Іванович", "Сергій Іванович Петренко", "ПЕТРЕНКО Сергій Іванович", "Сергій Петренко Іванович"],
)
def test_a_full_name_is_parted_in_any_order(full):
    name = name_of("", "", "", full)
    assert (name.surname, name.given, name.patronymic) == ("петренко", "сергій", "іванович")


@pytest.mark.parametrize("full", ["Петренко С.І.", "С. І. Петренко", "С.І. ПЕТРЕНКО"])
def test_initials_are_known_as_initials(full):
    name = name_of("", "", "", full)
    assert (name.surname, name.given, name.patronymic) == ("петренко", "с", "і")


def test_parts_in_the_wrong_column_are_put_back():
    assert name_of("Г.", "Бандуров", "А.", "").surname == "бандуров"
    assert name_of("Секиришин", "Максимович", "Дмитрий", "").given == "дмитрий"
    assert name_of("Константин", "Немидянук", "", "").surname == "немидянук"


def test_maiden_and_double_names_are_kept_apart():
    assert name_of("Шевченко (Коваль)", "Олена", "", "").other == "коваль"
    double = name_of("Нечуй-Левицький", "Іван", "", "")
    assert (double.surname, double.other) == ("нечуй", "левицький")


@pytest.mark.parametrize("table", ["given", "places"])
def test_every_row_of_the_tables_is_complete_and_named_once(table):
    text = (files("goodoffices.engines.linkage") / "data" / f"{table}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert all(all(row.values()) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
