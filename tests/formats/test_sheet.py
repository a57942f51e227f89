"""No table we write is run as a formula by the spreadsheet that opens it."""

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from goodoffices.domain.errors import RangeError
from goodoffices.formats.sheet import Rows, comma_separated, workbook

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1", "=HYPERLINK(0)", "{=1}", "http://x"]


def cells(data, sheet=0):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python()


def test_every_dangerous_text_is_a_text_cell():
    data = workbook({"A": Rows(["what"], [[text] for text in DANGEROUS])})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert b"<f" not in data


@pytest.mark.parametrize("text", DANGEROUS[:8])
def test_a_comma_separated_cell_never_begins_with_a_formula_sign(text):
    line = comma_separated(Rows(["what"], [[text]])).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.startswith("\"'")


def test_numbers_stay_numbers_and_the_rest_is_text():
    data = workbook({"A": Rows(["a", "b", "c", "d", "e"], [[3, 2.5, dt.date(2025, 6, 2), True, None]])})
    assert cells(data)[1] == [3.0, 2.5, "2025-06-02", "yes", ""]


def test_names_of_sheets_are_made_fit_and_unique():
    data = workbook({"a/b": Rows(["x"], []), "A B": Rows(["x"], []), "n" * 40: Rows(["x"], [])})
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["a b", "A B (2)", "n" * 31]


def test_equal_tables_are_equal_bytes():
    table = {"A": Rows(["x"], [["y"], [1]])}
    assert workbook(table) == workbook(table)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=2, max_size=2))
)
def test_any_text_comes_back_from_the_workbook(rows):
    data = workbook({"A": Rows(["left", "right"], rows)})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    back = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True, max_col=2)]
    rows = list(rows)
    while rows and not any(rows[-1]):
        rows.pop()
    assert back[1 : len(rows) + 1] == rows


def test_a_row_of_another_length_is_refused():
    with pytest.raises(RangeError, match="row 2: found 1 cells, expected 2"):
        workbook({"A": Rows(["x", "y"], [["z"]])})
    with pytest.raises(RangeError, match="row 2: found 1 cells, expected 2"):
        comma_separated(Rows(["x", "y"], [["z"]]))


def test_what_no_sheet_can_hold_is_refused():
    with pytest.raises(RangeError, match="32768 letters"):
        workbook({"A": Rows(["x"], [["z" * 32_768]])})
    with pytest.raises(RangeError, match="no sheet"):
        workbook({})
    with pytest.raises(RangeError, match="16385 columns"):
        workbook({"A": Rows(["x"] * 16_385, [])})
