"""What a sheet looks like, as far as a machine can tell: nothing outside the page, a heading in every language."""

import dataclasses
import re
import shutil
import subprocess

import pytest

from goodoffices.domain.process import Role
from goodoffices.formats.print.act import ActLine, Counted, act_pdf, act_sheet
from goodoffices.formats.print.frame import Frame, Place, clock, printed
from goodoffices.formats.print.manifest import heading_in
from goodoffices.formats.print.slips import Label, labels_sheet
from goodoffices.formats.words import Language, Words
from tests.formats.print import invented
from tests.formats.print.invented import AT, SHEETS

PDFTOTEXT = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext (poppler-utils): no printed text was read back")
LONG = "Talks on the exchange of prisoners and the repatriation of the dead, held by a third state, second series"


def words_of(pdf):
    """Every word with its box, and the size of its page."""
    done = subprocess.run([PDFTOTEXT, "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    for page in done.stdout.decode().split("<page ")[1:]:
        width, height = (float(one) for one in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        for box, word in re.findall(r'<word ((?:\w+="[-\d.]+" ?)+)>(.*?)</word>', page):
            left, top, right, bottom = (float(one) for one in re.findall(r'"([-\d.]+)"', box))
            yield word, (left, top, right, bottom), (width, height)


def text_of(pdf):
    done = subprocess.run([PDFTOTEXT, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u200b", "").split())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SHEETS)
def test_no_word_of_any_sheet_stands_outside_the_page_or_across_its_edge(name, language):
    sheet = SHEETS[name](language)
    long = dataclasses.replace(sheet, frame=dataclasses.replace(sheet.frame, process=LONG, number="T-2026-000012/12"))
    found = list(words_of(printed([long])))
    assert len(found) > 20
    for word, (left, top, right, bottom), (width, height) in found:
        assert 14 <= left < right <= width - 14, word
        assert 14 <= top < bottom <= height - 14, word


def test_an_act_in_several_languages_has_its_title_and_its_heading_in_each():
    act = invented.act()
    text = text_of(act_pdf(act, list(Language), Role.GIVER))
    for language in Language:
        assert Words("print", language)("act_title") in text
        assert heading_in("civilian", Words("exchange", language)) in text


def test_a_heading_that_no_plan_knows_is_said_in_every_language_it_is_given_in():
    line = ActLine(1, "K7Q2-0001", Counted.COUNTED, heading="prisoner_of_war")
    headings = {"prisoner_of_war": {"en": "prisoners of war", "tr": "savaş esirleri"}}
    act = dataclasses.replace(invented.act(), lines=(line,), headings=headings)
    text = text_of(act_pdf(act, [Language.TR, Language.EN], Role.GIVER))
    assert "savaş esirleri · prisoners of war" in text
    assert "prisoner_of_war" not in text
    assert Words("print", Language.EN)("no_heading") not in text


def test_a_count_that_has_not_been_says_not_yet_and_no_hour():
    act = dataclasses.replace(invented.act(), began=None, ended=None, attestations=())
    text = text_of(printed([act_sheet(act, [Language.EN], Role.GIVER)]))
    assert "Count began not yet" in text
    assert "Count ended not yet" in text


def test_the_header_of_a_sheet_to_be_cut_keeps_its_title_whatever_the_process_is_called():
    labels = invented.labels()
    sheet = labels_sheet(
        dataclasses.replace(labels, frame=dataclasses.replace(labels.frame, process=LONG)), Language.UK
    )
    top = [word for word, (_, above, *_), _ in words_of(printed([sheet])) if above < 57]
    assert " ".join(top).startswith("Good Offices Talks on the exchange")
    assert sheet.name in " ".join(top)


def test_a_label_without_a_seal_has_a_line_to_write_it_on():
    labels = dataclasses.replace(invented.labels(1), labels=(Label(1, "C-0001"),))
    text = text_of(printed([labels_sheet(labels, Language.EN)]))
    assert "Seal" in text
    assert " - " not in text.replace("\n", " ")


def test_a_clock_at_utc_is_not_said_twice():
    words = Words("print", Language.EN)
    assert clock(AT, Place("UTC", "UTC"), words).endswith("16:05 (UTC)")
    assert clock(AT, Place("Istanbul", "Europe/Istanbul"), words).endswith("19:05 (Istanbul,\N{NO-BREAK SPACE}UTC+3)")


def test_a_frame_without_a_time_needs_no_clock_and_prints_the_same_twice():
    sheet = dataclasses.replace(SHEETS["manifest"](Language.EN), frame=Frame("A record", "1", None, ()))
    assert printed([sheet]) == printed([sheet])
    assert "Printed" not in text_of(printed([sheet]))
