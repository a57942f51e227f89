"""Every kind of entry that the code can write has a word of its own in four languages."""

import ast
import re
from pathlib import Path

import pytest

from goodoffices.engines.ledger.entry import KINDS
from goodoffices.engines.talks.states import TABLES, Noun
from goodoffices.formats.words import Language, Words

SOURCES = Path(__file__).parents[2] / "src" / "goodoffices"
# Kinds that are put together at run time: the beginning of their name, and every end that the tables of states allow.
MADE = {
    "forum_": [event for events in TABLES[Noun.FORUM].values() for event in events],
    "sitting_": [event for events in TABLES[Noun.SITTING].values() for event in events],
    "ceasefire_": ["agree", "assure", "window_agreed", "assured", "extended"],
}
WRITERS = {"statement_record", "_note", "note", "_record", "_tell", "send", "assertion_keep"}
SUBJECTS = {"container", "item"}  # a variable `kind` of the chain of custody names what is moved, not the entry
_KIND = re.compile(r"[a-z][a-z0-9_]+")


def strings(node):
    """Give the texts that an expression may be: of a choice both."""
    if isinstance(node, ast.IfExp):
        return strings(node.body) + strings(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return [node.values[0].value + end for end in MADE.get(node.values[0].value, ())]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def written(tree):
    """Give the kinds that a module writes: named in the call, as its first word, or in a variable `kind`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in WRITERS:
                given = [word.value for word in node.keywords if word.arg == "kind"] or node.args[:2]
                yield from (text for value in given for text in strings(value))
        elif isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "kind" for target in node.targets):
            yield from strings(node.value)


def kinds():
    """Give every kind that some module of the desk writes into the record."""
    found = set(KINDS)
    for path in sorted((SOURCES / "desk").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "statement_record" in text or "act.send" in text or "moving import" in text or "_note(" in text:
            found |= {kind for kind in written(ast.parse(text)) if _KIND.fullmatch(kind)}
    return sorted(found - SUBJECTS)


def test_the_code_is_read_for_its_kinds():
    found = set(kinds())
    assert {
        "text_signed",
        "forum_proposed",
        "sitting_open",
        "lottery_commit",
        "manifest",
        "mandate",
        "erasure",
    } <= found
    assert len(found) > 60


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_entry_has_a_word_in_four_languages(kind):
    for language in Language:
        assert Words("ledger", language).has(f"kind_{kind}"), f"kind_{kind} is missing in words/ledger.toml"


@pytest.mark.parametrize("noun", Noun)
def test_every_state_that_an_entry_can_name_has_words(noun):
    words = Words("ledger", Language.UK)
    missing = {state for state in TABLES[noun] if not words.has(f"value_{state}") and not words.has(f"kind_{state}")}
    assert missing == set()
