"""Lists as they come: headers in four languages and any form, rows that are none, faults by row and column."""

import datetime as dt

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.domain.lists import COLUMNS, ListKind
from goodoffices.formats.lists.model import Book, Sheet
from goodoffices.formats.lists.read import read_book
from goodoffices.formats.lists.vocabulary import read_kind, read_title, read_word
from tests.formats.lists.making import TODAY, codes, from_rows, from_text, values

HEADERS = {
    "en": "No;Surname;Given name;Patronymic;Sex;Date of birth;Place of birth;Service number;Rank;Unit;Category;Health;"
    "Fit to travel;Date of capture;Place of capture;Held at;Status;Family;Requested;Withheld;Remarks",
    "uk": "№ з/п;Прізвище;Ім'я;По батькові;Стать;Дата народження;Місце народження;Особистий номер;Військове звання;"
    "Військова частина;Категорія;Стан здоров’я;Транспортабельний;Дата взяття в полон;Місце полону;Місце утримання;"
    "Статус;Родина;Запит;Не пропонується;Примітка",
    "ru": "№ п/п;Фамилия;Имя;Отчество;Пол;Дата рождения;Место рождения;Личный номер;Воинское звание;Войсковая часть;"
    "Категория;Состояние здоровья;Транспортабелен;Дата пленения;Место пленения;Место содержания;Статус;Семья;Запрос;"
    "Не предлагается;Примечание",
    "tr": "Sıra No;Soyadı;Adı;Baba adı;Cinsiyeti;Doğum tarihi;Doğum yeri;Künye no;Rütbesi;Birliği;Kategori;"
    "Sağlık durumu;Nakle elverişli;Esir alındığı tarih;Esir alındığı yer;Tutulduğu yer;Durumu;Aile;Talep;"
    "Teklif edilmiyor;Açıklama",
    "canonical": ";".join(column for column in COLUMNS if column != "full_name"),
}


@pytest.mark.parametrize("language", HEADERS)
def test_every_column_is_understood_in_every_language(language):
    titles = HEADERS[language].split(";")
    listed = from_text(HEADERS[language] + "\n" + "1;Коваль" + ";" * (len(titles) - 2))
    assert tuple(listed.columns) == tuple(column for column in COLUMNS if column != "full_name")
    assert listed.unknown == ()


@pytest.mark.parametrize("language", HEADERS)
def test_capitals_and_order_make_no_difference(language):
    titles = HEADERS[language].upper().split(";")[::-1]
    listed = from_text(";".join(titles) + "\n" + "x;" * (len(titles) - 1) + "1")
    assert set(listed.columns) == {column for column in COLUMNS if column != "full_name"}


TITLES = [
    ("Ф.И.О.", "full_name"),
    ("П.І.Б.", "full_name"),
    ("ПІБ", "full_name"),
    ("Adı Soyadı", "full_name"),
    ("Full Name", "full_name"),
    ("Прізвище, ім’я, по батькові", "full_name"),
    ("Фамилия, имя, отчество", "full_name"),
    ("Дата рождения (дд.мм.гггг)", "birth_date"),
    ("Дата\nнародження", "birth_date"),
    ("D.O.B.", "birth_date"),
    ("Год рождения", "birth_date"),
    ("г.р.", "birth_date"),
    ("Дата рождения / Date of birth", "birth_date"),
    ("Рег. номер", "ref"),
    ("№ п/п", "ref"),
    ("В/ч", "unit"),
    ("Dogum Tarihi", "birth_date"),
    ("DOĞUM TARİHİ", "birth_date"),
    ("Cтать", "sex"),
    ("Рег. №", "ref"),
    ("Взят в плен", "captured_on"),
    ("captured_on", "captured_on"),
]


@pytest.mark.parametrize(("title", "column"), TITLES, ids=[case[0] for case in TITLES])
def test_a_title_means_its_column(title, column):
    assert read_title(title)[0].column == column


WORDS = [
    ("sex", "чоловіча", "m"),
    ("sex", "Ж.", "f"),
    ("sex", "K", "f"),
    ("sex", "ERKEK", "m"),
    ("category", "Військовослужбовець", "military"),
    ("category", "гражданское лицо", "civilian"),
    ("category", "savaş esiri", "military"),
    ("health", "тяжело ранен", "seriously_wounded"),
    ("health", "Важкохворий", "seriously_ill"),
    ("health", "ağır yaralı", "seriously_wounded"),
    ("status", "помер", "died"),
    ("status", "под следствием", "judicial_hold"),
    ("withheld", "ТАК", "yes"),
    ("withheld", "Нет", "no"),
    ("fit_to_travel", "hayır", "no"),
    ("fit_to_travel", "True", "yes"),
    ("requested", "2", "2"),
    ("sex", "чoловіча", "m"),
]


@pytest.mark.parametrize(("column", "text", "word"), WORDS, ids=[f"{case[0]} {case[1]}" for case in WORDS])
def test_a_closed_word_is_understood_in_four_languages(column, text, word):
    assert read_word(column, text) == word


def test_what_is_no_word_of_the_column_is_none():
    assert read_word("sex", "так") is None
    assert read_word("requested", "4") is None


KINDS = [
    ("СПИСОК ОСІБ, ЯКІ РОЗШУКУЮТЬСЯ", ListKind.SOUGHT),
    ("Список удерживаемых лиц", ListKind.HELD),
    ("held-by-a.csv", ListKind.HELD),
    ("Список зниклих безвісти", ListKind.MISSING),
    ("Kayıp kişiler", ListKind.MISSING),
    ("Перелік тіл загиблих", ListKind.REMAINS),
    ("Список разыскиваемых военнопленных", ListKind.SOUGHT),
    ("Список 5", None),
    ("kayıp ve cenaze", None),
]


@pytest.mark.parametrize(("title", "kind"), KINDS, ids=[case[0] for case in KINDS])
def test_a_title_says_what_kind_of_list_it_is(title, kind):
    assert read_kind(title) is kind


def test_the_kind_that_was_given_wins():
    assert from_text("ref;surname\n1;Коваль", file="held.csv", kind=ListKind.MISSING).kind is ListKind.MISSING


def test_titles_above_numbers_and_tags_below_are_no_records():
    listed = from_rows(
        ["Список осіб, які утримуються", None, None],
        [None, None, None],
        ["№", "Прізвище", "Дата народження"],
        ["#meta+id", "#indiv+name+surname", "#date+birth"],
        [1.0, 2.0, 3.0],
        [7.0, "Коваль", "11.07.1984"],
    )
    assert (listed.header_rows, listed.rows, listed.kind) == ((3, 4, 5), (6,), ListKind.HELD)
    assert values(listed, "ref") == ["7"]


def test_tags_alone_are_a_header():
    listed = from_text("#record+id,#person+surname,#person+given_name,#date+birth_date\n1,Koval,Ivan,1984\n")
    assert list(listed.columns) == ["ref", "surname", "given_name", "birth_date"]


def test_a_group_over_two_pairs_of_columns_tells_them_apart():
    listed = from_rows(
        ["№", "Прізвище", "Народження", None, "Полон", None],
        [None, None, "дата", "місце", "дата", "місце"],
        [1, "Коваль", "11.07.1984", "Умовне", "01.02.2023", "Зразкове"],
    )
    assert values(listed, "captured_on") == ["2023-02-01"]
    assert values(listed, "birth_place") == ["Умовне"]
    assert listed.columns["captured_on"] == "Полон / дата"


def test_a_name_merged_over_three_untitled_columns_is_three_names():
    listed = from_rows(
        ["№", "Прізвище, ім’я, по батькові", None, None, "Стать"],
        [1, "Коваль", "Іван", "Петрович", "ч"],
        merged=((0, 1, 0, 3),),
    )
    assert [values(listed, name) for name in ("surname", "given_name", "patronymic")] == [
        ["Коваль"],
        ["Іван"],
        ["Петрович"],
    ]


def test_a_running_number_is_a_reference_only_where_there_is_none():
    assert from_text("№;Прізвище\n5;Коваль").columns == {"ref": "№", "surname": "Прізвище"}
    both = from_text("№;Рег. номер;Прізвище\n5;A-7;Коваль")
    assert (values(both, "ref"), both.unknown) == (["A-7"], ("№",))


def test_name_beside_surname_is_the_given_name_and_alone_the_whole_name():
    assert "given_name" in from_text("ref;Surname;Name\n1;Koval;Ivan").columns
    assert "full_name" in from_text("ref;Name;Sex\n1;Koval Ivan;m").columns


def test_two_columns_with_one_meaning_are_refused():
    with pytest.raises(InputError, match="two columns that mean birth_date: 'Дата рождения' and 'Date of birth'"):
        from_text("№;Фамилия;Дата рождения;Date of birth\n1;Иванов;1984;1984")


def test_an_unknown_column_is_kept_and_named():
    listed = from_text("ref;surname;Call sign;\n1;Koval;Falcon;beside")
    assert listed.unknown == ("Call sign", "column D")
    assert listed.others == {0: {"Call sign": "Falcon", "column D": "beside"}}
    assert codes(listed) == ["unknown_column", "unknown_column"]


def test_a_list_without_references_is_read_and_not_accepted():
    listed = from_text("surname;given name\nKoval;Ivan")
    assert codes(listed) == ["no_reference_column"]
    assert values(listed, "surname") == ["Koval"]


def test_no_list_is_said_to_be_none_with_its_first_line():
    with pytest.raises(InputError, match=r"no header; the first line is 'a \| b'"):
        from_text("a;b\n1;2")
    with pytest.raises(InputError, match="an empty file"):
        from_text(";;\n;;")


def test_lines_that_are_no_records_are_kept_as_lines():
    listed = from_rows(
        ["№", "Прізвище", "Ім’я"],
        ["Офіцери", None, None],
        [1, "Коваль", "Іван"],
        [None, None, None],
        ["№", "Прізвище", "Ім’я"],
        [2, "Шевчук", "Петро"],
        [None, "Разом: 3", None],
        ["Начальник ______ М. Приклад", None, None],
    )
    assert [(line.row, line.why) for line in listed.lines] == [
        (2, "heading or remark"), (4, "empty"), (5, "header repeated"), (7, "total line"), (8, "heading or remark"),
    ]  # fmt: skip
    assert listed.rows == (3, 6)
    assert codes(listed) == ["remark", "header_again", "total_differs", "remark"]
    assert listed.is_accepted


def test_a_person_without_a_reference_is_a_record_with_a_fault():
    listed = from_text("ref;surname;sex\n;Коваль;ч\n2;Шевчук;ч")
    assert [(problem.row, problem.code) for problem in listed.faults] == [(2, "no_reference")]
    assert values(listed, "surname") == ["Коваль", "Шевчук"]


def test_a_person_called_like_a_total_is_a_person():
    listed = from_text("ref;surname;given_name\n1;Разом;Іван\n2;Total;Ivan")
    assert values(listed, "surname") == ["Разом", "Total"]


def test_a_reference_twice_is_a_fault_at_its_second_row():
    listed = from_text("ref;surname\nA-1;Коваль\nA-2;Шевчук\nA-1;Бондар")
    (fault,) = listed.faults
    assert (fault.row, fault.column, fault.found) == (4, "ref", "A-1")
    assert fault.message == "duplicate reference, first in row 2"
    assert not listed.is_accepted


def test_a_reference_in_look_alike_letters_is_seen():
    listed = from_text("ref;surname\nAB-1;Коваль\nАВ-1;Шевчук")
    assert codes(listed) == ["alike_reference"]
    repaired = from_text("ref;surname\nРФ-1;Коваль\nPФ-1;Шевчук")
    assert codes(repaired) == ["duplicate_reference", "latin_letter"]


def test_a_date_ahead_of_the_day_is_a_fault_and_kept_as_text():
    listed = from_text("ref;surname;birth_date\n1;Koval;23.11.2026\n2;Bondar;22.11.2026")
    assert [(problem.row, problem.code) for problem in listed.faults] == [(2, "future_date")]
    assert values(listed, "birth_date") == [None, "2026-11-22"]
    assert listed.others == {0: {"birth_date_text": "23.11.2026"}}


def test_a_date_of_another_century_is_kept_as_text():
    listed = from_text("ref;surname;birth_date\n1;Koval;11.07.1184")
    assert codes(listed) == ["too_early"]
    assert listed.others[0]["birth_date_text"] == "11.07.1184"


def test_an_ambiguous_date_names_its_reading():
    (warning,) = from_text("ref;surname;birth_date\n1;Koval;05/01/1998").warnings
    assert (warning.code, warning.found, warning.read) == ("day_month", "05/01/1998", "1998-01-05")
    assert "read day first" in warning.message


def test_a_capture_before_birth_is_seen():
    assert codes(from_text("ref;surname;birth_date;captured_on\n1;Koval;1990-05-01;1990-04\n2;Bondar;1990;1990")) == [
        "before_birth"
    ]


def test_a_word_that_cannot_be_read_is_a_fault_only_where_blank_would_let_go():
    header = "ref;surname;health;fit_to_travel;status;withheld\n"
    listed = from_text(header + "1;Koval;контузія;maybe;somewhere;perhaps")
    assert sorted(problem.column for problem in listed.faults) == ["fit_to_travel", "status", "withheld"]
    assert [(problem.column, problem.code) for problem in listed.warnings] == [("health", "unknown_word")]
    words = {"health": "контузія", "fit_to_travel": "maybe", "status": "somewhere", "withheld": "perhaps"}
    assert listed.others[0] == {f"{column}_text": word for column, word in words.items()}


def test_said_unknown_is_empty_with_a_warning_and_a_dash_is_just_empty():
    listed = from_text("ref;surname;birth_date;unit;health\n1;Koval;невідомо;unknown;—")
    assert codes(listed) == ["said_unknown", "said_unknown"]
    assert [values(listed, column) for column in ("birth_date", "unit", "health")] == [[None], [None], [None]]


def test_a_name_of_look_alikes_alone_follows_the_other_names():
    listed = from_text("ref;surname;given_name\n1;Cop;Іван\n2;Cop;Ivan")
    assert values(listed, "surname") == ["Сор", "Cop"]
    assert [(problem.row, problem.code) for problem in listed.warnings] == [(2, "latin_letter")]


def test_a_formula_gives_its_stored_value_and_a_word():
    header = ["ref", "surname", "rank"]
    listed = from_rows(header, ["1", "Коваль", "солдат"], ["2", "Шевчук", ""], ["3", "Бондар", ""],
                       formulas=frozenset({(1, 2), (2, 2)}), broken=frozenset({(3, 2)}))  # fmt: skip
    assert [(problem.row, problem.code, problem.found) for problem in listed.warnings] == [(2, "formula", "солдат")]
    assert [(problem.row, problem.code) for problem in listed.faults] == [
        (3, "formula_without_value"),
        (4, "error_value"),
    ]


def test_a_value_merged_over_rows_is_read_for_each():
    listed = from_rows(
        ["ref", "surname", "family"],
        ["1", "Коваль", "F1"],
        ["2", "Коваль", None],
        ["3", "Бондар", None],
        merged=((1, 2, 2, 2),),
    )
    assert values(listed, "family") == ["F1", "F1", None]
    assert codes(listed) == ["merged_cells"]


def test_cells_of_every_type_are_read_as_a_person_would():
    listed = from_rows(
        ["ref", "surname", "birth_date", "service number", "captured_on", "withheld"],
        [12.0, "Коваль", dt.date(1984, 7, 11), 101.0, dt.datetime.fromisoformat("2023-02-01"), False],
        [13, "Шевчук", 30874.0, 12345678901234567.0, 45000, True],
    )
    assert values(listed, "ref") == ["12", "13"]
    assert values(listed, "birth_date") == ["1984-07-11", "1984-07-11"]
    assert values(listed, "service_number")[0] == "101"
    assert values(listed, "captured_on") == ["2023-02-01", "2023-03-15"]
    assert values(listed, "withheld") == ["no", "yes"]
    assert codes(listed) == ["cut_number"]


def test_a_line_with_a_separator_too_many_is_a_fault_and_one_too_few_a_warning():
    listed = from_text("ref;surname;note\n1;Koval;a;b\n2;Bondar;c\n3;Rudenko\n4;Savchuk;d")
    assert [(problem.row, problem.code) for problem in listed.faults] == [(2, "too_many_cells")]
    assert (4, "too_few_cells") in [(problem.row, problem.code) for problem in listed.warnings]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_separator_is_found(separator):
    text = 'ref;surname;note\n1;Koval;"a, b; c\t|"\n'.replace(";", separator)
    listed = from_text(text if separator != ";" else 'ref;surname;note\n1;Koval;"a, b; c\t|"\n')
    assert values(listed, "surname") == ["Koval"]


def test_the_line_a_spreadsheet_writes_first_names_the_separator():
    listed = from_text("sep=;\r\nref;surname\r\n1;Koval\r\n")
    assert (values(listed, "ref"), listed.rows) == (["1"], (3,))


def test_marks_against_formulas_are_taken_off_and_said():
    listed = from_text('ref,surname,service number,note\n1,Koval,"=""00123""",\'=1+1\n')
    assert (values(listed, "service_number"), values(listed, "note")) == (["00123"], ["=1+1"])
    assert codes(listed) == ["quoted_formula"]


def test_several_sheets_with_lists_ask_for_one_and_others_are_named():
    first = Sheet("A", [["ref", "surname"], ["1", "Koval"]])
    second = Sheet("B", [["ref", "surname"], ["2", "Bondar"]])
    remark = Sheet("C", [["For the desk only"]])
    with pytest.raises(InputError, match="2 sheets that hold a list: 'A', 'B'"):
        read_book(Book("XLSX", (first, second)), "list", today=TODAY)
    chosen = read_book(Book("XLSX", (first, second)), "list", today=TODAY, sheet="B")
    assert values(chosen, "ref") == ["2"]
    assert codes(read_book(Book("XLSX", (first, remark)), "list", today=TODAY)) == ["other_sheet"]
    with pytest.raises(InputError, match="no sheet 'D', expected one of: A, B"):
        read_book(Book("XLSX", (first, second)), "list", today=TODAY, sheet="D")
