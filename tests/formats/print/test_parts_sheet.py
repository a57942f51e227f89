"""Signed statements on paper: every code of the printed pages is scanned, and the file is there again."""

import pytest

from goodoffices.domain.process import Role
from goodoffices.formats.parts import gather
from goodoffices.formats.print.frame import printed
from goodoffices.formats.print.parts import Parts, parts_pdf, parts_sheet
from goodoffices.formats.words import Language
from tests.formats.print.invented import frame
from tests.formats.print.test_sheets import codes_of, needs_picture
from tests.formats.test_parts import statements


def parts(size=120):
    return Parts(frame("T-1"), Role.GIVER, statements(size))


@pytest.mark.parametrize("language", list(Language))
def test_the_sheet_is_tagged_and_the_same_twice(language):
    pdf = parts_pdf(parts(), language)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert pdf == printed([parts_sheet(parts(), language)])


@needs_picture
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_codes_of_the_printed_pages_give_the_file_back(tmp_path, dpi):
    made = parts()
    scanned = codes_of(parts_pdf(made, Language.EN), tmp_path, dpi=dpi)
    assert len(scanned) == 3
    assert gather("\n".join(reversed(scanned)))[0].data == made.data


@needs_picture
@pytest.mark.slow
def test_the_codes_of_1200_numbers_are_scanned_from_four_pages(tmp_path):
    made = parts(1200)
    scanned = codes_of(parts_pdf(made, Language.EN), tmp_path)
    assert len(scanned) == 22
    assert gather("".join(scanned))[0].data == made.data
