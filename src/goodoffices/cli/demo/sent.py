"""Invented lists as sides send them: title rows, merged headers, dates in every spelling, look-alike letters."""

from __future__ import annotations

import csv
import datetime as dt
import io

import polars as pl
import xlsxwriter

_MONTHS = (
    "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада",
    "грудня",
)  # fmt: skip
_RUSSIAN = {
    "m": "м", "f": "ж", "military": "военнослужащий", "medical": "медик", "chaplain": "священнослужитель",
    "civilian": "гражданское лицо", "child": "ребёнок", "fit": "здоров", "wounded": "ранен",
    "seriously_wounded": "тяжело ранен", "seriously_ill": "тяжело болен", "yes": "да", "no": "нет",
    "held": "содержится", "died": "умер", "escaped": "бежал", "released": "освобождён",
    "judicial_hold": "под следствием",
}  # fmt: skip
_UKRAINIAN = {
    "m": "чол.", "f": "жін.", "fit": "здоровий", "wounded": "поранений", "seriously_wounded": "тяжкопоранений",
    "seriously_ill": "тяжкохворий", "military": "військовослужбовець", "medical": "медик", "chaplain": "капелан",
    "civilian": "цивільна особа", "child": "дитина",
}  # fmt: skip
_CSV_TITLES = {
    "ref": "Рег. номер", "name": "Ф.И.О.", "sex": "Пол", "birth_date": "Дата рождения", "rank": "Воинское звание",
    "unit": "Воинская часть", "category": "Категория", "health": "Состояние здоровья", "captured_on": "Взят в плен",
    "held_at": "Содержится", "withheld": "Не предлагается", "status": "Статус", "boots": "Размер обуви",
}  # fmt: skip
_ALIKE = str.maketrans("аеоіс", "aeoic")


def as_sent_workbook(records: pl.DataFrame) -> bytes:
    """Write a list as a Ukrainian-speaking office might: a title, merged titles of two rows, a total, mistakes.

    Parameters
    ----------
    records
        As `RECORDS`; at least ten.

    Returns
    -------
    bytes
        XLSX in which one row holds a fault and several something to look at.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2025, 7, 1)})  # noqa: DTZ001 - the file format has no zone
    sheet = book.add_worksheet("Список")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    _workbook_header(sheet, book.add_format({"bold": True, "align": "center"}))
    at = 4
    for number, record in enumerate(records.iter_rows(named=True)):
        at += number == 40  # an empty row, as between two pages
        _workbook_row(sheet, at, record, (number, day))
        at += 1
    sheet.write_string(at + 1, 1, f"Усього: {records.height} осіб")
    book.close()
    return out.getvalue()


def as_sent_csv(records: pl.DataFrame) -> bytes:
    """Write a list as a Russian-speaking office might: cp1251, semicolons, one column for the whole name, mistakes.

    Parameters
    ----------
    records
        As `RECORDS`; at least ten.

    Returns
    -------
    bytes
        CSV in which two rows hold a fault and several something to look at.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_CSV_TITLES.values())
    for number, record in enumerate(records.iter_rows(named=True)):
        names = [record[part] for part in ("surname", "given_name", "patronymic") if record[part]]
        row = {column: _RUSSIAN.get(record.get(column) or "", record.get(column) or "") for column in _CSV_TITLES}
        row["name"] = " ".join(names).translate(_ALIKE) if number % 37 == 5 else " ".join(names)
        row["birth_date"] = _dotted(record["birth_date"]) + (" г." if number % 3 == 0 else "")
        row["captured_on"] = _dotted(record["captured_on"])
        row["boots"] = str(39 + number % 8)
        if number == 8:
            row["withheld"] = "на усмотрение"
        if number == 9:
            row["ref"] = records["ref"][2]
        writer.writerow(row.values())
    return out.getvalue().encode("cp1251", errors="replace")


def _workbook_header(sheet: xlsxwriter.worksheet.Worksheet, bold: object) -> None:
    sheet.merge_range(0, 0, 0, 11, "СПИСОК ОСІБ, ЯКІ УТРИМУЮТЬСЯ", bold)
    sheet.merge_range(1, 0, 1, 11, "станом на 23.07.2025, примірник № 2", bold)
    sheet.merge_range(2, 1, 2, 3, "Прізвище, ім’я, по батькові", bold)
    sheet.merge_range(2, 5, 2, 6, "Народження", bold)
    singles = {0: "Обліковий номер", 4: "Стать", 7: "Військове звання", 8: "Особистий номер", 9: "Категорія",
               10: "Стан здоров’я", 11: "Дата полону"}  # fmt: skip
    for column, title in singles.items():
        sheet.merge_range(2, column, 3, column, title, bold)
    for column, title in {1: "прізвище", 2: "ім’я", 3: "по батькові", 5: "дата", 6: "місце"}.items():
        sheet.write_string(3, column, title, bold)


def _workbook_row(
    sheet: xlsxwriter.worksheet.Worksheet, at: int, record: dict[str, str | None], how: tuple[int, object]
) -> None:
    number, day = how
    surname = record["surname"] or ""
    cells = {
        0: record["ref"], 1: surname.translate(_ALIKE) if number % 41 == 7 else surname, 2: record["given_name"],
        3: record["patronymic"], 4: record["sex"], 6: record["birth_place"], 7: record["rank"],
        8: record["service_number"], 9: record["category"], 10: record["health"],
    }  # fmt: skip
    for column, text in cells.items():
        if text:
            sheet.write_string(at, column, _UKRAINIAN.get(text, text))
    for column, text in ((5, record["birth_date"]), (11, record["captured_on"])):
        if text and len(text) == 10 and number % 4 == 1:
            sheet.write_datetime(at, column, dt.datetime.fromisoformat(text), day)
        elif text:
            sheet.write_string(at, column, _spelled(text, number))
    if number == 5:
        sheet.write_string(at, 5, "31.02.1988")
    if number == 9:
        sheet.write_string(at, 11, "12.05.2091")
    if number == 8:
        sheet.write_formula(at, 5, "=DATE(1990,5,17)", day, 33010)


def _spelled(text: str, number: int) -> str:
    """Write a canonical date in one of the ways people do."""
    if len(text) < 10:
        return _dotted(text)
    date = dt.date.fromisoformat(text)
    spellings = (_dotted(text), text, f"{date.day} {_MONTHS[date.month - 1]} {date.year} р.", f"{date:%d.%m.%Y}")
    return spellings[number % 4]


def _dotted(text: str | None) -> str:
    return ".".join(reversed((text or "").split("-")))
