"""Whatever the desk refuses, it says in the reader's language: no phrase of a fault lacks words, none is left over."""

import re

import pytest

from goodoffices.domain.errors import Fault
from goodoffices.formats.faults import PART, _compiled, _phrases, line_of, tell, tell_fault
from goodoffices.formats.words import Language, Words, _table
from tests.architecture.faultlines import SLOT, phrases, raising

PACKAGES = [f"goodoffices.{name}" for name in ("desk", "flow", "engines", "formats", "store", "domain")]
# What no page can meet: commands, files that only commands read, the log's own integrity (the operator's commands tell
# it), and arguments that the code alone chooses.
OF_COMMANDS = tuple(
    f"goodoffices.{name}"
    for name in (
        "desk.demo", "desk.founding", "desk.keeping.backup", "desk.keeping.rotation", "desk.keys", "desk.ledger.demo",
        "desk.remains.demo",
        "engines.kinship.conclusions", "engines.ledger", "engines.linkage.blind", "engines.linkage.encode",
        "flow.weigh",
        "formats.assertions", "formats.cases", "formats.codes", "formats.conclusions", "formats.fields",
        "formats.frequencies", "formats.pack", "formats.pairs", "formats.plans", "formats.process", "formats.sheet",
        "formats.text_docx", "formats.texts", "formats.visits_view",
        "formats.print.act", "formats.print.conditions", "formats.print.countform", "formats.print.custody",
        "formats.print.frame", "formats.print.incident", "formats.print.letters", "formats.print.manifest",
        "formats.print.objection", "formats.print.silence", "formats.print.slips",
        "store.agent", "store.asks", "store.heads", "store.keys", "store.publish", "store.scanner", "store.seen",
        "store.sequencer", "store.spark", "store.tiles", "store.vault", "store.wipe", "store.write",
    )
)  # fmt: skip
# Rooms with keys in place of phrases; their own tables have the words.
KEYED = {"goodoffices.desk.remains": "desk_remains", "goodoffices.desk.ledger": "desk_ledger"}
_NAMES = re.compile(r"[\w.@\[\]!/-]*|[^A-Za-z]*")  # keys and paths of a file's contract stand as the file has them


@pytest.fixture(scope="module")
def raised():
    return phrases(raising(*PACKAGES))


def sample(text):
    return text.replace(SLOT, "7")


def is_keyed(phrase):
    part = next((table for room, table in KEYED.items() if phrase.module.startswith(room)), "")
    words = part and Words(part, Language.EN)
    return bool(words) and any(words.has(f"{kind}_{phrase.text}") for kind in ("expected", "refused"))


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.EN])
def test_every_phrase_that_a_page_can_refuse_with_has_words(raised, language):
    left = {
        f"{phrase.module}:{phrase.line} {phrase.part}: {phrase.text}"
        for phrase in raised
        if phrase.part not in {"file", "field"} and not phrase.module.startswith(OF_COMMANDS)
        if not _NAMES.fullmatch(phrase.text.replace(SLOT, "")) and not is_keyed(phrase)
        if (told := tell(sample(phrase.text), language)).text == sample(phrase.text) or told.language is not language
    }
    assert left == set(), "give their words in formats/words/faults.toml"
    assert len(raised) > 1_000  # the reader of the source still finds them


def test_no_phrase_of_the_table_is_left_over(raised):
    texts = {sample(phrase.text) for phrase in raised}
    fits = {phrase.key for phrase in _phrases() if any(_compiled(phrase.pattern).fullmatch(text) for text in texts)}
    assert {phrase.key for phrase in _phrases()} - fits == set()


def test_a_translation_fills_no_slot_that_english_has_not():
    slots = re.compile(r"(?<!\{)\{([a-z_0-9]+)\}")
    odd = [
        f"{key} ({language})"
        for key, entry in _table(PART).items()
        for language in ("uk", "ru", "tr")
        if not set(slots.findall(entry[language])) <= set(slots.findall(entry["en"]))
        or set(slots.findall(entry["en"])) - set(slots.findall(entry[language])) - {"detail"}
    ]
    assert odd == []


def test_codes_inside_a_phrase_are_told_and_names_are_not():
    told = tell("transfer drafted: found event meet, expected confirm_condition, stage_alone, abort", Language.RU)
    assert told == (
        (
            "передача, состояние: составлен черновик. Сейчас невозможно: отметить встречу. "
            "Возможно: подтвердить условие, выставить в одностороннем порядке, отменить передачу"
        ),
        Language.RU,
    )
    assert tell("the list of held is not the one that was sealed", Language.TR).text.startswith("held ")


def test_what_somebody_wrote_is_not_translated_and_what_has_no_words_says_so():
    said = tell_fault(Fault("items", "line 3", "items", "KOVALENKO 17", "each number once"), Language.UK)
    assert line_of(said, Language.UK) == (
        "перелік відправлення, рядок 3, перелік відправлення. Знайдено: KOVALENKO 17. Має бути: кожен номер один раз"
    )
    assert tell("something that no table has", Language.UK) == ("something that no table has", Language.EN)
