"""Every sheet in every language: tagged, the same twice, with what must stand on it and nothing else."""

import dataclasses
import functools
import re
import shutil
import subprocess
import tomllib
from importlib.resources import files

import pytest

from goodoffices.domain.assertion import Scope
from goodoffices.domain.errors import RangeError
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.formats.print import act as acts
from goodoffices.formats.print import conditions as condition_sheets
from goodoffices.formats.print import countform, custody, incident, manifest, objection, results, silence, slips
from goodoffices.formats.print.conditions import Confirmation
from goodoffices.formats.print.frame import Frame, Mark, Place, printed
from goodoffices.formats.words import Language, Words
from tests.formats.print import invented
from tests.formats.print.invented import AT, MARK, PLACES, SHEETS

PDFTOPPM, PDFTOTEXT = shutil.which("pdftoppm"), shutil.which("pdftotext")
LANGUAGES = list(Language)
needs_text = pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext (poppler-utils): no printed text was read back")
needs_picture = pytest.mark.skipif(PDFTOPPM is None, reason="no pdftoppm (poppler-utils): no printed code was scanned")


@functools.cache
def pdf_of(name, language):
    return printed([SHEETS[name](language)])


def text_of(pdf, *options):
    done = subprocess.run([PDFTOTEXT, *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\u200b", "")


def flat(text):
    return " ".join(text.split())


def codes_of(pdf, folder, dpi=150):
    import zxingcpp
    from PIL import Image

    paper = folder / "sheet.pdf"
    paper.write_bytes(pdf)
    subprocess.run([PDFTOPPM, "-r", str(dpi), "-png", "-gray", paper, folder / "page"], check=True)
    pages = sorted(folder.glob("page*.png"))
    return [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(page))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_is_tagged_pdf_and_the_same_twice(name, language):
    pdf = pdf_of(name, language)
    assert pdf.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert pdf == printed([SHEETS[name](language)])


def test_every_function_prints_its_own_sheet():
    language = Language.EN
    pairs = [
        (manifest.manifest_pdf, manifest.manifest_sheet, invented.manifest()),
        (slips.slips_pdf, slips.slips_sheet, invented.slips()),
        (slips.labels_pdf, slips.labels_sheet, invented.labels()),
        (condition_sheets.conditions_pdf, condition_sheets.conditions_sheet, invented.conditions()),
        (silence.silence_pdf, silence.silence_sheet, invented.silence()),
        (incident.incident_pdf, incident.incident_sheet, invented.incident()),
        (objection.objection_pdf, objection.objection_sheet, invented.objection()),
        (results.results_pdf, results.results_sheet, invented.results()),
        (countform.count_form_pdf, countform.count_form_sheet, invented.count_form()),
        (custody.custody_pdf, custody.custody_sheet, invented.custody()),
    ]
    for make, lay_out, what in pairs:
        assert make(what, language) == printed([lay_out(what, language)])
    act = invented.act()
    assert acts.act_pdf(act, [language], Role.GIVER) == printed([acts.act_sheet(act, [language], Role.GIVER)])


@needs_text
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_title_number_process_time_and_page_stand_on_every_sheet(name, language):
    sheet, words = SHEETS[name](language), Words("print", language)
    text = flat(text_of(pdf_of(name, language), "-layout"))
    last = len(re.findall(rf"{words('page')} \d+ / ", text))
    assert sheet.name in text
    assert sheet.frame.process in text
    assert sheet.frame.number in text
    assert "19:05 (Istanbul, UTC+3)" in text
    assert last >= 1
    assert all(f"{words('page')} {page} / {last}" in text for page in range(1, last + 1))


@needs_text
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["act", "manifest", "slips", "labels", "count"])
def test_nothing_is_printed_but_what_was_given_and_words_of_the_tables(name, language):
    given = {
        "act": invented.act,
        "manifest": invented.manifest,
        "slips": invented.slips,
        "labels": invented.labels,
        "count": invented.count_form,
    }[name]()
    known = set(re.findall(r"\w+", str(dataclasses.asdict(given)))) | {"Good", "Offices", "SHA", "UTC", "PORT"}
    for part in ("print", "results", "exchange"):
        table = (files("goodoffices.formats") / "words" / f"{part}.toml").read_text(encoding="utf-8")
        entries = tomllib.loads(table).values()
        known |= {word for entry in entries for word in re.findall(r"[^\W_]+", str(entry[language.value]))}
    known |= set(re.findall(r"\w+", Words("print", language).date(AT.date())))
    printed_words = set(re.findall(r"[^\W\d_]{2,}", text_of(pdf_of(name, language))))
    stray = {word for word in printed_words if not any(word in other for other in known)}
    codes = {
        word for form in [invented.count_form()] for page in form.pages for word in re.findall(r"[A-Z]+", page.code)
    }
    assert stray <= codes


@needs_text
@pytest.mark.parametrize("role", list(Role))
def test_three_originals_differ_by_their_mark_alone(role):
    others = [one for one in Role if one is not role]
    texts = {one: text_of(acts.act_pdf(invented.act(), [Language.EN], one), "-layout") for one in Role}
    marks = {one: f"Original {at} of 3: {one.value}" for at, one in enumerate(Role, 1)}
    assert marks[role] in texts[role]
    for other in others:
        assert marks[other] not in texts[role]
        assert flat(texts[role]).replace(marks[role], "") == flat(texts[other]).replace(marks[other], "")


@needs_text
def test_an_act_counts_its_lines_and_says_who_has_not_attested():
    act = dataclasses.replace(invented.act(), attestations=invented.act().attestations[:1])
    text = flat(text_of(acts.act_pdf(act, [Language.EN], Role.GIVER), "-layout"))
    assert re.search(r"60 57 2 1 What each attests", text)
    assert "counted 57" in text
    assert text.count("not yet") == 6  # receiver and neutral: what, how many, when


@needs_text
def test_an_act_without_lines_says_none_not_zero():
    act = dataclasses.replace(invented.act(), lines=(), attestations=())
    text = flat(text_of(acts.act_pdf(act, [Language.EN], Role.GIVER), "-layout"))
    assert "none none none none" in text


@needs_text
def test_a_box_grows_with_what_was_written_and_covers_nothing():
    long = " ".join(f"w{n}" for n in range(900))
    sheet = dataclasses.replace(invented.objection(), reason=long, cure="the end")
    text = flat(text_of(objection.objection_pdf(sheet, Language.EN)))
    assert text.index("w899") < text.index("the end")
    assert all(f"w{n} " in text for n in range(900))


@needs_text
def test_an_act_in_four_languages_has_every_title_and_one_line_per_number():
    text = text_of(pdf_of("act-four", Language.EN), "-layout")
    for language in LANGUAGES:
        assert Words("print", language)("act_title") in text
        assert Words("results", language)(f"scope_{Scope.OBSERVED}") in text
    assert len(re.findall(r"^\s*\d+\s+K7Q2-\d{4}", text, re.MULTILINE)) == 60


@needs_text
def test_a_scope_of_the_neutral_without_a_figure_is_a_word_not_a_zero():
    text = flat(text_of(pdf_of("act", Language.EN), "-layout"))
    assert "observed no figure" in text


@needs_text
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_over_the_four_conditions_says_what_is_true(language):
    words, what = Words("print", language), Words("results", language)
    not_set = condition_sheets.true_of(invented.conditions(), words)
    date = what("accepted_one", condition=what("condition_date"))
    place = what("accepted_one", condition=what("condition_place"))
    assert not_set == words("conditions_not_set", open=f"{date}; {place}")
    assert condition_sheets.true_of(invented.conditions(is_set=True), words) == words("conditions_set")
    assert flat(not_set) in flat(text_of(pdf_of("conditions", language)))


@pytest.mark.parametrize("stance", [Stance.RESERVE, Stance.OBJECT, Stance.ACCEPT_AD_REFERENDUM])
def test_a_reserve_an_objection_or_ad_referendum_is_no_confirmation(stance):
    sheet = invented.conditions(is_set=True)
    said = {**sheet.said, ("Side B", Condition.LIST): Confirmation(stance, "Head of delegation", AT)}
    words = Words("print", Language.EN)
    assert condition_sheets.true_of(dataclasses.replace(sheet, said=said), words).startswith("Not set. List:")


@needs_text
def test_silence_has_not_begun_while_a_receipt_is_awaited():
    waiting = flat(text_of(pdf_of("silence-waiting", Language.EN)))
    running = flat(text_of(pdf_of("silence", Language.EN)))
    assert "Awaited: Side B." in waiting
    assert "stands as adopted unless" not in waiting
    assert "stands as adopted unless a party breaks silence by 21 July 2026, 19:05 (Istanbul, UTC+3)." in running
    assert "(Port B, UTC+3)" in running


@needs_text
def test_results_on_paper_say_none_withheld_and_not_confirmed_in_words():
    text = flat(text_of(pdf_of("results", Language.EN), "-layout"))
    assert "6\u202f057" in text or "6 057" in text
    assert "not computable" in text
    assert "not yet confirmed" in text
    assert "none" in text


@needs_picture
def test_codes_of_act_slips_and_labels_are_scanned_back(tmp_path):
    for name, expected in {
        "act": [MARK.text],
        "slips": [invented.slip_code(n) for n in range(1, 24)],
        "slips-small": [invented.slip_code(n) for n in range(1, 31)],
        "labels": [f"C-{n:04d}\nZX{n:06d}" for n in range(1, 9)],
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        assert sorted(codes_of(printed([SHEETS[name](Language.UK)]), folder)) == sorted(expected)


def test_an_act_of_1200_lines_in_four_languages_prints():
    pdf = acts.act_pdf(invented.act(1200), LANGUAGES, Role.GIVER)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


HOSTILE = [
    '#read("/etc/passwd") #panic("x") $x$ *bold* _it_ `raw` @ref <label> \\ // /* */ = head',
    '"]); #eval("1") #include "x.typ"',
    "left \u202etfel\u202c \u2066x\u2069 \u200b\u00ad\ufeff \x00\x07\x1b[31m",
    "emoji 😀 عربى 漢字 \ud800 \U000e0041",
    "A" * 3000,
    "word " * 600,
    "e\u0301 i\u0306 \r\n two\nlines\ttab",
    "",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printed_as_text(hostile):
    frame = Frame(hostile, hostile, AT, (Place(hostile[:40], "Europe/Istanbul"),))
    sheet = objection.Objection(
        frame,
        hostile,
        hostile,
        (objection.Disputed(hostile[:500], objection.Dispute.OTHER, hostile, hostile),),
        hostile,
    )
    pdf = objection.objection_pdf(sheet, Language.TR)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    if PDFTOTEXT is not None:
        text = text_of(pdf)
        assert not set(text) & set("\u202e\u202c\u2066\u2069\x00\x07\x1b")
        if "#read" in hostile:
            assert '#read("/etc/passwd") #panic("x")' in flat(text)
        if "\u202e" in hostile:
            assert "‹U+202E›tfel‹U+202C›" in text
            assert "‹U+0000›‹U+0007›" in text
        if "emoji" in hostile:
            assert "‹U+1F600›" in text
        if len(hostile) == 3000 and hostile[1] == "A":
            assert re.sub(r"\s", "", text).count("A" * 100) >= 30


@pytest.mark.parametrize("hostile", HOSTILE[:4], ids=range(4))
def test_hostile_parties_of_an_act_are_printed_as_text(hostile):
    act = dataclasses.replace(invented.act(3), parties=dict.fromkeys(Role, hostile), place=hostile, transfer=hostile)
    line = dataclasses.replace(act.lines[0], heading=hostile, code=hostile)
    pdf = acts.act_pdf(dataclasses.replace(act, lines=(line,)), LANGUAGES, Role.NEUTRAL)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


REFUSED = {
    "a time without its zone": lambda: Frame("x", "", AT.replace(tzinfo=None), PLACES),
    "no place": lambda: Frame("x", "", AT, ()),
    "expected a name of the tz database": lambda: Place("x", "Europe/Nowhere"),
    "expected 64 hexadecimal": lambda: Mark("x", "F" * 64),
    "a number twice among the lines of an act": lambda: dataclasses.replace(
        invented.act(2), lines=invented.act(1).lines * 2
    ),
    "expected a giver, a receiver and a neutral": lambda: dataclasses.replace(invented.act(2), parties={}),
    "expected one to four": lambda: acts.act_sheet(invented.act(2), [], Role.GIVER),
    "a number twice among the lines of a manifest": lambda: dataclasses.replace(
        invented.manifest(1), lines=invented.manifest(1).lines * 2
    ),
    "9 slips a page": lambda: invented.slips(2, 9),
    "5 labels a page": lambda: invented.labels(2, 5),
    "code to count: 3 letters": lambda: countform.CountLine(1, "К7Q"),
    "expected at most 400": lambda: Mark("x" * 330, MARK.sha256),
    "code of a slip: 25 letters": lambda: slips.Slip(1, "x" * 25, 1),
    "number of a seal: 41 letters": lambda: slips.Label(1, "x", "9" * 41),
    "two different ones": lambda: dataclasses.replace(invented.conditions(), sides=("A", "A")),
    "Side B says something": lambda: dataclasses.replace(invented.conditions(), sides=("Side A", "C")),
    "silence that ends before it begins": lambda: dataclasses.replace(invented.silence(), ends=AT),
    "form 0": lambda: dataclasses.replace(invented.incident(), serial=0),
    "41 blank lines": lambda: dataclasses.replace(invented.custody(), blank=41),
    "-1 blank lines": lambda: dataclasses.replace(invented.objection(), blank=-1),
    "out of order": lambda: dataclasses.replace(invented.custody(), lines=invented.custody().lines[::-1]),
    "expected at most 20000": lambda: printed(
        [dataclasses.replace(SHEETS["incident"](Language.EN), title="x" * 20_001)]
    ),
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_cannot_be_printed_truly_is_refused(told):
    with pytest.raises(RangeError, match=re.escape(told)):
        REFUSED[told]()
