"""Unofficial translations of a process file's own texts, kept beside it: titles, readings, names of organs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.words import Language

_EXPECTED = "[[text]] with en, uk, ru and tr, all text"
_EXPECTED_OWN = "[[text]] with text or en, and any of en, uk, ru and tr, all text"
_RECORD = "text"


def read_texts(data: bytes, language: Language, *, file: str) -> Mapping[str, str]:
    """Read translations as a table from the record's text to the reader's.

    Parameters
    ----------
    data
        TOML: a list `text` of tables with the keys en, uk, ru, tr; en is the record's own text.
    language
        The reader's.
    file
        As the user named it.

    Raises
    ------
    InputError
        If the file has another form.
    """
    entries = _entries(data, file, _EXPECTED)
    codes = {one.value for one in Language}
    texts: dict[str, str] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or entry.keys() != codes or not all(isinstance(t, str) for t in entry.values()):
            raise InputError(Fault(file, f"text[{number}]", "", "another form", _EXPECTED))
        texts[entry["en"]] = entry[language.value]
    return texts


def read_own_texts(data: bytes, *, file: str) -> Mapping[Language, Mapping[str, str]]:
    """Read a process's own translations for every language; one that lacks a language lacks it.

    Parameters
    ----------
    data
        TOML: a list `text` of tables: `text` is the record's own text (`en` where the record is English), `en`, `uk`,
        `ru` and `tr` what it is called in these languages, as many as there are.
    file
        As the user named it.

    Raises
    ------
    InputError
        With every entry of another form, or whose text of the record stands twice.
    """
    entries, codes = _entries(data, file, _EXPECTED_OWN), {one.value for one in Language}
    texts: dict[Language, dict[str, str]] = {language: {} for language in Language}
    faults, seen = [], set()
    for number, entry in enumerate(entries):
        place = f"text[{number}]"
        if not isinstance(entry, dict) or not entry.keys() <= codes | {_RECORD} or not _all_text(entry):
            faults.append(Fault(file, place, "", "another form", _EXPECTED_OWN))
            continue
        own = str(entry.get(_RECORD, entry.get(Language.EN.value, "")))
        if not own or own in seen:
            faults.append(Fault(file, place, _RECORD, own or "nothing", "each text of the record once"))
        seen.add(own)
        for code in codes & entry.keys():
            texts[Language(code)][own] = entry[code]
    if faults:
        raise InputError(*faults)
    return texts


def _all_text(entry: Mapping[str, object]) -> bool:
    return all(isinstance(text, str) and text.strip() for text in entry.values())


def _entries(data: bytes, file: str, expected: str) -> list[object]:
    try:
        raw = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(Fault(file, "", "", str(error), "TOML in UTF-8")) from error
    entries = raw.get("text")
    if not isinstance(entries, list) or set(raw) != {"text"}:
        raise InputError(Fault(file, "", "text", "something else", f"a list {expected}"))
    return entries
